"""Giving every unit its eid, and saying what is doubtful about the numbers.

Articles carry no container prefix, except inside an annex or a quotation; chapters repeat their section only when
the number repeats, and points standing under chapters repeat the chapter on the same condition.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from apps.legal_text import amendments, numbers
from apps.legal_text.nodes import Node

PREFIXES = {
    "part": "part", "section": "sec", "chapter": "chp", "article": "art", "paragraph": "para", "point": "point",
    "subpoint": "subpoint", "indent": "al", "note": "note", "annex": "att", "quoted": "qstr",
}  # fmt: skip
_CONTAINERS = ("part", "section", "chapter")
_NUMBERED = ("part", "section", "chapter", "article", "paragraph", "point", "subpoint")


#: Doubts that follow from the numbers alone; they are found anew whenever numbers change.
OF_NUMBERS = frozenset(("number_gap", "number_order", "duplicate_number"))


def assign(nodes: Sequence[Node], *, restore: bool = True) -> None:
    """Set number, eid and doubts of all units (in document order: a parent stands before its children).

    `restore`: read «161» between 16 and 17 as 16-1; not where a person has settled the numbers.
    """
    runs = _runs(nodes)
    for run in runs:
        if restore:
            _restore_flattened(run)
        _doubt_order(run)
    repeated = _repeated(nodes)
    counted: Counter[tuple[int, str]] = Counter()
    printed = _printed(nodes)
    seen: Counter[str] = Counter()
    for node in nodes:
        eid = _eid(node, repeated, counted, printed)
        seen[eid] += 1
        if seen[eid] > 1:
            eid = f"{eid}-dup{seen[eid]}"
            node.doubts.append("duplicate_number")
        node.eid = eid
    for node in nodes:
        if node.kind in ("paragraph", "point", "subpoint", "indent") and _instructs(node):
            node.kind = "instruction"


def _printed(nodes: Iterable[Node]) -> dict[tuple[int, str], set[str]]:
    """Numbers that units of one kind under one parent carry: those without one are counted around them."""
    found: defaultdict[tuple[int, str], set[str]] = defaultdict(set)
    for node in nodes:
        if node.number is not None:
            found[(id(node.parent), node.kind)].add(node.number)
    return found


def _eid(
    node: Node,
    repeated: set[tuple[int, str, str]],
    counted: Counter[tuple[int, str]],
    printed: Mapping[tuple[int, str], Collection[str]],
) -> str:
    prefix = PREFIXES.get(node.kind)
    parent = _prefixing_parent(node, repeated)
    before = f"{parent.eid}__" if parent is not None else ""
    if prefix is None:
        return f"{before}{node.kind}"
    number = node.number
    if number is None or node.kind == "indent":
        key = (id(parent), node.kind)
        taken = printed.get((id(node.parent), node.kind), frozenset())
        # The unit's own text is its first paragraph: «абзац второй» is al_2.
        if node.kind == "indent" and not counted[key] and parent is not None and parent.text:
            counted[key] = 1
        counted[key] += 1
        while node.kind != "indent" and str(counted[key]) in taken:
            counted[key] += 1
        number = str(counted[key])
    return f"{before}{prefix}_{number}"


def _prefixing_parent(node: Node, repeated: set[tuple[int, str, str]]) -> Node | None:
    """The unit whose eid stands before this one's."""
    parent = node.parent
    if _is_subsection(node):
        return parent
    if node.kind == "article" or node.kind in _CONTAINERS or _is_top_point(node):
        while parent is not None and parent.kind in (*_CONTAINERS, "article"):
            if (id(node.scope), node.kind, node.number or "") in repeated and node.kind != "article":
                return parent
            parent = parent.parent
    return parent


def _is_subsection(node: Node) -> bool:
    """A section within a section or a chapter («Подраздел 1», «§ 1»): numbered within it, named after it."""
    return node.kind == "section" and node.parent is not None and node.parent.kind in ("section", "chapter")


def _is_top_point(node: Node) -> bool:
    """A point of a resolution or an annex that stands directly under a chapter."""
    return node.kind == "point" and node.parent is not None and node.parent.kind in _CONTAINERS


def _repeated(nodes: Iterable[Node]) -> set[tuple[int, str, str]]:
    """(scope, kind, number) of containers and their points that come up under more than one container."""
    parents: defaultdict[tuple[int, str, str], set[int]] = defaultdict(set)
    for node in nodes:
        if (node.kind in _CONTAINERS and not _is_subsection(node)) or _is_top_point(node):
            parents[(id(node.scope), node.kind, node.number or "")].add(id(node.parent))
    return {key for key, found in parents.items() if len(found) > 1}


def _runs(nodes: Iterable[Node]) -> list[list[Node]]:
    """Units that are numbered one after another: articles of a scope through all chapters, points of one part …"""
    runs: defaultdict[tuple[str, int, int], list[Node]] = defaultdict(list)
    for node in nodes:
        if node.kind in _NUMBERED and node.number and node.number[0].isdigit():
            through = (
                node.kind == "article" or node.kind in _CONTAINERS or _is_top_point(node)
            ) and not _is_subsection(node)
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
    """Doubts numbers that go back, and those before which one is missing: the next whole number or the next step."""
    if not run or (run[0].scope is not None and run[0].scope.kind == "quoted"):
        return
    last: tuple[int, ...] = ()
    highest = 0
    for node in run:
        key = numbers.sort_key(node.number or "")
        if not last or (node.kind in (*_CONTAINERS, "point") and key == (1,)):
            if key[:1] > (1,):
                node.doubts.append("number_gap")
            highest = key[0]
        elif key < last:
            node.doubts.append("number_order")
        elif key[0] > highest + 1 or _skips_a_step(last, key):
            node.doubts.append("number_gap")
        last, highest = key, max(highest, key[0])


def _skips_a_step(last: tuple[int, ...], key: tuple[int, ...]) -> bool:
    """24-3 after 24-1, or 24-2 right after 24."""
    if len(key) < 2 or key[:-1] != last[: len(key) - 1]:
        return False
    return key[-1] > (last[len(key) - 1] if len(last) >= len(key) else 0) + 1


def _instructs(node: Node) -> bool:
    """A unit of an amending act that changes something, or a numbered one under the words that announce changes.

    An unnumbered paragraph is an instruction only by its own operator («в статье 3 слова "А" исключить»).
    """
    if node.scope is not None and node.scope.kind == "quoted":
        return False
    announced = any(ancestor.text and amendments.leads(ancestor.text) for ancestor in node.ancestors())
    if announced and node.kind != "indent":
        return True
    told = announced or (node.amends and node.kind != "indent")
    return told and amendments.operates(node.text or "")
