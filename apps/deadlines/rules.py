"""The arithmetic of terms: which day is the last one, and why. Plain Python: no clock, no database.

The day of the event is not counted; day 1 is the next day that counts. The end is exclusive: last day
28 May means `due_at` = 29 May 00:00 in Bishkek, so "in time" is simply `received_at < due_at`.

    >>> deadline = add_working_days(date(2026, 4, 28), 20, calendar)
    >>> deadline.last_day, deadline.due_at.isoformat()
    (datetime.date(2026, 6, 4), '2026-06-05T00:00:00+06:00')
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

BISHKEK = timezone(timedelta(hours=6))  # one offset the whole year since 2005
LANGUAGES = ("ky", "ru", "en")

WORKING, CALENDAR = "working", "calendar"

# What a row of the calendar table may say about a date. A date without a row is what its weekday is.
HOLIDAY = "holiday"
SHORT_DAY = "short_day"
WORKING_WEEKEND = "working_weekend"
MOVED_DAY_OFF = "moved_day_off"

# Why a day was or was not counted. `start`, `pause` and `outage` come from the term, the others from the calendar.
START, PAUSE, OUTAGE = "start", "pause", "outage"
WORKING_DAY, MOVED_WORKING_DAY, WEEKEND = "working_day", "moved_working_day", "weekend"
REASONS = (START, WORKING_DAY, MOVED_WORKING_DAY, WEEKEND, HOLIDAY, MOVED_DAY_OFF, PAUSE, OUTAGE)

_REASON_OF_KIND = {
    HOLIDAY: HOLIDAY,
    MOVED_DAY_OFF: MOVED_DAY_OFF,
    WORKING_WEEKEND: MOVED_WORKING_DAY,
}
_COUNTING = {WORKING_DAY, MOVED_WORKING_DAY}
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5

Pause = tuple[date, date]
Names = Mapping[str, str]


class DeadlineError(ValueError):
    """A term that cannot be computed. `code` is stable and is what programs read."""

    code = "deadline_error"


class NoCalendar(DeadlineError):
    """A day of the term lies in a year whose holidays are not in the calendar."""

    code = "no_calendar"

    def __init__(self, day: date) -> None:
        self.day = day
        super().__init__(f"The calendar has no year {day.year:04d}: the days of the term cannot be counted.")


class BadTerm(DeadlineError):
    """The length, the start or a pause makes no term."""

    code = "bad_term"


@dataclass(frozen=True, slots=True)
class Day:
    """One row of the calendar: what the date is, and its names by language (`ky`, `ru`, `en`)."""

    kind: str
    names: Names = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in (HOLIDAY, SHORT_DAY, WORKING_WEEKEND, MOVED_DAY_OFF):
            raise ValueError(f"Unknown kind of day: {self.kind!r}")


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days that are not what their weekday says, for the years that are covered."""

    days: Mapping[date, Day]
    years: frozenset[int]

    @property
    def first_year(self) -> int | None:
        return min(self.years, default=None)

    @property
    def last_year(self) -> int | None:
        return max(self.years, default=None)

    def reason(self, day: date) -> str:
        """What the date is by itself: one of REASONS except `start`, `pause`, `outage`. Raises NoCalendar."""
        if day.year not in self.years:
            raise NoCalendar(day)
        row = self.days.get(day)
        if row is not None and row.kind in _REASON_OF_KIND:
            return _REASON_OF_KIND[row.kind]
        return WEEKEND if day.weekday() >= _SATURDAY else WORKING_DAY

    def is_working(self, day: date) -> bool:
        """True when people work on this date. Raises NoCalendar."""
        return self.reason(day) in _COUNTING

    def names(self, day: date) -> Names | None:
        """The names of the date by language, None for a day without a row."""
        row = self.days.get(day)
        return dict(row.names) if row is not None and row.names else None


@dataclass(frozen=True, slots=True)
class ExplainedDay:
    """One day of a term: `n` is its number when it was counted, None when it was not."""

    date: date
    counted: bool
    n: int | None
    reason: str
    names: Names | None = None

    def name(self, lang: str) -> str | None:
        """The day's name in `lang`, else in the first language that has one, else None."""
        names = self.names or {}
        return next((names[code] for code in (lang, *LANGUAGES) if names.get(code)), None)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A term with its end and its reasons; `explanation` runs from the start through the last day."""

    start: date
    days: int
    unit: str
    first_day: date
    last_day: date
    due_at: datetime
    explanation: tuple[ExplainedDay, ...]

    def to_dict(self, lang: str | None = None) -> dict[str, Any]:
        """Plain JSON values. With `lang` a day's name is one string, without it all names by language."""
        return {
            "start": self.start.isoformat(),
            "days": self.days,
            "unit": self.unit,
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
            "due_at": self.due_at.isoformat(),
            "explanation": [
                {
                    "date": day.date.isoformat(),
                    "counted": day.counted,
                    "n": day.n,
                    "reason": day.reason,
                    "name": (dict(day.names) if day.names else None) if lang is None else day.name(lang),
                }
                for day in self.explanation
            ],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Deadline":
        """The inverse of `to_dict()` without a language, as stored with a term."""
        return cls(
            start=date.fromisoformat(data["start"]),
            days=data["days"],
            unit=data["unit"],
            first_day=date.fromisoformat(data["first_day"]),
            last_day=date.fromisoformat(data["last_day"]),
            due_at=datetime.fromisoformat(data["due_at"]),
            explanation=tuple(
                ExplainedDay(
                    date=date.fromisoformat(day["date"]),
                    counted=day["counted"],
                    n=day["n"],
                    reason=day["reason"],
                    names=day["name"],
                )
                for day in data["explanation"]
            ),
        )


def add_working_days(start: date, days: int, calendar: Calendar, *, pauses: Sequence[Pause] = ()) -> Deadline:
    """The term of `days` working days after the event of `start`.

    A pause `(p, r)` from day p to the resumption r leaves out days p+1…r. Raises BadTerm, NoCalendar.
    """
    return _add(start, days, calendar, WORKING, pauses)


def add_calendar_days(
    start: date, days: int, calendar: Calendar, *, pauses: Sequence[Pause] = ()
) -> Deadline:
    """The term of `days` calendar days after the event of `start`; every day counts but a pause.

    The calendar only explains what each day is. Raises BadTerm, NoCalendar.
    """
    return _add(start, days, calendar, CALENDAR, pauses)


def add_days(
    start: date, days: int, unit: str, calendar: Calendar, *, pauses: Sequence[Pause] = ()
) -> Deadline:
    """`add_working_days` or `add_calendar_days`, as `unit` says. Raises BadTerm, NoCalendar."""
    if unit not in (WORKING, CALENDAR):
        raise BadTerm(f"The unit is {WORKING} or {CALENDAR}, not {unit!r}.")
    return _add(start, days, calendar, unit, pauses)


def _add(start: date, days: int, calendar: Calendar, unit: str, pauses: Sequence[Pause]) -> Deadline:
    _check(start, days, pauses)
    explained = [ExplainedDay(start, False, None, _start_reason(start, calendar), calendar.names(start))]
    counted = 0
    first_day = day = start
    while counted < days:
        day = _next(day)
        reason = calendar.reason(day)
        if any(pause < day <= resumed for pause, resumed in pauses):
            explained.append(ExplainedDay(day, False, None, PAUSE, calendar.names(day)))
            continue
        counts = unit == CALENDAR or reason in _COUNTING
        if counts:
            counted += 1
            if counted == 1:
                first_day = day
        explained.append(ExplainedDay(day, counts, counted if counts else None, reason, calendar.names(day)))
    return Deadline(start, days, unit, first_day, day, end_of(day), tuple(explained))


def _check(start: date, days: int, pauses: Sequence[Pause]) -> None:
    if isinstance(start, datetime) or not isinstance(start, date):
        raise BadTerm("A term starts on a date, not at a moment.")
    if isinstance(days, bool) or not isinstance(days, int) or days < 1:
        raise BadTerm(f"A term has at least one whole day, not {days!r}.")
    if any(resumed < pause for pause, resumed in pauses):
        raise BadTerm("A pause ends on or after the day it began.")


def _start_reason(start: date, calendar: Calendar) -> str:
    calendar.reason(start)  # the start, too, lies in a year that is covered
    return START


def _next(day: date) -> date:
    try:
        return day + _ONE_DAY
    except OverflowError:
        raise BadTerm("The term runs past the last date there is.") from None


def end_of(last_day: date) -> datetime:
    """The exclusive end of a day in Bishkek: the next day, 00:00 +06:00."""
    return datetime.combine(_next(last_day), time.min, tzinfo=BISHKEK)


def local_date(moment: datetime) -> date:
    """The date in Bishkek at an aware moment. Raises BadTerm for a naive one."""
    if moment.tzinfo is None:
        raise BadTerm("A moment without a time zone names no date.")
    return moment.astimezone(BISHKEK).date()


def last_day_of(due_at: datetime) -> date:
    """The last day of a term whose exclusive end is `due_at`."""
    return local_date(due_at - timedelta(microseconds=1))


def working_days_left(now: datetime, due_at: datetime, calendar: Calendar) -> int:
    """Working days after today through the last day; 0 on the last day and when the term has ended."""
    return _working_days_between(local_date(now), last_day_of(due_at), calendar)


def working_days_late(now: datetime, due_at: datetime, calendar: Calendar) -> int:
    """Working days after the last day through today; 0 while the term runs."""
    return _working_days_between(last_day_of(due_at), local_date(now), calendar)


def _working_days_between(after: date, through: date, calendar: Calendar) -> int:
    days = (after + timedelta(days=i) for i in range(1, (through - after).days + 1))
    return sum(calendar.is_working(day) for day in days)
