"""Filing: opinion, receipt, journal and letters in one transaction. It needs the database and nothing else."""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.core.errors import GateClosed, TransitionNotAllowed, VersionConflict, require
from apps.deadlines.enums import Stage
from apps.deadlines.selectors import CalendarTooShort
from apps.documents import services as documents
from apps.documents.canonical import canonical_bytes, sha256_hex
from apps.documents.enums import DocumentKind

from .. import conditions, contents, policies, selectors
from ..enums import VERDICTS_WITHOUT_REMARKS, NoteKind, OpinionLink, ReviewStage, Silent
from ..models import ConsolidatedOpinion, PaperOpinion, Receipt, Review, ReviewOpinion
from ._common import (
    append_review_term,
    locked_review,
    request_document,
    step,
    write_ahead,
    write_to_association,
    write_to_ministry,
)
from .delivery import acknowledge_locked
from .notes import issue_note

logger = logging.getLogger(__name__)


class NotHandedOver(TransitionNotAllowed):
    code = "opinion_not_ready"
    message = _("The opinion is still with the officer. It can be submitted once it is handed over.")


@transaction.atomic
def submit_opinion(*, actor: Any, review_id: int, edit_version: int, received_at: datetime) -> Receipt:
    """Countersign and file: always stored; in time if received_at < review.due_at, else late.

    Submitted again, the same receipt comes back. Raises NotAllowed, TransitionNotAllowed, VersionConflict (the opinion
    is not the one the signatory saw), GateClosed (the verdict does not stand).
    """
    review = locked_review(review_id)
    link = selectors.draft_link(review)
    if link is None:
        return _receipt_again(review, actor)
    opinion = link.opinion
    require(policies.can_sign_opinion(actor, review))
    if opinion.ready_at is None and not review.association.single_officer:
        raise NotHandedOver()
    require(
        policies.can_submit_opinion(actor, review, opinion),
        _("Two people file an opinion: one prepares it, another countersigns. You prepared this one."),
    )
    step(review, "submit_opinion", received_at)
    _check(opinion, review, edit_version)

    if selectors.stage(review, received_at) == ReviewStage.DELIVERY:
        acknowledge_locked(review, actor=actor, at=received_at, how="filing")
    return put_on_file(review, opinion, link, actor=actor, received_at=received_at, at=received_at)


def put_on_file(
    review: Review,
    opinion: ConsolidatedOpinion,
    link: ReviewOpinion,
    *,
    actor: Any,
    received_at: datetime,
    at: datetime,
    paper: PaperOpinion | None = None,
) -> Receipt:
    """The opinion becomes what it will always be, and the review goes on from it. The caller holds the review.

    `received_at` decides whether it came in time; `at` is the present moment, later only for one that came on paper.
    """
    receipt = _freeze(opinion, link, review, actor, received_at, at, paper)
    if not link.late:
        review.filed_at = received_at
        review.save(update_fields=["filed_at"])
        if opinion.verdict in VERDICTS_WITHOUT_REMARKS:
            issue_note(review, kind=NoteKind.AGREEMENT, at=at, verdict=opinion.verdict)
        else:
            start_answers(review, at, cause="filed" if paper is None else "paper_confirmed")
    audit.record(
        actor=actor,
        action="opinion.submitted" if paper is None else "opinion.confirmed",
        target=opinion,
        at=at,
        organization_id=review.association_id,
        act_id=review.consultation.act_id,
        data={
            "review": review.pk,
            "verdict": opinion.verdict,
            "late": receipt.late,
            "counts": not link.late,
            "receipt": receipt.number,
            "sha256": opinion.content_hash,
        }
        | ({} if paper is None else {"paper": paper.pk, "received_at": received_at.isoformat()}),
    )
    write_to_ministry(review, "opinion_filed", at, key=str(receipt.pk), receipt_id=receipt.pk)
    write_to_association(review, "receipt", at, key=str(receipt.pk), receipt_id=receipt.pk)
    return receipt


def _receipt_again(review: Review, actor: Any) -> Receipt:
    """A double click, a refresh, a second tab: the receipt that was given."""
    require(policies.can_sign_opinion(actor, review))
    filed = selectors.in_force_link(review)
    if filed is None:
        raise NotHandedOver()
    return filed.opinion.receipt


def _check(opinion: ConsolidatedOpinion, review: Review, edit_version: int) -> None:
    if edit_version != opinion.edit_version:
        raise VersionConflict({"edit_version": opinion.edit_version})
    unmet = conditions.unmet_opinion(opinion, review)
    if unmet:
        raise GateClosed(unmet=unmet)


def _freeze(
    opinion: ConsolidatedOpinion,
    link: ReviewOpinion,
    review: Review,
    actor: Any,
    received_at: datetime,
    at: datetime,
    paper: PaperOpinion | None,
) -> Receipt:
    """The opinion becomes what it will always be; number, hash and receipt are taken with it."""
    late = received_at >= review.due_at
    opinion_number = documents.take_number(kind=DocumentKind.OPINION, at=at)
    canonical = canonical_bytes(
        contents.of_opinion(
            opinion,
            review,
            selectors.remarks_of(opinion),
            number=opinion_number,
            submitted_by=actor,
            received_at=received_at,
            paper=paper,
        )
    )
    one_person = paper is None and policies.is_one_person(actor, opinion)
    opinion.submitted_at, opinion.submitted_by = received_at, actor
    opinion.canonical, opinion.content_hash = canonical.decode("utf-8"), sha256_hex(canonical)
    opinion.save()
    # Only a late opinion can be there: a new term was given, and the association speaks again within it.
    ReviewOpinion.objects.filter(review=review, state=OpinionLink.IN_FORCE).update(state=OpinionLink.REPLACED)
    # A paper stamped in time, entered when the expiry had been established: kept, and outside the gates.
    link.state, link.late = OpinionLink.IN_FORCE, late or review.effect_established_at is not None
    link.save()
    receipt = Receipt.objects.create(
        opinion=opinion,
        review=review,
        number=documents.take_number(kind=DocumentKind.RECEIPT, at=at),
        received_at=received_at,
        due_at=review.due_at,
        late=late,
        single_officer=review.association.single_officer and one_person,
        content_hash=opinion.content_hash,
    )
    act_id = review.consultation.act_id
    request_document(
        kind=DocumentKind.OPINION,
        source=opinion,
        number=opinion_number,
        act_id=act_id,
        at=at,
        content=canonical,
    )
    request_document(
        kind=DocumentKind.RECEIPT,
        source=receipt,
        number=receipt.number,
        act_id=act_id,
        at=at,
        content=contents.of_receipt(
            receipt, review, opinion_number=opinion_number, signed_by=actor, paper=paper
        ),
    )
    return receipt


def start_answers(review: Review, at: datetime, *, cause: str = "filed") -> None:
    """The ministry's term begins. The caller holds the review under lock."""
    try:
        term = append_review_term(review, Stage.ANSWERS, cause=cause, at=at)
    except CalendarTooShort:
        # A filing is never lost to a calendar that ends too early; the ministry's term is then without a date.
        logger.error("review %s: no calendar for the term of answers", review.pk)
    else:
        write_ahead(review, Silent.MINISTRY, term, at)
