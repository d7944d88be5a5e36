"""protocol.json: assembled from rows, the same rows giving the same bytes. Reads only."""

from datetime import datetime
from typing import Any

from apps.documents.canonical import canonical_bytes, moment
from apps.draft_acts import naming
from apps.reviews import said
from apps.reviews.enums import OpinionLink, Silent
from apps.reviews.models import PaperOpinion, Remark, Review, ReviewOpinion
from apps.reviews.selectors import silent

from .enums import PointOutcome, ProtocolKind, Side
from .models import ConciliationMeeting
from .selectors import meeting_of, opinion_of, outcome_of, remarks_of

SCHEMA = "makuldashuu/protocol/2"


def kind_of(points: list[dict[str, Any]]) -> ProtocolKind:
    """PA when no point is open, else PD."""
    opened = any(p["outcome"] == PointOutcome.OPEN for p in points)
    return ProtocolKind.DISAGREEMENTS if opened else ProtocolKind.AGREEMENT


def assemble(review: Review, *, at: datetime, number: str = "") -> dict[str, Any]:
    """The protocol of a review as plain values: parties, text hash, meeting, points and outcomes.

    As it stands at `at`; with a number it is fixed at that moment.
    """
    consultation = review.consultation
    act, version = consultation.act, consultation.version
    by = silent(review, at)
    points = [_point(i, remark, by) for i, remark in enumerate(remarks_of(review), start=1)]
    opinion = opinion_of(review)
    return {
        "schema": SCHEMA,
        "kind": str(kind_of(points)),
        "number": number,
        "fixed_at": moment(at) if number else "",
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
            **_paper(opinion),
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


def _paper(opinion: Any) -> dict[str, Any]:
    """Who entered the opinion when it came outside the portal; nothing for one that was written in it."""
    paper = PaperOpinion.objects.filter(opinion=opinion).select_related("organization").first()
    if opinion is None or paper is None or paper.decided_at is None:
        return {}
    return {
        "paper": {
            "channel": paper.channel,
            "receiver": _party(paper.organization),
            "incoming_number": paper.incoming_number,
            "confirmed_at": moment(paper.decided_at),
        }
    }


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


def _point(position: int, remark: Remark, by: Silent | None) -> dict[str, Any]:
    provision = remark.provision
    answer, reply = said.answer_to(remark), said.reply_to(remark)
    held = said.reply_that_holds(remark, by)
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
        "reply": {
            "outcome": held,
            "text": reply.text if reply is not None else "",
            "lang": reply.lang if reply is not None else "",
        }
        if held
        else None,
        # Whose word did not come in time: "ministry", "association", or nobody's.
        "silent": _silent(answer is not None, reply is not None, by),
        "outcome": outcome_of(remark, by),
        "wording_ky": point.wording_ky if point else "",
        "wording_ru": point.wording_ru if point else "",
        "note": point.note if point else "",
    }


def _silent(answered: bool, replied: bool, by: Silent | None) -> str:
    missing = {Silent.MINISTRY: not answered, Silent.ASSOCIATION: answered and not replied}
    return str(by) if by is not None and missing[by] else ""


def _late_opinions(review: Review) -> list[dict[str, str]]:
    links = ReviewOpinion.objects.filter(review=review, late=True).exclude(state=OpinionLink.DRAFTING)
    return [
        {"receipt": link.opinion.receipt.number, "received_at": moment(link.opinion.receipt.received_at)}
        for link in links.select_related("opinion__receipt").order_by("pk")
    ]
