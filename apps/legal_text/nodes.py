"""A unit while the text is being walked: mutable, without its eid yet. Never leaves this app."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Node:
    """`level` closes deeper ones; `scope` is the annex or quotation it stands in (None: the act itself).

    `amends`: it belongs to an amending act, where an operator alone makes an instruction. `doubted_at`: lines of
    doubts that are not about its first one.
    """

    kind: str
    line: int
    level: int
    parent: Node | None = None
    scope: Node | None = None
    number: str | None = None
    label: str | None = None
    heading: str | None = None
    text: str | None = None
    eid: str = ""
    amends: bool = False
    doubts: list[str] = field(default_factory=list)
    doubted_at: dict[str, int] = field(default_factory=dict)

    def ancestors(self) -> list[Node]:
        """Parents, the nearest first."""
        found: list[Node] = []
        node = self.parent
        while node is not None:
            found.append(node)
            node = node.parent
        return found
