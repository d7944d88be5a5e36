"""Making plain Word documents."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

_FONT = "Times New Roman"


def write_docx(title: str, paragraphs: Iterable[str]) -> bytes:
    """A DOCX with `title` as its first line (none when empty) and a paragraph for each string, blank ones included."""
    document = docx.Document()
    document.core_properties.title = title[:250]
    document.core_properties.author = ""
    if title:
        document.add_paragraph().add_run(title).bold = True
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def office_page(document: Any) -> None:
    """A4 with the margins of office work, black headings, one typeface whatever the theme of the reader's Word."""
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin, section.right_margin = Cm(3), Cm(1.5)
        section.top_margin = section.bottom_margin = Cm(2)
    for name, size, bold in (("Normal", 12, False), *((f"Heading {n}", 12, True) for n in (1, 2, 3))):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.bold = _FONT, Pt(size), bold
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for which in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{which}"), None)
        for which in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{which}"), _FONT)
        style.paragraph_format.space_before = Pt(12 if bold else 0)
        style.paragraph_format.space_after = Pt(6)
