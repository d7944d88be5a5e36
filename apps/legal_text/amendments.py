"""The language of amending acts: the leading formula, the operators, and where a quotation begins and ends."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence

from apps.legal_text.lines import Line

OPENING = '"«“„'

_TITLE = re.compile(
    r"(?:внесени\w+|внести)\s.{0,80}?(?:изменени|дополнени)|(?:өзгөртүү|толуктоо)(?:лөр)?\w*\s.{0,40}?киргизүү",
    re.I,
)
_LEAD = re.compile(
    r"(?:внести|вносятся|внесены)\s.{0,900}?(?:изменени|дополнени)|(?:өзгөртүү|толуктоо)\w*.{0,120}?киргизилсин",
    re.I | re.S,
)
_OPERATOR = re.compile(
    r"заменить|заменив|исключить|исключив|изложить|изложив|дополнить|дополнив|признать\s+утратив"
    r"|алмаштырылсын|алып\s+(?:салынсын|ташталсын)|толукталсын|баяндалсын|(?:редакци|мазмун)\w+\s+берилсин|күчүн\s+жоготту\s+деп",
    re.I,
)
_INLINE = re.compile(
    r"((?:редакци\w+|содержани\w+|баяндалсын|толукталсын|берилсин|мазмундагы[^\"«“:]{0,120})\s*:)\s*(?=[\"«“„])",
    re.I,
)
_MARKS = re.compile('["“”„«»]')
_CLOSED = re.compile(r"[\"»”“][\s.;,]*\Z")


def is_amending_title(title: str) -> bool:
    return bool(_TITLE.search(title))


@functools.lru_cache(maxsize=4096)
def leads(text: str) -> bool:
    """The unit says that changes are made: «Внести в … следующие изменения:», «… өзгөртүүлөр киргизилсин:»."""
    return bool(_LEAD.search(text))


@functools.lru_cache(maxsize=4096)
def operates(text: str) -> bool:
    """The unit itself changes something: «… заменить словами …»."""
    return bool(_OPERATOR.search(text))


def inline_quote(text: str) -> int | None:
    """Where new wording begins inside the line that announces it; None if it does not."""
    match = _INLINE.search(text)
    return match.end() if match else None


def quote_end(
    lines: Sequence[Line], start: int, opening_text: str, is_next: Callable[[Line], bool] = lambda line: False
) -> tuple[int | None, bool]:
    """(index after the last line of the quotation that opens with `opening_text` in line `start`, whether it is sure).

    Straight quotation marks do not say whether they open or close: the quotation ends where their number is even
    again at the end of a line. Where a mark was saved («термин "бюджет";» closes twice with one), it ends before the
    line that `is_next` knows as the next instruction, which is a guess. None when it never closes.
    """
    marks = depth = 0
    guess: int | None = None
    for i in range(start, len(lines)):
        text = opening_text if i == start else lines[i].text
        for mark in _MARKS.findall(text):
            if mark in "«»":
                depth += 1 if mark == "«" else -1
            else:
                marks += 1
        if not _CLOSED.search(text):
            continue
        if marks % 2 == 0 and depth <= 0:
            return (i + 1, True) if guess is None else (guess, False)
        if guess is None and i + 1 < len(lines) and is_next(lines[i + 1]):
            guess = i + 1
    return guess, False
