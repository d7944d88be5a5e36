"""Debian's Chromium, and what every page in it is looked at for: axe, sideways scroll, refused resources."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

BASE = Path(__file__).resolve().parents[2]
AXE = BASE / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
EXECUTABLE = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=ARGUMENTS)
        yield browser
        browser.close()


def listen(page: Page, findings: list[str]) -> None:
    """A refused resource (content policy) or a script that stops is a finding; a refused form's status is not."""

    def said(message: object) -> None:
        text = getattr(message, "text", "")
        if getattr(message, "type", "") == "error" and "status of 40" not in text:
            findings.append(f"{urlsplit(page.url).path} console: {text}")

    page.on("console", said)
    page.on("pageerror", lambda error: findings.append(f"{urlsplit(page.url).path} script: {error}"))


def axe(page: Page) -> list[str]:
    """What axe finds on the page as it is now. In small size in Kyrgyz, and in Russian on a phone; else everywhere."""
    path = urlsplit(page.url).path
    wide = page.viewport_size is not None and page.viewport_size["width"] > PHONE["width"]
    left_out = "/en/" if not wide else ("/ru/", "/en/")
    if os.environ.get("PORTAL_PROBES") != "all" and path.startswith(left_out):
        return []
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", RULES)
    return [
        f"{path} axe {violation['id']}: {node['html'][:160]}"
        for violation in result["violations"]
        for node in violation["nodes"][:3]
    ]


def sideways(page: Page) -> list[str]:
    """Whether the page must be scrolled sideways, and what makes it so wide."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide <= width:
        return []
    culprit = page.evaluate(
        """width => [...document.querySelectorAll('main *')]
            .filter(e => e.getBoundingClientRect().right > width + 1).map(e => e.outerHTML.slice(0, 120)).pop() || ''""",
        width,
    )
    return [f"{urlsplit(page.url).path} at {width} scrolls sideways ({wide}): {culprit}"]


def demo_code(page: Page) -> str:
    """The code of the second factor, which a demonstration shows beside the field that asks for it."""
    return page.locator("[data-demo-code]").first.inner_text()
