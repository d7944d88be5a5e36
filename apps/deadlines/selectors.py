"""Reads of the clock: the calendar as the arithmetic wants it, the template in force, its days and papers."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.organizations import policies as organizations
from apps.organizations.models import Organization

from . import outages, rules
from .enums import TemplateCode
from .models import (
    ANY_KIND,
    CalendarDay,
    CalendarYear,
    Maintenance,
    Outage,
    ProcedureTemplate,
    ProcedureTerm,
)


class NoTemplate(DomainError):
    """No version of the procedure is in force at that time."""

    code = "no_template"
    message = _("No version of this procedure is in force on that day.")


class CalendarTooShort(DomainError):
    """A day of the term lies in a year whose holidays are not in the calendar yet."""

    code = "calendar_too_short"
    message = _(
        "The calendar of holidays does not reach the end of this term yet. The administrator adds the year."
    )


class NoTerm(LookupError):
    """The template gives this stage no days: the procedure does not have the stage."""


def calendar_for(years: Iterable[int] | None = None) -> rules.Calendar:
    """The calendar of the table: days in force of all covered years, or only of those among `years`."""
    covered = CalendarYear.objects.all()
    if years is not None:
        covered = covered.filter(year__in=list(years))
    known = frozenset(covered.values_list("year", flat=True))
    rows = CalendarDay.objects.in_force().values_list("date", "kind", "name_ky", "name_ru", "name_en")
    if known:
        rows = rows.filter(date__range=(date(min(known), 1, 1), date(max(known), 12, 31)))
    days = {
        day: rules.Day(kind, {"ky": ky, "ru": ru, "en": en})
        for day, kind, ky, ru, en in rows
        if day.year in known
    }
    return rules.Calendar(days, known)


def current_template(code: str = TemplateCode.STANDARD, *, at: datetime) -> ProcedureTemplate:
    """The newest version of the procedure in force on the day of `at` in Bishkek. Raises NoTemplate."""
    template = (
        ProcedureTemplate.objects.valid_on(rules.local_date(at))
        .in_force()
        .filter(code=code)
        .order_by("-valid_from", "-version")
        .first()
    )
    if template is None:
        raise NoTemplate()
    return template


def term_days(template: ProcedureTemplate, stage: str, *, large_text: bool = False) -> tuple[int, str]:
    """How many days the template gives the stage, and their unit. Raises NoTerm."""
    try:
        term = template.terms.get(stage=stage)
    except ProcedureTerm.DoesNotExist:
        raise NoTerm(f"{template} has no term for {stage}") from None
    return (term.days_large if large_text and term.days_large is not None else term.days), term.unit


def deadline_of(
    template: ProcedureTemplate,
    stage: str,
    start: date,
    *,
    large_text: bool = False,
    calendar: rules.Calendar | None = None,
    pauses: Sequence[rules.Pause] = (),
) -> rules.Deadline:
    """The deadline of a stage whose event fell on `start` (a day in Bishkek).

    Give `calendar` when several are computed at once. Raises NoTerm, CalendarTooShort.
    """
    days, unit = term_days(template, stage, large_text=large_text)
    try:
        return rules.add_days(start, days, unit, calendar or calendar_for(), pauses=pauses)
    except rules.NoCalendar as missing:
        raise CalendarTooShort() from missing


def required_papers(template: ProcedureTemplate, act_kind: str, *, amending: bool) -> list[str]:
    """Codes (enums.Paper) of the papers an act of this kind must have, in a fixed order."""
    papers = template.required_papers.filter(act_kind__in=[ANY_KIND, act_kind])
    if not amending:
        papers = papers.filter(Q(amending_only=False))
    return list(dict.fromkeys(papers.order_by("id").values_list("paper", flat=True)))


# --- outages -----------------------------------------------------------------------------------


def maintenance_during(started_at: datetime, ended_at: datetime) -> Maintenance | None:
    """Announced work that an outage falls on: it is then called planned."""
    announced = Maintenance.objects.filter(withdrawn_at=None, starts_at__lt=ended_at, ends_at__gt=started_at)
    return announced.order_by("starts_at", "pk").first()


def maintenance_ahead(at: datetime) -> list[Maintenance]:
    """Announced work that is not over, the earliest first."""
    return list(Maintenance.objects.filter(withdrawn_at=None, ends_at__gt=at).order_by("starts_at", "pk"))


def outages_on(day: date, *, also: Outage | None = None) -> list[outages.Interval]:
    """The confirmed outages that touch a day in Bishkek; with `also` as if that one were confirmed."""
    begins, ends = rules.end_of(day - timedelta(days=1)), rules.end_of(day)
    rows = Outage.objects.confirmed().touching(begins, ends).values_list("started_at", "ended_at")
    return [*rows, *([(also.started_at, also.ended_at)] if also else [])]


def undecided_on(day: date) -> bool:
    """Whether an outage of that day still awaits a coordinator's decision."""
    begins, ends = rules.end_of(day - timedelta(days=1)), rules.end_of(day)
    return Outage.objects.awaiting().touching(begins, ends).exists()


def coordinating_body(user: Any) -> Organization | None:
    """The coordinating body in whose name a coordinator decides on an outage."""
    held = organizations.coordinating(user)
    return held.organization if held else None
