"""The coordinator decides what an expired review means: the expiry takes effect, or a new term is given."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.core.errors import InvalidInput, require
from apps.deadlines import rules
from apps.deadlines import selectors as deadlines
from apps.deadlines.enums import Stage
from apps.organizations import policies as organizations
from apps.organizations.models import Organization

from .. import policies, selectors
from ..enums import ExpiryEffect, NoteKind
from ..models import ExpiryDecision, Review, Term
from ._common import append_term, locked_review, step, typed, write_to_association, write_to_ministry
from .notes import issue_note


@transaction.atomic
def decide_expiry(
    *, actor: Any, review_id: int, effect: str, reason: str, at: datetime, days: int | None = None
) -> ExpiryDecision:
    """Record the decision with its public reason. `days` of a new term: from 1 to what the template gives.

    Raises NotAllowed, TransitionNotAllowed (not expired, or decided already), InvalidInput.
    """
    review = locked_review(review_id)
    require(policies.can_decide_expiry(actor, review))
    step(review, "decide_expiry", at)
    fields: dict[str, list[Any]] = {}
    if effect not in ExpiryEffect.values:
        fields["effect"] = [_("Choose what follows from the expiry.")]
    reason = typed(ExpiryDecision, ["reason"], {"reason": reason})["reason"]
    if not reason:
        fields["reason"] = [_("Give the reason, at least one sentence. Everyone will read it.")]
    longest = longest_new_term(review)
    if effect == ExpiryEffect.NEW_TERM and not (isinstance(days, int) and 1 <= days <= longest):
        fields["days"] = [_("Give the number of days, from 1 to %(longest)s.") % {"longest": longest}]
    if fields:
        raise InvalidInput(fields=fields)

    body = _coordinating_body(actor, review)
    term = None
    if effect == ExpiryEffect.NEW_TERM:
        assert days is not None
        term = _new_term(review, days, at)
        review.due_at = term.due_at
        review.save(update_fields=["due_at"])
    decision = ExpiryDecision.objects.create(
        review=review,
        effect=effect,
        reason=reason,
        decided_at=at,
        decided_by=actor,
        organization=body,
        term=term,
    )
    if effect == ExpiryEffect.EFFECT:
        review.effect_established_at = at
        review.save(update_fields=["effect_established_at"])
        issue_note(review, kind=NoteKind.EXPIRY, at=at, reason=decision.reason, decided_by=body)
    audit.record(
        actor=actor,
        action="expiry.decided",
        target=decision,
        at=at,
        organization_id=body.pk,
        act_id=review.consultation.act_id,
        data={"review": review.pk, "effect": str(effect), "due_at": review.due_at.isoformat()},
    )
    write_to_association(review, "expiry_decided", at, key=str(decision.pk), decision_id=decision.pk)
    write_to_ministry(review, "expiry_decided", at, key=str(decision.pk), decision_id=decision.pk)
    return decision


def longest_new_term(review: Review) -> int:
    """A new term is at most the full term of an opinion on this text."""
    consultation = review.consultation
    large = selectors.is_large_text(consultation.version, consultation.template)
    return deadlines.term_days(consultation.template, Stage.OPINION, large_text=large)[0]


def _new_term(review: Review, days: int, at: datetime) -> Term:
    template = review.consultation.template
    unit = deadlines.term_days(template, Stage.OPINION)[1]
    start = rules.local_date(at)
    try:
        deadline = rules.add_days(start, days, unit, deadlines.calendar_for())
    except rules.NoCalendar as missing:
        raise deadlines.CalendarTooShort() from missing
    return append_term(
        act=review.consultation.act,
        review=review,
        stage=Stage.OPINION,
        start=start,
        template=template,
        cause="new_term",
        at=at,
        deadline=deadline,
    )


def _coordinating_body(actor: Any, review: Review) -> Organization:
    """The body in whose name the coordinator decides; never the initiator itself."""
    held = organizations.coordinating(actor, but=review.consultation.act.initiator_id)
    require(held is not None)
    assert held is not None
    return held.organization
