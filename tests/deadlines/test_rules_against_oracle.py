"""The same terms computed by others: the library's own counting, and sets of ordinals. No database."""

from bisect import bisect_right
from datetime import date, timedelta

import holidays
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.deadlines.rules import (
    HOLIDAY,
    MOVED_DAY_OFF,
    SHORT_DAY,
    WORKING_WEEKEND,
    Calendar,
    Day,
    add_calendar_days,
    add_working_days,
)
from apps.deadlines.seed import seeded_calendar

SEEDED = seeded_calendar()
LIBRARY = holidays.country_holidays("KG", years=range(2024, 2029))

FIRST, LAST = date(2029, 1, 1), date(2031, 12, 31)
ALL_ORDINALS = frozenset(range(FIRST.toordinal(), LAST.toordinal() + 1))
SATURDAYS_AND_SUNDAYS = frozenset(n for n in ALL_ORDINALS if n % 7 in {6, 0})  # ordinal 1 was a Monday

dates = st.dates(FIRST, date(2030, 6, 30))
lengths = st.integers(1, 60)
calendars = st.dictionaries(
    st.dates(FIRST, LAST), st.sampled_from([HOLIDAY, MOVED_DAY_OFF, SHORT_DAY, WORKING_WEEKEND]), max_size=60
)
pauses = st.lists(st.tuples(dates, st.integers(0, 20)), max_size=2)


def as_calendar(kinds):
    return Calendar({day: Day(kind) for day, kind in kinds.items()}, frozenset({2029, 2030, 2031}))


def oracle(start, n, kinds, stops, *, calendar_days=False):
    """The n-th member of a sorted set: no day is walked, no counter is kept."""
    of = {kind: {day.toordinal() for day, k in kinds.items() if k == kind} for kind in set(kinds.values())}
    off = (SATURDAYS_AND_SUNDAYS | of.get(HOLIDAY, set()) | of.get(MOVED_DAY_OFF, set())) - of.get(
        WORKING_WEEKEND, set()
    )
    countable = ALL_ORDINALS - (frozenset() if calendar_days else off)
    for begun, length in stops:
        countable -= frozenset(range(begun.toordinal() + 1, begun.toordinal() + length + 1))
    ordered = sorted(countable)
    index = bisect_right(ordered, start.toordinal())
    return date.fromordinal(ordered[index]), date.fromordinal(ordered[index + n - 1])


@settings(max_examples=2500, deadline=None)
@given(start=dates, n=lengths, kinds=calendars, stops=pauses)
def test_working_days_agree_with_the_oracle(start, n, kinds, stops):
    deadline = add_working_days(
        start, n, as_calendar(kinds), pauses=[(p, p + timedelta(days=length)) for p, length in stops]
    )

    assert (deadline.first_day, deadline.last_day) == oracle(start, n, kinds, stops)
    assert deadline.due_at.isoformat() == f"{deadline.last_day + timedelta(days=1)}T00:00:00+06:00"
    assert sum(day.counted for day in deadline.explanation) == n


@settings(max_examples=500, deadline=None)
@given(start=dates, n=lengths, kinds=calendars, stops=pauses)
def test_calendar_days_agree_with_the_oracle(start, n, kinds, stops):
    deadline = add_calendar_days(
        start, n, as_calendar(kinds), pauses=[(p, p + timedelta(days=length)) for p, length in stops]
    )

    assert (deadline.first_day, deadline.last_day) == oracle(start, n, kinds, stops, calendar_days=True)


@settings(max_examples=2000, deadline=None)
@given(start=st.dates(date(2024, 1, 1), date(2028, 6, 30)), n=lengths)
def test_the_seeded_calendar_agrees_with_the_library_counting_by_itself(start, n):
    deadline = add_working_days(start, n, SEEDED)

    assert deadline.last_day == LIBRARY.get_nth_working_day(start, n)


@settings(max_examples=300, deadline=None)
@given(start=dates, n=lengths, kinds=calendars, more=st.dates(FIRST, LAST))
def test_one_more_holiday_never_shortens_a_term(start, n, kinds, more):
    before = add_working_days(start, n, as_calendar(kinds))

    after = add_working_days(start, n, as_calendar({**kinds, more: HOLIDAY}))

    assert after.last_day >= before.last_day
