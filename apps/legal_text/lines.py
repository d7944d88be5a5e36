"""The text as lines: what every later step walks over."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from apps.legal_text import labels

#: Zero-width characters and soft hyphens carry no text; they hide labels from recognition.
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


#: Signs by which the readers of files say what a line is; no file can hold them (XML forbids them, text is checked).
CELL = "\x1f"  # between the cells of a table's row
HEADING = "\x1e"  # before a heading by its style; a digit after it is the level
NOTE = "\x1d"  # before the text of a footnote
_FOOTNOTE = re.compile(r"\[\d{1,3}\]")
_SIGNS = re.compile("[\x1d-\x1f]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank: its 1-based place in the text, its content stripped, and whether it follows a gap.

    `row`: a row of a table, whose numbers label no unit. `heading`: level of a heading by its style, 0 for none.
    `note`: the text of a footnote.
    """

    no: int
    text: str
    after_blank: bool
    row: bool = False
    heading: int = 0
    note: bool = False


def plain(text: str) -> str:
    """A line without its signs."""
    return _SIGNS.sub("", re.sub(rf"^\s*{HEADING}\d", "", text).replace(CELL, "\t"))


@dataclass(frozen=True, slots=True)
class Row:
    """What a row of a table becomes: lines, and what is doubtful about them."""

    lines: tuple[str, ...]
    doubt: str | None = None


def row(cells: Sequence[Sequence[str]]) -> Row:
    """A row of several cells, each given as its paragraphs, as one line whose numbers label nothing.

    «1.» in one cell and the text in the next is a list that was set with a table: its lines are those of a text.
    """
    if len(cells) == 2 and len(cells[0]) == 1 and is_bare_label(cells[0][0]):
        return Row((f"{cells[0][0]} {cells[1][0]}", *cells[1][1:]), "table_units")
    labelled = sum(labels.read(part) is not None for cell in cells for part in cell)
    doubt = "table_units_unread" if labelled > len(cells) else None
    return Row((CELL.join(" ".join(cell) for cell in cells),) if cells else (), doubt)


def is_bare_label(text: str) -> bool:
    """«1.», «а)»: a number of a unit and nothing else."""
    read = labels.read(text)
    return read is not None and not read.rest and read.kind in ("dot", "paren", "letter")


def label(line: Line) -> labels.Label | None:
    """What the line begins with; nothing for rows of tables and footnotes."""
    return None if line.row or line.note else labels.read(line.text)


def split(text: str) -> list[Line]:
    """The lines of a text that hold something, in NFC."""
    found: list[Line] = []
    blank = True
    text = unicodedata.normalize("NFC", text).translate(_INVISIBLE)
    for no, raw in enumerate(
        text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n"), 1
    ):
        line = _line(no, raw, blank)
        if line is not None:
            found.append(line)
        blank = line is None
    return found


def with_footnotes(lines: Sequence[Line]) -> list[Line]:
    """The lines; those that begin with a mark «[1]» which a line above names are footnotes."""
    named: set[str] = set()
    found: list[Line] = []
    for line in lines:
        marks = _FOOTNOTE.findall(line.text)
        if marks and line.text.startswith(marks[0]) and marks[0] in named and not line.row:
            line = dataclasses.replace(line, note=True)
        named.update(marks)
        found.append(line)
    return found


def _line(no: int, raw: str, after_blank: bool) -> Line | None:
    if not (signs := set(_SIGNS.findall(raw))):
        stripped = raw.strip()
        return Line(no, stripped, after_blank) if stripped else None
    heading = re.match(rf"\s*{HEADING}(\d)", raw)
    text = _SIGNS.sub("", raw[heading.end() :] if heading else raw.replace(CELL, "\t")).strip()
    if not text:
        return None
    return Line(no, text, after_blank, CELL in signs, int(heading[1]) if heading else 0, NOTE in signs)


_WIDEST = 110
_SENTENCE_END = (".", ";", ":", "!", "?")


def unwrap(lines: Sequence[Line]) -> tuple[list[Line], bool]:
    """(the lines, or paragraphs joined again where the text was broken into short lines, and whether it was)."""
    first = next((i for i, line in enumerate(lines) if label(line)), len(lines))
    if len(lines) - first < 30 or max(len(line.text) for line in lines) > _WIDEST:
        return list(lines), False
    width = sorted(len(line.text) for line in lines)[len(lines) * 9 // 10]
    goes_on = [i for i in range(first + 1, len(lines)) if _goes_on(lines[i - 1], lines[i], width)]
    if len(goes_on) < len(lines) // 4:
        return list(lines), False
    on = frozenset(goes_on)
    paragraphs: list[list[Line]] = []
    for i, line in enumerate(lines):
        if i in on:
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    return [
        dataclasses.replace(parts[0], text=" ".join(part.text for part in parts)) for parts in paragraphs
    ], True


def _goes_on(before: Line, line: Line, width: int) -> bool:
    """Whether `line` is the rest of a sentence that filled the line before it."""
    if line.after_blank or len(before.text) < width * 0.7 or before.text.endswith(_SENTENCE_END):
        return False
    if before.row or line.row or line.heading or line.note:
        return False
    if (
        labels.read(line.text)
        or labels.annex(line.text)
        or labels.is_mark(line.text)
        or line.text.startswith(("-", "–", "—"))
    ):
        return False
    return not line.text[0].isupper() or len(before.text) > width * 0.75
