"""Outages: how much of a day was lost, which day takes its place, what the heartbeat finds, what the table refuses."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from apps.audit.models import JournalEntry
from apps.core.errors import InvalidInput, NotAllowed, TransitionNotAllowed
from apps.deadlines import outages, probe, rules, services
from apps.deadlines.models import Heartbeat, Maintenance, Outage
from apps.deadlines.seed import seeded_calendar
from apps.notifications.models import OutboxMessage
from tests.people import People, everybody, holds

MINUTE = timedelta(minutes=1)
WEDNESDAY = date(2026, 9, 9)
CALENDAR = seeded_calendar()


def at(hour: int, minute: int = 0, *, day: date = WEDNESDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=rules.BISHKEK)


# --- arithmetic -------------------------------------------------------------------------------------


def test_what_overlaps_is_counted_once_and_only_on_its_day() -> None:
    found = [
        (at(22), at(23, 30)),
        (at(23), at(23, 45)),
        (at(23, 50), at(3, day=date(2026, 9, 10))),
        (at(23, day=date(2026, 9, 8)), at(0, 10)),
    ]

    assert outages.time_lost(WEDNESDAY, found) == timedelta(minutes=10 + 105 + 10)
    assert outages.time_lost(date(2026, 9, 10), found) == timedelta(hours=3)
    assert outages.time_lost(date(2026, 9, 11), found) == timedelta()


@pytest.mark.parametrize(
    ("ended", "days"),
    [(at(23, 59), 1), (at(0, day=date(2026, 9, 10)), 1), (at(0, 1, day=date(2026, 9, 10)), 2)],
)
def test_midnight_belongs_to_the_day_before(ended: datetime, days: int) -> None:
    assert len(outages.days_of(at(22), ended)) == days


@pytest.mark.parametrize(
    ("last_day", "spoiled", "recorded", "instead"),
    [
        (date(2026, 9, 9), [], at(23), date(2026, 9, 10)),
        (date(2026, 9, 11), [], at(12, day=date(2026, 9, 11)), date(2026, 9, 14)),  # Friday to Monday
        (date(2026, 9, 9), [date(2026, 9, 10)], at(23), date(2026, 9, 11)),
        (date(2026, 12, 31), [], at(12, day=date(2026, 12, 31)), date(2027, 1, 8)),  # over the holidays
        (date(2026, 9, 9), [], at(23, 59, day=date(2026, 9, 10)), date(2026, 9, 10)),
        # Recorded when the next day is over: nobody can keep a day that is gone.
        (date(2026, 9, 9), [], at(0, day=date(2026, 9, 11)), date(2026, 9, 14)),
        (date(2026, 9, 9), [], at(9, day=date(2026, 9, 14)), date(2026, 9, 15)),
        (date(2026, 9, 9), [], at(9, day=date(2026, 9, 19)), date(2026, 9, 21)),  # recorded on a Saturday
    ],
)
def test_the_next_working_day_that_can_still_be_kept(
    last_day: date, spoiled: list[date], recorded: datetime, instead: date
) -> None:
    assert outages.day_instead(last_day, CALENDAR, spoiled=spoiled, at=recorded) == instead


@pytest.mark.parametrize("unit", ["working", "calendar"])
@pytest.mark.parametrize("days", [1, 3, 20])
def test_a_moved_term_keeps_its_length_and_says_why(unit: str, days: int) -> None:
    term = rules.add_days(date(2026, 9, 1), days, unit, CALENDAR)
    instead = outages.day_instead(term.last_day, CALENDAR, spoiled=(), at=at(9, day=date(2026, 9, 1)))

    moved = outages.move_last_day(term, instead, CALENDAR, names={"ru": "сбой"})

    counted = [day for day in moved.explanation if day.counted]
    assert [day.n for day in counted] == list(range(1, days + 1))
    assert (counted[0].date, counted[-1].date) == (moved.first_day, instead)
    assert moved.due_at == rules.end_of(instead)
    lost = next(day for day in moved.explanation if day.date == term.last_day)
    assert (lost.reason, lost.counted, lost.name("ru")) == (rules.OUTAGE, False, "сбой")
    assert [day.date for day in moved.explanation] == [
        term.start + timedelta(days=n) for n in range((instead - term.start).days + 1)
    ]


# --- the heartbeat ----------------------------------------------------------------------------------


@pytest.fixture
def people(db: Any) -> People:
    cast = everybody()
    holds(cast.nurlan, cast.agency, "coordinator")
    return cast


def beats(*moments: datetime, answered: bool = True) -> list[Outage]:
    found = (services.beat(answered=answered, detail="200", at=moment) for moment in moments)
    return [outage for outage in found if outage is not None]


def test_a_gap_between_two_answers_is_a_suspected_outage_once(people: People) -> None:
    found = beats(at(10), at(10, 1), at(11, 40), at(11, 41))

    assert [(o.number, o.started_at, o.ended_at, o.state) for o in found] == [
        (1, at(10, 1), at(11, 40), "suspected")
    ]
    assert Outage.objects.count() == 1
    assert JournalEntry.objects.filter(action="outage.noted").count() == 1
    assert [m.recipient for m in OutboxMessage.objects.all()] == [people.nurlan]


def test_the_portal_that_does_not_answer_is_away_until_it_does(people: People) -> None:
    beats(at(10))
    assert not beats(at(10, 1), at(10, 2), at(11), answered=False)

    (outage,) = beats(at(11, 1))

    assert (outage.started_at, outage.ended_at) == (at(10), at(11, 1))


@pytest.mark.parametrize(("gap", "found"), [(timedelta(minutes=5), 0), (timedelta(minutes=5, seconds=1), 1)])
def test_a_gap_counts_from_the_configured_length(gap: timedelta, found: int, people: People) -> None:
    assert len(beats(at(10), at(10) + gap)) == found


def test_the_first_answer_ever_ends_no_outage(people: People) -> None:
    assert not beats(at(10))


def test_two_probes_see_one_gap(people: People) -> None:
    beats(at(10))

    assert len(beats(at(12), at(12) + timedelta(seconds=2))) == 1
    assert not beats(at(12) - timedelta(seconds=5))  # the slower one writes down what it saw earlier
    assert Outage.objects.count() == 1


def test_the_database_refuses_the_same_gap_twice(people: People) -> None:
    beats(at(10), at(12))

    with pytest.raises(IntegrityError), transaction.atomic():
        Outage.objects.create(
            number=2, started_at=at(11), ended_at=at(13), origin="heartbeat", noted_at=at(13)
        )


def test_heartbeats_and_decisions_do_not_change(people: People) -> None:
    (outage,) = beats(at(10), at(12))

    for change in (
        lambda: Heartbeat.objects.update(answered=False),
        lambda: Heartbeat.objects.all().delete(),
        lambda: Outage.objects.filter(pk=outage.pk).update(ended_at=at(11)),
        lambda: Outage.objects.filter(pk=outage.pk).update(state="confirmed"),
        lambda: Outage.objects.filter(pk=outage.pk).delete(),
    ):
        with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
            change()


def test_a_decided_outage_is_not_decided_again_in_the_table(people: People) -> None:
    (outage,) = beats(at(10), at(12))
    decided = {
        "state": "refused",
        "decided_at": at(13),
        "decided_by": people.nurlan,
        "organization": people.agency,
        "reason": "Сбоя не было",
    }
    Outage.objects.filter(pk=outage.pk).update(**decided)

    with pytest.raises(IntegrityError), transaction.atomic():
        Outage.objects.filter(pk=outage.pk).update(state="confirmed")


# --- the administrator ------------------------------------------------------------------------------


def test_only_an_administrator_reports_and_announces(people: People) -> None:
    for stranger in (people.nurlan, people.asel, people.gulnara):
        with pytest.raises(NotAllowed):
            services.propose_outage(
                actor=stranger, started_at=at(8), ended_at=at(9), source="Оператор", at=at(12)
            )
        with pytest.raises(NotAllowed):
            services.announce_maintenance(
                actor=stranger, starts_at=at(20), ends_at=at(21), note="Иш", lang="ky", at=at(12)
            )


def test_an_outage_on_announced_maintenance_is_planned(people: People) -> None:
    planned = services.announce_maintenance(
        actor=people.saltanat, starts_at=at(20), ends_at=at(22), note="Жаңыртуу", lang="ky", at=at(12)
    )
    before, during = beats(at(19), at(19, 59), at(20, 50))

    assert (before.maintenance, during.maintenance) == (None, planned)


def test_a_withdrawn_announcement_plans_nothing(people: People) -> None:
    planned = services.announce_maintenance(
        actor=people.saltanat, starts_at=at(20), ends_at=at(22), note="Жаңыртуу", lang="ky", at=at(12)
    )
    services.withdraw_maintenance(actor=people.saltanat, maintenance_id=planned.pk, at=at(13))

    assert [outage.planned for outage in beats(at(19), at(21))] == [False]


def test_begun_maintenance_stays_announced(people: People) -> None:
    planned = services.announce_maintenance(
        actor=people.saltanat, starts_at=at(20), ends_at=at(22), note="Жаңыртуу", lang="ky", at=at(12)
    )

    with pytest.raises(TransitionNotAllowed):
        services.withdraw_maintenance(actor=people.saltanat, maintenance_id=planned.pk, at=at(20))

    assert Maintenance.objects.get().withdrawn_at is None


@pytest.mark.parametrize(
    ("started", "ended", "source", "field"),
    [
        (at(9), at(9), "Оператор", "ended_at"),
        (at(9), at(8), "Оператор", "ended_at"),
        (at(9), at(13), "Оператор", "ended_at"),  # not over yet
        (at(9, day=date(2026, 7, 1)), at(9), "Оператор", "ended_at"),
        (at(8), at(9), " \u200b ", "source"),
        (at(8), at(9), "ж" * 2001, "source"),
    ],
)
def test_a_report_that_cannot_be_true_is_refused(
    started: datetime, ended: datetime, source: str, field: str, people: People
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        services.propose_outage(
            actor=people.saltanat, started_at=started, ended_at=ended, source=source, at=at(12)
        )

    assert field in refusal.value.fields
    assert not Outage.objects.exists()


def test_maintenance_is_announced_beforehand(people: People) -> None:
    with pytest.raises(InvalidInput):
        services.announce_maintenance(
            actor=people.saltanat, starts_at=at(12), ends_at=at(13), note="Иш", lang="ky", at=at(12)
        )


def test_numbers_have_no_gaps(people: People) -> None:
    for hour in (7, 8):
        services.propose_outage(
            actor=people.saltanat, started_at=at(hour), ended_at=at(hour, 30), source="Оператор", at=at(12)
        )
    beats(at(13), at(15))

    assert list(Outage.objects.order_by("pk").values_list("number", flat=True)) == [1, 2, 3]


# --- the probe --------------------------------------------------------------------------------------


def test_the_probe_asks_the_portals_own_page(live_server: Any) -> None:
    assert probe.ask(f"{live_server.url}/ky/", site=live_server.url) == (True, "200")
    assert probe.ask(f"{live_server.url}/ky/no-such-page/", site=live_server.url) == (False, "404")


def test_nobody_at_home_is_no_answer() -> None:
    assert probe.ask("http://127.0.0.1:1/ky/", site="http://127.0.0.1:1") == (False, "ConnectionRefusedError")


def test_the_command_keeps_the_answer(live_server: Any, settings: Any) -> None:
    from django.core.management import call_command

    settings.HEARTBEAT_PAGE, settings.SITE_URL = f"{live_server.url}/ky/", live_server.url

    call_command("heartbeat", "--once")
    settings.HEARTBEAT_PAGE = "http://127.0.0.1:1/"
    with pytest.raises(SystemExit):
        call_command("heartbeat", "--once")

    assert list(Heartbeat.objects.order_by("pk").values_list("answered", "detail")) == [
        (True, "200"),
        (False, "ConnectionRefusedError"),
    ]
    assert connection.is_usable()
