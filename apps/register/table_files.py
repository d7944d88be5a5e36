"""The comparison table as a file: PDF, DOCX, XLSX. A working paper, without number or seal."""

import io
import re
from datetime import datetime

import docx
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from apps.core import dates
from apps.documents import rendering

from .selectors.table import ComparisonTable, TableRow

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_LONGEST_CELL = 32_000  # a spreadsheet's cell holds 32,767 characters
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_WIDTHS = (6, 26, 52, 52, 44, 44)


def write(kind: str, table: ComparisonTable, title: str, *, at: datetime) -> bytes:
    """The bytes of the file; `kind` is a key of MEDIA_TYPES. Words of the table in the language of the page."""
    return {"pdf": _pdf, "docx": _docx, "xlsx": _xlsx}[kind](table, title, at)


def _heads(table: ComparisonTable) -> list[str]:
    return [
        _("No."),
        _("Provision"),
        table.old,
        table.new,
        _("Wording of the association"),
        _("Position of the state body"),
    ]


def _cells(row: TableRow) -> list[str]:
    """Plain text of a row. What is proposed and why nothing is, are one cell, as on the page."""
    wanted = [f"{said.association}, № {said.number}: {said.wording}" for said in row.said]
    answered = [
        f"{said.association}, № {said.number}: {said.outcome_word}. {said.position}".strip()
        for said in row.said
        if said.outcome
    ]
    proposed = "\n".join(filter(None, (row.proposed, f"[{row.note}]" if row.note else "")))
    cells = [str(row.number), row.provision, row.current, proposed, "\n".join(wanted), "\n".join(answered)]
    return [_UNSEEN.sub("", cell) for cell in cells]


def _xlsx(table: ComparisonTable, title: str, at: datetime) -> bytes:
    book = Workbook()
    book.properties.creator, book.properties.title = "", title[:250]
    sheet = book.active
    assert sheet is not None
    sheet.title = _("Comparison table")[:31]
    for at_row, cells in enumerate([_heads(table), *(_cells(row) for row in table.rows)], 1):
        for column, words in enumerate(cells, 1):
            cell = sheet.cell(row=at_row, column=column)
            cell.value = words if len(words) <= _LONGEST_CELL else f"{words[:_LONGEST_CELL]}…"
            cell.data_type = "s"  # never a formula, whatever it begins with
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=at_row == 1)
    for letter, width in zip("ABCDEF", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _docx(table: ComparisonTable, title: str, at: datetime) -> bytes:
    document = docx.Document()
    document.core_properties.title, document.core_properties.author = title[:250], ""
    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = page.page_height, page.page_width
    document.add_heading(_("Comparison table"), level=1)
    document.add_paragraph(_UNSEEN.sub("", title))
    document.add_paragraph(dates.date_words(at))
    grid = document.add_table(rows=1, cols=6)
    grid.style = "Table Grid"
    for cell, head in zip(grid.rows[0].cells, _heads(table), strict=True):
        cell.paragraphs[0].add_run(head).bold = True
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    grid.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in table.rows:
        for cell, words in zip(grid.add_row().cells, _cells(row), strict=True):
            cell.text = words
    width = (page.page_width or 0) - (page.left_margin or 0) - (page.right_margin or 0)
    for line in grid.rows:
        for cell, share in zip(line.cells, _WIDTHS, strict=True):
            cell.width = Emu(width * share // sum(_WIDTHS))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _pdf(table: ComparisonTable, title: str, at: datetime) -> bytes:
    context = {
        "table": table,
        "title": title,
        "at": at,
        "heads": _heads(table),
        "rows": [_cells(r) for r in table.rows],
        "here": dates.language(),
    }
    html = render_to_string("documents/comparison_table.html", context)
    return rendering.render_pdf(
        html, metadata=rendering.PdfMetadata(f"{_('Comparison table')}. {title}"[:250], at)
    )
