"""Letters go out once, wait while the mail server is away, and never stop the queue."""

import smtplib
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction

from apps.notifications import delivery, registry, rendering, services
from apps.notifications.models import OutboxMessage, OutboxState
from apps.notifications.registry import letter, link
from tests.people import MORNING, People


@pytest.fixture
def greeting() -> Iterator[None]:
    """A letter that exists for the time of a test."""

    @letter("tests.greeting")
    def build(payload: dict[str, Any], language: str) -> dict[str, Any]:
        if payload.get("broken"):
            raise LookupError("nothing there")
        words = {"ky": "Саламатсызбы", "ru": "Здравствуйте", "en": "Hello"}[language]
        return {
            "subject": f"{words}\r\nBcc: evil@example.org",
            "heading": words,
            "paragraphs": ["<script>alert(1)</script>", "ң ө ү"],
            "action_url": link("letters"),
            "action_label": "→",
        }

    yield
    del registry._letters["tests.greeting"]


@pytest.fixture
def sent(settings: Any) -> list[Any]:
    """A mail server that takes everything."""
    settings.EMAIL_KEPT = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


def enqueued(people: People, *, key: str = "greeting:1", **payload: Any) -> OutboxMessage:
    services.enqueue(
        template="tests.greeting", recipients=[people.nurlan], payload=payload, key=key, at=MORNING
    )
    return OutboxMessage.objects.get(key=f"{key}:{people.nurlan.pk}")


def test_an_event_writes_one_letter_a_person(people: People) -> None:
    for _ in range(3):
        services.enqueue(
            template="tests.greeting",
            recipients=[people.nurlan, people.asel],
            payload={},
            key="opened:7",
            at=MORNING,
        )

    assert OutboxMessage.objects.count() == 2


@pytest.mark.usefixtures("greeting")
def test_a_letter_delivered_ten_times_is_sent_once(people: People, sent: list[Any]) -> None:
    message = enqueued(people)

    states = [delivery.deliver(outbox_id=message.pk, at=MORNING) for _ in range(10)]

    assert len(sent) == 1
    assert states == [OutboxState.DONE] * 10


@pytest.mark.usefixtures("greeting")
def test_a_letter_speaks_the_language_of_its_reader(people: People, sent: list[Any]) -> None:
    people.nurlan.language = "ky"
    people.nurlan.save()
    message = enqueued(people)

    delivery.deliver(outbox_id=message.pk, at=MORNING)

    letter = sent[0]
    assert letter.to == ["nurlan@example.org"]
    assert "Саламатсызбы" in letter.body
    assert "ң ө ү" in letter.body
    assert "/ky/letters/" in letter.body
    assert '<html lang="ky">' in letter.alternatives[0][0]


@pytest.mark.usefixtures("greeting")
def test_nothing_in_a_letter_becomes_markup_or_a_header(people: People, sent: list[Any]) -> None:
    message = enqueued(people)

    delivery.deliver(outbox_id=message.pk, at=MORNING)

    assert sent[0].subject == "Здравствуйте Bcc: evil@example.org"
    assert sent[0].recipients() == ["nurlan@example.org"]
    assert "<script>" not in sent[0].alternatives[0][0]


@pytest.mark.usefixtures("greeting")
def test_while_the_mail_server_is_away_the_letter_waits(
    people: People, sent: list[Any], monkeypatch: Any
) -> None:
    message = enqueued(people)
    monkeypatch.setattr(
        "django.core.mail.backends.locmem.EmailBackend.send_messages",
        lambda *_: (_ for _ in ()).throw(ConnectionRefusedError()),
    )
    at = MORNING

    for _ in range(6):
        delivery.deliver(outbox_id=message.pk, at=at)
        message.refresh_from_db()
        assert message.next_attempt_at > at
        at = message.next_attempt_at

    assert (message.state, message.attempts, message.problem) == ("pending", 6, "ConnectionRefusedError")
    assert at - MORNING == timedelta(minutes=1 + 2 + 4 + 8 + 16 + 32)
    monkeypatch.undo()
    assert delivery.deliver(outbox_id=message.pk, at=at) in ("done", "pending")


def test_the_waits_cover_two_days_without_a_mail_server() -> None:
    waits = [services.backoff(n) for n in range(1, services.MAX_ATTEMPTS)]

    assert sum(waits, timedelta()) > timedelta(days=2)


@pytest.mark.usefixtures("greeting")
def test_an_address_that_does_not_exist_is_given_up_at_once(
    people: People, sent: list[Any], monkeypatch: Any
) -> None:
    message = enqueued(people)
    refused = smtplib.SMTPRecipientsRefused({"nurlan@example.org": (550, b"no such user")})
    monkeypatch.setattr(
        "django.core.mail.backends.locmem.EmailBackend.send_messages",
        lambda *_: (_ for _ in ()).throw(refused),
    )

    assert delivery.deliver(outbox_id=message.pk, at=MORNING) == OutboxState.FAILED


@pytest.mark.usefixtures("greeting")
def test_a_letter_that_cannot_be_made_does_not_stop_the_next(people: People, sent: list[Any]) -> None:
    broken, good = enqueued(people, key="a", broken=True), enqueued(people, key="b")

    assert delivery.deliver(outbox_id=broken.pk, at=MORNING) == OutboxState.PENDING
    assert delivery.deliver(outbox_id=good.pk, at=MORNING) == OutboxState.DONE


def test_a_letter_of_an_unknown_name_waits_for_the_upgrade(people: People, sent: list[Any]) -> None:
    services.enqueue(template="tests.unknown", recipients=[people.nurlan], payload={}, key="x", at=MORNING)
    message = OutboxMessage.objects.get()

    assert delivery.deliver(outbox_id=message.pk, at=MORNING) == OutboxState.PENDING


@pytest.mark.usefixtures("greeting")
def test_a_closed_account_gets_no_letter(people: People, sent: list[Any]) -> None:
    message = enqueued(people)
    people.nurlan.is_active, people.nurlan.deactivated_at = False, MORNING
    people.nurlan.save()

    assert delivery.deliver(outbox_id=message.pk, at=MORNING) == OutboxState.SKIPPED
    assert sent == []


@pytest.mark.usefixtures("greeting")
def test_in_a_demonstration_letters_are_kept(people: People, settings: Any) -> None:
    message = enqueued(people)

    delivery.deliver(outbox_id=message.pk, at=MORNING)

    message.refresh_from_db()
    assert (message.state, message.done_at) == ("done", MORNING)
    assert mail.outbox == []


def test_every_registered_letter_can_be_told_apart() -> None:
    assert {"accounts.invitation", "accounts.password_reset", "organizations.invitation"} <= set(
        registry.names()
    )
    with pytest.raises(ValueError, match="twice"):
        letter("accounts.invitation")(lambda payload, language: {})


def test_an_unknown_row_is_nobodys(db: Any) -> None:
    assert delivery.deliver(outbox_id=0, at=MORNING) == "busy"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("greeting")
def test_two_workers_with_the_same_letter_send_it_once(settings: Any, monkeypatch: Any) -> None:
    from tests.people import everybody

    settings.EMAIL_KEPT = False
    message = enqueued(everybody())
    inside, leave, sent = threading.Event(), threading.Event(), []

    def slow_send(*_: Any) -> int:
        sent.append(1)
        inside.set()
        leave.wait(10)
        return 1

    monkeypatch.setattr("django.core.mail.backends.dummy.EmailBackend.send_messages", slow_send)
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

    def first() -> None:
        delivery.deliver(outbox_id=message.pk, at=MORNING)
        connection.close()

    worker = threading.Thread(target=first)
    worker.start()
    inside.wait(10)
    second = delivery.deliver(outbox_id=message.pk, at=MORNING)
    leave.set()
    worker.join()

    assert (second, len(sent)) == ("busy", 1)
    assert delivery.deliver(outbox_id=message.pk, at=MORNING) == OutboxState.DONE


@pytest.mark.usefixtures("greeting")
def test_a_letter_of_a_fact_that_was_rolled_back_does_not_exist(people: People) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        enqueued(people)
        raise RuntimeError

    assert not OutboxMessage.objects.exists()


@pytest.mark.usefixtures("greeting")
@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_a_letter_has_text_and_html_in_each_language(people: People, language: str) -> None:
    people.nurlan.language = language
    people.nurlan.save()

    made = rendering.render(enqueued(people))

    assert made.text.strip()
    assert f'<html lang="{language}">' in made.html
