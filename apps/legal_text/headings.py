"""Headings that may be something else: «1. Общие положения» over points that begin at 1 again; titles of articles."""

from __future__ import annotations

from collections.abc import Sequence

from apps.legal_text import labels
from apps.legal_text.lines import Line, label

_LONGEST_DOUBTED = 120  # characters: what is longer is no title
_SIGNS = '.:;,!?)»"'


def may_be_title(line: Line, heading: str) -> bool:
    """Whether a line that is read as the first text of an article could as well be its title, or more of it.

    Under a bare «Статья 5.» a short sentence; under the beginning of a title, words with a capital that end without a
    sign («Статья 5. Полномочия Жогорку Кенеша / Кыргызской Республики»).
    """
    text = line.text
    if line.row or line.note or labels.is_mark(text) or labels.is_attention(text) or label(line):
        return False
    if not text[0].isupper() or len(text) > _LONGEST_DOUBTED or ". " in text:
        return False
    if not heading:
        return text.endswith(".")
    return not line.after_blank and heading[-1] not in _SIGNS and text[-1] not in _SIGNS


def numbered(lines: Sequence[Line]) -> frozenset[int]:
    """Indexes of lines like «1. Общие положения» that divide an annex: the points below count by themselves.

    They are told by two numberings running side by side: headings 1, 2, 3 without a full stop, points 1, 2, 3 … or
    1.1, 1.2 … with one.
    """
    found = [(i, read) for i, line in enumerate(lines) if (read := label(line))]
    if any(labels.LEVELS[read.kind] <= labels.LEVELS["article"] for _, read in found):
        return frozenset()
    dots = [(i, read) for i, read in found if read.kind == "dot"]
    if len(dots) < 3 or not _reads_as_heading(dots[0][1]) or dots[0][1].number != "1":
        return frozenset()
    if dots[1][1].number not in ("1", "1-1") or _reads_as_heading(dots[1][1]):
        return frozenset()
    found_at: list[int] = []
    for i, read in dots:
        if read.number == str(len(found_at) + 1) and _reads_as_heading(read):
            found_at.append(i)
    return frozenset(found_at)


def _reads_as_heading(read: labels.Label) -> bool:
    return 0 < len(read.rest) < 150 and read.rest[0].isupper() and read.rest[-1] not in ".;:,"
