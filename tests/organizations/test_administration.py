"""The pages of the administrator, the institutions an installation starts with, and the rules of signing."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from apps.accounts.models import User
from apps.audit.models import JournalEntry
from apps.core import clock
from apps.core.errors import InvalidInput, NotAllowed
from apps.notifications import rendering
from apps.notifications.models import OutboxMessage
from apps.organizations import rules, selectors, services
from apps.organizations.models import Membership, Organization, RulesAcceptance
from tests.people import MORNING, PASSWORD, People, body, holds, person

NAMES = {
    "name_ky": "Айыл өкмөтүнүн агенттиги",
    "name_ru": "Агентство",
    "name_en": "",
    "short_name_ky": "",
    "short_name_ru": "",
    "short_name_en": "",
    "email": "",
}


@pytest.fixture
def administrator(people: People, client: Client) -> Client:
    client.force_login(people.saltanat)
    return client


OBJECT_PAGES = [
    "organizations/union/",
    "organizations/union/edit/",
    "organizations/union/invitation/",
    "people/1/",
]


@pytest.mark.parametrize("who", ["nurlan", "asel", "gulnara", "bakyt", None])
def test_for_others_the_administration_is_closed(people: People, client: Client, who: str | None) -> None:
    if who:
        client.force_login(getattr(people, who))

    assert client.get("/ru/administration/").status_code == (403 if who else 302)
    assert client.get("/ru/administration/new/").status_code == (403 if who else 302)
    for page in OBJECT_PAGES:
        assert client.get(f"/ru/administration/{page}").status_code == 404
    assert client.post("/ru/administration/organizations/union/close/").status_code == 404
    assert Organization.objects.get(code="union").closed_at is None


def test_an_organisation_is_found_by_words_of_its_name(administrator: Client) -> None:
    page = administrator.get("/ru/administration/", {"q": "union", "kind": "association"}).content.decode()

    assert "/ru/administration/organizations/union/" in page
    assert "/ru/administration/organizations/finance/" not in page


def test_the_list_asks_the_database_the_same_number_of_times_whatever_its_length(
    administrator: Client, django_assert_max_num_queries: Any
) -> None:
    administrator.get("/ru/administration/")
    with django_assert_max_num_queries(12):
        administrator.get("/ru/administration/")
    services.seed_institutions(at=MORNING)

    with django_assert_max_num_queries(12):
        administrator.get("/ru/administration/")


def test_an_organisation_is_entered_changed_closed_and_opened(administrator: Client) -> None:
    administrator.post(
        "/ru/administration/new/", {"code": "new-body", "kind": "state_body", "coordinates": "on", **NAMES}
    )
    body = Organization.objects.get(code="new-body")
    assert (body.coordinates, body.name_ky) == (True, NAMES["name_ky"])

    administrator.post(
        "/ru/administration/organizations/new-body/edit/", {**NAMES, "name_ru": "Другое агентство"}
    )
    administrator.post("/ru/administration/organizations/new-body/close/")
    administrator.post("/ru/administration/organizations/new-body/reopen/")

    body.refresh_from_db()
    assert (body.coordinates, body.name_ru, body.closed_at) == (False, "Другое агентство", None)
    assert list(JournalEntry.objects.values_list("action", flat=True).order_by("seq")) == [
        "organization.created",
        "organization.changed",
        "organization.closed",
        "organization.reopened",
    ]


def test_a_mark_of_another_kind_is_refused(people: People) -> None:
    with pytest.raises(InvalidInput):
        services.create_organization(
            actor=people.saltanat,
            code="x",
            kind="committee",
            fields={**NAMES, "is_national": True},
            at=MORNING,
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Organization.objects.filter(pk=people.ministry.pk).update(is_national=True)


def test_a_code_that_is_taken_is_said_beside_its_field(administrator: Client) -> None:
    answer = administrator.post("/ru/administration/new/", {"code": "union", "kind": "association", **NAMES})

    assert answer.status_code == 400
    assert "code" in answer.context["form"].errors


def test_a_person_is_invited_and_the_kept_letter_is_handed_over(administrator: Client) -> None:
    answer = administrator.post(
        "/ru/administration/organizations/finance/invitation/",
        {"email": "new@example.org", "language": "ky", "roles": ["drafter"], "position_ky": "адис"},
    )
    person = User.objects.get(email="new@example.org")

    assert answer["Location"] == f"/ru/administration/people/{person.pk}/"
    page = administrator.get(answer["Location"]).content.decode()
    assert "data-invitation-url" in page  # letters are kept here, so the page shows the link
    assert Membership.objects.get(user=person).granted_by == User.objects.get(email="saltanat@example.org")


def test_where_letters_are_sent_the_link_is_not_shown(administrator: Client, settings: Any) -> None:
    settings.EMAIL_KEPT = False
    administrator.post(
        "/ru/administration/organizations/finance/invitation/",
        {"email": "new@example.org", "language": "ky", "roles": ["drafter"]},
    )
    person = User.objects.get(email="new@example.org")

    assert (
        "data-invitation-url"
        not in administrator.get(f"/ru/administration/people/{person.pk}/").content.decode()
    )


def test_roles_and_accounts_on_the_page_of_a_person(people: People, administrator: Client) -> None:
    page = f"/ru/administration/people/{people.nurlan.pk}/"
    administrator.post(
        f"/ru/administration/organizations/agency/people/{people.nurlan.pk}/role/", {"roles": ["drafter"]}
    )
    given = Membership.objects.get(user=people.nurlan, organization=people.agency)
    administrator.post(f"/ru/administration/roles/{given.pk}/end/")
    administrator.post(f"{page}deactivate/")

    assert administrator.get(page).status_code == 200
    people.nurlan.refresh_from_db()
    given.refresh_from_db()
    assert (people.nurlan.is_active, given.valid_to is not None) == (False, True)
    administrator.post(f"{page}reactivate/")
    people.nurlan.refresh_from_db()
    assert people.nurlan.is_active


def test_a_link_is_sent_anew_and_revoked_on_the_page(administrator: Client) -> None:
    administrator.post(
        "/ru/administration/organizations/finance/invitation/",
        {"email": "new@example.org", "language": "ky", "roles": ["drafter"]},
    )
    person = User.objects.get(email="new@example.org")
    page = f"/ru/administration/people/{person.pk}/"

    administrator.post(f"{page}invitation/resend/")
    assert OutboxMessage.objects.filter(template="organizations.invitation").count() == 2
    administrator.post(f"{page}invitation/revoke/")

    assert "data-invitation-url" not in administrator.get(page).content.decode()


# --- institutions ------------------------------------------------------------------------------------


def test_institutions_are_entered_once_and_keep_what_was_changed(db: Any) -> None:
    assert services.seed_institutions(at=MORNING) > 25
    Organization.objects.filter(code="minfin").update(name_ru="Минфин, переименован")

    assert services.seed_institutions(at=MORNING) == 0
    assert Organization.objects.get(code="minfin").name_ru == "Минфин, переименован"


def test_only_the_two_known_associations_are_seeded_and_two_bodies_coordinate(db: Any) -> None:
    services.seed_institutions(at=MORNING)

    assert set(Organization.objects.national_associations(MORNING).values_list("code", flat=True)) == {
        "lsg-union",
        "cities",
    }
    assert Organization.objects.filter(coordinates=True).count() == 2
    assert Organization.objects.filter(kind="committee").count() == 8
    assert not Organization.objects.filter(name_ky="").exists()


# --- the first administrators ----------------------------------------------------------------------------


def test_the_first_administrators_of_an_empty_installation(db: Any, client: Client) -> None:
    links = []
    for email in ("first@example.org", "second@example.org"):
        out = StringIO()
        call_command("invite_admin", email, stdout=out, stderr=StringIO())
        links.append(out.getvalue().strip())

    for link in links:
        path = link.removeprefix("http://127.0.0.1:8000")
        client.post(
            path, {"full_name": "A", "language": "ky", "password": PASSWORD, "password_again": PASSWORD}
        )

    assert selectors.administrators(clock.now()) == 2
    with pytest.raises(CommandError):
        call_command("invite_admin", "first@example.org", stdout=StringIO(), stderr=StringIO())


def test_run_again_before_the_link_is_used_it_gives_a_new_link(db: Any, client: Client) -> None:
    first, second = StringIO(), StringIO()
    call_command("invite_admin", "first@example.org", stdout=first, stderr=StringIO())
    call_command("invite_admin", "first@example.org", stdout=second, stderr=StringIO())

    assert client.get(first.getvalue().strip().removeprefix("http://127.0.0.1:8000")).status_code == 404
    assert client.get(second.getvalue().strip().removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_with_two_administrators_the_command_makes_no_third(people: People) -> None:
    with pytest.raises(CommandError) as refusal:
        call_command("invite_admin", "third@example.org", stdout=StringIO(), stderr=StringIO())

    assert refusal.value.returncode == 1
    assert not User.objects.filter(email="third@example.org").exists()


def test_a_single_administrator_left_behind_gets_a_second_and_is_told(people: People) -> None:
    services.deactivate_person(actor=people.saltanat, user_id=people.bermet.pk, at=clock.now())

    call_command("invite_admin", "third@example.org", stdout=StringIO(), stderr=StringIO())

    letter = OutboxMessage.objects.get(template="organizations.administrator_added")
    assert letter.recipient == people.saltanat
    assert "third@example.org" in rendering.render(letter).text
    assert selectors.administrators(clock.now()) == 2


def test_an_operator_that_is_there_gets_the_administrator(db: Any) -> None:
    held = services.create_organization(
        actor=None, code="portal-operator", kind="operator", fields=NAMES, at=MORNING
    )

    call_command("invite_admin", "first@example.org", stdout=StringIO(), stderr=StringIO())

    assert Membership.objects.get().organization == held


def test_a_person_of_another_role_does_not_become_administrator(db: Any) -> None:
    holds(person("nurlan"), body("finance", "state_body"), "drafter")

    with pytest.raises(CommandError) as refusal:
        call_command("invite_admin", "nurlan@example.org", stdout=StringIO(), stderr=StringIO())

    assert refusal.value.returncode == 2


# --- the rules of signing ---------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["nurlan", "gulnara", "saltanat", "bakyt"])
def test_only_a_signatory_of_the_organisation_accepts_the_rules(people: People, who: str) -> None:
    with clock.frozen(MORNING), pytest.raises(NotAllowed):
        services.accept_rules(
            actor=getattr(people, who), organization_id=people.ministry.pk, version=rules.CURRENT, at=MORNING
        )


def test_the_rules_are_accepted_once_on_their_page(people: People, client: Client) -> None:
    client.force_login(people.asel)
    assert not selectors.rules_accepted(people.ministry)

    for _ in range(2):
        client.post("/ru/rules/accept/", {"organization": people.ministry.pk, "version": rules.CURRENT})

    assert selectors.rules_accepted(people.ministry)
    assert selectors.rules_accepted(people.ministry.pk, rules.CURRENT)
    assert RulesAcceptance.objects.count() == 1
    line = JournalEntry.objects.get(action="rules.accepted")
    assert line.data["sha256"] == rules.text(rules.CURRENT, "ru").sha256


def test_an_old_version_is_not_accepted(people: People) -> None:
    with clock.frozen(MORNING), pytest.raises(InvalidInput):
        services.accept_rules(actor=people.asel, organization_id=people.ministry.pk, version=0, at=MORNING)


@pytest.mark.parametrize(
    ("language", "words"),
    [("ky", "порталда кол коюлду"), ("ru", "подписано на портале"), ("en", "signed in the portal")],
)
def test_anyone_reads_the_rules(db: Any, client: Client, language: str, words: str) -> None:
    page = client.get(f"/{language}/rules/")

    assert page.status_code == 200
    assert words in page.content.decode().replace("\xa0", " ")


def test_the_rules_have_the_same_parts_in_all_languages() -> None:
    for version in rules.versions():
        shapes = {
            json.dumps([len(section.paragraphs) for section in rules.text(version, language).sections])
            for language in ("ky", "ru", "en")
        }
        assert len(shapes) == 1
