"""Which language a text is written in."""

from __future__ import annotations

import re

_WORD = re.compile(r"[а-яёңөү]+")
_KY_LETTERS = re.compile(r"[ңөү]")
_KY_WORDS = frozenset(
    "жана менен үчүн жөнүндө тууралуу кыргыз республикасынын мыйзам мыйзамынын мыйзамына берене беренеси токтому ушул"
    " деген болуп же кабыл алынган тиешелүү тарабынан ылайык жолу күнү башка анын бул эмес орган органдары".split()
)
_RU_WORDS = frozenset(
    "и в на не по с для о об от до из к что или при его их республики кыргызской закон закона статья статьи части"
    " настоящего настоящий пункт пункта порядке соответствии является если также иных".split()
)
_RU_ONLY = re.compile(r"\b(?:[а-я]+(?:ого|его|ются|ется|ыми|ими|ении|ений|ость|ости))\b")
_SAMPLE = 60_000


def recognise(text: str) -> str | None:
    """ "ky", "ru", or None when the text says neither.

    Kyrgyz without ң, ө, ү (lost letters) is still told by its words.
    """
    sample = text[:_SAMPLE].lower()
    words = _WORD.findall(sample)
    if not words:
        return None
    kyrgyz = sum(word in _KY_WORDS for word in words) + 2 * sum(
        bool(_KY_LETTERS.search(word)) for word in words
    )
    russian = sum(word in _RU_WORDS for word in words) + len(_RU_ONLY.findall(sample))
    if kyrgyz == russian:
        return None
    return "ky" if kyrgyz > russian else "ru"


def lost_kyrgyz_letters(text: str) -> bool:
    """A Kyrgyz text of some length without a single ң, ө, ү has gone through an encoding that lacks them."""
    return len(text) > 300 and not _KY_LETTERS.search(text[:_SAMPLE].lower())
