"""The text as lines: what every later step walks over."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

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
