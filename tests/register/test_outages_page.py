"""The register of outages for everybody, and its pages for those who report and decide."""

import csv
import io
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.core import clock
from apps.deadlines import rules
from apps.deadlines import services as deadlines
from apps.deadlines.models import Maintenance, Outage
from apps.register.demo.way import Way
from apps.reviews.models import Review

LAST_DAY = date(2026, 9, 29)
MORNING = datetime(2026, 9, 30, 9, 0, tzinfo=rules.BISHKEK)


@pytest.fixture
def outage(way: Way, people: dict[str, User]) -> Outage:
    """An hour and a half on the last day of the union's opinion, found by the heartbeat."""
    way.register().open().acknowledge("lsg-union")
    start = datetime(2026, 9, 29, 15, 0, tzinfo=rules.BISHKEK)
    way.at = MORNING
    deadlines.beat(answered=True, at=start)
    found = deadlines.beat(answered=True, at=start + timedelta(minutes=90))
    assert found is not None
    return found


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode().replace("\xa0", " "))


@pytest.mark.parametrize("lang", ["ky", "ru", "en"])
def test_everybody_reads_the_register(lang: str, outage: Outage, reader: Client) -> None:
    with clock.frozen(MORNING):
        listed = reader.get(f"/{lang}/outages/")
        shown = reader.get(f"/{lang}/outages/{outage.number}/")

    assert (listed.status_code, shown.status_code) == (200, 200)
    assert f"/{lang}/outages/1/" in words(listed)
    assert "15:00" in words(shown)
    assert "16:30" in words(shown)
    assert "/decide/" not in words(listed) + words(shown)


def test_the_coordinator_sees_what_would_move_and_confirms(outage: Outage, people: dict[str, User]) -> None:
    coordinator = signed_in(people["justice.coordinator"])
    with clock.frozen(MORNING):
        desk = words(coordinator.get("/en/desk/"))
        preview = words(coordinator.get("/en/outages/1/decide/"))
        done = coordinator.post(
            "/en/outages/1/decide/", {"decision": "confirm", "reason": "Журнал тастыктайт"}, follow=True
        )
        term = words(Client().get(f"/en/acts/{_number()}/reviews/lsg-union/terms/opinion/"))

    assert "/en/outages/1/decide/" in desk
    assert "29 September 2026" in preview
    assert "30 September 2026" in preview
    assert "1 term is moved" in words(done)
    assert Review.objects.get(association__code="lsg-union").due_at == rules.end_of(date(2026, 9, 30))
    assert "/en/outages/1/" in term
    assert "outage of the portal No. 1" in term
    assert 'datetime="2026-10-01T00:00:00+06:00"' in term


def _number() -> str:
    return Review.objects.get(association__code="lsg-union").consultation.act.number or ""


def test_a_kept_page_changes_when_an_outage_is_decided(
    outage: Outage, reader: Client, people: dict[str, User]
) -> None:
    with clock.frozen(MORNING):
        before = reader.get("/en/outages/")
        signed_in(people["agency.coordinator"]).post(
            "/en/outages/1/decide/", {"decision": "refuse", "reason": "Портал иштеген"}
        )
        after = reader.get("/en/outages/", headers={"If-None-Match": before["ETag"]})

    assert after.status_code == 200
    assert "Outage not confirmed" in words(after)


def test_a_decision_without_reason_or_choice_comes_back(outage: Outage, people: dict[str, User]) -> None:
    coordinator = signed_in(people["justice.coordinator"])
    with clock.frozen(MORNING):
        empty = coordinator.post("/ru/outages/1/decide/", {"decision": "confirm", "reason": " "})
        unknown = coordinator.post("/ru/outages/1/decide/", {"decision": "later", "reason": "Себеп"})

    assert (empty.status_code, unknown.status_code) == (400, 400)
    assert Outage.objects.get().state == "suspected"


def test_a_decided_outage_leads_to_its_page(outage: Outage, people: dict[str, User]) -> None:
    coordinator = signed_in(people["justice.coordinator"])
    with clock.frozen(MORNING):
        coordinator.post("/ru/outages/1/decide/", {"decision": "confirm", "reason": "Себеп"})

        assert coordinator.get("/ru/outages/1/decide/").headers["Location"] == "/ru/outages/1/"
        again = coordinator.post("/ru/outages/1/decide/", {"decision": "refuse", "reason": "Башка"})

    assert again.status_code == 409
    assert Outage.objects.get().state == "confirmed"


def test_the_administrator_reports_an_outage_in_bishkek_time(people: dict[str, User]) -> None:
    client = signed_in(people["admin.first"])
    with clock.frozen(MORNING):
        response = client.post(
            "/ru/outages/report/",
            {"started_at": "2026-09-29T22:00", "ended_at": "2026-09-29T23:30", "source": "Провайдер"},
            follow=True,
        )

    outage = Outage.objects.get()
    assert "22:00 (+06:00)" in words(response)
    assert outage.started_at == datetime(2026, 9, 29, 22, 0, tzinfo=rules.BISHKEK)
    assert outage.proposed_by == people["admin.first"]


@pytest.mark.parametrize(
    "moment", ["", "0001-01-01T00:00", "2026-02-30T10:00", "2026-09-29", "x" * 9000, "٢٠٢٦"]
)
def test_a_moment_that_is_none_comes_back(moment: str, people: dict[str, User]) -> None:
    client = signed_in(people["admin.first"])
    with clock.frozen(MORNING):
        response = client.post(
            "/ky/outages/report/", {"started_at": moment, "ended_at": "2026-09-29T23:30", "source": "Себеп"}
        )

    assert response.status_code == 400
    assert "Себеп" in words(response)
    assert not Outage.objects.exists()


def test_maintenance_is_announced_read_by_all_and_withdrawn(people: dict[str, User], reader: Client) -> None:
    client = signed_in(people["admin.second"])
    form = {
        "starts_at": "2026-10-03T20:00",
        "ends_at": "2026-10-03T22:00",
        "note": "Жаңыртуу",
        "lang": "ky",
    }
    with clock.frozen(MORNING):
        client.post("/ky/outages/maintenance/", form)
        shown = words(reader.get("/ru/outages/"))
        client.post(f"/ky/outages/maintenance/{Maintenance.objects.get().pk}/withdraw/")
        gone = words(reader.get("/ru/outages/"))

    assert '<p lang="ky">Жаңыртуу</p>' in shown
    assert "Жаңыртуу" not in gone


def test_the_register_is_a_table_for_programs_too(
    outage: Outage, people: dict[str, User], reader: Client
) -> None:
    with clock.frozen(MORNING):
        signed_in(people["justice.coordinator"]).post(
            "/ru/outages/1/decide/", {"decision": "confirm", "reason": "=1+1"}
        )
        table = b"".join(reader.get("/ru/outages/register.csv").streaming_content)  # type: ignore[attr-defined]
        listed = reader.get("/api/v1/outages/").json()["results"]
        one = reader.get("/api/v1/outages/1/").json()

    (row,) = csv.DictReader(io.StringIO(table.decode("utf-8-sig")))
    assert (row["started_at"], row["minutes"], row["terms_moved"], row["reason"]) == (
        "2026-09-29T09:00:00Z",
        "90",
        "1",
        "'=1+1",
    )
    assert listed == [one]
    assert one["terms"][0] | {"act": ""} == {
        "act": "",
        "association": "lsg-union",
        "stage": "opinion",
        "last_day_before": "2026-09-29",
        "last_day": "2026-09-30",
        "due_at": "2026-09-30T18:00:00Z",
        "kept": "",
        "in_time": None,
    }


def test_the_list_costs_the_same_however_long(
    outage: Outage, way: Way, people: dict[str, User], queries: Any
) -> None:
    few = len(queries(way, "/ru/outages/"))
    for hour in range(8):
        deadlines.propose_outage(
            actor=people["admin.first"],
            started_at=MORNING - timedelta(hours=hour + 1),
            ended_at=MORNING - timedelta(hours=hour, minutes=30),
            source="Себеп",
            at=MORNING,
        )

    assert len(queries(way, "/ru/outages/")) == few
