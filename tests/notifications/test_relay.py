"""The relay publishes what is due, once for a while, and outlives Redis."""

import socket
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.core.cache import cache
from django.db import connection

from apps.core import clock
from apps.notifications import services
from apps.notifications.models import OutboxMessage, OutboxState
from apps.notifications.relay import Relay
from tests.people import MORNING, People, everybody


@pytest.fixture
def published(monkeypatch: Any) -> list[tuple[str, list[int]]]:
    """What would be in Redis."""
    found: list[tuple[str, list[int]]] = []
    monkeypatch.setattr(current_app, "send_task", lambda task, args, **_: found.append((task, args)))
    return found


@pytest.fixture
def row(people: People) -> OutboxMessage:
    services.enqueue(
        template="tests.greeting", recipients=[people.nurlan], payload={}, key="greeting", at=MORNING
    )
    return OutboxMessage.objects.get()


def publish(at: Any) -> int:
    with clock.frozen(at):
        return Relay().publish_due()


def test_a_row_is_published_once_until_its_window_has_passed(
    row: OutboxMessage, published: list[Any]
) -> None:
    publish(MORNING)
    publish(MORNING + services.PUBLISHED_FOR - timedelta(seconds=1))
    assert published == [("notifications.deliver", [row.pk])]

    publish(MORNING + services.PUBLISHED_FOR)  # the message was lost: it comes again by itself

    assert len(published) == 2


def test_what_is_done_is_not_published(row: OutboxMessage, published: list[Any]) -> None:
    services.mark_done(outbox_id=row.pk, at=MORNING)

    assert publish(MORNING + timedelta(days=1)) == 0
    assert not services.mark_done(outbox_id=row.pk, at=MORNING)


def test_a_job_is_published_under_its_own_name(people: People, published: list[Any]) -> None:
    for _ in range(2):
        services.enqueue_task(
            task="documents.render", key="document:5", payload={"document_id": 5}, at=MORNING
        )

    publish(MORNING)

    assert published == [("documents.render", [OutboxMessage.objects.get().pk])]


def test_two_relays_share_the_rows(row: OutboxMessage, published: list[Any]) -> None:
    first, second = services.claim_due(at=MORNING), services.claim_due(at=MORNING)

    assert (first, second) == ([(row.pk, "notifications.deliver")], [])


def test_a_failed_publication_leaves_the_row_due(row: OutboxMessage, monkeypatch: Any) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(current_app, "send_task", refuse)

    assert publish(MORNING) == 0
    row.refresh_from_db()
    assert (row.state, row.next_attempt_at) == (OutboxState.PENDING, MORNING)


def test_redis_that_does_not_answer_holds_the_relay_for_about_a_second(
    row: OutboxMessage, settings: Any
) -> None:
    with socket.socket() as hung:  # takes connections and says nothing
        hung.bind(("127.0.0.1", 0))
        hung.listen()
        settings.REDIS_URL = f"redis://127.0.0.1:{hung.getsockname()[1]}/0"
        started = time.monotonic()

        assert publish(MORNING) == 0

    assert time.monotonic() - started < 3
    row.refresh_from_db()
    assert row.next_attempt_at == MORNING


def test_redis_that_is_not_there_is_not_waited_for(row: OutboxMessage, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    assert publish(MORNING) == 0


def test_a_real_message_reaches_redis(row: OutboxMessage) -> None:
    with current_app.connection_for_read() as broker:
        queue = broker.SimpleQueue(current_app.conf.task_default_queue)
        queue.clear()

        publish(MORNING)

        message = queue.get(timeout=3)
        assert (message.headers["task"], message.payload[0]) == ("notifications.deliver", [row.pk])
        message.ack()
        queue.close()


def wait_for(what: Any, seconds: float = 8) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.django_db(transaction=True)
def test_the_running_relay_is_woken_and_outlives_a_lost_database_connection(published: list[Any]) -> None:
    people = everybody()
    relay = Relay()
    thread = threading.Thread(target=relay.run)
    thread.start()
    try:
        assert wait_for(lambda: cache.get("heartbeat.relay") is not None)
        services.enqueue(
            template="tests.greeting", recipients=[people.nurlan], payload={}, key="one", at=MORNING
        )
        assert wait_for(lambda: len(published) == 1)

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'LISTEN%%'"
                " OR (datname = current_database() AND pid <> pg_backend_pid() AND state = 'idle')"
            )
        services.enqueue(
            template="tests.greeting", recipients=[people.nurlan], payload={}, key="two", at=MORNING
        )

        assert wait_for(lambda: len(published) == 2)
    finally:
        relay.stop()
        thread.join(10)
    assert not thread.is_alive()
