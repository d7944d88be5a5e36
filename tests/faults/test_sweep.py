"""The sweep runs twice at once, late, or not at all for days: nothing is done twice, nothing waits for it."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from apps.notifications.models import OutboxMessage
from apps.register.demo.way import Way
from apps.reviews import services
from apps.reviews.models import Reminder
from tests.way import people, way

__all__ = ["people", "way"]
UNION = "lsg-union"


@pytest.fixture
def delivered(way: Way) -> Iterator[Way]:
    """Both associations have the act; the clock stands where the story is."""
    way.register().hours(1).open().working_days(1).acknowledge()
    with way.now():
        yield way


def at_once(times: int, work: Callable[[], Any]) -> list[Any]:
    """The same work in several connections, begun together; what each returned or raised."""
    gate, found = threading.Barrier(times), []

    def run() -> None:
        try:
            gate.wait(10)
            found.append(work())
        except Exception as problem:  # the test tells what it expected
            found.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_once_remind_once(delivered: Way) -> None:
    moment: datetime = delivered.working_days(19, hour=12).at

    sent = at_once(6, lambda: services.remind(now=moment))

    assert sum(sent) == 2  # one an association
    assert Reminder.objects.filter(state="sent").count() == 2
    assert Reminder.objects.filter(state="skipped").count() == 4
    letters = OutboxMessage.objects.filter(template="reviews.reminder")
    assert letters.count() == 4  # an officer and a signatory each
    assert services.remind(now=moment) == 0
