"""A session ends while somebody writes, in a real browser: not a character is lost, and nothing lies in the browser."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Page, expect

from apps.accounts import kept
from apps.accounts.models import KeptForm, User
from apps.core import clock
from apps.reviews.models import ConsolidatedOpinion
from tests.reviews.conftest import Cast, act, at_stage, cast, opened
from tests.reviews.test_browser import REVIEW, Bring, Reader, browser, reader

__all__ = ["act", "at_stage", "browser", "cast", "opened", "reader"]
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WORDS = "Мыйзам долбооруна макул эмеспиз: өкүлчүлүктүү органдын ыйгарым укугу кыскарып жатат."
MORE = " Мындан тышкары, каржы булагы көрсөтүлгөн эмес."


def sign_in(page: Page, person: User, url: str) -> None:
    """The person signs in, in another window of the same browser: a new session, a new token for forms."""
    client = Client()
    client.force_login(person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": url}])


def stored_in_browser(page: Page) -> list[str]:
    return list(page.evaluate("[localStorage, sessionStorage].flatMap(s => Object.entries(s).flat())"))


def test_a_session_that_ends_while_writing_loses_nothing(at_stage: Bring, cast: Cast, reader: Reader) -> None:
    _review, at = at_stage("opinion")
    with clock.frozen(at):
        page = reader.page(cast.aigul, 1280)
        page.clock.install()
        page.goto(f"/ky/{REVIEW}opinion/")
        field = page.locator("textarea[name=statement]")
        status = page.locator("[data-autosave-status]").first
        field.fill(WORDS)
        page.clock.run_for(11_000)
        expect(status).to_contain_text("сакталды")
        assert ConsolidatedOpinion.objects.get().statement == WORDS

        Session.objects.all().delete()
        field.fill(WORDS + MORE)
        page.clock.run_for(11_000)
        expect(status).to_have_class("mk-small mk-muted mk-autosave mk-autosave--alarm")
        assert (
            dict(KeptForm.objects.get().fields)["statement"] == WORDS + MORE
        )  # a crash of the computer now is none

        field.fill(WORDS + MORE + " Ң ө ү.")
        page.locator("form", has=field).locator("button[type=submit]").first.click()
        expect(page).to_have_url(re.compile("/login/.*kept-text"))
        assert not [found for found in stored_in_browser(page) if "Мыйзам" in found]

        sign_in(page, cast.aigul, reader.url)
        page.goto("/ky/kept-text/")
        expect(page.locator("textarea[readonly]").first).to_have_value(WORDS + MORE + " Ң ө ү.")
        page.get_by_role("button", name="Ошол бойдон азыр жөнөтүү").first.click()
        expect(page.locator("textarea[name=statement]")).to_have_value(WORDS + MORE + " Ң ө ү.")

    assert ConsolidatedOpinion.objects.get().statement == WORDS + MORE + " Ң ө ү."
    assert not KeptForm.objects.exists()
    assert [finding for finding in reader.findings if "status of 40" not in finding] == []


def test_who_signs_in_again_in_another_window_goes_on_here(
    at_stage: Bring, cast: Cast, reader: Reader
) -> None:
    _review, at = at_stage("opinion")
    with clock.frozen(at):
        page = reader.page(cast.aigul, 1280)
        page.clock.install()
        page.goto(f"/ky/{REVIEW}opinion/")
        Session.objects.all().delete()
        page.locator("textarea[name=statement]").fill(WORDS)
        page.clock.run_for(11_000)
        status = page.locator("[data-autosave-status]").first
        expect(status).to_have_class("mk-small mk-muted mk-autosave mk-autosave--alarm")

        sign_in(page, cast.aigul, reader.url)
        for _moment in range(4):
            page.clock.run_for(11_000)
            page.wait_for_timeout(500)  # the answers take real time, whatever the page's clock says
        expect(status).to_contain_text("сакталды")

    assert ConsolidatedOpinion.objects.get().statement == WORDS


def test_the_page_of_kept_texts_can_be_read_by_everybody_who_may(
    cast: Cast, reader: Reader, act: Any
) -> None:
    fields = [("statement", (WORDS + MORE) * 4), ("verdict", "disagree")]
    for action, more in ((f"/ky/{REVIEW}opinion/save/", []), ("/ky/protocols/X/sign/", [("password", "x")])):
        kept.keep(
            person_id=cast.aigul.pk,
            action=action,
            back=f"/ky/{REVIEW}opinion/",
            fields=[*fields, *more],
            files=[kept.SentFile("file", "негиздеме-жана-эсептөөлөр-" * 4 + ".pdf", "application/pdf", b"x")],
            at=clock.now(),
        )

    reader.look(cast.aigul, "kept-text/", "kept", ("ky", "ru", "en"))
    reader.look(cast.aigul, "desk/", "desk-kept")

    assert reader.findings == []
