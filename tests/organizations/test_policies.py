"""Every role × every question, one table."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from apps.core import clock
from apps.organizations import policies
from apps.organizations.enums import Role
from tests.people import MORNING, People, body, holds, person

HOME = {
    Role.DRAFTER: "state_body",
    Role.MINISTRY_SIGNATORY: "state_body",
    Role.ASSOCIATION_OFFICER: "association",
    Role.ASSOCIATION_SIGNATORY: "association",
    Role.COORDINATOR: "state_body",
    Role.CABINET_CLERK: "cabinet_office",
    Role.COMMITTEE_CLERK: "committee",
    Role.AUDITOR: "supervisory",
    Role.ADMINISTRATOR: "operator",
}
QUESTIONS = {
    "is_administrator": policies.is_administrator,
    "can_administer": policies.can_administer,
    "is_auditor": policies.is_auditor,
    "is_clerk": policies.is_clerk,
    "can_coordinate": lambda user: policies.can_coordinate(user, initiator_id=0),
    "can_accept_rules": lambda user: policies.can_accept_rules(user, user.home_id),
}
YES = {
    Role.DRAFTER: set(),
    Role.MINISTRY_SIGNATORY: {"can_accept_rules"},
    Role.ASSOCIATION_OFFICER: set(),
    Role.ASSOCIATION_SIGNATORY: {"can_accept_rules"},
    Role.COORDINATOR: {"can_coordinate"},
    Role.CABINET_CLERK: {"is_clerk"},
    Role.COMMITTEE_CLERK: {"is_clerk"},
    Role.AUDITOR: {"is_auditor"},
    Role.ADMINISTRATOR: {"is_administrator", "can_administer"},
}


@pytest.fixture(autouse=True)
def _morning() -> Any:
    with clock.frozen(MORNING):
        yield


@pytest.mark.parametrize("role", Role.values)
def test_every_role_and_every_question(db: Any, role: str) -> None:
    home = body("home", HOME[Role(role)], coordinates=role == Role.COORDINATOR)
    user = person("somebody")
    holds(user, home, role)
    user.home_id = home.pk  # type: ignore[attr-defined]

    assert {name for name, ask in QUESTIONS.items() if ask(user)} == YES[Role(role)]
    assert user.is_portal_administrator() == (role == Role.ADMINISTRATOR)


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("situation", ["not yet", "no more", "body closed", "account closed"])
def test_out_of_its_time_a_role_means_nothing(db: Any, role: str, situation: str) -> None:
    from datetime import timedelta

    home = body("home", HOME[Role(role)], coordinates=role == Role.COORDINATOR)
    user = person("somebody")
    times = {
        "not yet": {"valid_from": MORNING + timedelta(seconds=1)},
        "no more": {"valid_from": MORNING - timedelta(days=2), "valid_to": MORNING},
    }.get(situation, {"valid_from": MORNING - timedelta(days=2)})
    holds(user, home, role, **times)
    if situation == "body closed":
        home.closed_at = MORNING
        home.save()
    if situation == "account closed":
        user.is_active = False
    user.home_id = home.pk  # type: ignore[attr-defined]

    assert [name for name, ask in QUESTIONS.items() if ask(user)] == []


def test_a_stranger_may_nothing(db: Any) -> None:
    stranger: Any = AnonymousUser()
    stranger.home_id = 0

    assert [name for name, ask in QUESTIONS.items() if ask(stranger)] == []


def test_a_role_in_one_organisation_says_nothing_about_another(people: People) -> None:
    assert policies.has_role(people.nurlan, "drafter", organization_id=people.ministry.pk)
    assert not policies.has_role(people.nurlan, "drafter", organization_id=people.agency.pk)
    assert policies.organization_ids(people.nurlan) == [people.ministry.pk]
