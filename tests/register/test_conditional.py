"""Public pages asked again by a reader without an account."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.core import clock
from apps.register import conditional
from apps.register.demo.way import Way

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    conditional._pages.clear()


def test_a_known_page_is_answered_by_304_after_one_query(way: Way, reader: Client) -> None:
    way.working_days(1).register()
    for path in ("/ru/", "/ru/acts/", f"/ru/acts/{way.act.number}/text/", "/ky/protocols/", "/en/decisions/"):
        with clock.frozen(way.at):
            first = reader.get(path)
            with CaptureQueriesContext(connection) as captured:
                again = reader.get(path, headers={"If-None-Match": first["ETag"]})
                kept = reader.get(path)

        assert (first.status_code, again.status_code, kept.status_code) == (200, 304, 200)
        assert again.content == b""
        assert len(captured) == 2, captured.captured_queries  # one for each answer


def test_a_kept_page_has_the_same_bytes(way: Way, reader: Client) -> None:
    way.working_days(1).register()
    with clock.frozen(way.at):
        first, second = (reader.get(f"/ky/acts/{way.act.number}/") for _ in range(2))

    assert first.content == second.content
    assert second["Content-Type"] == "text/html; charset=utf-8"


def test_a_change_is_seen_at_the_next_request(way: Way, reader: Client) -> None:
    way.working_days(1).register()
    address = f"/ru/acts/{way.act.number}/"
    with clock.frozen(way.at):
        before = reader.get(address)
    way.open()

    with clock.frozen(way.at):
        after = reader.get(address, headers={"If-None-Match": before["ETag"]})

    assert after.status_code == 200
    assert after.content != before.content


def test_midnight_in_bishkek_makes_another_page(way: Way, reader: Client) -> None:
    way.working_days(1).register().open()
    with clock.frozen(way.at):
        before = reader.get("/ru/acts/")
    way.working_days(1, hour=0)

    with clock.frozen(way.at):
        after = reader.get("/ru/acts/", headers={"If-None-Match": before["ETag"]})

    assert after.status_code == 200
    assert after["ETag"] != before["ETag"]


def test_a_signed_in_person_gets_nothing_kept(way: Way, people: dict[str, User]) -> None:
    way.working_days(1).register()
    client = Client()
    client.force_login(people["finance.signatory"])
    with clock.frozen(way.at):
        page = client.get(f"/ru/acts/{way.act.number}/")

    assert "ETag" not in page
    assert "no-store" in page["Cache-Control"]
    assert not conditional._pages


def test_languages_and_filters_have_pages_of_their_own(way: Way, reader: Client) -> None:
    way.working_days(1).register()
    with clock.frozen(way.at):
        tags = {
            reader.get(path)["ETag"]
            for path in ("/ru/acts/", "/ky/acts/", "/ru/acts/?kind=law", "/ru/acts/?q=x")
        }

    assert len(tags) == 4


def test_a_kept_row_says_what_is_so_now_for_everybody(
    way: Way, people: dict[str, User], reader: Client
) -> None:
    signed_in = Client()
    signed_in.force_login(people["finance.signatory"])
    way.working_days(1).register()

    def rows(language: str, client: Client = reader, address: str = "acts/") -> str:
        with clock.frozen(way.at):
            page = client.get(f"/{language}/{address}").content.decode()
        return page[
            page.index('<ul class="mk-acts">') : page.index("</ul>", page.index('<ul class="mk-acts">'))
        ]

    registered = {language: rows(language) for language in ("ky", "ru", "en")}
    way.open()
    opened = {language: rows(language) for language in ("ky", "ru", "en")}
    again = rows("ru", signed_in), rows("ru", address="acts/?kind=law&page=1")
    way.working_days(6, hour=0)  # delivered by time meanwhile
    later = rows("ru")

    assert len({*registered.values(), *opened.values(), later}) == 7
    assert set(again) == {opened["ru"]}
