"""Writing an opinion: closed to everybody but the association, and nothing that a colleague typed is overwritten."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.core.errors import GateClosed, InvalidInput, TransitionNotAllowed, VersionConflict, require
from apps.draft_acts.enums import TextLanguage
from apps.draft_acts.models import Provision
from apps.organizations.enums import Role

from .. import conditions, policies, selectors
from ..enums import RemarkKind, ReviewStage, Verdict
from ..models import ConsolidatedOpinion, Remark, Review, ReviewOpinion
from ._common import locked_review, step, typed, write_to_association
from .delivery import acknowledge_locked

OPINION_FIELDS = ("verdict", "statement", "lang")
REMARK_FIELDS = ("kind", "text", "proposed_wording", "reasoning", "state_interest", "local_interest", "lang")


class AlreadyHandedOver(TransitionNotAllowed):
    code = "opinion_handed_over"
    message = _("The opinion lies with the signatory now. Take it back before changing it.")


class AlreadyFiled(TransitionNotAllowed):
    code = "opinion_filed"
    message = _("The opinion of this association has been filed. It can be read, but not changed.")


@transaction.atomic
def start_opinion(*, actor: Any, review_id: int, at: datetime) -> ConsolidatedOpinion:
    """The opinion being written; made when there is none. Beginning to write is reading: it delivers the act.

    Raises NotAllowed, TransitionNotAllowed.
    """
    review = locked_review(review_id)
    return _writable(review, actor, at)


def _writable(review: Review, actor: Any, at: datetime) -> ConsolidatedOpinion:
    """The draft of a review that the caller holds under lock, for a person who may write in it now."""
    require(policies.can_write_opinion(actor, review))
    refuse_when_filed(review, at)
    step(review, "write_opinion", at)
    if selectors.stage(review, at) == ReviewStage.DELIVERY:
        acknowledge_locked(review, actor=actor, at=at, how="writing")
    link = selectors.draft_link(review)
    if link is None:
        opinion = ConsolidatedOpinion.objects.create(
            author=review.association, created_at=at, created_by=actor, updated_at=at, updated_by=actor
        )
        ReviewOpinion.objects.create(review=review, opinion=opinion)
        return opinion
    if link.opinion.ready_at is not None:
        raise AlreadyHandedOver()
    return link.opinion


def refuse_when_filed(review: Review, at: datetime) -> None:
    """After a late opinion a new one may come only inside a new term; in-time ones are replaced in a later issue."""
    link = selectors.in_force_link(review)
    if link is not None and not (link.late and at < review.due_at):
        raise AlreadyFiled()


@transaction.atomic
def save_opinion(
    *, actor: Any, review_id: int, edit_version: int, fields: Mapping[str, Any], at: datetime
) -> ConsolidatedOpinion:
    """Keep verdict, statement and language. `edit_version` is the `text_version` the person started from (0: none yet).

    Raises NotAllowed, TransitionNotAllowed, InvalidInput, VersionConflict with what a colleague saved.
    """
    review = locked_review(review_id)
    known = selectors.draft_link(review) is not None
    opinion = _writable(review, actor, at)
    if known and edit_version != opinion.text_version:
        raise VersionConflict(
            {name: getattr(opinion, name) for name in OPINION_FIELDS} | {"edit_version": opinion.text_version}
        )
    values = typed(
        ConsolidatedOpinion, OPINION_FIELDS, fields, verdict=Verdict.values, lang=TextLanguage.values
    )
    for name, value in values.items():
        if value or name != "lang":
            setattr(opinion, name, value)
    opinion.text_version += 1
    touch(opinion, actor, at)
    return opinion


def touch(opinion: ConsolidatedOpinion, actor: Any, at: datetime) -> None:
    """Who changed the opinion last, and a next version of the whole."""
    opinion.edit_version += 1
    opinion.updated_at, opinion.updated_by = at, actor
    opinion.save()


@transaction.atomic
def save_remark(
    *,
    actor: Any,
    review_id: int,
    provision_id: int,
    fields: Mapping[str, Any],
    at: datetime,
    remark_id: int | None = None,
    edit_version: int = 0,
) -> Remark:
    """Add a remark on a provision of the text under consultation, or change one of the draft's own.

    Raises NotAllowed, TransitionNotAllowed, InvalidInput, VersionConflict (the remark changed since `edit_version`).
    """
    review = locked_review(review_id)
    opinion = _writable(review, actor, at)
    remark = put_remark(opinion, review, provision_id, fields, remark_id=remark_id, edit_version=edit_version)
    touch(opinion, actor, at)
    return remark


def put_remark(
    opinion: ConsolidatedOpinion,
    review: Review,
    provision_id: int,
    fields: Mapping[str, Any],
    *,
    remark_id: int | None = None,
    edit_version: int = 0,
) -> Remark:
    """Write one remark of an opinion that the caller may change. Raises InvalidInput, VersionConflict."""
    provision = Provision.objects.filter(pk=provision_id, version_id=review.consultation.version_id).first()
    if provision is None:
        raise InvalidInput(fields={"provision": [_("Choose the provision that the remark is about.")]})
    if remark_id is None:
        last = opinion.remarks.order_by("-number").values_list("number", flat=True).first() or 0
        remark = Remark(opinion=opinion, number=last + 1)
    else:
        remark = _own_remark(opinion, remark_id)
        if edit_version != remark.edit_version:
            theirs = {name: getattr(remark, name) for name in REMARK_FIELDS}
            raise VersionConflict(
                theirs | {"provision": remark.provision_id, "edit_version": remark.edit_version}
            )
        remark.edit_version += 1
    values = typed(Remark, REMARK_FIELDS, fields, kind=RemarkKind.values, lang=TextLanguage.values)
    for name, value in values.items():
        if value or name != "lang":
            setattr(remark, name, value)
    if not remark.kind:
        raise InvalidInput(fields={"kind": [_("Choose: objection or proposal.")]})
    if not remark.text:
        raise InvalidInput(fields={"text": [_("Write the remark: one sentence is enough.")]})
    remark.provision = provision
    remark.save()
    return remark


def _own_remark(opinion: ConsolidatedOpinion, remark_id: int) -> Remark:
    remark = opinion.remarks.filter(pk=remark_id).first()
    if remark is None:
        raise InvalidInput(_("This remark is no longer in the opinion: a colleague may have deleted it."))
    return remark


@transaction.atomic
def delete_remark(*, actor: Any, review_id: int, remark_id: int, at: datetime) -> None:
    """Take a remark out of the draft; those after it move up. Raises NotAllowed, TransitionNotAllowed, InvalidInput."""
    review = locked_review(review_id)
    opinion = _writable(review, actor, at)
    drop_remark(opinion, remark_id)
    touch(opinion, actor, at)


def drop_remark(opinion: ConsolidatedOpinion, remark_id: int) -> None:
    """Take one remark out of an opinion that the caller may change; those after it move up. Raises InvalidInput."""
    _own_remark(opinion, remark_id).delete()
    for number, remark in enumerate(opinion.remarks.order_by("number"), start=1):
        if remark.number != number:
            remark.number = number
            remark.save(update_fields=["number"])


@transaction.atomic
def mark_ready(*, actor: Any, review_id: int, edit_version: int, at: datetime) -> ConsolidatedOpinion:
    """Hand the opinion to the signatory. `edit_version` is that of the whole opinion as the officer saw it.

    Raises NotAllowed, TransitionNotAllowed, VersionConflict, GateClosed (the verdict does not stand yet).
    """
    review = locked_review(review_id)
    opinion = _writable(review, actor, at)
    if edit_version != opinion.edit_version:
        raise VersionConflict({"edit_version": opinion.edit_version})
    unmet = conditions.unmet_opinion(opinion, review)
    if unmet:
        raise GateClosed(unmet=unmet)
    opinion.ready_at, opinion.ready_by, opinion.return_note = at, actor, ""
    opinion.save(update_fields=["ready_at", "ready_by", "return_note"])
    _record(review, opinion, actor, "opinion.handed_over", at)
    write_to_association(
        review, "opinion_ready", at, Role.ASSOCIATION_SIGNATORY, key=f"{opinion.pk}.{opinion.edit_version}"
    )
    return opinion


@transaction.atomic
def recall(*, actor: Any, review_id: int, at: datetime, note: str = "") -> ConsolidatedOpinion:
    """Give the opinion back to the officer, with words that only the association reads.

    Not handed over, nothing changes. Raises NotAllowed, TransitionNotAllowed.
    """
    review = locked_review(review_id)
    require(policies.can_recall_opinion(actor, review))
    words = typed(ConsolidatedOpinion, ["return_note"], {"return_note": note})["return_note"]
    step(review, "write_opinion", at)
    link = selectors.draft_link(review)
    if link is None:
        raise AlreadyFiled()
    opinion = link.opinion
    if opinion.ready_at is None:
        return opinion
    opinion.ready_at = opinion.ready_by = None
    opinion.return_note = words
    opinion.edit_version += 1
    opinion.save(update_fields=["ready_at", "ready_by", "return_note", "edit_version"])
    _record(review, opinion, actor, "opinion.given_back", at)
    write_to_association(
        review, "opinion_returned", at, Role.ASSOCIATION_OFFICER, key=f"{opinion.pk}.{opinion.edit_version}"
    )
    return opinion


def _record(review: Review, opinion: ConsolidatedOpinion, actor: Any, action: str, at: datetime) -> None:
    audit.record(
        actor=actor,
        action=action,
        target=opinion,
        at=at,
        organization_id=review.association_id,
        act_id=review.consultation.act_id,
        data={"review": review.pk, "edit_version": opinion.edit_version},
    )
