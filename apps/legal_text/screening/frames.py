"""Sentences in which a bylaw or an amending act speaks of bylaws: a delegation they name is not left to anybody by them.

Only new wording of an amending act counts: «… заменить словами "в порядке, определяемом …"».
"""

from __future__ import annotations

import re

_NUMBER = r"\W{0,6}(?:\d{1,3}(?:[-.]\d{1,3})?[.)]\s*)?"
_AMENDS = re.compile(
    rf"\A{_NUMBER}(?:о(?:б)?\s+внесении\s+изменени|внести\s.{0, 600}?(?:изменени|дополнени))|вносятся\s+следующие\s+изменени"
    r"|слов[аоуеми]*\s.{0,300}?(?:заменить|исключить)|изложить\s.{0,80}?редакци|признать\s.{0,20}?утративш"
    r"|дополнить\s.{0,60}?(?:содержани|слов|пункт|част|стать|абзац|предложени|подпункт)"
)
_NEW_WORDING = re.compile(r"заменить|изложить|дополнить")
_PLACE_IN_BYLAW = re.compile(
    rf"\A{_NUMBER}(?:в|во)\s+(?:приложени|правил|положени|порядк|инструкци|методик|регламент|перечн|указанн|вышеуказанн)"
)
_OF_ITSELF = re.compile(rf"\A{_NUMBER}утвердить\s+прилагаем")
_MADE_BY = re.compile(
    rf"\A{_NUMBER}настоящ[а-я]+\s+[а-я]+\s+(?:[а-я()\-– ]{{0,80}}\s)?(?:разработан|принят|издан)"
)
_KY_AMENDS = re.compile(r"киргизилсин|толукталсын|алмаштырылсын|баяндалсын|салынсын|ташталсын|жоготту")
_KY_ADDS = re.compile(r"толукталсын|баяндалсын")
_KY_REPLACES = re.compile(r"алмаштырылсын")
_KY_PLACE_IN_BYLAW = re.compile(
    r"(?:жободо|эрежелерде|тартипте|тартибинде|нускамада|тиркемеде|токтомдо|токтомунда)\s*:\s*\Z"
)
_QUOTES = '"«“„'


def speaks_of_bylaws(sentence: str, start: int, rule: str, lang: str | None) -> bool:
    """Whether the delegation at `start` in this sentence, found by `rule`, is only spoken of."""
    low = sentence.lower()
    if lang == "ky":
        return _kyrgyz(low, start)
    if _OF_ITSELF.match(low) or (rule == "bylaw" and _MADE_BY.match(low)):
        return True
    if _PLACE_IN_BYLAW.match(low) and low.rstrip().endswith(":"):
        return True
    if not _AMENDS.search(low):
        return False
    fresh = _NEW_WORDING.search(low)
    return not (fresh and fresh.end() < start and any(mark in low[fresh.end() : start] for mark in _QUOTES))


def _kyrgyz(low: str, start: int) -> bool:
    if _KY_PLACE_IN_BYLAW.search(low):
        return True
    if not _KY_AMENDS.search(low):
        return False
    added = _KY_ADDS.search(low)
    if added and added.end() < start and any(mark in low[added.end() : start] for mark in _QUOTES):
        return False
    replaced = _KY_REPLACES.search(low)
    before = sum(low.count(mark, 0, start) for mark in '"“”„«»')
    return not (replaced and before >= 3 and start < replaced.start())
