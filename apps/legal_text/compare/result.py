"""What a comparison gives: frozen dataclasses, and their form as JSON for storing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

#: Stored beside every comparison, so that a later method's result is never mistaken for an earlier one's.
METHOD_VERSION = "1"

STATES = ("unchanged", "added", "removed", "moved", "renumbered", "changed")

EditKind = Literal["same", "gone", "new"]


@dataclass(frozen=True, slots=True)
class Edit:
    """A run of words: in both editions, in the old one alone, or in the new one alone."""

    kind: EditKind
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of one provision. `states`: one of unchanged, added, removed; or of moved, renumbered, changed.

    `old` and `new` are eids; an address that differs only because a unit around it was renumbered is no change of
    the provision itself. `edits` are over `words_of` (heading and text, without the label). `sure` is False where
    the two may be different provisions: a person decides what follows from it.
    """

    old: str | None
    new: str | None
    states: tuple[str, ...]
    edits: tuple[Edit, ...]
    sure: bool = True

    @property
    def state(self) -> str:
        """The one word for the whole: changed words weigh more than another place."""
        return self.states[-1]

    @property
    def old_words(self) -> str:
        return "".join(edit.text for edit in self.edits if edit.kind != "new")

    @property
    def new_words(self) -> str:
        return "".join(edit.text for edit in self.edits if edit.kind != "gone")


@dataclass(frozen=True, slots=True)
class Followed:
    """Where a remark on an old provision belongs: `eid` of the new edition, or None and why it lost its place.

    `reason`: removed (no such provision any more), unsure (what stands there may be another one), unknown (the old
    edition has no such provision).
    """

    eid: str | None
    reason: str = ""
    states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """All provisions of both editions in the order of the new one; what was removed stands after what it followed."""

    differences: tuple[Difference, ...]
    _by_old: dict[str, Difference] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_old = {row.old: row for row in self.differences if row.old is not None}
        object.__setattr__(self, "_by_old", by_old)

    def of_old(self, eid: str) -> Difference | None:
        return self._by_old.get(eid)

    def follow(self, eid: str) -> Followed:
        """Where a remark on `eid` of the old edition belongs in the new one; never on a provision that is not its own."""
        row = self._by_old.get(eid)
        if row is None:
            return Followed(None, "unknown")
        if row.new is None:
            return Followed(None, "removed", row.states)
        if not row.sure:
            return Followed(None, "unsure", row.states)
        return Followed(row.new, "", row.states)

    def counts(self) -> dict[str, int]:
        """How many provisions are in each state; a provision moved and changed counts in both."""
        found = dict.fromkeys(STATES, 0)
        for row in self.differences:
            for state in row.states:
                found[state] += 1
        return found

    @property
    def is_equal(self) -> bool:
        return all(row.states == ("unchanged",) for row in self.differences)


def follow_in_all(comparisons: Iterable[Comparison], eid: str) -> Followed:
    """Where a remark belongs when the act has several languages: one language may be sure where another is not, but
    none may name another provision. A language that lacks the provision says nothing.
    """
    rows = [row for row in (comparison.of_old(eid) for comparison in comparisons) if row is not None]
    if not rows:
        return Followed(None, "unknown")
    states = tuple(state for state in STATES if any(state in row.states for row in rows))
    if len(states) > 1:
        states = tuple(state for state in states if state != "unchanged")
    if all(row.new is None for row in rows):
        return Followed(None, "removed", states)
    if len({row.new for row in rows}) > 1 or not any(row.sure for row in rows):
        return Followed(None, "unsure", states)
    return Followed(rows[0].new, "", states)


def as_dict(comparison: Comparison) -> dict[str, Any]:
    """Plain JSON values; the words of unchanged provisions are left out, they stand in both editions."""
    return {
        "method": METHOD_VERSION,
        "differences": [
            {
                "old": row.old,
                "new": row.new,
                "states": list(row.states),
                "sure": row.sure,
                "edits": [[edit.kind, edit.text] for edit in row.edits] if _has_edits(row) else [],
            }
            for row in comparison.differences
        ],
    }


def _has_edits(row: Difference) -> bool:
    return any(edit.kind != "same" for edit in row.edits)


def from_dict(data: Mapping[str, Any]) -> Comparison:
    """The comparison again from what `as_dict` gave. Raises KeyError or TypeError on another shape."""
    return Comparison(
        tuple(
            Difference(
                old=row["old"],
                new=row["new"],
                states=tuple(row["states"]),
                edits=tuple(Edit(kind, text) for kind, text in row["edits"]),
                sure=bool(row["sure"]),
            )
            for row in data["differences"]
        )
    )
