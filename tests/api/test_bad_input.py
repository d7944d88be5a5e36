"""Whatever is sent: an answer that says what is wrong, never a server error, and nothing stored."""

import json
from typing import Any

import pytest
from django.test import Client

from apps.reviews.models import IdempotencyRecord
from tests.isolation.world import ANYBODY, World

pytestmark = pytest.mark.django_db
KEY = {"HTTP_IDEMPOTENCY_KEY": "k-1", "HTTP_ACCEPT_LANGUAGE": "ky"}


@pytest.mark.parametrize(
    "size", ["0", "-1", "101", "1000000000", "1e400", "NaN", "", "ten", "1.5", "٣", "1\x00", "[]"]
)
def test_a_page_size_outside_of_1_to_100(size: str, world: World) -> None:
    response = world.client(ANYBODY).get("/api/v1/acts/", {"page_size": size})
    assert response.status_code == 400
    assert "page_size" in response.json()["fields"]


@pytest.mark.parametrize(
    "query",
    [
        "kind=poem", "stage=open&stage=nowhere", "initiator=nobody", "initiator=';drop table--", "year=0001",
        "year=1e400", "q=" + "w" * 5000, "q=%00",
    ],
)  # fmt: skip
def test_values_that_no_filter_offers(query: str, world: World) -> None:
    response = world.client(ANYBODY).get(f"/api/v1/acts/?{query}")
    assert response.status_code == 400
    assert response.json()["error"] == "invalid"


@pytest.mark.parametrize(
    "query",
    [
        "q=%27%29%3B--", "q=%D2%A3%D3%A9%D2%AF", "q=%EF%BF%BF", "q=!%26%7C()%3A*", "q=%ED%A0%80", "ordering=-password",
        "format=json", "q=(((((((((((((((((((((a%2B)%2B)%2B", "unknown=1", "q=%E2%80%8B",
    ],
)  # fmt: skip
def test_strange_words_are_only_words(query: str, world: World) -> None:
    assert world.client(ANYBODY).get(f"/api/v1/acts/?{query}").status_code == 200


@pytest.mark.parametrize(
    "name", ["remarks", "opinions", "answers", "reviews", "consultations", "protocols", "decisions"]
)
@pytest.mark.parametrize(
    "query", ["act=%00", "association=%00", "late=perhaps", "q=%00", "year=x", "answered=2", "filed=x"]
)
def test_no_filter_of_any_list_breaks(name: str, query: str, world: World) -> None:
    assert world.client(ANYBODY).get(f"/api/v1/{name}/?{query}").status_code in {200, 400}


BODIES = [
    b"", b"null", b"[]", b'"text"', b"1", b"{", b"{'edit_version': 1}", b'{"edit_version": 1e400}', b'{"edit_version": NaN}',
    b'{"edit_version": -Infinity}', b'{"edit_version": true}', b'{"edit_version": "one"}', b'{"edit_version": [1]}',
    b'{"edit_version": {"$gt": 0}}', b'{"edit_version": 0}', b'{"edit_version": -1}', b'{"edit_version": 1.5}',
    b'{"edit_version": 99999999999999999999}', b'{"edit_version": null}', b"{}", b'{"edit_version": 1, "late": false}',
    b'{"edit_version": 1, "received_at": "2020-01-01"}', b"\xff\xfe\x00", b'{"edit_version": "\\ud800"}',
    b"[" * 100_000, b'{"a":' * 50_000, b'{"edit_version": ' + b"9" * 5000 + b"}", b'{"x": "' + b"a" * 100_000 + b'"}',
    b'{"edit_version": "' + "ы".encode() * 500 + b'"}',
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_a_body_that_is_no_opinion_to_submit(body: bytes, world: World) -> None:
    url = f"/api/v1/reviews/{world.number('written')}/lsg-union/opinion/submit"
    client = world.client("union.signatory")
    response = client.post(url, body, content_type="application/json", **KEY)
    assert response.status_code == 400, response.content
    assert set(response.json()) >= {"error", "message"}
    assert not IdempotencyRecord.objects.exists()


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml"])
def test_only_json_is_read(kind: str, world: World) -> None:
    url = f"/api/v1/reviews/{world.number('written')}/lsg-union/opinion/submit"
    response = world.client("union.signatory").post(url, b"edit_version=1", content_type=kind, **KEY)
    assert response.status_code == 415


@pytest.mark.parametrize("key", ["", "к" * 3, "a" * 121, "with space", "\x07"])
def test_a_step_needs_a_key(key: str, world: World) -> None:
    url = f"/api/v1/reviews/{world.number('written')}/lsg-union/opinion/submit"
    response = world.client("union.signatory").post(
        url, {"edit_version": 1}, content_type="application/json", HTTP_IDEMPOTENCY_KEY=key
    )
    assert response.status_code == 400
    assert "Idempotency-Key" in response.json()["fields"]


def test_a_step_by_session_needs_the_token_of_our_pages(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people["union.signatory"], "allauth.account.auth_backends.AuthenticationBackend")
    url = f"/api/v1/reviews/{world.number('written')}/lsg-union/opinion/submit"
    refused = client.post(url, {"edit_version": 1}, content_type="application/json", **KEY)
    assert (refused.status_code, refused.json()["error"]) == (403, "csrf")


def test_no_other_way_in(world: World) -> None:
    """Neither a password nor a token in a header takes a step."""
    url = f"/api/v1/reviews/{world.number('written')}/lsg-union/opinion/submit"
    for header in ("Basic dW5pb24uc2lnbmF0b3J5QGRlbW8uZXhhbXBsZTpkZW1v", "Bearer abc", "Token abc"):
        response = world.client(ANYBODY).post(
            url, {"edit_version": 1}, content_type="application/json", HTTP_AUTHORIZATION=header, **KEY
        )
        assert (response.status_code, response.json()["error"]) == (403, "not_signed_in")


@pytest.mark.parametrize("method", ["put", "patch", "delete", "post"])
@pytest.mark.parametrize("path", ["acts/", "opinions/", "protocols/", "decisions/"])
def test_reads_only_read(method: str, path: str, world: World) -> None:
    body: Any = json.dumps({"state": "adopted"})
    response = getattr(world.client("finance.signatory"), method)(
        f"/api/v1/{path}", body, content_type="application/json"
    )
    assert response.status_code == 405
    assert response.json()["error"] == "method_not_allowed"


def test_a_foreign_host_is_refused(world: World) -> None:
    assert world.client(ANYBODY).get("/api/v1/acts/", HTTP_HOST="evil.example").status_code == 400


@pytest.mark.parametrize("accept", ["text/html", "application/xml"])
def test_who_wants_no_json_is_told_so(accept: str, world: World) -> None:
    assert world.client(ANYBODY).get("/api/v1/acts/", HTTP_ACCEPT=accept).status_code == 406
