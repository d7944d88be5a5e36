"""The journal: append-only, chained, every tampering found, no false alarm."""

import json
import threading
import time
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import Error, connection, transaction

from apps.audit import selectors, services
from apps.audit.chain import GENESIS, entry_hash
from apps.audit.models import JournalEntry
from apps.core.ownership import as_owner
from tests.people import MORNING, People, everybody


def record(people: People, n: int = 1, *, act_id: int | None = None) -> list[JournalEntry]:
    return [
        services.record(
            actor=people.saltanat,
            action="thing.happened",
            target=people.ministry,
            at=MORNING + timedelta(seconds=i),
            organization_id=people.ministry.pk,
            act_id=act_id,
            data={"n": i, "text": "ң ө ү", "sum": 0.1},
        )
        for i in range(n)
    ]


def verify(*arguments: str) -> tuple[int, dict[str, Any]]:
    out = StringIO()
    try:
        call_command("verify_journal", *arguments, stdout=out, stderr=StringIO())
    except SystemExit as left:
        return int(left.code or 0), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def test_a_whole_journal(people: People) -> None:
    entries = record(people, 5)

    assert verify() == (
        0,
        {"rows": 5, "ok": True, "first_bad": None, "head": entries[-1].hash, "published_head_matches": None},
    )


def test_an_empty_journal(db: Any) -> None:
    assert verify() == (
        0,
        {"rows": 0, "ok": True, "first_bad": None, "head": None, "published_head_matches": None},
    )


def test_a_later_start_reads_the_rest(people: People) -> None:
    record(people, 5)

    code, answer = verify("--from", "4")

    assert (code, answer["rows"], answer["ok"]) == (0, 2, True)


@pytest.mark.parametrize(
    "arguments", [["--from", "0"], ["--from", "x"], ["--from", "-1"], ["--from", "9" * 30]]
)
def test_bad_input_is_said(db: Any, arguments: list[str]) -> None:
    code, answer = verify(*arguments)

    assert code == 2
    assert set(answer) == {"error", "message"}


def test_an_unknown_argument_is_said(db: Any, capsys: Any) -> None:
    with pytest.raises(SystemExit) as left:
        call_command("verify_journal", "--until", "3")

    assert left.value.code == 2
    assert json.loads(capsys.readouterr().out)["error"] == "bad_input"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_journalentry SET action = 'x' WHERE seq = 1",
        "DELETE FROM audit_journalentry WHERE seq = 1",
        "TRUNCATE audit_journalentry",
    ],
)
def test_the_application_can_only_append(people: People, sql: str) -> None:
    record(people)

    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


# --- tampering, by somebody who owns the database -------------------------------------------------------

TAMPERINGS = {
    "a time is moved": ("UPDATE {t} SET at = at + interval '1 microsecond' WHERE seq = 3", 3),
    "the moment of writing is moved": (
        "UPDATE {t} SET recorded_at = recorded_at - interval '1 day' WHERE seq = 3",
        3,
    ),
    "another actor": ("UPDATE {t} SET actor_id = NULL WHERE seq = 3", 3),
    "another organisation": ("UPDATE {t} SET organization_id = organization_id + 1 WHERE seq = 3", 3),
    "another action": ("UPDATE {t} SET action = 'thing.undone' WHERE seq = 3", 3),
    "another object": ("UPDATE {t} SET object_id = '0' WHERE seq = 3", 3),
    "another kind of object": ("UPDATE {t} SET object_type = 'x.y' WHERE seq = 3", 3),
    "another act": ("UPDATE {t} SET act_id = 8 WHERE seq = 3", 3),
    "other data": ("UPDATE {t} SET data = jsonb_set(data, '{{n}}', '99') WHERE seq = 3", 3),
    "a row is taken out": ("DELETE FROM {t} WHERE seq = 3", 3),
    "the first row is taken out": ("DELETE FROM {t} WHERE seq = 1", 1),
    "the hash is another one": ("UPDATE {t} SET hash = repeat('a', 64) WHERE seq = 3", 3),
    "the link is another one": ("UPDATE {t} SET previous_hash = repeat('a', 64) WHERE seq = 3", 3),
    "the last row": ("UPDATE {t} SET action = 'thing.undone' WHERE seq = 6", 6),
    "two rows change places": (
        "UPDATE {t} SET seq = -seq WHERE seq IN (3, 4); UPDATE {t} SET seq = 7 + seq WHERE seq IN (-3, -4)",
        3,
    ),
    "a row is put in between": (
        "UPDATE {t} SET seq = seq + 100 WHERE seq > 3; UPDATE {t} SET seq = seq - 99 WHERE seq > 100;"
        "INSERT INTO {t} SELECT 4, at, recorded_at, organization_id, action, object_type, object_id, act_id, data,"
        " previous_hash, repeat('b', 64), actor_id FROM {t} WHERE seq = 3",
        4,
    ),
}


def tampered(statement: str) -> dict[str, Any]:
    """The verdict on the journal after a statement of the database's owner, who can switch triggers off."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_journalentry DISABLE TRIGGER USER")
        cursor.execute(statement.replace("{t}", "audit_journalentry").replace("{{", "{").replace("}}", "}"))
        answer = verify()[1]
        transaction.set_rollback(True)
    return answer


@pytest.mark.django_db(transaction=True)
def test_every_tampering_is_found() -> None:
    record(everybody(), 6, act_id=7)
    assert verify()[1]["ok"]

    with as_owner():
        found = {kind: tampered(statement) for kind, (statement, _bad) in TAMPERINGS.items()}

    assert {kind: answer["first_bad"] for kind, answer in found.items()} == {
        kind: bad for kind, (_statement, bad) in TAMPERINGS.items()
    }
    assert not any(answer["ok"] for answer in found.values())


@pytest.mark.django_db(transaction=True)
def test_a_row_rehashed_after_a_change_is_found_by_the_next_one() -> None:
    record(everybody(), 6)
    entry = JournalEntry.objects.get(seq=3)
    entry.action = "thing.undone"

    with as_owner():
        answer = tampered(
            f"UPDATE {{t}} SET action = 'thing.undone', hash = '{entry_hash(entry)}' WHERE seq = 3"
        )

    assert answer["first_bad"] == 4


@pytest.mark.django_db(transaction=True)
def test_eight_writers_raise_no_false_alarm() -> None:
    people, failures, stop = everybody(), [], threading.Event()

    def write() -> None:
        try:
            record(people, 40)
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    def watch() -> None:
        while not stop.is_set():
            report = selectors.verify_chain()
            if not report.ok:
                failures.append(report)
        connection.close()

    writers, watcher = [threading.Thread(target=write) for _ in range(8)], threading.Thread(target=watch)
    for thread in [watcher, *writers]:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    watcher.join()

    assert failures == []
    assert verify()[1]["rows"] == 320


def test_a_rolled_back_fact_leaves_no_gap(people: People) -> None:
    record(people)
    with pytest.raises(RuntimeError), transaction.atomic():
        record(people)
        raise RuntimeError
    record(people)

    assert verify()[1] | {"head": None} == {
        "rows": 2,
        "ok": True,
        "first_bad": None,
        "head": None,
        "published_head_matches": None,
    }


def test_the_history_of_an_act_is_told_in_order(people: People) -> None:
    record(people, 2, act_id=7)
    record(people, 1, act_id=8)
    record(people, 1, act_id=7)

    history = list(selectors.history_of_act(7))

    assert [entry.seq for entry in history] == [1, 2, 4]
    assert history[0].actor == people.saltanat


@pytest.mark.slow
def test_a_hundred_thousand_rows_are_walked_in_seconds(people: People) -> None:
    """The goal is ten seconds; the guard of the small test is on a tenth of the rows, at five times the goal."""
    rows, previous = [], GENESIS
    for seq in range(1, 10_001):
        entry = JournalEntry(
            seq=seq,
            at=MORNING,
            recorded_at=MORNING,
            actor=people.saltanat,
            action="thing.happened",
            object_type="x.y",
            object_id=str(seq),
            data={"n": seq},
            previous_hash=previous,
        )
        previous = entry.hash = entry_hash(entry)
        rows.append(entry)
    JournalEntry.objects.bulk_create(rows, batch_size=2000)

    started = time.monotonic()
    report = selectors.verify_chain()

    assert (report.rows, report.ok) == (10_000, True)
    assert time.monotonic() - started < 5
