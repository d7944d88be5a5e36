"""Merging agreed wordings into an act: each takes the place of the words of one provision, everything else stays.

The words of a provision are its title and its own text, a line each; its number is printed before them and does not
change. What makes no sense raises MergingRefused, whose code has words in `messages.MERGING`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from apps.legal_text import labels, promised
from apps.legal_text.errors import MergingRefused
from apps.legal_text.nodes import Node
from apps.legal_text.normalize import normalize
from apps.legal_text.outline import TITLED, Outline
from apps.legal_text.provisions import Provision, ReadAct

_BLANK = re.compile(r"[^\S\t\n]+")
#: Units whose own words run over several lines as they are.
_OF_LINES = frozenset(("signature", "closing"))
_FIXED = frozenset(("annex", "quoted"))


@dataclass(frozen=True, slots=True)
class Merged:
    """The act with the new words in it; `changed`: eids whose words are others now, in document order."""

    act: ReadAct
    changed: tuple[str, ...]


def words(unit: Provision) -> str:
    """The own words of a provision as a person edits them: its title on the first line, its text on the next."""
    return "\n".join(part for part in (_title(unit), unit.text) if part)


def fitted(unit: Provision, wording: str) -> str:
    """All words of the provision with a proposed wording in the place it is meant for.

    A wording that leaves words out («… по согласованию с ассоциацией») cannot be put in by itself: the words stay.
    """
    lines = _lines(wording)
    if not lines or promised.leaves_out(wording):
        return words(unit)
    bare = _without_label(unit, lines[0])
    labelled = bare != lines[0]
    lines = [line for line in (bare, *lines[1:]) if line]
    title = _title(unit)
    if title and not (labelled or normalize(lines[0]) == normalize(title)):
        lines.insert(0, title)
    return "\n".join(lines)


def merge(act: ReadAct, wordings: Mapping[str, str]) -> Merged:
    """Give provisions other words: eid -> words as of `words`. What equals the present words changes nothing.

    Every other provision stays as it is, and every eid goes on naming the provision it named. Raises MergingRefused
    with the eid: unknown_unit, empty, fixed_kind, too_many_lines, another_unit, moves_others.
    """
    units = {unit.eid: unit for unit in act.provisions}
    outline = Outline(act)
    changed: set[str] = set()
    for eid, typed in wordings.items():
        unit = units.get(eid)
        at = outline.at(eid)
        if unit is None or at is None:
            raise MergingRefused("unknown_unit", eid)
        if _same(typed, words(unit)):
            continue
        _take(outline.nodes[at], unit, typed)
        changed.add(eid)
    if not changed:
        return Merged(act, ())
    merged = outline.finished()
    _refuse_moves(act, merged, changed)
    return Merged(merged, tuple(unit.eid for unit in act.provisions if unit.eid in changed))


def astray(wanted: ReadAct, read: ReadAct) -> dict[str, tuple[str, ...]]:
    """Where a reading is not the wanted one: eid -> the parts that differ ("missing", "added", "order" for the whole
    unit), in document order. Empty: the same provisions, one by one.
    """
    here, there = ({unit.eid: unit for unit in act.provisions} for act in (wanted, read))
    found: dict[str, tuple[str, ...]] = {}
    for eid, unit in here.items():
        parts = _different(unit, there[eid]) if eid in there else ("missing",)
        if parts:
            found[eid] = parts
    found |= {eid: ("added",) for eid in there if eid not in here}
    if not found and list(here) != list(there):
        found = {a: ("order",) for a, b in zip(here, there, strict=True) if a != b}
    return found


# how it is done


def _title(unit: Provision) -> str:
    """The title a person may edit; the heading of a preamble is that of the act and stays."""
    return " ".join((unit.heading or "").split("\n")) if unit.kind in TITLED else ""


def _lines(typed: str) -> list[str]:
    return [line for line in (_BLANK.sub(" ", line).strip() for line in typed.splitlines()) if line]


def _same(typed: str, present: str) -> bool:
    return [normalize(line) for line in _lines(typed)] == [normalize(line) for line in _lines(present)]


def _without_label(unit: Provision, line: str) -> str:
    """The line without the provision's own number, where somebody typed that too."""
    label = unit.label or ""
    if label and line.startswith(label) and not line[len(label) : len(label) + 1].strip():
        return line[len(label) :].lstrip()
    read = labels.read(line)
    if label and read is not None and normalize(read.printed) == normalize(label):
        return read.rest.strip()
    return line


def _take(node: Node, unit: Provision, typed: str) -> None:
    if unit.kind in _FIXED:
        raise MergingRefused("fixed_kind", unit.eid)
    lines = _lines(typed)
    if lines:
        lines[0] = _without_label(unit, lines[0])
        lines = [line for line in lines if line]
    if not lines:
        raise MergingRefused("empty", unit.eid)
    if unit.kind in _OF_LINES:
        node.text = "\n".join(lines)
        return
    if _title(unit):
        node.heading, *lines = lines
        if not lines and unit.text:
            raise MergingRefused("empty", unit.eid)
    if len(lines) > 1:
        raise MergingRefused("too_many_lines", unit.eid)
    if lines and labels.read(lines[0]) is not None and "\t" not in lines[0]:
        raise MergingRefused("another_unit", unit.eid)
    node.text = lines[0] if lines else None


def _refuse_moves(before: ReadAct, after: ReadAct, changed: Iterable[str]) -> None:
    """Nothing but the words of the changed units may be another."""
    for old, new in zip(before.provisions, after.provisions, strict=True):
        if old.eid != new.eid or (old.eid not in changed and old != new):
            raise MergingRefused("moves_others", old.eid)


def _different(one: Provision, other: Provision) -> tuple[str, ...]:
    found = [part for part in ("kind", "number", "parent") if getattr(one, part) != getattr(other, part)]
    said = [
        part
        for part in ("label", "heading", "text")
        if normalize(getattr(one, part)) != normalize(getattr(other, part))
    ]
    return (*found, *said)
