"""When an association is reminded of the end of its term. Plain arithmetic on a term's own days, and reads."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import QuerySet

from apps.core.clock import BISHKEK
from apps.deadlines.enums import Stage
from apps.draft_acts.enums import ActState

from .enums import ReminderKind, ReminderState
from .models import Reminder, Term

MORNING = time(9)  # in Bishkek, on the day itself: a letter sent at midnight is read in the morning anyway


@dataclass(frozen=True)
class Planned:
    """One reminder of a term: which, and from which moment it may go out."""

    kind: ReminderKind
    due_at: datetime


def plan(term: Term) -> list[Planned]:
    """The reminders of an opinion's term, the earliest first: at half time, two and one working days before its end.

    Counted on the days of the term itself, so that holidays and pauses move them with it. A term too short for one
    of them does not have it.
    """
    counted = [date.fromisoformat(day["date"]) for day in term.explanation if day["counted"]]
    last = len(counted)
    numbers = {
        ReminderKind.HALF: last // 2 + 1,  # the first day of the second half
        ReminderKind.TWO_DAYS: last - 2,
        ReminderKind.ONE_DAY: last - 1,
    }
    return sorted(
        (
            Planned(kind, datetime.combine(counted[number - 1], MORNING, BISHKEK))
            for kind, number in numbers.items()
            if 1 <= number <= last
        ),
        key=lambda planned: planned.due_at,
    )


def days_left(reminder: Reminder) -> int:
    """Working days left of the term after the day of the reminder, by the term's own days."""
    day = reminder.due_at.astimezone(BISHKEK).date().isoformat()
    return sum(1 for row in reminder.term.explanation if row["counted"] and row["date"] > day)


def missed(term: Term, at: datetime, known: Collection[str]) -> list[Planned]:
    """What has fallen due by `at` and is not among the kinds already recorded, the earliest first."""
    return [planned for planned in plan(term) if planned.due_at <= at and planned.kind not in known]


@dataclass(frozen=True)
class Known:
    """What is recorded of a term, and what went out under earlier rows of the same term (one only lengthened)."""

    kinds: set[str]
    sent_before: set[tuple[str, datetime]]


def with_known(review_ids: Collection[int]) -> list[tuple[Term, Known]]:
    """The opinion's term that rules of each of these reviews, with what is recorded. Two queries."""
    ruling = (
        Term.objects.filter(stage=Stage.OPINION, review_id__in=list(review_ids))
        .only("pk", "review_id", "start", "due_at", "explanation")
        .order_by("review_id", "-sequence")
        .distinct("review_id")
    )
    found = {term.review_id: (term, Known(set(), set())) for term in ruling}
    recorded = Reminder.objects.filter(review_id__in=list(found)).values_list(
        "review_id", "term_id", "term__start", "state", "kind", "due_at"
    )
    for review_id, term_id, start, state, kind, due_at in recorded:
        term, known = found[review_id]
        if term_id == term.pk:
            known.kinds.add(kind)
        elif term_id < term.pk and start == term.start and state == ReminderState.SENT:
            known.sent_before.add((kind, due_at))
    return list(found.values())


def reviews_due(at: datetime) -> list[int]:
    """Reviews without an opinion that have a reminder to send or to record as skipped. Three queries at most.

    The days of a term are read only where its half may have passed and its last reminder is not recorded.
    """
    today = at.astimezone(BISHKEK).date()
    ruling = _ruling_opinion_terms()
    rows = [
        (pk, review_id)
        for pk, review_id, start, length, last_day in ruling.values_list(
            "pk", "review_id", "start", "length", "last_day"
        )
        # Day n of a term never comes before the n-th day of the calendar.
        if (today - start).days > length // 2
    ]
    known: dict[int, set[str]] = {pk: set() for pk, _review in rows}
    for pk, kind in Reminder.objects.filter(term_id__in=known).values_list("term_id", "kind"):
        known[pk].add(kind)
    open_ones = [pk for pk, kinds in known.items() if ReminderKind.ONE_DAY not in kinds]
    terms = Term.objects.filter(pk__in=open_ones).only("pk", "review_id", "explanation").order_by("due_at")
    days = terms.iterator(chunk_size=1000)  # of all terms at once they would take hundreds of megabytes
    return [term.review_id for term in days if missed(term, at, known[term.pk])]  # type: ignore[misc]


def _ruling_opinion_terms() -> QuerySet[Term]:
    """Of every review in consultation that waits for its opinion, the opinion's term that rules."""
    return (
        Term.objects.filter(
            stage=Stage.OPINION,
            review__filed_at=None,
            review__effect_established_at=None,
            review__consultation__act__state=ActState.IN_CONSULTATION,
        )
        .order_by("review_id", "-sequence")
        .distinct("review_id")
    )
