"""Whether words that were promised stand in a text."""

from __future__ import annotations

import re

from apps.legal_text.normalize import normalize

_AROUND = re.compile(r"\A[\W_]+|[\W_]+\Z")
_OMITTED = re.compile(r"\s*(?:…|\.\.\.)\s*")
_NOT_WORDS = re.compile(r"[\W_]+")


def pieces(wording: str) -> list[str]:
    """The pieces of a promised wording that must be found: «… по согласованию … с ассоциацией.» is two."""
    parts = (_AROUND.sub("", part) for part in _OMITTED.split(normalize(wording)))
    return [" ".join(_NOT_WORDS.sub(" ", part).lower().split()) for part in parts if part]


def leaves_out(wording: str) -> bool:
    """Whether the wording only names some of the words and leaves others out («… с учётом мнения ассоциаций»)."""
    return _OMITTED.search(normalize(wording)) is not None


def holds(wording: str, text: str) -> bool:
    """Every piece of the wording is in the text, whole words, in this order; case and punctuation do not count.

    An empty wording is in no text: nothing can be said of it.
    """
    wanted = pieces(wording)
    words = f" {' '.join(_NOT_WORDS.sub(' ', normalize(text)).lower().split())} "
    at = 0
    for piece in wanted:
        found = words.find(f" {piece} ", at)
        if found < 0:
            return False
        at = found + len(piece) + 1
    return bool(wanted)
