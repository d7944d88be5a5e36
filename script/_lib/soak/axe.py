"""Axe on every kind of page each person comes to, in three languages: filled, with nothing found, and after a refused form."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit

from playwright.sync_api import Browser, Error, Page
from smoke.server import Server
from tests.browser import chromium

from . import Figure, Sizes, stack

PASSWORD = "makuldashuu-demo"
PEOPLE = (
    "",
    "finance.drafter",
    "finance.signatory",
    "union.officer",
    "union.signatory",
    "cities.officer",
    "justice.coordinator",
    "committee.clerk",
    "cabinet.clerk",
    "chamber.auditor",
    "admin.first",
)
LANGUAGES = ("ky", "ru", "en")
LISTS = ("acts/", "protocols/", "decisions/", "outages/")
NOTHING = "?q=жокнерсе"
OF_A_KIND = 2
# Where somebody who is only looking should not go: out, another language, files.
AWAY = re.compile(
    r"/(logout|i18n|healthz|metrics|api|static|media)/|\.(pdf|zip|json|xml|docx|odt|txt|csv|ics)$|/file/"
)
VARYING = re.compile(r"\b[A-Z]{2}-\d{4}-\d+\b|\b\d{4}-\d{4}\b|[0-9A-Za-z_-]{22,}|\d+")
# A form in which somebody types something.
FORMS = "main form[method=post]"


@dataclass
class Found:
    pages: Counter[str] = field(default_factory=Counter)  # by state: filled, empty, refused
    kinds: set[str] = field(default_factory=set)
    violations: list[str] = field(default_factory=list)

    def look(self, page: Page, state: str) -> None:
        self.pages[state] += 1
        for line in chromium.axe(page):
            if line not in self.violations:
                stack.say(state, line)
            self.violations.append(line)


def run(_sizes: Sizes) -> Iterator[Figure]:
    found = Found()
    with Server() as server, chromium.chromium() as browser:
        for person in PEOPLE:
            _look_as(browser, server.url, person, found)
    pages = ", ".join(f"{number} {state}" for state, number in sorted(found.pages.items()))
    value = (
        f"{len(found.violations)} violations on {found.pages.total():,} pages ({pages}; {len(found.kinds)} kinds of "
        f"address, {len(LANGUAGES)} languages, {len(PEOPLE)} people)"
    )
    yield Figure("axe", value, "0", not found.violations and found.pages.total() > 300)


def _look_as(browser: Browser, site: str, person: str, found: Found) -> None:
    context = browser.new_context(viewport=chromium.DESK, reduced_motion="reduce")
    page = context.new_page()
    if person:
        page.goto(f"{site}/ky/login/")
        form = page.locator("main form").filter(has=page.locator("input[name=login]:not([type=hidden])"))
        form.locator("input[name=login]").fill(f"{person}@demo.example")
        form.locator("input[name=password]").fill(PASSWORD)
        form.locator("button[type=submit]").click()
        if page.locator("main input[name=code]").count():
            page.locator("main input[name=code]").fill(chromium.demo_code(page))
            page.locator("main form:has(input[name=code]) button[type=submit]").click()
    for language in LANGUAGES:
        _walk(page, site, language, found, of_a_kind=OF_A_KIND if language == "ky" else 1)
    context.close()


def _walk(page: Page, site: str, language: str, found: Found, *, of_a_kind: int) -> None:
    """Every kind of page that links lead to; lists with nothing in them; each form sent empty."""
    seeds = [f"{site}/{language}/{path}" for path in ("", "desk/", "login/", "no-such-page/")]
    queue, known = deque(seeds), set(seeds)
    kinds: Counter[str] = Counter()
    forms: set[str] = set()
    while queue:
        address = queue.popleft()
        kind = VARYING.sub("*", urlsplit(address).path.removeprefix(f"/{language}"))
        if kinds[kind] >= of_a_kind:
            continue
        kinds[kind] += 1
        if not _open(page, address):
            continue
        found.kinds.add(kind)
        found.look(page, "filled")
        for href in page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.href)"):
            link = urldefrag(urljoin(address, href)).url
            path = urlsplit(link).path
            if link.startswith(f"{site}/{language}/") and link not in known and not AWAY.search(path):
                known.add(link)
                queue.append(link)
        _refuse(page, address, forms, found)
    for path in LISTS:
        if _open(page, f"{site}/{language}/{path}{NOTHING}"):
            found.look(page, "empty")


def _refuse(page: Page, address: str, forms: set[str], found: Found) -> None:
    """Send each form of the page with nothing in it, and look at what comes back."""
    for n in range(page.locator(FORMS).count()):
        form = page.locator(FORMS).nth(n)
        typed = form.locator("input[type=text], input[type=email], input[type=date], textarea").count()
        kind = VARYING.sub("*", urlsplit(form.get_attribute("action") or address).path)
        if not typed or kind in forms:
            continue
        forms.add(kind)
        form.evaluate(
            """form => { form.noValidate = true;
                const kept = ['hidden', 'radio', 'checkbox'];
                for (const box of form.querySelectorAll('input, textarea'))
                    if (!kept.includes(box.type)) box.value = '';
                HTMLFormElement.prototype.submit.call(form); }"""
        )
        try:
            page.wait_for_load_state("load")
            page.wait_for_timeout(150)
            found.look(page, "refused")
        except Error as problem:
            found.violations.append(f"{kind} after an empty form: {problem}")
        if not _open(page, address):
            return


def _open(page: Page, address: str) -> bool:
    """A page that is there, or the portal's own words that it is not; nothing that is a file."""
    try:
        answer = page.goto(address, wait_until="load")
    except Error:  # a download
        return False
    return answer is not None and "text/html" in answer.headers.get("content-type", "")
