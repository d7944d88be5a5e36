"""The public register of outages: what happened, who decided, what moved."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from apps.audit import selectors as audit
from apps.deadlines import outages as arithmetic
from apps.deadlines.enums import Stage
from apps.deadlines.models import Heartbeat, Outage
from apps.deadlines.selectors import outages_on
from apps.reviews import outages
from apps.reviews.conditions import address
from apps.reviews.enums import KeptTerm
from apps.reviews.models import TermMove

CSV_COLUMNS = (
    "number", "started_at", "ended_at", "minutes", "planned", "origin", "state", "noted_at", "decided_at",
    "organization", "reason", "terms_moved", "terms_kept",
)  # fmt: skip


def register() -> QuerySet[Outage]:
    """Every outage, the newest first, with `moved` and `kept`: how many terms it moved and left."""
    return (
        Outage.objects.select_related("organization", "maintenance")
        .annotate(
            moved=Count("moves", filter=Q(moves__term__isnull=False)),
            kept=Count("moves", filter=Q(moves__term=None)),
        )
        .order_by("-number")
    )


def with_moves(rows: QuerySet[Outage]) -> QuerySet[Outage]:
    """The same with every term they moved or left, in a fixed number of questions."""
    moves = TermMove.objects.select_related(
        "earlier__review__association",
        "earlier__review__consultation__act",
        "term",
        "in_time__opinion__receipt",
    ).defer("earlier__explanation", "term__explanation", "in_time__opinion__canonical")
    return rows.prefetch_related(Prefetch("moves", moves.order_by("pk")))


def cells(rows: Iterable[Outage]) -> Iterator[list[Any]]:
    """The register as a table for programs, moments in UTC."""
    for outage in rows:
        yield [
            outage.number, _utc(outage.started_at), _utc(outage.ended_at), minutes(outage.length),
            "yes" if outage.planned else "no", outage.origin, outage.state, _utc(outage.noted_at),
            _utc(outage.decided_at), outage.organization.code if outage.organization else "", outage.reason,
            outage.moved, outage.kept,  # type: ignore[attr-defined]
        ]  # fmt: skip


def _utc(moment: datetime | None) -> str:
    return moment.isoformat().replace("+00:00", "Z") if moment else ""


def minutes(length: timedelta) -> int:
    """Whole minutes begun: an outage of 61 seconds shows 2."""
    return -(-int(length.total_seconds()) // 60)


@dataclass(frozen=True)
class MoveRow:
    """One term the outage moved or leaves, or would if it were confirmed."""

    act: Any
    association: Any
    stage: Any
    before: Any  # the last day as it was
    after: Any  # the last day as it is; None: the term stays
    note: str
    term_url: str
    review_url: str
    in_time: str = ""  # the receipt of a late opinion that is in time by this


def _row(term: Any, after: Any, kept: str, receipt: str) -> MoveRow:
    review = term.review
    act = review.consultation.act
    return MoveRow(
        act=act,
        association=review.association,
        stage=Stage(term.stage).label,
        before=term.last_day,
        after=after,
        note=str(KeptTerm(kept).label) if kept else "",
        term_url=address("term", act.number, review.association.code, term.stage),
        review_url=address("review", act.number, review.association.code),
        in_time=receipt,
    )


def done(outage: Outage) -> list[MoveRow]:
    """What the confirmed outage moved and left."""

    def receipt(move: TermMove) -> str:
        return move.in_time.opinion.receipt.number if move.in_time else ""

    return [
        _row(move.earlier, move.term.last_day if move.term else None, move.kept, receipt(move))
        for move in outages.moves_of(outage)
    ]


def preview(outage: Outage, at: datetime) -> list[MoveRow]:
    """What confirming the outage now would move and leave. Raises CalendarTooShort."""
    planned = outages.plan(outage, at)
    return [
        _row(
            p.term,
            p.to.last_day if p.to else None,
            p.kept,
            p.late.opinion.receipt.number if p.late else "",
        )
        for p in planned
    ]


@dataclass(frozen=True)
class Day:
    """A day the outage touches, with what it took of it together with the confirmed ones."""

    date: Any
    lost: int  # minutes


@dataclass(frozen=True)
class Evidence:
    """What the rows say about the time of an outage, for the one who decides."""

    days: list[Day]
    entries: int  # of the journal: somebody could work
    failed: list[tuple[str, int]]  # heartbeats without an answer, by what kept it away


def evidence(outage: Outage) -> Evidence:
    days = [
        Day(day, minutes(arithmetic.time_lost(day, outages_on(day, also=outage))))
        for day in arithmetic.days_of(outage.started_at, outage.ended_at)
    ]
    during = {"at__gt": outage.started_at, "at__lt": outage.ended_at}
    failed = Heartbeat.objects.filter(answered=False, **during).values_list("detail").annotate(n=Count("pk"))
    return Evidence(days, audit.entries().filter(**during).count(), list(failed.order_by("-n", "detail")))
