"""Real processes of the portal on the test's database, with a Redis of their own, to be killed and stopped.

One set of processes serves all tests of a module; each test has a fresh database.
"""

import base64
import contextlib
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client as Browser
from redis import Redis as Client

from apps.accounts.models import User
from apps.notifications.models import OutboxMessage
from apps.register.demo.way import Way
from apps.reviews.models import ConsolidatedOpinion, Receipt

BASE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(BASE / "script" / "_lib"))

from smoke.visitor import Visitor  # noqa: E402
from soak.mail import MailServer  # noqa: E402
from soak.person import OFFICE, Signatory  # noqa: E402
from soak.stack import Stack  # noqa: E402

__all__ = ["MailServer"]  # among the rest
LONG_AGO = datetime(2026, 8, 1, tzinfo=UTC)
WRITTEN = datetime(2026, 9, 4, 5, tzinfo=UTC)  # where the story of `written` has come to
TRIPPED = {
    "consultation_portal.wsgi": "tests.faults.tripwire:web",
    "consultation_portal": "tests.faults.tripwire:worker",
}


@dataclass
class Redis:
    """A queue of one test's own."""

    folder: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.folder}/redis.sock?db=0"

    def up(self) -> "Redis":
        words = ["--port", "0", "--unixsocket", f"{self.folder}/redis.sock", "--save", "", "--logfile", "log"]
        self.process = subprocess.Popen(
            ["redis-server", *words, "--dir", str(self.folder)], stdout=subprocess.DEVNULL
        )
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
                probe.connect(f"{self.folder}/redis.sock")
                return self
            time.sleep(0.02)
        raise RuntimeError("Redis did not start")

    def down(self) -> None:
        self.client.close()
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    @cached_property
    def client(self) -> Client:
        return Client.from_url(self.url)

    def waiting(self, queue: str) -> list[int]:
        """Rows of the outbox whose messages wait in this queue, the oldest first."""
        messages = [json.loads(raw) for raw in reversed(self.client.lrange(queue, 0, -1))]
        return [json.loads(base64.b64decode(message["body"]))[0][0] for message in messages]

    def idle(self, *, lost: int = 0) -> bool:
        """Nothing waits, and nothing is in a worker's hands but what so many killed ones hold."""
        waiting = any(map(self.client.llen, ("letters", "documents")))
        return not waiting and self.client.hlen("unacked") <= lost


@contextlib.contextmanager
def redis_of_its_own() -> Iterator[Redis]:
    folder = Path(tempfile.mkdtemp(prefix="mk-redis-"))
    server = Redis(folder).up()
    try:
        yield server
    finally:
        server.down()
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Processes:
    """Starts processes of the portal; `plan` is told to those with a tripwire."""

    folder: Path
    redis: Redis
    running: list[Stack] = field(default_factory=list)

    @property
    def log(self) -> Path:
        return self.folder / "processes.log"

    def plan(self, words: str) -> None:
        (self.folder / "plan").write_text(words)

    def no_plan(self) -> None:
        (self.folder / "plan").unlink(missing_ok=True)

    @property
    def pending_plan(self) -> bool:
        return (self.folder / "plan").exists()

    @property
    def standing(self) -> bool:
        """Whether a web process stands still at the plan's point."""
        return (self.folder / "plan.standing").exists()

    @property
    def fallen(self) -> bool:
        """Whether a process has ended that should run."""
        return any(process.poll() is not None for stack in self.running for process in stack.running.values())

    def start(self, *names: str, at: datetime | None = None, **environment: str) -> Stack:
        """These processes, at that moment of the story, with the tripwire in web and workers."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        offset = (at.astimezone(UTC) - datetime.now(UTC)).total_seconds() if at else 0
        place = {
            "DJANGO_SETTINGS_MODULE": "consultation_portal.settings",
            "PORTAL_TESTING": "1",
            "DATABASE_URL": database_url(),
            "DATABASE_OWNER_URL": "",
            "REDIS_URL": self.redis.url,
            "PORTAL_VAR": str(django_settings.PORTAL_VAR),
            "SECRET_KEY": django_settings.SECRET_KEY,
            "PORT": str(port),
            "SITE_URL": f"http://127.0.0.1:{port}",
            "PORTAL_CLOCK_OFFSET": str(offset),
            "EMAIL_URL": "kept://",
            "LOG_LEVEL": "WARNING",
            "WEB_WORKERS": "1",
            "FAULT_PLAN": str(self.folder / "plan"),
        }
        stack = Stack(*names, log=self.log, environment=place | environment, instead=TRIPPED)
        stack.__enter__()
        self.running.append(stack)
        return stack

    def mend(self) -> None:
        """Whatever died has its successor."""
        for stack in self.running:
            stack.mend()

    def stop(self) -> None:
        while self.running:
            self.running.pop().__exit__()


@contextlib.contextmanager
def processes_in(folder: Path) -> Iterator[Processes]:
    with redis_of_its_own() as redis:
        started = Processes(folder, redis)
        try:
            yield started
        finally:
            started.stop()


def database_url() -> str:
    """The test's database, with the rights of the application."""
    facts = connection.settings_dict
    login = quote(facts["USER"], safe="") + (
        f":{quote(facts['PASSWORD'], safe='')}" if facts["PASSWORD"] else ""
    )
    place = quote(facts["HOST"], safe="") + (f":{facts['PORT']}" if facts["PORT"] else "")
    return f"postgresql://{login}@{place}/{facts['NAME']}"


# --- people -----------------------------------------------------------------------------------------
def signed_in(visitor: Visitor, person: User) -> Any:
    """A session of this person, made by force, in that browser."""
    client = Browser()
    client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    visitor.session.cookies.set(
        django_settings.SESSION_COOKIE_NAME, client.cookies[django_settings.SESSION_COOKIE_NAME].value
    )
    return visitor


def signatory(stack: Stack, way: Way, association: str = "lsg-union") -> Signatory:
    person = Signatory(stack.url, association)
    signed_in(person.visitor, way.cast[f"{OFFICE[association]}.signatory"])
    return person


@pytest.fixture
def written(way: Way, settings: Any) -> Way:
    """Both associations have written their opinion; the signatories are to submit it. The clock is the story's."""
    way.register().hours(1).open().working_days(1).acknowledge().working_days(2)
    way.write("lsg-union", "agree").write("cities", "agree").hours(1)
    assert way.at == WRITTEN
    settings.PORTAL_CLOCK_OFFSET = (way.at.astimezone(UTC) - datetime.now(UTC)).total_seconds()
    return way


# --- what must hold ---------------------------------------------------------------------------------
def filed_once(way: Way, association: str = "lsg-union") -> Receipt:
    """One opinion, one receipt with the first number, one line of the journal, one letter a person: no more, no less."""
    from apps.audit import selectors as audit
    from apps.audit.models import JournalEntry

    review = way.review(association)
    receipt = Receipt.objects.get(review=review)
    assert receipt.number == "RC-2026-0001"
    assert ConsolidatedOpinion.objects.filter(submitted_at__isnull=False).count() == 1
    assert list(review.opinion_links.values_list("state", flat=True)) == ["in_force"]
    assert JournalEntry.objects.filter(action="opinion.submitted").count() == 1
    assert OutboxMessage.objects.filter(template="reviews.receipt").count() == 2  # an officer and a signatory
    assert OutboxMessage.objects.filter(template="reviews.opinion_filed").count() == 2
    assert audit.verify_chain().ok
    return receipt


def until(what: Callable[[], Any], seconds: float = 30) -> Any:
    """Look until there is something; what was found, or nothing in the end."""
    end = time.monotonic() + seconds
    while not (found := what()) and time.monotonic() < end:
        time.sleep(0.1)
    return found


def due(*rows: OutboxMessage) -> None:
    """The relay is to publish these now, whatever it waits for."""
    waiting = OutboxMessage.objects.filter(pk__in=[row.pk for row in rows], state="pending")
    waiting.update(next_attempt_at=LONG_AGO)
