"""The start page: what is open now, what came of it lately, the year in figures."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from apps.core.clock import local_date
from apps.documents.models import NumberSequence
from apps.draft_acts.enums import ActState
from apps.draft_acts.models import DraftAct
from apps.passage.models import Decision
from apps.protocols.models import AgreementProtocol
from apps.reviews.enums import AnswerOutcome
from apps.reviews.models import RemarkAnswer, Review

from . import lists
from .lists import ActRow

OPEN, LATEST = 6, 3
ANSWERS = 5000  # the newest answers among which those that took a remark in are counted


@dataclass(frozen=True)
class Today:
    """How many acts are where: each number leads to its list."""

    closing: int
    open: int
    answers: int
    expired: int
    decision: int


@dataclass(frozen=True)
class Figures:
    """The year so far, from the sequences of numbers; and the share of remarks that were taken in."""

    year: int
    registered: int
    opinions: int
    protocols: int
    certificates: int
    answers: int
    accepted: int

    @property
    def accepted_percent(self) -> int:
        return round(100 * self.accepted / self.answers) if self.answers else 0


@dataclass(frozen=True)
class Front:
    today: Today
    open: list[ActRow]
    newest: list[ActRow]
    protocols: list[AgreementProtocol]
    decisions: list[Decision]
    figures: Figures


def front(at: datetime, soon: timedelta) -> Front:
    """Everything the start page shows, in a fixed number of queries."""
    today = _today(at, soon)
    open_acts = list(lists.for_list(lists.closing_first(at))[:OPEN])
    shown = [act.pk for act in open_acts]
    newest = list(lists.for_list(lists.acts().exclude(pk__in=shown))[: max(0, OPEN - len(open_acts))])
    rows = lists.act_rows([*open_acts, *newest], at)
    return Front(
        today=today,
        open=rows[: len(open_acts)],
        newest=rows[len(open_acts) :],
        protocols=list(lists.protocols()[:LATEST]),
        decisions=list(lists.decisions()[:LATEST]),
        figures=_figures(at),
    )


def _today(at: datetime, soon: timedelta) -> Today:
    reviews = Review.objects.filter(consultation__act=OuterRef("pk"))
    running = Q(state=ActState.IN_CONSULTATION)
    open_now = reviews.filter(filed_at=None, due_at__gt=at)
    answers = reviews.answers_awaited(at)
    counts = DraftAct.objects.filter(
        state__in=[ActState.IN_CONSULTATION, ActState.CERTIFIED, ActState.SUBMITTED]
    ).aggregate(
        open=Count("pk", filter=running & Q(Exists(open_now))),
        closing=Count("pk", filter=running & Q(Exists(open_now.filter(due_at__lte=at + soon)))),
        answers=Count("pk", filter=running & Q(Exists(answers))),
        expired=Count("pk", filter=running & Q(Exists(reviews.awaiting_effect(at)))),
        decision=Count("pk", filter=~running),
    )
    return Today(**counts)


def _figures(at: datetime) -> Figures:
    year = local_date(at).year
    last = dict(NumberSequence.objects.filter(year=year).values_list("kind", "last"))
    newest = RemarkAnswer.objects.filter(sent_at__isnull=False).order_by("-pk").values("outcome")[:ANSWERS]
    answers = newest.aggregate(
        all=Count("outcome"),
        accepted=Count(
            "outcome", filter=Q(outcome__in=[AnswerOutcome.ACCEPTED, AnswerOutcome.PARTLY_ACCEPTED])
        ),
    )
    return Figures(
        year=year,
        registered=last.get("DA", 0),
        opinions=last.get("RC", 0),
        protocols=last.get("PA", 0) + last.get("PD", 0),
        certificates=last.get("CC", 0),
        answers=answers["all"],
        accepted=answers["accepted"],
    )
