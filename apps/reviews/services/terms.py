"""Terms that stages downstream start: signing a protocol, closing a file. Rows are written here only."""

from datetime import datetime

from django.db import transaction

from apps.deadlines import rules

from ..models import Review, Term
from ._common import append_review_term, locked_review


@transaction.atomic
def start_term(*, review_id: int, stage: str, cause: str, at: datetime) -> Term:
    """Start a term of a review from the day of `at`, e.g. Stage.SIGNING when a protocol is fixed.

    Called inside the use-case that makes the event, so it asks no policy of its own. Raises NoTerm, CalendarTooShort.
    """
    review: Review = locked_review(review_id)
    return append_review_term(review, stage, cause=cause, at=at, start=rules.local_date(at))


@transaction.atomic
def take_up(*, review_id: int, at: datetime) -> None:
    """A meeting on the review's remarks is recorded, or its protocol is fixed: no answer and no reply comes after it.

    Called inside the use-case that makes the event, so it asks no policy of its own. Taken up twice, the first stays.
    """
    review: Review = locked_review(review_id)
    if review.taken_up_at is None:
        review.taken_up_at = at
        review.save(update_fields=["taken_up_at"])
