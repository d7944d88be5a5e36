"""The page of the API in a browser: axe, no sideways scroll, nothing from elsewhere, in three languages."""

import os
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tests.browser import chromium

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def browser(live_server: Any, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    # The browser's library runs an event loop in this thread; the tests themselves are not asynchronous.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with chromium.chromium() as found:
        yield found
        connection.close()
    time.sleep(0.5)  # the server's last threads let go of the database


def test_the_page_of_the_api(browser: Any, live_server: Any) -> None:
    findings: list[str] = []

    def elsewhere(request: Any) -> None:
        if not request.url.startswith(("http://127.0.0.1", "data:")):
            findings.append(request.url)

    for size in (chromium.DESK, chromium.PHONE):
        page = browser.new_page(viewport=size, base_url=live_server.url.replace("localhost", "127.0.0.1"))
        chromium.listen(page, findings)
        page.on("request", elsewhere)
        for language in ("ky", "ru", "en"):
            page.goto(f"/{language}/api/")
            page.evaluate("document.fonts.ready")
            findings.extend(chromium.axe(page) + chromium.sideways(page))
            if folder := os.environ.get("PORTAL_TEST_PICTURES"):
                page.screenshot(path=f"{folder}/api-{language}-{size['width']}.png", full_page=True)
        page.close()
    assert findings == []
