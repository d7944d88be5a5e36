"""Seeding fills an empty installation and never touches a row that is already there."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from .. import seed
from ..enums import BylawGate, Confirmation, Paper, Silence, Stage, TemplateCode
from ..models import CalendarDay, CalendarYear, ProcedureTemplate, ProcedureTerm, RequiredPaper

# The defaults of STANDARD. Stage: days, or (days, days of a large text).
_STANDARD_DAYS: dict[str, int | tuple[int, int]] = {
    Stage.CHALLENGE: 3,
    Stage.CHALLENGE_DECISION: 5,
    Stage.COMPLETENESS: 2,
    Stage.DELIVERY: 3,
    Stage.OPINION: (20, 30),
    Stage.ANSWERS: 10,
    Stage.REPLY: 5,
    Stage.CONCILIATION_CALL: 5,
    Stage.CONCILIATION_HOLD: 10,
    Stage.SECOND_TEXT: 10,
    Stage.SECOND_OPINION: 10,
    Stage.SECOND_ANSWER: 5,
    Stage.SIGNING: 5,
    Stage.CERTIFICATE_TACIT: 2,
    Stage.CLOSING: 10,
    Stage.EXTENSION: 10,
    Stage.EXTENSION_DECISION: 2,
    Stage.REFUSAL_DECISION: 2,
    Stage.REFUSAL_REST: 3,
    Stage.URGENCY_DISPUTE: 1,
    Stage.URGENCY_DECISION: 1,
    Stage.RECONSULTATION: 7,
}
_STANDARD_PAPERS = (  # paper, only for amending acts
    (Paper.TEXT_KY, False),
    (Paper.TEXT_RU, False),
    (Paper.EXPLANATORY_NOTE, False),
    (Paper.COMPARISON_TABLE, True),
)


@transaction.atomic
def seed_calendar(*, first_year: int = seed.FIRST_YEAR, last_year: int = seed.LAST_YEAR) -> None:
    """Put the library's holidays of these years into the calendar, in force and "not yet confirmed".

    A year that is already covered is left alone: its table rules, not the library.
    """
    covered = set(CalendarYear.objects.values_list("year", flat=True))
    missing = [year for year in range(first_year, last_year + 1) if year not in covered]
    if not missing:
        return
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(
                date=day,
                kind=row.kind,
                name_ky=row.names["ky"],
                name_ru=row.names["ru"],
                name_en=row.names["en"],
                source=seed.SOURCE,
                status=Confirmation.SEEDED,
            )
            for day, row in seed.seeded_days(missing[0], missing[-1]).items()
            if day.year in missing
        ],
        ignore_conflicts=True,
    )
    CalendarYear.objects.bulk_create(
        [CalendarYear(year=year, source=seed.SOURCE) for year in missing], ignore_conflicts=True
    )


@dataclass(frozen=True)
class _Version:
    """What a version of STANDARD asks for; files that started with an earlier one keep that."""

    number: int
    valid_from: date
    papers: tuple[tuple[Paper, bool], ...]
    bylaws_at: BylawGate = BylawGate.NONE


_STANDARD = (
    _Version(1, date(seed.FIRST_YEAR, 1, 1), _STANDARD_PAPERS),
    # From now on with the function card, and a bill together with the drafts of its bylaws.
    _Version(
        2,
        date(2026, 11, 24),
        (*_STANDARD_PAPERS, (Paper.FUNCTION_CARD, False)),
        BylawGate.OPENING,
    ),
)


@transaction.atomic
def seed_templates() -> None:
    """Put the versions of STANDARD into the templates, each where that version is not there yet."""
    for version in _STANDARD:
        _seed(version)


def _seed(version: _Version) -> None:
    template, created = ProcedureTemplate.objects.get_or_create(
        code=TemplateCode.STANDARD,
        version=version.number,
        defaults={
            "valid_from": version.valid_from,
            "name_ky": "Жалпы тартип",
            "name_ru": "Общий порядок",
            "name_en": "Standard procedure",
            "silence": Silence.TACIT,
            "bylaws_at": version.bylaws_at,
            "status": Confirmation.SEEDED,
        },
    )
    if not created:
        return
    ProcedureTerm.objects.bulk_create(
        ProcedureTerm(
            template=template,
            stage=stage,
            days=days[0] if isinstance(days, tuple) else days,
            days_large=days[1] if isinstance(days, tuple) else None,
        )
        for stage, days in _STANDARD_DAYS.items()
    )
    RequiredPaper.objects.bulk_create(
        RequiredPaper(template=template, paper=paper, amending_only=amending_only)
        for paper, amending_only in version.papers
    )
