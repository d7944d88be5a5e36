"""Outbox: domain code writes rows in its own transaction; the relay publishes, a task delivers."""
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction

from .models import OutboxMessage

CHANNEL = "outbox"


def _wake_relay() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


@transaction.atomic
def enqueue(
    *,
    template: str,
    recipients: Iterable[models.Model],
    payload: dict[str, Any],
    key: str,
    at: datetime,
    act_id: int | None = None,
) -> None:
    """One letter a recipient, in the recipient's language. `key` names the event; repeated, nothing is added."""
    rows = [
        OutboxMessage(
            key=f"{key}:{person.pk}",
            task="notifications.deliver",
            template=template,
            payload=payload,
            recipient_id=person.pk,
            language=person.language,  # type: ignore[attr-defined]
            act_id=act_id,
            created_at=at,
            next_attempt_at=at,
        )
        for person in recipients
    ]
    if rows:
        OutboxMessage.objects.bulk_create(rows, ignore_conflicts=True)
        _wake_relay()


@transaction.atomic
def enqueue_task(*, task: str, key: str, payload: dict[str, Any], at: datetime, act_id: int | None = None) -> None:
    """A job to be done once; the task gets the outbox row's id as its only argument."""
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                key=key, task=task, payload=payload, act_id=act_id, created_at=at, next_attempt_at=at
            )
        ],
        ignore_conflicts=True,
    )
    _wake_relay()
