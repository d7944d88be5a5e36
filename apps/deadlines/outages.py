"""The arithmetic of outages: how much of a day was lost, and which day takes its place. Plain Python, like `rules`."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from .rules import (
    OUTAGE,
    Calendar,
    Deadline,
    ExplainedDay,
    Names,
    end_of,
    local_date,
)

Interval = tuple[datetime, datetime]
_ONE_DAY = timedelta(days=1)


def days_of(started_at: datetime, ended_at: datetime) -> list[date]:
    """Every day in Bishkek that the outage touches."""
    first, last = local_date(started_at), local_date(ended_at - timedelta(microseconds=1))
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def time_lost(day: date, outages: Iterable[Interval]) -> timedelta:
    """How much of that day in Bishkek the outages took in total; what overlaps is counted once."""
    begins, ends = end_of(day - _ONE_DAY), end_of(day)
    lost, reached = timedelta(), begins
    for started, ended in sorted(outages):
        started, ended = max(started, reached), min(ended, ends)
        if started < ended:
            lost += ended - started
            reached = ended
    return lost


def day_instead(last_day: date, calendar: Calendar, *, spoiled: Collection[date], at: datetime) -> date:
    """The next working day after `last_day` that was not spoiled itself and is not over when the act is recorded.

    When the act is recorded after that day, it is the next working day after the day of the act: a term nobody can
    keep any more is no term. Raises NoCalendar.
    """
    day = _next_working(last_day, calendar, spoiled)
    if end_of(day) <= at:
        day = _next_working(max(last_day, local_date(at)), calendar, spoiled)
    return day


def _next_working(day: date, calendar: Calendar, spoiled: Collection[date]) -> date:
    day += _ONE_DAY
    while not calendar.is_working(day) or day in spoiled:
        day += _ONE_DAY
    return day


def move_last_day(deadline: Deadline, to: date, calendar: Calendar, *, names: Names) -> Deadline:
    """The same term with another last day: the old one is not counted, and its number passes to `to`.

    Working days between the two are not counted either. `names` says by language why.
    """
    days = [
        _not_counted(known, names) if known.date == deadline.last_day else known
        for known in deadline.explanation
    ]
    day = deadline.last_day
    while day < to:
        day += _ONE_DAY
        own = ExplainedDay(day, False, None, calendar.reason(day), calendar.names(day))
        if day == to:
            days.append(replace(own, counted=True, n=deadline.days))
        else:
            days.append(_not_counted(own, names) if calendar.is_working(day) else own)
    return replace(
        deadline,
        first_day=next(known.date for known in days if known.counted),
        last_day=to,
        due_at=end_of(to),
        explanation=tuple(days),
    )


def _not_counted(day: ExplainedDay, names: Names) -> ExplainedDay:
    return ExplainedDay(day.date, False, None, OUTAGE, names)
