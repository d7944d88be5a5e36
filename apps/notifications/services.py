"""Outbox: domain code writes rows in its own transaction; the relay publishes, a task delivers."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models, transaction

from .models import OutboxMessage, OutboxState

CHANNEL = "outbox"
MAX_ATTEMPTS = 60  # with an hour between them at most: a mail server may be down for two days
PUBLISHED_FOR = timedelta(seconds=60)  # how long the relay waits for a task before it publishes the row again
BATCH = 200


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
def enqueue_task(
    *, task: str, key: str, payload: dict[str, Any], at: datetime, act_id: int | None = None
) -> None:
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


# --- what the relay and the tasks write: nobody acts, so no policy and no journal ---------------------


def backoff(attempts: int) -> timedelta:
    """The pause after the n-th failure: 1, 2, 4 … minutes, one hour at most."""
    return timedelta(minutes=min(2 ** max(attempts - 1, 0), 60))


@transaction.atomic
def claim_due(*, at: datetime, limit: int = BATCH) -> list[tuple[int, str]]:
    """Take the rows that are due, as (id, task), and keep others from publishing them for a while.

    Rows that a task holds at this moment are left out. A published message that is lost comes again by itself.
    """
    rows = list(
        OutboxMessage.objects.due(at)
        .select_for_update(skip_locked=True)
        .order_by("next_attempt_at", "id")
        .values_list("id", "task")[:limit]
    )
    OutboxMessage.objects.filter(pk__in=[pk for pk, _ in rows]).update(next_attempt_at=at + PUBLISHED_FOR)
    return rows


def give_back(ids: list[int], *, at: datetime) -> None:
    """Rows that could not be published are due again at once."""
    OutboxMessage.objects.filter(pk__in=ids, state=OutboxState.PENDING).update(next_attempt_at=at)


@transaction.atomic
def mark_done(*, outbox_id: int, at: datetime) -> bool:
    """The side effect is done; False when it already was. For tasks of other apps."""
    done = OutboxMessage.objects.filter(pk=outbox_id, state=OutboxState.PENDING).update(
        state=OutboxState.DONE, done_at=at, problem=""
    )
    return bool(done)


@transaction.atomic
def mark_failed_attempt(*, outbox_id: int, problem: str, at: datetime, final: bool = False) -> bool:
    """An attempt failed: try later, or give up after MAX_ATTEMPTS (or at once when `final`). True when given up."""
    message = (
        OutboxMessage.objects.select_for_update().filter(pk=outbox_id, state=OutboxState.PENDING).first()
    )
    if message is None:
        return False
    message.attempts += 1
    message.problem = problem[:300]
    message.next_attempt_at = at + backoff(message.attempts)
    if final or message.attempts >= MAX_ATTEMPTS:
        message.state = OutboxState.FAILED
    message.save(update_fields=["attempts", "problem", "next_attempt_at", "state"])
    return message.state == OutboxState.FAILED


# --- what an administrator asks for, by a use-case of a later app that asked its policy ----------------


@transaction.atomic
def try_again(*, outbox_id: int, at: datetime) -> bool:
    """A side effect that was given up is due again at once; False when it was not given up."""
    changed = OutboxMessage.objects.filter(pk=outbox_id, state=OutboxState.FAILED).update(
        state=OutboxState.PENDING, next_attempt_at=at
    )
    if changed:
        _wake_relay()
    return bool(changed)


@transaction.atomic
def set_aside(*, outbox_id: int) -> bool:
    """A side effect that was given up is not awaited any more: another row does it. False when it was not given up."""
    return bool(
        OutboxMessage.objects.filter(pk=outbox_id, state=OutboxState.FAILED).update(state=OutboxState.SKIPPED)
    )


# --- what retention and erasure ask for (apps.accounts) -------------------------------------------------


@transaction.atomic
def set_aside_letters_to(*, recipient_id: int) -> int:
    """No letter goes to this person any more: what waited or was given up is skipped; how many."""
    unsent = OutboxMessage.objects.letters().filter(
        recipient_id=recipient_id, state__in=[OutboxState.PENDING, OutboxState.FAILED]
    )
    return unsent.update(state=OutboxState.SKIPPED)


def erase_letters(*, about: tuple[str, ...], before: datetime) -> int:
    """Delete letters of no file that were written before that moment, by the beginnings of their templates; how many.

    A letter about a file (`act_id`) is the proof of a notice and stays. One that still waits is not touched.
    """
    of_kind = models.Q()
    for beginning in about:
        of_kind |= models.Q(template__startswith=beginning)
    old = OutboxMessage.objects.letters().filter(of_kind, act_id=None, created_at__lt=before)
    return old.exclude(state=OutboxState.PENDING).delete()[0]
