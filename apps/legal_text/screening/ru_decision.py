"""Whether a body, a verb and a noun found together in a Russian sentence make a delegation, and its extent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from apps.legal_text.screening import found, ru_morph, ru_words
from apps.legal_text.screening.hits import STRONG, Hit, Ruled
from apps.legal_text.screening.ru_bodies import Body
from apps.legal_text.screening.tokens import Token

_SINGLE = re.compile(r"(?:кажд|конкретн|отдельно)")


def hit(words: Sequence[Token], body: Body, verb: int, ruled: Ruled | None, rule: str) -> Iterator[Hit]:
    if ruled is None or not ruled.is_rule:
        return
    if ruled.kind == "bylaw" and not (
        rule == "participle" and _one_body(words, body) and _refers(words, ruled.first)
    ):
        return
    low = words[verb].low
    if low.startswith("предъявл") and ruled.kind not in {"criteria", "conditions"}:
        return  # «документов, предъявляемых …»
    if body.authority == found.MINISTRY and _one_case(words, ruled, rule):
        return
    in_force = rule == "participle" and [word.low for word in words[verb + 1 : verb + 3]] == ["в", "действие"]
    if ru_words.WORKS_OUT.match(low) and not in_force and not _worked_out_is_enough(low, ruled, rule):
        return
    lemmas = {reading.lemma for reading in ru_morph.nouns(words[ruled.first].low)}
    if lemmas & ru_words.WEAK and any(_SINGLE.match(word.low) for word in words):
        return
    first, last = min(ruled.first, verb, body.first), max(ruled.last, verb, body.last)
    of, to = _object(words, body, verb, ruled)
    score = 0.95 if body.authority == found.CABINET else 0.9
    if ruled.kind not in STRONG or lemmas & ru_words.WEAK:
        score -= 0.2
    yield Hit(first, last, body.first, body.last, body.authority, ruled, of, to, verb, rule, round(score, 2))


def _object(words: Sequence[Token], body: Body, verb: int, ruled: Ruled) -> tuple[int, int]:
    """From the rule's noun up to the verb or the body behind it; at the end of a sentence up to the next comma."""
    behind = [place for place in (verb, body.first) if place > ruled.last]
    if behind:
        last = min(behind) - 1
    elif ru_words.PARTICIPLE.match(words[verb].low):
        return ruled.first, ruled.last
    else:
        last = ruled.last
        while last + 1 < len(words) and last - ruled.last < 40 and words[last + 1].text not in ".,;:()":
            last += 1
    for place in range(ruled.last + 1, last + 1):
        if ru_words.MAKING.match(words[place].low) and not ru_morph.is_noun(words[place].low):
            last = place - 1
            break
    while last > ruled.last and _hangs_over(words[last]):
        last -= 1
    return ruled.first, last


def _hangs_over(word: Token) -> bool:
    if not word.is_word:
        return not word.text.isdigit()
    readings = ru_morph.readings(word.low)
    return word.low in {"и", "или", "а"} or bool(readings and readings[0].pos in {"ADVB", "CONJ", "VERB"})


_OF_ONE_CASE = re.compile(
    r"(?:ущерб|вред|убытк|задолженност|недоимк|штраф|взыскани|обязательств|налога\Z|имуществ|участк|товара\Z|товаров\Z|объект)"
)
#: Nobody sets these for one case.
_SET_FOR_ALL = frozenset({"лимит", "норматив", "норма", "ставка", "тариф", "такса", "квота"})
_SINGLE_CHOICE = frozenset({"срок", "вид", "тип", "категория", "степень", "дата", "время"})


def _one_case(words: Sequence[Token], ruled: Ruled, rule: str) -> bool:
    """«Размер ущерба определяется уполномоченным органом», «срок для устранения нарушений», «определяет вид экспертизы»:
    decided case by case; with a procedure or another rule beside it, it is none."""
    following = [words[place].low for place in range(ruled.first + 1, min(len(words), ruled.first + 6))]
    if any(word.startswith(("порядок", "порядк", "правил", "критери", "методик")) for word in following):
        return False
    if ruled.kind == "rates":
        lemmas = {reading.lemma for reading in ru_morph.nouns(words[ruled.first].low)}
        return not lemmas & _SET_FOR_ALL and any(_OF_ONE_CASE.match(word) for word in following[:2])
    if any(word.startswith("устранени") for word in following[:3]):
        return True
    readings = ru_morph.nouns(words[ruled.first].low)
    alone = bool(readings) and readings[0].lemma in _SINGLE_CHOICE and readings[0].number == "sing"
    return rule == "active" and alone


def _one_body(words: Sequence[Token], body: Body) -> bool:
    """Not «государственными органами» at large: their acts are the legislation as such."""
    names = {words[place].low for place in range(body.first, body.last + 1)}
    return not names <= {"государственными", "государственным", "органами", "органом"}


def _refers(words: Sequence[Token], noun: int) -> bool:
    """«в соответствии с нормативными правовыми актами, принятыми …», «в порядке, предусмотренном …»."""
    return any(
        words[place].low.startswith(("соответстви", "согласно")) for place in range(max(0, noun - 6), noun)
    )


def _worked_out_is_enough(low: str, ruled: Ruled, rule: str) -> bool:
    if ruled.kind not in {
        "methodology",
        "rules",
        "regulation",
        "form",
        "bylaw",
        "criteria",
        "procedure",
        "list",
    }:
        return False
    return rule == "participle" or low.startswith(("прин", "изда"))
