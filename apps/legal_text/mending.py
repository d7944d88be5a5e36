"""Mending a reading by hand: each step makes a new reading of the one before, with its eids anew, and loses no character.

Undoing a step is taking the reading before it; the file it was read from never changes. Steps that make no sense raise
MendingRefused, whose code has words in `messages.MENDING`.
"""

from __future__ import annotations

import re
from typing import Literal

from apps.legal_text import labels, numbers
from apps.legal_text.errors import MendingRefused
from apps.legal_text.nodes import Node
from apps.legal_text.outline import CONTAINERS, LADDER, LEAF, TITLED, Outline, level_of, words
from apps.legal_text.provisions import ReadAct

Field = Literal["text", "heading"]
_NUMBER = re.compile(r"\d{1,4}(?:-\d{1,4}){0,3}\Z")
_LETTER = re.compile(r"[а-яёңөүa-z](?:-?\d{1,2})?\Z")
_FIXED = frozenset(("preamble", "signature", "closing", "quoted", "annex", "note"))
#: Doubts about what a line is; whoever says what it is has answered them.
_ABOUT_THE_LINE = frozenset(
    ("heading_without_dot", "mention_or_heading", "heading_by_style", "title_or_text")
)
_ABOUT_THE_NUMBER = frozenset(("flattened_number", "lookalike_letter"))


def split(act: ReadAct, eid: str, offset: int, *, field: Field = "text", plain: bool = False) -> ReadAct:
    """Divide a provision before the character `offset` of its text (or heading).

    What follows becomes the unit whose number it begins with («2) …»); without one, or with `plain`, a paragraph of its
    own. The rest of a heading becomes the provision's text. Raises MendingRefused: unknown_unit, empty_side, fixed_kind.
    """
    outline, i = _opened(act, eid)
    node = outline.nodes[i]
    whole = (node.text if field == "text" else node.heading) or ""
    before, after = whole[: max(offset, 0)].rstrip(), whole[max(offset, 0) :].lstrip()
    if not before or not after:
        raise MendingRefused("empty_side")
    if node.kind in ("signature", "closing") or (node.kind == "note" and not node.label):
        raise MendingRefused("fixed_kind")
    read = None if plain else labels.read(after)
    node.doubts = [code for code in node.doubts if code != "title_or_text"]
    if field == "heading":
        node.heading = before
        after = " ".join(part for part in (after, node.text) if part)
        if read is None:
            node.text = after
            return outline.finished()
        node.text = None
    else:
        node.text = before
    new = Node(kind="indent", line=0, level=LEAF, scope=_inside(node), amends=node.amends, text=after)
    outline.nodes.insert(i + 1, new)
    if read is not None:
        _take_label(new, read)
        new.kind = _kind_of(read, node)
        new.level = level_of(new, node)
        new.parent = outline.home(new, node)
    else:
        new.parent = node if node.level < LEAF or node.kind == "quoted" else node.parent
    _adopt(outline, i + 1, node)
    outline.settle(i + 1)
    return outline.finished()


def merge(act: ReadAct, eid: str, *, field: Field | None = None) -> ReadAct:
    """Make a provision part of the one before it, at the end of its text (or of its heading).

    Without `field` the words go on with a heading when they begin small and no text stands between. What stood in
    the provision goes to where it fits. Raises MendingRefused: unknown_unit, nothing_before, fixed_kind, holds_units.
    """
    outline, i = _opened(act, eid)
    node = outline.nodes[i]
    if i == 0:
        raise MendingRefused("nothing_before")
    if node.kind == "annex":
        raise MendingRefused("fixed_kind")
    if node.kind == "quoted" and any(child.level < LEAF for child in outline.children(node)):
        raise MendingRefused("holds_units")
    before, said = outline.nodes[i - 1], words(node)
    goes_on = before.text is None and bool(before.heading) and said[:1].islower()
    if before.text is None and (field == "heading" or (field is None and goes_on)):
        before.heading = _joined(before.heading, said, before)
    else:
        before.text = _joined(before.text, said, before)
    inside = outline.children(node)
    del outline.nodes[i]
    for child in inside:
        child.parent = None
        outline.rescope(child, _inside(before))
    outline.settle(i - 1, inside)
    return outline.finished()


def entitle(act: ReadAct, eid: str) -> ReadAct:
    """Let the text of an article, or of what stands above articles, be the end of its title.

    The paragraph after it becomes its text, as if it had been read so. Raises MendingRefused: unknown_unit, not_titled.
    """
    outline, i = _opened(act, eid)
    node = outline.nodes[i]
    if node.kind not in TITLED or not node.text:
        raise MendingRefused("not_titled")
    node.heading, node.text = _joined(node.heading, node.text, node), None
    node.doubts = [code for code in node.doubts if code not in _ABOUT_THE_LINE]
    after = outline.nodes[i + 1] if i + 1 < len(outline.nodes) else None
    if after is not None and after.kind == "indent" and after.parent is node and not outline.children(after):
        node.text = after.text
        del outline.nodes[i + 1]
    return outline.finished()


def inward(act: ReadAct, eid: str) -> ReadAct:
    """One step deeper: an article becomes a part, a point a sub-point, a sub-point a plain paragraph.

    Raises MendingRefused: unknown_unit, fixed_kind, no_further, nothing_before, needs_number.
    """
    return _step(act, eid, 1)


def outward(act: ReadAct, eid: str) -> ReadAct:
    """One step less deep: a paragraph that begins with a number becomes that unit, a point a part, a part an article.

    Raises MendingRefused: unknown_unit, fixed_kind, no_further, needs_number.
    """
    return _step(act, eid, -1)


def relevel(act: ReadAct, eid: str, kind: str) -> ReadAct:
    """Make a provision a unit of `kind`, one of `outline.LADDER`. Raises MendingRefused as `inward` does."""
    outline, i = _opened(act, eid)
    node = outline.nodes[i]
    if node.kind in _FIXED:
        raise MendingRefused("fixed_kind")
    if kind not in LADDER or kind == node.kind:
        raise MendingRefused("no_further")
    if node.kind != "indent" and not node.label and kind not in (*CONTAINERS, "indent"):
        raise MendingRefused("needs_number")
    if kind == "indent":
        node.text, node.label, node.heading, node.number = words(node), None, None, None
    elif node.kind == "indent":
        _become_unit(node, kind)
    elif kind in TITLED and node.kind not in TITLED:
        node.heading, node.text = _title_and_text(node.text)
    elif kind not in TITLED and node.heading:
        node.text, node.heading = " ".join(part for part in (node.heading, node.text) if part), None
    node.kind, node.parent = kind, None
    node.doubts = [code for code in node.doubts if code not in _ABOUT_THE_LINE]
    node.level = level_of(node, outline.nodes[i - 1] if i else None)
    if i:
        node.parent = outline.home(node, outline.nodes[i - 1])
        node.level = level_of(node)
        _adopt(outline, i, outline.nodes[i - 1])
    outline.settle(i)
    return outline.finished()


def renumber(act: ReadAct, eid: str, number: str) -> ReadAct:
    """Give a provision another number, normalised ("24-1") or a letter of a sub-point; what is printed stays.

    Raises MendingRefused: unknown_unit, not_numbered, bad_number.
    """
    outline, i = _opened(act, eid)
    node = outline.nodes[i]
    if node.kind not in LADDER[:-1] and node.kind != "annex":
        raise MendingRefused("not_numbered")
    number = number.strip()
    if _NUMBER.match(number):
        node.number = numbers.normalise(number)
    elif node.kind == "subpoint" and _LETTER.match(number.lower()):
        node.number = numbers.letter(number.lower()[0] + re.sub(r"^-?(?=\d)", "-", number[1:]))
    elif node.kind == "subpoint" and re.fullmatch(r"[a-z]{2,5}(?:-\d{1,2})?", number):
        node.number = number  # a letter by its name: zh, shch
    else:
        raise MendingRefused("bad_number")
    node.doubts = [code for code in node.doubts if code not in _ABOUT_THE_NUMBER]
    return outline.finished()


def mark_annex(act: ReadAct, eid: str) -> ReadAct:
    """Let an annex begin with this provision; it reaches to the next annex or to the end.

    Raises MendingRefused: unknown_unit, nothing_before, inside_other, fixed_kind (it is one already).
    """
    outline, i = _opened(act, eid)
    node = outline.nodes[i]
    if node.kind == "annex":
        raise MendingRefused("fixed_kind")
    if node.scope is not None or node.kind == "quoted":
        raise MendingRefused("inside_other")
    if i == 0:
        raise MendingRefused("nothing_before")
    said = words(node)
    printed = labels.annex(said)
    node.number = printed[1] if printed else None
    if printed and f"{printed[0]} {printed[2]}".split() == said.split():
        node.label, node.heading, node.text = printed[0], printed[2] or None, None
    else:
        node.label, node.heading, node.text = (said, None, None) if printed else (None, said, None)
    node.kind, node.parent, node.level, node.doubts = "annex", None, -1, []
    for one in outline.nodes[i + 1 :]:
        if one.kind == "annex":
            break
        if one.scope is None:
            _move_into(one, node)
    outline.settle(i)
    return outline.finished()


# how the steps do it


def _opened(act: ReadAct, eid: str) -> tuple[Outline, int]:
    outline = Outline(act)
    i = outline.at(eid)
    if i is None:
        raise MendingRefused("unknown_unit")
    return outline, i


def _inside(node: Node) -> Node | None:
    """The scope of what stands in a unit."""
    return node if node.kind in ("annex", "quoted") else node.scope


def _take_label(node: Node, read: labels.Label) -> None:
    node.number, node.label = read.number, read.printed
    said = read.rest or None
    if read.kind in ("part", "section", "subsection", "chapter", "subchapter", "article"):
        node.heading, node.text = _title_and_text(said)
    else:
        node.heading, node.text = None, said


def _title_and_text(said: str | None) -> tuple[str | None, str | None]:
    """Short words without a full stop are a title, others text."""
    is_title = said is not None and len(said) < 300 and said[-1] not in ".:;," and not said.startswith("(")
    return (said, None) if is_title else (None, said)


def _kind_of(read: labels.Label, near: Node) -> str:
    """The kind of unit that such a number makes beside or within `near`."""
    around = [near, *near.ancestors()]
    in_article = any(one.kind in ("article", "paragraph") for one in around)
    if read.kind == "dot":
        return "paragraph" if in_article else "point"
    if read.kind == "paren":
        numbered = any(one.kind == "point" and level_of(one) == labels.LEVELS["dot"] for one in around)
        return "subpoint" if numbered and not in_article else "point"
    if read.kind == "letter":
        return "subpoint"
    return {"subsection": "section", "subchapter": "section"}.get(read.kind, read.kind)


def _become_unit(node: Node, kind: str) -> None:
    """A plain paragraph as a unit: its number is the one it begins with; only containers may have none."""
    read = labels.read(node.text or "")
    if read is None:
        if kind not in CONTAINERS:
            raise MendingRefused("needs_number")
        node.heading, node.text = node.text, None
        return
    node.number, node.label = read.number, read.printed
    node.heading, node.text = (
        _title_and_text(read.rest or None) if kind in TITLED else (None, read.rest or None)
    )


def _adopt(outline: Outline, i: int, before: Node) -> None:
    """Plain paragraphs right after unit i that belonged to the one before it belong to it."""
    node = outline.nodes[i]
    if node.level == LEAF:
        return
    for one in outline.nodes[i + 1 :]:
        if one.scope is node.scope:
            if one.level < LEAF or one.parent is not before:
                break
            one.parent = node


def _step(act: ReadAct, eid: str, by: int) -> ReadAct:
    outline, i = _opened(act, eid)
    node = outline.nodes[i]
    if node.kind in _FIXED:
        raise MendingRefused("fixed_kind")
    if node.kind == "indent" and by < 0 and (read := labels.read(node.text or "")):
        return relevel(act, eid, _kind_of(read, node.parent or node))
    around = node.ancestors()
    in_article = any(one.kind == "article" for one in around) or node.kind in TITLED
    ladder = [kind for kind in LADDER if in_article or kind != "paragraph" or node.kind == "paragraph"]
    at = ladder.index(node.kind) + by
    if not 0 <= at < len(ladder):
        raise MendingRefused("no_further")
    if by > 0 and i == 0:
        raise MendingRefused("nothing_before")
    return relevel(act, eid, ladder[at])


def _joined(first: str | None, second: str, holder: Node) -> str:
    between = "\n" if holder.kind in ("signature", "closing", "annex") else " "
    return f"{first}{between}{second}" if first else second


def _move_into(one: Node, annex: Node) -> None:
    one.scope = annex
    if one.kind in ("signature", "closing", "preamble"):
        one.text, one.heading, one.kind, one.level = words(one), None, "indent", LEAF
    if one.parent is not None and one.parent.scope is not annex and one.parent is not annex:
        one.parent = None
    if one.kind == "paragraph" and not any(up.kind == "article" for up in one.ancestors()):
        one.kind = "point"
