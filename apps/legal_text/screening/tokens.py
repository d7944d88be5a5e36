"""Sentences and words of a text, each with its place in it. Linear in the length of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

#: A soft hyphen inside a word belongs to it.
_TOKEN = re.compile(r"[^\W\d_](?:[^\W\d_]|\u00ad)*(?:[-\u2010\u2011][^\W\d_]+)*|\d+|[^\w\s\x00-\x1f\u00ad]")
_PLAIN = str.maketrans({"ё": "е", "\u00ad": None})
#: A longer run without an end of sentence is judged in pieces: no law has such a sentence.
MAX_WORDS = 600
_ABBREVIATIONS = frozenset(
    "ст п пп ч г гг т д др им тыс млн млрд руб сом абз гл см напр прим обл р н ул кв стр рис табл б ж".split()
)
_OPENING = frozenset("\"«“„'(–—-•")


class Token(NamedTuple):
    """`low` is the word in small letters with е for ё; punctuation stands for itself."""

    text: str
    low: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        return self.text[0].isalpha()

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()


def tokens(text: str) -> list[Token]:
    return [
        Token(m.group(), m.group().lower().translate(_PLAIN), m.start(), m.end())
        for m in _TOKEN.finditer(text)
    ]


def sentences(text: str) -> Iterator[list[Token]]:
    """The words of each sentence; a semicolon or an end of line ends one too. Offsets are those of the whole text."""
    current: list[Token] = []
    words = tokens(text)
    for index, token in enumerate(words):
        if current and ("\n" in text[current[-1].end : token.start] or len(current) >= MAX_WORDS):
            yield current
            current = []
        current.append(token)
        following = words[index + 1] if index + 1 < len(words) else None
        if token.text in ";!?" or (token.text == "." and _ends(text, current, following)):
            yield current
            current = []
    if current:
        yield current


def _ends(text: str, current: list[Token], following: Token | None) -> bool:
    """A full stop ends a sentence when a capital follows and no abbreviation, initial or number of a unit precedes."""
    if following is None:
        return True
    stop = current[-1]
    if following.start == stop.end and following.text not in _OPENING:
        return False
    before = current[-2] if len(current) > 1 else None
    if before is None:
        return False
    if before.text.isdigit() and len(current) <= 3:
        return False
    if before.is_word and (before.low in _ABBREVIATIONS or (len(before.text) == 1 and before.capital)):
        return False
    return following.capital if following.is_word else following.text in _OPENING or following.text.isdigit()
