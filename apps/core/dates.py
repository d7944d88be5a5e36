"""Dates and times in words, in the three languages of the portal, always in Bishkek time.

Grammar is data here (Kyrgyz puts the month into the possessive after a year, Russian into the genitive),
so these words do not pass through gettext.
"""

from datetime import date, datetime, timedelta

from django.utils.translation import get_language

from apps.core.clock import BISHKEK

NBSP = "\u00a0"

_MONTHS = {
    "ky": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь".split(),
    "ky-of": "январы февралы марты апрели майы июну июлу августу сентябры октябры ноябры декабры".split(),
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split(),
    "en": "January February March April May June July August September October November December".split(),
}
_MONTHS_SHORT = {
    "ky": "янв фев мар апр май июн июл авг сен окт ноя дек".split(),
    "ru": "янв фев мар апр мая июн июл авг сен окт ноя дек".split(),
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(),
}
_WEEKDAYS = {
    "ky": "дүйшөмбү шейшемби шаршемби бейшемби жума ишемби жекшемби".split(),
    "ru": "понедельник вторник среда четверг пятница суббота воскресенье".split(),
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
}
_WEEKDAYS_SHORT = {
    "ky": "дш шш шр бш жм иш жш".split(),
    "ru": "пн вт ср чт пт сб вс".split(),
    "en": "Mon Tue Wed Thu Fri Sat Sun".split(),
}


def language(code: str | None = None) -> str:
    """The language of the words: the one asked for, else the page's, else Kyrgyz."""
    short = (code or get_language() or "ky")[:2]
    return short if short in _WEEKDAYS else "ky"


def local(moment: datetime) -> datetime:
    """The moment on the clock of Bishkek. Refuses a naive value: a time without a zone has no legal meaning."""
    if moment.tzinfo is None:
        raise ValueError("a naive datetime cannot be shown: it has no zone")
    return moment.astimezone(BISHKEK)


def local_date(value: date | datetime) -> date:
    """The day in Bishkek on which the moment falls; a date stays itself."""
    return local(value).date() if isinstance(value, datetime) else value


def date_words(value: date | datetime, *, lang: str | None = None, year: bool = True) -> str:
    """28 May 2026 · 28 мая 2026 · 2026-жылдын 28-майы; without the year 28 May · 28 мая · 28-май."""
    day, lang = local_date(value), language(lang)
    if lang == "ky":
        if year:
            return f"{day.year}-жылдын{NBSP}{day.day}-{_MONTHS['ky-of'][day.month - 1]}"
        return f"{day.day}-{_MONTHS['ky'][day.month - 1]}"
    words = f"{day.day}{NBSP}{_MONTHS[lang][day.month - 1]}"
    return f"{words}{NBSP}{day.year}" if year else words


def time_words(moment: datetime) -> str:
    """14:05, Bishkek time."""
    return local(moment).strftime("%H:%M")


def datetime_words(moment: datetime, *, lang: str | None = None, seconds: bool = False) -> str:
    """28 May 2026, 14:05 (+06:00): the day in words and the time with its zone."""
    clock = local(moment).strftime("%H:%M:%S" if seconds else "%H:%M")
    return f"{date_words(moment, lang=lang)}, {clock}{NBSP}(+06:00)"


def last_day(due_at: datetime) -> date:
    """The last day of a term: `due_at` is exclusive, so midnight belongs to the day before."""
    return (local(due_at) - timedelta(microseconds=1)).date()


def term_until(due_at: datetime, *, lang: str | None = None, year: bool = False) -> str:
    """28 May, until 24:00, from an exclusive `due_at` of 29 May 00:00. A term that ends within a day says its hour."""
    lang, moment = language(lang), local(due_at)
    hour = "24:00" if (moment.hour, moment.minute) == (0, 0) else moment.strftime("%H:%M")
    day = date_words(last_day(due_at), lang=lang, year=year)
    if lang == "ky":
        return (
            f"{day}, саат{NBSP}{hour}гө чейин" if hour.endswith("00") else f"{day}, эң кеч саат{NBSP}{hour}"
        )
    if lang == "ru":
        return f"{day}, до{NBSP}{hour}"
    return f"{day}, until{NBSP}{hour}"


def weekday(value: date | datetime, *, lang: str | None = None, short: bool = False) -> str:
    names = _WEEKDAYS_SHORT if short else _WEEKDAYS
    return names[language(lang)][local_date(value).weekday()]


def weekday_names(*, lang: str | None = None) -> list[str]:
    """Short names, Monday first: the head of a calendar strip."""
    return list(_WEEKDAYS_SHORT[language(lang)])


def month_short(value: date, *, lang: str | None = None) -> str:
    return _MONTHS_SHORT[language(lang)][value.month - 1]
