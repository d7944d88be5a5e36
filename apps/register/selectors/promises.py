"""The ledger of promises of an act, and the remarks that wait for their place, as the page shows them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.dates import language
from apps.draft_acts import policies as act_policies
from apps.draft_acts.enums import ActState
from apps.draft_acts.models import DraftAct
from apps.draft_acts.naming import name_of
from apps.reviews import merging, policies, promises
from apps.reviews.enums import PromiseState
from apps.reviews.models import MergeChoice, RemarkPlace

#: What the public history says of a later text.
LATER_TEXTS: dict[str, Any] = {
    "version.published": _("%(who)s published version %(version)s of the text."),
    "remarks.carried": _("The remarks were carried to version %(version)s of the text."),
    "promises.lost": _("Version %(version)s of the text lost what was promised in answer to remarks."),
    "remark.placed": _("%(who)s settled to which provision of version %(version)s a remark belongs."),
    "remark.closed": _("%(who)s settled that a remark does not apply to version %(version)s any more."),
}


@dataclass(frozen=True)
class LedgerRow:
    """A promise. `asked`: the provision the remark was made on; `now`: where it belongs in the newest text, or empty."""

    promise: promises.Promise
    asked: str
    now: str
    now_url: str
    remark_url: str
    left: MergeChoice | None = None  # why the ministry left it out of the newest text


@dataclass(frozen=True)
class DisplacedRow:
    """A remark without a place; `settle_url` is empty for those who may not settle it."""

    found: promises.Displaced
    asked: str
    remark_url: str
    settle_url: str


@dataclass(frozen=True)
class Ledger:
    """`version`: number of the newest text, as of which the states are. `draft_url`: where those who prepare the act make
    the next draft of what was promised."""

    rows: tuple[LedgerRow, ...]
    displaced: tuple[DisplacedRow, ...]
    settled: tuple[RemarkPlace, ...]
    counts: tuple[tuple[str, int], ...]
    version: int
    draft_url: str = ""

    @property
    def lost(self) -> int:
        return dict(self.counts).get(PromiseState.LOST, 0)


def ledger(act: DraftAct, user: Any) -> Ledger:
    """Promises in the order of associations and remarks; a link to settle a place for those who may."""
    here = language()
    found = promises.promises(act)
    newest = act.versions.exclude(frozen_at=None).order_by("-number").first()
    left = merging.left(act, newest) if found and newest and newest.number > 1 else {}
    rows = tuple(_row(act, promise, here, left.get(promise.remark.pk)) for promise in found)
    lost_places = tuple(
        DisplacedRow(
            found=one,
            asked=name_of(one.remark.provision.eid, here),
            remark_url=_remark_url(act, one.review, one.remark),
            settle_url=_settle_url(act, one.review, one.remark, user),
        )
        for one in promises.displaced(act)
    )
    counted = Counter(str(promise.state) for promise in found)
    settled = RemarkPlace.objects.filter(version=newest, decided_by__isnull=False).select_related(
        "remark", "provision"
    )
    return Ledger(
        rows=rows,
        displaced=lost_places,
        settled=tuple(settled.order_by("-pk")),
        counts=tuple((str(s), counted[s]) for s in PromiseState.values if counted[s]),
        version=newest.number if newest else 0,
        draft_url=_draft_url(act, found, user),
    )


def lost_promises(act: DraftAct) -> int:
    """How many promises the newest text has lost; no query beyond one where no later text exists."""
    if not RemarkPlace.objects.filter(version__act=act).exists():
        return 0
    return sum(promise.state == PromiseState.LOST for promise in promises.promises(act))


def lost_among(acts: Iterable[DraftAct]) -> dict[int, int]:
    """The same for the acts of a desk, by id; only acts with a later text are looked at."""
    by_id = {act.pk: act for act in acts}
    followed = RemarkPlace.objects.filter(version__act__in=by_id).values_list("version__act", flat=True)
    counts = {pk: lost_promises(by_id[pk]) for pk in set(followed)}
    return {pk: n for pk, n in counts.items() if n}


def _draft_url(act: DraftAct, found: Iterable[promises.Promise], user: Any) -> str:
    waits = any(promise.state in merging.WAITING and promise.wording for promise in found)
    prepares = getattr(user, "is_authenticated", False) and act_policies.can_prepare(user, act)
    if not (waits and prepares and act.state == ActState.IN_CONSULTATION):
        return ""
    return reverse("next_draft", args=[act.number])


def _row(act: DraftAct, promise: promises.Promise, here: str, left: MergeChoice | None) -> LedgerRow:
    provision = promise.provision
    later = promise.place is not None
    now = name_of(provision.eid, here) if provision is not None and later else ""
    page = reverse("act_compare", args=[act.number, promise.version.number]) if later else ""
    return LedgerRow(
        promise=promise,
        asked=name_of(promise.remark.provision.eid, here),
        now=now,
        now_url=f"{page}?show=all#{provision.eid}" if now and provision else "",
        remark_url=_remark_url(act, promise.review, promise.remark),
        left=left if promise.state != PromiseState.KEPT else None,
    )


def _remark_url(act: DraftAct, review: Any, remark: Any) -> str:
    return f"{reverse('review', args=[act.number, review.association.code])}#remark-{remark.number}"


def _settle_url(act: DraftAct, review: Any, remark: Any, user: Any) -> str:
    if not getattr(user, "is_authenticated", False) or not policies.can_settle_place(user, review):
        return ""
    return reverse("remark_place", args=[act.number, review.association.code, remark.number])
