"""Letters and jobs for those who watch: what became of each, and trying again what was given up."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.audit.models import JournalEntry
from apps.core import clock
from apps.core.errors import NotAllowed
from apps.documents.models import GeneratedDocument
from apps.notifications.models import OutboxMessage, OutboxState
from apps.register import oversight, services
from apps.register.demo.way import Way
from tests.way import BEGIN

OUTBOX = "/en/administration/letters/"


@pytest.fixture
def administrator(people: dict[str, User], client: Client) -> Client:
    client.force_login(people["admin.first"])
    return client


@pytest.fixture
def letters(people: dict[str, User]) -> dict[str, OutboxMessage]:
    """A letter in every state, and a job that was given up."""
    OutboxMessage.objects.all().delete()
    states = {
        "waiting": {"state": "pending"},
        "retried": {"state": "pending", "attempts": 3, "problem": "SMTPServerDisconnected"},
        "sent": {"state": "done", "done_at": BEGIN},
        "failed": {"state": "failed", "attempts": 60, "problem": "SMTPRecipientsRefused"},
        "skipped": {"state": "skipped"},
        "job": {
            "state": "failed",
            "template": "",
            "task": "documents.render",
            "recipient": None,
            "attempts": 5,
        },
    }
    return {
        name: OutboxMessage.objects.create(
            **{
                "key": name, "task": "notifications.deliver", "template": "reviews.opened", "language": "ru",
                "recipient": people["union.officer"], "created_at": BEGIN, "next_attempt_at": BEGIN, **more,
            }
        )
        for name, more in states.items()
    }  # fmt: skip


def rows(client: Client, **query: str) -> int:
    page = client.get(OUTBOX, query)
    assert page.status_code == 200
    return len(re.findall(r"<li><div>", page.content.decode()))


def test_everything_is_listed_with_names_and_without_addresses(
    administrator: Client, letters: dict[str, OutboxMessage], people: dict[str, User]
) -> None:
    page = administrator.get(OUTBOX).content.decode()

    assert people["union.officer"].full_name in page
    assert people["union.officer"].email not in page
    assert "SMTPRecipientsRefused" in page
    assert rows(administrator) == len(letters)


@pytest.mark.parametrize(
    "query, count",
    [
        ({"state": "waiting"}, 2), ({"state": "sent"}, 1), ({"state": "failed"}, 2), ({"state": "retried"}, 3),
        ({"state": "skipped"}, 1), ({"what": "job:documents.render"}, 1), ({"what": "letter:reviews.opened"}, 5),
        ({"since": "2026-09-01", "until": "2026-09-01"}, 6), ({"since": "2026-09-02"}, 0), ({"act": "2026-9999"}, 0),
    ],
)  # fmt: skip
def test_each_filter_narrows_the_list(
    administrator: Client, letters: dict[str, OutboxMessage], query: dict[str, str], count: int
) -> None:
    assert rows(administrator, **query) == count


@pytest.mark.parametrize(
    "query", [{"state": "x"}, {"since": "2026-02-30"}, {"before": "-1"}, {"what": "job:"}]
)
def test_what_cannot_be_meant_is_refused(
    administrator: Client, letters: dict[str, OutboxMessage], query: dict[str, str]
) -> None:
    assert administrator.get(OUTBOX, query).status_code == 400


def test_the_page_costs_the_same_for_many_letters(
    way: Way, people: dict[str, User], queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    way.register().open()
    monkeypatch.setattr(oversight, "PER_PAGE", 2)
    few = queries(way, OUTBOX, by=people["admin.first"])
    monkeypatch.setattr(oversight, "PER_PAGE", 50)
    many = queries(way, OUTBOX, by=people["admin.first"])

    assert len(many) == len(few) <= 6, "\n".join(many)


def test_a_letter_that_was_given_up_is_sent_again(
    administrator: Client, letters: dict[str, OutboxMessage], people: dict[str, User]
) -> None:
    response = administrator.post(f"{OUTBOX}{letters['failed'].pk}/retry/")

    assert response.status_code == 302
    letters["failed"].refresh_from_db()
    assert letters["failed"].state == OutboxState.PENDING
    assert OutboxMessage.objects.due(clock.now()).filter(pk=letters["failed"].pk).exists()
    entry = JournalEntry.objects.order_by("-seq").first()
    assert entry is not None
    assert (entry.action, entry.actor, entry.object_id) == (
        "letter.retried",
        people["admin.first"],
        str(letters["failed"].pk),
    )


def test_twice_is_once(administrator: Client, letters: dict[str, OutboxMessage]) -> None:
    address = f"{OUTBOX}{letters['failed'].pk}/retry/"

    codes = [administrator.post(address).status_code for _ in range(2)]

    assert codes == [302, 409]
    assert JournalEntry.objects.filter(action="letter.retried").count() == 1


@pytest.mark.parametrize("name", ["waiting", "retried", "sent", "skipped"])
def test_only_what_was_given_up_is_tried_again(
    administrator: Client, letters: dict[str, OutboxMessage], name: str
) -> None:
    before = OutboxMessage.objects.filter(pk=letters[name].pk).values().get()

    assert administrator.post(f"{OUTBOX}{letters[name].pk}/retry/").status_code == 409
    assert OutboxMessage.objects.filter(pk=letters[name].pk).values().get() == before


def test_a_document_that_was_given_up_is_made_again_by_a_row_of_its_own(
    way: Way, people: dict[str, User]
) -> None:
    way.register().open()
    document = GeneratedDocument.objects.order_by("pk").first()
    assert document is not None
    job = OutboxMessage.objects.get(key=f"render:{document.pk}")
    GeneratedDocument.objects.filter(pk=document.pk).update(state="failed", attempts=5, problem="x")
    OutboxMessage.objects.filter(pk=job.pk).update(state="failed")

    services.try_again(actor=people["admin.first"], outbox_id=job.pk, at=way.at + timedelta(hours=1))

    document.refresh_from_db()
    job.refresh_from_db()
    again = OutboxMessage.objects.get(key__startswith=f"render:{document.pk}:")
    assert (document.state, document.attempts, job.state, again.state) == ("pending", 0, "skipped", "pending")
    assert JournalEntry.objects.filter(action="job.retried").count() == 1


@pytest.mark.parametrize("key", ["chamber.auditor", "finance.signatory", "justice.coordinator"])
def test_others_change_nothing(
    people: dict[str, User], letters: dict[str, OutboxMessage], client: Client, key: str
) -> None:
    client.force_login(people[key])

    assert client.post(f"{OUTBOX}{letters['failed'].pk}/retry/").status_code == 404
    with pytest.raises(NotAllowed):
        services.try_again(actor=people[key], outbox_id=letters["failed"].pk, at=clock.now())
    assert OutboxMessage.objects.get(pk=letters["failed"].pk).state == OutboxState.FAILED


def test_the_auditor_reads_without_a_button(
    people: dict[str, User], letters: dict[str, OutboxMessage], client: Client
) -> None:
    client.force_login(people["chamber.auditor"])

    page = client.get(OUTBOX).content.decode()

    assert "SMTPRecipientsRefused" in page
    assert "Try again" not in page
