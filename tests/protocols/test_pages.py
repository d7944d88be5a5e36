"""Two officials at one table of outcomes: the second is told, sees both texts, and overwrites nothing."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from apps.accounts.models import User
from apps.core import clock
from apps.protocols.models import AgendaPoint, ConciliationMeeting
from tests.way import Way, met, people, replied, way

__all__ = ["people", "way"]
MEETING = {
    "day": "2026-10-12", "place": "Бишкек", "recorder": "А. Токтосунов", "state_people": "Айбек Токтосунов, адис",
    "association_people": "Эркин Сыдыков, юрист",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _kyrgyz() -> Any:
    with override("ky"):
        yield


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def outcome(**more: str) -> dict[str, str]:
    fields = {"outcome": "compromise", "wording_ky": "Бир", "wording_ru": "", "note": ""} | more
    return {f"r1-{name}": value for name, value in fields.items()}


def test_an_outcome_that_a_colleague_entered_meanwhile_is_not_overwritten(
    way: Way, people: dict[str, User]
) -> None:
    met(way)
    url = reverse("outcome_save", args=[way.act.number, "lsg-union", 1])
    with clock.frozen(way.at):
        version = AgendaPoint.objects.get(
            remark__number=1, remark__opinion__author__code="lsg-union"
        ).edit_version
        first = browser(people["finance.drafter"]).post(
            url, outcome(version=str(version), wording_ky="Министрликтики")
        )
        second = browser(people["union.officer"])
        refused = second.post(url, outcome(version=str(version), wording_ky="Ассоциациянын сөзү"))
        stored = AgendaPoint.objects.get(remark__number=1, remark__opinion__author__code="lsg-union")
        page = refused.content.decode()
        again = second.post(url, outcome(version=str(stored.edit_version), wording_ky="Ассоциациянын сөзү"))

    assert (first.status_code, refused.status_code, again.status_code) == (302, 409, 302)
    assert stored.wording_ky == "Министрликтики"
    assert "Министрликтики" in page
    assert "Ассоциациянын сөзү" in page
    stored.refresh_from_db()
    assert stored.wording_ky == "Ассоциациянын сөзү"


def test_the_same_outcome_sent_twice_is_no_conflict(way: Way, people: dict[str, User]) -> None:
    met(way)
    url = reverse("outcome_save", args=[way.act.number, "lsg-union", 1])
    with clock.frozen(way.at):
        client = browser(people["finance.drafter"])
        version = str(
            AgendaPoint.objects.get(remark__number=1, remark__opinion__author__code="lsg-union").edit_version
        )
        answers = [
            client.post(url, outcome(version=version, wording_ky="Жаңы")).status_code for _twice in range(2)
        ]

    assert answers == [302, 302]


def test_a_meeting_recorded_meanwhile_is_not_overwritten(way: Way, people: dict[str, User]) -> None:
    replied(way).working_days(6)
    url = reverse("meeting", args=[way.act.number, "lsg-union"])
    fields = MEETING | {"day": clock.local_date(way.at).isoformat(), "version": "0"}
    with clock.frozen(way.at):
        first = browser(people["finance.drafter"]).post(url, fields)
        twice = browser(people["finance.drafter"]).post(url, fields)
        second = browser(people["union.officer"]).post(url, fields | {"place": "Онлайн, шилтеме боюнча"})

    assert (first.status_code, twice.status_code, second.status_code) == (302, 302, 409)
    assert ConciliationMeeting.objects.get().place == "Бишкек"
    assert "Онлайн, шилтеме боюнча" in second.content.decode()
