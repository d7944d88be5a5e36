"""Signing in: by e-mail, throttled, ended by an administrator; the demonstration accounts only in a demonstration."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from apps.accounts import demo, services
from apps.accounts.models import User
from apps.core import clock
from apps.core.errors import TransitionNotAllowed
from apps.notifications import delivery, rendering
from apps.notifications.models import OutboxMessage
from apps.organizations import services as organizations
from tests import factors
from tests.people import MORNING, PASSWORD, People, demo_account

NEXT = "/ru/letters/"
CODE = "/ru/login/code/"


@pytest.fixture(autouse=True)
def _fresh_throttles(db: Any) -> None:
    cache.clear()


@pytest.fixture
def people(people: People) -> People:
    factors.give_app(people.nurlan)
    return people


def sign_in(client: Client, login: str, password: str = PASSWORD, *, later: int = 0, **extra: Any) -> Any:
    """Password, then the code of the app; the answer to the last of them that was asked."""
    answer = client.post("/ru/login/", {"login": login, "password": password, "next": NEXT}, **extra)
    if answer.status_code == 302 and answer["Location"] == CODE:
        answer = client.post(CODE, {"code": factors.code(later=later)}, **extra)
    return answer


def test_a_wrong_password_says_so_without_naming_which(people: People, client: Client) -> None:
    wrong, unknown = (
        sign_in(client, "nurlan@example.org", "wrong"),
        sign_in(client, "nobody@example.org", "wrong"),
    )

    assert wrong.status_code == unknown.status_code == 200
    assert [str(e) for e in wrong.context["form"].non_field_errors()] == [
        str(e) for e in unknown.context["form"].non_field_errors()
    ]


def test_sign_in_by_email_in_any_case_leads_on_in_the_language(people: People, client: Client) -> None:
    answer = sign_in(client, "NurLan@Example.org")

    assert (answer.status_code, answer["Location"]) == (302, NEXT)
    assert client.get(NEXT).status_code == 200


@pytest.mark.parametrize(
    "evil", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"]
)
def test_next_never_leads_away(people: People, client: Client, evil: str) -> None:
    answer = client.post("/ru/login/", {"login": "nurlan@example.org", "password": PASSWORD, "next": evil})

    assert answer.status_code == 302
    assert "evil" not in answer["Location"]
    assert not answer["Location"].startswith("javascript")


def test_guessing_is_throttled_and_does_not_lock_out_the_owner(people: People) -> None:
    guesser, owner = Client(), Client()

    for _ in range(11):
        sign_in(guesser, "nurlan@example.org", "guess", REMOTE_ADDR="198.51.100.7")
    throttled = sign_in(guesser, "nurlan@example.org", REMOTE_ADDR="198.51.100.7")
    at_home = sign_in(owner, "nurlan@example.org", REMOTE_ADDR="203.0.113.5")

    assert throttled.status_code == 200  # the right password does not help the guesser now
    assert at_home.status_code == 302


def test_the_throttle_lives_in_the_database(people: People, client: Client) -> None:
    sign_in(client, "nurlan@example.org", "guess")

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM throttle_cache")
        assert cursor.fetchone()[0] > 0


def test_a_closed_account_is_signed_out_at_its_next_request(people: People, client: Client) -> None:
    sign_in(client, "nurlan@example.org")
    assert client.get(NEXT).status_code == 200

    organizations.deactivate_person(actor=people.saltanat, user_id=people.nurlan.pk, at=MORNING)

    assert client.get(NEXT).status_code in (302, 303)
    organizations.reactivate_person(actor=people.saltanat, user_id=people.nurlan.pk, at=MORNING)
    assert client.get(NEXT).status_code in (302, 303)  # the old session does not come back to life


def test_a_closed_account_cannot_sign_in(people: People, client: Client) -> None:
    organizations.deactivate_person(actor=people.saltanat, user_id=people.nurlan.pk, at=MORNING)

    sign_in(client, "nurlan@example.org")

    assert "_auth_user_id" not in client.session


def test_there_is_no_sign_up(client: Client, db: Any) -> None:
    assert client.get("/ru/signup/").status_code == 404


def test_signing_out_needs_a_post(people: People, client: Client) -> None:
    sign_in(client, "nurlan@example.org")

    client.get("/ru/logout/")
    assert client.get(NEXT).status_code == 200
    client.post("/ru/logout/")

    assert client.get(NEXT).status_code in (302, 303)


# --- the demonstration ------------------------------------------------------------------------------


@pytest.fixture
def demo_person(people: People) -> User:
    found = demo_account(people)
    factors.give_app(found)
    return found


def test_demo_accounts_are_listed_for_people_and_programs(
    demo_person: User, client: Client, settings: Any
) -> None:
    settings.PORTAL_DEMO = True

    page = client.get("/ru/login/").content.decode()

    assert "data-demo-account" in page
    assert (
        f'data-email="{demo_person.email}" data-password="{demo.DEMO_PASSWORD}" data-role="drafter"' in page
    )
    assert sign_in(client, demo_person.email, demo.DEMO_PASSWORD).status_code == 302
    assert client.get(NEXT).status_code == 200


def test_outside_a_demonstration_they_are_neither_listed_nor_let_in(
    demo_person: User, client: Client, settings: Any
) -> None:
    settings.PORTAL_DEMO = False

    page = client.get("/ru/login/").content.decode()
    sign_in(client, demo_person.email, demo.DEMO_PASSWORD)

    assert demo_person.email not in page
    assert "_auth_user_id" not in client.session


def test_nobody_takes_a_demo_account_away_from_the_others(demo_person: User, settings: Any) -> None:
    settings.PORTAL_DEMO = True

    with pytest.raises(TransitionNotAllowed):
        services.set_password(user_id=demo_person.pk, password=PASSWORD, at=MORNING)
    assert not services.request_password_reset(user_id=demo_person.pk, at=MORNING)


# --- the password asked again ------------------------------------------------------------------------


def test_the_password_asked_again_is_counted(people: People) -> None:
    assert services.confirm_password(actor=people.asel, password=PASSWORD)
    for _ in range(services.CONFIRM_ATTEMPTS):
        assert not services.confirm_password(actor=people.asel, password="guess")

    with pytest.raises(services.TooManyAttempts):
        services.confirm_password(actor=people.asel, password=PASSWORD)
    assert services.confirm_password(actor=people.bakyt, password=PASSWORD)


# --- a forgotten password ------------------------------------------------------------------------------


def test_a_forgotten_password_is_set_by_a_letter(people: People, client: Client) -> None:
    with clock.frozen(MORNING):
        client.post("/ru/password/reset/", {"email": "nurlan@example.org"})
    message = OutboxMessage.objects.get(template="accounts.password_reset")
    link = next(
        line for line in rendering.render(message).text.splitlines() if "/password/reset/key/" in line
    )

    form = client.get(link.removeprefix("http://127.0.0.1:8000"), follow=True)
    answer = client.post(
        form.redirect_chain[-1][0], {"password1": "Сары-Челек-2026", "password2": "Сары-Челек-2026"}
    )

    assert answer["Location"] == "/ru/password/reset/key/done/"
    people.nurlan.refresh_from_db()
    assert people.nurlan.check_password("Сары-Челек-2026")
    assert OutboxMessage.objects.filter(
        template="accounts.password_changed", recipient=people.nurlan
    ).exists()


def test_an_unknown_address_gets_no_letter_and_the_same_page(people: People, client: Client) -> None:
    known = client.post("/ru/password/reset/", {"email": "nurlan@example.org"})
    unknown = client.post("/ru/password/reset/", {"email": "nobody@example.org"})

    assert known["Location"] == unknown["Location"]
    assert OutboxMessage.objects.count() == 1


def test_who_was_only_invited_cannot_take_the_account_by_a_reset(people: People, client: Client) -> None:
    services.invite(actor=people.saltanat, email="new@example.org", language="ky", at=MORNING)

    client.post("/ru/password/reset/", {"email": "new@example.org"})

    assert not OutboxMessage.objects.filter(template="accounts.password_reset").exists()


# --- settings and letters ---------------------------------------------------------------------------------


def test_a_person_changes_name_and_language(people: People, client: Client) -> None:
    client.force_login(people.nurlan)

    client.post("/ru/settings/", {"full_name": "  Нурлан   Өмүров ", "language": "ky"})

    people.nurlan.refresh_from_db()
    assert (people.nurlan.full_name, people.nurlan.language) == ("Нурлан Өмүров", "ky")


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(people: People, client: Client) -> None:
    elsewhere = Client()
    sign_in(client, "nurlan@example.org")
    sign_in(elsewhere, "nurlan@example.org", later=1)

    client.post(
        "/ru/password/change/",
        {"oldpassword": PASSWORD, "password1": "Сары-Челек-2026", "password2": "Сары-Челек-2026"},
    )

    assert client.get(NEXT).status_code == 200
    assert elsewhere.get(NEXT).status_code in (302, 303)


def test_a_letter_is_read_by_nobody_else(people: People, client: Client) -> None:
    with clock.frozen(MORNING):
        services.set_password(user_id=people.nurlan.pk, password=PASSWORD, at=MORNING)
    message = OutboxMessage.objects.get()
    address = f"/ru/letters/{message.pk}/"

    assert client.get(address).status_code == 404
    client.force_login(people.saltanat)
    assert client.get(address).status_code == 404
    client.force_login(User.objects.get(pk=people.nurlan.pk))
    page = client.get(address)

    assert page.status_code == 200
    delivery.deliver(outbox_id=message.pk, at=MORNING)
    assert address in client.get("/ru/letters/").content.decode()


def test_a_letter_read_in_the_portal_does_not_hand_out_its_secret(people: People, client: Client) -> None:
    services.request_password_reset(user_id=people.nurlan.pk, at=MORNING)
    message = OutboxMessage.objects.get()
    client.force_login(people.nurlan)

    page = client.get(f"/ru/letters/{message.pk}/").content.decode()

    assert "/password/reset/key/" not in page
