"""Pictures of the main pages of a running demonstration, to be looked at by people. Not a test.

    .venv/bin/python -m tests.browser.pictures --url http://127.0.0.1:8000 --out /tmp/pictures [--only act,home]

Each page at 360 and 1280 px in Kyrgyz, Russian and English: NAME-LANGUAGE-WIDTH.png.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.chromium import DESK, PHONE, chromium, demo_code

PASSWORD = "makuldashuu-demo"
LANGUAGES = ("ky", "ru", "en")
READER = ""
DESKS = (
    "finance.drafter finance.signatory union.officer union.signatory justice.coordinator cabinet.clerk committee.clerk "
    "chamber.auditor admin.first"
).split()


class Album:
    """The addresses of the demonstration's pages: found by following links, as the demo's numbers are its own."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.browser, self.site = browser, site.rstrip("/")
        self.people: dict[str, BrowserContext] = {}

    def context(self, who: str) -> BrowserContext:
        if who not in self.people:
            self.people[who] = self.browser.new_context(reduced_motion="reduce")
            if who:
                page = self.people[who].new_page()
                page.goto(f"{self.site}/ky/login/")
                form = page.locator("main form").filter(
                    has=page.locator("input[name=login]:not([type=hidden])")
                )
                form.locator("input[name=login]").fill(f"{who}@demo.example")
                form.locator("input[name=password]").fill(PASSWORD)
                form.locator("button[type=submit]").click()
                page.wait_for_url("**/login/code/")
                page.locator("main input[name=code]").fill(demo_code(page))
                page.locator("main form:has(input[name=code]) button[type=submit]").click()
                page.wait_for_url("**/desk/")
                page.close()
        return self.people[who]

    def first(self, who: str, start: str, pattern: str) -> str:
        """The address, without its language, of the first link on a page that looks like the pattern."""
        page = self.context(who).new_page()
        page.goto(f"{self.site}/ky/{start}")
        found = page.evaluate("[...document.querySelectorAll('main a')].map(a => a.href)")
        page.close()
        paths = [urlsplit(address).path.removeprefix("/ky/") for address in found]
        return next((path for path in paths if re.search(pattern, path)), "")

    def pages(self) -> Iterator[tuple[str, str, str]]:
        """(name, who, path): those that this demonstration does not have now are left out."""
        find: Callable[[str, str, str], str] = self.first
        signed = find(READER, "protocols/", r"^protocols/P[AD]-")
        act = find(READER, f"{signed}", r"^acts/\d{4}-\d+/$")
        review = find(READER, act, r"/reviews/[\w-]+/$")
        yield from (("home", READER, ""), ("act_list", READER, "acts/"), ("act", READER, act))
        for part in ("text", "opinions", "documents", "history", "decisions"):
            yield f"act_{part}", READER, f"{act}{part}/"
        yield from (("review", READER, review), ("term", READER, f"{review}terms/opinion/"))
        yield from (("protocol", READER, signed), ("protocol_list", READER, "protocols/"))
        yield "receipt", READER, find(READER, review, r"^receipts/")
        yield "decision_list", READER, "decisions/"
        decided = "/".join(find(READER, "decisions/", r"^acts/[\d-]+/").split("/")[:2]) + "/"
        yield "certificate", READER, find(READER, decided, r"^certificates/")
        yield from (("verify", READER, "verify/"), ("about", READER, "about/"), ("sign_in", READER, "login/"))
        number = signed.rstrip("/").rpartition("/")[2]
        yield from (("verify_number", READER, f"verify/{number}/"), ("not_found", READER, "acts/1999-0001/"))
        yield from ((f"desk_{who}", who, "desk/") for who in DESKS)
        yield "act_new", "finance.drafter", "acts/new/"
        yield "prepare", "finance.drafter", find("finance.drafter", "desk/", r"^acts/prepare/[^/]+/$")
        yield (
            "register",
            "finance.signatory",
            find("finance.signatory", "desk/", r"^acts/prepare/.*/register/$"),
        )
        yield "consultation", "finance.signatory", find("finance.signatory", "desk/", r"/consultation/$")
        for who in ("union.officer", "cities.officer"):
            yield f"opinion_{who}", who, find(who, "desk/", r"/opinion/$")
            yield f"replies_{who}", who, find(who, "desk/", r"/replies/$")
        for who in ("finance.drafter", "water.drafter"):
            yield f"answers_{who}", who, find(who, "desk/", r"/answers/$")
            yield f"meeting_{who}", who, find(who, "desk/", r"/meeting/$")
            yield f"protocol_prepare_{who}", who, find(who, "desk/", r"/reviews/.*/protocol/$")
        yield "protocol_sign", "water.signatory", find("water.signatory", "desk/", r"^protocols/")
        yield "door", "finance.signatory", find("finance.signatory", "desk/", r"/certificate/$")
        yield "decision", "committee.clerk", find("committee.clerk", "desk/", r"/decision/$")
        yield "expiry", "justice.coordinator", find("justice.coordinator", "desk/", r"/expiry/$")
        yield "letters", "union.officer", "letters/"
        yield "letter", "union.officer", find("union.officer", "letters/", r"^letters/\d+/$")
        yield from (("rules", "union.signatory", "rules/"), ("settings", "union.officer", "settings/"))
        yield "administration", "admin.first", "administration/"
        yield (
            "organization",
            "admin.first",
            find("admin.first", "administration/", r"/organizations/[\w-]+/$"),
        )

    def take(self, page: Page, name: str, path: str, out: Path) -> None:
        for language in LANGUAGES:
            page.goto(f"{self.site}/{language}/{path}")
            for size in (DESK, PHONE):
                page.set_viewport_size(size)  # type: ignore[arg-type]
                page.evaluate("document.fonts.ready")
                page.screenshot(path=out / f"{name}-{language}-{size['width']}.png", full_page=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", required=True)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--only", default="", help="names of pages, with commas")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    only = set(filter(None, options.only.split(",")))
    with chromium() as browser:
        album = Album(browser, options.url)
        for name, who, path in album.pages():
            if only and name not in only:
                continue
            if not path and name != "home":
                print(f"{name}: no such page in this demonstration now")
                continue
            page = album.context(who).new_page()
            album.take(page, name, path, options.out)
            page.close()
            print(name, path)


if __name__ == "__main__":
    main()
