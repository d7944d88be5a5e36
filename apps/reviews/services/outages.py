"""The coordinator decides on an outage. Confirmed, it moves the last day for everybody it concerns, as one recorded act.

Terms are never edited: each moved one is a new row, and the row of the act says what it did and why.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from apps.audit import services as audit
from apps.deadlines import services as deadlines
from apps.deadlines.enums import OutageState, Stage
from apps.deadlines.models import Outage

from .. import outages
from ..enums import VERDICTS_WITHOUT_REMARKS, NoteKind, Silent
from ..models import Review, ReviewOpinion, Term, TermMove
from ..said import AHEAD
from ._common import append_term, write_ahead, write_to_association, write_to_coordinators, write_to_ministry
from .filing import start_answers
from .notes import issue_note

_AHEAD_OF = {Stage.ANSWERS: Silent.MINISTRY, Stage.REPLY: Silent.ASSOCIATION}


@transaction.atomic
def decide_outage(*, actor: Any, outage_id: int, confirmed: bool, reason: str, at: datetime) -> Outage:
    """Confirm an outage, or refuse it, with a public reason. Confirmed, the terms of `outages.plan` are moved.

    The same decision sent again by the same person changes nothing. Raises NotAllowed, InvalidInput, AlreadyDecided,
    CalendarTooShort, Outage.DoesNotExist.
    """
    deadlines.lock_outages()
    known = Outage.objects.get(pk=outage_id)
    wanted = OutageState.CONFIRMED if confirmed else OutageState.REFUSED
    if known.state == wanted and known.decided_by_id == actor.pk:
        return known
    outage = deadlines.record_decision(outage_id, actor=actor, confirmed=confirmed, reason=reason, at=at)
    moves = _carry_out(outage, actor, at) if confirmed else []
    audit.record(
        actor=actor,
        action="outage.confirmed" if confirmed else "outage.refused",
        target=outage,
        at=at,
        organization_id=outage.organization_id,
        data={
            "number": outage.number,
            "moved": sum(1 for move in moves if move.term_id),
            "kept": sum(1 for move in moves if not move.term_id),
        },
    )
    return outage


def _carry_out(outage: Outage, actor: Any, at: datetime) -> list[TermMove]:
    """Every review concerned is locked in one order; then the plan is made anew from what stands under the locks."""
    for review_id in sorted({planned.review.pk for planned in outages.plan(outage, at)}):
        Review.objects.locked(review_id)
    return [_move(outage, planned, actor, at) for planned in outages.plan(outage, at)]


def _move(outage: Outage, planned: outages.Planned, actor: Any, at: datetime) -> TermMove:
    earlier, review = planned.term, Review.objects.locked(planned.review.pk)
    term = _moved_term(review, planned, at) if planned.to is not None else None
    move = TermMove.objects.create(
        outage=outage,
        earlier=earlier,
        term=term,
        kept=planned.kept,
        in_time=planned.late if term is not None else None,
        at=at,
    )
    if term is not None and earlier.stage == Stage.OPINION:
        review.due_at = term.due_at
        review.save(update_fields=["due_at"])
        if planned.late is not None:
            _count_in_time(review, planned.late, at)
    if term is not None and earlier.stage in _AHEAD_OF:
        write_ahead(review, _AHEAD_OF[Stage(earlier.stage)], term, at)
    audit.record(
        actor=actor,
        action="term.moved" if term is not None else "term.kept",
        target=move,
        at=at,
        organization_id=outage.organization_id,
        act_id=review.consultation.act_id,
        data={
            "number": outage.number,
            "review": review.pk,
            "stage": earlier.stage,
            "last_day": earlier.last_day.isoformat(),
            "moved_to": term.last_day.isoformat() if term is not None else None,
            "in_time": move.in_time_id,
        },
    )
    event = "term_moved" if term is not None else "term_kept"
    write_to_association(review, event, at, key=str(move.pk), move_id=move.pk)
    write_to_ministry(review, event, at, key=str(move.pk), move_id=move.pk)
    if term is None:
        write_to_coordinators(review, event, at, key=str(move.pk), move_id=move.pk)
    return move


def _moved_term(review: Review, planned: outages.Planned, at: datetime) -> Term:
    return append_term(
        act=review.consultation.act,
        review=review,
        stage=planned.term.stage,
        start=planned.term.start,
        template=planned.term.template,
        # One written ahead of a silence stays so; the record of the move says that an outage moved it.
        cause=planned.term.cause if planned.term.cause in AHEAD.values() else outages.MOVED,
        at=at,
        deadline=planned.to,
    )


def _count_in_time(review: Review, link: ReviewOpinion, at: datetime) -> None:
    """The opinion lies within the term as moved: the review goes on from here as from an opinion filed in time.

    Its receipt stays as it was given: it says what was true on that day. The ministry's term starts with this act.
    """
    link.late = False
    link.save(update_fields=["late"])
    review.filed_at = link.opinion.submitted_at
    review.save(update_fields=["filed_at"])
    if link.opinion.verdict in VERDICTS_WITHOUT_REMARKS:
        issue_note(review, kind=NoteKind.AGREEMENT, at=at, verdict=link.opinion.verdict)
    else:
        start_answers(review, at, cause="outage_in_time")
