"""A read act as a Word document that a person can go on with, and that reads back as the same provisions.

Headings carry Word's heading styles, rows of tables are tables again; numbers are printed, not made by lists, so that
nobody's numbering changes by pasting.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH

from apps.legal_text import labels
from apps.legal_text.docx_write import office_page
from apps.legal_text.provisions import Provision, ReadAct

Look = Literal["text", "centred", "right", "heading 1", "heading 2", "heading 3"]
_HEADINGS: dict[str, Look] = {
    "part": "heading 1",
    "section": "heading 1",
    "chapter": "heading 2",
    "article": "heading 3",
}


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or the cells of a row of a table."""

    words: tuple[str, ...]
    look: Look = "text"
    row: bool = False


def export(act: ReadAct) -> bytes:
    """The act as DOCX."""
    document = docx.Document()
    _prepare(document, act)
    table: Any = None
    for block in blocks(act):
        if not block.row:
            table = None
            _add_paragraph(document, block)
            continue
        if table is None or len(table.columns) != len(block.words):
            table = document.add_table(rows=0, cols=len(block.words), style="Table Grid")
        for cell, words in zip(table.add_row().cells, block.words, strict=True):
            cell.text = words
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def blocks(act: ReadAct) -> Iterator[Block]:
    """What stands on the pages, in order."""
    mark = ""  # of a quotation that opens before the unit that comes next
    before: Provision | None = None
    for provision, following in zip(act.provisions, (*act.provisions[1:], None), strict=False):
        if before is not None and _needs_a_gap(before, provision):
            yield Block(("",))
        before = provision
        if provision.kind == "quoted" and provision.label and not provision.text:
            mark = provision.label
            continue
        for block in _of(provision, following):
            yield Block((mark + block.words[0], *block.words[1:]), block.look, block.row) if mark else block
            mark = ""
    if mark:
        yield Block((mark,))


def _needs_a_gap(before: Provision, provision: Provision) -> bool:
    """Whether a paragraph of the preamble would be taken for the rest of the sentence above it (`front.read`)."""
    if provision.kind != "indent" or provision.parent is None or not provision.parent.startswith("preamble"):
        return False
    return before.text is not None and not before.text.endswith((".", ";", ":", "!", "?"))


def _of(provision: Provision, following: Provision | None) -> Iterator[Block]:
    if provision.kind in _HEADINGS:
        yield from _heading(provision, _goes_on(provision, following))
    elif provision.kind == "preamble":
        yield from _lines(provision.heading, "centred")
        yield from _lines(provision.text, "text")
    elif provision.kind == "annex":
        yield from _annex(provision)
    elif provision.kind == "indent":
        yield from _paragraph(provision.text)
    elif provision.label:
        words = " ".join(part for part in (provision.label, provision.heading, provision.text) if part)
        yield from _lines(words, "text")
    else:
        yield from _lines(provision.heading, "text")
        yield from _lines(provision.text, "text")


def _lines(words: str | None, look: Look) -> Iterator[Block]:
    for line in (words or "").split("\n"):
        if line:
            yield Block((line,), look)


def _paragraph(words: str | None) -> Iterator[Block]:
    """A row of a table is one again where its first cell would be taken for a number."""
    if words and "\t" in words and labels.read(words):
        yield Block(tuple(words.split("\t")), row=True)
    else:
        yield from _lines(words, "text")


def _goes_on(provision: Provision, following: Provision | None) -> bool:
    """Whether lines of the same article or container, in the same quotation or annex, come next."""
    if following is None or following.kind in (*_HEADINGS, "annex", "signature", "closing"):
        return False
    if following.kind == "note" and not following.label:
        return False
    around = re.match(r"(?:.*__)?(?:qstr|att)_[^_]+", provision.eid)
    return around is None or following.eid.startswith(f"{around.group()}__")


def _heading(provision: Provision, goes_on: bool) -> Iterator[Block]:
    """A dot after the number says that the title follows on the same line; without one it stands below."""
    look = _HEADINGS[provision.kind]
    label, heading, text = provision.label or "", provision.heading or "", provision.text or ""
    if label and heading and not label.endswith("."):
        yield Block((label,), look)
        label = ""
    if label and not heading and text and _stands_beside(text, goes_on):
        yield Block((f"{label} {text}",))
        return
    yield from _lines(f"{label} {heading}".strip(), look)
    yield from _paragraph(text)


def _stands_beside(text: str, goes_on: bool) -> bool:
    """On a line of its own under «Статья 5.» these words would be taken for its title, or for a unit or a mark."""
    if text.startswith("(") or labels.read(text) is not None:
        return True
    return goes_on and text[0].isupper() and text[-1] not in ".:;,"


def _annex(provision: Provision) -> Iterator[Block]:
    yield Block(("",))
    yield from _lines(provision.label, "right")
    *above, last = (provision.heading or "").split("\n")
    for line in above:
        yield Block((line,), "centred")
    if last:
        yield Block((last,), "heading 1")
    yield from _paragraph(provision.text)


# Word


def _prepare(document: Any, act: ReadAct) -> None:
    document.core_properties.title = " ".join((act.title or "").split())[:250]
    document.core_properties.author = ""
    document.core_properties.language = act.language or ""
    office_page(document)


def _add_paragraph(document: Any, block: Block) -> None:
    style = f"Heading {block.look[-1]}" if block.look.startswith("heading") else None
    paragraph = document.add_paragraph(block.words[0], style=style)
    if block.look in ("centred", "heading 1", "heading 2"):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif block.look == "right":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    elif block.look == "text":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
