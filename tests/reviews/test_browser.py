"""The pages of a consultation in a browser: axe, no sideways scroll, autosave as a person meets it."""

import os
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Page, expect, sync_playwright

from apps.core import clock
from apps.draft_acts.models import DraftAct
from apps.reviews import services
from apps.reviews.models import Remark, RemarkAnswer, Review

from .conftest import OPENED, Cast, fresh, write_opinion

CHROMIUM = "/usr/bin/chromium"
AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LONG = (
    "Теңдөөчү трансферттердин көлөмдөрүн аныктоо тартиби жана мөөнөттөрү Министрлер Кабинети тарабынан бекитилет. "
    * 4
)
REVIEW = "acts/2026-0017/reviews/union/"
Bring = Callable[[str], tuple[Review, datetime]]
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def browser(live_server: Any, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    # The browser's library runs an event loop in this thread; the tests themselves are not asynchronous.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        # Inside the event loop Django keeps a connection of its own: it ends with the browser.
        connection.close()
        chromium.close()
    _wait_until_alone()


def _wait_until_alone() -> None:
    """The server's last threads let go of the database a moment after the browser has left."""
    with connection.cursor() as cursor:
        for _attempt in range(50):
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if cursor.fetchone()[0] == 0:
                return
            time.sleep(0.1)


class Reader:
    """A person at a browser of some width; what axe, the console or the width find is kept in `findings`."""

    def __init__(self, browser: Any, live_server: Any) -> None:
        self.browser, self.url = browser, live_server.url.replace("localhost", "127.0.0.1")
        self.findings: list[str] = []

    def page(self, user: Any, width: int) -> Page:
        context = self.browser.new_context(viewport={"width": width, "height": 900}, base_url=self.url)
        if user is not None:
            client = Client()
            client.force_login(user)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.url}])
        page: Page = context.new_page()
        page.on(
            "console", lambda m: self.findings.append(f"console: {m.text}") if m.type == "error" else None
        )
        page.on("pageerror", lambda error: self.findings.append(f"script: {error}"))
        return page

    def look(self, user: Any, path: str, name: str, languages: tuple[str, ...] = ("ky",)) -> None:
        for width in (360, 1280):
            page = self.page(user, width)
            for language in languages:
                page.goto(f"/{language}/{path}")
                page.evaluate("document.fonts.ready")
                # Axe reads Kyrgyz on the phone and the others on the desk; all of them in script/soak axe.
                self.check(
                    page, f"{name}-{language}-{width}", width, axe=(width == 360) == (language == "ky")
                )
            page.context.close()

    def check(self, page: Page, name: str, width: int, *, axe: bool = True) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            self.findings.append(f"{name}: scrolls sideways, {wide}")
        if axe:
            page.evaluate(AXE.read_text(encoding="utf-8"))
            result = page.evaluate("tags => axe.run(document, {runOnly: tags})", RULES)
            self.findings += [
                f"{name}: {v['id']} ×{len(v['nodes'])} {v['nodes'][0]['html'][:200]}"
                for v in result["violations"]
            ]
        if folder := os.environ.get("PORTAL_TEST_PICTURES"):
            page.screenshot(path=f"{folder}/reviews-{name}.png", full_page=True)


@pytest.fixture
def reader(browser: Any, live_server: Any) -> Reader:
    return Reader(browser, live_server)


ALL = ("ky", "ru", "en")


def test_opening(act: DraftAct, cast: Cast, reader: Reader) -> None:
    reader.look(cast.minister, "acts/2026-0017/consultation/", "opening", ALL)

    assert reader.findings == []


def test_writing_and_signing_an_opinion(at_stage: Bring, cast: Cast, reader: Reader) -> None:
    review, at = at_stage("opinion")
    with clock.frozen(at):
        reader.look(cast.aigul, f"{REVIEW}opinion/?provision=art_2", "opinion-empty")
        reader.look(cast.bakyt, f"{REVIEW}opinion/", "opinion-nothing")
        write_opinion(review, cast, "disagree", "objection", "proposal", at=at, ready=False)
        Remark.objects.update(
            text=LONG, proposed_wording=LONG, reasoning=LONG, state_interest=LONG, local_interest=LONG
        )
        reader.look(cast.aigul, f"{REVIEW}opinion/?remark=2", "opinion-writing", ALL)
        opinion = services.start_opinion(actor=cast.aigul, review_id=review.pk, at=at)
        services.mark_ready(actor=cast.aigul, review_id=review.pk, edit_version=opinion.edit_version, at=at)
        reader.look(cast.bakyt, f"{REVIEW}opinion/", "opinion-signing", ALL)
        receipt = services.submit_opinion(
            actor=cast.bakyt, review_id=review.pk, edit_version=opinion.edit_version, received_at=at
        )
        reader.look(None, f"receipts/{receipt.number}/", "receipt", ALL)
        reader.look(None, REVIEW, "review-answers", ALL)

    assert reader.findings == []


def test_answering_and_replying(at_stage: Bring, cast: Cast, reader: Reader) -> None:
    review, at = at_stage("answers")
    with clock.frozen(at):
        reader.look(cast.drafter, f"{REVIEW}answers/", "answers", ALL)
        for remark in Remark.objects.all():
            services.save_answer(
                actor=cast.drafter,
                remark_id=remark.pk,
                edit_version=0,
                fields={"outcome": "partly_accepted", "reason": LONG, "wording": LONG},
                at=at,
            )
        services.send_answers(actor=cast.drafter, review_id=review.pk, at=at)
        reader.look(cast.aigul, f"{REVIEW}replies/", "replies", ALL)
        reader.look(cast.bakyt, REVIEW, "review-replies", ALL)
        reader.look(None, f"{REVIEW}terms/opinion/", "term", ALL)

    assert reader.findings == []


def test_deciding_on_an_expired_term(at_stage: Bring, cast: Cast, reader: Reader) -> None:
    _review, at = at_stage("expired")
    with clock.frozen(at):
        reader.look(cast.coordinator, f"{REVIEW}expiry/", "expiry", ALL)
        reader.look(cast.coordinator, REVIEW, "review-expired")

    assert reader.findings == []


def test_an_answer_keeps_itself_and_a_stale_page_does_not_write_over_it(
    at_stage: Bring, cast: Cast, reader: Reader
) -> None:
    review, at = at_stage("answers")
    with clock.frozen(at):
        page = reader.page(cast.drafter, 1280)
        page.clock.install()
        page.goto(f"/ky/{REVIEW}answers/")
        form = page.locator("#remark-1 form")
        form.locator("textarea[name=reason]").fill("Негизи ушундай")
        page.clock.run_for(11_000)
        expect(form.locator("[data-autosave-status]")).to_contain_text("сакталды")
        assert RemarkAnswer.objects.get().reason == "Негизи ушундай"

        services.save_answer(
            actor=cast.minister,
            remark_id=Remark.objects.get(number=1).pk,
            edit_version=1,
            fields={"reason": "Министрдин сөзү"},
            at=at,
        )
        form.locator("textarea[name=reason]").fill("Негизи башка")
        form.locator("button[type=submit]").click()

    expect(page.locator("#remark-1")).to_contain_text("Министрдин сөзү")
    expect(page.locator("#remark-1 textarea[name=reason]")).to_have_value("Негизи башка")
    assert RemarkAnswer.objects.get().reason == "Министрдин сөзү"
    assert fresh(review).answers_sent_at is None
    assert at > OPENED
