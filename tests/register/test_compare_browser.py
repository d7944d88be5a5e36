"""A later version, its promises and its comparison table in a browser: axe, no sideways scroll, the keyboard."""

import os
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from apps.accounts.models import User
from apps.register.demo import acts, texts
from apps.register.demo.way import Way
from tests.browser.chromium import DESK, PHONE, axe, chromium, listen, sideways

from .test_compare import KY, RU

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PAGES = {
    "inline": "acts/{number}/compare/",
    "side": "acts/{number}/compare/2/?view=side&show=all",
    "promises": "acts/{number}/promises/",
    "place": "acts/{number}/reviews/lsg-union/remarks/2/place/",
    "table": "acts/{number}/table/?text=ru",
}


def test_the_pages_hold(
    transactional_db: None,
    way: Way,
    people: dict[str, User],
    live_server: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    acts._answered(way).hours(1).renew({"ky": KY, "ru": RU}, text=texts.TRANSFERS)
    client = Client()
    client.force_login(people["union.officer"])
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    folder, findings = os.environ.get("PORTAL_TEST_PICTURES"), list[str]()
    address = live_server.url.replace("localhost", "127.0.0.1")
    # The browser's library runs an event loop in this thread; the test itself is not asynchronous.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with chromium() as browser:
        context = browser.new_context(base_url=address)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": address}])
        page = context.new_page()
        listen(page, findings)
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            for language in ("ky", "ru", "en"):
                for name, path in PAGES.items():
                    page.goto(f"/{language}/{path.format(number=way.act.number)}")
                    findings += sideways(page) + axe(page)
                    if folder:
                        picture = f"{folder}/compare-{name}-{language}-{size['width']}.png"
                        page.screenshot(path=picture, full_page=True)
        page.goto(f"/ru/acts/{way.act.number}/compare/")
        page.locator(".mk-outlinebox > summary").focus()
        page.keyboard.press("Enter")
        page.locator(".mk-outline a").first.focus()
        page.keyboard.press("Enter")
        reached = page.evaluate("location.hash")
        connections.close_all()

    assert not findings, "\n".join(findings)
    assert reached.startswith("#art_") or reached.startswith("#gone-")
