"""protocol.json: assembled from rows, the same rows giving the same bytes. Reads only."""

from datetime import datetime
from typing import Any

from apps.documents.canonical import canonical_bytes, moment
from apps.draft_acts import naming
from apps.reviews.enums import OpinionLink
from apps.reviews.models import Remark, Review, ReviewOpinion

from .enums import PointOutcome, ProtocolKind, Side
from .models import ConciliationMeeting
from .selectors import meeting_of, opinion_of, outcome_of, remarks_of

SCHEMA = "makuldashuu/protocol/1"


def kind_of(points: list[dict[str, Any]]) -> ProtocolKind:
    """PA when no point is open, else PD."""
    opened = any(p["outcome"] == PointOutcome.OPEN for p in points)
    return ProtocolKind.DISAGREEMENTS if opened else ProtocolKind.AGREEMENT


def assemble(review: Review, *, number: str = "", fixed_at: datetime | None = None) -> dict[str, Any]:
    """The protocol of a review as plain values: parties, text hash, meeting, points and outcomes."""
    consultation = review.consultation
    act, version = consultation.act, consultation.version
    points = [_point(i, remark) for i, remark in enumerate(remarks_of(review), start=1)]
    opinion = opinion_of(review)
    return {
        "schema": SCHEMA,
        "kind": str(kind_of(points)),
        "number": number,
        "fixed_at": moment(fixed_at) if fixed_at else "",
        "act": {
            "number": act.number,
            "kind": act.kind,
            "title_ky": act.title_ky,
            "title_ru": act.title_ru,
            "version": version.number,
            "text_hash": version.text_hash,
        },
        "round": consultation.round,
        "parties": {
            str(Side.STATE): _party(act.initiator),
            str(Side.ASSOCIATION): _party(review.association),
        },
        "opinion": {
            "receipt": opinion.receipt.number if opinion else "",
            "received_at": moment(opinion.receipt.received_at) if opinion else "",
            "verdict": opinion.verdict if opinion else "",
            "content_hash": opinion.content_hash if opinion else "",
        },
        "meeting": _meeting(meeting_of(review)),
        "points": points,
        "counts": {
            name: sum(1 for p in points if p["outcome"] == name)
            for name in ("settled", "compromise", "withdrawn", "open", "noted")
        },
        "late_opinions": _late_opinions(review),
    }


def canonical(protocol: dict[str, Any]) -> bytes:
    """The bytes whose SHA-256 is H."""
    return canonical_bytes(protocol)


def _party(organization: Any) -> dict[str, str]:
    return {"code": organization.code, "name_ky": organization.name_ky, "name_ru": organization.name_ru}


def _meeting(meeting: ConciliationMeeting | None) -> dict[str, Any] | None:
    if meeting is None:
        return None
    return {
        "day": meeting.day.isoformat(),
        "place": meeting.place,
        "recorder": meeting.recorder,
        "attendees": [
            {"side": a.side, "organization": a.organization.code, "name": a.name, "position": a.position}
            for a in sorted(meeting.attendees.all(), key=lambda a: a.pk)
        ],
    }


def _point(position: int, remark: Remark) -> dict[str, Any]:
    provision = remark.provision
    answer = getattr(remark, "answer", None)
    answer = answer if answer is not None and answer.sent_at else None
    reply = getattr(answer, "reply", None) if answer is not None else None
    reply = reply if reply is not None and reply.sent_at else None
    point = getattr(remark, "agenda_point", None)
    return {
        "position": position,
        "remark": remark.number,
        "kind": remark.kind,
        "provision": {
            "eid": provision.eid,
            "label_ky": naming.provision_name(provision, "ky"),
            "label_ru": naming.provision_name(provision, "ru"),
        },
        "lang": remark.lang,
        "text": remark.text,
        "proposed_wording": remark.proposed_wording,
        "reasoning": remark.reasoning,
        "state_interest": remark.state_interest,
        "local_interest": remark.local_interest,
        "answer": None
        if answer is None
        else {
            "outcome": answer.outcome,
            "reason": answer.reason,
            "wording": answer.wording,
            "lang": answer.lang,
        },
        "reply": None
        if reply is None
        else {"outcome": reply.outcome, "text": reply.text, "lang": reply.lang},
        "outcome": outcome_of(remark),
        "wording_ky": point.wording_ky if point else "",
        "wording_ru": point.wording_ru if point else "",
        "note": point.note if point else "",
    }


def _late_opinions(review: Review) -> list[dict[str, str]]:
    links = ReviewOpinion.objects.filter(review=review, late=True).exclude(state=OpinionLink.DRAFTING)
    return [
        {"receipt": link.opinion.receipt.number, "received_at": moment(link.opinion.receipt.received_at)}
        for link in links.select_related("opinion__receipt").order_by("pk")
    ]
