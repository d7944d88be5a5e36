"""Reads of the outbox: a person's letters, what is due, whether the relay lives."""
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

from .models import Heartbeat, OutboxMessage, OutboxQuerySet, OutboxState


def letters_of(person: models.Model) -> OutboxQuerySet:
    """The letters addressed to a person, newest first."""
    return OutboxMessage.objects.letters().filter(recipient_id=person.pk).order_by("-id")


def shown_state(message: OutboxMessage) -> str:
    """The code of a letter's state for the page: where letters are kept, done means kept and not sent."""
    if message.state == OutboxState.DONE:
        return "kept" if settings.EMAIL_KEPT else "sent"
    return str(message.state)


def alive(name: str, *, at: datetime, within: timedelta = timedelta(seconds=30)) -> bool:
    """Whether a background process ("relay") said within the last seconds that it is alive."""
    return Heartbeat.objects.filter(name=name, at__gte=at - within).exists()


def waiting(at: datetime) -> int:
    """How many side effects are due and not done."""
    return OutboxMessage.objects.due(at).count()
