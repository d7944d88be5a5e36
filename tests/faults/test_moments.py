"""Something changes between the opening of a page and its button: the hour, the clock, the calendar, a role.

Seen red with: `submit_opinion` reading the clock anew behind its lock; a late opinion refused; the term counted anew from the
calendar at filing; `clock.now()` from the machine's clock; `Membership.objects.active()` that forgets `valid_to`.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from apps.accounts.models import User
from apps.core import clock
from apps.deadlines import selectors as deadlines
from apps.deadlines.enums import Confirmation, DayKind
from apps.deadlines.models import CalendarDay
from apps.organizations import services as organizations
from apps.register.demo.way import Way
from apps.reviews import selectors
from apps.reviews.models import ConsolidatedOpinion, Receipt, Review
from tests.faults.portal import until
from tests.way import people, way

__all__ = ["people", "way"]
UNION = "lsg-union"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ready(way: Way, settings: Any) -> Way:
    """The opinion of the union waits for its signatory, a minute before the end of its term."""
    way.register().hours(1).open().working_days(1).acknowledge().working_days(2).write(UNION, "agree")
    go_to(settings, way.review(UNION).due_at - MINUTE)
    return way


def go_to(settings: Any, moment: datetime) -> None:
    settings.PORTAL_CLOCK_OFFSET = (moment - datetime.now(UTC)).total_seconds()


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def opened(client: Client, way: Way) -> Callable[[], Any]:
    """The page of the opinion has been opened; what comes back presses its button."""
    with override("ky"):
        page, button = (
            reverse(name, args=[way.act.number, UNION]) for name in ("opinion_write", "opinion_submit")
        )
    assert button in client.get(page).content.decode()
    version = ConsolidatedOpinion.objects.get(submitted_at=None).edit_version
    return lambda: client.post(button, {"version": version})


# --- the hour ---------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_the_term_that_ends_while_the_post_waits_is_kept(ready: Way, settings: Any) -> None:
    review, answers = ready.review(UNION), []
    press = opened(signed_in(ready.cast["union.signatory"]), ready)

    def send() -> None:
        answers.append(press())
        connections.close_all()

    with transaction.atomic():
        Review.objects.select_for_update().get(pk=review.pk)  # somebody else is at this review
        sender = threading.Thread(target=send)
        sender.start()
        assert until(somebody_waits)
        go_to(settings, review.due_at + MINUTE)  # it came in time; midnight passes while it waits
    sender.join(30)

    receipt = Receipt.objects.get()
    assert answers[0].status_code == 302
    assert receipt.received_at < review.due_at <= clock.now()
    assert receipt.late is False
    assert selectors.stage(fresh(review), clock.now()) != "expired"


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def fresh(review: Review) -> Review:
    return Review.objects.with_facts().get(pk=review.pk)


def test_a_page_opened_in_time_and_sent_after_the_term_files_a_late_opinion(
    ready: Way, settings: Any
) -> None:
    review = ready.review(UNION)
    client = signed_in(ready.cast["union.signatory"])
    press = opened(client, ready)

    go_to(settings, review.due_at)
    answer = press()

    receipt = Receipt.objects.get()
    assert (answer.status_code, receipt.late) == (302, True)
    assert receipt.received_at >= review.due_at
    assert receipt.number in client.get(answer["Location"]).content.decode()
    assert fresh(review).filed_at is None  # it undoes nothing of what the end of the term brought


@pytest.mark.parametrize("minutes", [-10, 10])
def test_a_web_server_whose_clock_is_wrong_asks_the_database(minutes: int, ready: Way) -> None:
    review = ready.review(UNION)
    press = opened(signed_in(ready.cast["union.signatory"]), ready)

    with time_machine.travel(datetime.now(UTC) + minutes * MINUTE):
        press()

    receipt = Receipt.objects.get()
    assert receipt.late is False
    assert timedelta(0) < review.due_at - receipt.received_at <= MINUTE


# --- the calendar, a role ---------------------------------------------------------------------------
def test_a_day_off_that_is_declared_later_moves_no_running_term(ready: Way, settings: Any) -> None:
    review = ready.review(UNION)
    before = list(review.terms.order_by("pk").values())
    day = next(d for d in days_before(review.due_at) if deadlines.calendar_for().is_working(d))

    CalendarDay.objects.create(
        date=day,
        kind=DayKind.HOLIDAY,
        name_ky="Эс алуу күнү",
        name_ru="Выходной",
        name_en="Day off",
        source="Decree 1",
        status=Confirmation.SEEDED,
    )
    go_to(settings, review.due_at)
    opened(signed_in(ready.cast["union.signatory"]), ready)()

    assert not deadlines.calendar_for().is_working(day)  # the next term counts with it
    assert review.due_at == fresh(review).due_at
    assert list(review.terms.order_by("pk").values()) == before
    assert (Receipt.objects.get().due_at, Receipt.objects.get().late) == (review.due_at, True)


def days_before(moment: datetime) -> Any:
    last = clock.local_date(moment - MINUTE)
    return (last - timedelta(days=n) for n in range(1, 9))


def test_a_role_that_ends_while_the_page_is_open_signs_nothing(ready: Way) -> None:
    person = ready.cast["union.signatory"]
    client = signed_in(person)
    press = opened(client, ready)

    organizations.end_role(
        actor=ready.cast["admin.first"],
        membership_id=person.memberships.get(valid_to=None).pk,
        at=clock.now(),
    )
    answer = press()

    assert answer.status_code == 404
    assert not Receipt.objects.exists()
    with override("ky"):
        page = client.get(reverse("opinion_write", args=[ready.act.number, UNION]))
    assert page.status_code == 404
