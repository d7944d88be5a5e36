"""Reads of the protocol stage: the maintained objections, the points of a protocol, what a party sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from apps.core.dates import language
from apps.draft_acts import naming
from apps.organizations import policies as organizations
from apps.reviews import said
from apps.reviews.enums import OpinionLink, RemarkKind, ReplyOutcome, Silent
from apps.reviews.models import ClosingNote, ConsolidatedOpinion, Remark, Review, ReviewOpinion

from .enums import PointOutcome, ProtocolState, Side
from .models import AgendaPoint, AgreementProtocol, ConciliationMeeting

NOTED = "noted"


def opinion_of(review: Review) -> ConsolidatedOpinion | None:
    """The opinion in force, received in time."""
    link = (
        ReviewOpinion.objects.filter(review=review, state=OpinionLink.IN_FORCE, late=False)
        .select_related("opinion__receipt")
        .first()
    )
    return link.opinion if link else None


def remarks_of(review: Review) -> list[Remark]:
    """Every remark of the opinion in force with provision, answer, reply and agenda point, in order."""
    return list(_in_force_remarks([review.pk]).order_by("number"))


def _in_force_remarks(review_ids: Sequence[int]) -> QuerySet[Remark]:
    return Remark.objects.filter(
        opinion__review_links__review_id__in=review_ids,
        opinion__review_links__state=OpinionLink.IN_FORCE,
        opinion__review_links__late=False,
    ).select_related("provision", "answer__reply", "agenda_point__meeting")


@dataclass(frozen=True)
class Standing:
    """One review at the stage of conciliation: its remarks in order, its protocol and its closing note, if any."""

    review: Review
    remarks: tuple[Remark, ...]
    protocol: AgreementProtocol | None
    has_note: bool
    silent: Silent | None = None  # who let the term pass without a word

    def outcome_of(self, remark: Remark) -> str:
        return outcome_of(remark, self.silent)


def standings(reviews: Sequence[Review], at: datetime) -> list[Standing]:
    """All reviews of a round in a fixed number of queries, however many associations there are."""
    ids = [review.pk for review in reviews]
    remarks: dict[int, list[Remark]] = {pk: [] for pk in ids}
    found = _in_force_remarks(ids).annotate(review_id=F("opinion__review_links__review_id"))
    for remark in found.order_by("number"):
        remarks[remark.review_id].append(remark)  # type: ignore[attr-defined]
    live = AgreementProtocol.objects.filter(review_id__in=ids).exclude(state=ProtocolState.ANNULLED)
    protocols = {p.review_id: p for p in live.prefetch_related("signatures")}
    noted = set(ClosingNote.objects.filter(review_id__in=ids).values_list("review_id", flat=True))
    return [
        Standing(
            review,
            tuple(remarks[review.pk]),
            protocols.get(review.pk),
            review.pk in noted,
            said.silent(review, at),
        )
        for review in reviews
    ]


def outcome_of(remark: Remark, by: Silent | None) -> str:
    """What became of a remark: settled | compromise | withdrawn | open | noted, or "" while undecided.

    `by`: who was silent in its review, by reviews.selectors.silent.
    """
    if remark.withdrawn_at is not None:
        return PointOutcome.WITHDRAWN
    if said.is_disputed(remark, by):
        point = getattr(remark, "agenda_point", None)
        return point.outcome if point is not None else ""
    reply = said.reply_that_holds(remark, by)
    if not reply:
        return ""
    if remark.kind == RemarkKind.OBJECTION or reply == ReplyOutcome.SATISFIED:
        return PointOutcome.SETTLED
    return NOTED


def to_be_settled(remarks: Sequence[Remark], by: Silent | None) -> list[Remark]:
    """What the meeting is about: objections maintained and remarks left unanswered; withdrawn ones are not."""
    return [r for r in remarks if said.is_disputed(r, by) and r.withdrawn_at is None]


def meeting_of(review: Review) -> ConciliationMeeting | None:
    """The latest meeting that has a point of this review."""
    return (
        ConciliationMeeting.objects.filter(points__remark__opinion__review_links__review=review)
        .prefetch_related("attendees__organization")
        .order_by("-recorded_at")
        .first()
    )


def meeting_fields(meeting: ConciliationMeeting) -> dict[str, Any]:
    """What stands in the form of a recorded meeting, people a line each, and the version it was read at."""
    people: dict[str, list[str]] = {Side.STATE: [], Side.ASSOCIATION: []}
    for person in sorted(meeting.attendees.all(), key=lambda p: p.pk):
        people[person.side].append(", ".join(filter(None, [person.name, person.position])))
    return {
        "day": meeting.day.isoformat(),
        "place": meeting.place,
        "recorder": meeting.recorder,
        "state_people": "\n".join(people[Side.STATE]),
        "association_people": "\n".join(people[Side.ASSOCIATION]),
        "edit_version": meeting.edit_version,
    }


def outcome_fields(point: AgendaPoint) -> dict[str, Any]:
    """What stands in the form of an outcome, and the version it was read at."""
    return {
        "outcome": point.outcome,
        "wording_ky": point.wording_ky,
        "wording_ru": point.wording_ru,
        "note": point.note,
        "edit_version": point.edit_version,
    }


def protocol_of(review: Review) -> AgreementProtocol | None:
    """The review's protocol that is not annulled."""
    return (
        AgreementProtocol.objects.filter(review=review)
        .exclude(state=ProtocolState.ANNULLED)
        .prefetch_related("signatures__user", "signatures__organization")
        .first()
    )


def visible_protocols(user: Any) -> QuerySet[AgreementProtocol]:
    """Signed protocols for everybody; those being signed or annulled for their two sides and the auditor."""
    protocols = AgreementProtocol.objects.select_related(
        "review__consultation__act__initiator", "review__consultation__version", "review__association"
    )
    if organizations.is_auditor(user):
        return protocols
    state = organizations.organization_ids(user, *organizations.STATE_SIDE)
    communities = organizations.organization_ids(user, *organizations.COMMUNITIES_SIDE)
    return protocols.filter(
        Q(state=ProtocolState.SIGNED)
        | Q(review__consultation__act__initiator_id__in=state)
        | Q(review__association_id__in=communities)
    )


@dataclass(frozen=True)
class MeetingRow:
    """One point of the meeting as its page shows it."""

    remark: Remark
    point: AgendaPoint | None

    @property
    def answer(self) -> Any:
        """The answer as it was sent; a draft stays with the ministry."""
        return said.answer_to(self.remark)

    @property
    def outcome(self) -> str:
        return self.point.outcome if self.point else ""

    @property
    def name(self) -> str:
        """The provision in the language of the page."""
        return naming.provision_name(self.remark.provision, language())


def meeting_rows(review: Review, at: datetime) -> list[MeetingRow]:
    remarks = to_be_settled(remarks_of(review), said.silent(review, at))
    return [MeetingRow(r, getattr(r, "agenda_point", None)) for r in remarks]
