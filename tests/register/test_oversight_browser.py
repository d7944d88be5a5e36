"""The pages of those who watch, in a browser: axe, no sideways scroll, at a desk and on a phone, empty, full, refused."""

import os
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core import clock, health
from apps.notifications.models import OutboxMessage
from apps.organizations.models import Organization
from tests.browser.chromium import DESK, PHONE, axe, chromium, listen, sideways

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PAGES = {
    "journal": "journal/",
    "journal_filtered": "journal/?action=organization.created&since=2026-01-01",
    "journal_empty": "journal/?act=2026-9999",
    "journal_refused": "journal/?since=2026-02-30&person=x",
    "heads": "journal/heads/",
    "outbox": "administration/letters/",
    "outbox_empty": "administration/letters/?act=2026-9999",
    "outbox_refused": "administration/letters/?state=x",
    "health": "administration/health/",
    "desk": "desk/",
}


def fill(people: dict[str, User]) -> None:
    """Letters in every state, two published heads, one alarm of each kind; the longest name of an office."""
    body = Organization.objects.order_by("-name_ru")[0]
    now = clock.now()
    more: dict[str, Any]
    for n, more in enumerate(
        [
            {"state": "pending"},
            {"state": "pending", "attempts": 3, "problem": "SMTPServerDisconnected"},
            {"state": "failed", "attempts": 60, "problem": "SMTPRecipientsRefused"},
            {"state": "done", "done_at": now},
            {"state": "skipped"},
            {"state": "failed", "template": "", "task": "documents.render", "recipient": None, "attempts": 5},
        ]
    ):
        OutboxMessage.objects.create(
            **{
                "key": f"look{n}", "task": "notifications.deliver", "template": "reviews.opinion_ready",
                "language": "ru", "recipient": people["union.officer"], "next_attempt_at": now,
                "created_at": now - timedelta(minutes=9), **more,
            }
        )  # fmt: skip
    for n in range(60):
        audit.record(
            actor=people["admin.first"], action="organization.changed", target=body, at=now,
            organization_id=body.pk, data={"fields": ["name_ky", "short_name_ru"], "n": n},
        )  # fmt: skip
    later = now + timedelta(days=2)
    audit.publish_heads(at=later)
    audit.check_journal(at=later)
    health.heartbeat("sweep", at=now - timedelta(minutes=9))


def test_the_pages_hold(
    transactional_db: None, people: dict[str, User], live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(people)
    client = Client()
    client.force_login(people["admin.first"])
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    address = live_server.url.replace("localhost", "127.0.0.1")
    folder, findings = os.environ.get("PORTAL_TEST_PICTURES"), list[str]()
    # The browser's library runs an event loop in this thread; the test itself is not asynchronous.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with chromium() as browser:
        for size in (DESK, PHONE):
            context = browser.new_context(viewport=size, base_url=address)
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}])
            page = context.new_page()
            listen(page, findings)
            for language in ("ky", "ru", "en"):
                for name, path in PAGES.items():
                    page.goto(f"/{language}/{path}")
                    findings += [*axe(page), *sideways(page)]
                    if folder:
                        page.screenshot(
                            path=f"{folder}/{name}-{language}-{size['width']}.png",
                            full_page="journal" not in name,
                        )
            page.goto("/ru/journal/")
            page.locator("details:not(.mk-filterbox) summary").filter(visible=True).last.click()
            findings += [*axe(page), *sideways(page)]
            context.close()
        connections.close_all()

    assert findings == []
