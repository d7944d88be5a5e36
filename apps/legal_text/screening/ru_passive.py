"""A body in the instrumental: which passive verb or participle it belongs to, and what that lays down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from apps.legal_text.screening import ru_decision, ru_morph, ru_objects, ru_words
from apps.legal_text.screening.hits import Hit, Ruled
from apps.legal_text.screening.ru_bodies import Body
from apps.legal_text.screening.tokens import Token

_FAR = 30
_ENDS = ";:"


def passive(words: Sequence[Token], body: Body) -> Iterator[Hit]:
    follows = body.last + 1 < len(words) and ru_words.FINITE_PASSIVE.match(words[body.last + 1].low)
    if body.first and words[body.first - 1].text in "-–—" and not follows:
        yield from _elided(words, body)
        return
    verb = _verb_before(words, body)
    if verb is None:
        verb = _verb_after(words, body)
    if verb is None:
        return
    low = words[verb].low
    if ru_words.ONLY_BY_ACT.match(low) and not body.by_act:
        return
    if ru_words.CARRIES_OUT.match(low):
        yield from carried_out(words, body, verb)
        return
    if ru_words.NOUN_OF_MAKING.match(low):
        yield from ru_decision.hit(words, body, verb, _before_noun(words, verb), "passive")
    elif ru_words.PARTICIPLE.match(low):
        yield from ru_decision.hit(words, body, verb, _owner(words, body, verb), "participle")
    else:
        plural = low.endswith(("ются", "ятся", "ны", "ты", "ться"))
        start = ru_objects.clause_start(words, verb)
        named = range(body.first, body.last + 1)
        ruled = ru_objects.subject(words, verb, start=start, plural=plural, skip=named)
        yield from ru_decision.hit(words, body, verb, ruled, "passive")


def _elided(words: Sequence[Token], body: Body) -> Iterator[Hit]:
    """«…, а порядок замещения - Кабинетом Министров»: the verb stands in the clause before."""
    verb = next(
        (
            place
            for place in range(body.first - 2, max(-1, body.first - 2 * _FAR), -1)
            if ru_words.FINITE_PASSIVE.match(words[place].low)
            and not ru_words.ONLY_BY_ACT.match(words[place].low)
            and not ru_words.WORKS_OUT.match(words[place].low)
        ),
        None,
    )
    if verb is None:
        return
    comma = next((place for place in range(body.first - 2, verb, -1) if words[place].text == ","), verb)
    ruled = ru_objects.subject(words, body.first - 1, start=comma + 1, plural=True)
    if ruled is None or not ruled.is_rule:
        start = ru_objects.clause_start(words, verb)
        ruled = ru_objects.subject(words, verb, start=start, plural=words[verb].low.endswith(("ются", "ны")))
    yield from ru_decision.hit(words, body, verb, ruled, "passive")


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
            if _agent_between(words, place, body) or _complete(words, place, body):
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


def _complete(words: Sequence[Token], participle: int, body: Body) -> bool:
    """«утвержденные в установленном порядке Кабинетом Министров»: «в установленном порядке» needs no agent."""
    if participle == 0 or words[participle - 1].low not in ru_words.PREPOSITIONS:
        return False
    behind = ru_objects.owner_after(words, participle, participle + 1)
    return behind is not None and behind.first < body.first


def _agent_between(words: Sequence[Token], participle: int, body: Body) -> bool:
    """The participle has an agent of its own right behind it: «установленных законом, …»."""
    if words[body.first - 1].low in {"и", "или", "либо"}:
        return False  # «установленном законом и Кабинетом Министров»
    for place in range(participle + 1, min(body.first, participle + 5)):
        if words[place].text == ",":
            return False
        low = words[place].low
        if words[place].is_word and any(reading.case == "ins" for reading in ru_morph.nouns(low)):
            return not ru_objects.governed(words, place)
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
        if ru_morph.is_finite(word.low) and not ru_morph.is_noun(word.low) and word.low not in ru_words.MODAL:
            return None
    return None


def carried_out(words: Sequence[Token], body: Body, verb: int) -> Iterator[Hit]:
    """«Определение порядка … осуществляется Кабинетом Министров»."""
    start = ru_objects.clause_start(words, verb)
    for place in range(start, min(verb, start + 12)):
        if ru_words.NOUN_OF_MAKING.match(words[place].low) and not ru_objects.governed(words, place):
            yield from ru_decision.hit(words, body, verb, ru_objects.genitive_after(words, place), "noun")
            return
