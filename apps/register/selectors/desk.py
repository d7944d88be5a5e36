"""My desk: what waits for this person, by the roles held now, by days left. Queries do not grow with rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.core.dates import language
from apps.deadlines import policies as outage_policies
from apps.deadlines.models import Outage
from apps.draft_acts.enums import ActState
from apps.draft_acts.models import DraftAct
from apps.organizations import policies as organizations
from apps.organizations import selectors as people
from apps.organizations.enums import Role
from apps.organizations.models import RoleProposal, Substitution
from apps.protocols.enums import ProtocolState
from apps.reviews.enums import ReviewStage
from apps.reviews.models import Review

from . import health
from .lists import for_list
from .promises import lost_among
from .stages import ReviewState, State, review_rows, states_of
from .steps import act_step, address, associations_step, ministrys_step

MOST = 200  # rows of a desk; the lists hold the rest
RECENT = 15
FAR = 10**6


@dataclass(frozen=True)
class DeskRow:
    """One file on the desk. `step` is what this person does next; without it the row waits for somebody else."""

    title: DraftAct
    reference: str
    act_url: str
    other: str  # who stands on the other side: the initiator, or the association
    state: State
    days: int | None = None
    days_kind: str = ""
    due_at: datetime | None = None
    step: Any = ""
    step_url: str = ""
    note: Any = ""

    @property
    def order(self) -> tuple[int, str]:
        return (self.days if self.days is not None else FAR, self.reference)


@dataclass
class Desk:
    """`waiting` needs this person; `running` is in work with others; `recent` is for those who watch."""

    organizations: list[str] = field(default_factory=list)
    roles: set[str] = field(default_factory=set)
    waiting: list[DeskRow] = field(default_factory=list)
    running: list[DeskRow] = field(default_factory=list)
    recent: list[DeskRow] = field(default_factory=list)
    more: bool = False
    outages: list[Outage] = field(default_factory=list)  # for coordinators: they await a decision
    alarms: list[health.Problem] = field(default_factory=list)  # for administrators: what stands still
    proposals: list[RoleProposal] = field(default_factory=list)  # for administrators: roles to confirm
    substitutions: list[tuple[Substitution, str]] = field(
        default_factory=list
    )  # and substitutes, with their state
    stood_in: list[Substitution] = field(default_factory=list)  # in force: for whom the person stands in
    leaves: list[Substitution] = field(default_factory=list)  # in force: who stands in for the person

    @property
    def drafts(self) -> bool:
        """Whether the person may begin a draft act."""
        return bool(self.roles & {Role.DRAFTER, Role.MINISTRY_SIGNATORY})

    @property
    def administers(self) -> bool:
        return Role.ADMINISTRATOR in self.roles

    @property
    def audits(self) -> bool:
        return Role.AUDITOR in self.roles

    @property
    def nearest(self) -> DeskRow | None:
        """The next end of a term, for an empty desk."""
        dated = [
            row for row in self.running if row.due_at is not None and row.days is not None and row.days >= 0
        ]
        return min(dated, key=lambda row: row.due_at) if dated else None  # type: ignore[arg-type, return-value]


def desk(user: Any, at: datetime) -> Desk:
    """What waits for the person in every role he or she holds."""
    memberships = organizations.memberships(user)
    found = Desk(
        organizations=list(dict.fromkeys(m.organization.name(language()) for m in memberships)),
        roles={m.role for m in memberships},
    )
    rows = [*_of_acts(user, at), *_of_reviews(user, at)]
    rows.sort(key=lambda row: row.order)
    found.more = len(rows) > MOST
    found.waiting = [row for row in rows if row.step][:MOST]
    found.running = [row for row in rows if not row.step][:MOST]
    if organizations.is_auditor(user):
        found.recent = _recent()
    if outage_policies.can_coordinate_outages(user):
        found.outages = list(Outage.objects.awaiting().order_by("number")[:MOST])
    if found.administers:
        found.alarms = health.alarms(at)
        found.proposals = people.proposals_for(user, at)
        found.substitutions = [(row, row.state(at)) for row in people.substitutions_for(user, at)]
    for row in people.leaves_and_substitutions(user, at):
        (found.leaves if row.absent_id == user.pk else found.stood_in).append(row)
    return found


# --- acts: preparing, registered, ready for their certificate or decision ------------------------------


def _of_acts(user: Any, at: datetime) -> Iterable[DeskRow]:
    own = organizations.organization_ids(user, *organizations.STATE_SIDE)
    clerk = organizations.is_clerk(user)
    wanted = Q()
    if own:
        states = [ActState.PREPARING, ActState.REGISTERED]
        wanted |= Q(initiator_id__in=own, state__in=states)
        unclosed = (
            Review.objects.with_facts()
            .filter(consultation__act=OuterRef("pk"), closing_note=None)
            .exclude(protocols__state=ProtocolState.SIGNED)
            .exclude(tacit=True, due_at__lte=at)  # its note is issued with the certificate at the latest
        )
        wanted |= Q(initiator_id__in=own, state=ActState.IN_CONSULTATION) & ~Exists(unclosed)
    if clerk:
        wanted |= Q(state__in=[ActState.CERTIFIED, ActState.SUBMITTED, ActState.RETURNED])
    if not wanted:
        return
    found = for_list(DraftAct.objects.filter(wanted)).order_by("-state_changed_at", "-pk")
    acts = list(found.only(*_FIELDS)[: MOST + 1])
    lost = lost_among(acts) if clerk else {}
    for act in acts:
        if row := _act_row(act, user, set(own), lost.get(act.pk, 0)):
            yield row


_FIELDS = (
    "number", "token", "kind", "title_ky", "title_ru", "state", "initiator__code",
    *(f"initiator__{name}_{code}" for name in ("name", "short_name") for code in ("ky", "ru", "en")),
)  # fmt: skip


def _act_row(act: DraftAct, user: Any, own: set[int], lost: int) -> DeskRow | None:
    if act.is_preparing and act.initiator_id not in own:
        return None
    step, name, note = act_step(act, user, closed=act.state == ActState.IN_CONSULTATION)
    if not step and act.initiator_id not in own:
        return None
    if lost:
        words = ngettext("%(n)d promise is lost in its text.", "%(n)d promises are lost in its text.", lost)
        note = words % {"n": lost}
    state = (
        ("stage", "certificate", None) if act.state == ActState.IN_CONSULTATION else ("act", act.state, None)
    )
    return _row(act, state, step=step, step_url=address(name, act.reference) if step else "", note=note)


def _row(act: DraftAct, state: State, **values: Any) -> DeskRow:
    url = address("act_prepare", act.token) if act.is_preparing else address("act", act.number)
    number = "" if act.is_preparing else act.number or ""
    values.setdefault("other", act.initiator.short_name(language()))
    return DeskRow(title=act, reference=number, act_url=url, state=state, **values)


# --- reviews: for the ministry, the association, the coordinator ----------------------------------------


def _of_reviews(user: Any, at: datetime) -> Iterable[DeskRow]:
    state_ids = organizations.organization_ids(user, *organizations.STATE_SIDE)
    association_ids = organizations.organization_ids(user, *organizations.COMMUNITIES_SIDE)
    coordinates = organizations.has_role(user, Role.COORDINATOR)
    wanted = Q()
    if state_ids:
        wanted |= Q(consultation__act__initiator_id__in=state_ids)
    if association_ids:
        wanted |= Q(association_id__in=association_ids)
    if coordinates:
        wanted |= Q(filed_at=None, due_at__lte=at, effect_established_at=None, tacit=False)
    if not wanted:
        return
    rows = (
        review_rows(consultation__act__state=ActState.IN_CONSULTATION)
        .filter(wanted)
        .filter(closing_note=None)
        .exclude(own_protocol__state=ProtocolState.SIGNED)
        .select_related("association", "consultation__act__initiator")
        .defer(
            *(
                f"consultation__act__{name}"
                for name in ("search_ky", "search_ru", "search_plain", "summary_ky", "summary_ru")
            )
        )
    )
    for state in states_of(rows.order_by("due_at", "pk")[: MOST + 1], at):
        if row := _review_row(state, user, at, set(state_ids), set(association_ids)):
            yield row


def _review_row(
    state: ReviewState, user: Any, at: datetime, state_ids: set[int], association_ids: set[int]
) -> DeskRow | None:
    review: Any = state.review
    act = review.consultation.act
    shown, step, name, note = state.state, "", "review", ""
    other = review.association.short_name(language())
    if review.association_id in association_ids:
        shown, step, name, note = associations_step(state, user)
        other = act.initiator.short_name(language())
    elif act.initiator_id in state_ids:
        step, name, note = ministrys_step(state, user)
        if review.paper_awaiting:
            shown = ("paper", "awaiting", None)
    if state.stage == ReviewStage.EXPIRED and organizations.can_coordinate(
        user, initiator_id=act.initiator_id
    ):
        step, name = _("Decide the effect"), "expiry_decide"
    elif review.association_id not in association_ids and act.initiator_id not in state_ids:
        return None
    args = [state.protocol_number] if name == "protocol" else [act.number, review.association.code]
    term = state.term
    return _row(
        act,
        shown,
        other=other,
        days=term.days(at) if term else None,
        due_at=term.due_at if term else None,
        step=step,
        step_url=address(name, *args) if step else "",
        note=note,
    )


# --- those who watch ------------------------------------------------------------------------------------


def _recent() -> list[DeskRow]:
    acts = for_list(DraftAct.objects.public()).order_by("-registered_at", "-pk")
    return [_row(act, ("act", act.state, None)) for act in acts[:RECENT]]
