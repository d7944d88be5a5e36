"""Making a plain Word document of an act's text."""

from __future__ import annotations

import io
from collections.abc import Iterable

import docx


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
