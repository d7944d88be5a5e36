"""What an outage does to terms: which ones it moves, to which day, and which it leaves. Reads only.

A term is concerned when it rules, its last day lost the time that its procedure names, and the step it is there for
was not taken within it. The end of the delivery term asks nothing of anybody: it only starts a full term, so it stays.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.deadlines import outages, rules
from apps.deadlines import selectors as deadlines
from apps.deadlines.enums import OutageState, Stage
from apps.deadlines.models import Outage
from apps.draft_acts.enums import ActState

from . import said
from .enums import KeptTerm, OpinionLink
from .models import Review, ReviewOpinion, Term, TermMove

Finished = Callable[[Collection[int]], dict[int, datetime]]
_finished: dict[str, Finished] = {}
MOVED = "outage"  # the cause of a term whose last day an outage moved


def finishes(*stages: str) -> Callable[[Finished], Finished]:
    """Register for stages: of these reviews (by id), when the step was taken that their term is there for."""

    def register(when: Finished) -> Finished:
        _finished.update(dict.fromkeys(stages, when))
        return when

    return register


def _fact(name: str) -> Finished:
    def when(ids: Collection[int]) -> dict[int, datetime]:
        found = Review.objects.filter(pk__in=ids, **{f"{name}__isnull": False})
        return dict(found.values_list("pk", name))

    return when


finishes(Stage.OPINION)(_fact("filed_at"))
finishes(Stage.ANSWERS)(_fact("answers_sent_at"))
finishes(Stage.REPLY)(_fact("replies_sent_at"))


@dataclass(frozen=True)
class Planned:
    """One term the outage concerns. Without `to` it stays, and `kept` says why."""

    term: Term
    to: rules.Deadline | None
    kept: str = ""
    late: ReviewOpinion | None = None  # a late opinion that would be in time

    @property
    def review(self) -> Any:
        return self.term.review


def minutes_that_count(term: Term) -> timedelta:
    """How long the portal must have been away in total on the last day, by the procedure of the file."""
    return timedelta(minutes=term.template.outage_minutes)


def plan(outage: Outage, at: datetime) -> list[Planned]:
    """What confirming the outage at `at` would do; the same for the preview and for the act. Raises CalendarTooShort.

    Once the outage is refused it is nothing. The number of queries grows with days, never with terms.
    """
    if outage.state == OutageState.REFUSED:
        return []
    days = outages.days_of(outage.started_at, outage.ended_at)
    terms = _that_hold(list(_ending_on(days).order_by("review_id", "pk")), at)
    taken = {
        stage: _finished[stage]([t.review_id for t in terms if t.stage == stage and t.review_id])
        for stage in {term.stage for term in terms}
    }
    lost = _lost(outage)
    late = _late_opinions([term.review_id for term in terms if term.stage == Stage.OPINION])
    calendar = deadlines.calendar_for()
    names = reasons(outage)
    planned = []
    for term in terms:
        review: Any = term.review
        done = taken[term.stage].get(review.pk)
        if lost(term.last_day) < minutes_that_count(term) or (done is not None and done < term.due_at):
            continue
        if review.taken_up_at is not None and term.stage in {Stage.ANSWERS, Stage.REPLY}:
            continue  # the meeting has begun with what was not said
        if term.stage == Stage.OPINION and review.effect_established_at is not None:
            planned.append(Planned(term, None, KeptTerm.ESTABLISHED))
        elif review.consultation.act.state == ActState.IN_CONSULTATION:
            to = _moved(term, calendar, lost, names, at)
            planned.append(
                Planned(term, to, late=late.get(review.pk) if term.stage == Stage.OPINION else None)
            )
    return planned


def _ending_on(days: Collection[date]) -> QuerySet[Term]:
    later = Term.objects.filter(
        review=OuterRef("review"), stage=OuterRef("stage"), sequence__gt=OuterRef("sequence")
    )
    return (
        Term.objects.filter(~Exists(later), review__isnull=False, stage__in=_finished, last_day__in=days)
        .exclude(review__consultation__act__state=ActState.WITHDRAWN)
        .select_related("template", "review__association", "review__consultation__act__initiator")
    )


def _that_hold(terms: list[Term], at: datetime) -> list[Term]:
    """Without those written ahead of a silence that has not come."""
    ahead = [term.review_id for term in terms if term.cause in said.AHEAD.values()]
    if not ahead:
        return terms
    reviews = Review.objects.with_facts().in_bulk(ahead)
    return [
        term
        for term in terms
        if term.review_id not in reviews or said.holds(term, reviews[term.review_id], at)
    ]


def _lost(outage: Outage) -> Callable[[date], timedelta]:
    known: dict[date, timedelta] = {}

    def lost(day: date) -> timedelta:
        if day not in known:
            known[day] = outages.time_lost(day, deadlines.outages_on(day, also=outage))
        return known[day]

    return lost


class _Spoiled(Collection[date]):
    """Days that lost as much time as the procedure of a term names, asked one by one."""

    def __init__(self, lost: Callable[[date], timedelta], least: timedelta) -> None:
        self._lost, self._least = lost, least

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self._lost(day) >= self._least

    def __iter__(self) -> Any:
        raise TypeError("asked day by day")

    def __len__(self) -> int:
        raise TypeError("asked day by day")


def _moved(
    term: Term, calendar: rules.Calendar, lost: Callable[[date], timedelta], names: rules.Names, at: datetime
) -> rules.Deadline:
    try:
        to = outages.day_instead(
            term.last_day, calendar, spoiled=_Spoiled(lost, minutes_that_count(term)), at=at
        )
        return outages.move_last_day(deadline_of(term), to, calendar, names=names)
    except rules.NoCalendar as missing:
        raise deadlines.CalendarTooShort() from missing


def deadline_of(term: Term) -> rules.Deadline:
    """A stored term as the arithmetic knows it."""
    counted = [day["date"] for day in term.explanation if day["counted"]]
    return rules.Deadline.from_dict(
        {
            "start": term.start.isoformat(),
            "days": term.length,
            "unit": term.unit,
            "first_day": counted[0],
            "last_day": term.last_day.isoformat(),
            "due_at": term.due_at.isoformat(),
            "explanation": term.explanation,
        }
    )


def _late_opinions(ids: Iterable[int | None]) -> dict[int, ReviewOpinion]:
    links = ReviewOpinion.objects.filter(review_id__in=list(ids), state=OpinionLink.IN_FORCE, late=True)
    return {link.review_id: link for link in links.select_related("opinion__receipt")}


def reasons(outage: Outage) -> dict[str, str]:
    """Why a day is not counted, by language, as it is kept with the term."""
    words = {}
    for code in rules.LANGUAGES:
        with override(code):
            words[code] = _("outage of the portal No. %(number)s") % {"number": outage.number}
    return words


# --- what was done ------------------------------------------------------------------------------


def moves_of(outage: Outage) -> list[TermMove]:
    """What the confirmed outage did, by number of the act and association."""
    found = outage.moves.select_related(  # type: ignore[attr-defined]
        "earlier__review__association",
        "earlier__review__consultation__act__initiator",
        "term",
        "in_time__opinion__receipt",
    )
    return list(found.order_by("earlier__review__consultation__act__number", "earlier__review_id", "pk"))


def move_of_term(term: Term) -> TermMove | None:
    """The recorded act that moved the last day to that of `term`."""
    return TermMove.objects.select_related("outage", "earlier").filter(term=term).first()


def began_by(terms: Sequence[Term]) -> str:
    """What started the last of a stage's terms: an outage only moved its end, the event is that of the row before."""
    return next((term.cause for term in reversed(terms) if term.cause != MOVED), terms[-1].cause)


def move_of_opinion(link: ReviewOpinion) -> TermMove | None:
    """The recorded act by which an opinion that had come late is in time."""
    return TermMove.objects.select_related("outage", "term").filter(in_time=link).first()
