"""Comparing two read acts: pairs of provisions, their places, their words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from apps.legal_text.compare.matching import Matcher, Pair
from apps.legal_text.compare.result import Comparison, Difference, Edit
from apps.legal_text.compare.side import Side
from apps.legal_text.compare.words import edits
from apps.legal_text.provisions import Provision, ReadAct


def compare(old: ReadAct | Sequence[Provision], new: ReadAct | Sequence[Provision]) -> Comparison:
    """What became of every provision of `old` in `new`, both in document order and in the same language.

    Label and numbers are compared normalised, words as `words_of` gives them: white space is no change.
    """
    vocabulary: dict[str, int] = {}
    left = Side(old.provisions if isinstance(old, ReadAct) else old, vocabulary)
    right = Side(new.provisions if isinstance(new, ReadAct) else new, vocabulary)
    pairs = Matcher(left, right).run()
    moved = _moved(left, right, pairs)
    rows = {eid: _paired(left, right, eid, pair, eid in moved) for eid, pair in pairs.items()}
    for eid in left.order:
        if eid not in rows:
            rows[eid] = Difference(eid, None, ("removed",), _whole("gone", left.words[eid]))
    return Comparison(tuple(_in_order(left, right, pairs, rows)))


def _paired(left: Side, right: Side, eid: str, pair: Pair, moved: bool) -> Difference:
    old, new = left.words[eid], right.words[pair.new]
    found = []
    if moved:
        found.append("moved")
    if left.step(eid) != right.step(pair.new) or left.kind(eid) != right.kind(pair.new):
        found.append("renumbered")
    if old != new:
        found.append("changed")
    return Difference(eid, pair.new, tuple(found) or ("unchanged",), edits(old, new), pair.sure)


def _whole(kind: str, words: str) -> tuple[Edit, ...]:
    return (Edit(kind, words),) if words else ()  # type: ignore[arg-type]


def _moved(left: Side, right: Side, pairs: Mapping[str, Pair]) -> set[str]:
    """Units under another unit than before, and the fewest siblings whose order explains the new order."""
    moved = set()
    for parent, children in left.children.items():
        under = pairs[parent].new if parent is not None and parent in pairs else None
        stayed = []
        for eid in children:
            if eid not in pairs:
                continue
            if (parent is not None and under is None) or right.by_eid[pairs[eid].new].parent != under:
                moved.add(eid)
            else:
                stayed.append(eid)
        order = [right.position[pairs[eid].new] for eid in stayed]
        kept = _longest_rising(order)
        moved.update(eid for at, eid in enumerate(stayed) if at not in kept)
    return moved


def _longest_rising(values: Sequence[int]) -> set[int]:
    """Indices of a longest rising subsequence."""
    ends: list[int] = []
    at_end: list[int] = []
    before: list[int] = []
    for i, value in enumerate(values):
        place = bisect_left(ends, value)
        before.append(at_end[place - 1] if place else -1)
        if place == len(ends):
            ends.append(value)
            at_end.append(i)
        else:
            ends[place], at_end[place] = value, i
    kept: set[int] = set()
    i = at_end[-1] if at_end else -1
    while i >= 0:
        kept.add(i)
        i = before[i]
    return kept


def _in_order(
    left: Side, right: Side, pairs: Mapping[str, Pair], rows: Mapping[str, Difference]
) -> list[Difference]:
    removed: dict[str | None, list[str]] = {}
    anchor: str | None = None
    for eid in left.order:
        if eid in pairs:
            anchor = eid
        else:
            removed.setdefault(anchor, []).append(eid)
    came_from = {pair.new: eid for eid, pair in pairs.items()}
    found = [rows[eid] for eid in removed.get(None, ())]
    for eid in right.order:
        old = came_from.get(eid)
        if old is None:
            found.append(Difference(None, eid, ("added",), _whole("new", right.words[eid])))
        else:
            found.append(rows[old])
            found += [rows[gone] for gone in removed.get(old, ())]
    return found
