"""A passkey before a signature: it counts for the form it was asked for; the whole way of one in Chromium."""

import json
import os
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from playwright.sync_api import CDPSession, Page

from apps.accounts.models import User
from apps.audit.models import JournalEntry
from apps.register.demo.way import Way
from tests.browser import chromium
from tests.people import PASSWORD
from tests.way import people, way

from .device import PRESENT, SITE, Device
from .test_signing import LONG_TEXT, address, another_signatory, official

__all__ = ["people", "way"]
AGAIN = "/ru/second-factor/again/"


@pytest.fixture(autouse=True)
def _here(db: Any, settings: Any) -> None:
    cache.clear()
    settings.SITE_URL = SITE


def asked_for(client: Client, path: str) -> dict[str, Any]:
    answer = client.post(f"/ru/second-factor/passkey/ask/?for={path}")
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def journal(user: User) -> list[str]:
    rows = JournalEntry.objects.filter(action__startswith="second_factor.", actor=user).order_by("pk")
    return [f"{row.action.partition('.')[2]} {row.data.get('kind', '')}".strip() for row in rows]


def test_an_answer_signs_the_form_it_was_asked_for_and_no_other(way: Way) -> None:
    way.register()
    user, device = another_signatory(way), Device()
    device.given_to(user)
    form = address("act_withdraw", way.act.number)
    with way.now():
        client, elsewhere = official(user), official(user)

        def sent(answer: str, by: Client = client) -> int:
            given = by.post(form, {"reason": LONG_TEXT, "code": "", "passkey_code": answer})
            page = given.content.decode()
            assert given.status_code == 302 or (LONG_TEXT in page and device_id(device) not in page)
            return given.status_code

        assert "data-passkey=" in client.get(form).content.decode()
        assert sent(device.use(asked_for(client, AGAIN))) == 400
        assert sent(device.use(asked_for(elsewhere, form))) == 400
        assert sent(device.use(asked_for(client, form), flags=PRESENT)) == 400
        answer = device.use(asked_for(client, form))
        assert client.post(form, {"reason": "", "passkey_code": answer}).status_code == 400
        way.act.refresh_from_db()
        assert way.act.state == "registered"
        assert sent(answer, elsewhere) == 400
        assert sent(answer) == 302  # the form was not whole: nothing was asked of it yet
        assert (
            sent(answer) == 409
        )  # the act is withdrawn already: the second answer comes too late for anything
    way.act.refresh_from_db()
    assert way.act.state == "withdrawn"
    assert journal(user)[-1] == "asked_again webauthn"


def device_id(device: Device) -> str:
    return json.loads(device.make({"rp": {"id": "x"}, "challenge": ""}))["id"]


# --- in Chromium ----------------------------------------------------------------------------------------


@pytest.fixture
def page(live_server: Any, transactional_db: None, settings: Any, monkeypatch: Any) -> Iterator[Page]:
    # The browser's library runs an event loop in this thread; the tests themselves are not asynchronous.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    settings.SITE_URL = live_server.url  # http://localhost:PORT: passkeys belong to a name, not to 127.0.0.1
    with chromium.chromium() as browser:
        yield browser.new_page(base_url=live_server.url, viewport=chromium.PHONE)  # type: ignore[arg-type]
        connection.close()
    with connection.cursor() as cursor:
        for _attempt in range(50):
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if cursor.fetchone()[0] == 0:
                return
            time.sleep(0.1)


def plug_in(cdp: CDPSession) -> str:
    """A device that confirms with its owner's finger by itself."""
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    return str(cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"])


class Person:
    """Somebody at the browser; what axe, the console or the width find is kept in `findings`."""

    def __init__(self, page: Page, user: User) -> None:
        self.page, self.user, self.findings = page, user, list[str]()
        chromium.listen(page, self.findings)

    def give_password(self) -> None:
        self.page.goto("/ky/login/")
        self.page.locator("main input[name=login]").fill(self.user.email)
        self.page.locator("main input[name=password]").fill(PASSWORD)
        self.page.locator("main form:has(input[name=password]) button[type=submit]").click()

    def press_passkey(self) -> None:
        self.page.locator("[data-passkey] button").click()

    def look(self, name: str) -> None:
        """As it is; with PORTAL_TEST_PICTURES in three languages on a phone and on a desk."""
        self.findings += chromium.axe(self.page) + chromium.sideways(self.page)
        if not (folder := os.environ.get("PORTAL_TEST_PICTURES")):
            return
        _site, _ky, path = self.page.url.partition("/ky/")
        for language in ("ru", "en", "ky"):
            self.page.goto(f"/{language}/{path}")
            for size in (chromium.DESK, chromium.PHONE):
                self.page.set_viewport_size(size)  # type: ignore[arg-type]
                self.page.screenshot(path=f"{folder}/{name}-{language}-{size['width']}.png", full_page=True)


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_passkey_is_added_signs_in_signs_and_is_taken_away(page: Page, way: Way) -> None:
    way.register()
    user = another_signatory(way, app=False)
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    device, one = plug_in(cdp), Person(page, user)

    one.give_password()
    page.locator("main a[href*='/second-factor/passkey/']").click()
    page.wait_for_url("**/second-factor/passkey/**")
    one.look("add")
    page.locator("input[name=name]").fill("Телефонум")
    one.press_passkey()
    page.wait_for_url("**/second-factor/codes/**")
    assert page.locator(".mk-codes li").count() == 10

    page.context.clear_cookies()
    one.give_password()
    page.wait_for_url("**/login/code/**")
    one.look("sign-in")
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    one.press_passkey()
    page.locator("[data-passkey] [role=status]:has-text('код')").wait_for()
    assert page.locator("[data-passkey] button").is_enabled()
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True})
    one.press_passkey()
    page.wait_for_url("**/desk/")

    page.goto(f"/ky/acts/{way.act.number}/withdraw/")
    one.look("sign")
    page.locator("textarea[name=reason]").fill(LONG_TEXT)
    one.press_passkey()
    page.wait_for_url(f"**/acts/{way.act.number}/")
    way.act.refresh_from_db()
    assert way.act.state == "withdrawn"

    page.goto("/ky/second-factor/passkey/")
    one.press_passkey()
    page.locator(
        "[data-passkey] [role=status]:has-text('түзмөктө')"
    ).wait_for()  # this device holds one already
    cdp.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": device})
    plug_in(cdp)
    page.locator("input[name=name]").press("Enter")
    page.wait_for_url("**/second-factor/")
    one.look("overview")
    page.locator("li:has-text('Телефонум') button").click()
    page.locator(".mk-passkeys li").nth(1).wait_for(state="detached")
    assert page.locator(".mk-passkeys li").count() == 1
    assert page.locator("form[action*='/remove/']").count() == 0  # the last one stays

    assert one.findings == []
    assert journal(user) == [
        "added webauthn", "recovery_codes_made", "asked_again webauthn", "added webauthn", "removed webauthn",
    ]  # fmt: skip
