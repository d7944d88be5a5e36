"""The sweep runs twice at once, late, or not at all for days: nothing is done twice, nothing waits for it."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from apps.core import clock, statuses
from apps.core.errors import NotAllowed
from apps.notifications.models import OutboxMessage
from apps.passage import gates
from apps.passage import services as passage
from apps.passage.errors import AlreadyCertified, CertificateRefused
from apps.passage.models import Certificate
from apps.register.demo.way import Way
from apps.reviews import services, silence
from apps.reviews.models import ClosingNote, Reminder
from apps.reviews.tasks import sweep
from tests.way import people, way

__all__ = ["people", "way"]
UNION, CITIES = "lsg-union", "cities"
MS = timedelta(milliseconds=1)


@pytest.fixture
def delivered(way: Way) -> Iterator[Way]:
    """Both associations have the act; the clock stands where the story is."""
    way.register().hours(1).open().working_days(1).acknowledge()
    with way.now():
        yield way


def at_once(times: int, work: Callable[[], Any]) -> list[Any]:
    """The same work in several connections, begun together; what each returned or raised."""
    gate, found = threading.Barrier(times), []

    def run() -> None:
        try:
            gate.wait(10)
            found.append(work())
        except Exception as problem:  # the test tells what it expected
            found.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_once_remind_once(delivered: Way) -> None:
    moment: datetime = delivered.working_days(19, hour=12).at

    sent = at_once(6, lambda: services.remind(now=moment))

    assert sum(sent) == 2  # one an association
    assert Reminder.objects.filter(state="sent").count() == 2
    assert Reminder.objects.filter(state="skipped").count() == 4
    letters = OutboxMessage.objects.filter(template="reviews.reminder")
    assert letters.count() == 4  # an officer and a signatory each
    assert services.remind(now=moment) == 0


# --- nothing runs for days -----------------------------------------------------------------------------


def remind(way: Way) -> None:
    """The sweep and the relay as they run on an ordinary day: the mail server takes the letters."""
    with way.now():
        services.remind(now=way.at)
    OutboxMessage.objects.filter(template="reviews.reminder").update(state="done", done_at=way.at)


def unanswered(way: Way, *, money: bool = False) -> datetime:
    """The union agreed, the cities said nothing; nothing has run since half time. The end of the cities' term."""
    way.register(money=money).hours(1).open().working_days(1).acknowledge()
    way.working_days(5).write(UNION, "agree").hours(1).file(UNION)
    remind(way.working_days(6))
    return way.review(CITIES).due_at


def stands(way: Way, at: datetime) -> dict[str, str]:
    """What the first request says: the certificate's gates, as the page of the act shows them."""
    return {c.code: c.status for c in gates.certificate_conditions(way.act, at)}


def certify(way: Way, at: datetime) -> Certificate:
    way.at = at
    with way.now("finance.signatory") as (signatory,):
        return passage.issue_certificate(actor=signatory, act_id=way.act.pk, at=at)


@pytest.mark.parametrize(
    ("moment", "opinions", "note"),
    [(-MS, "unmet", "later"), (timedelta(0), "met", "unmet"), (MS, "met", "unmet")],
)
def test_the_gates_turn_with_the_term_and_not_with_a_job(
    moment: timedelta, opinions: str, note: str, way: Way
) -> None:
    due = unanswered(way)

    found = stands(way, due + moment)

    assert (found["G3"], found["G6"]) == (opinions, note)


@pytest.mark.parametrize(("moment", "issued"), [(-MS, False), (timedelta(0), True), (MS, True)])
def test_the_first_certificate_after_the_wait_issues_the_note(
    moment: timedelta, issued: bool, way: Way
) -> None:
    unanswered(way)
    begins = silence.certificate_from(way.review(CITIES))

    if not issued:
        with pytest.raises(CertificateRefused) as refusal:
            certify(way, begins + moment)
        assert [u.code for u in refusal.value.unmet] == ["tacit_wait"]
        assert not ClosingNote.objects.filter(kind="expiry").exists()
        return
    assert stands(way, begins + moment)["G6"] == "met"
    certificate = certify(way, begins + moment)

    note = ClosingNote.objects.get(review=way.review(CITIES))
    assert note.kind == "expiry"
    assert f'"note":"{note.number}"' in certificate.canonical


def test_after_three_days_without_a_sweep_the_first_page_is_right(way: Way) -> None:
    due = unanswered(way)
    way.at = due + timedelta(days=6)

    with way.now():
        client = Client()
        page = client.get(reverse("review", args=[way.act.number, CITIES])).content.decode()
        act_page = client.get(reverse("act", args=[way.act.number])).content.decode()

    with override("ky"):
        shown = str(statuses.get("opinion", "tacit").word)
    assert shown in page
    assert shown in act_page
    assert not ClosingNote.objects.filter(kind="expiry").exists()  # nothing was written by looking


def test_the_late_sweep_does_everything_once(way: Way) -> None:
    due = unanswered(way)
    late = due + timedelta(days=6)

    for _run in range(3):
        with clock.frozen(late):
            sweep()

    assert list(Reminder.objects.filter(review=way.review(CITIES)).values_list("kind", "state")) == [
        ("half", "sent"),
        ("two_days", "skipped"),
        ("one_day", "skipped"),
    ]
    assert ClosingNote.objects.filter(kind="expiry").count() == 1


def test_a_function_without_money_is_never_agreed_by_silence(way: Way) -> None:
    due = unanswered(way, money=True)

    with pytest.raises(CertificateRefused) as refusal:
        certify(way, due + timedelta(days=9))

    assert "expiry_undecided" in [u.code for u in refusal.value.unmet]
    assert [p.code for p in silence.missing(way.review(CITIES))] == ["silence_counts"]


@pytest.mark.django_db(transaction=True)
def test_sweeps_and_a_certificate_at_once_issue_one_note(way: Way) -> None:
    unanswered(way)
    begins = silence.certificate_from(way.review(CITIES))
    signatory = way.cast["finance.signatory"]
    way.at = begins
    with way.now("finance.signatory"):
        found = at_once(
            4,
            lambda: (
                services.establish_due(now=begins),
                passage.issue_certificate(actor=signatory, act_id=way.act.pk, at=begins),
            ),
        )

    assert ClosingNote.objects.filter(review=way.review(CITIES)).count() == 1
    assert Certificate.objects.count() == 1
    refused = [problem for problem in found if isinstance(problem, Exception)]
    assert {type(problem) for problem in refused} <= {AlreadyCertified, NotAllowed}, refused
