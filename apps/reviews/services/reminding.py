"""Reminders of the opinion's term. The sweep calls this: twice, late, or from two schedulers, each goes out once.

Nobody acts here, so there is no policy; the lock is the review's row, and the last word has a unique constraint.
"""

from datetime import datetime

import structlog
from django.db import IntegrityError, transaction

from apps.audit import services as audit
from apps.deadlines.enums import Stage
from apps.draft_acts.enums import ActState

from .. import reminders, selectors
from ..enums import ReminderState
from ..models import Reminder, Review
from ._common import write_to_association

log = structlog.get_logger("reviews.reminders")


def remind(*, now: datetime) -> int:
    """Send every reminder that is due, and record those that were missed; how many went out.

    Only to associations that have not answered. Of several missed only the latest is sent, and only while the term
    runs. A review that fails, or that somebody else holds at this moment, waits for the next sweep.
    """
    sent = 0
    for review_id in reminders.reviews_due(now):
        try:
            sent += _remind(review_id, now)
        except IntegrityError:
            log.info("reminded elsewhere", review=review_id)
        except Exception:  # one broken review must not keep the others from their reminder
            log.exception("reminder failed", review=review_id)
    return sent


@transaction.atomic
def _remind(review_id: int, now: datetime) -> int:
    review = (
        Review.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .select_related("consultation__act__initiator", "association")
        .filter(pk=review_id, filed_at=None, consultation__act__state=ActState.IN_CONSULTATION)
        .first()
    )
    if review is None:
        return 0
    term = selectors.ruling_term(review, Stage.OPINION)
    if term is None:
        return 0
    missed = reminders.missed(term, now, reminders.known_kinds(term))
    if not missed:
        return 0
    latest = missed[-1]
    already = (latest.kind, latest.due_at) in reminders.sent_before(term)
    send = now < term.due_at and not already
    rows = [
        Reminder(
            review=review,
            term=term,
            kind=planned.kind,
            due_at=planned.due_at,
            state=ReminderState.SENT if send and planned is latest else ReminderState.SKIPPED,
            at=now,
        )
        for planned in missed
    ]
    Reminder.objects.bulk_create(rows)
    if not send:
        return 0
    row = rows[-1]
    write_to_association(review, "reminder", now, key=f"{review.pk}.{term.pk}.{row.kind}", reminder_id=row.pk)
    audit.record(
        actor=None,
        action="reminder.sent",
        target=row,
        at=now,
        organization_id=review.association_id,
        act_id=review.consultation.act_id,
        data={"review": review.pk, "term": term.pk, "kind": str(row.kind)},
    )
    return 1
