"""From the text of an act to its provisions."""

from __future__ import annotations

import bisect
import dataclasses
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from apps.legal_text import amendments, eids, front, labels, language, messages, tail
from apps.legal_text import lines as text_lines
from apps.legal_text.lines import Line, label
from apps.legal_text.nodes import Node
from apps.legal_text.provisions import Doubt, Provision, ReadAct
from apps.legal_text.scan import Scanner

__all__ = ["Doubt", "Provision", "ReadAct", "doubt", "parse"]

#: Places listed for one thing that a whole file may be full of (tracked changes).
_MOST_PLACES = 40
#: Where the lines of a text are printed: (page, line on it), both from 1; None for a line that stands on no page.
Printed = Sequence[tuple[int, int] | None]
_STRUCTURE = ("part", "section", "chapter", "article", "paragraph", "point", "subpoint", "instruction")


def doubt(code: str, *, eid: str | None = None, line: int | None = None) -> Doubt:
    """A doubt with its English msgid."""
    return Doubt(code, eid, line, messages.DOUBTS[code])


def parse(
    text: str, *, lang: str | None = None, doubts: Iterable[Doubt] = (), printed: Printed = ()
) -> ReadAct:
    """Read the text of an act. `lang` ("ru", "ky") is recognised when not given.

    `doubts` are those of the reader that extracted the text; they come first in the result. `printed`, of a PDF: where
    each line of the text stands. Never fails: a text without recognisable structure becomes counted paragraphs and a
    doubt.
    """
    every, unwrapped = text_lines.unwrap(text_lines.with_footnotes(text_lines.split(text)))
    lang = lang or language.recognise(text)
    main, annexes = _without_annexes(every)
    main = tail.with_signature_apart(main)
    opening = front.read(main)
    body = main[opening.body :]
    signature, closing = tail.split(body)
    signed, closed = body[signature:closing], body[closing:]
    amending = _is_amending(opening, body)

    nodes: list[Node] = []
    _add_preamble(nodes, opening)
    Scanner(nodes, amending=amending).run(body[:signature])
    _add_block(nodes, "signature", signed)
    _add_block(nodes, "closing", closed)
    for header, content in annexes:
        _add_annex(nodes, header, content, amending=amending)
    eids.assign(nodes)

    closing_text = " ".join(line.text for line in [*signed, *closed])
    kind = front.act_kind(opening, closing_text)
    wrapped = [doubt("short_lines")] if unwrapped else []
    found = [*_placed(doubts, nodes), *wrapped, *_doubts(text, opening.title, kind, lang, nodes)]
    return ReadAct(
        kind=kind,
        title=_without_marks(opening.title, every),
        language=lang,
        amending=amending,
        doubts=tuple(_on_its_page(one, printed) for one in found),
        provisions=tuple(_provision(node) for node in nodes),
    )


def _without_marks(title: str | None, every: Sequence[Line]) -> str | None:
    """A title does not carry the mark of its footnote."""
    if title is None or not any(line.note for line in every):
        return title
    return re.sub(r"\s*\[\d{1,3}\]", "", title)


def _on_its_page(one: Doubt, printed: Printed) -> Doubt:
    if one.page is not None or one.line is None or one.line > len(printed):
        return one
    place = printed[one.line - 1]
    return one if place is None else dataclasses.replace(one, page=place[0], page_line=place[1])


def _placed(doubts: Iterable[Doubt], nodes: Sequence[Node]) -> list[Doubt]:
    """What the reader of the file doubts, with the unit that stands there: once a unit, and not without end."""
    starts = [node.line for node in nodes]
    placed: dict[tuple[str, str | int | None], Doubt] = {}
    of_code: Counter[str] = Counter()
    for one in doubts:
        at = bisect.bisect_right(starts, one.line) - 1 if one.line is not None else -1
        eid = nodes[at].eid if at >= 0 else one.eid
        place = one.page if eid is None else eid
        if (one.code, place) not in placed and of_code[one.code] < _MOST_PLACES:
            of_code[one.code] += 1
            placed[(one.code, place)] = dataclasses.replace(one, eid=eid)
    return list(placed.values())


def _provision(node: Node) -> Provision:
    return Provision(
        eid=node.eid,
        kind=node.kind,
        number=node.number,
        label=node.label,
        heading=node.heading,
        text=node.text,
        parent=node.parent.eid if node.parent is not None else None,
    )


def _doubts(
    text: str, title: str | None, kind: str | None, lang: str | None, nodes: Sequence[Node]
) -> list[Doubt]:
    found: list[Doubt] = []
    if title is None:
        found.append(doubt("title_unknown"))
    if kind is None:
        found.append(doubt("kind_unknown"))
    if lang is None:
        found.append(doubt("language_unknown"))
    elif lang == "ky" and language.lost_kyrgyz_letters(text):
        found.append(doubt("kyrgyz_letters_lost"))
    if not any(node.kind in _STRUCTURE for node in nodes):
        found.append(doubt("no_structure"))
    found += [
        doubt(code, eid=node.eid, line=node.doubted_at.get(code, node.line))
        for node in nodes
        for code in node.doubts
    ]
    return found


def _is_amending(opening: front.Front, body: Sequence[Line]) -> bool:
    """By its title, or because its first unit announces changes."""
    if opening.title and amendments.is_amending_title(opening.title):
        return True
    first = " ".join(line.text for line in body[:2])
    return len(first) < 4000 and amendments.leads(first)


def _without_annexes(every: Sequence[Line]) -> tuple[list[Line], list[tuple[list[Line], list[Line]]]]:
    """The act itself, and each annex as (lines of its header, lines after it)."""
    starts: list[int] = []
    body_seen = False
    for i, line in enumerate(every):
        if labels.annex(line.text) and body_seen:
            if starts and labels.is_approval(line.text) and _within_header(every[starts[-1] : i]):
                continue  # «Приложение 1 / УТВЕРЖДЕНО / постановлением …» heads one annex
            starts.append(_header_start(every, i, starts[-1] + 1 if starts else 0))
        elif not body_seen:
            body_seen = label(line) is not None or bool(front.ENACTING.search(line.text))
    annexes: list[tuple[list[Line], list[Line]]] = []
    for at, end in itertools.pairwise([*starts, len(every)]):
        block = every[at:end]
        cut = _annex_header_end(block)
        annexes.append((list(block[:cut]), list(block[cut:])))
    return list(every[: starts[0]] if starts else every), annexes


def _header_start(every: Sequence[Line], i: int, lowest: int) -> int:
    """In Kyrgyz the word stands last («…токтомуна / тиркеме»): the header begins where its block begins."""
    if every[i].text[0].isupper() or every[i].after_blank:
        return i
    start = i
    while start > lowest and i - start < 5 and not every[start].after_blank:
        previous = every[start - 1].text
        if (
            len(previous) > 120
            or previous.endswith((".", ";", ":"))
            or labels.read(previous)
            or tail.is_signature(previous)
        ):
            break
        start -= 1
    return start


def _within_header(block: Sequence[Line]) -> bool:
    return len(block) <= 6 and _annex_header_end(block) == len(block)


def _annex_header_end(block: Sequence[Line]) -> int:
    """The header runs to the first unit or sentence: label, «к постановлению …», date, title."""
    levels = [line.heading for line in block[:15] if line.heading]
    for i, line in enumerate(block):
        if i == 0:
            continue
        if label(line) or labels.is_mark(line.text) or line.row or line.note or "\t" in line.text:
            return i
        if line.heading > min(levels, default=0) and any(before.heading for before in block[:i]):
            return i  # a heading below the title by its style
        if (line.text.endswith((".", ":", ";")) and len(line.text) > 60) or i > 14:
            return i
    return len(block)


def _add_annex(nodes: list[Node], header: Sequence[Line], content: Sequence[Line], *, amending: bool) -> None:
    if not header:
        return
    at = next((i for i, line in enumerate(header) if labels.annex(line.text)), 0)
    printed, number, rest = labels.annex(header[at].text) or (header[0].text, None, "")
    node = Node(kind="annex", line=header[0].no, level=-1, number=number)
    node.label = "\n".join([*(line.text for line in header[:at]), printed])
    if rest or at or printed != header[at].text:
        node.label, rest = "\n".join(line.text for line in header[: at + 1]), ""
    node.heading = "\n".join(line.text for line in header[at + 1 :]) or None
    nodes.append(node)
    Scanner(nodes, amending=amending, scope=node).run(content)


def _add_preamble(nodes: list[Node], opening: front.Front) -> None:
    """The heading of the act and the wording before its first unit; further paragraphs are counted."""
    if not opening.heading and not opening.wording:
        return
    first = (opening.heading or opening.wording)[0]
    node = Node(kind="preamble", line=first.no, level=-1)
    node.heading = "\n".join(line.text for line in opening.heading) or None
    node.text = opening.wording[0].text if opening.wording else None
    nodes.append(node)
    for line in opening.wording[1:]:
        nodes.append(Node(kind="indent", line=line.no, level=99, parent=node, text=line.text))


def _add_block(nodes: list[Node], kind: str, block: Sequence[Line]) -> None:
    if block:
        text = "\n".join(line.text for line in block)
        nodes.append(Node(kind=kind, line=block[0].no, level=-1, text=text))
