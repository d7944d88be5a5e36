"""The arithmetic of terms, against the table of the law's examples. No database."""

from datetime import UTC, date, datetime, timedelta

import pytest

from apps.deadlines import rules
from apps.deadlines.rules import BadTerm, Calendar, Day, NoCalendar, add_calendar_days, add_working_days
from apps.deadlines.seed import seeded_calendar

SEEDED = seeded_calendar()
PLAIN_2026 = Calendar({}, frozenset({2026}))  # weekends only
NEW_YEAR = {"ky": "Жаңы жыл", "ru": "Новый год", "en": "New Year's Day"}


def by_date(deadline):
    return {day.date: day for day in deadline.explanation}


def test_twenty_working_days_over_the_may_holidays_and_kurman_ait_end_on_the_fourth_of_june():
    deadline = add_working_days(date(2026, 4, 28), 20, SEEDED)

    assert deadline.first_day == date(2026, 4, 29)
    assert deadline.last_day == date(2026, 6, 4)
    assert deadline.due_at.isoformat() == "2026-06-05T00:00:00+06:00"


def test_the_explanation_runs_from_the_start_through_the_last_day_without_a_gap():
    deadline = add_working_days(date(2026, 4, 28), 20, SEEDED)

    dates = [day.date for day in deadline.explanation]
    assert dates == [date(2026, 4, 28) + timedelta(days=i) for i in range(38)]
    assert dates[-1] == deadline.last_day
    assert [day.n for day in deadline.explanation if day.counted] == list(range(1, 21))
    assert all(day.n is None for day in deadline.explanation if not day.counted)


def test_the_explanation_says_why_each_day_was_not_counted():
    days = by_date(add_working_days(date(2026, 4, 28), 20, SEEDED))

    assert (days[date(2026, 4, 28)].reason, days[date(2026, 4, 28)].counted) == ("start", False)
    assert (days[date(2026, 5, 10)].reason, days[date(2026, 5, 10)].name("ky")) == ("weekend", None)
    assert days[date(2026, 5, 27)].reason == "holiday"
    assert days[date(2026, 5, 27)].name("ky") == "Курман айт"
    assert days[date(2026, 5, 5)].name("ru") == "День Конституции Кыргызской Республики"
    assert days[date(2026, 5, 28)].reason == "working_day"


def test_a_term_that_starts_on_a_holiday_counts_from_the_next_working_day():
    deadline = add_working_days(date(2026, 5, 1), 1, SEEDED)

    assert deadline.first_day == deadline.last_day == date(2026, 5, 11)
    assert deadline.explanation[0].reason == "start"
    assert deadline.explanation[0].name("en") == "Labor Day"


def test_a_moved_working_saturday_is_counted_and_its_monday_off_is_not():
    deadline = add_working_days(date(2024, 5, 10), 1, SEEDED)

    assert deadline.last_day == date(2024, 5, 11)  # a Saturday, worked for 3 May
    assert deadline.explanation[-1].reason == "moved_working_day"

    days = by_date(add_working_days(date(2024, 4, 30), 1, SEEDED))
    assert days[date(2024, 5, 3)].reason == "moved_day_off"
    assert not days[date(2024, 5, 3)].counted


def test_a_short_day_is_a_working_day():
    calendar = Calendar({date(2026, 3, 4): Day(rules.SHORT_DAY)}, frozenset({2026}))

    deadline = add_working_days(date(2026, 3, 3), 1, calendar)

    assert deadline.last_day == date(2026, 3, 4)
    assert deadline.explanation[-1].reason == "working_day"


def test_a_term_crosses_the_new_year_holidays():
    deadline = add_working_days(date(2026, 12, 11), 20, SEEDED)

    assert deadline.last_day == date(2027, 1, 15)
    assert deadline.due_at.isoformat() == "2027-01-16T00:00:00+06:00"


def test_calendar_days_count_every_day_and_still_say_what_each_is():
    deadline = add_calendar_days(date(2026, 4, 30), 10, SEEDED)

    assert deadline.first_day == date(2026, 5, 1)
    assert deadline.last_day == date(2026, 5, 10)
    assert [day.n for day in deadline.explanation] == [None, *range(1, 11)]
    assert deadline.explanation[1].reason == "holiday"


def test_the_days_after_a_pause_began_through_the_resumption_are_not_counted():
    deadline = add_working_days(
        date(2026, 2, 2), 5, PLAIN_2026, pauses=[(date(2026, 2, 3), date(2026, 2, 10))]
    )

    days = by_date(deadline)
    assert days[date(2026, 2, 3)].n == 1
    assert {days[date(2026, 2, d)].reason for d in range(4, 11)} == {"pause"}
    assert days[date(2026, 2, 11)].n == 2
    assert deadline.last_day == date(2026, 2, 16)


def test_a_pause_that_ends_on_its_own_day_takes_nothing_away():
    day = date(2026, 2, 3)

    assert add_working_days(day, 3, PLAIN_2026, pauses=[(day, day)]) == add_working_days(day, 3, PLAIN_2026)


@pytest.mark.parametrize("days", [0, -1, 1.5, "5", True, None])
@pytest.mark.parametrize("add", [add_working_days, add_calendar_days])
def test_a_length_that_is_not_a_whole_day_or_more_is_refused(add, days):
    with pytest.raises(BadTerm):
        add(date(2026, 4, 28), days, SEEDED)


def test_a_moment_is_not_accepted_as_a_start():
    with pytest.raises(BadTerm):
        add_working_days(datetime(2026, 4, 28, tzinfo=UTC), 1, SEEDED)


def test_a_pause_that_ends_before_it_began_is_refused():
    with pytest.raises(BadTerm):
        add_working_days(date(2026, 2, 2), 1, PLAIN_2026, pauses=[(date(2026, 2, 4), date(2026, 2, 3))])


def test_an_unknown_unit_is_refused():
    with pytest.raises(BadTerm):
        rules.add_days(date(2026, 4, 28), 1, "weeks", SEEDED)


@pytest.mark.parametrize("start", [date(2025, 12, 31), date(2026, 12, 31), date(1, 1, 1)])
@pytest.mark.parametrize("add", [add_working_days, add_calendar_days])
def test_a_day_in_a_year_without_calendar_is_refused_by_name(add, start):
    with pytest.raises(NoCalendar) as refusal:
        add(start, 1, PLAIN_2026)

    assert refusal.value.code == "no_calendar"
    assert str(refusal.value.day.year) in str(refusal.value)


def test_a_term_at_the_end_of_time_is_refused_and_does_not_crash():
    with pytest.raises(BadTerm):
        add_working_days(date(9999, 12, 30), 1, Calendar({}, frozenset({9999})))


def test_a_stored_deadline_comes_back_equal():
    deadline = add_working_days(date(2026, 4, 28), 20, SEEDED)

    assert rules.Deadline.from_dict(deadline.to_dict()) == deadline


def test_a_printed_deadline_names_days_by_one_string():
    printed = add_working_days(date(2025, 12, 31), 1, SEEDED).to_dict("ky")

    assert printed["explanation"][1] == {
        "date": "2026-01-01",
        "counted": False,
        "n": None,
        "reason": "holiday",
        "name": NEW_YEAR["ky"],
    }


def test_a_name_missing_in_one_language_falls_back_to_another():
    day = rules.ExplainedDay(date(2026, 1, 1), False, None, rules.HOLIDAY, {"ky": "", "ru": "Новый год"})

    assert day.name("en") == "Новый год"


@pytest.mark.parametrize(
    ("now", "left", "late"),
    [
        ("2026-06-01T12:00:00+06:00", 3, 0),
        ("2026-06-03T17:59:59+00:00", 1, 0),  # 23:59:59 of 3 June in Bishkek
        ("2026-06-03T18:00:00+00:00", 0, 0),  # the last day has begun
        ("2026-06-04T23:59:59+06:00", 0, 0),
        ("2026-06-05T00:00:00+06:00", 0, 1),
        ("2026-06-07T12:00:00+06:00", 0, 1),  # a Sunday
        ("2026-06-08T12:00:00+06:00", 0, 2),
    ],
)
def test_days_left_and_days_late_are_working_days_of_bishkek(now, left, late):
    due_at = datetime.fromisoformat("2026-06-05T00:00:00+06:00")
    moment = datetime.fromisoformat(now)

    assert rules.working_days_left(moment, due_at, SEEDED) == left
    assert rules.working_days_late(moment, due_at, SEEDED) == late


def test_a_naive_moment_names_no_date():
    with pytest.raises(BadTerm):
        rules.local_date(datetime(2026, 6, 1))


def test_an_unknown_kind_of_day_is_refused():
    with pytest.raises(ValueError, match="festival"):
        Day("festival")
