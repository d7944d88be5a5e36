"""Delegations in a Kyrgyz sentence. The verb stands last and the head of a phrase behind what belongs to it, so a
participle is looked for behind the body and its noun behind the participle; a predicate at the end takes the noun
before the body, or between body and verb. Every step walks a bounded number of words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from apps.legal_text.screening import found, ky_bodies, ky_words
from apps.legal_text.screening.hits import STRONG, Hit, Ruled
from apps.legal_text.screening.ky_bodies import Body
from apps.legal_text.screening.tokens import Token

_FAR = 30
_TEXTS = frozenset({"rules", "regulation", "methodology", "form", "criteria", "procedure", "list"})


def hits(words: Sequence[Token]) -> list[Hit]:
    """The delegations of one sentence, each verb once."""
    folded = [ky_words.fold(word.low) for word in words]
    if not any(ky_words.MAKES.match(word) or word == "ылайык" for word in folded):
        return []
    answer: list[Hit] = []
    for body in ky_bodies.bodies(words, folded):
        hit = _of_body(words, folded, body)
        if hit is not None and all(hit.verb != other.verb for other in answer):
            answer.append(hit)
    return answer


def _of_body(words: Sequence[Token], folded: Sequence[str], body: Body) -> Hit | None:
    if body.role == "document":
        if _enacts(folded):
            return None
        return _hit(folded, body, body.last - 1, Ruled(body.last - 1, body.last - 1, "bylaw"), "bylaw", 0.7)
    if body.role == "agent":
        return _agent(words, folded, body)
    if body.role == "owner":
        return _owner(folded, body)
    if body.role == "subject":
        return _subject(words, folded, body)
    return None


def _agent(words: Sequence[Token], folded: Sequence[str], body: Body) -> Hit | None:
    """«… тарабынан бекитилет», «… тарабынан белгиленген тартипте», «… токтому менен аныкталат»."""
    for place in range(body.last + 1, min(len(folded), body.last + _FAR)):
        word = folded[place]
        if word in {";", ":"}:
            return None
        if ky_words.PASSIVE_PARTICIPLE.match(word) or (body.by_act and word == "каралган"):
            if word in ky_words.ONLY_BY_ACT and not body.by_act:
                return None
            if word == "алынган" and folded[place - 1] != "кабыл":
                return None
            if word == "иштелип":
                continue
            ruled = _head_after(folded, place, body) or _named_before(folded, body)
            if word in ky_words.ADOPTED and (ruled is None or ruled.kind not in _TEXTS):
                return None
            return _hit(folded, body, place, ruled, "participle")
        if ky_words.PASSIVE_FINITE.match(word):
            if word.startswith("салын") and folded[place - 1] != "жонго":
                continue
            only_between = word.endswith(("се", "са"))  # «эгерде … башка мөөнөт белгиленбесе»
            return _hit(
                folded, body, place, _noun(folded, body, place, "nom", only_between=only_between), "passive"
            )
        if word in {"алынат", "алынышы"} and folded[place - 1] == "кабыл":
            ruled = _noun(folded, body, place, "nom")
            near = ruled is not None and ruled.kind in _TEXTS and body.first - ruled.first <= 3
            return _hit(folded, body, place, ruled, "passive") if near else None
        if ky_words.CARRIED_OUT.match(word):
            return _task(folded, body, place)
        if folded[place - 1] == "иштелип":
            continue  # «иштелип чыгат жана бекитилет»
        far_attribute = place - body.last > 3 and word.endswith(("ган", "ген", "гон"))
        if ky_words.ACTIVE_FINITE.match(word) or (_takes(word) and not far_attribute):
            return None
    return None


def _owner(folded: Sequence[str], body: Body) -> Hit | None:
    """«Тартибин аныктоо Министрлер Кабинетинин компетенциясына кирет»."""
    following = folded[body.last + 1 : body.last + 5]
    if any(ky_words.COMPETENCE.match(word) for word in following) and any(
        word.startswith("кир") for word in following
    ):
        return _task(folded, body, body.last)
    return None


def _task(folded: Sequence[str], body: Body, verb: int) -> Hit | None:
    """The making of a rule named as a noun before the body: «методикасын бекитүү …»."""
    for place in range(body.first - 1, max(-1, body.first - 4), -1):
        if ky_words.NOUN_OF_MAKING.match(folded[place]):
            for noun in range(place - 1, max(-1, place - 4), -1):
                ruled = rule_at(folded, noun, "acc")
                if ruled is not None:
                    return _hit(folded, body, verb, ruled, "noun")
    return None


def _subject(words: Sequence[Token], folded: Sequence[str], body: Body) -> Hit | None:
    """«Министрлер Кабинети аныктаган тартипте», «… тартибин Министрлер Кабинети бекитет»."""
    for place in range(body.last + 1, min(len(folded), body.last + 60)):
        word = folded[place]
        if word in {";", ":"}:
            return None
        near = place - body.last <= 4
        if ky_words.ACTIVE_PARTICIPLE.match(word) and near:
            if word == "алган" and folded[place - 1] != "кабыл":
                return None
            following = folded[place + 1] if place + 1 < len(folded) else ""
            if word in {"аныктай", "белгилей", "беките"} and following not in {"турган"}:
                if following.startswith("ал"):
                    return _hit(folded, body, place, _noun(folded, body, place, "acc"), "active")
                return None
            ruled = _head_after(folded, place, body) or _named_before(folded, body)
            return _hit(folded, body, place, ruled, "participle")
        if ky_words.ACTIVE_FINITE.match(word) or ky_words.ACTIVE_ORDER.match(word):
            return _hit(folded, body, place, _noun(folded, body, place, "acc"), "active")
        if ky_words.CAN.match(word):
            return _hit(folded, body, place, _noun(folded, body, place, "acc"), "active")
        if near and _takes(word) and not _FINITE.search(word):
            return None
        if word.startswith(("тарабынан", "аркылуу", "алдында")) and near:
            return None
    return None


#: «… реестрди жүргүзөт, тартибин белгилейт»: a predicate before another leaves the subject free.
_FINITE = re.compile(r"[аеойу]т\Z")


def _takes(word: str) -> bool:
    return bool(ky_words.OTHER_VERB.match(word)) and not ky_words.NO_VERB.match(word)


def _head_after(folded: Sequence[str], participle: int, body: Body) -> Ruled | None:
    """The noun behind a participle: the first rule among the next words; plural things count as a class of things."""
    for place in range(participle + 1, min(len(folded), participle + 9)):
        word = folded[place]
        if word in {";", ":", "."} or (word == "," and place > participle + 4):
            break
        kind = ky_words.kind_of(word, folded[place - 1]) or ky_words.typical(folded, place)
        if kind is not None:
            following = folded[place + 1] if place + 1 < len(folded) else ""
            if ky_words.case(kind[1]) == "gen" and following not in _WITHIN:
                continue
            return Ruled(place, place, kind[0])
        if ky_words.NO_RULE.match(word) and ky_words.case(word[3:]) != "gen":
            return None
        if ky_words.MAKES.match(word):
            continue
        if place == participle + 1 and ky_words.PLURAL.match(word) and body.authority == found.CABINET:
            return Ruled(place, place, "class")
    return None


#: «бекиткен ставкалардын негизинде»
_WITHIN = frozenset({"негизинде", "чегинде", "чектеринде", "алкагында", "талаптарына"})


#: «бюджеттик уюмдарда»
_ADJECTIVE_END = re.compile(r"[тлд][ыиуо]к\Z")


def _named_before(folded: Sequence[str], body: Body) -> Ruled | None:
    """«узактыгы … тарабынан аныкталуучу өргүү»: the rule right before the body belongs to what follows."""
    ruled = rule_at(folded, body.first - 1, "nom") if body.first else None
    return ruled if ruled and folded[ruled.first].endswith(("ы", "и", "у")) else None


def _noun(
    folded: Sequence[str], body: Body, verb: int, wanted: str, *, only_between: bool = False
) -> Ruled | None:
    """The rule a predicate lays down: between body and verb, else the nearest before the body."""
    for place in range(verb - 1, body.last, -1):
        found_here = rule_at(folded, place, wanted)
        if found_here is not None:
            return found_here
    if only_between:
        return None
    for place in range(body.first - 1, max(-1, body.first - 40), -1):
        word = folded[place]
        if word in {";", ":"}:
            break
        found_here = rule_at(folded, place, wanted)
        if found_here is not None:
            return found_here
        if (
            body.first - place <= 3
            and ky_words.NO_RULE.match(word)
            and not _ADJECTIVE_END.search(word)
            and ky_words.case(word[3:]) in {"nom", "acc"}
        ):
            return None
    return None


def rule_at(folded: Sequence[str], place: int, wanted: str) -> Ruled | None:
    kind = ky_words.kind_of(folded[place], folded[place - 1] if place else "")
    kind = kind or ky_words.typical(folded, place)
    if kind and place + 1 < len(folded) and ky_words.compound(kind[1], folded[place + 1]):
        return None
    if kind is None:
        return None
    if ky_words.case(kind[1]) == wanted or (wanted == "acc" and kind[1] == ""):
        return Ruled(place, place, kind[0])
    return None


def _enacts(folded: Sequence[str]) -> bool:
    """A preamble, amendments and repeals refer to a bylaw without leaving it anything."""
    return any(
        word in {"кылат", "киргизилсин", "таанылсын", "озгортуулор", "толукталсын", "келтирсин"}
        for word in folded
    )


def _hit(
    folded: Sequence[str], body: Body, verb: int, ruled: Ruled | None, rule: str, score: float | None = None
) -> Hit | None:
    if ruled is None:
        return None
    if folded[ruled.first].startswith(ky_words.WEAK) and _of_each(folded):
        return None
    if score is None:
        score = 0.95 if body.authority == found.CABINET else 0.9
        score = round(score if ruled.kind in STRONG else score - 0.2, 2)
    first, last = min(ruled.first, body.first, verb), max(ruled.last, body.last, verb)
    of = ruled.first if rule in {"participle", "bylaw"} else _object_start(folded, body, ruled)
    return Hit(first, last, body.first, body.last, body.authority, ruled, of, ruled.last, verb, rule, score)


def _of_each(folded: Sequence[str]) -> bool:
    return any(one == "ар" and other == "бир" for one, other in pairwise(folded))


def _object_start(folded: Sequence[str], body: Body, ruled: Ruled) -> int:
    """Back from the head to the body, or to the beginning of the sentence behind its number."""
    stop = body.last if ruled.first > body.last else -1
    place = ruled.first
    while place - 1 > stop and ruled.first - place < 40 and folded[place - 1] not in {";", ":", ")", "."}:
        place -= 1
    while place < ruled.first and not folded[place][0].isalpha():
        place += 1
    return place
