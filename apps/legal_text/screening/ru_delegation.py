"""Delegations in a Russian sentence: a body of the executive, a word of laying down, a rule.

The body comes first: for each one its verb is looked for, then what the verb lays down. Every step walks a bounded
number of words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from apps.legal_text.screening import found, ru_bodies, ru_morph, ru_objects, ru_words
from apps.legal_text.screening.hits import STRONG, Hit, Ruled
from apps.legal_text.screening.ru_bodies import Body
from apps.legal_text.screening.tokens import Token

_FAR = 30
_ENDS = ";:"
_SINGLE = re.compile(r"(?:кажд|конкретн|отдельно)")


def hits(words: Sequence[Token]) -> list[Hit]:
    """The delegations of one sentence that names its body, each verb once."""
    if not any(ru_words.MAKING.match(word.low) or word.low in {"соответствии", "согласно"} for word in words):
        return []
    answer: list[Hit] = []
    for body in ru_bodies.bodies(words):
        hit = next(_of_body(words, body), None)
        if hit is not None and all((hit.verb, hit.rule) != (other.verb, other.rule) for other in answer):
            answer.append(hit)
    return answer


def _of_body(words: Sequence[Token], body: Body) -> Iterator[Hit]:
    if body.has("ins") and body.preposition not in ru_words.WITH:
        yield from _passive(words, body)
    if body.by_act and body.preposition in ru_words.WITH:
        yield from _bylaw(words, body)
    if not body.by_act:
        if body.has("nom") and body.preposition is None:
            yield from _active(words, body)
        if body.has("dat") and body.preposition is None:
            yield from _order(words, body)
        if body.has("gen"):
            yield from _of_document(words, body)


# Passive voice and participles


def _passive(words: Sequence[Token], body: Body) -> Iterator[Hit]:
    verb = _verb_before(words, body)
    if verb is None:
        verb = _verb_after(words, body)
    if verb is None:
        return
    low = words[verb].low
    if ru_words.ONLY_BY_ACT.match(low) and not body.by_act:
        return
    if ru_words.CARRIES_OUT.match(low):
        yield from _carried_out(words, body, verb)
        return
    if ru_words.NOUN_OF_MAKING.match(low):
        yield from _hit(words, body, verb, _before_noun(words, verb), "passive")
    elif ru_words.PARTICIPLE.match(low):
        yield from _hit(words, body, verb, _owner(words, body, verb), "participle")
    else:
        plural = low.endswith(("ются", "ятся", "ны", "ты", "ться"))
        start = ru_objects.clause_start(words, verb)
        yield from _hit(
            words, body, verb, ru_objects.subject(words, verb, start=start, plural=plural), "passive"
        )


def _owner(words: Sequence[Token], body: Body, participle: int) -> Ruled | None:
    before = words[participle - 1].low if participle else ""
    if before not in {",", "и", "или", "(", "а"} and not (
        before.endswith("о") and participle > 1 and words[participle - 2].text == ","
    ):
        behind = ru_objects.owner_after(words, participle, max(participle, body.last) + 1)
        if behind is not None:
            return behind
    return ru_objects.owner_before(words, participle)


def _before_noun(words: Sequence[Token], verb: int) -> Ruled | None:
    """«Правила подлежат утверждению Кабинетом Министров»."""
    return ru_objects.subject(
        words, verb - 1, start=max(0, verb - _FAR), plural=words[verb - 1].low == "подлежат"
    )


def _verb_before(words: Sequence[Token], body: Body) -> int | None:
    """The passive verb or participle the body belongs to, walking left; None when another verb holds the body."""
    for place in range(body.first - 1, max(-1, body.first - _FAR), -1):
        word = words[place]
        if word.text in _ENDS or word.low.startswith("котор"):
            return None
        if not word.is_word:
            continue
        low = word.low
        if ru_words.PARTICIPLE.match(low):
            if _agent_between(words, place, body):
                continue
            return place
        if ru_words.FINITE_PASSIVE.match(low) or ru_words.CARRIES_OUT.match(low):
            return place
        if (
            low in {"утверждению", "установлению", "определению"}
            and place
            and words[place - 1].low.startswith("подлеж")
        ):
            return place
        if ru_morph.is_finite(low) and not ru_morph.is_noun(low):
            return None
        if ru_morph.is_passive_participle(low) and not _agent_between(words, place, body):
            return None
    return None


def _agent_between(words: Sequence[Token], participle: int, body: Body) -> bool:
    """The participle has an agent of its own right behind it: «установленных законом, …»."""
    for place in range(participle + 1, min(body.first, participle + 5)):
        if words[place].text == ",":
            return False
        low = words[place].low
        if words[place].is_word and any(reading.case == "ins" for reading in ru_morph.nouns(low)):
            return not ru_objects._governed(words, place)
    return False


def _verb_after(words: Sequence[Token], body: Body) -> int | None:
    """«Кабинетом Министров утверждается …», «в порядке, Кабинетом Министров установленном»."""
    for place in range(body.last + 1, min(len(words), body.last + 16)):
        word = words[place]
        if word.text in _ENDS:
            return None
        if not word.is_word:
            continue
        if ru_words.FINITE_PASSIVE.match(word.low):
            return place
        if ru_words.PARTICIPLE.match(word.low):
            if place == body.last + 1:
                return place
            continue
        if ru_morph.is_finite(word.low) and not ru_morph.is_noun(word.low) and word.low not in _MODAL:
            return None
    return None


_MODAL = frozenset("может могут должен должна должно должны".split())


def _carried_out(words: Sequence[Token], body: Body, verb: int) -> Iterator[Hit]:
    """«Определение порядка … осуществляется Кабинетом Министров»."""
    start = ru_objects.clause_start(words, verb)
    for place in range(start, min(verb, start + 12)):
        if ru_words.NOUN_OF_MAKING.match(words[place].low) and not ru_objects._governed(words, place):
            yield from _hit(words, body, verb, ru_objects.genitive_after(words, place), "noun")
            return


# Active voice, orders, lists of powers


def _active(words: Sequence[Token], body: Body) -> Iterator[Hit]:
    """«Кабинет Министров по предложению … утверждает и пересматривает список»; «Порядок определяет Кабинет Министров»."""
    before = body.first - 1
    if before >= 0 and ru_words.FINITE_ACTIVE.match(words[before].low):
        start = ru_objects.clause_start(words, before)
        yield from _hit(words, body, before, ru_objects.object_before(words, before, start), "active")
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
            yield from _hit(words, body, place, ru_objects.object_after(words, place), "active")


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
            yield from _hit(words, body, place, ru_objects.object_after(words, place), "active")
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
            yield from _carried_out(words, body, place)
            return


def _enacts(words: Sequence[Token]) -> bool:
    """A preamble («… постановляет:») or a list of acts to be changed refers to a bylaw without leaving it anything."""
    return any(
        word.low.startswith(("постановля", "приказыва", "утративш", "внести", "внесени", "изменени"))
        for word in words
    )


# The decision


def _hit(words: Sequence[Token], body: Body, verb: int, ruled: Ruled | None, rule: str) -> Iterator[Hit]:
    if ruled is None or not ruled.is_rule:
        return
    if ruled.kind == "bylaw" and not (
        rule == "participle" and _one_body(words, body) and _refers(words, ruled.first)
    ):
        return
    low = words[verb].low
    if ru_words.WORKS_OUT.match(low) and not _worked_out_is_enough(low, ruled, rule):
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
