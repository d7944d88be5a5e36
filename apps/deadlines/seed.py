"""The first calendar, read from the `holidays` library. Plain Python: no Django, no database.

The library knows the labour code's holidays, the moved days of past years and estimates of the lunar
holidays to come; the table in the database rules, this only fills it once.
"""

import re
from collections.abc import Iterator
from datetime import date
from importlib.metadata import version

import holidays

from .rules import HOLIDAY, LANGUAGES, MOVED_DAY_OFF, WORKING_WEEKEND, Calendar, Day

FIRST_YEAR, LAST_YEAR = 2024, 2028
SOURCE = f"holidays {version('holidays')} (KG)"

_LIBRARY_LANGUAGE = {"ky": "ky", "ru": "ru_KG", "en": "en_US"}  # plain "ru" silently falls back
_MOVED = re.compile(r"\bкүнүнөн которулган\b")  # the library's own Kyrgyz label of a moved day off
_WORKING_WEEKEND_NAMES = {
    "ky": "Которулган жумуш күнү",
    "ru": "Перенесённый рабочий день",
    "en": "Moved working day",
}


def seeded_days(first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR) -> dict[date, Day]:
    """Every date of these years that is not what its weekday says, with names in three languages."""
    return dict(_days(range(first_year, last_year + 1)))


def seeded_calendar(first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR) -> Calendar:
    """The same as a calendar, for programs that run without a database."""
    return Calendar(seeded_days(first_year, last_year), frozenset(range(first_year, last_year + 1)))


def _days(years: range) -> Iterator[tuple[date, Day]]:
    by_language = {
        lang: holidays.country_holidays("KG", years=years, language=code)
        for lang, code in _LIBRARY_LANGUAGE.items()
    }
    kyrgyz = by_language["ky"]
    for day in sorted(kyrgyz):
        names = {lang: by_language[lang][day] for lang in LANGUAGES}
        yield day, Day(MOVED_DAY_OFF if _MOVED.search(names["ky"]) else HOLIDAY, names)
    for day in sorted(kyrgyz.weekend_workdays):
        if day.year in years:
            yield day, Day(WORKING_WEEKEND, dict(_WORKING_WEEKEND_NAMES))
