"""What the documents of this stage say, as plain JSON values: the bytes people rely on are made of these.

Read by services (to fix a document) and never changed afterwards: a new shape is a new `format`.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from apps.documents.canonical import moment
from apps.draft_acts import naming
from apps.draft_acts.models import DraftAct, DraftActVersion, Provision
from apps.organizations import selectors
from apps.organizations.enums import Role
from apps.organizations.models import Organization

from .models import (
    ClosingNote,
    ConsolidatedOpinion,
    Consultation,
    PaperOpinion,
    Receipt,
    Remark,
    Review,
    Term,
)


def of_organization(organization: Organization) -> dict[str, Any]:
    return {"code": organization.code, "name_ky": organization.name_ky, "name_ru": organization.name_ru}


def of_act(act: DraftAct, version: DraftActVersion) -> dict[str, Any]:
    return {
        "number": act.number,
        "kind": act.kind,
        "title_ky": act.title_ky,
        "title_ru": act.title_ru,
        "initiator": of_organization(act.initiator),
        "version": version.number,
        "text_hash": version.text_hash,
    }


def _of_review(review: Review) -> dict[str, Any]:
    consultation = review.consultation
    return {
        "act": of_act(consultation.act, consultation.version),
        "round": consultation.round,
        "association": of_organization(review.association),
    }


def of_person(user: Any, organization: Organization, at: datetime, *roles: str) -> dict[str, Any]:
    """The name and the office of who acted, as they were at that time; of a substitute also `for`: the same of whom."""
    held = selectors.capacity(user, organization, *roles, at=at)
    person: dict[str, Any] = {
        "name": user.full_name,
        "position_ky": held.position_ky,
        "position_ru": held.position_ru,
    }
    if held.absent is not None:
        person["for"] = {
            "name": held.absent.full_name,
            "position_ky": held.absent_position_ky,
            "position_ru": held.absent_position_ru,
        }
    return person


def of_provision(provision: Provision) -> dict[str, Any]:
    return {
        "eid": provision.eid,
        "label_ky": naming.provision_name(provision, "ky"),
        "label_ru": naming.provision_name(provision, "ru"),
        "heading_ky": provision.heading_ky,
        "heading_ru": provision.heading_ru,
    }


def of_remark(remark: Remark) -> dict[str, Any]:
    return {
        "number": remark.number,
        "kind": remark.kind,
        "lang": remark.lang,
        "provision": of_provision(remark.provision),
        "text": remark.text,
        "proposed_wording": remark.proposed_wording,
        "reasoning": remark.reasoning,
        "state_interest": remark.state_interest,
        "local_interest": remark.local_interest,
    }


def _of_term(term: Term) -> dict[str, Any]:
    return {
        "stage": term.stage,
        "days": term.length,
        "unit": term.unit,
        "start": term.start.isoformat(),
        "last_day": term.last_day.isoformat(),
        "due_at": moment(term.due_at),
    }


def of_notification(
    consultation: Consultation,
    *,
    number: str,
    reviews: Iterable[Review],
    terms: Iterable[Term],
    left_out: dict[Organization, str],
) -> dict[str, Any]:
    """notification.json: which text goes to whom, and until when an answer is awaited at the latest."""
    terms = list(terms)
    return {
        "format": "makuldashuu/notification/1",
        "number": number,
        "act": of_act(consultation.act, consultation.version),
        "round": consultation.round,
        "opened_at": moment(consultation.opened_at),
        "template": {"code": consultation.template.code, "version": consultation.template.version},
        "addressees": [
            {
                "association": of_organization(review.association),
                "terms": [_of_term(term) for term in terms if term.review_id == review.pk],
            }
            for review in reviews
        ],
        "left_out": [
            {"association": of_organization(association), "reason": reason}
            for association, reason in left_out.items()
        ],
    }


def of_opinion(
    opinion: ConsolidatedOpinion,
    review: Review,
    remarks: Iterable[Remark],
    *,
    number: str,
    submitted_by: Any,
    received_at: datetime,
    paper: PaperOpinion | None = None,
) -> dict[str, Any]:
    """opinion.json: the verdict, the statement, every remark; when it came and until when it was awaited."""
    return {
        "format": "makuldashuu/opinion/1",
        "number": number,
        **_of_review(review),
        "verdict": opinion.verdict,
        "statement": opinion.statement,
        "lang": opinion.lang,
        "remarks": [of_remark(remark) for remark in remarks],
        "submitted_by": of_person(
            submitted_by, review.association, _signed_at(received_at, paper), Role.ASSOCIATION_SIGNATORY
        ),
        "received_at": moment(received_at),
        "due_at": moment(review.due_at),
        "late": received_at >= review.due_at,
        **of_paper(paper),
    }


def _signed_at(received_at: datetime, paper: PaperOpinion | None) -> datetime:
    """When the signatory acted, whose office is that of this moment: at the receipt, or at confirming the paper."""
    return paper.decided_at if paper is not None and paper.decided_at is not None else received_at


def of_paper(paper: PaperOpinion | None) -> dict[str, Any]:
    """How an opinion came outside the portal; nothing for one that was written in it."""
    if paper is None:
        return {}
    assert paper.decided_at is not None
    return {
        "paper": {
            "channel": paper.channel,
            "receiver": of_organization(paper.organization),
            "incoming_number": paper.incoming_number,
            "received_at": moment(paper.received_at),
            "entered_at": moment(paper.entered_at),
            "confirmed_at": moment(paper.decided_at),
            "scan_sha256": paper.scan.sha256,
        }
    }


def of_receipt(
    receipt: Receipt,
    review: Review,
    *,
    opinion_number: str,
    signed_by: Any,
    paper: PaperOpinion | None = None,
) -> dict[str, Any]:
    """receipt.json: what came, how and from whose hand, when, in time or late, and the hash by which it is known."""
    return {
        "format": "makuldashuu/receipt/2",
        "number": receipt.number,
        **_of_review(review),
        "opinion_number": opinion_number,
        "verdict": receipt.opinion.verdict,
        "remarks": receipt.opinion.remarks.count(),
        "signed_by": of_person(
            signed_by,
            review.association,
            _signed_at(receipt.received_at, paper),
            Role.ASSOCIATION_SIGNATORY,
        ),
        "received_at": moment(receipt.received_at),
        "due_at": moment(receipt.due_at),
        "late": receipt.late,
        "single_officer": receipt.single_officer,
        "opinion_sha256": receipt.content_hash,
        **of_paper(paper),
    }


def of_answers(
    review: Review, remarks: Iterable[Remark], *, number: str, sent_by: Any, at: datetime, late: bool
) -> dict[str, Any]:
    """answers.json: remark by remark what the ministry answered, as sent together; `late`: after its term."""
    initiator = review.consultation.act.initiator
    return {
        "format": "makuldashuu/answers/2",
        "number": number,
        **_of_review(review),
        "sent_at": moment(at),
        "late": late,
        "sent_by": of_person(sent_by, initiator, at, Role.DRAFTER, Role.MINISTRY_SIGNATORY),
        "points": [
            {
                **of_remark(remark),
                "answer": {
                    "outcome": remark.answer.outcome,
                    "reason": remark.answer.reason,
                    "wording": remark.answer.wording,
                    "lang": remark.answer.lang,
                },
            }
            for remark in remarks
        ],
    }


def of_note(
    review: Review,
    *,
    kind: str,
    number: str,
    at: datetime,
    verdict: str = "",
    reason: str = "",
    decided_by: Organization | None = None,
    proof: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """note.json: why this review has no remark to settle. `proof` where silence alone closed it."""
    return {
        "format": "makuldashuu/note/2",
        "number": number,
        **_of_review(review),
        "kind": kind,
        "verdict": verdict,
        "reason": reason,
        "decided_by": of_organization(decided_by) if decided_by else None,
        "proof": proof,
        "due_at": moment(review.due_at),
        "issued_at": moment(at),
    }


def of_silence(review: Review, *, reminder: str, handed_over_at: datetime) -> dict[str, Any]:
    """What proves a tacit expiry: the delivery, and the last reminder the mail server took in time."""
    acknowledged = review.acknowledged_at
    return {
        "delivery": "acknowledged" if acknowledged else "deemed",
        "delivered_at": moment(acknowledged or review.deemed_at),
        "reminder": reminder,
        "handed_over_at": moment(handed_over_at),
    }


NOTE_PREFIX = {"expiry": "NE", "agreement": "NA"}


def note_prefix(note: ClosingNote) -> str:
    return NOTE_PREFIX[note.kind]
