"""Where each review stands at a moment, and the act with it. Two queries for any number of reviews."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Exists,
    F,
    FilteredRelation,
    Func,
    IntegerField,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.utils.translation import gettext_lazy as _

from apps.core.clock import local_date
from apps.core.dates import last_day
from apps.deadlines.enums import Stage
from apps.draft_acts.enums import ActState
from apps.draft_acts.models import DraftAct
from apps.protocols.enums import ProtocolKind, ProtocolState, Side
from apps.protocols.models import Signature
from apps.reviews import said, silence
from apps.reviews import selectors as reviews
from apps.reviews.enums import NoteKind, OpinionLink, ReviewStage
from apps.reviews.models import Consultation, PaperOpinion, Remark, Review, ReviewOpinion, Term

State = tuple[str, str, Any]  # group and code of core.statuses, and a word that replaces the table's own

# The term that a reader waits for: before delivery already that of the opinion.
TERM_OF = {**reviews.CURRENT_TERM, ReviewStage.DELIVERY: Stage.OPINION}
WITHOUT_TERM = {ReviewStage.EXPIRED, ReviewStage.EXPIRY_ESTABLISHED, ReviewStage.ENDED_WITHOUT_REMARKS}
ORDER = [
    ReviewStage.DELIVERY,
    ReviewStage.OPINION,
    ReviewStage.EXPIRED,
    ReviewStage.ANSWERS,
    ReviewStage.UNANSWERED,
    ReviewStage.REPLIES,
    ReviewStage.CONCILIATION,
    ReviewStage.PROTOCOL,
]
OPINION_AWAITED = {ReviewStage.DELIVERY, ReviewStage.OPINION}
RUNNING = frozenset({ActState.IN_CONSULTATION})
ENDED = frozenset({ActState.CERTIFIED, ActState.SUBMITTED, ActState.ADOPTED})


class CountedDaysAfter(Func):
    """How many counted days of a term's explanation lie after a day: the working days left."""

    template = "jsonb_array_length(jsonb_path_query_array(%(expressions)s))"
    output_field = IntegerField()

    def __init__(self, explanation: str, day: date) -> None:
        path = Value("$[*] ? (@.counted == true && @.date > $today)")
        today = json.dumps({"today": day.isoformat()})
        super().__init__(
            F(explanation),
            Func(path, template="%(expressions)s::jsonpath", output_field=JSONField()),
            Func(Value(today), template="%(expressions)s::jsonb", output_field=JSONField()),
        )


@dataclass(frozen=True)
class RunningTerm:
    """The ruling term of a stage, and how many of its working days are left (0: today is the last)."""

    stage: str
    start: date
    length: int
    last_day: date
    due_at: datetime
    left: int

    def days(self, at: datetime) -> int:
        """Working days left; after the end the days of lateness, negative."""
        if at < self.due_at:
            return self.left
        return -max(1, (local_date(at) - last_day(self.due_at)).days)


@dataclass(frozen=True)
class ReviewState:
    """One association's review as every page shows it."""

    review: Review
    stage: ReviewStage
    state: State
    closed: bool
    term: RunningTerm | None
    terms: dict[str, RunningTerm]
    verdict: str
    late: bool  # the opinion came after its term
    protocol_number: str
    protocol_kind: str
    protocol_state: str
    protocol_open: int
    signed_by: frozenset[str]
    outcome_missing: bool
    ready_to_sign: (
        bool  # an opinion waits for its countersignature; only the association's own people may know
    )

    @property
    def code(self) -> str:
        return self.review.association.code

    @property
    def opinion_state(self) -> State:
        """What the association said: its verdict, its silence, or that its opinion is awaited."""
        if self.review.filed_at is not None and self.verdict:
            return ("opinion", self.verdict, None)
        if self.stage == ReviewStage.EXPIRY_ESTABLISHED:
            return ("opinion", "tacit", None)
        if self.stage == ReviewStage.EXPIRED:
            return ("opinion", "expired", None)
        return ("opinion", "none", None)


@dataclass(frozen=True)
class ActStage:
    """Where an act stands: its states (the first is the main one) and the term that runs."""

    states: tuple[State, ...]
    days: int | None
    days_kind: str
    due_at: datetime | None

    @property
    def main(self) -> State:
        return self.states[0]


def review_rows(**which: Any) -> QuerySet[Review]:
    """Reviews of the last round of their acts, with what their stage needs, in one query."""
    later = Consultation.objects.filter(
        act=OuterRef("consultation__act"), round__gt=OuterRef("consultation__round")
    )
    drafting = ReviewOpinion.objects.filter(review=OuterRef("pk"), state=OpinionLink.DRAFTING)
    signatures = Signature.objects.filter(
        protocol__review=OuterRef("pk"), protocol__state__in=[ProtocolState.FIXED, ProtocolState.SIGNED]
    )
    return (
        Review.objects.with_facts()
        .filter(~Exists(later), **which)
        .annotate(
            own_protocol=FilteredRelation("protocols", condition=~Q(protocols__state=ProtocolState.ANNULLED)),
            filed=FilteredRelation("opinion_links", condition=Q(opinion_links__state=OpinionLink.IN_FORCE)),
            protocol_state=F("own_protocol__state"),
            protocol_kind=F("own_protocol__kind"),
            protocol_number=F("own_protocol__number"),
            protocol_open=F("own_protocol__open_points"),
            protocol_signed_at=F("own_protocol__signed_at"),
            verdict=F("filed__opinion__verdict"),
            filed_late=F("filed__late"),
            being_written=Exists(drafting),
            paper_awaiting=Exists(PaperOpinion.objects.awaiting().filter(review=OuterRef("pk"))),
            ready_to_sign=Exists(drafting.filter(opinion__ready_at__isnull=False)),
            outcome_missing=Exists(
                Remark.objects.disputed_in(OuterRef("pk")).exclude(
                    agenda_point__outcome__in=["settled", "compromise", "open", "withdrawn"]
                )
            ),
            state_signed=Exists(signatures.filter(side=Side.STATE)),
            association_signed=Exists(signatures.filter(side=Side.ASSOCIATION)),
        )
        .select_related("association", "closing_note", "consultation")
        .order_by("consultation_id", "association_id")
    )


def ruling_terms(rows: Iterable[Review], at: datetime) -> dict[int, dict[str, RunningTerm]]:
    """Of every review the ruling term of each stage; one query, without the days themselves."""
    silent = {review.pk: reviews.silent(review, at) for review in rows}
    ids = list(silent)
    found: dict[int, dict[str, RunningTerm]] = {pk: {} for pk in ids}
    if not ids:
        return found
    terms = (
        Term.objects.filter(review_id__in=ids)
        .annotate(left=CountedDaysAfter("explanation", local_date(at)))
        .order_by("review_id", "stage", "-sequence")
        .distinct("review_id", "stage")
        .values_list("review_id", "cause", "stage", "start", "length", "last_day", "due_at", "left")
    )
    for review_id, cause, *columns in terms:
        if said.holds_for(cause, silent[review_id]):
            term = RunningTerm(*columns)
            found[review_id][term.stage] = term
    return found


def states_of(rows: Iterable[Review], at: datetime) -> list[ReviewState]:
    """The state of each review of `review_rows()` at a moment."""
    rows = list(rows)
    terms = ruling_terms(rows, at)
    return [review_state(review, terms[review.pk], at) for review in rows]


def review_state(review: Any, terms: dict[str, RunningTerm], at: datetime) -> ReviewState:
    stage = reviews.stage(review, at)
    if stage == ReviewStage.CONCILIATION and not review.outcome_missing:
        stage = (
            ReviewStage.PROTOCOL
        )  # every maintained objection has its outcome: what is left is the protocol
    note = getattr(review, "closing_note", None)
    closed = (
        note is not None
        or review.protocol_state == ProtocolState.SIGNED
        or (stage == ReviewStage.EXPIRY_ESTABLISHED and at >= silence.certificate_from(review))
    )
    signed = {Side.STATE: review.state_signed, Side.ASSOCIATION: review.association_signed}
    term = None if closed or stage in WITHOUT_TERM else terms.get(TERM_OF[stage])
    return ReviewState(
        review=review,
        stage=stage,
        state=_shown(review, stage, note),
        closed=closed,
        term=term,
        terms=terms,
        verdict=review.verdict or "",
        late=bool(review.filed_late),
        protocol_number=review.protocol_number or "",
        protocol_kind=review.protocol_kind or "",
        protocol_state=review.protocol_state or "",
        protocol_open=review.protocol_open or 0,
        signed_by=frozenset(side for side, done in signed.items() if done),
        outcome_missing=review.outcome_missing,
        ready_to_sign=review.ready_to_sign,
    )


def _shown(review: Any, stage: ReviewStage, note: Any) -> State:
    if review.protocol_state == ProtocolState.SIGNED:
        kind = "agreement" if review.protocol_kind == ProtocolKind.AGREEMENT else "disagreement"
        return ("protocol", kind, None)
    if note is not None:
        return ("protocol", "note_of_expiry" if note.kind == NoteKind.EXPIRY else "note_of_agreement", None)
    if stage == ReviewStage.PROTOCOL and review.protocol_state is None:
        return ("protocol", "assembling", _("The protocol is being prepared"))
    if stage == ReviewStage.EXPIRY_ESTABLISHED:
        return ("opinion", "tacit", None)
    return ("stage", stage, None)


def act_stage(act: DraftAct, states: Iterable[ReviewState], at: datetime) -> ActStage:
    """The stage of an act from its state and its reviews; costs no query."""
    if act.state not in RUNNING:
        kind = "ended" if act.state in ENDED else "none"
        return ActStage((("act", act.state, None),), None, kind, None)
    open_ones = sorted(
        (s for s in states if not s.closed and s.stage in ORDER), key=lambda s: ORDER.index(s.stage)
    )
    if not open_ones:
        return ActStage((("stage", "certificate", None),), None, "none", None)
    shown: list[State] = list(dict.fromkeys(s.state for s in open_ones))
    terms = [s.term for s in open_ones if s.term is not None]
    if not terms:
        return ActStage(tuple(shown), None, "none", None)
    first = min(terms, key=lambda term: term.due_at)
    days = first.days(at)
    if days < 0:
        shown.append(("time", "overdue", None))
    elif days <= 1:
        shown.append(("time", "closing", None))
    return ActStage(tuple(shown), days, "", first.due_at)
