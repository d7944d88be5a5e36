"""What the page of a text shows of mending it by hand, and what one language lacks beside the other."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.dates import language as page_language
from apps.legal_text import steps
from apps.legal_text.outline import TITLED
from apps.legal_text.provisions import Provision as ReadProvision

from . import naming, pieces
from .models import DraftAct, DraftActVersion, MendingStep, VersionText

KINDS = {
    "part": _("part of a code"),
    "section": _("section"),
    "chapter": _("chapter"),
    "article": _("article"),
    "paragraph": _("part of an article"),
    "point": _("point"),
    "subpoint": _("subpoint"),
    "indent": _("paragraph without a number"),
}
STEPS = {
    "split": _("Split: %(unit)s"),
    "merge": _("Joined to what stands before: %(unit)s"),
    "in": _("Moved a level in: %(unit)s"),
    "out": _("Moved a level out: %(unit)s"),
    "kind": _("Kind changed: %(unit)s"),
    "renumber": _("Number changed: %(unit)s"),
    "title": _("Text joined to the title: %(unit)s"),
    "annex": _("Annex begins: %(unit)s"),
}


@dataclass(frozen=True)
class MendView:
    """The unit that is being mended: where it may be split, what kinds it may be of, whether its text may be title.

    `closed`: the address of the page that shows it and mends nothing.
    """

    eid: str
    name: str
    kind: str
    places: tuple[steps.Place, ...]
    kinds: tuple[tuple[str, Any], ...]
    entitles: bool
    closed: str


def mend_view(text: VersionText, eid: str) -> MendView | None:
    """None when there is no such unit (any more)."""
    found = next((p for p in text.read["provisions"] if p["eid"] == eid), None)
    if found is None:
        return None
    unit = ReadProvision(**found)
    return MendView(
        eid=eid,
        name=naming.name_of(eid, page_language()),
        kind=unit.kind,
        places=tuple(steps.places(unit)),
        kinds=tuple(KINDS.items()),
        entitles=unit.kind in TITLED and bool(unit.text),
        closed=f"?{pieces.address(eid, len(text.read['provisions'])).removeprefix('?')}",
    )


@dataclass(frozen=True)
class StepView:
    """A step in words, the last first."""

    words: str
    step: MendingStep


def steps_of(text: VersionText) -> list[StepView]:
    here = page_language()
    return [
        StepView(STEPS[step.operation["do"]] % {"unit": naming.name_of(step.operation["eid"], here)}, step)
        for step in text.steps.select_related("done_by").defer("before", "way_back").order_by("-number")
    ]


# --- one language beside the other ----------------------------------------------------------------


@dataclass(frozen=True)
class Lack:
    """A unit that one language has and the other (`language`) has not, or has without its words; where it is to be seen."""

    name: str
    language: str
    empty: bool
    url: str


FIRST = 5  # shown at once; the others are folded
KEPT = 200  # folded ones at most: where more differ, the texts are not of one act


@dataclass(frozen=True)
class Alignment:
    """What is missing on one side, the topmost units only: `first` and `folded` ones, and how many more (`rest`)."""

    both: bool
    first: tuple[Lack, ...] = ()
    folded: tuple[Lack, ...] = ()
    rest: int = 0

    @property
    def lacking(self) -> int:
        return len(self.first) + len(self.folded) + self.rest

    @property
    def hidden(self) -> int:
        return len(self.folded) + self.rest


def alignment(act: DraftAct, version: DraftActVersion, languages: Iterable[str]) -> Alignment:
    """Kyrgyz beside Russian, as far as both texts are there (`languages`: those that are). One query."""
    if set(languages) != {"ky", "ru"}:
        return Alignment(both=False)
    lacking: dict[str, str] = {}
    found: list[tuple[str, str, bool]] = []
    sizes = {"ky": 0, "ru": 0}
    rows = version.provisions.order_by("position").values_list(
        "eid", "parent_eid", "in_ky", "in_ru", "text_ky", "text_ru"
    )
    for eid, parent, in_ky, in_ru, text_ky, text_ru in rows:
        sizes["ky"] += in_ky
        sizes["ru"] += in_ru
        lacking[eid] = "" if in_ky and in_ru else "ru" if in_ky else "ky"
        empty = not lacking[eid] and bool(text_ky.strip()) != bool(text_ru.strip())
        lacks = ("ru" if text_ky.strip() else "ky") if empty else lacking[eid]
        if lacks and (empty or lacking.get(parent) != lacks):
            found.append((eid, lacks, empty))
    shown = [_lack(act, *one, sizes) for one in found[: FIRST + KEPT]]
    return Alignment(True, tuple(shown[:FIRST]), tuple(shown[FIRST:]), len(found) - len(shown))


def _lack(act: DraftAct, eid: str, lacks: str, empty: bool, sizes: dict[str, int]) -> Lack:
    other = "ky" if lacks == "ru" else "ru"
    page = reverse("act_text_check", args=[act.token, other])
    name = naming.name_of(eid, page_language())
    return Lack(name, lacks, empty, f"{page}{pieces.address(eid, sizes[other])}")
