"""Steps of mending as plain values: what a person asked for, kept, done again when a later step is undone.

A step is {"do": …, "eid": …} with what it asks for besides: a place or words for "split", "kind", "number".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.legal_text import mending, numbers
from apps.legal_text.errors import MendingRefused
from apps.legal_text.provisions import Provision, ReadAct

DOES = ("split", "merge", "in", "out", "kind", "renumber", "title", "annex")
_FARTHEST = 400  # places offered in one unit
_BEGINS = re.compile(
    r"(?<=\n)(?=\S)|(?<=[.;:!?»”\"]\s)(?<!\d\.\s)(?=[«“\"]?[А-ЯЁҢӨҮA-Z]|\d{1,3}[.)]|[а-яёңөүa-z]\)|[-–—]\s)|(?<=\s)(?=\d{1,3}\)\s)"
)


@dataclass(frozen=True, slots=True)
class Mended:
    """The reading after a step, and the eid of the unit to look at then."""

    act: ReadAct
    eid: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a unit may be divided: before `words` in its `field` ("heading" or "text"), `at` characters from its start."""

    field: str
    at: int
    words: str

    @property
    def code(self) -> str:
        """The place as one word, for a form."""
        return f"{self.field}:{self.at}"


def apply(act: ReadAct, step: Mapping[str, Any]) -> Mended:
    """Do one step. Raises MendingRefused."""
    do, eid = str(step.get("do", "")), str(step.get("eid", ""))
    at = next((i for i, provision in enumerate(act.provisions) if provision.eid == eid), None)
    if at is None:
        raise MendingRefused("unknown_unit")
    if do == "split":
        mended = _split(act, act.provisions[at], step)
        at += len(mended.provisions) - len(act.provisions)
    elif do == "merge":
        mended = mending.merge(act, eid)
        at -= 1
    elif do == "in":
        mended = mending.inward(act, eid)
    elif do == "out":
        mended = mending.outward(act, eid)
    elif do == "kind":
        mended = mending.relevel(act, eid, str(step.get("kind", "")))
    elif do == "renumber":
        mended = mending.renumber(act, eid, number_of(str(step.get("number", ""))))
    elif do == "title":
        mended = mending.entitle(act, eid)
    elif do == "annex":
        mended = mending.mark_annex(act, eid)
    else:
        raise MendingRefused("no_further")
    return Mended(mended, mended.provisions[at].eid)


def _split(act: ReadAct, unit: Provision, step: Mapping[str, Any]) -> ReadAct:
    if step.get("words"):
        place = place_of(unit, str(step["words"]))
    else:
        place = Place(str(step.get("field", "")), int(step.get("at", 0)), "")
    if place.field == "heading":
        return mending.split(act, unit.eid, place.at, field="heading")
    return mending.split(act, unit.eid, place.at)


def places(unit: Provision) -> list[Place]:
    """Where a line, a sentence or a number begins inside a unit."""
    found = []
    for field in ("heading", "text"):
        value = getattr(unit, field) or ""
        starts = sorted({match.start() for match in _BEGINS.finditer(value)} - {0})
        found += [Place(field, at, _words(value, at)) for at in starts]
    return found[:_FARTHEST]


def place_of(unit: Provision, words: str) -> Place:
    """The place where these words begin. Raises MendingRefused when they are not there, or twice."""
    wanted = [re.escape(word) for word in words.split()]
    if not wanted:
        raise MendingRefused("empty_side")
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(wanted))
    found = [
        Place(field, match.start(), _words(getattr(unit, field) or "", match.start()))
        for field in ("heading", "text")
        for match in pattern.finditer(getattr(unit, field) or "")
    ]
    if not found:
        raise MendingRefused("words_not_found")
    if len(found) > 1:
        raise MendingRefused("words_twice")
    return found[0]


def _words(text: str, at: int) -> str:
    return " ".join(text[at : at + 120].split())[:80]


def number_of(typed: str) -> str:
    """A number as it is printed ("24¹", "24-1.", "IV", "в)") in the form `mending.renumber` takes."""
    bare = typed.strip().rstrip(".)").strip()
    if re.fullmatch(rf"\d[\d\s.\-–—‑{numbers.SUPERSCRIPTS}]*", bare):
        return numbers.normalise(bare)
    if re.fullmatch(r"[IVXLCІХӀ]{1,8}", bare):
        return numbers.container_number(bare) or bare
    return bare
