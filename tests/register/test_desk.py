"""My desk: what waits for whom, and that it costs the same however much waits."""

from collections.abc import Callable

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.core import clock
from apps.register.demo import texts
from apps.register.demo.way import Way
from apps.register.selectors import desk as desks
from tests.way import filed, met, replied, signed

UNION = "lsg-union"
STEPS: dict[str, dict[str, str]] = {
    # the way of the act: who waits with which step (its English words); everybody else's desk is empty
    "preparing": {"finance.drafter": "Go on preparing", "finance.signatory": "Finish and register"},
    "registered": {"finance.signatory": "Open the consultation"},
    "opened": {"union.officer": "Read and acknowledge", "union.signatory": "Read and acknowledge"},
    "delivered": {"union.officer": "Write the opinion"},
    "written": {"union.signatory": "Countersign and submit"},
    "filed": {"finance.drafter": "Answer the remarks", "finance.signatory": "Answer the remarks"},
    "replied": {"finance.drafter": "Record the meeting", "union.officer": "Record the meeting"},
    "met": {"finance.drafter": "Fix the protocol", "finance.signatory": "Fix the protocol"},
    "fixed": {"finance.signatory": "Sign the protocol", "union.signatory": "Sign the protocol"},
    "signed": {"finance.drafter": "Issue the certificate", "finance.signatory": "Issue the certificate"},
    "certified": {"cabinet.clerk": "Record the submission", "committee.clerk": "Record the submission"},
    "submitted": {"cabinet.clerk": "Record the decision", "committee.clerk": "Record the decision"},
    "expired": {"justice.coordinator": "Decide the effect", "union.officer": "Write the opinion"},
}


def walk(way: Way, to: str) -> Way:
    return {
        "preparing": lambda: way,
        "registered": lambda: way.register(),
        "opened": lambda: way.register().open(),
        "delivered": lambda: way.register().open().acknowledge(),
        "written": lambda: way.register().open().acknowledge().write(UNION, "agree"),
        "filed": lambda: filed(way),
        "replied": lambda: replied(way),
        "met": lambda: met(way),
        "fixed": lambda: met(way).fix(UNION).fix("cities"),
        "signed": lambda: signed(way),
        "certified": lambda: signed(way).certify(),
        "submitted": lambda: signed(way).certify().decide("submitted", "1", "Киргизилди."),
        "expired": lambda: way.register().open().working_days(40),
    }[to]()


def steps_of(way: Way, key: str, people: dict[str, User]) -> set[str]:
    with way.now(key) as (person,):
        return {str(row.step) for row in desks.desk(person, way.at).waiting}


@pytest.mark.parametrize("stage", STEPS)
def test_each_stage_waits_for_those_who_take_the_next_step(
    way: Way, people: dict[str, User], stage: str, settings: object
) -> None:
    from django.utils.translation import override

    walk(way, stage)

    with override("en"):
        for key in ("finance.drafter", "finance.signatory", "union.officer", "union.signatory", "water.drafter",
                    "justice.coordinator", "cabinet.clerk", "committee.clerk", "chamber.auditor"):  # fmt: skip
            expected = {STEPS[stage][key]} if key in STEPS[stage] else set()
            found = steps_of(way, key, people)
            if stage == "opened" or (stage in {"replied", "expired"} and key == "union.signatory"):
                assert expected <= found | {"Record the meeting"}, (stage, key, found)
            elif (stage, key) not in ALSO:
                assert found == expected, (stage, key, found)


# People for whom the stage holds a step of a second association or side as well.
ALSO = {("replied", "finance.signatory"), ("expired", "union.signatory")}


def test_a_desk_without_an_account_leads_to_sign_in(reader: Client, people: dict[str, User]) -> None:
    assert reader.get("/ru/desk/").status_code == 302


def test_the_desk_says_when_nothing_waits(way: Way, people: dict[str, User], read_at: Callable) -> None:
    way.register().open().acknowledge()

    assert "Вас ничего не ждёт" in read_at(way, "/ru/desk/", by=people["finance.drafter"])
    assert way.act.number in read_at(way, "/ru/desk/", by=people["finance.drafter"])  # in work with others


def test_a_coordinator_of_the_initiating_body_decides_nothing(way: Way, people: dict[str, User]) -> None:
    from apps.organizations.models import Membership, Organization

    Organization.objects.filter(code="minfin").update(coordinates=True)
    Membership.objects.create(
        user=people["chamber.auditor"],
        organization=Organization.objects.get(code="minfin"),
        role="coordinator",
        valid_from=way.at,
    )
    walk(way, "expired")

    assert steps_of(way, "chamber.auditor", people) == set()


@pytest.mark.parametrize(
    "key", ["finance.signatory", "union.officer", "justice.coordinator", "cabinet.clerk"]
)
def test_the_desk_costs_the_same_for_one_file_and_for_many(
    way: Way, people: dict[str, User], queries: Callable, again: Callable, key: str
) -> None:
    stages = ["preparing", "registered", "opened", "filed", "expired", "certified"]
    walk(way, "filed")
    for stage in stages:
        walk(again(), stage)
    first = queries(way, "/ru/desk/", by=people[key])

    for stage in stages:
        walk(again(texts.TRANSFERS), stage)

    with clock.frozen(way.at):
        assert len(queries(way, "/ru/desk/", by=people[key])) == len(first) <= 8, first
