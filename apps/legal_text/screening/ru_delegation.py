"""Delegations in a Russian sentence: a body of the executive, a word of laying down, a rule.

The body comes first: for each one its verb is looked for, then what the verb lays down. Every step walks a bounded
number of words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from apps.legal_text.screening import ru_bodies, ru_decision, ru_objects, ru_passive, ru_words
from apps.legal_text.screening.found import CABINET
from apps.legal_text.screening.hits import Hit, Ruled
from apps.legal_text.screening.ru_bodies import Body
from apps.legal_text.screening.tokens import Token

_FAR = 30
_ENDS = ";:"


def hits(words: Sequence[Token]) -> list[Hit]:
    """The delegations of one sentence that names its body; what two bodies lay down together counts once."""
    if not any(ru_words.MAKING.match(word.low) or word.low in {"соответствии", "согласно"} for word in words):
        return []
    answer: dict[tuple[int, int], Hit] = {}
    for body in ru_bodies.bodies(words):
        for hit in _of_body(words, body):
            same = answer.setdefault((hit.verb, hit.ruled.first), hit)
            if same.authority != hit.authority == CABINET:
                answer[hit.verb, hit.ruled.first] = hit
            break
    return list(answer.values())


def _of_body(words: Sequence[Token], body: Body) -> Iterator[Hit]:
    if body.has("ins") and body.preposition not in ru_words.WITH:
        yield from ru_passive.passive(words, body)
    if body.by_act and body.preposition in ru_words.WITH:
        yield from _bylaw(words, body)
    if not body.by_act:
        if body.has("nom") and body.preposition is None:
            yield from _active(words, body)
        if body.has("dat") and body.preposition is None:
            yield from _order(words, body)
        if body.has("gen"):
            yield from _of_document(words, body)


# Active voice, orders, lists of powers


def _active(words: Sequence[Token], body: Body) -> Iterator[Hit]:
    """«Кабинет Министров по предложению … утверждает и пересматривает список»; «Порядок определяет Кабинет Министров»."""
    before = body.first - 1
    if before >= 0 and ru_words.FINITE_ACTIVE.match(words[before].low):
        start = ru_objects.clause_start(words, before)
        yield from ru_decision.hit(
            words, body, before, ru_objects.object_before(words, before, start), "active"
        )
    for place in range(body.last + 1, min(len(words), body.last + _FAR)):
        word = words[place]
        if word.text in _ENDS or word.low.startswith("котор"):
            return
        if word.text == ")" and all(words[back].text != "(" for back in range(body.last + 1, place)):
            return
        if not word.is_word:
            continue
        says = ru_words.FINITE_ACTIVE.match(word.low) and _agrees(words, body, place)
        if says or (ru_words.INFINITIVE.match(word.low) and _may(words, place)):
            ruled = ru_objects.antecedent(words, body.first, ru_objects.WHICH_OBJECT)
            yield from ru_decision.hit(
                words, body, place, ruled or ru_objects.object_after(words, place), "active"
            )


def _agrees(words: Sequence[Token], body: Body, verb: int) -> bool:
    """«правительства устанавливает» is no subject with its verb."""
    head = words[body.first].low
    for place in range(body.first, body.last + 1):
        if words[place].low in ru_bodies.HEADS:
            head = words[place].low
            break
    plural = words[verb].low.endswith(("ют", "ят", "ут", "ли"))
    many = head.endswith(("ы", "и", "а")) and not head.endswith(("ба", "ада"))
    return (
        many == plural
        or plural
        and body.last + 1 < verb
        and any(words[place].low in {"и", ","} for place in range(body.last + 1, verb))
    )


def _may(words: Sequence[Token], infinitive: int) -> bool:
    return any(
        words[place].low.startswith(("вправе", "мож", "могут", "обязан", "должн", "право", "уполномочен"))
        for place in range(max(0, infinitive - 8), infinitive)
    )


def _order(words: Sequence[Token], body: Body) -> Iterator[Hit]:
    """«Кабинету Министров … разработать и утвердить порядок», «… поручается утвердить»."""
    for place in range(body.last + 1, min(len(words), body.last + _FAR)):
        word = words[place]
        if word.text in _ENDS:
            return
        if ru_words.INFINITIVE.match(word.low) and not ru_words.WORKS_OUT.match(word.low):
            yield from ru_decision.hit(words, body, place, ru_objects.object_after(words, place), "active")
            return
        if word.is_word and ru_words.FINITE_ACTIVE.match(word.low):
            return


# Documents of the body


def _bylaw(words: Sequence[Token], body: Body) -> Iterator[Hit]:
    """«… в соответствии с постановлением Кабинета Министров о …»; a «решение» is one decision."""
    if body.first < 3 or not words[body.first - 2].low.startswith(("соответств", "согласн")):
        return
    named = next(
        words[place].low
        for place in range(body.first, body.last + 1)
        if not ru_bodies.ADJECTIVE_END.match(words[place].low) or words[place].low.endswith("ием")
    )
    if named.startswith(("решени", "распоряжени", "указани", "документ")) or _enacts(words):
        return
    ruled = Ruled(body.first, body.first, "bylaw")
    yield Hit(
        body.first - 3,
        body.last,
        body.first,
        body.last,
        body.authority,
        ruled,
        body.first,
        body.last,
        body.first,
        "bylaw",
        0.7,
    )


_DOCUMENT = re.compile(
    r"(?:постановлени(?:ю|и|я|ях|ям)|нормативн|правил(?:ам|ах)|инструкци(?:и|ям|ях)|методик(?:е|и|ам)|положени(?:ю|ям)|порядку|требовани(?:ям|й))\Z"
)


def _of_document(words: Sequence[Token], body: Body) -> Iterator[Hit]:
    """«согласно инструкции уполномоченного органа», «на основании постановления Кабинета Министров»."""
    noun = body.first - 1
    if noun > 1 and words[noun].low in {"компетенции", "ведению", "полномочиям"}:
        yield from _competence(words, body, noun)
    if noun < 1 or not _DOCUMENT.match(words[noun].low) or _enacts(words):
        return
    before = words[noun - 1].low
    if before in {"согласно", "по", "основании"}:
        ruled = Ruled(noun, noun, "bylaw")
        yield Hit(
            noun - 1,
            body.last,
            body.first,
            body.last,
            body.authority,
            ruled,
            noun,
            body.last,
            noun,
            "bylaw",
            0.6,
        )


def _competence(words: Sequence[Token], body: Body, noun: int) -> Iterator[Hit]:
    """«Установление порядка … относится к компетенции Кабинета Министров»."""
    for place in range(noun - 1, max(-1, noun - 4), -1):
        if ru_words.CARRIES_OUT.match(words[place].low):
            yield from ru_passive.carried_out(words, body, place)
            return


def _enacts(words: Sequence[Token]) -> bool:
    """A preamble («… постановляет:») or a list of acts to be changed refers to a bylaw without leaving it anything."""
    return any(
        word.low.startswith(("постановля", "приказыва", "утративш", "внести", "внесени", "изменени"))
        for word in words
    )
