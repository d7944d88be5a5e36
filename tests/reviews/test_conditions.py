"""Gates G3 and G4: what each still lacks, by name, with a link that everybody can follow."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from apps.organizations.models import Organization
from apps.reviews import conditions, selectors, services
from apps.reviews.models import Review

from .conftest import HOUR, OPENED, Cast, answer_all, file_opinion, fresh

Bring = Callable[[str], tuple[Review, datetime]]


@pytest.fixture
def alone(act: Any, cast: Cast) -> Review:
    """The union is the only association addressed."""
    services.open_consultation(
        actor=cast.minister,
        act_id=act.pk,
        association_ids=[cast.union.pk],
        left_out={cast.cities.pk: "Себеп"},
        at=OPENED,
    )
    return fresh(Review.objects.get())


def test_before_opening_both_gates_open_later(act: Any) -> None:
    assert conditions.gate_opinions(act, OPENED).status == "later"
    assert conditions.gate_answers(act, OPENED).status == "later"


def test_an_awaited_opinion_is_named_with_its_association(opened: Review) -> None:
    gate = conditions.gate_opinions(opened.consultation.act, OPENED + HOUR)

    assert [unmet.code for unmet in gate.unmet] == ["opinion_awaited", "opinion_awaited"]
    assert {unmet.owner for unmet in gate.unmet} == {
        o.name("ky") for o in Organization.objects.associations()
    }
    assert all("/reviews/" in unmet.url for unmet in gate.unmet)


def test_time_alone_closes_no_gate_the_decision_does(alone: Review, cast: Cast) -> None:
    act, at = alone.consultation.act, alone.due_at
    expired = conditions.gate_opinions(act, at)
    services.decide_expiry(actor=cast.coordinator, review_id=alone.pk, effect="effect", reason="Себеп", at=at)

    assert [unmet.code for unmet in expired.unmet] == ["expiry_undecided"]
    assert conditions.gate_opinions(act, at).status == "met"
    assert conditions.gate_answers(act, at).status == "not_applicable"


def test_answers_are_counted_until_they_are_sent(alone: Review, cast: Cast) -> None:
    act, at = alone.consultation.act, OPENED + HOUR
    file_opinion(alone, cast, "disagree", "objection", "proposal", at=at)
    before = conditions.gate_answers(act, at)
    answer_all(fresh(alone), cast, at + HOUR)

    assert [unmet.code for unmet in before.unmet] == ["answers_not_sent"]
    assert "2" in str(before.unmet[0].message)
    assert conditions.gate_answers(act, at + HOUR).status == "met"


def test_a_withdrawn_remark_needs_neither_answer_nor_reply(at_stage: Bring, cast: Cast) -> None:
    review, at = at_stage("answers")
    remark = selectors.remarks_to_answer(review).first()
    services.withdraw_remark(actor=cast.bakyt, remark_id=remark.pk, at=at)  # type: ignore[union-attr]

    answer_all(fresh(review), cast, at + HOUR)

    assert [row.number for row in selectors.remarks_to_answer(review)] == [2]
    assert fresh(review).answers_sent_at == at + HOUR


def test_an_api_key_used_twice_does_the_work_once(alone: Review, cast: Cast) -> None:
    done: list[int] = []

    def run() -> tuple[int, Any]:
        done.append(1)
        return 201, {"number": "RC-1"}

    first, second = (
        services.with_idempotency(
            actor=cast.bakyt, use_case="submit", key="k1", request={"a": 1}, at=OPENED, run=run
        )
        for _ in range(2)
    )
    with pytest.raises(services.KeyReused):
        services.with_idempotency(
            actor=cast.bakyt, use_case="submit", key="k1", request={"a": 2}, at=OPENED, run=run
        )

    assert first == second == (201, {"number": "RC-1"})
    assert done == [1]
