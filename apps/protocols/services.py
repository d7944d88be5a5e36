"""All writes of conciliation and protocol."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.clock import local_date
from apps.core.errors import InvalidInput, TransitionNotAllowed, VersionConflict, require
from apps.core.typed import clean_text
from apps.deadlines.enums import Stage
from apps.documents import services as documents
from apps.documents.canonical import sha256_hex
from apps.notifications import services as notifications
from apps.organizations import policies as organizations
from apps.organizations import rules
from apps.organizations.enums import Role
from apps.organizations.models import RulesAcceptance
from apps.organizations.selectors import people
from apps.reviews import services as reviews
from apps.reviews.models import Review
from apps.reviews.selectors import silent
from apps.reviews.selectors import stage as stage_of
from apps.reviews.workflow import WORKFLOW as STAGES

from . import assembly, conditions, policies, selectors
from .enums import PointOutcome, ProtocolState, Side
from .errors import AlreadyFixed, CompromiseWithoutWording, HashMismatch, ProtocolNotReady, RulesNotAccepted
from .models import AgendaPoint, AgreementProtocol, Attendee, ConciliationMeeting, ProtocolPoint, Signature
from .workflow import WORKFLOW

RULES_VERSION = rules.CURRENT


@transaction.atomic
def record_meeting(
    *,
    actor: User,
    review_id: int,
    day: date,
    place: str,
    recorder: str,
    attendees: Sequence[dict[str, str]],
    at: datetime,
    edit_version: int | None = None,
) -> ConciliationMeeting:
    """Record the conciliation meeting on what a review left to settle: objections maintained, remarks unanswered.

    From now on no late answer and no reply comes any more. `attendees`: dicts with side, name and position. Recorded
    again, the day, place and people are replaced, the outcomes stay. `edit_version` is the one the person saw (0: none
    yet); without it the last one wins. Raises NotAllowed, TransitionNotAllowed, InvalidInput, VersionConflict with what
    a colleague recorded.
    """
    review = Review.objects.locked(review_id)
    require(policies.can_record_meeting(actor, review))
    _still_open(review)
    _not_fixed(review)
    STAGES.target("meet", stage_of(review, at))
    remarks = selectors.to_be_settled(selectors.remarks_of(review), silent(review, at))
    if not remarks:
        raise TransitionNotAllowed()
    people_met = _checked_attendees(attendees)
    _check_day(day, review, at)
    place, recorder = (clean_text(text, one_line=True) for text in (place, recorder))
    meeting = selectors.meeting_of(review)
    if meeting is None:
        meeting = ConciliationMeeting(consultation=review.consultation)
    else:
        if _same_meeting(meeting, day, place, recorder, people_met):
            return meeting
        if edit_version not in (None, meeting.edit_version):
            raise VersionConflict(selectors.meeting_fields(meeting))
        meeting.edit_version += 1
    meeting.day, meeting.place, meeting.recorder = day, place, recorder
    meeting.recorded_at, meeting.recorded_by = at, actor
    meeting.save()
    meeting.attendees.all().delete()
    sides = {Side.STATE: review.consultation.act.initiator_id, Side.ASSOCIATION: review.association_id}
    Attendee.objects.bulk_create(
        Attendee(
            meeting=meeting,
            side=person["side"],
            organization_id=sides[Side(person["side"])],
            name=person["name"],
            position=person["position"],
        )
        for person in people_met
    )
    known = set(AgendaPoint.objects.filter(remark__in=remarks).values_list("remark_id", flat=True))
    AgendaPoint.objects.bulk_create(
        AgendaPoint(meeting=meeting, remark=remark) for remark in remarks if remark.pk not in known
    )
    reviews.take_up(review_id=review.pk, at=at)
    _record(actor, "meeting.recorded", meeting, review, at, {"review": review.pk, "points": len(remarks)})
    return meeting


@transaction.atomic
def save_outcome(
    *,
    actor: User,
    review_id: int,
    remark_number: int,
    outcome: str,
    at: datetime,
    wording_ky: str = "",
    wording_ru: str = "",
    note: str = "",
    lang: str = "ky",
    edit_version: int | None = None,
) -> AgendaPoint:
    """Enter the outcome of one maintained objection: settled, compromise with wording, open, or withdrawn.

    "Withdrawn" is entered by the association only and withdraws the remark itself. Both sides agree to the rest
    with their signatures on the protocol. `edit_version` is the one the person saw; without it the last one wins.
    Raises NotAllowed, TransitionNotAllowed, InvalidInput, VersionConflict with what a colleague entered.
    """
    review = Review.objects.locked(review_id)
    require(policies.can_enter_outcome(actor, review))
    _still_open(review)
    _not_fixed(review)
    point = (
        AgendaPoint.objects.select_for_update(of=("self",))
        .select_related("remark")
        .filter(remark__in=selectors.remarks_of(review), remark__number=remark_number)
        .first()
    )
    if point is None or outcome not in PointOutcome.values:
        raise InvalidInput()
    wording_ky, wording_ru, note = (clean_text(text) for text in (wording_ky, wording_ru, note))
    if outcome == PointOutcome.COMPROMISE and not (wording_ky or wording_ru):
        raise CompromiseWithoutWording()
    given = {"outcome": outcome, "wording_ky": wording_ky, "wording_ru": wording_ru, "note": note}
    stored = selectors.outcome_fields(point)
    if stored | given == stored:
        return point
    if edit_version not in (None, point.edit_version):
        raise VersionConflict(stored)
    if outcome == PointOutcome.WITHDRAWN:
        require(policies.can_enter_withdrawal(actor, review))
        reviews.withdraw_remark(actor=actor, remark_id=point.remark_id, at=at, at_meeting=True)
    point.outcome, point.note, point.lang = outcome, note, lang
    point.wording_ky, point.wording_ru = wording_ky, wording_ru
    point.entered_at, point.entered_by = at, actor
    point.edit_version += 1
    point.save()
    _record(
        actor, "point.outcome_entered", point, review, at, {"outcome": outcome, "remark": point.remark_id}
    )
    return point


@transaction.atomic
def fix_protocol(*, actor: User, review_id: int, at: datetime) -> AgreementProtocol:
    """Fix the text: take the number, write protocol.json and H, freeze the outcomes, start the signing term.

    Raises NotAllowed, AlreadyFixed, ProtocolNotReady (with every unmet condition).
    """
    review = Review.objects.locked(review_id)
    require(policies.can_fix(actor, review))
    _still_open(review)
    _not_fixed(review)
    unmet = conditions.unmet_for_fixing(review, at)
    if unmet:
        raise ProtocolNotReady(unmet=unmet)
    kind = assembly.kind_of(assembly.assemble(review, at=at)["points"])
    number = documents.take_number(kind=str(kind), at=at)
    text = assembly.assemble(review, at=at, number=number)
    content = assembly.canonical(text)
    protocol = AgreementProtocol.objects.create(
        review=review,
        kind=kind,
        number=number,
        fixed_at=at,
        fixed_by=actor,
        open_points=text["counts"]["open"],
        canonical=content.decode(),
        content_hash=sha256_hex(content),
    )
    remarks = {remark.number: remark for remark in selectors.remarks_of(review)}
    ProtocolPoint.objects.bulk_create(
        ProtocolPoint(
            protocol=protocol,
            position=point["position"],
            remark=remarks[point["remark"]],
            outcome=point["outcome"],
            data=point,
        )
        for point in text["points"]
    )
    AgendaPoint.objects.filter(remark__in=remarks.values()).exclude(outcome="").update(frozen_at=at)
    reviews.take_up(review_id=review.pk, at=at)
    reviews.start_term(review_id=review.pk, stage=Stage.SIGNING, cause="protocol_fixed", at=at)
    _record(actor, "protocol.fixed", protocol, review, at, {"number": number, "hash": protocol.content_hash})
    _letter("protocols.to_sign", protocol, [Role.MINISTRY_SIGNATORY], [Role.ASSOCIATION_SIGNATORY], at)
    return protocol


@transaction.atomic
def annul_protocol(*, actor: User, protocol_id: int, reason: str, at: datetime) -> AgreementProtocol:
    """Abandon a protocol not yet signed by both; its number stays, the outcomes may be entered again."""
    protocol = _locked_protocol(protocol_id)
    require(policies.can_annul(actor, protocol))
    reason = clean_text(reason)
    if not reason:
        raise InvalidInput()
    protocol.state = WORKFLOW.target("annul", protocol.state)
    protocol.annulled_at, protocol.annulment_reason = at, reason
    protocol.save(update_fields=["state", "annulled_at", "annulment_reason"])
    AgendaPoint.objects.filter(remark__protocol_points__protocol=protocol).update(frozen_at=None)
    _record(actor, "protocol.annulled", protocol, protocol.review, at, {"number": protocol.number})
    _letter("protocols.annulled", protocol, [Role.MINISTRY_SIGNATORY], [Role.ASSOCIATION_SIGNATORY], at)
    return protocol


@transaction.atomic
def sign_protocol(*, actor: User, protocol_id: int, content_hash: str, at: datetime) -> Signature:
    """Sign in the portal for one's side, over the H that was shown. The caller has asked the second factor again.

    Signed twice by the same side, the first signature is returned. When both sides have signed, the protocol is
    public and its final file is asked for. Raises NotAllowed, HashMismatch, RulesNotAccepted, TransitionNotAllowed.
    """
    protocol = _locked_protocol(protocol_id)
    side = policies.signing_side(actor, protocol)
    require(side is not None)
    assert side is not None
    known = protocol.signatures.filter(side=side).first()
    if known is not None:
        return known
    _still_open(protocol.review)
    if protocol.state != ProtocolState.FIXED:
        raise TransitionNotAllowed()
    if content_hash != protocol.content_hash:
        raise HashMismatch()
    review = protocol.review
    organization_id = review.consultation.act.initiator_id if side == Side.STATE else review.association_id
    if not RulesAcceptance.objects.filter(organization_id=organization_id, version=RULES_VERSION).exists():
        raise RulesNotAccepted()
    signature = Signature.objects.create(
        protocol=protocol,
        side=side,
        organization_id=organization_id,
        user=actor,
        content_hash=protocol.content_hash,
        at=at,
    )
    _record(actor, "protocol.signed", signature, review, at, {"side": side, "hash": protocol.content_hash})
    if protocol.signatures.count() == len(Side):
        _finish(protocol, at)
    return signature


def _finish(protocol: AgreementProtocol, at: datetime) -> None:
    """Both have signed: the protocol is public, the final file is rendered once."""
    protocol.state, protocol.signed_at = WORKFLOW.target("sign_last", protocol.state), at
    protocol.save(update_fields=["state", "signed_at"])
    documents.request_document(
        kind=protocol.kind,
        source_type=protocol._meta.label_lower,
        source_id=protocol.pk,
        number=protocol.number,
        canonical=protocol.canonical.encode(),
        act_id=protocol.review.consultation.act_id,
        public=True,
        at=at,
    )
    _record(None, "protocol.completed", protocol, protocol.review, at, {"number": protocol.number})
    _letter(
        "protocols.signed",
        protocol,
        sorted(organizations.STATE_SIDE),
        sorted(organizations.COMMUNITIES_SIDE),
        at,
    )


def _locked_protocol(protocol_id: int) -> AgreementProtocol:
    rows = AgreementProtocol.objects.select_for_update(of=("self", "review__consultation__act"), no_key=True)
    return rows.select_related("review__consultation__act__initiator", "review__association").get(
        pk=protocol_id
    )


def _still_open(review: Review) -> None:
    """Nothing more is recorded or signed once the act is withdrawn, certified or further on."""
    if not policies.is_open(review):
        raise TransitionNotAllowed()


def _not_fixed(review: Review) -> None:
    if selectors.protocol_of(review) is not None:
        raise AlreadyFixed()


def _checked_attendees(attendees: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The people as they are kept: side, name, position. Raises InvalidInput when a side has none."""
    kept = [
        {
            "side": person["side"],
            **{part: clean_text(person.get(part, ""), one_line=True) for part in ("name", "position")},
        }
        for person in attendees
    ]
    if {person["side"] for person in kept if person["name"]} != set(Side.values):
        raise InvalidInput(_("Name at least one person for each side."))
    return [person for person in kept if person["name"]]


def _same_meeting(
    meeting: ConciliationMeeting, day: date, place: str, recorder: str, people: list[dict[str, str]]
) -> bool:
    """Sent twice: nothing is replaced and nobody is told of a conflict with themselves."""
    there = [
        {"side": person.side, "name": person.name, "position": person.position}
        for person in sorted(meeting.attendees.all(), key=lambda person: person.pk)
    ]
    return (meeting.day, meeting.place, meeting.recorder, there) == (day, place, recorder, people)


def _check_day(day: date, review: Review, at: datetime) -> None:
    """A meeting is held after the consultation was opened; one that is called lies within a year."""
    if not local_date(review.consultation.opened_at) <= day <= local_date(at) + timedelta(days=366):
        raise InvalidInput(
            fields={"day": [_("A meeting lies between the opening of the consultation and a year from now.")]}
        )


def _record(
    actor: User | None, action: str, target: Any, review: Review, at: datetime, data: dict[str, Any]
) -> None:
    audit.record(
        actor=actor, action=action, target=target, at=at, act_id=review.consultation.act_id, data=data
    )


def _letter(
    template: str, protocol: AgreementProtocol, state: Sequence[str], communities: Sequence[str], at: datetime
) -> None:
    act = protocol.review.consultation.act
    recipients = [
        *people([act.initiator_id], *state, at=at),
        *people([protocol.review.association_id], *communities, at=at),
    ]
    notifications.enqueue(
        template=template,
        recipients=recipients,
        payload={"protocol_id": protocol.pk},
        key=f"{template}:{protocol.pk}",
        at=at,
        act_id=act.pk,
    )
