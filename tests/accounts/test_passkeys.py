"""Passkeys: one answer for one step of one session; forged, replayed, late and foreign answers are refused and counted."""

import json
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.cache import cache
from django.test import Client

from apps.accounts import passkeys, second_factor, selectors
from apps.accounts.models import User
from apps.audit.models import JournalEntry
from apps.core import clock
from apps.core.errors import TransitionNotAllowed
from apps.notifications.models import OutboxMessage
from tests import factors
from tests.people import MORNING, PASSWORD, People, demo_account, person

from .device import PRESENT, SITE, VERIFIED, Device

DESK, CODE, PAGE, AGAIN = (
    "/ru/desk/",
    "/ru/login/code/",
    "/ru/second-factor/passkey/",
    "/ru/second-factor/again/",
)


@pytest.fixture(autouse=True)
def _here(db: Any, settings: Any) -> None:
    cache.clear()
    settings.SITE_URL = SITE


def password(client: Client) -> Client:
    client.post("/ru/login/", {"login": "nurlan@example.org", "password": PASSWORD, "next": DESK})
    return client


def asked(client: Client, url: str = f"{CODE}passkey/") -> dict[str, Any]:
    answer = client.post(url)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def asked_for(client: Client, path: str) -> dict[str, Any]:
    return asked(client, f"{PAGE}ask/?for={path}")


def journal(action: str) -> list[dict[str, Any]]:
    return list(JournalEntry.objects.filter(action=f"second_factor.{action}").values_list("data", flat=True))


def letters(template: str, user: User) -> int:
    return OutboxMessage.objects.filter(template=f"accounts.{template}", recipient=user).count()


# --- adding and taking away -----------------------------------------------------------------------------


def test_the_first_factor_may_be_a_passkey(people: People, client: Client) -> None:
    elsewhere = password(Client())
    password(client)
    device = Device()

    answer = client.post(
        PAGE, {"name": "Телефон", "passkey_code": device.make(asked(client, f"{PAGE}new/")), "next": DESK}
    )

    assert answer["Location"].startswith("/ru/second-factor/codes/")
    assert client.get(DESK).status_code == 200
    assert elsewhere.get(DESK)["Location"].startswith("/ru/login/")
    assert selectors.factors_of(people.nurlan).codes_left == 10
    assert journal("added") == [{"kind": "webauthn", "replaced": False}]
    assert letters("second_factor_added", people.nurlan) == 1
    page = client.get("/ru/second-factor/").content.decode()
    assert "Телефон" in page
    assert "/remove/" not in page  # the last one stays


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://localhost.evil.example"}, {"origin": "http://localhost:8001"}, {"rp": "evil.example"},
        {"flags": PRESENT | 0x40}, {"challenge": "x" * 43}, {"crossed": True},
    ],
)  # fmt: skip
def test_what_was_made_elsewhere_is_not_added(people: People, client: Client, wrong: dict[str, Any]) -> None:
    password(client)

    answer = client.post(
        PAGE, {"name": "a", "passkey_code": Device().make(asked(client, f"{PAGE}new/"), **wrong)}
    )

    assert answer.status_code == 400
    assert not Authenticator.objects.exists()


def test_one_device_is_not_added_twice_nor_with_what_was_asked_before(people: People, client: Client) -> None:
    password(client)
    device = Device()
    options = asked(client, f"{PAGE}new/")
    client.post(PAGE, {"name": "a", "passkey_code": device.make(options)})

    again = client.post(PAGE, {"name": "a", "passkey_code": Device().make(options)})
    twice = client.post(PAGE, {"name": "a", "passkey_code": device.make(asked(client, f"{PAGE}new/"))})

    assert (again.status_code, twice.status_code) == (400, 400)
    assert len(selectors.factors_of(people.nurlan).passkeys) == 1


def test_another_one_needs_the_factor_that_is_there(people: People, client: Client) -> None:
    Device().given_to(people.nurlan)
    factors.password_only(client, people.nurlan)
    session = client.session
    session["second_factor"] = {"user": people.nurlan.pk}
    session.save()

    assert client.get(PAGE)["Location"].startswith(AGAIN)
    assert client.post(f"{PAGE}new/")["Location"].startswith(AGAIN)
    assert client.post(PAGE, {"name": "a", "passkey_code": "{}"})["Location"].startswith(AGAIN)


def test_of_two_factors_one_can_be_taken_away_and_the_last_stays(people: People, client: Client) -> None:
    app, passkey = factors.give_app(people.nurlan), Device().given_to(people.nurlan)
    other = Device().given_to(people.asel)
    client.force_login(people.nurlan)

    gone = client.post(f"/ru/second-factor/{app.pk}/remove/")
    last = client.post(f"/ru/second-factor/{passkey.pk}/remove/")
    foreign = client.post(f"/ru/second-factor/{other.pk}/remove/")

    assert (gone.status_code, last.status_code, foreign.status_code) == (302, 409, 404)
    assert set(Authenticator.objects.values_list("pk", flat=True)) == {passkey.pk, other.pk}


def test_a_demonstration_account_gets_no_passkey(people: People, settings: Any) -> None:
    settings.PORTAL_DEMO = True
    found = demo_account(people)
    second_factor.give_demo_app(user_id=found.pk, at=MORNING)

    with pytest.raises(TransitionNotAllowed):
        passkeys.ask_for_new(person=found, session="s", at=clock.now())
    with pytest.raises(TransitionNotAllowed):
        passkeys.add(actor=found, name="a", answer="{}", session="s", at=clock.now())


@pytest.mark.parametrize(
    ("site", "usable"),
    [("https://makuldashuu.kg", True), (SITE, True), ("http://127.0.0.1:8000", False), ("http://portal.kg", False)],
)  # fmt: skip
def test_passkeys_are_offered_where_browsers_allow_them(
    people: People, client: Client, settings: Any, site: str, usable: bool
) -> None:
    settings.SITE_URL = site
    Device().given_to(people.nurlan)
    password(client)

    assert ("data-passkey=" in client.get(CODE).content.decode()) is usable
    assert (client.post(f"{CODE}passkey/").status_code == 200) is usable


# --- at sign-in -----------------------------------------------------------------------------------------


def test_a_passkey_signs_in_once(people: People, client: Client) -> None:
    device = Device()
    factor = device.given_to(people.nurlan)
    answer = device.use(asked(password(client)))

    signed_in = client.post(CODE, {"code": "", "passkey_code": answer})

    assert signed_in["Location"] == DESK
    assert client.get(DESK).status_code == 200
    factor.refresh_from_db()
    assert factor.last_used_at is not None
    replay = password(Client()).post(CODE, {"passkey_code": answer})
    assert replay.status_code == 400


def foreign_session(people: People, device: Device, options: dict[str, Any]) -> str:
    return device.use(asked(password(Client())))


def foreign_person(people: People, device: Device, options: dict[str, Any]) -> str:
    theirs = Device()
    theirs.given_to(people.asel)
    return theirs.use(options)


def forged(people: People, device: Device, options: dict[str, Any]) -> str:
    return device.use(options, key=ec.generate_private_key(ec.SECP256R1()))


def changed(people: People, device: Device, options: dict[str, Any]) -> str:
    answer = json.loads(device.use(options))
    answer["response"]["clientDataJSON"] = json.loads(device.use(options, crossed=False))["response"][
        "signature"
    ]
    return json.dumps(answer)


@pytest.mark.parametrize("how", [foreign_session, foreign_person, forged, changed])
def test_what_somebody_else_answers_is_refused(people: People, client: Client, how: Any) -> None:
    device = Device()
    device.given_to(people.nurlan)
    options = asked(password(client))

    answer = client.post(CODE, {"passkey_code": how(people, device, options)})

    assert answer.status_code == 400
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://evil.example"}, {"origin": "http://localhost:8001"}, {"origin": "http://a.localhost:8000"},
        {"rp": "evil.example"}, {"flags": PRESENT}, {"flags": VERIFIED}, {"challenge": "x" * 43}, {"crossed": True},
    ],
)  # fmt: skip
def test_what_a_wrong_place_or_a_device_without_its_owner_answers_is_refused(
    people: People, client: Client, wrong: dict[str, Any]
) -> None:
    device = Device()
    device.given_to(people.nurlan)

    answer = client.post(CODE, {"passkey_code": device.use(asked(password(client)), **wrong)})

    assert answer.status_code == 400
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "made_up", ["{", "{}", '{"id": 1}', '{"response": []}', "{" + "[" * 9000, '{"a":' * 2000]
)
def test_whatever_is_sent_is_only_a_wrong_answer(people: People, client: Client, made_up: str) -> None:
    Device().given_to(people.nurlan)
    password(client)

    assert client.post(CODE, {"passkey_code": made_up}).status_code == 400
    assert client.post(CODE, {"code": made_up}).status_code == 400


def test_an_answer_is_waited_for_five_minutes(people: People, client: Client) -> None:
    device = Device()
    device.given_to(people.nurlan)
    password(client)
    in_time, late = asked(client), asked(client)
    soon = clock.now() + timedelta(seconds=passkeys.ASKED_FOR - 1)

    with clock.frozen(soon + timedelta(seconds=2)):
        assert client.post(CODE, {"passkey_code": device.use(late)}).status_code == 400
    with clock.frozen(soon):
        assert client.post(CODE, {"passkey_code": device.use(in_time)}).status_code == 302


def test_a_refused_answer_spends_what_was_asked(people: People, client: Client) -> None:
    device = Device()
    device.given_to(people.nurlan)
    options = asked(password(client))
    client.post(CODE, {"passkey_code": device.use(options, flags=PRESENT)})

    assert client.post(CODE, {"passkey_code": device.use(options)}).status_code == 400
    assert client.post(CODE, {"passkey_code": device.use(asked(client))}).status_code == 302


def test_a_copied_device_is_told_by_its_counter(people: People, client: Client) -> None:
    device = Device(count=5)
    device.given_to(people.nurlan)
    with clock.frozen(clock.now()):
        assert password(Client()).post(CODE, {"passkey_code": ""}).status_code == 400
        first = password(client)
        assert first.post(CODE, {"passkey_code": device.use(asked(first))}).status_code == 302
        device.count = 5
        copy = password(Client())
        assert copy.post(CODE, {"passkey_code": device.use(asked(copy))}).status_code == 400


def test_wrong_answers_are_counted_with_wrong_codes(people: People, client: Client) -> None:
    device = Device()
    device.given_to(people.nurlan)
    password(client)

    for _ in range(second_factor.PLACE_ATTEMPTS // 2):
        client.post(CODE, {"passkey_code": device.use(asked(client), flags=PRESENT)})
        client.post(CODE, {"code": "000000"})
    answer = client.post(CODE, {"passkey_code": device.use(asked(client))})

    assert answer.status_code == 400
    assert letters("codes_guessed", people.nurlan) == 1


def test_asking_without_end_is_refused(people: People) -> None:
    Device().given_to(people.nurlan)

    def ask() -> None:
        passkeys.ask(person=people.nurlan, purpose="sign-in", session="s", at=clock.now())

    for _ in range(passkeys.ASKED_MOST):
        ask()
    with pytest.raises(second_factor.TooManyCodes):
        ask()


def test_without_the_passkey_a_recovery_code_signs_in(people: People, client: Client) -> None:
    Device().given_to(people.nurlan)
    second_factor.make_recovery_codes(actor=people.nurlan, at=clock.now())
    password(client)

    assert client.post(CODE, {"code": selectors.recovery_codes(people.nurlan)[0]}).status_code == 302


def test_who_has_no_passkey_is_asked_for_none(people: People, client: Client) -> None:
    factors.give_app(people.nurlan)
    password(client)

    assert "data-passkey=" not in client.get(CODE).content.decode()
    assert client.post(f"{CODE}passkey/").status_code == 409
    assert Client().post(f"{CODE}passkey/")["Location"] == "/ru/login/"
    assert Client().post(f"{PAGE}ask/").status_code in {302, 303}


# --- before a signature ---------------------------------------------------------------------------------


def test_a_sign_in_s_answer_does_not_sign(people: People, client: Client) -> None:
    device = Device()
    device.given_to(people.nurlan)
    password(client)
    kept = asked(client)
    client.post(CODE, {"passkey_code": device.use(asked(client))})

    assert client.post(AGAIN, {"passkey_code": device.use(kept)}).status_code == 400
    assert client.post(AGAIN, {"passkey_code": device.use(asked_for(client, AGAIN))}).status_code == 302


def test_programs_give_codes_only(people: People) -> None:
    reader = person("reader")
    Device().given_to(reader)

    assert second_factor.check_code(user_id=reader.pk, code="{}", place="203.0.113.5", at=clock.now()) is None
