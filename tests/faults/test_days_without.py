"""Three days without a sweep, a relay and Redis: the first request says what is so, and each letter goes out once."""

import json
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from apps.core import clock, statuses
from apps.documents.models import GeneratedDocument
from apps.documents.services.render import unsealed_pdf
from apps.notifications import rendering
from apps.notifications.models import OutboxMessage
from apps.notifications.relay import Relay
from apps.notifications.tasks import deliver
from apps.passage import gates
from apps.register.demo.acts import REMARKS
from apps.register.demo.way import Way
from apps.reviews import selectors, services, silence
from apps.reviews.models import ClosingNote, SilenceRecord
from apps.reviews.tasks import sweep
from tests.documents.test_rendering import text_of
from tests.way import people, way

__all__ = ["people", "way"]
UNION, CITIES = "lsg-union", "cities"


@pytest.fixture
def days_later(way: Way) -> Way:
    """The union's remarks got no answer, the cities gave no opinion; nothing ran for three days after both terms."""
    way.register().hours(1).open().working_days(1).acknowledge()
    way.working_days(5).write(UNION, "on_condition", REMARKS).hours(1).file(UNION).working_days(6)
    with way.now():  # half time of the cities' term: the last thing that ran
        services.remind(now=way.at)
    OutboxMessage.objects.filter(template="reviews.reminder").update(state="done", done_at=way.at)
    answers = selectors.ruling_term(way.review(UNION), "answers")
    assert answers is not None
    way.at = max(answers.due_at, silence.certificate_from(way.review(CITIES))) + timedelta(days=3)
    return way


def word(group: str, code: str) -> str:
    with override("ky"):
        return str(statuses.get(group, code).word)


def pdf(kind: str, way: Way) -> str:
    document = GeneratedDocument.objects.filter(kind=kind, act_id=way.act.pk).get()
    return text_of(unsealed_pdf(document, at=way.at))


def test_the_first_request_is_right_everywhere(days_later: Way, settings: Any) -> None:
    way = days_later
    settings.REDIS_URL = settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    number, client = way.act.number, Client()

    def page(name: str, *args: Any) -> str:
        response = client.get(reverse(name, args=args))
        assert response.status_code == 200, name
        return response.content.decode()

    with way.now():
        assert word("stage", "unanswered") in page("review", number, UNION)
        assert word("opinion", "tacit") in page("review", number, CITIES)
        act = page("act", number)
        assert word("stage", "unanswered") in act
        assert word("opinion", "tacit") in act
        assert word("stage", "unanswered") in page("act_list")
        found = {code: json.loads(page("api:review", number, code)) for code in (UNION, CITIES)}
        receipt = page("receipt", "rc-2026-0001")
    assert [(r["stage"], r["silent"]) for r in found.values()] == [
        ("unanswered", "ministry"),
        ("expiry_established", ""),
    ]
    assert word("time", "late") not in receipt
    gate = {c.code: c for c in gates.certificate_conditions(way.act, way.at)}
    assert (gate["G3"].status, gate["G4"].status, gate["G5"].status) == ("met", "unmet", "unmet")
    assert "answers_overdue" in {u.code for u in gate["G4"].unmet}
    # Looking wrote nothing: the record and the note wait for the sweep.
    assert not SilenceRecord.objects.exists()
    assert not ClosingNote.objects.exists()
    # And the next step is open at once, whoever runs or not.
    way.meet(UNION, {n: {"outcome": "open"} for n in (1, 2, 3)}).fix(UNION)


def test_the_files_made_afterwards_say_what_was_so(days_later: Way) -> None:
    way = days_later
    with way.now():
        sweep()

    receipt, note = pdf("RC", way), pdf("NE", way)

    assert "Пикир мөөнөтүндө" in receipt
    assert word("time", "late") not in receipt
    assert ClosingNote.objects.get().number in note
    assert way.review(CITIES).association.name_ky in note


def test_letters_go_out_once_when_the_relay_comes_back(
    days_later: Way, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.EMAIL_KEPT, mail.outbox = False, []
    way = days_later
    in_redis: list[tuple[str, int]] = []
    monkeypatch.setattr(current_app, "send_task", lambda task, args, **_: in_redis.append((task, args[0])))

    for minutes in (0, 1, 30, 90):
        with clock.frozen(way.at + timedelta(minutes=minutes)):
            sweep()
            while Relay().publish_due():
                pass
            # The worker takes what came, some of it twice.
            for task, outbox_id in [*in_redis, *in_redis[:3]]:
                if task == "notifications.deliver":
                    deliver(outbox_id)
            in_redis.clear()

    assert SilenceRecord.objects.count() == 1
    letters = OutboxMessage.objects.filter(template="reviews.unanswered")
    assert letters.count() == 4  # drafter and signatory, officer and signatory
    assert set(letters.values_list("state", flat=True)) == {"done"}
    sent = Counter((message.to[0], message.subject, message.body) for message in mail.outbox)
    assert set(sent.values()) == {1}
    for letter in letters:
        assert letter.recipient is not None
        subject = rendering.read(letter).subject
        assert sum(1 for to, about, _ in sent if (to, about) == (letter.recipient.email, subject)) == 1
