"""Reading reference norms: level in both languages, carried over, as a page shows them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from apps.core.dates import language

from . import naming
from .enums import ActState, NormOrigin, NormState, TextLanguage
from .models import DraftActVersion, Provision, ReferenceNorm

GONE = frozenset({ActState.WITHDRAWN, ActState.REJECTED})  # such a draft fulfils nothing
Found = dict[str, Any]  # fields of a ReferenceNorm that say where it stands


def level(screened: Mapping[str, Mapping[str, Any] | None]) -> list[Found]:
    """The norms found in each language (what screened.look_at gives), one row for both where they are level.

    In a provision the first of one language goes with the first of the other that names the same body; as many on
    both sides go together in their order.
    """
    sides: dict[str, dict[str, list[Found]]] = {}
    for code, seen in screened.items():
        for norm in (seen or {}).get("norms", []):
            sides.setdefault(norm["eid"], {}).setdefault(code, []).append(norm)
    return [pair for eid, by_language in sides.items() for pair in _pairs(eid, by_language)]


def _pairs(eid: str, by_language: Mapping[str, list[Found]]) -> Iterable[Found]:
    ky, ru = by_language.get(TextLanguage.KY, []), list(by_language.get(TextLanguage.RU, []))
    same_number = len(ky) == len(ru)
    for norm in ky:
        other = next((n for n in ru if same_number or n["authority"] == norm["authority"]), None)
        if other is not None:
            ru.remove(other)
        yield {"eid": eid, "authority": norm["authority"], **_side(norm, "ky"), **_side(other, "ru")}
    for norm in ru:
        yield {"eid": eid, "authority": norm["authority"], **_side(None, "ky"), **_side(norm, "ru")}


def _side(norm: Found | None, code: str) -> Found:
    words = {f"{name}_{code}": norm[name] if norm else "" for name in ("phrase", "body", "delegated", "rule")}
    return words | {f"start_{code}": norm["start"] if norm else None}


def is_same(before: ReferenceNorm, found: Found) -> bool:
    """The same provision, and the same phrase in each language that had one."""
    if before.eid != found["eid"]:
        return False
    pairs = [(before.phrase(code), found[f"phrase_{code}"]) for code in ("ky", "ru")]
    # A language that is read only now adds its side; a phrase that became another one is another norm.
    return any(old and old == new for old, new in pairs) and all(
        old == new for old, new in pairs if old and new
    )


@dataclass(frozen=True)
class Mark:
    """A phrase to be marked in the text of a provision in one language: [start, end), and the norm it belongs to."""

    start: int
    end: int
    norm: ReferenceNorm


def place(text: str, norm: ReferenceNorm, code: str) -> tuple[int, int] | None:
    """Where the phrase stands in this text, or None."""
    phrase, start = norm.phrase(code), norm.start(code)
    if not phrase or start is None:
        return None
    if not text[start:].startswith(phrase):
        start = text.find(phrase)
    return (start, start + len(phrase)) if start >= 0 else None


def marks(provision: Provision, norms: Iterable[ReferenceNorm], code: str) -> list[Mark]:
    """The phrases of one provision in one language, in order, without overlap."""
    text = provision.text_ky if code == TextLanguage.KY else provision.text_ru
    found = [(place(text, norm, code), norm) for norm in norms]
    ordered = sorted((where, norm.number, norm) for where, norm in found if where is not None)
    kept: list[Mark] = []
    for (start, end), _number, norm in ordered:
        if not kept or start >= kept[-1].end:
            kept.append(Mark(start, end, norm))
    return kept


@dataclass(frozen=True)
class NormRow:
    """A reference norm and the name of its provision in the language of the page."""

    norm: ReferenceNorm
    name: str

    @property
    def number_of_bylaw(self) -> str:
        """The number of the draft that fulfils it, where that draft is public and still stands."""
        draft = self.norm.fulfilled_by.act if self.norm.fulfilled_by is not None else None
        return (draft.number or "") if draft is not None and draft.state not in GONE else ""


@dataclass(frozen=True)
class NormsPage:
    """The reference norms of a version in the order of its text."""

    version: DraftActVersion
    rows: tuple[NormRow, ...]
    looked_at: bool  # both texts were screened

    def _count(self, state: NormState) -> int:
        return sum(row.norm.state == state for row in self.rows)

    @property
    def undecided(self) -> int:
        return self._count(NormState.FOUND)

    @property
    def confirmed(self) -> int:
        return self._count(NormState.CONFIRMED)

    @property
    def dismissed(self) -> int:
        return self._count(NormState.DISMISSED)


def norms_page(version: DraftActVersion) -> NormsPage:
    """In three queries, however many norms there are."""
    texts = list(version.texts.values_list("screened__by", flat=True))
    here = language()
    rows = tuple(NormRow(norm, naming.name_of(norm.eid, here)) for norm in in_order(version))
    return NormsPage(version, rows, bool(texts) and all(texts))


def in_order(version: DraftActVersion) -> list[ReferenceNorm]:
    """By provision in the order of the document, then by number."""
    positions = dict(version.provisions.values_list("eid", "position"))
    rows = version.norms.select_related("fulfilled_by__act")
    return sorted(rows, key=lambda norm: (positions.get(norm.eid, len(positions)), norm.number))


def lost(norm: ReferenceNorm, texts: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether a norm added by hand has no place any more; `texts`: text by language and eid."""
    return norm.origin == NormOrigin.HAND and not any(
        place(by_eid.get(norm.eid, ""), norm, code) for code, by_eid in texts.items()
    )
