"""The pattern page in a browser: nothing for axe to find, nothing to scroll sideways, in every language (small: in Kyrgyz)."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FULL = os.environ.get("PORTAL_PROBES") == "all"
AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def listen(page: Page, findings: list[str]) -> None:
    """A refused resource (content policy) or a script that stops is a finding."""
    page.on("console", lambda m: findings.append(f"console: {m.text}") if m.type == "error" else None)
    page.on("pageerror", lambda error: findings.append(f"script: {error}"))


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("lang", ["ky", "ru", "en"] if FULL else ["ky"])
def test_the_pattern_page_holds_on_a_phone_and_on_a_desk(live_server: Any, lang: str) -> None:
    findings: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for width in (360, 1280):
            page = browser.new_page(viewport={"width": width, "height": 900})
            listen(page, findings)
            address = live_server.url.replace("localhost", "127.0.0.1")
            page.goto(f"{address}/{lang}/styleguide/")
            page.evaluate("document.fonts.ready")
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                findings.append(f"{width}: scrolls sideways, {wide}")
            page.evaluate(AXE.read_text(encoding="utf-8"))
            result = page.evaluate("tags => axe.run(document, {runOnly: tags})", RULES)
            findings += [f"{width}: {v['id']} {v['nodes'][0]['html'][:120]}" for v in result["violations"]]
            page.close()
        browser.close()

    assert findings == []
