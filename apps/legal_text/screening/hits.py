"""What the grammar of either language hands to the engine: places in words, not yet in letters."""

from __future__ import annotations

from dataclasses import dataclass

NONE = "none"
UNKNOWN = "unknown"
#: Kinds that are rules by their very name; the others are now and then one decision.
STRONG = frozenset(
    "procedure regulation rules methodology form list rates criteria regime functions bylaw".split()
)


@dataclass(frozen=True, slots=True)
class Ruled:
    """Words first..last name what is laid down; `kind` a kind of rule, NONE what is no rule, "class" things, UNKNOWN."""

    first: int
    last: int
    kind: str

    @property
    def is_rule(self) -> bool:
        return self.kind not in {NONE, UNKNOWN}


@dataclass(frozen=True, slots=True)
class Hit:
    """Words first..last hold the delegation, body_first..body_last the body; `ruled` is the head of what is delegated,
    object_first..object_last the whole of it."""

    first: int
    last: int
    body_first: int
    body_last: int
    authority: str
    ruled: Ruled
    object_first: int
    object_last: int
    verb: int
    rule: str
    score: float
