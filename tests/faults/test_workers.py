"""Workers die at each point of their work, a page never ends, Redis loses its memory, the mail server is away.

The opinion stands, every letter goes out, and the queue moves on. Seen red with: a relay that calls a row done when it is
published (deaths, Redis); `deliver` that sends whatever the row's state is; a document rendered again though it is ready;
messages put back after the time limit; an attempt that is not counted before it begins; a letter given up at the first
refusal; a worker that waits for a row that is not there.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from celery import Celery

from apps.audit.models import JournalEntry
from apps.documents import services as documents
from apps.documents.enums import DocumentState
from apps.documents.models import GeneratedDocument
from apps.documents.services.render import MAX_ATTEMPTS
from apps.documents.tasks import render
from apps.notifications.models import OutboxMessage
from apps.register.demo.way import Way
from tests.faults.portal import MailServer, Processes, due, filed_once, processes_in, until, written
from tests.way import people, way

__all__ = ["people", "way", "written"]
pytestmark = pytest.mark.django_db(transaction=True)
# The processes live before the story: only `due` makes one of its rows due.
EARLIER = datetime(2026, 8, 31, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def mail() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture(scope="module")
def portal(
    django_db_setup: None, mail: MailServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Processes]:
    with processes_in(tmp_path_factory.mktemp("workers")) as started:
        started.start("worker", "worker-documents", "relay", at=EARLIER, EMAIL_URL=mail.url)
        yield started


@pytest.fixture
def filed(written: Way, portal: Processes) -> Iterator[Way]:
    """The opinion of the union is filed; its letters and documents wait."""
    OutboxMessage.objects.filter(state="pending").update(state="skipped")
    assert until(portal.redis.idle)
    yield written.file("lsg-union")
    portal.no_plan()
    portal.mend()
    OutboxMessage.objects.filter(state="pending").update(state="skipped")
    portal.redis.client.flushall()


def letters() -> list[OutboxMessage]:
    of_filing = OutboxMessage.objects.filter(template__in=["reviews.receipt", "reviews.opinion_filed"])
    return list(of_filing.order_by("pk"))


def sent(mail: MailServer, row: OutboxMessage) -> int:
    return len([letter for letter in mail.letters if letter.message_id.startswith(f"<outbox-{row.pk}@")])


def job(kind: str) -> OutboxMessage:
    return OutboxMessage.objects.get(task="documents.render", payload__document_id=document(kind).pk)


def document(kind: str) -> GeneratedDocument:
    return GeneratedDocument.objects.get(kind=kind)


def stands(row: OutboxMessage) -> str:
    row.refresh_from_db()
    return row.state


def publish(portal: Processes, name: str, *args: Any, **options: Any) -> None:
    """A message that the relay did not send."""
    with Celery(
        set_as_current=False,  # the portal's own stays the one that others find
        broker=portal.redis.url.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host="),
    ) as app:
        app.conf.task_serializer = "json"
        app.send_task(
            name, args=args, queue=name.partition(".")[0].replace("notifications", "letters"), **options
        )


# --- deaths -----------------------------------------------------------------------------------------
def test_a_letter_survives_the_death_of_its_worker_at_each_point(
    filed: Way, portal: Processes, mail: MailServer
) -> None:
    points = ("before_body alone", "after_mail", "after_write alone", "before_ack alone")
    rows = dict(zip(points, letters(), strict=True))

    for point, row in rows.items():
        portal.plan(point)
        due(row)
        assert until(lambda: not portal.pending_plan), f"nobody came to {point}"
        if "alone" not in point:
            assert until(lambda: portal.fallen)
            portal.mend()
        due(row)
        assert until(lambda row=row: stands(row) == "done"), f"killed {point}, the letter stays behind"
    # What was put back has come again and sent nothing; the whole worker that was killed still holds its message.
    assert until(lambda: portal.redis.idle(lost=1))

    times = {point: sent(mail, row) for point, row in rows.items()}
    assert times == dict.fromkeys(points, 1) | {"after_mail": 2}  # under one Message-ID
    filed_once(filed)


def test_a_document_survives_the_death_of_its_worker(filed: Way, portal: Processes) -> None:
    row = job("RC")

    for point in ("before_body alone", "after_write alone"):
        portal.plan(point)
        due(row)
        assert until(lambda: not portal.pending_plan)

    assert until(lambda: stands(row) == "done")
    assert document("RC").state == DocumentState.READY
    sealed = JournalEntry.objects.filter(action="document.sealed", object_id=str(document("RC").pk))
    assert sealed.count() == 1


# --- pages that cannot be set -----------------------------------------------------------------------
def test_a_page_without_end_is_stopped_and_the_queue_moves_on(filed: Way, portal: Processes) -> None:
    endless, receipt = job("OP"), job("RC")
    portal.plan("endless OP")

    publish(portal, "documents.render", endless.pk, soft_time_limit=1, time_limit=2)
    due(receipt)

    assert until(lambda: stands(receipt) == "done")
    assert (stands(endless), document("OP").attempts) == ("pending", 1)
    filed_once(filed)
    portal.no_plan()
    due(endless)
    assert until(lambda: stands(endless) == "done")
    assert 0 < render.soft_time_limit < render.time_limit < 300  # what the relay sends has its limit too


def test_a_page_that_kills_its_process_is_given_up_and_the_queue_moves_on(
    filed: Way, portal: Processes
) -> None:
    deadly, receipt = job("OP"), job("RC")
    GeneratedDocument.objects.filter(pk=document("OP").pk).update(attempts=MAX_ATTEMPTS - 2)
    portal.plan("crash OP")

    due(deadly, receipt)

    assert until(lambda: stands(receipt) == "done" and stands(deadly) == "failed")
    assert (document("OP").state, document("OP").problem) == (DocumentState.FAILED, "interrupted")
    filed_once(filed)
    portal.no_plan()
    documents.retry_document(document_id=document("OP").pk, at=EARLIER)
    assert until(lambda: document("OP").state == DocumentState.READY)


# --- queue and mail server --------------------------------------------------------------------------
def test_redis_loses_a_thousand_messages_and_each_comes_again(filed: Way, portal: Processes) -> None:
    model = letters()[0]
    rows = OutboxMessage.objects.bulk_create(
        OutboxMessage(
            key=f"flushed:{n}",
            task="notifications.deliver",
            template=model.template,
            recipient_id=model.recipient_id,
            created_at=EARLIER,
            next_attempt_at=filed.at,
        )
        for n in range(1000)
    )
    with portal.running[0].halted("worker"):
        due(*rows)
        assert until(lambda: len(set(portal.redis.waiting("letters"))) >= 999)  # one is in a worker's hands
        portal.redis.client.flushall()
        due(*rows)
        assert until(lambda: len(set(portal.redis.waiting("letters"))) >= 999)
        portal.redis.client.flushall()
        OutboxMessage.objects.filter(key__startswith="flushed:").update(state="done", done_at=filed.at)
    due(model)

    assert until(lambda: stands(model) == "done")


def test_a_mail_server_that_is_down_for_a_day_gets_each_letter_once(
    filed: Way, portal: Processes, mail: MailServer
) -> None:
    rows = letters()
    mail.down()
    try:
        for attempt in (1, 2):
            due(*rows)
            assert until(lambda attempt=attempt: all(row.attempts == attempt for row in letters()))
    finally:
        mail.up()
    assert {row.state for row in letters()} == {"pending"}

    due(*rows)

    assert until(lambda: {row.state for row in letters()} == {"done"})
    assert [sent(mail, row) for row in rows] == [1, 1, 1, 1]


def test_old_messages_after_an_upgrade_stop_nothing(filed: Way, portal: Processes, mail: MailServer) -> None:
    row = letters()[0]

    publish(portal, "notifications.send_letter", row.pk)  # a task of an earlier name
    publish(portal, "notifications.deliver", row.pk, "ky")  # … with an argument more
    publish(portal, "notifications.deliver", row.pk + 1_000_000)  # … of a row that is not there any more
    due(row)

    assert until(lambda: stands(row) == "done")
    assert until(portal.redis.idle)
    assert sent(mail, row) == 1
