"""A long text is shown in pieces, so that a page of a code is as quick and light as that of a law.

A piece begins with a chapter where it can, with an article where chapters are long, and within an article of hundreds of
units where it must. The same text always has the same pieces; a provision's address names it, never a page number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from . import naming

LONG = 200  # provisions: a text of no more stands on one page where it is mended
LONG_TO_READ = 600  # and where it is read
FEW = 40  # a chapter begins a piece of its own only after so many
ENOUGH = 120  # an article does, after so many
MOST = 200
HEADS = frozenset(("part", "section", "chapter", "annex"))


@dataclass(frozen=True)
class Piece:
    """Provisions `first` to `last` (exclusive) of a text, by name; `eid` of the first one asks for it."""

    first: int
    last: int
    name: str
    eid: str


@dataclass(frozen=True)
class Pieces:
    """Where a reader is among the pieces of a text; a short text has one piece, and nothing to go on to."""

    every: tuple[Piece, ...]
    at: int  # index in `every`

    @property
    def several(self) -> bool:
        return len(self.every) > 1

    @property
    def here(self) -> Piece:
        return self.every[self.at]

    @property
    def before(self) -> Piece | None:
        return self.every[self.at - 1] if self.at else None

    @property
    def after(self) -> Piece | None:
        return self.every[self.at + 1] if self.at + 1 < len(self.every) else None


def address(eid: str, provisions: int) -> str:
    """The way to a provision on the page where its text is mended, which has so many `provisions`."""
    anchor = quote(eid)
    return f"?in={anchor}#{anchor}" if provisions > LONG else f"#{anchor}"


def divided(
    provisions: Sequence[Mapping[str, Any]], eid: str, language: str, *, to_read: bool = False
) -> Pieces:
    """The pieces of provisions (mappings with eid, kind, parent), standing at the one with `eid` in it, else the first.

    `to_read`: articles stay whole, however long.
    """
    starts = [0]
    if len(provisions) > (LONG_TO_READ if to_read else LONG):
        starts = _starts(provisions, to_read)
    every = [
        _piece(provisions, first, last, language)
        for first, last in zip(starts, [*starts[1:], len(provisions)], strict=True)
    ]
    index = next((i for i, one in enumerate(provisions) if one["eid"] == eid), 0)
    at = next((i for i, piece in enumerate(every) if piece.first <= index < piece.last), 0)
    return Pieces(tuple(every), at)


def _starts(provisions: Sequence[Mapping[str, Any]], whole_articles: bool) -> list[int]:
    starts = [0]
    for i, one in enumerate(provisions):
        size = i - starts[-1]
        own = "qstr_" not in one["eid"]
        if (
            (own and one["kind"] in HEADS and size >= FEW)
            or (own and one["kind"] == "article" and size >= ENOUGH)
            or (size >= MOST and not (whole_articles and one["parent"]))
        ):
            starts.append(i)
    return starts


def _piece(provisions: Sequence[Mapping[str, Any]], first: int, last: int, language: str) -> Piece:
    """Named after its first and last unit of the outermost level: «Глава 3 – статья 31»."""
    if first == last:
        return Piece(first, last, "", "")
    eids = [provisions[first]["eid"], provisions[last - 1]["eid"]]
    begins, ends = (naming.name_of(eid.partition("__")[0], language) for eid in eids)
    name = begins if begins == ends else f"{begins} – {ends[:1].lower()}{ends[1:]}"
    return Piece(first, last, name, eids[0])
