"""The second factor: nobody with a role goes on without it, a code works once, guessing is told and does not lock out."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection
from django.test import Client

from apps.accounts import demo, sealing, second_factor, selectors, totp
from apps.accounts.models import User
from apps.audit.models import JournalEntry
from apps.core import clock
from apps.core.errors import TransitionNotAllowed
from apps.notifications.models import OutboxMessage
from apps.organizations import services as organizations
from tests import factors
from tests.people import MORNING, PASSWORD, People, demo_account, person

DESK, APP, CODE, CODES = "/ru/desk/", "/ru/second-factor/app/", "/ru/login/code/", "/ru/second-factor/codes/"
HOME, OFFICE, ELSEWHERE = "203.0.113.5", "203.0.113.77", "198.51.100.7"
LONG_TEXT = "Берененин жаңы редакциясы сунушталат: өкүлчүлүктүү орган"


@pytest.fixture(autouse=True)
def _fresh_throttles(db: Any) -> None:
    cache.clear()


def password(client: Client, login: str = "nurlan@example.org", **extra: Any) -> Any:
    return client.post("/ru/login/", {"login": login, "password": PASSWORD, "next": DESK}, **extra)


def check(user: User, code: str, place: str = HOME) -> str:
    given = second_factor.check_code(user_id=user.pk, code=code, place=place, at=clock.now())
    return given.kind if given else ""


def letters(template: str, user: User) -> int:
    return OutboxMessage.objects.filter(template=f"accounts.{template}", recipient=user).count()


def journal(action: str) -> list[dict[str, Any]]:
    return list(JournalEntry.objects.filter(action=f"second_factor.{action}").values_list("data", flat=True))


# --- nobody with a role goes on without it --------------------------------------------------------------


def test_a_role_without_a_second_factor_leads_to_setting_it_up(people: People, client: Client) -> None:
    password(client)

    for closed in (DESK, "/ru/letters/", "/ru/settings/", "/ru/acts/new/", "/ru/second-factor/", CODES):
        answer = client.get(closed)
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (303, APP), closed
    assert client.get(APP).status_code == 200


def test_the_public_s_pages_stay_and_show_what_the_public_sees(people: People, client: Client) -> None:
    password(client)

    page = client.get("/ru/acts/")

    assert page.status_code == 200
    assert not page.context["user"].is_authenticated
    assert client.get("/ru/acts/2026-9999/").status_code == 404


def test_nothing_is_written_without_it_and_the_typed_text_comes_back(people: People, client: Client) -> None:
    password(client)

    page = client.post("/ru/acts/2026-0001/reviews/union/opinion/save/", {"statement": LONG_TEXT})
    by_api = client.post(
        "/api/v1/reviews/2026-0001/union/opinion/submit", "{}", content_type="application/json"
    )

    assert page.status_code == 303
    assert "kept-text" in page["Location"]
    assert LONG_TEXT in client.get("/ru/kept-text/").content.decode()
    assert (by_api.status_code, by_api.json()["error"]) == (403, "second_factor_needed")


def test_a_role_given_in_mid_session_asks_for_it_at_the_next_request(people: People, client: Client) -> None:
    reader = person("reader")
    factors.password_only(client, reader)
    assert client.get("/ru/letters/").status_code == 200

    organizations.grant_role(
        actor=people.saltanat,
        user_id=reader.pk,
        organization_id=people.ministry.pk,
        role="drafter",
        at=clock.now(),
    )

    assert client.get("/ru/letters/").status_code == 303


def test_after_the_password_alone_nobody_is_signed_in(people: People, client: Client) -> None:
    factors.give_app(people.nurlan)

    answer = password(client)

    assert answer["Location"] == CODE
    assert "_auth_user_id" not in client.session
    assert client.get(DESK)["Location"].startswith("/ru/login/")
    assert client.post(CODE, {"code": "000000"}).status_code == 400
    assert client.post(CODE, {"code": factors.code()})["Location"] == DESK
    assert client.get(DESK).status_code == 200


def test_a_sign_in_can_be_given_up_for_another_person(people: People, client: Client) -> None:
    factors.give_app(people.nurlan)
    password(client)

    assert client.post(CODE, {"cancel": "1"})["Location"] == "/ru/login/"
    assert client.get(CODE)["Location"] == "/ru/login/"
    assert client.get("/ru/login/").status_code == 200


def test_the_factor_shown_by_one_person_does_not_count_for_the_next(people: People, client: Client) -> None:
    client.force_login(people.gulnara)
    factors.password_only(client, people.nurlan)

    assert client.get(DESK).status_code == 303


# --- setting up ---------------------------------------------------------------------------------------


def set_up(client: Client) -> str:
    """The secret that the page showed, confirmed."""
    page = client.get(APP).content.decode()
    secret = "".join(re.findall(r"<span>([A-Z2-7]{4})</span>", page))
    assert len(secret) == 32
    assert secret in page.partition("otpauth://")[2]
    answer = client.post(f"{APP}?next={DESK}", {"code": factors.code(secret), "next": DESK})
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, CODES), answer.content.decode()
    return secret


def test_setting_up_opens_the_portal_and_gives_recovery_codes_once(people: People, client: Client) -> None:
    password(client)
    set_up(client)

    page = client.get(CODES).content.decode()
    codes = re.findall(r"<code>(\d{4} \d{4})</code>", page)
    file = client.get(CODES + "download/")
    left = client.post(CODES + "kept/", {"next": DESK})

    assert len(codes) == 10
    assert all(code in file.content.decode() for code in codes)
    assert left["Location"] == DESK
    assert client.get(DESK).status_code == 200
    assert client.get(CODES + "download/").status_code == 404
    assert not any(code in client.get(CODES).content.decode() for code in codes)
    assert check(people.nurlan, codes[0]) == "recovery_codes"
    assert letters("second_factor_added", people.nurlan) == 1
    assert journal("added") == [{"kind": "totp", "replaced": False}]


def test_a_wrong_code_keeps_the_same_secret(people: People, client: Client) -> None:
    password(client)
    before = re.findall(r"<span>([A-Z2-7]{4})</span>", client.get(APP).content.decode())

    answer = client.post(APP, {"code": "000000", "next": DESK})

    assert answer.status_code == 400
    assert re.findall(r"<span>([A-Z2-7]{4})</span>", answer.content.decode()) == before
    assert not Authenticator.objects.exists()


def test_setting_up_ends_the_sessions_elsewhere(people: People, client: Client) -> None:
    elsewhere = Client()
    password(client)
    password(elsewhere)

    set_up(client)

    assert client.get(DESK).status_code == 200
    assert elsewhere.get(DESK)["Location"].startswith("/ru/login/")


def test_a_password_given_long_ago_is_asked_again_before_setting_up(people: People, client: Client) -> None:
    with clock.frozen(clock.now() - timedelta(minutes=31)):
        password(client)

    asked = client.get(APP)
    back = client.post(asked["Location"], {"password": PASSWORD})

    assert asked["Location"].startswith("/ru/reauthenticate/")
    assert back["Location"] == APP
    assert client.get(APP).status_code == 200


def test_another_phone_needs_the_factor_that_is_there(people: People, client: Client) -> None:
    factors.give_app(people.nurlan)
    password(client)
    client.post(CODE, {"code": factors.code()})

    asked = client.get(APP)
    client.post(asked["Location"], {"code": factors.code(later=1)})
    page = client.get(APP).content.decode()
    secret = "".join(re.findall(r"<span>([A-Z2-7]{4})</span>", page))
    client.post(APP, {"code": factors.code(secret)})

    assert asked["Location"].startswith("/ru/second-factor/again/")
    assert not check(people.nurlan, factors.code(later=1))
    assert check(people.nurlan, factors.code(secret, later=1)) == "totp"
    assert journal("added") == [{"kind": "totp", "replaced": True}]


def test_the_last_factor_stays_while_a_role_asks_for_it(people: People) -> None:
    factor = factors.give_app(people.nurlan)
    reader = person("reader")
    own = factors.give_app(reader)

    with pytest.raises(TransitionNotAllowed):
        second_factor.take_away(actor=people.nurlan, factor_id=factor.pk, at=clock.now())
    with pytest.raises(TransitionNotAllowed):
        second_factor.take_away(actor=people.nurlan, factor_id=own.pk, at=clock.now())
    second_factor.take_away(actor=reader, factor_id=own.pk, at=clock.now())

    assert list(Authenticator.objects.values_list("user_id", flat=True)) == [people.nurlan.pk]
    assert letters("second_factor_removed", reader) == 1


# --- codes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
        (2000000000, "279037"), (20000000000, "353130"),
    ],
)  # fmt: skip
def test_codes_are_those_of_rfc_6238(moment: int, code: str) -> None:
    assert totp.code(factors.SECRET, totp.counter(datetime.fromtimestamp(moment, UTC))) == code


def test_a_code_works_once_and_no_earlier_one_after_it(people: People) -> None:
    factors.give_app(people.nurlan)
    with clock.frozen(clock.now()):
        early, now, late = factors.code(later=-1), factors.code(), factors.code(later=1)

        assert check(people.nurlan, f"{now[:3]} {now[3:]}") == "totp"
        assert not check(people.nurlan, now)
        assert not check(people.nurlan, early)
        assert check(people.nurlan, late) == "totp"
        assert not check(people.nurlan, factors.code(later=2))


def test_a_code_is_not_that_of_another_person(people: People) -> None:
    factors.give_app(people.nurlan)
    factors.give_app(people.asel, totp.new_secret())

    assert not check(people.asel, factors.code())


@pytest.mark.parametrize("typed", ["", "  ", "１２", "abcdef", "0" * 40, "ғ" * 6, "\x00"])
def test_whatever_is_typed_is_only_a_wrong_code(people: People, client: Client, typed: str) -> None:
    factors.give_app(people.nurlan)
    password(client)

    assert client.post(CODE, {"code": typed}).status_code == 400


def test_a_recovery_code_works_once_and_is_told(people: People, client: Client) -> None:
    factors.give_app(people.nurlan)
    second_factor.make_recovery_codes(actor=people.nurlan, at=clock.now())
    code = selectors.recovery_codes(people.nurlan)[3]
    password(client)

    answer = client.post(CODE, {"code": f"{code[:4]} {code[4:]}"})

    assert answer["Location"] == DESK
    assert not check(people.nurlan, code)
    assert selectors.factors_of(people.nurlan).codes_left == 9
    assert letters("recovery_code_used", people.nurlan) == 1
    assert journal("recovery_code_used") == [{"left": 9}]


def test_new_recovery_codes_end_the_earlier_ones(people: People) -> None:
    factors.give_app(people.nurlan)
    second_factor.make_recovery_codes(actor=people.nurlan, at=clock.now())
    earlier = selectors.recovery_codes(people.nurlan)

    second_factor.make_recovery_codes(actor=people.nurlan, at=clock.now())

    assert not any(check(people.nurlan, code, f"198.51.100.{i}") for i, code in enumerate(earlier))
    assert letters("recovery_codes_made", people.nurlan) == 2


# --- guessing -----------------------------------------------------------------------------------------


def guess(user: User, place: str, times: int) -> None:
    for _ in range(times):
        try:
            check(user, "000000", place)
        except second_factor.TooManyCodes:
            return


def test_guessing_is_stopped_where_it_happens_and_told_to_the_person(people: People) -> None:
    factors.give_app(people.nurlan)

    guess(people.nurlan, ELSEWHERE, second_factor.PLACE_ATTEMPTS)

    with pytest.raises(second_factor.TooManyCodes):
        check(people.nurlan, factors.code(), ELSEWHERE)
    assert check(people.nurlan, factors.code(), HOME) == "totp"
    assert letters("codes_guessed", people.nurlan) == 1
    assert len(journal("guessed")) == 1


def test_guessing_from_many_places_stops_everywhere_but_where_the_person_is_known(people: People) -> None:
    factors.give_app(people.nurlan)
    check(people.nurlan, factors.code(later=-1), HOME)

    for place in range(10):
        guess(people.nurlan, f"198.51.100.{place}", 3)

    with pytest.raises(second_factor.TooManyCodes):
        check(people.nurlan, factors.code(), OFFICE)
    assert check(people.nurlan, factors.code(), HOME) == "totp"


def test_over_the_limit_the_page_says_so_and_nothing_breaks(people: People, client: Client) -> None:
    factors.give_app(people.nurlan)
    password(client)

    for _ in range(second_factor.PLACE_ATTEMPTS):
        client.post(CODE, {"code": "000000"})
    answer = client.post(CODE, {"code": factors.code()})

    assert answer.status_code == 400
    assert "_auth_user_id" not in client.session


# --- kept sealed ----------------------------------------------------------------------------------------


def test_secrets_are_sealed_in_the_database_and_in_the_session(people: People, client: Client) -> None:
    password(client)
    secret = set_up(client)
    seeds = selectors.recovery_codes(people.nurlan)

    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, ' ') FROM mfa_authenticator")
        kept = cursor.fetchone()[0]

    assert secret not in kept
    assert not any(code in kept for code in seeds)
    assert secret not in str(dict(client.session.items()))


def test_a_new_key_of_the_installation_reads_what_earlier_ones_sealed(people: People, settings: Any) -> None:
    factors.give_app(people.nurlan)
    earlier, settings.SECRET_KEY = settings.SECRET_KEY, "another key"

    assert not check(people.nurlan, factors.code())
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(Authenticator.objects.get().data["secret"])
    settings.SECRET_KEY_FALLBACKS = [earlier]
    assert check(people.nurlan, factors.code()) == "totp"


# --- the demonstration ------------------------------------------------------------------------------------


@pytest.fixture
def demo_person(people: People, settings: Any) -> User:
    settings.PORTAL_DEMO = True
    found = demo_account(people)
    second_factor.give_demo_app(user_id=found.pk, at=MORNING)
    return found


def test_the_demonstration_shows_the_code_and_signs_in_with_one_button(
    demo_person: User, client: Client
) -> None:
    page = client.get("/ru/login/").content.decode()
    row = re.search(r'data-totp-secret="(\w+)" data-code="(\d{6})"', page)
    assert row
    assert totp.step_of(row[1], row[2], at=clock.unmoved(clock.now())) is not None

    answer = client.post(
        "/ru/login/",
        {"login": demo_person.email, "password": demo.DEMO_PASSWORD, "code": row[2], "next": DESK},
    )

    assert answer["Location"] == DESK
    assert client.get(DESK).status_code == 200


def test_an_old_page_of_the_demonstration_leads_to_the_page_that_shows_the_code(
    demo_person: User, client: Client
) -> None:
    answer = client.post(
        "/ru/login/", {"login": demo_person.email, "password": demo.DEMO_PASSWORD, "code": "000000"}
    )
    shown = re.search(r"<b data-demo-code>(\d{6})</b>", client.get(CODE).content.decode())

    assert answer["Location"] == CODE
    assert shown
    assert client.post(CODE, {"code": shown[1]}).status_code == 302


def test_a_demonstration_account_keeps_its_factor_for_everybody(demo_person: User) -> None:
    factor = Authenticator.objects.get()

    for change in (
        lambda: second_factor.take_away(actor=demo_person, factor_id=factor.pk, at=clock.now()),
        lambda: second_factor.make_recovery_codes(actor=demo_person, at=clock.now()),
        lambda: second_factor.add_app(
            actor=demo_person, secret=factors.SECRET, code=factors.code(), at=clock.now()
        ),
    ):
        with pytest.raises(TransitionNotAllowed):
            change()
    assert check(demo_person, totp.code(demo.DEMO_TOTP_SECRET, totp.counter(clock.now())))
    assert check(demo_person, totp.code(demo.DEMO_TOTP_SECRET, totp.counter(clock.now())))


def test_nobody_else_s_code_is_taken_with_the_password(people: People, client: Client, settings: Any) -> None:
    settings.PORTAL_DEMO = True
    factors.give_app(people.nurlan)

    answer = client.post(
        "/ru/login/",
        {"login": "nurlan@example.org", "password": PASSWORD, "code": factors.code(), "next": DESK},
    )

    assert answer["Location"] == CODE
    with pytest.raises(TransitionNotAllowed):
        second_factor.give_demo_app(user_id=people.asel.pk, at=clock.now())


def test_codes_follow_the_clock_of_telephones_when_the_portal_s_is_moved(
    people: People, settings: Any
) -> None:
    factors.give_app(people.nurlan)
    code = totp.code(factors.SECRET, totp.counter(datetime.now(UTC)))
    settings.PORTAL_CLOCK_OFFSET = 9 * 86400

    assert check(people.nurlan, code) == "totp"
