"""The next draft in a browser: axe, no sideways scroll, and a drafter who has only a keyboard makes it whole."""

import os
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.core import clock
from apps.draft_acts.models import DraftActVersion
from apps.register.demo import acts
from apps.register.demo.way import Way
from tests.browser.chromium import DESK, PHONE, axe, chromium, listen, sideways
from tests.browser.keyboard import Keyboard
from tests.way import people, way

from .test_merging import CITIES, CITIES_ACCEPTED, KY_1, KY_2, PART_1, PART_2, RU_1, RU_2, UNION, save

__all__ = ["people", "way"]
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_drafter_with_a_keyboard_makes_the_next_draft(
    transactional_db: None,
    way: Way,
    people: dict[str, User],
    live_server: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    acts._filed_by_both(way).working_days(5).answer(UNION, acts.ANSWERS).hours(1).answer(
        CITIES, CITIES_ACCEPTED
    )
    save(way, PART_1, ("take", ""), wording_ky=KY_1, wording_ru=RU_1)
    first, cities = way.remarks(UNION)[1].pk, way.remarks(CITIES)[0].pk
    client = Client()
    client.force_login(people["finance.drafter"])
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    folder, findings = os.environ.get("PORTAL_TEST_PICTURES"), list[str]()
    address = live_server.url.replace("localhost", "127.0.0.1")
    # The browser's library runs an event loop in this thread; the test itself is not asynchronous.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    base = f"acts/{way.act.number}/next-draft/"

    def look(page: Page, name: str, path: str, *, own: bool = True) -> None:
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            for language in ("ky", "ru", "en"):
                page.goto(f"/{language}/{path}")
                findings.extend(sideways(page) + (axe(page) if own else []))
                if folder:
                    page.screenshot(
                        path=f"{folder}/merge-{name}-{language}-{size['width']}.png", full_page=True
                    )
        page.set_viewport_size(DESK)

    with clock.frozen(way.at), chromium() as browser:
        context = browser.new_context(base_url=address, reduced_motion="reduce")
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": address}])
        page = context.new_page()
        listen(page, findings)
        look(page, "choose", base)
        look(page, "early", f"{base}preview/")

        page.goto(f"/ru/{base}")
        keys = Keyboard(page, findings, lambda arrived: None)
        form = f"form[action$='{PART_2}/save/']"
        keys.press(f"{form} input[name=decision_{first}][value=take]", "Space")
        keys.press(f"{form} input[name=decision_{cities}]", "Space")
        for _step in range(2):  # to «leave it for later», by the arrows
            page.keyboard.press("ArrowDown")
        keys.type(f"{form} textarea[name=reason_{cities}]", "Срок расчётов меняется другим законом.")
        keys.type(f"{form} textarea[name=wording_ky]", KY_2)
        keys.type(f"{form} textarea[name=wording_ru]", RU_2)
        keys.follow(f"{form} button")
        expect(page.locator(f"{form} textarea[name=wording_ru]")).to_have_value(RU_2)
        keys.follow(".mk-felt a.mk-link")
        expect(page.locator("#change-" + PART_2)).to_be_visible()
        look(page, "result", f"{base}preview/")
        page.goto(f"/ru/{base}preview/")
        keys.follow("form[action$='/make/'] button")
        reached = page.url
        look(page, "made", f"acts/prepare/{way.act.token}/", own=False)
        look(page, "new", f"acts/{way.act.number}/promises/")
        connections.close_all()

    assert not findings, "\n".join(findings)
    assert reached.endswith(f"/acts/prepare/{way.act.token}/")
    version = DraftActVersion.objects.get(act=way.act, number=2)
    assert version.provisions.get(eid=PART_2).text_ky == KY_2
    assert version.provisions.get(eid=PART_1).text_ru == RU_1
