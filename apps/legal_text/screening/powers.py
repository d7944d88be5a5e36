"""Items of a list of powers: «20) устанавливает порядок …», «… утверждение правил …», «4) … тартибин аныктайт».

The body stands in the lead line. An item read alone is a power of somebody unnamed, and only a verb in the singular is
believed («утверждают» is mostly said of local keneshes); with its lead line the lead's body decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from apps.legal_text.screening import (
    found,
    ky_bodies,
    ky_delegation,
    ky_words,
    ru_bodies,
    ru_morph,
    ru_objects,
    ru_words,
)
from apps.legal_text.screening.hits import STRONG, Hit, Ruled
from apps.legal_text.screening.tokens import Token, sentences

_KINDS = STRONG | {"terms", "conditions"}
_SINGULAR = re.compile(r"(?:устанавливает|определяет|утверждает|разрабатывает)\Z")
_COMPETENCE = re.compile(r"(?:компетенц|полномоч|функци|задач|ведени)")
_KY_COMPETENCE = ("ыйгарым", "компетенция", "милдет", "функция")
#: Who else can stand in a Kyrgyz item or lead as its subject.
_KY_SUBJECT = (
    "мыйзам", "кодекс", "жобо", "устав", "нускама", "конституция", "кенеш", "президент", "токтом", "эреже", "мэрия",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lead:
    """What a lead line says: whose items follow (`authority` None: nobody of the executive), `body` as printed.

    `makes`: its own verb lays down what the items name («Кабинетом Министров утверждаются:»).
    """

    authority: str | None
    body: str | None
    makes: bool = False


NOBODY = Lead(None, None)


def lead_of(text: str, lang: str | None) -> Lead:
    """The lead in a text that ends with a colon (so it has a last sentence)."""
    words = list(sentences(text))[-1]
    if lang == "ky":
        return _ky_lead(text, words)
    bodies = ru_bodies.bodies(words)
    makes = _items_are_objects(words, bodies)
    competence = any(_COMPETENCE.match(word.low) for word in words)
    for body in bodies:
        if competence and not makes:
            owns = body.has("gen") and not body.by_act
        else:
            acts = (body.has("nom") or body.has("dat")) and body.preposition is None and not body.by_act
            owns = acts or (makes and body.has("ins") and body.preposition not in ru_words.WITH)
        if owns:
            return Lead(body.authority, text[words[body.first].start : words[body.last].end], makes)
    return NOBODY


def _items_are_objects(words: Sequence[Token], bodies: Sequence[ru_bodies.Body]) -> bool:
    """The lead ends with its verb, with or without the body behind it: what follows is what is laid down."""
    named = {place for body in bodies for place in range(body.first, body.last + 1)}
    for place in range(len(words) - 1, max(-1, len(words) - 12), -1):
        low = words[place].low
        if _lays_down(low):
            return True
        if words[place].is_word and place not in named and not low.startswith("следующ"):
            return False
    return False


def _lays_down(low: str) -> bool:
    return bool(ru_words.FINITE_ACTIVE.match(low) or ru_words.FINITE_PASSIVE.match(low)) and not (
        ru_words.WORKS_OUT.match(low) or ru_words.ONLY_BY_ACT.match(low)
    )


def _ky_lead(text: str, words: Sequence[Token]) -> Lead:
    folded = [ky_words.fold(word.low) for word in words]
    bodies = ky_bodies.bodies(words, folded)
    makes = any(
        ky_words.ACTIVE_FINITE.match(word) or ky_words.PASSIVE_FINITE.match(word) for word in folded[-3:]
    )
    for body in bodies:
        if body.role in {"subject", "receiver"} or (makes and body.role == "agent"):
            return Lead(body.authority, text[words[body.first].start : words[body.last].end], makes)
    if any(word.startswith(_KY_COMPETENCE) for word in folded):
        for place, word in enumerate(folded):
            if word == "кабинетинин" or word == "окмотунун":
                return Lead(found.CABINET, words[place].text)
            if word in {"органдын", "министрликтин"} and "башкаруу" not in folded:
                return Lead(found.MINISTRY, words[place].text)
    return NOBODY


def hits(words: Sequence[Token], lang: str | None, lead: Lead | None) -> list[Hit]:
    """The power an item gives; `lead` None: the item is read alone."""
    if lead is not None and lead.authority is None:
        return []
    answer = [] if lang == "ky" else _russian(words, lead)
    return answer if answer or lang == "ru" else _kyrgyz(words, lead)


def _russian(words: Sequence[Token], lead: Lead | None) -> list[Hit]:
    place = 0
    while place < min(len(words), 4) and (not words[place].is_word or _is_label(words, place)):
        place += 1
    if place >= len(words) or (place == 0 and words[0].capital and lead is None):
        return []
    ruled = _verb_item(words, place, lead) or (_noun_item(words, place) if lead else None)
    if ruled is None and lead and lead.makes:
        ruled = _named_item(words, place)
    if ruled is None or ruled.kind not in _KINDS:
        return []
    last = ruled.last
    while last + 1 < len(words) and last - ruled.last < 40 and words[last + 1].text not in ".,;:()":
        last += 1
    return [_hit(place, ruled.last, ruled, ruled.first, last, lead)]


def _is_label(words: Sequence[Token], place: int) -> bool:
    """«а)» is no preposition."""
    return len(words[place].text) == 1 and place + 1 < len(words) and words[place + 1].text == ")"


def _verb_item(words: Sequence[Token], place: int, lead: Lead | None) -> Ruled | None:
    low = words[place].low
    says = _SINGULAR if lead is None else ru_words.FINITE_ACTIVE
    if not says.match(low) and not (lead and ru_words.INFINITIVE.match(low)):
        return None
    following = {word.low for word in words[place + 1 : place + 4]}
    if ru_words.WORKS_OUT.match(low) and not following & {
        "утверждает",
        "утверждают",
        "утвердить",
        "утверждать",
    }:
        return None
    return ru_objects.object_after(words, place)


def _noun_item(words: Sequence[Token], place: int) -> Ruled | None:
    """«утверждение правил …», «разработка и утверждение порядка …»."""
    for start in range(place, min(len(words), place + 3)):
        low = words[start].low
        if ru_words.NOUN_OF_MAKING.match(low) and not ru_words.WORKS_OUT.match(low):
            return ru_objects.genitive_after(words, start)
    return None


def _named_item(words: Sequence[Token], place: int) -> Ruled | None:
    """«порядок ведения реестра» under «Кабинетом Министров утверждаются:»."""
    for noun in range(place, min(len(words), place + 4)):
        for reading in ru_morph.nouns(words[noun].low):
            kind = ru_objects.kind_at(words, noun, reading.lemma)
            return Ruled(noun, noun, kind) if kind else None
        if not ru_morph.is_modifier(words[noun].low):
            return None
    return None


def _kyrgyz(words: Sequence[Token], lead: Lead | None) -> list[Hit]:
    folded = [ky_words.fold(word.low) for word in words]
    if len(folded) < 3 or (lead is None and not (folded[0].isdigit() and folded[1] == ")")):
        return []
    end = next((place for place in range(len(folded) - 1, 1, -1) if folded[place][0].isalpha()), 0)
    verb = ky_words.ACTIVE_FINITE.match(folded[end]) or (lead and ky_words.NOUN_OF_MAKING.match(folded[end]))
    if lead and lead.makes and not verb:
        named = ky_delegation.rule_at(folded, end, "acc") or ky_delegation.rule_at(folded, end, "nom")
        start = next((first for first, word in enumerate(folded) if len(word) > 1 and word[0].isalpha()), end)
        return (
            [_hit(min(start, end), end, named, min(start, end), end, lead)]
            if named and named.kind in _KINDS
            else []
        )
    if not verb or (lead is None and folded[end].endswith("шет")):
        return []
    if any(word in _KY_SUBJECT for word in folded):
        return []
    for place in range(end - 1, max(-1, end - 40), -1):
        ruled = ky_delegation.rule_at(folded, place, "acc")
        if ruled is not None and ruled.kind in _KINDS:
            start = next(
                (first for first, word in enumerate(folded) if len(word) > 1 and word[0].isalpha()), place
            )
            return [_hit(ruled.first, end, ruled, min(start, place), place, lead)]
    return []


def _hit(first: int, last: int, ruled: Ruled, of: int, to: int, lead: Lead | None) -> Hit:
    authority = (lead.authority if lead else None) or found.MINISTRY
    score = 0.7 if lead else 0.5
    return Hit(first, last, first, first, authority, ruled, of, to, first, "power", score)
