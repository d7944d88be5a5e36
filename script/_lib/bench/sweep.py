"""The sweep over all open reviews, on a copy of the register, for what it does it does once.

Run as a module it is the sweep in a process of its own: `python sweep.py` prints what it took as JSON.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

COPY = "portal_sweep"


def measure() -> dict[str, Any]:
    """Milliseconds of one sweep. Floor: one statement that reads what is due and writes a row for each."""
    import bootstrap
    import psycopg2

    from . import place, row

    def copy_of(url: str) -> str:
        return urlunsplit(urlsplit(url)._replace(path=f"/{COPY}"))

    superuser = place.as_superuser(os.environ["DATABASE_OWNER_URL"])
    connection = psycopg2.connect(urlunsplit(urlsplit(superuser)._replace(path="/postgres")))
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute(f"DROP DATABASE IF EXISTS {COPY} WITH (FORCE)")
    cursor.execute(f"CREATE DATABASE {COPY} TEMPLATE portal OWNER portal_owner")
    try:
        environment = {
            **os.environ,
            "DATABASE_URL": copy_of(os.environ["DATABASE_URL"]),
            "LOG_LEVEL": "WARNING",
        }
        done = subprocess.run(
            [sys.executable, str(Path(__file__))],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    finally:
        cursor.execute(f"DROP DATABASE {COPY} WITH (FORCE)")
        connection.close()
    found = json.loads(done.stdout.splitlines()[-1])
    bootstrap.say(
        f"  deadline_sweep: {found['open']} open reviews, {found['due']} due, {found['letters']} letters; "
        f"memory grew by {found['grown_mb']} MB; the second sweep took {found['again_ms']:.0f} ms and wrote {found['twice']}"
    )
    if found["twice"]:
        raise RuntimeError(f"The second sweep did {found['twice']} things again.")
    return row("deadline_sweep", found["ms"], "ms", found["floor_ms"])


def main() -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
    import django

    django.setup()
    from django.db import connection

    from apps.core import clock
    from apps.notifications.models import OutboxMessage
    from apps.reviews.models import Review
    from apps.reviews.tasks import sweep

    now = clock.now()
    awaited = Review.objects.filter(filed_at=None, effect_established_at=None)
    answer: dict[str, Any] = {"open": awaited.count(), "due": awaited.filter(due_at__lte=now).count()}
    with connection.cursor() as cursor:
        started = time.perf_counter()
        cursor.execute(
            "CREATE TEMP TABLE done AS SELECT id, due_at, %s::timestamptz AS at FROM reviews_review "
            "WHERE filed_at IS NULL AND effect_established_at IS NULL AND due_at <= %s",
            [now, now],
        )
        answer["floor_ms"] = (time.perf_counter() - started) * 1000
    before, memory = OutboxMessage.objects.count(), _memory()
    started = time.perf_counter()
    sweep()
    answer["ms"] = (time.perf_counter() - started) * 1000
    answer["grown_mb"] = round(_memory() - memory)
    once = OutboxMessage.objects.count()
    answer["letters"] = once - before
    started = time.perf_counter()
    sweep()
    answer["again_ms"] = (time.perf_counter() - started) * 1000
    answer["twice"] = OutboxMessage.objects.count() - once
    print(json.dumps(answer))


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
