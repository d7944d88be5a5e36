"""Reads of the outbox: a person's letters, what is due."""

from datetime import datetime

from django.conf import settings
from django.db import models

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
