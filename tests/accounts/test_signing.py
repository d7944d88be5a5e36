"""What binds asks for the second factor once more, in the form that signs; nothing typed is lost by it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from apps.accounts import demo, second_factor, totp
from apps.accounts.models import User
from apps.audit.models import JournalEntry
from apps.core import clock
from apps.organizations.models import Membership, RulesAcceptance
from apps.passage.models import Certificate, Decision
from apps.protocols.models import Signature
from apps.register.demo.way import Way
from apps.reviews import services as reviews
from apps.reviews.models import ExpiryDecision, Receipt
from tests import factors
from tests.people import holds, person
from tests.way import met, people, signed, way

__all__ = ["people", "way"]
LONG_TEXT = "Себеби: мөөнөт бүткөн, жеткирүү тастыкталган, эскертүүлөр жөнөтүлгөн."


@pytest.fixture(autouse=True)
def _fresh_throttles(db: Any) -> None:
    cache.clear()


def official(user: User) -> Client:
    """Somebody who signed in with both factors, and was asked for neither since."""
    client = Client()
    factors.password_only(client, user)
    session = client.session
    session["second_factor"] = {"user": user.pk}
    session.save()
    return client


def code_now() -> str:
    return totp.code(demo.DEMO_TOTP_SECRET, totp.counter(clock.unmoved(clock.now())))


def address(name: str, *args: Any) -> str:
    with override("ru"):
        return reverse(name, args=args)


def asks_for_the_code(way: Way, key: str, url: str, data: dict[str, Any], done: Callable[[], bool]) -> None:
    """The step is not done without the code nor with a wrong one, gives back what was typed, and is done with it."""
    with way.now(key) as (user,):
        client = official(user)
        for wrong in ({}, {"code": ""}, {"code": "000000"}):
            answer = client.post(url, data | wrong)
            page = answer.content.decode()
            assert answer.status_code == 400, (url, wrong)
            assert 'name="code"' in page, (url, wrong)
            assert all(value in page for value in data.values() if value == LONG_TEXT)
            assert not done(), (url, wrong)
        answer = client.post(url, data | {"code": code_now()})
        assert answer.status_code == 302, answer.content.decode()
    assert done(), url
    entry = JournalEntry.objects.filter(action="second_factor.asked_again", actor_id=user.pk).last()
    assert entry is not None
    assert entry.at == way.at


SCOPE = {
    "touches_lsg": "yes",
    "where": LONG_TEXT,
    "touches_inter_budget": "yes",
    "touches_delegated_powers": "yes",
}


def test_registering_an_act(way: Way) -> None:
    def done() -> bool:
        way.act.refresh_from_db()
        return way.act.number is not None

    asks_for_the_code(way, "finance.signatory", address("act_register", way.act.token), SCOPE, done)


def test_withdrawing_an_act(way: Way) -> None:
    way.register()

    def done() -> bool:
        way.act.refresh_from_db()
        return way.act.state == "withdrawn"

    asks_for_the_code(
        way, "finance.signatory", address("act_withdraw", way.act.number), {"reason": LONG_TEXT}, done
    )


def test_countersigning_an_opinion(way: Way) -> None:
    way.register().open().working_days(1).acknowledge().write("lsg-union", "agree")
    opinion = way.review("lsg-union").opinion_links.get().opinion

    asks_for_the_code(
        way,
        "union.signatory",
        address("opinion_submit", way.act.number, "lsg-union"),
        {"version": str(opinion.edit_version)},
        Receipt.objects.exists,
    )


def test_confirming_an_opinion_from_paper(way: Way) -> None:
    way.register().open().working_days(1).acknowledge()
    review = way.review("lsg-union")
    with way.hours(1).now("finance.drafter") as (drafter,):
        paper = reviews.save_paper(
            actor=drafter,
            review_id=review.pk,
            fields={"channel": "email", "incoming_number": "7", "verdict": "agree", "lang": "ky"},
            received_at=way.at,
            scan="Макулбуз.".encode(),
            filename="кат.txt",
            at=way.at,
        )
        reviews.send_paper(
            actor=drafter, paper_id=paper.pk, edit_version=paper.opinion.edit_version, at=way.at
        )

    asks_for_the_code(
        way,
        "union.signatory",
        address("paper_confirm", way.act.number, "lsg-union"),
        {},
        Receipt.objects.exists,
    )


def test_deciding_on_an_expired_term(way: Way) -> None:
    way.register().open().working_days(60)

    asks_for_the_code(
        way,
        "justice.coordinator",
        address("expiry_decide", way.act.number, "lsg-union"),
        {"effect": "effect", "reason": LONG_TEXT},
        ExpiryDecision.objects.exists,
    )


def test_accepting_the_rules_and_signing_a_protocol(way: Way) -> None:
    met(way).working_days(1).fix("lsg-union")
    protocol, union = way.protocol("lsg-union"), way.review("lsg-union").association

    asks_for_the_code(
        way,
        "union.signatory",
        address("rules_accept"),
        {"organization": str(union.pk), "version": "1"},
        RulesAcceptance.objects.filter(organization=union).exists,
    )
    asks_for_the_code(
        way.hours(1),
        "union.signatory",
        address("protocol_sign", protocol.number),
        {"content_hash": protocol.content_hash},
        Signature.objects.exists,
    )


def test_the_certificate_and_the_decision(way: Way) -> None:
    signed(way).working_days(1)

    asks_for_the_code(
        way, "finance.signatory", address("certificate_issue", way.act.number), {}, Certificate.objects.exists
    )
    way.act.refresh_from_db()
    asks_for_the_code(
        way.hours(1),
        "cabinet.clerk",
        address("decision_record", way.act.number),
        {
            "kind": "submitted",
            "day": str(clock.local_date(way.at)),
            "document_number": "6-12",
            "text": LONG_TEXT,
        },
        Decision.objects.exists,
    )


def test_an_answer_counts_for_five_minutes_of_its_session(way: Way) -> None:
    way.register()
    url = address("act_withdraw", way.act.number)
    with way.now("finance.signatory") as (user,):
        client, elsewhere = official(user), official(user)
        client.post(address("ask_again"), {"code": code_now()})

        assert 'name="code"' not in client.get(url).content.decode()
        assert 'name="code"' in elsewhere.get(url).content.decode()
    way.at += timedelta(minutes=4, seconds=59)
    with way.now():
        assert 'name="code"' not in client.get(url).content.decode()
    way.at += timedelta(seconds=1)
    with way.now():
        assert 'name="code"' in client.get(url).content.decode()


def another_signatory(way: Way, *, app: bool = True) -> User:
    """One who is not of the demonstration, where a code works more than once."""
    held = Membership.objects.get(user=way.cast["finance.signatory"])
    user = person("aigerim")
    holds(user, held.organization, held.role, valid_from=held.valid_from)
    if app:
        factors.give_app(user)
    return user


def test_the_code_of_the_sign_in_does_not_sign_for_another_session(way: Way) -> None:
    way.register()
    user = another_signatory(way)
    with way.now():
        thief = official(user)
        code = factors.code()
        assert second_factor.check_code(user_id=user.pk, code=code, place="203.0.113.5", at=way.at)

        answer = thief.post(address("act_withdraw", way.act.number), {"reason": LONG_TEXT, "code": code})

    assert answer.status_code == 400
    assert LONG_TEXT in answer.content.decode()


def test_a_form_sent_twice_with_one_code_is_not_a_replay(way: Way) -> None:
    way.register()
    with way.now():
        client = official(another_signatory(way))
        before, code = client.session["second_factor"], factors.code()
        assert client.post(address("ask_again"), {"code": code}).status_code == 302
        session = client.session  # as the second of two presses finds it, which were sent at once
        session["second_factor"] = before
        session.save()

        again = client.post(address("ask_again"), {"code": code})

    assert again.status_code == 302


def test_over_the_limit_the_typed_text_still_comes_back(way: Way) -> None:
    way.register()
    with way.now("finance.signatory") as (user,):
        client = official(user)
        for _ in range(second_factor.PLACE_ATTEMPTS + 1):
            answer = client.post(
                address("act_withdraw", way.act.number), {"reason": LONG_TEXT, "code": "000000"}
            )

    assert answer.status_code == 400
    assert LONG_TEXT in answer.content.decode()


def test_who_has_no_right_is_told_so_without_a_code(way: Way) -> None:
    way.register().open().working_days(1).acknowledge().write("lsg-union", "agree")
    with way.now("finance.drafter", "union.officer") as (drafter, officer):
        withdraw = official(drafter).post(address("act_withdraw", way.act.number), {"reason": LONG_TEXT})
        submit = official(officer).post(
            address("opinion_submit", way.act.number, "lsg-union"), {"version": "1"}
        )

    assert (withdraw.status_code, submit.status_code) == (403, 403)


# --- by program -----------------------------------------------------------------------------------------


def test_a_program_countersigns_with_the_code_too(way: Way) -> None:
    way.register().open().working_days(1).acknowledge().write("lsg-union", "agree")
    version = way.review("lsg-union").opinion_links.get().opinion.edit_version
    url = f"/api/v1/reviews/{way.act.number}/lsg-union/opinion/submit"

    with way.now("union.signatory") as (user,):
        client = official(user)

        def file(**more: Any) -> Any:
            body = {"edit_version": version, **more}
            return client.post(url, body, content_type="application/json", HTTP_IDEMPOTENCY_KEY="one")

        without, wrong = file(), file(code="000000")
        assert not Receipt.objects.exists()
        right, again = file(code=code_now()), file()

    assert (without.status_code, without.json()["error"]) == (403, "second_factor_needed")
    assert (wrong.status_code, wrong.json()["error"]) == (400, "wrong_code")
    assert right.status_code == 201
    assert (again.status_code, again.json()) == (201, right.json())
