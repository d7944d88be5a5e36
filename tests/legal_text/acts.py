"""The real acts the tests read, and how to make Word documents of them, honest and hostile."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

from apps.legal_text import docx_write
from apps.legal_text.provisions import Provision, ReadAct

ACTS = Path(__file__).resolve().parents[1] / "data" / "acts"
BUDGET_CODE = "01_ru_byudzhetnyi_kodeks_2016-59_red2025-04-29.txt"
WATER_CODE = "06_ru_vodnyi_kodeks_2005-8_red2021.txt"
KY_AMENDING_LAW = "07_ky_myizam_2018-02-15_N21_zhob_ozgortuu.txt"
KY_RESOLUTION = "09_ky_toktom_okmot_2019-02-25_N87.txt"
KY_RESOLUTION_CABINET = "10_ky_toktom_km_2021-12-17_N315_FRAGMENT.txt"
ALL = (BUDGET_CODE, WATER_CODE, KY_AMENDING_LAW, KY_RESOLUTION, KY_RESOLUTION_CABINET)

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def text(name: str) -> str:
    return (ACTS / name).read_text(encoding="utf-8")


def by_eid(act: ReadAct) -> dict[str, Provision]:
    return {provision.eid: provision for provision in act.provisions}


def of_kind(act: ReadAct, kind: str) -> list[Provision]:
    return [provision for provision in act.provisions if provision.kind == kind]


def joined(act: ReadAct) -> str:
    """All labels, headings and texts in order, without white space."""
    parts = (part or "" for p in act.provisions for part in (p.label, p.heading, p.text))
    return squeezed("".join(parts))


def squeezed(value: str) -> str:
    return re.sub(r"\s+", "", value)


def docx_of(lines: Iterable[str]) -> bytes:
    return docx_write.write_docx("", lines)


def docx_with(replaced: dict[str, bytes] | None = None, added: dict[str, bytes] | None = None) -> bytes:
    """A small honest DOCX with parts exchanged or added."""
    source = zipfile.ZipFile(io.BytesIO(docx_of(["1-берене. Аталышы", "Текст."])))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            archive.writestr(name, (replaced or {}).get(name, source.read(name)))
        for name, content in (added or {}).items():
            archive.writestr(name, content)
    return target.getvalue()


def docx_body(body: str, numbering: str = "") -> bytes:
    """A DOCX whose body, and lists, are the given WordprocessingML."""
    document = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    lists = f'<w:numbering xmlns:w="{W}">{numbering}</w:numbering>'
    return docx_with({"word/document.xml": document.encode(), "word/numbering.xml": lists.encode()})


def paragraph(runs: str, properties: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{runs}</w:p>"


def run(value: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{value}</w:t></w:r>'
