"""Reads of the outbox: a person's letters, what is due."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Count, Min, Q

from .models import OutboxMessage, OutboxQuerySet, OutboxState


def letters_of(person: models.Model) -> OutboxQuerySet:
    """The letters addressed to a person, newest first."""
    return OutboxMessage.objects.letters().filter(recipient_id=person.pk).order_by("-id")


def shown_state(message: OutboxMessage) -> str:
    """The code of a letter's state for the page: where letters are kept, done means kept and not sent."""
    if message.state == OutboxState.DONE:
        return "kept" if settings.EMAIL_KEPT else "sent"
    return str(message.state)


def waiting(at: datetime) -> int:
    """How many side effects are due and not done."""
    return OutboxMessage.objects.due(at).count()


# --- how the outbox stands ---------------------------------------------------------------------------

STALLED_AFTER = timedelta(minutes=5)


@dataclass(frozen=True)
class OutboxFigures:
    """How many side effects wait, failed, are tried again; how many stand still, and since when."""

    pending: int
    retrying: int
    letters_failed: int
    jobs_failed: int
    oldest: datetime | None
    stalled: int
    stalled_since: datetime | None


def figures(at: datetime) -> OutboxFigures:
    """The state of the outbox in one question.

    A row stands still when it was never tried though it is older than five minutes, or when its next try has been due
    for that long: the relay or the workers are away. A mail server that refuses makes tries, not standstill.
    """
    before = at - STALLED_AFTER
    pending, failed = Q(state=OutboxState.PENDING), Q(state=OutboxState.FAILED)
    stalled = pending & (Q(attempts=0, created_at__lte=before) | Q(next_attempt_at__lte=before))
    return OutboxFigures(
        **OutboxMessage.objects.filter(state__in=[OutboxState.PENDING, OutboxState.FAILED]).aggregate(
            pending=Count("pk", filter=pending),
            retrying=Count("pk", filter=pending & Q(attempts__gt=0)),
            letters_failed=Count("pk", filter=failed & ~Q(template="")),
            jobs_failed=Count("pk", filter=failed & Q(template="")),
            oldest=Min("created_at", filter=pending),
            stalled=Count("pk", filter=stalled),
            stalled_since=Min("created_at", filter=stalled),
        )
    )
