"""What stands still is told: on /readyz, to Prometheus, to the administrator, and once a day by letter."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.audit.models import JournalCheck, PublishedHead
from apps.core import clock, health
from apps.notifications import rendering
from apps.notifications.models import OutboxMessage
from apps.register import services, tasks
from apps.register.selectors import health as state

NINE = datetime(2026, 9, 7, 3, 0, tzinfo=UTC)  # Monday, 09:00 in Bishkek
MINUTE = timedelta(minutes=1)
HEALTH = "/en/administration/health/"


@pytest.fixture
def well(people: dict[str, User]) -> dict[str, User]:
    """Everybody beats and nothing waits."""
    OutboxMessage.objects.all().delete()
    for name in ("sweep", "relay"):
        health.heartbeat(name, at=NINE)
    return people


def waiting(at: datetime, **more: Any) -> OutboxMessage:
    return OutboxMessage.objects.create(
        **{
            "key": f"job:{at}:{len(more)}",
            "task": "documents.render",
            "created_at": at,
            "next_attempt_at": at,
            **more,
        }
    )


def codes(at: datetime) -> list[str]:
    return [alarm.code for alarm in state.alarms(at)]


def figures(client: Client) -> dict[str, float]:
    text = client.get("/metrics").content.decode()
    return {name: float(value) for name, value in re.findall(r"^(portal_\w+) (\S+)$", text, re.M)}


def test_nothing_is_told_while_everything_runs(well: dict[str, User], client: Client) -> None:
    with clock.frozen(NINE):
        ready = client.get("/readyz").json()

    assert codes(NINE) == []
    assert (ready["scheduler"], ready["outbox"]) == ("ok", "ok")


@pytest.mark.parametrize(
    "late, alarm", [(timedelta(minutes=5), []), (timedelta(minutes=5, seconds=1), ["scheduler_missed"])]
)
def test_a_scheduler_is_missed_after_five_minutes(
    well: dict[str, User], late: timedelta, alarm: list[str]
) -> None:
    health.heartbeat("relay", at=NINE + late)

    assert codes(NINE + late) == alarm


def test_a_silent_relay_is_told(well: dict[str, User], client: Client) -> None:
    at = NINE + 6 * MINUTE
    health.heartbeat("sweep", at=at)

    assert codes(at) == ["relay_stalled"]


@pytest.mark.parametrize(
    "age, more, stalled",
    [
        (4 * MINUTE, {}, False),
        (5 * MINUTE, {}, True),
        (
            60 * MINUTE,
            {"attempts": 3, "next_attempt_at": NINE + 10 * MINUTE},
            False,
        ),  # the mail server refuses
        (60 * MINUTE, {"attempts": 3, "next_attempt_at": NINE - 5 * MINUTE}, True),  # due, and nobody tries
        (60 * MINUTE, {"state": "failed"}, False),
        (60 * MINUTE, {"state": "done", "done_at": NINE}, False),
    ],
)
def test_what_nobody_tries_stands_still(
    well: dict[str, User], age: timedelta, more: dict[str, Any], stalled: bool
) -> None:
    waiting(NINE - age, **more)

    assert codes(NINE) == (["outbox_stalled"] if stalled else [])


def test_alarms_are_told_to_machines_and_do_not_count(well: dict[str, User], client: Client) -> None:
    waiting(NINE - 7 * MINUTE)
    at = NINE + 10 * MINUTE

    with clock.frozen(at):
        answer = client.get("/readyz")
        told = figures(client)

    ready = answer.json()
    assert (answer.status_code, ready["ready"]) == (200, True)
    assert ready["scheduler"] == f"missed since {NINE.isoformat()}"
    assert ready["outbox"] == f"1 stalled since {(NINE - 7 * MINUTE).isoformat()}"
    assert told["portal_alarms"] == 3
    assert told["portal_outbox_stalled"] == told["portal_outbox_pending"] == 1
    assert told["portal_scheduler_silent_seconds"] == 600
    assert told["portal_outbox_oldest_seconds"] == 17 * 60


def test_the_administrators_desk_tells_and_nobody_elses(well: dict[str, User]) -> None:
    told = {}
    for key in ("admin.first", "chamber.auditor", "finance.drafter"):
        client = Client()
        client.force_login(well[key])
        with clock.frozen(NINE + 6 * MINUTE):
            told[key] = "Something in the portal stands still" in client.get("/en/desk/").content.decode()

    assert told == {"admin.first": True, "chamber.auditor": False, "finance.drafter": False}


def test_the_page_of_the_administrator(
    well: dict[str, User], client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(well["admin.first"])
    with clock.frozen(NINE):
        calm = client.get(HEALTH).content.decode()
    waiting(NINE, state="failed")
    with clock.frozen(NINE + 6 * MINUTE), django_assert_max_num_queries(9):
        page = client.get(HEALTH).content.decode()

    assert "Nothing stands still" in calm
    assert "The scheduler has not run since" in page
    assert "1 document could not be made." in page
    client.force_login(well["chamber.auditor"])
    assert client.get(HEALTH).status_code == 404


# --- the daily digest -----------------------------------------------------------------------------------


def digests() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(template="register.digest").order_by("recipient_id"))


def test_problems_are_written_to_the_administrators_once_a_day(well: dict[str, User]) -> None:
    waiting(NINE, state="failed")
    for _ in range(3):
        services.send_digest(at=NINE)

    assert {letter.recipient for letter in digests()} == {well["admin.first"], well["admin.second"]}
    health.heartbeat("sweep", at=NINE + timedelta(days=1))
    health.heartbeat("relay", at=NINE + timedelta(days=1))
    services.send_digest(at=NINE + timedelta(days=1))
    assert len(digests()) == 4


def test_a_day_without_problems_has_no_letter(well: dict[str, User]) -> None:
    assert services.send_digest(at=NINE) is False
    assert digests() == []


def test_nothing_is_written_before_eight(well: dict[str, User]) -> None:
    waiting(NINE, state="failed")
    eight = datetime(2026, 9, 7, 2, 0, tzinfo=UTC)
    for name in ("sweep", "relay"):
        health.heartbeat(name, at=eight)

    sent = [services.send_digest(at=eight - timedelta(seconds=1)), services.send_digest(at=eight)]

    assert sent == [False, True]


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_digest_says_every_problem_in_the_readers_language(well: dict[str, User], language: str) -> None:
    every = [state.Problem(code, n=2, since=NINE, until=NINE).as_data() for code in state._WORDS]
    message = OutboxMessage(
        template="register.digest", payload={"day": "2026-09-07", "problems": every}, language=language,
        recipient=well["admin.first"],
    )  # fmt: skip

    letter = rendering.render(message)

    assert "%(" not in letter.text
    assert "/administration/health/" in letter.text
    english = "The scheduler has not run since" in letter.text
    assert english is (language == "en")


def test_a_broken_journal_is_a_problem(well: dict[str, User]) -> None:
    JournalCheck.objects.create(day=NINE.date(), checked_at=NINE, rows=9, first_bad=4, heads_match=False)

    assert [p.code for p in state.state(NINE).problems] == ["journal_broken", "head_gone"]


def test_a_standstill_is_noted_told_and_forgotten_after_a_day(well: dict[str, User]) -> None:
    later = NINE + timedelta(days=3)
    for at in (NINE, NINE + MINUTE, later):
        services.note_round(at=at)
    for name in ("sweep", "relay"):
        health.heartbeat(name, at=later)

    early, sent = services.send_digest(at=later + 4 * MINUTE), services.send_digest(at=later + 5 * MINUTE)

    assert (early, sent) == (False, True)
    assert digests()[0].payload["problems"] == [
        {"code": "standstill", "n": 0, "since": (NINE + MINUTE).isoformat(), "until": later.isoformat()}
    ]
    assert [p.code for p in state.state(later + timedelta(days=1)).problems if p.code == "standstill"] == []


# --- the task -------------------------------------------------------------------------------------------


def test_the_task_does_all_that_is_due_once(well: dict[str, User]) -> None:
    later = clock.now() + timedelta(days=3)
    with clock.frozen(later):
        for _ in range(3):
            tasks.daily()

    assert PublishedHead.objects.count() == 3
    assert JournalCheck.objects.get().ok
    assert health.last_heartbeats("daily")["daily"] == later


def test_a_part_that_fails_keeps_nothing_else_from_its_work(
    well: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*, at: datetime) -> None:
        raise RuntimeError

    monkeypatch.setattr(tasks.audit, "publish_heads", fail)
    waiting(NINE, state="failed")
    with clock.frozen(NINE):
        tasks.daily()

    assert len(digests()) == 2


def test_the_scheduler_knows_the_task(settings: Any) -> None:
    from celery import current_app

    entry = settings.CELERY_BEAT_SCHEDULE["daily"]
    assert entry["task"] in current_app.tasks
    assert entry["schedule"].run_every == MINUTE
