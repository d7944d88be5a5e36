"""Russian forms of words: a thin, cached layer over the dictionary of pymorphy3."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import pymorphy3

_CASES = {
    "nomn": "nom", "gent": "gen", "datv": "dat", "accs": "acc", "ablt": "ins", "loct": "loc",
    "gen1": "gen", "acc2": "acc", "loc1": "loc", "loc2": "loc",
}  # fmt: skip
# The second genitive («порядку», «сроку») is left out: acts do not use it, and it would pass for the dative.
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a form: `pos` as pymorphy names it, case in three letters, gender "" in the plural."""

    lemma: str
    pos: str
    case: str
    number: str
    gender: str
    animate: bool
    passive: bool


@cache
def _analyzer() -> Any:
    logging.getLogger("pymorphy3").setLevel(logging.WARNING)  # it tells of every start otherwise
    return pymorphy3.MorphAnalyzer(lang="ru")


@lru_cache(maxsize=50_000)
def readings(low: str) -> tuple[Reading, ...]:
    """Every reading of the form the dictionary knows or guesses; none for what is too long to be a word."""
    if not 3 <= len(low) <= _LONGEST:  # «и», «в» are no letters of the alphabet here
        return ()
    found = []
    for parse in _analyzer().parse(low):
        tag = parse.tag
        found.append(
            Reading(
                parse.normal_form.replace("ё", "е"),
                str(tag.POS or ""),
                _CASES.get(str(tag.case or ""), ""),
                str(tag.number or ""),
                str(tag.gender or "") if tag.number == "sing" else "",
                tag.animacy == "anim",
                tag.voice == "pssv",
            )
        )
    return tuple(found)


def nouns(low: str) -> tuple[Reading, ...]:
    return tuple(reading for reading in readings(low) if reading.pos == "NOUN")


def is_noun(low: str) -> bool:
    found = readings(low)
    return bool(found) and any(reading.pos == "NOUN" for reading in found[:3])


@lru_cache(maxsize=50_000)
def is_finite(low: str) -> bool:
    """A verb that can be a predicate: finite, or a short participle. A guess at an unknown word («айыл») is none."""
    found = readings(low)
    return bool(found) and found[0].pos in {"VERB", "PRTS"} and bool(_analyzer().word_is_known(low))


def is_modifier(low: str) -> bool:
    """An adjective or participle, in any reading."""
    return any(reading.pos in {"ADJF", "PRTF", "NUMR"} for reading in readings(low))


def is_active_participle(low: str) -> bool:
    """«реализующий»: it makes a clause of its own."""
    found = readings(low)
    return bool(found) and found[0].pos == "PRTF" and not found[0].passive


def is_passive_participle(low: str) -> bool:
    return any(reading.pos == "PRTF" and reading.passive for reading in readings(low))


def cases(low: str, pos: frozenset[str]) -> frozenset[tuple[str, str, str]]:
    """(case, number, gender) of every reading of these parts of speech."""
    return frozenset((r.case, r.number, r.gender) for r in readings(low) if r.pos in pos and r.case)
