"""The text as lines: what every later step walks over."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from apps.legal_text import labels

#: Zero-width characters and soft hyphens carry no text; they hide labels from recognition.
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank: its 1-based place in the text, its content stripped, and whether it follows a gap."""

    no: int
    text: str
    after_blank: bool


def split(text: str) -> list[Line]:
    """The lines of a text that hold something, in NFC."""
    found: list[Line] = []
    blank = True
    text = unicodedata.normalize("NFC", text).translate(_INVISIBLE)
    for no, raw in enumerate(
        text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n"), 1
    ):
        stripped = raw.strip()
        if not stripped:
            blank = True
            continue
        found.append(Line(no, stripped, blank))
        blank = False
    return found


_WIDEST = 110
_SENTENCE_END = (".", ";", ":", "!", "?")


def unwrap(lines: Sequence[Line]) -> tuple[list[Line], bool]:
    """(the lines, or paragraphs joined again where the text was broken into short lines, and whether it was)."""
    first = next((i for i, line in enumerate(lines) if labels.read(line.text)), len(lines))
    if len(lines) - first < 30 or max(len(line.text) for line in lines) > _WIDEST:
        return list(lines), False
    width = sorted(len(line.text) for line in lines)[len(lines) * 9 // 10]
    goes_on = [i for i in range(first + 1, len(lines)) if _goes_on(lines[i - 1], lines[i], width)]
    if len(goes_on) < len(lines) // 4:
        return list(lines), False
    joined: list[Line] = []
    on = frozenset(goes_on)
    for i, line in enumerate(lines):
        if i in on:
            before = joined[-1]
            joined[-1] = Line(before.no, f"{before.text} {line.text}", before.after_blank)
        else:
            joined.append(line)
    return joined, True


def _goes_on(before: Line, line: Line, width: int) -> bool:
    """Whether `line` is the rest of a sentence that filled the line before it."""
    if line.after_blank or len(before.text) < width * 0.7 or before.text.endswith(_SENTENCE_END):
        return False
    if labels.read(line.text) or labels.is_mark(line.text) or line.text.startswith(("-", "–", "—")):
        return False
    return not line.text[0].isupper() or len(before.text) > width * 0.75
