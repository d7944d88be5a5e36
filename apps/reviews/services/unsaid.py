"""Answers or replies that did not come in time, put on record. What follows from it needs nobody: see `said`.

Nobody acts, so there is no policy; the sweep calls this: twice, late, or from two schedulers, each is recorded once.
"""

from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from apps.audit import services as audit
from apps.deadlines.enums import Stage
from apps.draft_acts.enums import ActState

from .. import selectors
from ..enums import Silent
from ..models import Review, SilenceRecord
from ._common import locked_review, write_to_association, write_to_ministry

log = structlog.get_logger("reviews.unsaid")

STAGE = {Silent.MINISTRY: Stage.ANSWERS, Silent.ASSOCIATION: Stage.REPLY}
EVENT = {Silent.MINISTRY: "unanswered", Silent.ASSOCIATION: "unreplied"}
ACTION = {Silent.MINISTRY: "answers.expired", Silent.ASSOCIATION: "replies.expired"}


def record_silences(*, now: datetime) -> int:
    """Journal and letters of every silence that has come; how many. One that fails waits for the next sweep."""
    done = 0
    for by in Silent:
        for review_id in _unrecorded(by, now):
            try:
                done += _record(review_id, by, now)
            except Exception:  # one broken review must not keep the others from their letters
                log.exception("silence not recorded", review=review_id, by=str(by))
    return done


def _unrecorded(by: Silent, now: datetime) -> list[int]:
    of_ministry = by == Silent.MINISTRY
    reviews = (
        Review.objects.unanswered(now).filter(Q(disputed=True))
        if of_ministry
        else Review.objects.unreplied(now)
    )
    known = SilenceRecord.objects.filter(
        review=OuterRef("pk"),
        side=by,
        term__due_at=OuterRef("answers_due_at" if of_ministry else "reply_due_at"),
    )
    found = reviews.filter(~Exists(known), consultation__act__state=ActState.IN_CONSULTATION)
    return list(found.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _record(review_id: int, by: Silent, now: datetime) -> int:
    review = locked_review(review_id)
    term = selectors.ruling_term(review, STAGE[by])
    if (
        term is None
        or selectors.silent(review, now) != by
        or SilenceRecord.objects.filter(term=term).exists()
        or review.consultation.act.state != ActState.IN_CONSULTATION
    ):
        return 0
    record = SilenceRecord.objects.create(review=review, term=term, side=by, at=now)
    act: Any = review.consultation.act
    audit.record(
        actor=None,
        action=ACTION[by],
        target=record,
        at=now,
        organization_id=act.initiator_id if by == Silent.MINISTRY else review.association_id,
        act_id=act.pk,
        data={"review": review.pk, "term": term.pk, "due_at": term.due_at.isoformat()},
    )
    write_to_association(review, EVENT[by], now, key=str(record.pk))
    write_to_ministry(review, EVENT[by], now, key=str(record.pk))
    return 1
