"""The published head of each day: caught up after a pause, never changed, and a rewritten chain is told by it."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import Error, connection, transaction

from apps.audit import selectors, services
from apps.audit.chain import GENESIS, entry_hash
from apps.audit.models import JournalCheck, JournalEntry, PublishedHead
from apps.core.ownership import as_owner
from tests.people import People, everybody

MONDAY = datetime(2026, 9, 7, 3, 0, tzinfo=UTC)  # 09:00 in Bishkek
DAY = timedelta(days=1)


def written(people: People, *moments: datetime) -> list[JournalEntry]:
    """Rows that the database wrote at these moments."""
    rows: list[JournalEntry] = []
    before = JournalEntry.objects.order_by("-seq").first()
    for moment in moments:
        last = rows[-1] if rows else before
        entry = JournalEntry(
            seq=last.seq + 1 if last else 1, at=moment, recorded_at=moment, actor=people.saltanat,
            action="thing.happened", object_type="x.y", object_id="1", data={},
            previous_hash=last.hash if last else GENESIS,
        )  # fmt: skip
        entry.hash = entry_hash(entry)
        rows.append(entry)
    return JournalEntry.objects.bulk_create(rows)


def heads() -> list[tuple[str, int]]:
    return [(head.day.isoformat(), head.seq) for head in PublishedHead.objects.order_by("day")]


def verify() -> tuple[int, dict[str, Any]]:
    out = StringIO()
    try:
        call_command("verify_journal", stdout=out)
    except SystemExit as left:
        return int(left.code or 0), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def test_a_finished_day_gets_its_head_once(people: People) -> None:
    rows = written(people, MONDAY, MONDAY + timedelta(hours=3), MONDAY + DAY)

    published = [services.publish_heads(at=MONDAY + DAY), services.publish_heads(at=MONDAY + DAY)]

    assert published == [1, 0]
    head = PublishedHead.objects.get()
    assert (head.day, head.seq, head.hash) == (date(2026, 9, 7), 2, rows[1].hash)
    assert head.published_at == MONDAY + DAY


def test_a_day_ends_at_midnight_in_bishkek(people: People) -> None:
    midnight = datetime(2026, 9, 7, 18, 0, tzinfo=UTC)
    written(people, midnight - timedelta(microseconds=1), midnight)

    before = services.publish_heads(at=midnight - timedelta(microseconds=1))
    after = services.publish_heads(at=midnight)

    assert (before, after) == (0, 1)
    assert heads() == [("2026-09-07", 1)]


def test_after_four_silent_days_every_day_is_caught_up(people: People) -> None:
    written(people, MONDAY)
    services.publish_heads(at=MONDAY + DAY)
    written(people, MONDAY + DAY, MONDAY + 3 * DAY, MONDAY + 4 * DAY)

    assert services.publish_heads(at=MONDAY + 5 * DAY) == 4
    assert heads() == [
        ("2026-09-07", 1), ("2026-09-08", 2), ("2026-09-09", 2), ("2026-09-10", 3), ("2026-09-11", 4)
    ]  # fmt: skip


def test_an_empty_journal_has_no_head(db: Any) -> None:
    assert services.publish_heads(at=MONDAY) == 0
    assert selectors.published_head_matches() is None


def test_a_look_when_nothing_is_due_costs_one_query(people: People, django_assert_num_queries: Any) -> None:
    written(people, MONDAY)
    services.publish_heads(at=MONDAY + DAY)

    with django_assert_num_queries(3):  # with the savepoint around it
        services.publish_heads(at=MONDAY + DAY)


@pytest.mark.parametrize("table", ["audit_publishedhead", "audit_journalcheck"])
@pytest.mark.parametrize(
    "sql",
    ["UPDATE {t} SET day = day - 1", "DELETE FROM {t}", "TRUNCATE {t}"],
    ids=["update", "delete", "empty"],
)
def test_what_is_published_cannot_be_changed(people: People, table: str, sql: str) -> None:
    written(people, MONDAY)
    services.publish_heads(at=MONDAY + DAY)
    services.check_journal(at=MONDAY + DAY)

    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(t=table))


def test_the_command_compares_with_the_published_heads(people: People) -> None:
    written(people, MONDAY, MONDAY + DAY)
    services.publish_heads(at=MONDAY + DAY)

    code, answer = verify()

    assert (code, answer["ok"], answer["published_head_matches"]) == (0, True, True)


def rewritten(statement: str) -> tuple[int, dict[str, Any]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_journalentry DISABLE TRIGGER USER")
        cursor.execute(statement)
        answer = verify()
        transaction.set_rollback(True)
    return answer


@pytest.mark.django_db(transaction=True)
def test_a_chain_rewritten_from_the_first_row_is_told_by_the_head() -> None:
    """The owner of the database can hash every row anew; what was published stays with those who read it."""
    rows = written(everybody(), MONDAY, MONDAY + timedelta(hours=1), MONDAY + DAY)
    services.publish_heads(at=MONDAY + DAY)
    sql, previous = "", GENESIS
    for row in rows:
        row.action, row.previous_hash = "thing.undone", previous
        previous = row.hash = entry_hash(row)
        sql += (
            f"UPDATE audit_journalentry SET action = 'thing.undone', previous_hash = '{row.previous_hash}',"
            f" hash = '{row.hash}' WHERE seq = {row.seq};"
        )

    with as_owner():
        code, answer = rewritten(sql)

    assert (code, answer["ok"], answer["published_head_matches"], answer["first_bad"]) == (1, False, False, 2)


@pytest.mark.django_db(transaction=True)
def test_a_chain_cut_at_its_end_is_told_by_the_head() -> None:
    written(everybody(), MONDAY, MONDAY + timedelta(hours=1))
    services.publish_heads(at=MONDAY + DAY)

    with as_owner():
        code, answer = rewritten("DELETE FROM audit_journalentry WHERE seq = 2")

    assert (code, answer["rows"], answer["published_head_matches"], answer["first_bad"]) == (1, 1, False, 2)


def test_the_whole_journal_is_walked_once_after_each_published_day(people: People) -> None:
    rows = written(people, MONDAY, MONDAY + DAY)
    services.publish_heads(at=MONDAY + DAY)

    checks = [services.check_journal(at=MONDAY + DAY + timedelta(minutes=n)) for n in range(3)]

    assert [check is not None for check in checks] == [True, False, False]
    kept = JournalCheck.objects.get()
    assert (kept.ok, kept.rows, kept.head_seq, kept.head) == (True, 2, 2, rows[-1].hash)
    assert selectors.last_check() == kept


def test_a_broken_chain_is_kept_as_such(people: People) -> None:
    broken = written(people, MONDAY)[0]
    JournalEntry.objects.bulk_create(
        [JournalEntry(seq=3, at=MONDAY, recorded_at=MONDAY, action="x.y", object_type="x.y", object_id="1",
                      previous_hash=broken.hash, hash="a" * 64)]
    )  # fmt: skip
    services.publish_heads(at=MONDAY + DAY)

    check = services.check_journal(at=MONDAY + DAY)

    assert check is not None
    assert (check.ok, check.first_bad) == (False, 2)
