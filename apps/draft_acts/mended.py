"""What the page of a text shows of mending it by hand, and what one language lacks beside the other."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.dates import language as page_language
from apps.legal_text import steps
from apps.legal_text.provisions import Provision as ReadProvision

from . import naming
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
    "annex": _("Annex begins: %(unit)s"),
}


@dataclass(frozen=True)
class MendView:
    """The unit that is being mended: where it may be split, what kinds it may be of."""

    eid: str
    name: str
    kind: str
    places: tuple[steps.Place, ...]
    kinds: tuple[tuple[str, Any], ...]


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
        for step in text.steps.select_related("done_by").defer("before").order_by("-number")
    ]


# --- one language beside the other ----------------------------------------------------------------


@dataclass(frozen=True)
class Lack:
    """A unit that one language has and the other (`language`) has not, or has without its words; where it is to be seen."""

    name: str
    language: str
    empty: bool
    url: str


SHOWN = 30


@dataclass(frozen=True)
class Alignment:
    """What is missing on one side, the topmost units only; `rest`: how many more there are."""

    both: bool
    lacks: tuple[Lack, ...]
    rest: int = 0


def alignment(act: DraftAct, version: DraftActVersion, languages: Iterable[str]) -> Alignment:
    """Kyrgyz beside Russian, as far as both texts are there (`languages`: those that are)."""
    if set(languages) != {"ky", "ru"}:
        return Alignment(both=False, lacks=())
    here = page_language()
    lacking: dict[str, str] = {}
    found = []
    rows = version.provisions.order_by("position").values_list(
        "eid", "parent_eid", "in_ky", "in_ru", "text_ky", "text_ru"
    )
    for eid, parent, in_ky, in_ru, text_ky, text_ru in rows:
        lacking[eid] = "" if in_ky and in_ru else "ru" if in_ky else "ky"
        empty = not lacking[eid] and bool(text_ky.strip()) != bool(text_ru.strip())
        lacks = ("ru" if text_ky.strip() else "ky") if empty else lacking[eid]
        if lacks and (empty or lacking.get(parent) != lacks):
            other = "ky" if lacks == "ru" else "ru"
            place = f"{reverse('act_text_check', args=[act.token, other])}#{eid}"
            found.append(Lack(naming.name_of(eid, here), lacks, empty, place))
    return Alignment(both=True, lacks=tuple(found[:SHOWN]), rest=max(0, len(found) - SHOWN))
