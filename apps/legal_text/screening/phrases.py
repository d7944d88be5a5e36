"""Rows of word stems as one pattern. Stems stand at the beginning of a word; case endings are left open.

A row is short and its words cannot overlap, so no text makes a pattern run away.
"""

from __future__ import annotations

import re

LETTER = r"[а-яёңөүѳӊӨҢҮ]"
_REST = rf"{LETTER}*"
_GAP = r"[\s\-–]+"
_MAYBE = rf"(?:[(«\"“]?{LETTER}+[)»\"”,]?{_GAP})?"


def rows(*patterns: str) -> re.Pattern[str]:
    """«мест+ кенеш+» finds «местных кенешей»; «_?» is a word that may stand between."""
    return re.compile(rf"(?<!{LETTER})(?:{'|'.join(map(_row, patterns))})(?!{LETTER})")


def _row(pattern: str) -> str:
    stems = pattern.split()
    regex = ""
    for place, stem in enumerate(stems):
        if stem == "_?":
            regex += _MAYBE
        else:
            regex += stem.replace("+", _REST) + (_GAP if place < len(stems) - 1 else "")
    return regex


def prepared(text: str) -> str:
    """In small letters, and exactly as long as the text, so that places stay."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(letter if len(letter) == 1 else "?" for letter in map(str.lower, text))
