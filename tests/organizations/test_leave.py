"""Substitution during leave: who names whom, from when until when, what the substitute may, and how it ends."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from apps.accounts.models import User
from apps.audit import selectors as audit
from apps.audit.models import JournalEntry
from apps.core import clock
from apps.core.clock import BISHKEK
from apps.core.errors import InvalidInput, NotAllowed
from apps.notifications import rendering
from apps.notifications.models import OutboxMessage
from apps.organizations import policies, rules, selectors, services
from apps.organizations.models import Membership, Organization, Substitution
from tests.people import MORNING, People, body, holds, person

TODAY = date(2026, 9, 7)
FRIDAY = date(2026, 9, 11)
AFTER = datetime(2026, 9, 12, 0, 0, tzinfo=BISHKEK)  # the midnight that ends Friday


@pytest.fixture(autouse=True)
def _morning() -> Any:
    with clock.frozen(MORNING):
        yield


def role_of(user: User) -> Membership:
    return user.memberships.get()  # type: ignore[attr-defined]


def name(
    people: People,
    *,
    absent: str = "nurlan",
    substitute: str = "asel",
    actor: str = "",
    first: date = TODAY,
    last: date = FRIDAY,
    at: datetime = MORNING,
) -> Substitution:
    return services.name_substitute(
        actor=getattr(people, actor or absent),
        membership_id=role_of(getattr(people, absent)).pk,
        substitute_id=getattr(people, substitute).pk,
        first_day=first,
        last_day=last,
        at=at,
    )


def confirmed(people: People, **more: Any) -> Substitution:
    """For a power role: named by its holder, confirmed by both administrators."""
    named = name(people, **{"absent": "asel", "substitute": "nurlan"} | more)
    for administrator in (people.saltanat, people.bermet):
        services.confirm_substitution(actor=administrator, substitution_id=named.pk, at=MORNING)
    return Substitution.objects.get(pk=named.pk)


def may(user: User, role: str, at: datetime = MORNING) -> bool:
    with clock.frozen(at):
        return policies.has_role(User.objects.get(pk=user.pk), role)


def told(template: str) -> dict[str, str]:
    found = OutboxMessage.objects.filter(template=f"organizations.{template}").select_related("recipient")
    return {
        letter.recipient.full_name.lower(): " ".join(rendering.render(letter).text.split())  # type: ignore[union-attr]
        for letter in found
    }


# --- naming ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("actor", ["asel", "gulnara", "bakyt"])
def test_only_the_holder_or_an_administrator_names_a_substitute(people: People, actor: str) -> None:
    with pytest.raises(NotAllowed):
        name(people, actor=actor)


@pytest.mark.parametrize("actor", ["nurlan", "saltanat"])
def test_a_substitute_has_the_role_for_its_days_and_its_letters(people: People, actor: str) -> None:
    name(people, actor=actor)

    assert may(people.asel, "drafter")
    assert set(selectors.people([people.ministry.pk], "drafter", at=MORNING)) == {people.nurlan, people.asel}
    assert may(people.nurlan, "drafter")  # the absent person keeps the role
    assert set(told("substitution_named")) == {"nurlan", "asel"}
    line = JournalEntry.objects.get(action="substitution.named")
    assert line.data == {"user": people.nurlan.pk, "substitute": people.asel.pk, "role": "drafter"}


@pytest.mark.parametrize(
    ("at", "right"),
    [
        (datetime(2026, 9, 8, 23, 59, 59, 999000, tzinfo=BISHKEK), False),
        (datetime(2026, 9, 9, 0, 0, tzinfo=BISHKEK), True),
        (AFTER - timedelta(milliseconds=1), True),
        (AFTER, False),
        (AFTER + timedelta(days=30), False),
    ],
)
def test_it_begins_and_ends_by_its_dates_alone(people: People, at: datetime, right: bool) -> None:
    name(people, first=date(2026, 9, 9))

    assert may(people.asel, "drafter", at) is right
    assert (people.asel in selectors.people([people.ministry.pk], "drafter", at=at)) is right


def test_without_a_confirmation_a_power_role_is_not_stood_in_for(people: People) -> None:
    named = name(people, absent="asel", substitute="nurlan")

    assert not may(people.nurlan, "ministry_signatory")
    assert set(told("substitution_to_confirm")) == {"saltanat", "bermet"}
    services.confirm_substitution(actor=people.saltanat, substitution_id=named.pk, at=MORNING)
    assert not may(people.nurlan, "ministry_signatory")
    with pytest.raises(NotAllowed):
        services.confirm_substitution(actor=people.saltanat, substitution_id=named.pk, at=MORNING)
    services.confirm_substitution(actor=people.bermet, substitution_id=named.pk, at=MORNING)
    assert may(people.nurlan, "ministry_signatory")
    assert set(told("substitution_confirmed")) == {"saltanat", "bermet", "nurlan", "asel"}


def test_the_administrator_who_names_is_the_first_of_the_two(people: People) -> None:
    named = name(people, absent="asel", substitute="nurlan", actor="saltanat")

    with pytest.raises(NotAllowed):
        services.confirm_substitution(actor=people.saltanat, substitution_id=named.pk, at=MORNING)
    services.confirm_substitution(actor=people.bermet, substitution_id=named.pk, at=MORNING)

    assert may(people.nurlan, "ministry_signatory")


def test_a_refusal_has_a_reason_and_is_told(people: People) -> None:
    named = name(people, absent="asel", substitute="nurlan")
    with pytest.raises(InvalidInput):
        services.refuse_substitution(
            actor=people.saltanat, substitution_id=named.pk, reason=" \u200b", at=MORNING
        )

    services.refuse_substitution(
        actor=people.saltanat, substitution_id=named.pk, reason="Нет приказа.", at=MORNING
    )

    assert all("Нет приказа." in text for text in told("substitution_refused").values())
    with pytest.raises(services.SubstitutionClosed):
        services.confirm_substitution(actor=people.bermet, substitution_id=named.pk, at=MORNING)
    name(people, absent="asel", substitute="nurlan")  # the days are free again


# --- the limits -------------------------------------------------------------------------------------------


def test_a_substitute_is_of_the_same_organisation_and_somebody_else(people: People) -> None:
    for substitute in ("gulnara", "saltanat", "nurlan"):
        with pytest.raises(InvalidInput):
            name(people, substitute=substitute)


def test_nobody_stands_in_for_an_administrator(people: People) -> None:
    with pytest.raises(NotAllowed):
        name(people, absent="saltanat", substitute="bermet")


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (TODAY - timedelta(days=1), FRIDAY, "first_day"),
        (FRIDAY, TODAY, "last_day"),
        (TODAY, TODAY + timedelta(days=366), "last_day"),
    ],
)
def test_days_that_make_no_leave_are_refused(people: People, first: date, last: date, field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        name(people, first=first, last=last)

    assert set(refusal.value.fields) == {field}


def test_leaves_of_one_role_do_not_overlap(people: People) -> None:
    name(people)
    with pytest.raises(InvalidInput):
        name(people, first=FRIDAY, last=FRIDAY)

    name(people, first=FRIDAY + timedelta(days=1), last=FRIDAY + timedelta(days=9))


def test_a_substitute_has_no_substitute(people: People) -> None:
    name(people)  # asel stands in for nurlan
    with pytest.raises(InvalidInput):
        name(people, absent="asel", substitute="nurlan")

    third = person("third")
    holds(third, people.ministry, "drafter")
    with pytest.raises(InvalidInput):
        services.name_substitute(
            actor=people.asel, membership_id=role_of(people.asel).pk, substitute_id=third.pk,
            first_day=FRIDAY, last_day=FRIDAY + timedelta(days=3), at=MORNING,
        )  # fmt: skip


def test_nobody_stands_in_for_two_people_in_the_same_role(people: People) -> None:
    name(people)
    other = person("other")
    holds(other, people.ministry, "drafter")

    with pytest.raises(InvalidInput):
        services.name_substitute(
            actor=other, membership_id=role_of(other).pk, substitute_id=people.asel.pk,
            first_day=TODAY, last_day=FRIDAY, at=MORNING,
        )  # fmt: skip


def test_a_substitute_cannot_pass_the_role_on(people: People) -> None:
    name(people)
    third = person("third")
    holds(third, people.ministry, "ministry_signatory")

    with pytest.raises(NotAllowed):
        services.name_substitute(
            actor=people.asel, membership_id=role_of(people.nurlan).pk, substitute_id=third.pk,
            first_day=FRIDAY + timedelta(days=1), last_day=FRIDAY + timedelta(days=2), at=MORNING,
        )  # fmt: skip


# --- its end ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["nurlan", "asel", "saltanat"])
def test_it_is_ended_early_by_either_person_or_an_administrator(people: People, who: str) -> None:
    named = name(people)

    services.withdraw_substitution(actor=getattr(people, who), substitution_id=named.pk, at=MORNING)

    assert not may(people.asel, "drafter")
    assert {"nurlan", "asel"} <= set(told("substitution_ended"))
    assert JournalEntry.objects.filter(action="substitution.withdrawn").exists()
    with pytest.raises(services.SubstitutionClosed):
        services.withdraw_substitution(actor=people.nurlan, substitution_id=named.pk, at=MORNING)
    name(people, at=MORNING + timedelta(minutes=1))  # the rest of the days is free again


def test_a_stranger_ends_nothing(people: People) -> None:
    named = name(people)

    with pytest.raises(NotAllowed):
        services.withdraw_substitution(actor=people.gulnara, substitution_id=named.pk, at=MORNING)


def test_it_is_over_with_the_role_the_substitutes_own_role_or_the_account(people: People) -> None:
    name(people)
    assert may(people.asel, "drafter")

    with transaction.atomic():
        services.end_role(actor=people.saltanat, membership_id=role_of(people.asel).pk, at=MORNING)
        assert not may(people.asel, "drafter")
        transaction.set_rollback(True)
    with transaction.atomic():
        services.end_role(actor=people.saltanat, membership_id=role_of(people.nurlan).pk, at=MORNING)
        assert not may(people.asel, "drafter")
        transaction.set_rollback(True)
    services.deactivate_person(actor=people.saltanat, user_id=people.nurlan.pk, at=MORNING)
    assert not may(people.asel, "drafter")


# --- in whose name ----------------------------------------------------------------------------------------


def test_what_a_substitute_does_is_recorded_for_the_absent_person(people: People) -> None:
    confirmed(people)

    services.accept_rules(
        actor=people.nurlan, organization_id=people.ministry.pk, version=rules.CURRENT, at=MORNING
    )

    line = JournalEntry.objects.get(action="rules.accepted")
    assert (line.actor, line.data["for"]) == (people.nurlan, people.asel.pk)
    assert audit.verify_chain().ok


def test_what_a_person_may_do_anyway_is_not_done_for_somebody(people: People) -> None:
    confirmed(people)

    assert policies.has_role(people.nurlan, "drafter", "ministry_signatory")
    assert policies.acting_for(people.nurlan) is None
    assert policies.has_role(people.nurlan, "ministry_signatory")
    assert policies.acting_for(people.nurlan) == people.asel
    assert policies.has_role(people.nurlan, "drafter")
    assert policies.acting_for(people.nurlan) is None


def test_to_end_a_substitution_is_a_step_of_ones_own(people: People) -> None:
    named = confirmed(people)
    assert policies.has_role(people.nurlan, "ministry_signatory")  # as the frame of every page asks

    services.withdraw_substitution(actor=people.nurlan, substitution_id=named.pk, at=MORNING)

    assert "for" not in JournalEntry.objects.get(action="substitution.withdrawn").data


def test_the_capacity_of_a_substitute_names_both(people: People) -> None:
    lead = person("lead")
    holds(lead, people.agency, "coordinator", position_ru="Начальник отдела", position_ky="Бөлүм башчысы")
    deputy = person("deputy")
    holds(deputy, people.agency, "drafter", position_ru="Советник")
    named = services.name_substitute(
        actor=lead, membership_id=role_of(lead).pk, substitute_id=deputy.pk,
        first_day=TODAY, last_day=FRIDAY, at=MORNING,
    )  # fmt: skip
    for administrator in (people.saltanat, people.bermet):
        services.confirm_substitution(actor=administrator, substitution_id=named.pk, at=MORNING)

    held = selectors.capacity(deputy, people.agency, "coordinator", at=MORNING)

    assert held.words("ru") == "Советник; замещает: Lead, Начальник отдела"
    assert held.words("ky") == "Советник; кимдин ордуна: Lead, Бөлүм башчысы"
    assert (
        selectors.capacity(lead, people.agency, "coordinator", at=MORNING).words("ru") == "Начальник отдела"
    )
    assert policies.can_coordinate(User.objects.get(pk=deputy.pk), initiator_id=people.ministry.pk)
    assert not policies.can_coordinate(User.objects.get(pk=deputy.pk), initiator_id=people.agency.pk)


# --- round the services: the database refuses ----------------------------------------------------------------


def row(people: People, **more: Any) -> Substitution:
    values = {
        "membership": role_of(people.nurlan), "absent": people.nurlan, "organization": people.ministry,
        "role": "drafter", "substitute": people.asel, "named_by": people.nurlan, "named_at": MORNING,
        "starts_at": MORNING, "ends_at": AFTER, "stops_at": AFTER,
    } | more  # fmt: skip
    return Substitution.objects.create(**values)


WRONG: dict[str, Any] = {
    "of oneself": lambda people: {"substitute": people.nurlan},
    "of a stranger": lambda people: {"substitute": people.gulnara},
    "in a role not held": lambda people: {"role": "ministry_signatory"},
    "for somebody else's role": lambda people: {"absent": people.asel, "substitute": people.nurlan},
    "of an administrator": lambda people: {
        "membership": role_of(people.saltanat), "absent": people.saltanat, "organization": people.operator,
        "role": "administrator", "substitute": people.bermet,
    },
    "without days": lambda people: {"ends_at": MORNING, "stops_at": MORNING},
    "longer than its days": lambda people: {"stops_at": AFTER + timedelta(days=1)},
    "confirmed by one twice": lambda people: {
        "approved_by": people.saltanat, "approved_at": MORNING,
        "confirmed_by": people.saltanat, "confirmed_at": MORNING,
    },
    "confirmed by the substitute": lambda people: {"approved_by": people.asel, "approved_at": MORNING},
    "confirmed by no administrator": lambda people: {"approved_by": people.gulnara, "approved_at": MORNING},
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_the_database_refuses_what_makes_no_substitution(people: People, wrong: str) -> None:
    more = WRONG[wrong](people)

    with pytest.raises(IntegrityError), transaction.atomic():
        row(people, **more)


def test_the_database_takes_a_right_one_and_no_second_at_the_same_time(people: People) -> None:
    row(people)

    third = person("third")
    holds(third, people.ministry, "ministry_signatory")
    with pytest.raises(IntegrityError), transaction.atomic():
        row(people, substitute=third)


def test_the_database_refuses_a_chain_and_two_people_in_one_role(people: People) -> None:
    row(people)
    third = person("third")
    holds(third, people.ministry, "drafter")
    held = role_of(third)

    with pytest.raises(IntegrityError), transaction.atomic():  # the substitute goes on leave
        row(
            people, membership=role_of(people.asel), absent=people.asel, role="ministry_signatory",
            substitute=third,
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        row(people, membership=held, absent=third)


@pytest.mark.parametrize(
    "change",
    [
        {"substitute": 0},
        {"ends_at": AFTER + timedelta(days=9), "stops_at": AFTER + timedelta(days=9)},
        {"starts_at": MORNING - timedelta(days=1)},
        {"end_kind": "withdrawn"},
    ],
)
def test_the_database_lets_it_only_be_confirmed_and_ended(people: People, change: dict[str, Any]) -> None:
    named = row(people)
    if "substitute" in change:
        change = {"substitute": people.nurlan}

    with pytest.raises(IntegrityError), transaction.atomic():
        Substitution.objects.filter(pk=named.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Substitution.objects.filter(pk=named.pk).delete()


def test_what_ended_does_not_begin_again(people: People) -> None:
    named = name(people)
    services.withdraw_substitution(actor=people.nurlan, substitution_id=named.pk, at=MORNING)

    with pytest.raises(IntegrityError), transaction.atomic():
        Substitution.objects.filter(pk=named.pk).update(
            end_kind="", ended_by=None, ended_at=None, stops_at=AFTER
        )


# --- the pages ------------------------------------------------------------------------------------------------


def test_from_the_own_page_to_the_desks_of_both(people: People, client: Client) -> None:
    client.force_login(people.nurlan)
    role = role_of(people.nurlan)
    assert f"/ru/leave/roles/{role.pk}/" in client.get("/ru/leave/").content.decode()
    answer = client.post(
        f"/ru/leave/roles/{role.pk}/",
        {"substitute": people.asel.pk, "first_day": "2026-09-07", "last_day": "2026-09-11"},
    )
    found = Substitution.objects.get()

    assert answer["Location"] == f"/ru/leave/{found.pk}/"
    assert "вас замещает Asel" in client.get("/ru/desk/").content.decode()
    client.force_login(people.asel)
    assert "Вы замещаете: Nurlan" in client.get("/ru/desk/").content.decode()
    client.force_login(people.saltanat)
    page = client.get("/ru/administration/organizations/finance/").content.decode()
    assert "замещающий: Asel" in page
    assert client.post(f"/ru/leave/{found.pk}/withdraw/").status_code == 302
    assert not may(people.asel, "drafter")


def test_administrators_find_and_confirm_it_on_their_desks(people: People, client: Client) -> None:
    named = name(people, absent="asel", substitute="nurlan")
    page = f"/ru/leave/{named.pk}/"
    for administrator in (people.saltanat, people.bermet):
        client.force_login(administrator)
        assert page in client.get("/ru/desk/").content.decode()
        assert client.post(f"{page}confirm/").status_code == 302
        assert page not in client.get("/ru/desk/").content.decode()

    assert may(people.nurlan, "ministry_signatory")


def test_what_cannot_be_is_said_beside_its_field(people: People, client: Client) -> None:
    client.force_login(people.nurlan)
    page = f"/ru/leave/roles/{role_of(people.nurlan).pk}/"

    answer = client.post(
        page, {"substitute": people.asel.pk, "first_day": "2026-09-11", "last_day": "2026-09-07"}
    )

    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {"last_day"}
    named = name(people, absent="asel", substitute="nurlan", first=FRIDAY, last=FRIDAY)
    client.force_login(people.saltanat)
    assert client.post(f"/ru/leave/{named.pk}/refuse/", {"reason": ""}).status_code == 400
    assert client.post(f"/ru/leave/{named.pk}/refuse/", {"reason": "Нет"}).status_code == 302


def test_for_others_it_does_not_exist(people: People, client: Client) -> None:
    named = name(people)
    client.force_login(people.gulnara)

    for page in (f"/ru/leave/{named.pk}/", f"/ru/leave/roles/{role_of(people.nurlan).pk}/"):
        assert client.get(page).status_code == 404
    assert client.post(f"/ru/leave/{named.pk}/withdraw/").status_code == 404


def test_where_nobody_else_is_there_the_page_says_so(people: People, client: Client) -> None:
    lonely = person("lonely")
    holds(lonely, body("small", "state_body"), "drafter")
    client.force_login(lonely)

    page = client.get(f"/ru/leave/roles/{role_of(lonely).pk}/").content.decode()

    assert "больше нет никого" in page


def test_a_closed_organisation_has_no_substitutes(people: People) -> None:
    name(people)
    Organization.objects.filter(pk=people.ministry.pk).update(closed_at=MORNING)

    assert not may(people.asel, "drafter")
