"""The package list as a Word document, for offices that put it into papers of their own. The sealed one is the PDF."""

import io
from typing import Any

import docx
from django.conf import settings
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm

from apps.core import dates
from apps.documents.canonical import parse_moment
from apps.documents.models import GeneratedDocument
from apps.legal_text.docx_write import office_page

from .documents import package_said

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WIDTHS = (Cm(4.2), Cm(5.8), Cm(3.8), Cm(2.7))


def write(listed: GeneratedDocument) -> bytes:
    """Both languages, the Kyrgyz part first, as the PDF has them. `listed` is a package list that was issued."""
    said = package_said(listed.canonical_json or "")
    document = docx.Document()
    office_page(document)
    document.core_properties.title, document.core_properties.author = str(listed.number), ""
    for code in ("ky", "ru"):
        with override(code):
            if code == "ru":
                document.add_page_break()
            _part(document, said, str(listed.number), code)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _part(document: Any, said: dict[str, Any], number: str, code: str) -> None:
    bill = said["bill"]
    document.add_heading(f"{_('Package list')} № {number}", level=1)
    document.add_paragraph(f"«{bill[f'title_{code}']}», № {bill['number']}")
    _fact(document, _("Initiator"), bill[f"initiator_{code}"])
    _fact(document, _("Frozen"), dates.datetime_words(parse_moment(said["issued_at"]), seconds=True))
    address = settings.SITE_URL + reverse("verify_number", args=[number])
    _fact(document, _("This copy carries no seal. The sealed list"), address)
    document.add_heading(_("Acts of the package"), level=2)
    _act(document, _("Bill"), bill, code)
    for act in said["bylaws"]:
        _act(document, _("Draft of a bylaw"), act, code)
    document.add_heading(_("Reference norms of the bill and the drafts that fulfil them"), level=2)
    if said["norms"]:
        _norms(document, said["norms"], code)
    else:
        document.add_paragraph(_("The bill has no confirmed reference norm."))


def _act(document: Any, role: str, act: dict[str, Any], code: str) -> None:
    document.add_heading(f"{role}, № {act['number']}", level=3)
    document.add_paragraph(f"«{act[f'title_{code}']}»")
    _fact(document, _("Kind of act"), str(act["kind"]))
    _fact(document, _("Version"), str(act["version"]))
    _fact(document, _("Hash of the text, SHA-256"), act["text_hash"])
    for paper in act["papers"]:
        closed = _("closed to the public for a term")
        words = f"{paper['title']} {paper['sha256'] or closed}"
        _fact(document, capfirst(str(paper["paper"])), words.strip())


def _fact(document: Any, name: str, words: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.add_run(f"{name}: ").bold = True
    paragraph.add_run(words)


def _norms(document: Any, norms: list[dict[str, Any]], code: str) -> None:
    other = "ru" if code == "ky" else "ky"
    grid = document.add_table(rows=1, cols=len(_WIDTHS), style="Table Grid")
    grid.autofit = False
    heads = (_("Provision"), _("Words"), _("Expected body"), _("Draft of the bylaw"))
    for cell, head in zip(grid.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(head).bold = True
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    grid.rows[0]._tr.get_or_add_trPr().append(repeated)
    for norm in norms:
        cells = (
            f"{norm['number']}. {norm[f'place_{code}']}",
            norm[f"phrase_{code}"] or norm[f"phrase_{other}"],
            norm[f"body_{code}"],
            f"№ {norm['bylaw']}" if norm["bylaw"] else pgettext("bylaw draft", "missing"),
        )
        for cell, words in zip(grid.add_row().cells, cells, strict=True):
            cell.text = words
    for row in grid.rows:
        for cell, width in zip(row.cells, _WIDTHS, strict=True):
            cell.width = width
