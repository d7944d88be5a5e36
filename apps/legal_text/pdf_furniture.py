"""What stands on the pages of a PDF but not in the text, or not in its place: page numbers, running heads, footnotes."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterable

from apps.legal_text import labels, numbers
from apps.legal_text.pdf_lines import Pages, PrintedLine

_NUMBER = re.compile(
    r"[-–—\s]*(?:(?:стр|с|бет|page|p)\.?\s*)?(\d{1,4})(?:\s*(?:/|из|ичинен|of)\s*\d{1,4})?\s*[-–—]?\s*(?:-?\s*бет\.?)?[-–—\s]*\Z",
    re.I,
)
_FOOTNOTE = re.compile(r"(\d{1,2})[.)]?\s*(?=[^\d\s.)])")
_SMALLER = 0.9
_DIGITS = re.compile(r"\d+")
#: Lines from the top and from the foot of a page that may belong to the page.
_OUTERMOST = 4
_SAME_PLACE = 3.0
_FEWEST_PAGES = 3


def remove(pages: Pages) -> list[PrintedLine]:
    """Take page numbers and running heads out of `pages`; gives the heads that were among them."""
    printed = _page_numbers(pages)
    heads = _running_heads(pages, printed)
    found = [line for lines in pages.lines for line in lines if id(line) in heads]
    for index, lines in enumerate(pages.lines):
        pages.lines[index] = [line for line in lines if id(line) not in printed and id(line) not in heads]
    return found


def take_footnotes(pages: Pages, size: float) -> dict[int, list[PrintedLine]]:
    """Take the footnotes out of `pages`: page -> each as one line, where it begins. `size`: of the usual letters.

    They stand last on their page, are smaller, and begin with a digit that stands raised in the text above them.
    """
    found: dict[int, list[PrintedLine]] = {}
    for index, lines in enumerate(pages.lines):
        start = len(lines)
        while start and lines[start - 1].size <= _SMALLER * size:
            start -= 1
        above = "".join(line.text for line in lines[:start])
        notes: list[PrintedLine] = []
        for line in lines[start:]:
            mark = _FOOTNOTE.match(line.text)
            if mark and numbers.superscript(mark[1]) in above:
                notes.append(line)
            elif notes:
                notes[-1] = dataclasses.replace(notes[-1], text=f"{notes[-1].text} {line.text}")
            else:
                break
        if notes:
            found[index] = notes
            pages.lines[index] = lines[:start]
    return found


def _outer(lines: list[PrintedLine]) -> list[PrintedLine]:
    ordered = sorted(lines, key=lambda line: -line.baseline)
    return ordered if len(ordered) <= 2 * _OUTERMOST else [*ordered[:_OUTERMOST], *ordered[-_OUTERMOST:]]


def _page_numbers(pages: Pages) -> set[int]:
    """Lone numbers at one height that count with the pages: the same distance to the page's place on each."""
    found: dict[tuple[int, int], list[tuple[int, PrintedLine]]] = {}
    for index, lines in enumerate(pages.lines):
        for line in _outer(lines):
            if match := _NUMBER.match(line.text):
                place = round(line.baseline / (2 * _SAME_PLACE))
                found.setdefault((int(match[1]) - index, place), []).append((index, line))
    inhabited = sum(bool(lines) for lines in pages.lines)
    return {
        id(line)
        for (offset, _), group in found.items()
        if len({index for index, _ in group}) >= max(2, inhabited // 3) or (inhabited == 1 and offset == 1)
        for _, line in group
    }


def _running_heads(pages: Pages, known: Iterable[int]) -> set[int]:
    """Lines of the same words (numbers apart) at the same height on most pages; never one that labels a unit."""
    found: dict[tuple[str, int], list[PrintedLine]] = {}
    known = set(known)
    for lines in pages.lines:
        for line in _outer(lines):
            if id(line) not in known and not labels.read(line.text):
                words = _DIGITS.sub("#", line.text)
                found.setdefault((words, round(line.baseline / (2 * _SAME_PLACE))), []).append(line)
    inhabited = sum(bool(lines) for lines in pages.lines)
    needed = max(_FEWEST_PAGES, inhabited // 3)
    heads: set[int] = set()
    for group in found.values():
        if max(Counter(line.page for line in group).values()) == 1 and len(group) >= needed:
            heads |= {id(line) for line in group}
    return heads
