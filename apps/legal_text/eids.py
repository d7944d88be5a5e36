"""Giving every unit its eid, and saying what is doubtful about the numbers.

Articles carry no container prefix, except inside an annex or a quotation; chapters repeat their section only when
the number repeats, and points standing under chapters repeat the chapter on the same condition.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from apps.legal_text import amendments, numbers
from apps.legal_text.nodes import Node

PREFIXES = {
    "part": "part", "section": "sec", "chapter": "chp", "article": "art", "paragraph": "para", "point": "point",
    "subpoint": "subpoint", "indent": "al", "note": "note", "annex": "att", "quoted": "qstr",
}  # fmt: skip
_CONTAINERS = ("part", "section", "chapter")
_NUMBERED = ("part", "section", "chapter", "article", "paragraph", "point", "subpoint")


def assign(nodes: Sequence[Node]) -> None:
    """Set number, eid and doubts of all units (in document order: a parent stands before its children)."""
    runs = _runs(nodes)
    for run in runs:
        _restore_flattened(run)
        _doubt_order(run)
    repeated = _repeated(nodes)
    counted: Counter[tuple[int, str]] = Counter()
    seen: Counter[str] = Counter()
    for node in nodes:
        eid = _eid(node, repeated, counted)
        seen[eid] += 1
        if seen[eid] > 1:
            eid = f"{eid}-dup{seen[eid]}"
            node.doubts.append("duplicate_number")
        node.eid = eid
    for node in nodes:
        if node.kind in ("paragraph", "point", "subpoint") and _instructs(node):
            node.kind = "instruction"


def _eid(node: Node, repeated: set[tuple[int, str, str]], counted: Counter[tuple[int, str]]) -> str:
    prefix = PREFIXES.get(node.kind)
    parent = _prefixing_parent(node, repeated)
    before = f"{parent.eid}__" if parent is not None else ""
    if prefix is None:
        return f"{before}{node.kind}"
    number = node.number
    if number is None or node.kind == "indent":
        key = (id(parent), node.kind)
        # The unit's own text is its first paragraph: «абзац второй» is al_2.
        if node.kind == "indent" and not counted[key] and parent is not None and parent.text:
            counted[key] = 1
        counted[key] += 1
        number = str(counted[key])
    return f"{before}{prefix}_{number}"


def _prefixing_parent(node: Node, repeated: set[tuple[int, str, str]]) -> Node | None:
    """The unit whose eid stands before this one's."""
    parent = node.parent
    if node.kind == "article" or node.kind in _CONTAINERS or _is_top_point(node):
        while parent is not None and parent.kind in (*_CONTAINERS, "article"):
            if (id(node.scope), node.kind, node.number or "") in repeated and node.kind != "article":
                return parent
            parent = parent.parent
    return parent


def _is_top_point(node: Node) -> bool:
    """A point of a resolution or an annex that stands directly under a chapter."""
    return node.kind == "point" and node.parent is not None and node.parent.kind in _CONTAINERS


def _repeated(nodes: Iterable[Node]) -> set[tuple[int, str, str]]:
    """(scope, kind, number) of containers and their points that come up under more than one container."""
    parents: defaultdict[tuple[int, str, str], set[int]] = defaultdict(set)
    for node in nodes:
        if node.kind in _CONTAINERS or _is_top_point(node):
            parents[(id(node.scope), node.kind, node.number or "")].add(id(node.parent))
    return {key for key, found in parents.items() if len(found) > 1}


def _runs(nodes: Iterable[Node]) -> list[list[Node]]:
    """Units that are numbered one after another: articles of a scope through all chapters, points of one part …"""
    runs: defaultdict[tuple[str, int, int], list[Node]] = defaultdict(list)
    for node in nodes:
        if node.kind in _NUMBERED and node.number and node.number[0].isdigit():
            through = node.kind == "article" or node.kind in _CONTAINERS or _is_top_point(node)
            runs[(node.kind, id(node.scope), 0 if through else id(node.parent))].append(node)
    return list(runs.values())


def _restore_flattened(run: list[Node]) -> None:
    """«Статья 161» between 16 and 17 was «Статья 16¹»: plain text loses what was raised."""
    for i, node in enumerate(run[1:], 1):
        number = node.number or ""
        previous = run[i - 1].number or ""
        if not number.isdigit() or not previous[:1].isdigit():
            continue
        base, _, steps = previous.partition("-")
        step = (int(steps) if steps.isdigit() else 0) + 1
        if number != f"{base}{step}" or int(number) == int(base) + 1:
            continue
        after = run[i + 1].number if i + 1 < len(run) else None
        if (
            after is None
            or after in (str(int(base) + 1), f"{base}{step + 1}")
            or after.startswith(f"{base}-")
        ):
            node.number = f"{base}-{step}"
            node.doubts.append("flattened_number")


def _doubt_order(run: list[Node]) -> None:
    if not run or (run[0].scope is not None and run[0].scope.kind == "quoted"):
        return
    last: tuple[int, ...] | None = None
    for node in run:
        key = numbers.sort_key(node.number or "")
        restarts = node.kind in (*_CONTAINERS, "point") and key == (1,)
        if last is None or restarts:
            if key[:1] > (1,):
                node.doubts.append("number_gap")
        elif key < last:
            node.doubts.append("number_order")
        elif key[0] > last[0] + 1:
            node.doubts.append("number_gap")
        last = key


def _instructs(node: Node) -> bool:
    """A numbered unit of an amending act that changes something, or stands under the words that announce changes."""
    if node.scope is not None and node.scope.kind == "quoted":
        return False
    if any(ancestor.text and amendments.leads(ancestor.text) for ancestor in node.ancestors()):
        return True
    return bool(node.text) and node.amends and amendments.operates(node.text or "")
