"""Somebody with a browser of their own on the portal, signed in or not."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from tests.browser import chromium
from tests.browser.keyboard import Keyboard

PASSWORD = "makuldashuu-demo"


class Person:
    """A browser window of one person. `look` is what happens on every page that is reached."""

    def __init__(
        self,
        browser: Browser,
        site: str,
        findings: list[str],
        key: str = "",
        *,
        viewport: dict[str, int] = chromium.DESK,
        language: str = "ky",
        scripts: bool = True,
    ) -> None:
        self.site, self.language, self.findings, self.key = site, language, findings, key
        self.context = browser.new_context(
            viewport=viewport,  # type: ignore[arg-type]
            base_url=site,
            locale="en-GB",
            reduced_motion="reduce",
            java_script_enabled=scripts,
        )
        self.context.set_default_timeout(30_000)
        self.page = self.context.new_page()
        chromium.listen(self.page, findings)
        self.keys = Keyboard(self.page, findings, self.look)
        self.scripts = scripts
        self.seen: list[str] = []

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def look(self, page: Page) -> None:
        """Nothing for axe, nothing to scroll sideways, in the language of the address."""
        self.seen.append(self.path)
        self.findings += chromium.axe(page) + chromium.sideways(page)
        if empty := page.locator("a[href='']").count():
            self.findings.append(f"{self.path} has {empty} links that lead nowhere")
        if page.evaluate("document.documentElement.lang") != urlsplit(page.url).path.split("/")[1]:
            self.findings.append(f"{self.path} is not in the language of its address")

    def go(self, path: str) -> None:
        """An address typed, or taken from a letter."""
        self.page.goto(path if path.startswith("http") else f"{self.site}/{self.language}/{path}")
        self.look(self.page)

    def sign_in(self) -> Person:
        self.go("login/")
        form = "main form:has(input[type=email], input[name=login]:not([type=hidden]))"
        self.keys.type(f"{form} input[name=login]", f"{self.key}@demo.example")
        self.keys.type(f"{form} input[name=password]", PASSWORD)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.look(self.page)
        self.keys.type("main form input[name=code]", chromium.demo_code(self.page))
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.look(self.page)
        assert self.path.endswith("/desk/"), f"{self.key} could not sign in: {self.path}"
        return self

    def sign(self, button: str) -> None:
        """Press a button that signs; the code of the second factor is typed where the page asks for it."""
        if self.page.locator("main input[name=code]").count():
            self.keys.type("main input[name=code]", chromium.demo_code(self.page))
        self.keys.follow(button)

    def close(self) -> None:
        self.context.close()


def until(seconds: float, look: Callable[[], Any], what: str) -> Any:
    """What a worker makes a little later."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, f"{what} did not come in {seconds:.0f} s"
        time.sleep(0.5)
    return found
