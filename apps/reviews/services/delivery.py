"""The act reaches the association: acknowledged by its people, or deemed delivered by time alone."""

from datetime import datetime
from typing import Any

from django.db import transaction

from apps.audit import services as audit
from apps.core.errors import require
from apps.deadlines import rules
from apps.deadlines.enums import Stage
from apps.draft_acts.enums import ActState
from apps.draft_acts.models import DraftAct
from apps.organizations import policies as organizations

from .. import policies, selectors
from ..models import Review
from ._common import append_term, locked_review, step, write_to_ministry


@transaction.atomic
def acknowledge(*, actor: Any, review_id: int, at: datetime) -> Review:
    """An association's person confirms that the act has arrived; the opinion's term starts on that day.

    Pressed twice, nothing changes. Raises NotAllowed, TransitionNotAllowed (deemed delivered already).
    """
    review = locked_review(review_id)
    require(policies.can_acknowledge(actor, review))
    if review.acknowledged_at is None:
        step(review, "acknowledge", at)
        acknowledge_locked(review, actor=actor, at=at, how="button")
    return review


@transaction.atomic
def acknowledge_by_reading(*, user: Any, act: DraftAct, at: datetime) -> None:
    """The first opening of the text by the association's own people delivers it. Safe to call at every opening."""
    own = organizations.organization_ids(user, *organizations.COMMUNITIES_SIDE)
    if not own or act.state != ActState.IN_CONSULTATION:
        return
    waiting = Review.objects.filter(
        consultation__act=act, association_id__in=own, acknowledged_at=None, deemed_at__gt=at, sent_at__lte=at
    )
    for pk in waiting.values_list("pk", flat=True):
        review = locked_review(pk)
        if review.acknowledged_at is None:
            acknowledge_locked(review, actor=user, at=at, how="reading")


def acknowledge_locked(review: Review, *, actor: Any, at: datetime, how: str) -> None:
    """The facts of a delivery on a review that the caller holds under lock and knows to be on its way."""
    consultation = review.consultation
    term = append_term(
        act=consultation.act,
        review=review,
        stage=Stage.OPINION,
        start=rules.local_date(at),
        template=consultation.template,
        cause="acknowledged",
        at=at,
        large=selectors.is_large_text(consultation.version, consultation.template),
    )
    review.acknowledged_at, review.acknowledged_by, review.due_at = at, actor, term.due_at
    review.save(update_fields=["acknowledged_at", "acknowledged_by", "due_at"])
    audit.record(
        actor=actor,
        action="review.acknowledged",
        target=review,
        at=at,
        organization_id=review.association_id,
        act_id=consultation.act_id,
        data={"how": how, "term": term.pk, "due_at": term.due_at.isoformat()},
    )
    write_to_ministry(review, "acknowledged", at)
