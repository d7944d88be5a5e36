"""The journal of the bench's register: verified whole against the clock, tampered with, and written by eight at once.

Run as a module it is the work itself. Tampering has the rights of the cluster's superuser: nobody else can at all.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

STRETCH = 400  # the last rows of the chain, where each change is tried
WRITERS, SECONDS = 8, 20.0
CHANGES = (
    "UPDATE audit_journalentry SET action = action || 'x' WHERE seq = %s",
    "UPDATE audit_journalentry SET at = at + interval '1 microsecond' WHERE seq = %s",
    "UPDATE audit_journalentry SET object_id = object_id || '1' WHERE seq = %s",
    "UPDATE audit_journalentry SET data = jsonb_build_object('x', 1) WHERE seq = %s",
    "UPDATE audit_journalentry SET actor_id = NULL WHERE seq = %s",
    "UPDATE audit_journalentry SET previous_hash = reverse(previous_hash) WHERE seq = %s",
    "UPDATE audit_journalentry SET hash = reverse(hash) WHERE seq = %s",
    "DELETE FROM audit_journalentry WHERE seq = %s",
    "forge",  # the row is changed and its own hash made to fit
    "swap",  # the row changes places with the next one
)


def run(sizes: Any) -> Iterator[Any]:
    from bench import place

    from . import Figure

    place.fill(sizes.acts)
    found = _module("verify", sizes, place)
    per = found["seconds"] / max(1, found["rows"]) * 100_000
    value = f"{found['rows']:,} rows in {found['seconds']:.1f} s: {per:.1f} s for 100,000"
    yield Figure("journal verified", value, "< 10 s for 100,000 rows", found["ok"] and per < 10)
    found = _module("tamper", sizes, place)
    value = f"{found['found']} of {found['tampered']} changes found"
    yield Figure("journal tampered with", value, "all found", found["found"] == found["tampered"])
    found = _module("write", sizes, place)
    value = f"{found['alarms']} in {found['walks']} walks while {WRITERS} wrote {found['written']:,} rows"
    good = found["alarms"] == 0 and found["walks"] > 0 and found["written"] > 0
    yield Figure("false alarms of the journal", value, "0", good)


def _module(work: str, sizes: Any, place: Any) -> dict[str, Any]:
    environment = {**os.environ, "LOG_LEVEL": "WARNING"}
    if work == "tamper":
        environment["DATABASE_URL"] = place.as_superuser(os.environ["DATABASE_URL"])
    command = [sys.executable, str(Path(__file__)), work, str(sizes.tamperings)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


# --- in a process of its own --------------------------------------------------------------------------
def verify() -> dict[str, Any]:
    from apps.audit import selectors

    started = time.perf_counter()
    report = selectors.verify_chain()
    return {"rows": report.rows, "ok": report.ok, "seconds": time.perf_counter() - started}


def tamper(times: int) -> dict[str, Any]:
    """Each change alone, looked for, and rolled back."""
    from django.db import connection, transaction

    from apps.audit import selectors
    from apps.audit.models import JournalEntry

    dice, seen = random.Random(7), 0
    last = JournalEntry.objects.order_by("-seq").values_list("seq", flat=True)[0]
    stretch = min(STRETCH, last - 1)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for n in range(times):
            # Not the last row: that the chain ends there is told by the published head alone.
            seq, change = last - dice.randrange(1, stretch), CHANGES[n % len(CHANGES)]
            with transaction.atomic():
                if change == "forge":
                    forge(seq)
                elif change == "swap":
                    swap(seq)
                else:
                    cursor.execute(change, [seq])
                seen += not selectors.verify_chain(last - stretch).ok
                transaction.set_rollback(True)
    return {"tampered": times, "found": seen}


def forge(seq: int) -> None:
    from apps.audit.chain import entry_hash
    from apps.audit.models import JournalEntry

    row = JournalEntry.objects.get(seq=seq)
    row.object_id += "1"
    JournalEntry.objects.filter(seq=seq).update(object_id=row.object_id, hash=entry_hash(row))


def swap(seq: int) -> None:
    from apps.audit.models import JournalEntry

    for old, new in ((seq, 0), (seq + 1, seq), (0, seq + 1)):
        JournalEntry.objects.filter(seq=old).update(seq=new)


def write() -> dict[str, Any]:
    """Eight processes write as fast as they can while one walks the end of the chain; then the whole of it."""
    from django.db import connection

    from apps.audit import selectors
    from apps.audit.models import JournalEntry

    first = JournalEntry.objects.order_by("-seq").values_list("seq", flat=True)[0]
    connection.close()
    context = multiprocessing.get_context("fork")
    until = time.time() + SECONDS
    writers = [context.Process(target=_writer, args=(until,)) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    walks = alarms = 0
    while any(writer.is_alive() for writer in writers):
        alarms += not selectors.verify_chain(first).ok
        walks += 1
    alarms += not selectors.verify_chain().ok
    alarms += sum(bool(writer.exitcode) for writer in writers)
    last = JournalEntry.objects.order_by("-seq").values_list("seq", flat=True)[0]
    return {"walks": walks + 1, "alarms": alarms, "written": last - first}


def _writer(until: float) -> None:
    from apps.accounts.models import User
    from apps.audit import services
    from apps.core import clock

    user = User.objects.order_by("pk").first()
    assert user is not None
    while time.time() < until:
        services.record(actor=user, action="soak.wrote", target=user, at=clock.now(), data={"n": 1})


def main() -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
    import django

    django.setup()
    work, times = sys.argv[1], int(sys.argv[2])
    print(json.dumps({"verify": verify, "write": write, "tamper": lambda: tamper(times)}[work]()))


if __name__ == "__main__":
    main()
