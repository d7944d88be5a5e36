"""A reading as units that can be moved, and back: the ground under `mending`.

Units stand in document order. A unit's parent is always the unit right before it or one of that unit's ancestors, so
that the order of the text and the tree say the same.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

from apps.legal_text import eids, labels, messages
from apps.legal_text.nodes import Node
from apps.legal_text.provisions import Doubt, Provision, ReadAct

#: From the outside in; «part» here is that of a code.
LADDER = ("part", "section", "chapter", "article", "paragraph", "point", "subpoint", "indent")
CONTAINERS = frozenset(("part", "section", "chapter"))
TITLED = CONTAINERS | {"article"}
LEAF = 99
_APART = -1
_APART_KINDS = frozenset(("preamble", "signature", "closing", "annex"))
_BY_PREFIX = {"para": "paragraph", "point": "point", "subpoint": "subpoint", "al": "indent"}
_SCOPES = frozenset(("annex", "quoted"))
#: Units that nothing numbered belongs to.
_CLOSED = frozenset(("preamble", "signature", "closing", "indent"))


class Outline:
    """The units of one reading; `finished` gives the new reading. Never changes the one it was made of."""

    def __init__(self, act: ReadAct) -> None:
        self._act = act
        self.nodes: list[Node] = []
        by_eid: dict[str, Node] = {}
        for provision in act.provisions:
            node = _node(provision, by_eid.get(provision.parent or ""), act)
            by_eid[provision.eid] = node
            self.nodes.append(node)
        self._by_eid = by_eid
        self._doubts: dict[tuple[int, str], Doubt] = {}
        self._loose: list[Doubt] = []
        for doubt in act.doubts:
            owner = by_eid.get(doubt.eid or "")
            if owner is None:
                self._loose.append(doubt)
            else:
                self._doubts[(id(owner), doubt.code)] = doubt
                if doubt.code not in eids.OF_NUMBERS:
                    owner.doubts.append(doubt.code)

    def at(self, eid: str) -> int | None:
        """Place of a unit in the order of the text."""
        node = self._by_eid.get(eid)
        return None if node is None else self.nodes.index(node)

    def children(self, node: Node) -> list[Node]:
        return [one for one in self.nodes if one.parent is node]

    # moving

    def home(self, node: Node, before: Node) -> Node | None:
        """The nearest unit, `before` or one around it, that this one may stand in."""
        around = (before, *before.ancestors())
        return next((one for one in around if _owns(one, node)), node.scope)

    def settle(self, changed: int, lost: Collection[Node] = ()) -> None:
        """Units after `changed` get a parent that reaches to them: where theirs does not, or where it is nearer."""
        nearer = self.nodes[changed]
        for i in range(changed + 1, len(self.nodes)):
            node, before = self.nodes[i], self.nodes[i - 1]
            if node.kind in _APART_KINDS:
                continue
            node.level = level_of(node)
            around = (before, *before.ancestors())
            outermost = node.parent is None or node.parent is node.scope
            reaches = node.parent is node.scope or (node.parent in around and _owns(node.parent, node))
            if node in lost or not reaches:
                node.parent = self.home(node, before)
            elif (
                nearer in around
                and _owns(nearer, node)
                and (outermost or (node.level < LEAF and node.parent in nearer.ancestors()))
            ):
                node.parent = nearer
            node.level = level_of(node)

    def rescope(self, node: Node, scope: Node | None) -> None:
        """Put a unit, with what stands in it, into an annex or a quotation (None: the act itself)."""
        before = node.scope
        inside = {id(node)}
        for one in self.nodes[self.nodes.index(node) :]:
            if id(one) in inside or (one.parent is not None and id(one.parent) in inside):
                inside.add(id(one))
                if one.scope is before:
                    one.scope = scope

    # back to a reading

    def finished(self) -> ReadAct:
        eids.assign(self.nodes, restore=False)
        doubts = list(self._loose)
        for node in self.nodes:
            for code in dict.fromkeys(node.doubts):
                found = self._doubts.get((id(node), code), Doubt(code, None, None, messages.DOUBTS[code]))
                doubts.append(dataclasses.replace(found, eid=node.eid))
        return dataclasses.replace(
            self._act, doubts=tuple(doubts), provisions=tuple(_provision(node) for node in self.nodes)
        )


def _node(provision: Provision, parent: Node | None, act: ReadAct) -> Node:
    kind = provision.kind
    if kind == "instruction":
        kind = _BY_PREFIX.get(provision.eid.rpartition("__")[2].partition("_")[0], "point")
    scope = parent if parent is not None and parent.kind in _SCOPES else parent.scope if parent else None
    node = Node(
        kind=kind,
        line=0,
        level=LEAF,
        parent=parent,
        scope=scope,
        number=provision.number,
        label=provision.label,
        heading=provision.heading,
        text=provision.text,
        amends=act.amending,
    )
    node.level = level_of(node)
    return node


def _provision(node: Node) -> Provision:
    parent = node.parent.eid if node.parent is not None else None
    return Provision(node.eid, node.kind, node.number, node.label, node.heading, node.text, parent)


def level_of(node: Node, near: Node | None = None) -> int:
    """How deep a unit of this kind, with this label, stands (the levels of `labels`).

    A point of a resolution stands as high as a part of an article; `near` is the unit before one that has no parent yet.
    """
    label = node.label or ""
    beside = node.parent or near
    around = [beside, *beside.ancestors()] if beside is not None else []
    in_article = any(one.kind in ("article", "paragraph") for one in around)
    if node.kind in _APART_KINDS:
        return _APART
    if node.kind == "section":
        within = node.parent.kind if node.parent is not None else ""
        return labels.LEVELS[{"chapter": "subchapter", "section": "subsection"}.get(within, "section")]
    if node.kind in ("part", "chapter", "article"):
        return labels.LEVELS[node.kind]
    if node.kind == "note":
        return labels.LEVELS["note"] if label and not label.startswith("[") else LEAF
    if node.kind == "paragraph":
        return labels.LEVELS["dot"]
    if node.kind == "point":
        return labels.LEVELS["paren" if label.endswith(")") or in_article else "dot"]
    if node.kind == "subpoint":
        in_point = any(one.kind == "point" and not (one.label or "").endswith(")") for one in around)
        return labels.LEVELS["paren" if label[:1].isdigit() and in_point and not in_article else "letter"]
    return LEAF


def words(node: Node) -> str:
    """Everything a unit says itself, in order."""
    return " ".join(part for part in (node.label, node.heading, node.text) if part)


def _owns(parent: Node | None, node: Node) -> bool:
    """Whether `node`, coming later, may stand in `parent`: in its scope, and on a level above."""
    if parent is None or parent is node.scope:
        return parent is not None
    if node.kind == "quoted" and parent.kind == "indent":
        return parent.scope is node.scope
    if parent.scope is not node.scope or parent.kind in _SCOPES:
        return False
    if node.level == LEAF:
        return parent.kind == "preamble" or (parent.kind not in _CLOSED and parent.level < LEAF)
    return parent.kind not in _CLOSED and parent.level < node.level
