"""Redis is stopped, or it hangs: an opinion is filed through the page as if nothing were wrong."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from celery import current_app
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from apps.notifications.models import OutboxMessage, OutboxState
from apps.register.demo.way import Way
from apps.reviews.models import ConsolidatedOpinion, Receipt
from tests.way import people, way

__all__ = ["people", "way"]
GUARD = 5.0  # seconds; the goal is below one


@dataclass
class Broker:
    """A Redis that is out of order. `callers` counts who tried to talk to it."""

    port: int
    hangs: bool
    callers: list[socket.socket] = field(default_factory=list)


@pytest.fixture(params=["stopped", "hanging"])
def broker(request: Any, settings: Any, monkeypatch: Any) -> Iterator[Broker]:
    """Nobody listens on the port; or somebody takes every connection and never says a word."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        found = Broker(door.getsockname()[1], hangs=request.param == "hanging")
        if found.hangs:
            door.listen(16)
            threading.Thread(target=_take, args=(door, found), daemon=True).start()
        address = f"redis://127.0.0.1:{found.port}/0"
        # In this order: the configuration reads the settings live, and what is put back is what it reads now.
        monkeypatch.setattr(current_app.conf, "broker_url", address)
        settings.REDIS_URL = settings.CELERY_BROKER_URL = address
        current_app.pool.force_close_all()
        yield found
        for caller in found.callers:
            caller.close()
        if found.hangs:
            door.shutdown(socket.SHUT_RDWR)


def _take(door: socket.socket, broker: Broker) -> None:
    while True:
        try:
            broker.callers.append(door.accept()[0])
        except OSError:
            return


@pytest.mark.django_db(transaction=True)
def test_an_opinion_is_filed_without_redis(broker: Broker, way: Way, settings: Any) -> None:
    way.register().hours(1).open().working_days(1).acknowledge().working_days(2).write("lsg-union", "agree")
    settings.PORTAL_CLOCK_OFFSET = (way.at.astimezone(UTC) - datetime.now(UTC)).total_seconds()
    client = Client()
    client.force_login(way.cast["union.signatory"], "allauth.account.auth_backends.AuthenticationBackend")
    version = ConsolidatedOpinion.objects.get(review_links__review=way.review("lsg-union")).edit_version
    with override("ky"):
        address = reverse("opinion_submit", args=[way.act.number, "lsg-union"])

    began = time.monotonic()
    response: Any = client.post(address, {"version": version})
    page = client.get(response["Location"])
    took = time.monotonic() - began

    receipt = Receipt.objects.get()
    assert response.status_code == 302
    assert page.status_code == 200
    assert receipt.number in page.content.decode()
    assert receipt.late is False
    assert took < GUARD
    assert broker.callers == []  # the path of a person does not even try
    waiting = OutboxMessage.objects.filter(state=OutboxState.PENDING, key__contains="receipt")
    assert waiting.exists()  # the letters wait for the relay


@pytest.mark.django_db(transaction=True)
def test_this_test_can_see_a_caller(broker: Broker) -> None:
    """A message published on the way would be noticed: by a caller, or by the refusal of the connection."""
    with pytest.raises(Exception, match=r"refused|[Tt]imeout|[Tt]imed out|111"):
        current_app.send_task(
            "notifications.deliver", args=[1], retry=False, connection=current_app.connection_for_write()
        )
    assert bool(broker.callers) == broker.hangs
