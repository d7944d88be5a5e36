"""Roles that two administrators give: who proposes, who confirms, and what the database refuses by itself."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from apps.accounts.models import User
from apps.audit import selectors as audit
from apps.audit.models import JournalEntry
from apps.core import clock
from apps.core.errors import InvalidInput, NotAllowed
from apps.notifications import rendering
from apps.notifications.models import OutboxMessage
from apps.organizations import policies, selectors, services
from apps.organizations.enums import POWER_ROLES, Role
from apps.organizations.models import Membership, Organization, RoleProposal
from tests.people import LONG_BEFORE, MORNING, People, body, holds, person

LATER = MORNING + timedelta(hours=1)
FORTNIGHT = timedelta(days=14)


@pytest.fixture(autouse=True)
def _morning() -> Any:
    with clock.frozen(MORNING):
        yield


@pytest.fixture
def third(people: People) -> User:
    """A third administrator."""
    chynara = person("chynara")
    holds(chynara, people.operator, "administrator")
    return chynara


def propose(people: People, user: User | None = None, role: str = "coordinator", **more: Any) -> RoleProposal:
    return services.propose_role(
        **{
            "actor": people.saltanat,
            "user_id": (user or people.nurlan).pk,
            "organization_id": people.agency.pk,
            "role": role,
            "at": MORNING,
        }
        | more
    )


def coordinates(user: User) -> bool:
    return policies.has_role(User.objects.get(pk=user.pk), "coordinator")


def letters(template: str) -> dict[str, str]:
    """Who got this letter, with its words on one line."""
    found = OutboxMessage.objects.filter(template=f"organizations.{template}").select_related("recipient")
    return {
        letter.recipient.full_name.lower(): " ".join(rendering.render(letter).text.split())  # type: ignore[union-attr]
        for letter in found
    }


# --- one administrator alone ------------------------------------------------------------------------------


@pytest.mark.parametrize("role", sorted(POWER_ROLES))
def test_one_administrator_alone_gives_no_power_role(people: People, role: str) -> None:
    home = {
        Role.MINISTRY_SIGNATORY: people.ministry,
        Role.ASSOCIATION_SIGNATORY: people.union,
        Role.COORDINATOR: people.agency,
        Role.ADMINISTRATOR: people.operator,
    }.get(Role(role)) or body("clerks", "committee" if role == Role.COMMITTEE_CLERK else "cabinet_office")

    with pytest.raises(services.TwoAdministrators):
        services.grant_role(
            actor=people.saltanat,
            user_id=person("new").pk,
            organization_id=home.pk,
            role=role,
            at=MORNING,
        )

    assert not Membership.objects.filter(user__email="new@example.org").exists()


def test_the_installation_gives_no_power_role_beside_the_first_administrators(people: People) -> None:
    with pytest.raises(services.TwoAdministrators):
        services.grant_role(
            actor=None,
            user_id=people.nurlan.pk,
            organization_id=people.agency.pk,
            role="coordinator",
            at=MORNING,
        )


def test_a_proposal_gives_nothing_and_asks_the_other_administrators(people: People, third: User) -> None:
    proposal = propose(people)

    assert not coordinates(people.nurlan)
    assert set(letters("role_proposed")) == {"bermet", "chynara"}
    assert f"/administration/roles/proposals/{proposal.pk}/" in letters("role_proposed")["bermet"]
    assert set(letters("role_proposed_to_you")) == {"nurlan"}
    line = JournalEntry.objects.get(action="role.proposed")
    assert (line.actor, line.data) == (people.saltanat, {"user": people.nurlan.pk, "role": "coordinator"})


@pytest.mark.parametrize("who", ["nurlan", "asel", "saltanat"])
def test_neither_who_proposed_nor_who_receives_nor_anybody_else_confirms(people: People, who: str) -> None:
    proposal = propose(people)

    with pytest.raises(NotAllowed):
        services.confirm_role(actor=getattr(people, who), proposal_id=proposal.pk, at=LATER)
    with pytest.raises(NotAllowed):
        services.refuse_role(actor=getattr(people, who), proposal_id=proposal.pk, reason="нет", at=LATER)

    assert not coordinates(people.nurlan)


# --- the second administrator ------------------------------------------------------------------------------


def test_the_second_administrator_confirms_and_the_role_works_at_once(people: People) -> None:
    proposal = propose(people, position_ru="Начальник отдела")

    given = services.confirm_role(actor=people.bermet, proposal_id=proposal.pk, at=MORNING)

    assert (given.granted_by, given.confirmed_by, given.position_ru) == (
        people.saltanat,
        people.bermet,
        "Начальник отдела",
    )
    assert coordinates(people.nurlan)
    line = JournalEntry.objects.get(action="role.granted")
    assert (line.actor, line.data) == (
        people.bermet,
        {
            "user": people.nurlan.pk,
            "role": "coordinator",
            "proposal": proposal.pk,
            "proposed_by": people.saltanat.pk,
        },
    )
    assert set(letters("role_confirmed")) == {"saltanat", "bermet"}
    assert set(letters("role_granted")) == {"nurlan"}
    assert audit.verify_chain().ok


def test_a_refusal_has_a_reason_that_all_three_read(people: People) -> None:
    proposal = propose(people)
    with pytest.raises(InvalidInput):
        services.refuse_role(actor=people.bermet, proposal_id=proposal.pk, reason="  ", at=LATER)

    services.refuse_role(actor=people.bermet, proposal_id=proposal.pk, reason="Нет приказа.", at=LATER)

    assert not coordinates(people.nurlan)
    told = letters("role_refused") | letters("role_not_given")
    assert set(told) == {"saltanat", "bermet", "nurlan"}
    assert all("Нет приказа." in text for text in told.values())
    assert "Нет приказа." not in str(JournalEntry.objects.get(action="role.refused").data)
    with pytest.raises(services.ProposalClosed):
        services.confirm_role(actor=people.bermet, proposal_id=proposal.pk, at=LATER)


def test_only_who_proposed_takes_it_back(people: People) -> None:
    proposal = propose(people)
    with pytest.raises(NotAllowed):
        services.withdraw_proposal(actor=people.bermet, proposal_id=proposal.pk, at=LATER)

    services.withdraw_proposal(actor=people.saltanat, proposal_id=proposal.pk, at=LATER)

    with pytest.raises(services.ProposalClosed):
        services.confirm_role(actor=people.bermet, proposal_id=proposal.pk, at=LATER)
    assert set(letters("role_not_given")) == {"nurlan"}


@pytest.mark.parametrize(
    ("late", "state"), [(-timedelta(milliseconds=1), "waiting"), (timedelta(0), "expired")]
)
def test_a_proposal_runs_out_by_the_clock_alone(people: People, late: timedelta, state: str) -> None:
    proposal = propose(people)
    at = MORNING + FORTNIGHT + late

    with clock.frozen(at):
        assert proposal.state(at) == state
        assert bool(selectors.proposals_for(people.bermet, at)) == (state == "waiting")
        if state == "waiting":
            services.confirm_role(actor=people.bermet, proposal_id=proposal.pk, at=at)
        else:
            for act in (services.confirm_role, services.withdraw_proposal):
                actor = people.bermet if act is services.confirm_role else people.saltanat
                with pytest.raises(services.ProposalClosed):
                    act(actor=actor, proposal_id=proposal.pk, at=at)
            propose(people, at=at)  # anew
        assert coordinates(people.nurlan) == (state == "waiting")


def test_the_proposal_of_a_former_administrator_is_worth_nothing(people: People, third: User) -> None:
    proposal = propose(people)
    services.end_role(actor=people.bermet, membership_id=people.saltanat.memberships.get().pk, at=MORNING)

    with pytest.raises(services.ProposalClosed):
        services.confirm_role(actor=people.bermet, proposal_id=proposal.pk, at=LATER)


def test_what_changed_meanwhile_is_asked_again(people: People) -> None:
    proposal = propose(people)
    Organization.objects.filter(pk=people.agency.pk).update(coordinates=False)

    with pytest.raises(InvalidInput):
        services.confirm_role(actor=people.bermet, proposal_id=proposal.pk, at=LATER)


def test_a_third_administrator_is_made_by_the_two(people: People) -> None:
    new = person("new")
    proposal = propose(people, new, "administrator", organization_id=people.operator.pk)

    services.confirm_role(actor=people.bermet, proposal_id=proposal.pk, at=MORNING)

    assert new in selectors.administering(MORNING)


def test_a_waiting_role_counts_where_roles_exclude_each_other(people: People) -> None:
    new = person("new")
    propose(people, new, "association_signatory", organization_id=people.union.pk)

    for role, organization in (
        ("association_officer", people.union),
        ("association_signatory", people.union),
    ):
        with pytest.raises(InvalidInput):
            services.grant_roles(
                actor=people.saltanat,
                user_id=new.pk,
                organization_id=organization.pk,
                roles=[role],
                at=MORNING,
            )
    with pytest.raises(InvalidInput):
        propose(people, new, "administrator", organization_id=people.operator.pk)


# --- round the services: the database refuses ----------------------------------------------------------------


def test_the_database_knows_the_same_power_roles(db: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'organizations_power_role_check'")
        source = cursor.fetchone()[0]

    assert {role for role in Role.values if f"'{role}'" in source.partition("THEN")[0]} == POWER_ROLES


def in_table(people: People, **more: Any) -> Membership:
    return Membership.objects.create(
        **{"user": people.nurlan, "organization": people.agency, "role": "coordinator", "valid_from": MORNING}
        | more
    )


SHORTCUTS: dict[str, Callable[[People], dict[str, Any]]] = {
    "by nobody": lambda people: {},
    "by one": lambda people: {"granted_by": people.saltanat},
    "by one twice": lambda people: {"granted_by": people.saltanat, "confirmed_by": people.saltanat},
    "confirmed by the receiver": lambda people: {
        "granted_by": people.saltanat,
        "confirmed_by": people.nurlan,
    },
    "confirmed by no administrator": lambda people: {
        "granted_by": people.saltanat,
        "confirmed_by": people.asel,
    },
    "before the two administered": lambda people: {
        "granted_by": people.saltanat,
        "confirmed_by": people.bermet,
        "valid_from": LONG_BEFORE - timedelta(days=1),
    },
    "a third administrator by nobody": lambda people: {
        "user": person("new"),
        "organization": people.operator,
        "role": "administrator",
    },
}


@pytest.mark.parametrize("shortcut", SHORTCUTS)
def test_the_database_refuses_every_shortcut_to_power(people: People, shortcut: str) -> None:
    more = SHORTCUTS[shortcut](people)

    with pytest.raises(IntegrityError), transaction.atomic():
        in_table(people, **more)


def test_the_database_lets_two_administrators_give_it(people: People) -> None:
    in_table(people, granted_by=people.saltanat, confirmed_by=people.bermet)


def test_the_mark_of_a_demonstration_account_opens_no_way_round(people: People) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=people.nurlan.pk).update(is_demo=True)


@pytest.mark.parametrize(
    "decision",
    [
        {"outcome": "confirmed"},
        {"outcome": "refused"},
        {"outcome": "withdrawn"},
        {"expires_at": MORNING + timedelta(days=999)},
        {"role": "drafter"},
    ],
)
def test_a_proposal_is_only_decided_and_with_its_facts(people: People, decision: dict[str, Any]) -> None:
    proposal = propose(people)

    with pytest.raises(IntegrityError), transaction.atomic():
        RoleProposal.objects.filter(pk=proposal.pk).update(**decision)


@pytest.mark.parametrize("who", ["saltanat", "nurlan"])
def test_the_table_of_proposals_takes_no_confirmation_by_the_same_hand(people: People, who: str) -> None:
    proposal = propose(people)
    given = in_table(people, granted_by=people.saltanat, confirmed_by=people.bermet)

    with pytest.raises(IntegrityError), transaction.atomic():
        RoleProposal.objects.filter(pk=proposal.pk).update(
            outcome="confirmed", decided_by=getattr(people, who), decided_at=LATER, membership=given
        )


def test_a_decided_proposal_stays_as_it_is(people: People) -> None:
    proposal = propose(people)
    services.refuse_role(actor=people.bermet, proposal_id=proposal.pk, reason="Нет приказа.", at=LATER)

    with pytest.raises(IntegrityError), transaction.atomic():
        RoleProposal.objects.filter(pk=proposal.pk).update(reason="Иначе")
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleProposal.objects.filter(pk=proposal.pk).delete()


def test_one_proposal_of_a_role_waits_at_a_time(people: People) -> None:
    row = propose(people)
    row.pk, row.proposed_by = None, people.bermet

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


# --- the pages -------------------------------------------------------------------------------------------------


def at_desk(client: Client, who: User) -> str:
    client.force_login(who)
    return client.get("/ru/desk/").content.decode()


def test_from_the_page_of_a_person_to_the_desk_of_the_other(people: People, client: Client) -> None:
    client.force_login(people.saltanat)
    client.post(
        f"/ru/administration/organizations/agency/people/{people.nurlan.pk}/role/", {"roles": ["coordinator"]}
    )
    proposal = RoleProposal.objects.get()
    page = f"/ru/administration/roles/proposals/{proposal.pk}/"

    assert page in client.get(f"/ru/administration/people/{people.nurlan.pk}/").content.decode()
    assert page in client.get("/ru/administration/organizations/agency/").content.decode()
    assert page not in at_desk(client, people.saltanat)
    assert page in at_desk(client, people.bermet)
    assert page in client.get("/ru/administration/roles/").content.decode()
    assert client.post(f"{page}confirm/").status_code == 302
    assert coordinates(people.nurlan)
    assert page not in at_desk(client, people.bermet)


def test_the_proposer_finds_no_button_to_confirm(people: People, client: Client) -> None:
    proposal = propose(people)
    client.force_login(people.saltanat)
    page = f"/ru/administration/roles/proposals/{proposal.pk}/"

    shown = client.get(page).content.decode()

    assert f"{page}confirm/" not in shown
    assert f"{page}withdraw/" in shown
    assert client.post(f"{page}confirm/").status_code == 403
    assert client.post(f"{page}withdraw/").status_code == 302


def test_a_refusal_without_a_reason_comes_back_with_its_form(people: People, client: Client) -> None:
    proposal = propose(people)
    client.force_login(people.bermet)
    page = f"/ru/administration/roles/proposals/{proposal.pk}/"

    assert client.post(f"{page}refuse/", {"reason": ""}).status_code == 400
    assert client.post(f"{page}refuse/", {"reason": "Нет приказа."}).status_code == 302
    assert "Нет приказа." in client.get(page).content.decode()
    assert client.post(f"{page}confirm/").status_code == 409


def test_for_others_a_proposal_does_not_exist(people: People, client: Client) -> None:
    proposal = propose(people)
    client.force_login(people.nurlan)

    assert client.get(f"/ru/administration/roles/proposals/{proposal.pk}/").status_code == 404
    assert client.post(f"/ru/administration/roles/proposals/{proposal.pk}/confirm/").status_code == 404
    assert client.get("/ru/administration/roles/").status_code == 403


def test_the_list_of_proposals_does_not_ask_more_for_more_rows(
    people: People, client: Client, django_assert_max_num_queries: Any
) -> None:
    propose(people)
    client.force_login(people.bermet)
    client.get("/ru/administration/roles/")
    with django_assert_max_num_queries(12):
        client.get("/ru/administration/roles/")
    for number in range(6):
        propose(people, person(f"new{number}"))

    with django_assert_max_num_queries(12):
        client.get("/ru/administration/roles/")
