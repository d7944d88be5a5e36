"""An opinion that came on paper or by e-mail: its receiver enters it with scan and stamp, the association confirms it.

What was entered is a draft of the receiver's; sent to the association it is frozen; confirmed it is filed as of the
stamp's time, in one transaction with its receipt.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.core.errors import GateClosed, InvalidInput, TransitionNotAllowed, VersionConflict, require
from apps.deadlines import rules
from apps.documents import services as documents
from apps.documents import uploads
from apps.draft_acts.enums import TextLanguage
from apps.organizations import policies as organizations
from apps.organizations.enums import Role

from .. import conditions, policies, selectors
from ..enums import OpinionLink, PaperChannel, PaperState, ReviewStage, Verdict
from ..models import ConsolidatedOpinion, PaperOpinion, Receipt, Remark, Review, ReviewOpinion
from ._common import locked_review, step, typed, write_to_association, write_to_coordinators, write_to_office
from .delivery import acknowledge_locked
from .filing import put_on_file
from .opinions import OPINION_FIELDS, drop_remark, put_remark, refuse_when_filed, touch


class PaperIsOpen(TransitionNotAllowed):
    code = "paper_opinion_open"
    message = _(
        "An opinion of this association on paper is being entered or awaits its confirmation already."
    )


class PaperIsDecided(TransitionNotAllowed):
    code = "paper_opinion_decided"
    message = _("This paper opinion has been decided on. Nothing was changed.")


class PaperIsSent(TransitionNotAllowed):
    code = "paper_opinion_sent"
    message = _("What was entered lies with the association and does not change any more.")


# --- the receiver -----------------------------------------------------------------------------------


@transaction.atomic
def save_paper(
    *,
    actor: Any,
    review_id: int,
    fields: Mapping[str, Any],
    received_at: datetime | None,
    at: datetime,
    edit_version: int = 0,
    scan: bytes | None = None,
    filename: str = "",
) -> PaperOpinion:
    """Keep what the receiver enters: channel, incoming number, the stamp's time, verdict, statement, and the scan or letter.

    `edit_version` is the opinion's `text_version` the person started from (0: none yet). Raises NotAllowed,
    TransitionNotAllowed, PaperIsOpen (another office, or sent already), InvalidInput, VersionConflict with what a
    colleague saved.
    """
    # before the lock: a large file takes a while
    media_type = _inspected(scan, filename) if scan is not None else ""
    review = locked_review(review_id)
    office = policies.receivers_office(actor, review) if policies.can_enter_paper(actor, review) else None
    require(office is not None)
    assert office is not None
    step(review, "write_opinion", at)
    refuse_when_filed(review, received_at or at)
    paper = PaperOpinion.objects.open().filter(review=review).select_related("opinion").first()
    if paper is not None and (paper.state != PaperState.ENTERING or paper.organization_id != office):
        raise PaperIsOpen()
    if paper is not None and edit_version != paper.opinion.text_version:
        raise VersionConflict(_stored(paper))
    stamp = typed(PaperOpinion, ["channel", "incoming_number"], fields, channel=PaperChannel.values)
    words = typed(
        ConsolidatedOpinion, OPINION_FIELDS, fields, verdict=Verdict.values, lang=TextLanguage.values
    )
    _check_stamp(review, stamp, received_at, has_scan=scan is not None or paper is not None, at=at)
    assert received_at is not None
    if paper is None:
        opinion = ConsolidatedOpinion(author=review.association, created_at=at, created_by=actor)
        paper = PaperOpinion(
            review=review, opinion=opinion, organization_id=office, entered_at=at, entered_by=actor
        )
    opinion = paper.opinion
    for name, value in words.items():
        if value or name != "lang":
            setattr(opinion, name, value)
    opinion.text_version += 1
    touch(opinion, actor, at)
    paper.opinion = opinion
    paper.channel, paper.incoming_number = stamp["channel"], stamp["incoming_number"]
    # A stamp corrected to a later time was still seen before this moment.
    paper.received_at, paper.entered_at, paper.entered_by = received_at, at, actor
    if scan is not None:
        paper.scan = documents.store_file(data=scan, media_type=media_type, at=at)
        paper.filename = uploads.clean_filename(filename)
    paper.save()
    return paper


def _stored(paper: PaperOpinion) -> dict[str, Any]:
    """What a colleague saved meanwhile, with the version to save over it."""
    said = {name: getattr(paper.opinion, name) for name in OPINION_FIELDS}
    stamp = {"channel": paper.channel, "incoming_number": paper.incoming_number}
    moment = str(paper.received_at.astimezone(rules.BISHKEK))
    return said | stamp | {"received_at": moment, "edit_version": paper.opinion.text_version}


def _check_stamp(
    review: Review, stamp: Mapping[str, str], received_at: datetime | None, *, has_scan: bool, at: datetime
) -> None:
    fields: dict[str, list[Any]] = {}
    if not stamp.get("channel"):
        fields["channel"] = [_("Choose how the opinion came.")]
    if not stamp.get("incoming_number"):
        fields["incoming_number"] = [_("Give the incoming number of the stamp.")]
    if received_at is None:
        fields["received_at"] = [_("Give day and time of the stamp.")]
    elif not review.sent_at <= received_at <= at:
        fields["received_at"] = [
            _("The stamp's time lies between the sending of the draft to the association and now.")
        ]
    if not has_scan:
        fields["scan"] = [_("Attach the scan with the stamp, or the letter as a file.")]
    if fields:
        raise InvalidInput(fields=fields)


# A scan or a photograph; a letter printed to a file, or its bare text.
KEPT_AS = frozenset({uploads.PDF, uploads.PNG, uploads.JPEG, uploads.TEXT})


def _inspected(data: bytes, filename: str) -> str:
    try:
        media_type = uploads.inspect_upload(data, filename, max_bytes=settings.UPLOAD_MAX_BYTES)
    except uploads.BadUpload as refusal:
        raise InvalidInput(fields={"scan": [refusal.message]}) from refusal
    if media_type not in KEPT_AS:
        raise InvalidInput(fields={"scan": [_("The scan or letter is a PDF, PNG, JPEG or TXT.")]})
    return media_type


def _entering(paper_id: int, actor: Any, at: datetime) -> PaperOpinion:
    """The paper with its review under lock, for a person who may still change what is entered."""
    paper = _locked(paper_id)
    require(policies.can_change_paper(actor, paper))
    if paper.state == PaperState.AWAITING:
        raise PaperIsSent()
    if paper.state != PaperState.ENTERING:
        raise PaperIsDecided()
    step(paper.review, "write_opinion", at)
    return paper


def _locked(paper_id: int) -> PaperOpinion:
    review_id = PaperOpinion.objects.values_list("review_id", flat=True).get(pk=paper_id)
    review = locked_review(review_id)
    paper = PaperOpinion.objects.locked(paper_id)
    paper.review = review
    return paper


@transaction.atomic
def save_paper_remark(
    *,
    actor: Any,
    paper_id: int,
    provision_id: int,
    fields: Mapping[str, Any],
    at: datetime,
    remark_id: int | None = None,
    edit_version: int = 0,
) -> Remark:
    """Add a remark of the paper, or change one. Raises NotAllowed, TransitionNotAllowed, InvalidInput, VersionConflict."""
    paper = _entering(paper_id, actor, at)
    remark = put_remark(
        paper.opinion, paper.review, provision_id, fields, remark_id=remark_id, edit_version=edit_version
    )
    touch(paper.opinion, actor, at)
    return remark


@transaction.atomic
def delete_paper_remark(*, actor: Any, paper_id: int, remark_id: int, at: datetime) -> None:
    """Take a remark out of what is entered. Raises NotAllowed, TransitionNotAllowed, InvalidInput."""
    paper = _entering(paper_id, actor, at)
    drop_remark(paper.opinion, remark_id)
    touch(paper.opinion, actor, at)


@transaction.atomic
def send_paper(*, actor: Any, paper_id: int, edit_version: int, at: datetime) -> PaperOpinion:
    """Ask the association to confirm what was entered; from here on it is frozen. Sent again, nothing changes.

    Raises NotAllowed, TransitionNotAllowed, VersionConflict, GateClosed (the verdict does not stand).
    """
    paper = _locked(paper_id)
    require(policies.can_change_paper(actor, paper))
    if paper.state == PaperState.AWAITING:
        return paper
    paper = _entering(paper_id, actor, at)
    if edit_version != paper.opinion.edit_version:
        raise VersionConflict({"edit_version": paper.opinion.edit_version})
    unmet = conditions.unmet_paper(paper)
    if unmet:
        raise GateClosed(unmet=unmet)
    paper.state, paper.sent_at, paper.sent_by = PaperState.AWAITING, at, actor
    paper.save(update_fields=["state", "sent_at", "sent_by"])
    _record(paper, actor, "paper.sent", at, paper.organization_id)
    write_to_association(paper.review, "paper_awaiting", at, key=str(paper.pk), paper_id=paper.pk)
    return paper


@transaction.atomic
def discard_paper(*, actor: Any, paper_id: int, at: datetime) -> PaperOpinion:
    """The receiver takes back what it entered, before the association decided. Raises NotAllowed, PaperIsDecided."""
    paper = _locked(paper_id)
    require(policies.can_change_paper(actor, paper))
    if paper.state == PaperState.DISCARDED:
        return paper
    if paper.state not in {PaperState.ENTERING, PaperState.AWAITING}:
        raise PaperIsDecided()
    was_sent = paper.state == PaperState.AWAITING
    paper.state, paper.decided_at, paper.decided_by = PaperState.DISCARDED, at, actor
    paper.save(update_fields=["state", "decided_at", "decided_by"])
    _record(paper, actor, "paper.discarded", at, paper.organization_id)
    if was_sent:
        write_to_association(paper.review, "paper_discarded", at, key=str(paper.pk), paper_id=paper.pk)
    return paper


# --- the association --------------------------------------------------------------------------------


@transaction.atomic
def confirm_paper(*, actor: Any, paper_id: int, at: datetime) -> Receipt:
    """The signatory confirms that the paper was entered rightly: it is filed as received at the stamp's time.

    In time or late follows the stamp and the term in force. When the expiry had been established before, the opinion
    is kept and shown, and does not count. Confirmed again, the same receipt comes back.
    Raises NotAllowed, TransitionNotAllowed, AlreadyFiled.
    """
    paper = _locked(paper_id)
    require(policies.can_confirm_paper(actor, paper))
    if paper.state == PaperState.CONFIRMED:
        return paper.opinion.receipt
    if paper.state != PaperState.AWAITING:
        raise PaperIsDecided()
    review = paper.review
    step(review, "submit_opinion", at)
    refuse_when_filed(review, paper.received_at)
    if selectors.stage(review, at) == ReviewStage.DELIVERY:
        acknowledge_locked(review, actor=actor, at=at, how="paper")
    paper.state, paper.decided_at, paper.decided_by = PaperState.CONFIRMED, at, actor
    paper.save(update_fields=["state", "decided_at", "decided_by"])
    receipt = put_on_file(
        review,
        paper.opinion,
        ReviewOpinion(review=review, opinion=paper.opinion, state=OpinionLink.IN_FORCE),
        actor=actor,
        received_at=paper.received_at,
        at=at,
        paper=paper,
    )
    if paper.organization_id != review.consultation.act.initiator_id:
        write_to_office(
            review, "opinion_filed", at, paper.organization_id, Role.COORDINATOR,
            key=f"{receipt.pk}.receiver", receipt_id=receipt.pk,
        )  # fmt: skip
    return receipt


@transaction.atomic
def dispute_paper(*, actor: Any, paper_id: int, reason: str, at: datetime) -> PaperOpinion:
    """The signatory says that what was entered differs from the paper, and in what. Nothing is filed by it.

    Raises NotAllowed, PaperIsDecided, InvalidInput.
    """
    paper = _locked(paper_id)
    require(policies.can_confirm_paper(actor, paper))
    if paper.state != PaperState.AWAITING:
        raise PaperIsDecided()
    reason = typed(PaperOpinion, ["reason"], {"reason": reason})["reason"]
    if not reason:
        raise InvalidInput(fields={"reason": [_("Say what differs from the paper, at least one sentence.")]})
    paper.state, paper.reason = PaperState.DISPUTED, reason
    paper.decided_at, paper.decided_by = at, actor
    paper.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    _record(paper, actor, "paper.disputed", at, paper.review.association_id)
    roles = (*tuple(organizations.STATE_SIDE), Role.COORDINATOR)
    key = str(paper.pk)
    write_to_office(
        paper.review, "paper_disputed", at, paper.organization_id, *roles, key=key, paper_id=paper.pk
    )
    write_to_coordinators(paper.review, "paper_disputed", at, key=key, paper_id=paper.pk)
    return paper


def _record(paper: PaperOpinion, actor: Any, action: str, at: datetime, organization_id: int) -> None:
    audit.record(
        actor=actor,
        action=action,
        target=paper,
        at=at,
        organization_id=organization_id,
        act_id=paper.review.consultation.act_id,
        data={
            "review": paper.review_id,
            "channel": paper.channel,
            "received_at": paper.received_at.isoformat(),
            "scan": paper.scan.sha256,
        },
    )
