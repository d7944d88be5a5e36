from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from .enums import (
    IN_FORCE,
    BylawGate,
    Confirmation,
    DayKind,
    OutageOrigin,
    OutageState,
    Paper,
    Silence,
    Stage,
    TemplateCode,
    Unit,
)

ANY_KIND = "*"


def _four_eyes(name: str) -> list[models.CheckConstraint]:
    """A confirmed row names who confirmed it, and that is not the one who proposed it."""
    return [
        models.CheckConstraint(
            name=f"{name}_confirmed_by_someone",
            condition=~Q(status=Confirmation.CONFIRMED) | Q(confirmed_by__isnull=False),
        ),
        models.CheckConstraint(
            name=f"{name}_proposed_by_someone",
            condition=~Q(status=Confirmation.PROPOSED) | Q(proposed_by__isnull=False, confirmed_by=None),
        ),
        models.CheckConstraint(
            name=f"{name}_four_eyes",
            condition=Q(proposed_by=None) | Q(confirmed_by=None) | ~Q(proposed_by=F("confirmed_by")),
        ),
        models.CheckConstraint(name=f"{name}_status", condition=Q(status__in=Confirmation.values)),
    ]


class InForceQuerySet(models.QuerySet):
    """Words shared by what is seeded or proposed and confirmed."""

    def in_force(self) -> "InForceQuerySet":
        return self.filter(status__in=IN_FORCE)


class CalendarYear(models.Model):
    """A year whose holidays are in the calendar. Terms that reach into another year are refused."""

    year = models.PositiveSmallIntegerField(unique=True)
    source = models.CharField(max_length=300)

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """A date that is not what its weekday says, with the published source that says so."""

    date = models.DateField(unique=True)
    kind = models.CharField(max_length=20, choices=DayKind.choices)
    name_ky = models.CharField(max_length=200)
    name_ru = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    source = models.CharField(max_length=300)
    status = models.CharField(max_length=10, choices=Confirmation.choices, default=Confirmation.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = InForceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="calendar_day_kind", condition=Q(kind__in=DayKind.values)),
            *_four_eyes("calendar_day"),
        ]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.kind}"

    @property
    def names(self) -> dict[str, str]:
        return {"ky": self.name_ky, "ru": self.name_ru, "en": self.name_en}


class ProcedureTemplateQuerySet(InForceQuerySet):
    def valid_on(self, day: date) -> "ProcedureTemplateQuerySet":
        return self.filter(valid_from__lte=day)


class ProcedureTemplate(models.Model):
    """One version of a procedure: its numbers, papers and the effect of silence.

    A file keeps the version it started with, so a version never changes: a new rule is a new version.
    """

    code = models.CharField(max_length=30, choices=TemplateCode.choices)
    version = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    name_ky = models.CharField(max_length=200)
    name_ru = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    norm = models.CharField(max_length=300, blank=True)  # empty where the article is not known
    silence = models.CharField(max_length=20, choices=Silence.choices)
    large_text_articles = models.PositiveIntegerField(default=100)
    large_text_chars = models.PositiveIntegerField(default=150_000)
    member_term_percent = models.PositiveSmallIntegerField(default=60)
    conciliation_rounds = models.PositiveSmallIntegerField(default=2)
    outage_minutes = models.PositiveSmallIntegerField(default=60)
    bylaws_at = models.CharField(
        max_length=12, choices=BylawGate, blank=True, default=BylawGate.NONE, db_default=BylawGate.NONE
    )
    status = models.CharField(max_length=10, choices=Confirmation.choices, default=Confirmation.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ProcedureTemplateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="procedure_template_version_unique"),
            models.CheckConstraint(name="procedure_template_version_from_1", condition=Q(version__gte=1)),
            models.CheckConstraint(
                name="procedure_template_silence", condition=Q(silence__in=Silence.values)
            ),
            models.CheckConstraint(
                name="procedure_template_member_term", condition=Q(member_term_percent__range=(1, 100))
            ),
            *_four_eyes("procedure_template"),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    @property
    def names(self) -> dict[str, str]:
        return {"ky": self.name_ky, "ru": self.name_ru, "en": self.name_en}

    def is_large(self, *, articles: int, chars: int) -> bool:
        """True when a text is over the limit of articles or of characters (in the longer language)."""
        return articles > self.large_text_articles or chars > self.large_text_chars


class ProcedureTerm(models.Model):
    """How many days a template gives a stage; `days_large` for a large text where that differs."""

    template = models.ForeignKey(ProcedureTemplate, on_delete=models.PROTECT, related_name="terms")
    stage = models.CharField(max_length=30, choices=Stage.choices)
    days = models.PositiveSmallIntegerField()
    days_large = models.PositiveSmallIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=10, choices=Unit.choices, default=Unit.WORKING)
    norm = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "stage"], name="procedure_term_stage_unique"),
            models.CheckConstraint(name="procedure_term_stage", condition=Q(stage__in=Stage.values)),
            models.CheckConstraint(name="procedure_term_unit", condition=Q(unit__in=Unit.values)),
            models.CheckConstraint(name="procedure_term_days", condition=Q(days__gte=1)),
            models.CheckConstraint(
                name="procedure_term_large_is_longer",
                condition=Q(days_large=None) | Q(days_large__gte=F("days")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage}: {self.days} {self.unit}"


class RequiredPaper(models.Model):
    """A paper without which an act of this kind is incomplete; `amending_only` for amending acts alone."""

    template = models.ForeignKey(ProcedureTemplate, on_delete=models.PROTECT, related_name="required_papers")
    act_kind = models.CharField(max_length=40, default=ANY_KIND)  # a kind of act, or "*" for every kind
    amending_only = models.BooleanField(default=False)
    paper = models.CharField(max_length=30, choices=Paper.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "act_kind", "paper"], name="required_paper_unique"),
            models.CheckConstraint(name="required_paper_paper", condition=Q(paper__in=Paper.values)),
        ]

    def __str__(self) -> str:
        return f"{self.act_kind}: {self.paper}"


class Heartbeat(models.Model):
    """A question to the portal's own page, and whether it answered. Append-only: what is missing is the evidence."""

    at = models.DateTimeField(db_index=True)
    answered = models.BooleanField()
    detail = models.CharField(max_length=60, blank=True)  # status of the answer, or what kept it away

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.detail}"


class Maintenance(models.Model):
    """Work on the portal announced beforehand. It moves nothing: an outage that falls on it is called planned."""

    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    note = models.TextField(max_length=2000)
    lang = models.CharField(max_length=2)
    announced_at = models.DateTimeField()
    announced_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="maintenance_has_length", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="maintenance_beforehand", condition=Q(announced_at__lt=F("starts_at"))
            ),
            models.CheckConstraint(name="maintenance_has_note", condition=~Q(note="")),
            models.CheckConstraint(
                name="maintenance_withdrawn_by_someone",
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, withdrawn_at__lt=F("starts_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class OutageQuerySet(models.QuerySet["Outage"]):
    def confirmed(self) -> "OutageQuerySet":
        return self.filter(state=OutageState.CONFIRMED)

    def awaiting(self) -> "OutageQuerySet":
        return self.filter(state=OutageState.SUSPECTED)

    def touching(self, first: datetime, last: datetime) -> "OutageQuerySet":
        """Those that have a moment in [first, last) in common."""
        return self.filter(started_at__lt=last, ended_at__gt=first)


class Outage(models.Model):
    """The portal could not be reached from `started_at` to `ended_at`: suspected, then confirmed or refused, once.

    Found by the heartbeat, the times are those of the last answer before and the first answer after.
    """

    number = models.PositiveIntegerField(unique=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    origin = models.CharField(max_length=20, choices=OutageOrigin)
    maintenance = models.ForeignKey(
        Maintenance, on_delete=models.PROTECT, null=True, blank=True, related_name="outages"
    )
    noted_at = models.DateTimeField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    source = models.TextField(max_length=2000, blank=True)  # the administrator's: how it is known
    state = models.CharField(max_length=10, choices=OutageState, default=OutageState.SUSPECTED)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(max_length=4000, blank=True)

    objects = OutageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="outage_has_length", condition=Q(ended_at__gt=F("started_at"))),
            models.CheckConstraint(name="outage_is_over", condition=Q(ended_at__lte=F("noted_at"))),
            models.CheckConstraint(
                name="outage_reported_with_source",
                condition=Q(origin=OutageOrigin.HEARTBEAT, proposed_by=None)
                | (Q(origin=OutageOrigin.ADMINISTRATOR, proposed_by__isnull=False) & ~Q(source="")),
            ),
            models.CheckConstraint(
                name="outage_decided_is_whole",
                condition=Q(
                    state=OutageState.SUSPECTED,
                    decided_at=None,
                    decided_by=None,
                    organization=None,
                    reason="",
                )
                | (
                    Q(
                        state__in=[OutageState.CONFIRMED, OutageState.REFUSED],
                        decided_at__isnull=False,
                        decided_by__isnull=False,
                        organization__isnull=False,
                    )
                    & ~Q(reason="")
                ),
            ),
            models.CheckConstraint(
                name="outage_four_eyes",
                condition=Q(proposed_by=None) | Q(decided_by=None) | ~Q(proposed_by=F("decided_by")),
            ),
            # Two probes may see the same gap: it is one outage.
            ExclusionConstraint(
                name="outage_of_heartbeat_once",
                expressions=[
                    (
                        Func(
                            F("started_at"),
                            F("ended_at"),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    )
                ],
                condition=Q(origin=OutageOrigin.HEARTBEAT),
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def planned(self) -> bool:
        return self.maintenance_id is not None

    @property
    def length(self) -> timedelta:
        return self.ended_at - self.started_at
