"""Every stage of a review × every action; who may; and what time alone brings."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.core.errors import DomainError, NotAllowed, TransitionNotAllowed
from apps.draft_acts import services as draft_acts
from apps.reviews import policies, selectors, services
from apps.reviews.enums import ReviewStage
from apps.reviews.models import Review
from apps.reviews.workflow import WORKFLOW

from .conftest import DAY, HOUR, OPENED, Cast, fresh, write_opinion

Bring = Callable[[str], tuple[Review, datetime]]


def remark_of(review: Review) -> int:
    link = selectors.in_force_link(review)
    remark = link.opinion.remarks.first() if link else None
    return remark.pk if remark else 0


ACTIONS: dict[str, Callable[[Review, Cast, datetime], Any]] = {
    "acknowledge": lambda r, c, at: services.acknowledge(actor=c.bakyt, review_id=r.pk, at=at),
    "write_opinion": lambda r, c, at: services.start_opinion(actor=c.aigul, review_id=r.pk, at=at),
    "decide_expiry": lambda r, c, at: services.decide_expiry(
        actor=c.coordinator, review_id=r.pk, effect="effect", reason="Себеп", at=at
    ),
    "answer": lambda r, c, at: services.save_answer(
        actor=c.drafter, remark_id=remark_of(r), edit_version=0, fields={"reason": "x"}, at=at
    ),
    "send_answers": lambda r, c, at: services.send_answers(actor=c.drafter, review_id=r.pk, at=at),
    "reply": lambda r, c, at: services.save_reply(
        actor=c.aigul, remark_id=remark_of(r), edit_version=0, fields={"text": "x"}, at=at
    ),
    "send_replies": lambda r, c, at: services.send_replies(actor=c.aigul, review_id=r.pk, at=at),
    "withdraw_remark": lambda r, c, at: services.withdraw_remark(
        actor=c.bakyt, remark_id=remark_of(r), at=at
    ),
    "withdraw_at_meeting": lambda r, c, at: services.withdraw_remark(
        actor=c.bakyt, remark_id=remark_of(r), at=at, at_meeting=True
    ),
}
NEEDS_REMARK = {"answer", "reply", "withdraw_remark", "withdraw_at_meeting"}
WITH_REMARKS = {"answers", "unanswered", "replies", "conciliation", "protocol"}
# Where there is no remark yet, a step on a remark cannot even be named.
PAIRS = [
    (stage, action)
    for stage in ReviewStage.values
    for action in ACTIONS
    if action not in NEEDS_REMARK or stage in WITH_REMARKS
]


@pytest.mark.parametrize("stage", ReviewStage.values)
def test_a_review_brought_to_a_stage_is_at_it(stage: str, at_stage: Bring) -> None:
    review, at = at_stage(stage)

    assert selectors.stage(review, at) == stage
    assert selectors.stage(Review.objects.with_facts().get(pk=review.pk), at) == stage


@pytest.mark.parametrize(("stage", "action"), PAIRS)
def test_a_step_is_open_at_its_stages_and_refused_at_every_other(
    stage: str, action: str, at_stage: Bring, cast: Cast
) -> None:
    review, at = at_stage(stage)
    open_here = stage in WORKFLOW.steps[action].sources

    try:
        ACTIONS[action](review, cast, at)
        refused = False
    except TransitionNotAllowed:
        refused = True
    except DomainError:
        refused = False  # the stage is right, something else is missing

    if action == "acknowledge" and review.acknowledged_at:
        assert not refused  # pressed twice: nothing changes
    else:
        assert refused != open_here


def test_nothing_moves_on_a_withdrawn_act(at_stage: Bring, cast: Cast) -> None:
    review, at = at_stage("opinion")
    version = write_opinion(review, cast, "agree", at=at)
    draft_acts.withdraw(
        actor=cast.minister, act_id=review.consultation.act_id, reason="Кайра иштөө", at=at + HOUR
    )

    with pytest.raises(TransitionNotAllowed):
        services.submit_opinion(
            actor=cast.bakyt, review_id=review.pk, edit_version=version, received_at=at + 2 * HOUR
        )


NOBODY = {"stranger", "jamilya", "auditor", "administrator", "own_coordinator"}
MAY: dict[str, set[str]] = {
    "acknowledge": {"aigul", "bakyt"},
    "read_draft": {"aigul", "bakyt"},
    "write_opinion": {"aigul"},
    "sign_opinion": {"bakyt"},
    "answer": {"drafter", "minister"},
    "reply": {"aigul", "bakyt"},
    "withdraw_remark": {"bakyt"},
    "decide_expiry": {"coordinator"},
}
PEOPLE = ["drafter", "minister", "aigul", "bakyt", "coordinator", *sorted(NOBODY)]


@pytest.mark.parametrize("question", MAY)
def test_who_may(question: str, opened: Review, cast: Cast) -> None:
    ask = getattr(policies, f"can_{question}")

    assert {name for name in PEOPLE if ask(getattr(cast, name), opened)} == MAY[question]


def test_only_the_ministrys_signatory_opens(act: Any, cast: Cast) -> None:
    for name in PEOPLE:
        if name != "minister":
            with pytest.raises(NotAllowed):
                services.open_consultation(
                    actor=getattr(cast, name),
                    act_id=act.pk,
                    association_ids=[cast.union.pk, cast.cities.pk],
                    left_out={},
                    at=OPENED,
                )


# --- what time alone brings --------------------------------------------------------------------

MS = timedelta(milliseconds=1)


@pytest.mark.parametrize(("moment", "stage"), [(-MS, "delivery"), (timedelta(0), "opinion"), (MS, "opinion")])
def test_delivery_is_deemed_from_the_end_of_its_term(moment: timedelta, stage: str, opened: Review) -> None:
    assert selectors.stage(opened, opened.deemed_at + moment) == stage


@pytest.mark.parametrize(("moment", "stage"), [(-MS, "opinion"), (timedelta(0), "expired"), (MS, "expired")])
def test_the_term_of_the_opinion_is_half_open(moment: timedelta, stage: str, opened: Review) -> None:
    assert selectors.stage(opened, opened.due_at + moment) == stage


@pytest.mark.parametrize(("moment", "late"), [(-MS, False), (timedelta(0), True), (MS, True)])
def test_an_opinion_is_late_from_the_first_moment_after_the_last_day(
    moment: timedelta, late: bool, opened: Review, cast: Cast
) -> None:
    services.acknowledge(actor=cast.aigul, review_id=opened.pk, at=OPENED + HOUR)
    version = write_opinion(opened, cast, "agree", at=OPENED + DAY)
    due = fresh(opened).due_at

    receipt = services.submit_opinion(
        actor=cast.bakyt, review_id=opened.pk, edit_version=version, received_at=due + moment
    )

    assert receipt.late is late
    assert (fresh(opened).filed_at is None) is late
    assert (selectors.in_force_opinion(opened) is None) is late
