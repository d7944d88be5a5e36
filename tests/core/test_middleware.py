"""What happens around a request: its id, its moment, its session, its refusals."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from apps.core import clock, health, metrics
from apps.core.errors import GateClosed, NotAllowed
from apps.core.middleware import ClockMiddleware, DomainErrorMiddleware

pytestmark = pytest.mark.django_db
LONG_TEXT = "Берененин жаңы редакциясы сунушталат: өкүлчүлүктүү орган"


@pytest.fixture
def person():
    return get_user_model().objects.create(
        email="aida@example.kg", full_name="Аида", is_active=True, created_at=clock.now()
    )


def test_every_answer_carries_an_id_and_a_forged_one_is_replaced(client: Client) -> None:
    own = client.get("/healthz", headers={"X-Request-ID": "0123456789abcdef"})
    forged = client.get("/healthz", headers={"X-Request-ID": 'x" onload="y'})

    assert own["X-Request-ID"] == "0123456789abcdef"
    assert len(forged["X-Request-ID"]) == 32


def test_a_post_has_one_moment_taken_after_its_body_was_read() -> None:
    seen = {}

    def view(request: HttpRequest) -> HttpResponse:
        seen["read"] = request._read_started
        seen["moments"] = {request.received_at, clock.now(), clock.now()}
        return HttpResponse()

    ClockMiddleware(view)(RequestFactory().post("/", {"text": LONG_TEXT}))

    assert seen["read"]
    assert len(seen["moments"]) == 1


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client: Client) -> None:
    answer = client.post("/ky/", {"text": "x"}, CONTENT_LENGTH=str(600 * 1024 * 1024))

    assert answer.status_code == 400
    assert answer["X-Error-Code"] == "too_large"


def test_an_anonymous_reader_is_not_led_to_sign_in(client: Client) -> None:
    assert client.get(reverse("account_login")).status_code == 200


def test_signed_in_pages_are_stored_nowhere(client: Client, person) -> None:
    client.force_login(person)

    assert "no-store" in client.get(reverse("settings"))["Cache-Control"]


@pytest.mark.parametrize(("error", "status"), [(NotAllowed(), 403), (GateClosed(), 409)])
@pytest.mark.parametrize("partial", [False, True])
def test_a_refusal_becomes_a_page_or_for_htmx_a_part(error: Exception, status: int, partial: bool) -> None:
    request = RequestFactory().get("/ky/", headers={"HX-Request": "true"} if partial else {})

    answer = DomainErrorMiddleware(lambda _: HttpResponse()).process_exception(request, error)

    assert answer is not None
    assert answer.status_code == status
    assert ("<html" in answer.content.decode()) is not partial


def test_an_unknown_error_is_not_caught() -> None:
    middleware = DomainErrorMiddleware(lambda _: HttpResponse())

    assert middleware.process_exception(RequestFactory().get("/"), KeyError("x")) is None


def test_ready_tells_its_parts(client: Client) -> None:
    health.heartbeat("relay", at=clock.now())
    health.heartbeat("sweep", at=clock.now() - timedelta(hours=1))

    state = client.get("/readyz").json()

    assert state["ready"] is True
    assert (state["database"], state["migrations"], state["redis"], state["relay"]) == (
        "ok",
        "ok",
        "ok",
        "ok",
    )
    assert state["sweep"].startswith("silent since")


def test_ready_without_redis_is_still_ready(client: Client, settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["redis"] == "down"


def test_not_migrated_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_is_migrated", lambda: False)

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["migrations"]) == (503, "missing")


def test_figures_are_for_this_machine_or_for_who_shows_the_token(client: Client, settings) -> None:
    metrics.register_gauge("portal_test_waiting", "Of this test.", lambda: 7)

    here = client.get("/metrics")
    elsewhere = client.get("/metrics", REMOTE_ADDR="10.0.0.9")
    through_proxy = client.get("/metrics", headers={"X-Forwarded-For": "10.0.0.9"})
    settings.METRICS_TOKEN = "secret-of-prometheus"
    wrong = client.get("/metrics", headers={"Authorization": "Bearer other"})
    right = client.get(
        "/metrics", headers={"Authorization": "Bearer secret-of-prometheus"}, REMOTE_ADDR="10.0.0.9"
    )
    metrics._gauges.pop("portal_test_waiting")

    assert b"portal_requests_total" in here.content
    assert b"portal_test_waiting 7.0" in here.content
    assert [answer.status_code for answer in (elsewhere, through_proxy, wrong, right)] == [404, 404, 404, 200]
