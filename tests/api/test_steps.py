"""The steps that go by program: once for a key, once in all, with the answers of the procedure."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from apps.audit.models import JournalEntry
from apps.core import clock
from apps.draft_acts.models import DraftAct
from apps.register.demo.way import Way
from apps.reviews.models import ConsolidatedOpinion, IdempotencyRecord, Receipt
from tests.way import filed, people, way

__all__ = ["people", "way"]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def ready(way: Way, settings: Any) -> Way:
    """An opinion that waits for its countersignature; the clock of the database goes on from there."""
    way.register().hours(1).open().working_days(1).acknowledge().working_days(2)
    way.write(
        "lsg-union", "agree_with_remarks", [{"eid": "art_2__para_2", "kind": "proposal", "text": "Сунуш."}]
    )
    settings.PORTAL_CLOCK_OFFSET = (way.at.astimezone(UTC) - datetime.now(UTC)).total_seconds()
    return way


def browser(way: Way, key: str) -> Client:
    client = Client()
    client.force_login(way.cast[key], BACKEND)
    return client


def url(way: Way, step: str, code: str = "lsg-union") -> str:
    names = {"submit": "api:opinion-submit", "send": "api:answers-send"}
    return reverse(names[step], kwargs={"act": way.act.number, "association": code})


def post(client: Client, address: str, body: Any, key: str = "key-1") -> Any:
    return client.post(
        address, body, content_type="application/json", HTTP_IDEMPOTENCY_KEY=key, HTTP_ACCEPT_LANGUAGE="ky"
    )


def version(way: Way) -> int:
    return ConsolidatedOpinion.objects.get(review_links__review=way.review("lsg-union")).edit_version


# --- one after another ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_opinion_is_filed_once_whatever_the_keys(ready: Way) -> None:
    client, address, body = (
        browser(ready, "union.signatory"),
        url(ready, "submit"),
        {"edit_version": version(ready)},
    )
    first = post(client, address, body)
    assert first.status_code == 201
    receipt = Receipt.objects.get()
    assert first.json()["number"] == receipt.number
    assert first.json()["content_hash"] == receipt.opinion.content_hash
    assert first.json()["received_at"].endswith("Z")
    assert first.json()["late"] is False
    again = post(client, address, body)
    assert (again.status_code, again.json()) == (201, first.json())  # the same key: the same answer
    other = post(client, address, body, key="key-2")
    assert (other.status_code, other.json()) == (200, first.json())  # another key: the receipt that was given
    assert Receipt.objects.count() == 1


@pytest.mark.django_db
def test_a_key_belongs_to_one_request(ready: Way) -> None:
    client, address = browser(ready, "union.signatory"), url(ready, "submit")
    assert post(client, address, {"edit_version": version(ready)}).status_code == 201
    reused = post(client, address, {"edit_version": version(ready) + 1})
    assert (reused.status_code, reused.json()["error"]) == (409, "idempotency_key_reused")


@pytest.mark.django_db
def test_a_refusal_is_not_kept_under_the_key(ready: Way) -> None:
    client, address = browser(ready, "union.signatory"), url(ready, "submit")
    conflict = post(client, address, {"edit_version": version(ready) + 7})
    assert (conflict.status_code, conflict.json()["error"]) == (409, "version_conflict")
    assert conflict.json()["theirs"] == {"edit_version": version(ready)}
    assert not IdempotencyRecord.objects.exists()
    assert post(client, address, {"edit_version": version(ready)}).status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize(
    "key", ["union.officer", "cities.signatory", "finance.signatory", "justice.coordinator", "admin.first"]
)
def test_nobody_else_files(key: str, ready: Way) -> None:
    refused = post(browser(ready, key), url(ready, "submit"), {"edit_version": version(ready)})
    assert (refused.status_code, refused.json()["error"]) == (403, "not_allowed")
    assert not Receipt.objects.exists()


@pytest.mark.django_db
def test_nothing_is_filed_where_nothing_is(ready: Way) -> None:
    client = browser(ready, "union.signatory")
    for address in (
        f"/api/v1/reviews/{ready.act.number}/minfin/opinion/submit",
        f"/api/v1/reviews/{ready.act.token}/lsg-union/opinion/submit",
        "/api/v1/reviews/2026-9999/lsg-union/opinion/submit",
    ):
        assert post(client, address, {"edit_version": 1}).status_code == 404


@pytest.mark.django_db
def test_a_late_opinion_is_taken_and_marked(ready: Way, settings: Any) -> None:
    with clock.frozen(ready.review("lsg-union").due_at):
        late = post(browser(ready, "union.signatory"), url(ready, "submit"), {"edit_version": version(ready)})
    assert (late.status_code, late.json()["late"]) == (201, True)


@pytest.mark.django_db
def test_answers_go_out_together(way: Way, settings: Any) -> None:
    filed(way)
    settings.PORTAL_CLOCK_OFFSET = (way.at.astimezone(UTC) - datetime.now(UTC)).total_seconds() + 3600
    client, address = browser(way, "finance.drafter"), url(way, "send", "cities")
    refused = post(client, address, {})
    assert (refused.status_code, refused.json()["error"]) == (409, "remark_unanswered")
    assert len(refused.json()["unmet"]) == 1
    assert post(browser(way, "water.drafter"), address, {}).status_code == 403
    way.answer("cities", [("rejected", "Негиз", "")], send=False)
    sent = post(client, address, {})
    assert sent.status_code == 200, sent.content
    assert sent.json()["answers_sent_at"].endswith("Z")
    assert post(client, address, {}).json() == sent.json()
    assert post(client, address, {}, key="key-2").status_code == 409  # sent before, under another key


# --- all at once ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("keys", ["one key", "a key each", "by page and by program"])
def test_eight_at_once_make_one_opinion_and_one_receipt(keys: str, ready: Way) -> None:
    clients = [browser(ready, "union.signatory") for _ in range(8)]
    address, seen, together = url(ready, "submit"), version(ready), threading.Barrier(8)
    with override("ky"):
        page = reverse("opinion_submit", args=[ready.act.number, "lsg-union"])

    def submit(number: int) -> tuple[int, str]:
        together.wait(20)
        try:
            if keys == "by page and by program" and number % 2:
                response: Any = clients[number].post(page, {"version": seen})
                return response.status_code, response.headers.get("Location", "").rstrip("/").rpartition("/")[
                    2
                ]
            key = "key" if keys == "one key" else f"key-{number}"
            response = post(clients[number], address, {"edit_version": seen}, key=key)
            return response.status_code, json.loads(response.content).get("number", "")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(submit, range(8)))

    receipt = Receipt.objects.get()
    assert {number for _status, number in answers} == {receipt.number}
    statuses = sorted(status for status, _number in answers)
    if keys == "one key":
        assert statuses == [201] * 8
        assert IdempotencyRecord.objects.count() == 1
    elif keys == "a key each":
        assert statuses == [200] * 7 + [201]
    else:
        assert set(statuses) <= {200, 201, 302}
    assert receipt.number.endswith("-0001")  # no number was taken in vain
    assert ConsolidatedOpinion.objects.filter(submitted_at__isnull=False).count() == 1
    assert JournalEntry.objects.filter(action="opinion.submitted").count() == 1
    assert DraftAct.objects.count() == 1
