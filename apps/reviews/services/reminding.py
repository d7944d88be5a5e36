"""Reminders of the opinion's term. The sweep calls this: twice, late, or from two schedulers, each goes out once.

Nobody acts here, so there is no policy; the lock is the review's row, and the last word has a unique constraint.
"""

from datetime import datetime

import structlog
from django.db import IntegrityError, transaction

from apps.audit import services as audit
from apps.draft_acts.enums import ActState

from .. import reminders
from ..enums import ReminderState
from ..models import Reminder, Review, Term
from ._common import write_to_association

log = structlog.get_logger("reviews.reminders")


AT_ONCE = (
    50  # reviews under one lock: enough to spare most of the round trips, few enough for a filing to wait
)


def remind(*, now: datetime) -> int:
    """Send every reminder that is due, and record those that were missed; how many went out.

    Only to associations that have not answered. Of several missed only the latest is sent, and only while the term
    runs. A review that fails, or that somebody else holds at this moment, waits for the next sweep.
    """
    due = reminders.reviews_due(now)
    return sum(_remind_each(due[first : first + AT_ONCE], now) for first in range(0, len(due), AT_ONCE))


def _remind_each(review_ids: list[int], now: datetime) -> int:
    """Together, or, when one of them fails, each alone: one broken review must not keep the others from theirs."""
    try:
        return _remind(review_ids, now)
    except Exception as problem:
        if len(review_ids) > 1:
            return sum(_remind_each([review_id], now) for review_id in review_ids)
        if isinstance(problem, IntegrityError):
            log.info("reminded elsewhere", review=review_ids[0])
        else:
            log.exception("reminder failed", review=review_ids[0])
        return 0


@transaction.atomic
def _remind(review_ids: list[int], now: datetime) -> int:
    locked = set(
        Review.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .filter(pk__in=review_ids, filed_at=None, consultation__act__state=ActState.IN_CONSULTATION)
        .values_list("pk", flat=True)
    )
    rows = [row for term, known in reminders.with_known(locked) for row in _rows(term, known, now)]
    Reminder.objects.bulk_create(rows)
    going = {row.review_id: row for row in rows if row.state == ReminderState.SENT}
    reviews = Review.objects.select_related("consultation__act__initiator", "association").in_bulk(going)
    for review_id, row in going.items():
        _write(reviews[review_id], row, now)
    return len(going)


def _rows(term: Term, known: reminders.Known, now: datetime) -> list[Reminder]:
    missed = reminders.missed(term, now, known.kinds)
    if not missed:
        return []
    latest = missed[-1]
    send = now < term.due_at and (latest.kind, latest.due_at) not in known.sent_before
    return [
        Reminder(
            review_id=term.review_id or 0,  # a term of an opinion has its review
            term=term,
            kind=planned.kind,
            due_at=planned.due_at,
            state=ReminderState.SENT if send and planned is latest else ReminderState.SKIPPED,
            at=now,
        )
        for planned in missed
    ]


def _write(review: Review, row: Reminder, now: datetime) -> None:
    term = row.term
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
