"""The note of a tacit expiry. The expiry itself needs nobody: time and rows make it; here it is put on paper.

Nobody acts, so there is no policy; whoever comes first (the sweep, or a certificate) issues the note, once.
"""

from datetime import datetime

import structlog
from django.db import transaction

from apps.audit import services as audit
from apps.core.errors import TransitionNotAllowed
from apps.draft_acts.enums import ActState

from .. import contents, selectors, silence
from ..enums import NoteKind, ReviewStage
from ..models import ClosingNote, Review
from ._common import locked_review, write_to_association, write_to_ministry
from .notes import issue_note

log = structlog.get_logger("reviews.silence")


@transaction.atomic
def establish_tacit(*, review_id: int, at: datetime) -> ClosingNote:
    """Write down that the term ended without an objection, as of the end of the term, and issue the note of expiry.

    Written already, the same note comes back. Raises TransitionNotAllowed: not expired, a proof is missing, the days
    that a certificate waits after silence are not over, or the act's way has ended.
    """
    review = locked_review(review_id)
    note = ClosingNote.objects.filter(review=review).first()
    if note is not None:
        return note
    if (
        review.consultation.act.state != ActState.IN_CONSULTATION
        or selectors.stage(review, at) != ReviewStage.EXPIRY_ESTABLISHED
        or at < silence.certificate_from(review)
    ):
        raise TransitionNotAllowed()
    proof = silence.last_reminder(review)
    assert proof is not None  # one of the rows that the stage stands on
    reminder, handed_over_at = proof
    review.effect_established_at = review.due_at
    review.save(update_fields=["effect_established_at"])
    note = issue_note(
        review,
        kind=NoteKind.EXPIRY,
        at=at,
        proof=contents.of_silence(review, reminder=str(reminder.kind), handed_over_at=handed_over_at),
    )
    audit.record(
        actor=None,
        action="expiry.tacit",
        target=note,
        at=at,
        organization_id=review.association_id,
        act_id=review.consultation.act_id,
        data={"review": review.pk, "due_at": review.due_at.isoformat(), "reminder": reminder.pk},
    )
    write_to_association(review, "expired_tacit", at, note_id=note.pk)
    write_to_ministry(review, "expired_tacit", at, note_id=note.pk)
    return note


def establish_due(*, now: datetime) -> int:
    """Issue every note of a tacit expiry that is due; how many. One that fails waits for the next sweep."""
    issued = 0
    waiting = Review.objects.tacit(now).filter(consultation__act__state=ActState.IN_CONSULTATION)
    for review in waiting.select_related("consultation__template").order_by("due_at", "pk"):
        try:
            if now >= silence.certificate_from(review):
                establish_tacit(review_id=review.pk, at=now)
                issued += 1
        except TransitionNotAllowed:
            log.info("no longer due", review=review.pk)
        except Exception:  # one broken review must not keep the others from their note
            log.exception("note of expiry failed", review=review.pk)
    return issued


@transaction.atomic
def lock_reviews(*, act_id: int) -> None:
    """Take the locks of an act's reviews before the act's own, in the order every use-case of a review takes them."""
    rows = Review.objects.select_for_update(of=("self",), no_key=True).filter(consultation__act_id=act_id)
    list(rows.order_by("pk").values_list("pk", flat=True))
