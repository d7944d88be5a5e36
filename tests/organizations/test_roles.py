"""Roles: who gives them, to whom, where; and what the database refuses by itself."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.audit.models import JournalEntry
from apps.core import clock
from apps.core.errors import InvalidInput, NotAllowed, TransitionNotAllowed
from apps.notifications import rendering
from apps.notifications.models import OutboxMessage
from apps.organizations import policies, services
from apps.organizations.enums import POWER_ROLES, ROLES_OF_KIND, OrganizationKind, Role
from apps.organizations.models import Membership, Organization
from tests.people import MORNING, People, body, founders, holds, person


@pytest.fixture(autouse=True)
def _morning() -> Any:
    with clock.frozen(MORNING):
        yield


def grant(people: People, user: User, organization: Organization, role: str, **more: Any) -> Membership:
    """One administrator gives a role; a power role is confirmed by the other one."""
    wanted = {
        "actor": people.saltanat,
        "user_id": user.pk,
        "organization_id": organization.pk,
        "role": role,
        "at": MORNING,
    } | more
    if role not in POWER_ROLES:
        return services.grant_role(**wanted)
    proposal = services.propose_role(**wanted)
    other = people.bermet if wanted["actor"] == people.saltanat else people.saltanat
    return services.confirm_role(actor=other, proposal_id=proposal.pk, at=wanted["at"])


@pytest.mark.parametrize("who", ["nurlan", "asel", "gulnara", "bakyt"])
def test_nobody_but_an_administrator_gives_a_role(people: People, who: str) -> None:
    for role in ("drafter", "ministry_signatory"):
        with pytest.raises(NotAllowed):
            grant(people, person(f"new{role}"), people.ministry, role, actor=getattr(people, who))


def test_nobody_gives_a_role_to_themselves(people: People) -> None:
    other = body("operator-2", "operator")

    with pytest.raises(NotAllowed):
        grant(people, people.saltanat, other, "administrator")
    with pytest.raises(NotAllowed):
        services.grant_role(
            actor=people.saltanat,
            user_id=people.saltanat.pk,
            organization_id=people.ministry.pk,
            role="drafter",
            at=MORNING,
        )


def test_a_grant_keeps_who_gave_it_and_is_journaled_and_told(people: People) -> None:
    membership = grant(people, people.asel, people.ministry, "drafter", position_ru="Начальник")

    assert (membership.granted_by, membership.valid_from) == (people.saltanat, MORNING)
    line = JournalEntry.objects.get(action="role.granted")
    assert (line.actor, line.organization_id) == (people.saltanat, people.ministry.pk)
    assert line.data == {"user": people.asel.pk, "role": "drafter"}
    letter = rendering.render(OutboxMessage.objects.get(template="organizations.role_granted"))
    assert "Орган finance" in letter.text


@pytest.mark.parametrize(
    ("organization", "role"),
    [("ministry", "coordinator"), ("ministry", "auditor"), ("union", "drafter"), ("agency", "administrator")],
)
def test_a_role_that_does_not_exist_there_is_refused(people: People, organization: str, role: str) -> None:
    with pytest.raises(InvalidInput):
        grant(people, person("new"), getattr(people, organization), role)


def test_a_coordinator_sits_in_a_coordinating_body(people: People) -> None:
    grant(people, people.nurlan, people.agency, "coordinator")

    assert policies.can_coordinate(people.nurlan, initiator_id=people.ministry.pk)
    assert not policies.can_coordinate(people.nurlan, initiator_id=people.agency.pk)


def test_an_administrator_holds_no_other_role(people: People) -> None:
    with pytest.raises(InvalidInput):
        grant(people, people.bermet, people.ministry, "drafter")
    with pytest.raises(InvalidInput):
        grant(people, people.nurlan, people.operator, "administrator")


def test_a_former_administrator_may_take_another_role(people: People) -> None:
    held = people.bermet.memberships.get()
    services.end_role(actor=people.saltanat, membership_id=held.pk, at=MORNING)

    grant(people, people.bermet, people.ministry, "drafter", at=MORNING + timedelta(seconds=1))


def test_officer_and_signatory_are_two_people(people: People) -> None:
    with pytest.raises(InvalidInput):
        grant(people, people.gulnara, people.union, "association_signatory")

    Organization.objects.filter(pk=people.union.pk).update(single_officer=True)
    grant(people, people.gulnara, people.union, "association_signatory")


def test_a_role_ends_at_the_next_question(people: People) -> None:
    held = people.asel.memberships.get()
    assert policies.has_role(people.asel, "ministry_signatory")

    services.end_role(actor=people.saltanat, membership_id=held.pk, at=MORNING)

    again = User.objects.get(pk=people.asel.pk)
    assert not policies.has_role(again, "ministry_signatory")
    assert Membership.objects.get(pk=held.pk).ended_by == people.saltanat
    assert OutboxMessage.objects.filter(template="organizations.role_ended", recipient=people.asel).exists()


def test_the_last_administrator_stays(people: People) -> None:
    services.deactivate_person(actor=people.saltanat, user_id=people.bermet.pk, at=MORNING)

    with pytest.raises(TransitionNotAllowed):
        services.end_role(
            actor=people.saltanat, membership_id=people.saltanat.memberships.get().pk, at=MORNING
        )


def test_nobody_closes_their_own_account(people: People) -> None:
    with pytest.raises(NotAllowed):
        services.deactivate_person(actor=people.saltanat, user_id=people.saltanat.pk, at=MORNING)


def test_a_closed_account_has_no_role(people: People) -> None:
    services.deactivate_person(actor=people.saltanat, user_id=people.asel.pk, at=MORNING)

    assert not policies.has_role(User.objects.get(pk=people.asel.pk), "ministry_signatory")


def test_an_invited_person_gets_roles_and_one_letter(people: People) -> None:
    user, token = services.invite_person(
        actor=people.saltanat,
        organization_id=people.ministry.pk,
        email="new@example.org",
        language="ru",
        roles=["drafter", "ministry_signatory"],
        rank="minister",
        at=MORNING,
    )

    assert [(m.role, m.rank) for m in user.memberships.all()] == [("drafter", "")]
    assert [(p.role, p.rank) for p in user.role_proposals.all()] == [("ministry_signatory", "minister")]
    letter = rendering.render(OutboxMessage.objects.get(recipient=user))
    assert token is not None
    assert token in letter.text
    assert "Орган finance" in letter.text
    assert "после подтверждения вторым администратором: подписант министерства" in " ".join(
        letter.text.split()
    )


def test_inviting_somebody_who_is_here_only_gives_the_role(people: People) -> None:
    user, token = services.invite_person(
        actor=people.saltanat,
        organization_id=people.agency.pk,
        email="Nurlan@example.org",
        language="ky",
        roles=["drafter"],
        at=MORNING,
    )

    assert (user, token) == (people.nurlan, None)
    assert people.nurlan.memberships.filter(organization=people.agency).exists()


@pytest.mark.parametrize("order", [1, -1])
def test_one_refused_role_undoes_the_invitation(people: People, order: int) -> None:
    with pytest.raises(InvalidInput):
        services.invite_person(
            actor=people.saltanat,
            organization_id=people.union.pk,
            email="new@example.org",
            language="ky",
            roles=["association_officer", "association_signatory"][::order],
            at=MORNING,
        )

    assert not User.objects.filter(email="new@example.org").exists()


# --- round the services: the database refuses -----------------------------------------------------------


@pytest.mark.parametrize("kind", OrganizationKind.values)
@pytest.mark.parametrize("role", Role.values)
def test_the_database_knows_the_same_table_of_roles(db: Any, kind: str, role: str) -> None:
    organization, user = body("body", kind), person("somebody")
    founders()
    allowed = role in ROLES_OF_KIND[kind] and role != Role.COORDINATOR

    if allowed:
        holds(user, organization, role)
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            holds(user, organization, role)


def test_the_database_lets_coordinate_where_it_is_marked(people: People) -> None:
    holds(people.nurlan, people.agency, "coordinator")


@pytest.mark.parametrize("order", [("operator", "ministry"), ("ministry", "operator")])
def test_the_database_keeps_the_administrator_alone(people: People, order: tuple[str, str]) -> None:
    user, roles = person("both"), {"operator": "administrator", "ministry": "drafter"}
    first, second = order
    holds(user, getattr(people, first), roles[first])

    with pytest.raises(IntegrityError), transaction.atomic():
        holds(user, getattr(people, second), roles[second])


def test_the_database_refuses_a_grant_to_oneself(people: People) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        holds(people.nurlan, people.ministry, "ministry_signatory", granted_by=people.nurlan)


@pytest.mark.parametrize("change", [{"role": "drafter"}, {"granted_by": None, "valid_from": MORNING}])
def test_a_role_is_only_ended_never_changed(people: People, change: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(user=people.asel).update(**change)


def test_an_ended_role_does_not_come_back(people: People) -> None:
    held = people.asel.memberships.get()
    services.end_role(actor=people.saltanat, membership_id=held.pk, at=MORNING)

    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=held.pk).update(valid_to=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=held.pk).delete()


def test_an_organisation_keeps_its_kind(people: People) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Organization.objects.filter(pk=people.union.pk).update(kind="committee", is_national=False)
