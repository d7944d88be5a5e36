"""The arithmetic of terms against an oracle that shares nothing with it but the question.

The portal walks the days of a term and counts. The oracle keeps a sorted list of the ordinals that count and looks the
n-th one up; the end is seconds since 1970, not a date with an offset. Calendars, terms and pauses are random.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from typing import Any

FIRST, LAST = date(2029, 1, 1).toordinal(), date(2031, 12, 31).toordinal()
EPOCH, DAY, BISHKEK = date(1970, 1, 1).toordinal(), 86400, 6 * 3600
KINDS = ("holiday", "moved_day_off", "short_day", "working_weekend")
PER_CALENDAR = 500  # cases before the next calendar


class Oracle:
    """One calendar: {ordinal: kind}."""

    def __init__(self, kinds: dict[int, str]) -> None:
        self.every = list(range(FIRST, LAST + 1))
        self.working = [n for n in self.every if self._works(n, kinds.get(n, ""))]

    @staticmethod
    def _works(n: int, kind: str) -> bool:
        if kind == "working_weekend":
            return True
        return kind not in {"holiday", "moved_day_off"} and n % 7 not in {6, 0}  # ordinal 1 was a Monday

    def ends(self, start: int, days: int, unit: str, pauses: list[tuple[int, int]]) -> tuple[int, int, int]:
        """First counted day, last day, and the second in which the term has ended."""
        days_that_count = self.working if unit == "working" else self.every
        if pauses:
            stopped = {n for begun, resumed in pauses for n in range(begun + 1, resumed + 1)}
            days_that_count = [n for n in days_that_count if n not in stopped]
        at = bisect_right(days_that_count, start)
        last = days_that_count[at + days - 1]
        return days_that_count[at], last, (last + 1 - EPOCH) * DAY - BISHKEK


def measure(*, cases: int, seed: int) -> dict[str, Any]:
    """{"name": "clock", "cases", "wrong", "seed"}: the same seed asks the same questions."""
    from apps.deadlines import rules

    dice = random.Random(seed)
    wrong = 0
    calendar, oracle = None, None
    for number in range(cases):
        if calendar is None or oracle is None or number % PER_CALENDAR == 0:
            kinds = {dice.randint(FIRST, LAST): dice.choice(KINDS) for _ in range(dice.randint(0, 60))}
            days = {date.fromordinal(n): rules.Day(kind) for n, kind in kinds.items()}
            calendar, oracle = rules.Calendar(days, frozenset({2029, 2030, 2031})), Oracle(kinds)
        start, length = dice.randint(FIRST, FIRST + 540), dice.randint(1, 60)
        unit = "working" if dice.random() < 0.8 else "calendar"
        pauses = []
        if dice.random() < 0.2:
            begun = start + dice.randint(0, 40)
            pauses.append((begun, begun + dice.randint(0, 20)))
        expected = oracle.ends(start, length, unit, pauses)
        stops = [(date.fromordinal(a), date.fromordinal(b)) for a, b in pauses]
        found = rules.add_days(date.fromordinal(start), length, unit, calendar, pauses=stops)
        wrong += not _agrees(found, expected, rules)
    return {"name": "clock", "cases": cases, "wrong": wrong, "seed": seed}


def _agrees(found: Any, expected: tuple[int, int, int], rules: Any) -> bool:
    first, last, end = expected
    if (found.first_day.toordinal(), found.last_day.toordinal()) != (first, last):
        return False
    moment = datetime.fromtimestamp(end, UTC)
    step = timedelta(milliseconds=1)
    in_time = [moment + offset < found.due_at for offset in (-step, timedelta(0), step)]
    return in_time == [True, False, False] and rules.last_day_of(moment).toordinal() == last
