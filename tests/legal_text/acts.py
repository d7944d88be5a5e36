"""The real acts the tests read, and how to make Word documents of them, honest and hostile."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
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


ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_NAMES = " ".join(
    f'xmlns:{short}="{ODF}{name}:1.0"'
    for short, name in (
        ("office", "office"),
        ("text", "text"),
        ("style", "style"),
        ("table", "table"),
        ("draw", "drawing"),
        ("script", "script"),
    )
)
_NAMES += ' xmlns:xlink="http://www.w3.org/1999/xlink"'


def odt_body(body: str, styles: str = "", added: dict[str, bytes] | None = None) -> bytes:
    """An ODT whose body, and automatic styles, are the given OpenDocument markup."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMES}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    parts = {"content.xml": content.encode(), "META-INF/manifest.xml": b"<manifest/>", **(added or {})}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "mimetype", "application/vnd.oasis.opendocument.text", compress_type=zipfile.ZIP_STORED
        )
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


RAISED = (
    '<style:style style:name="up" style:family="text"><style:text-properties style:text-position="super 58%"/>'
    "</style:style>"
)


def odt_of(lines: Iterable[str]) -> bytes:
    """An ODT of plain paragraphs; raised digits as a text editor writes them."""
    return odt_body("".join(f"<text:p>{_odt_words(line)}</text:p>" for line in lines), RAISED)


def _odt_words(line: str) -> str:
    words = escape(line).replace("\t", "<text:tab/>")
    return re.sub(
        f"[{_RAISED}]+", lambda m: f'<text:span text:style-name="up">{_lowered(m)}</text:span>', words
    )


_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"


def _lowered(match: re.Match[str]) -> str:
    return match.group().translate(str.maketrans(_RAISED, "0123456789"))


_PAGES = """
@page {{ size: A4; margin: 20mm 15mm 20mm 30mm;
  @top-left {{ content: none }} @top-right {{ content: none }} @bottom-left {{ content: none }} @bottom-right {{ content: none }}
  @top-center {{ content: {head}; font: 8pt 'PT Sans'; width: 100% }}
  @bottom-center {{ content: counter(page); font: 9pt 'PT Sans' }} }}
@page :first {{ margin-top: 20mm }}
p {{ margin: 0; {style} }}
"""


def pdf_of(lines: Iterable[str], style: str, *, lang: str = "ru", head: str = "") -> bytes:
    """A PDF as a text editor would print these paragraphs: raised digits, a running head, numbers of pages."""
    from apps.documents import rendering

    body = "".join(f"<p>{_pdf_words(line)}</p>" for line in lines if line.strip())
    pages = _PAGES.format(head=f"'{head}'" if head else "none", style=style)
    return rendering.render_pdf(
        f"<html lang={lang}><head><title>x</title><style>{pages}</style></head><body>{body}</body></html>",
        metadata=rendering.PdfMetadata("x", datetime(2026, 3, 2, tzinfo=UTC)),
    )


def _pdf_words(line: str) -> str:
    return re.sub(f"[{_RAISED}]+", lambda m: f"<sup>{_lowered(m)}</sup>", escape(line))
