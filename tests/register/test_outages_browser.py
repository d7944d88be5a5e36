"""The register of outages in a browser: axe, no sideways scroll, at a desk and on a phone, for each who reads it."""

import os
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from apps.accounts.models import User
from apps.core import clock
from apps.deadlines import services as deadlines
from apps.deadlines.models import Outage
from apps.register.demo.way import Way
from apps.reviews import services as reviews
from tests.browser.chromium import DESK, PHONE, axe, chromium, listen, sideways

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PAGES = {  # for whom, and which
    "": {"list": "outages/", "confirmed": "outages/1/", "suspected": "outages/2/", "term": "{term}"},
    "justice.coordinator": {"desk": "desk/", "decide": "outages/2/decide/", "listed": "outages/"},
    "admin.first": {"report": "outages/report/", "maintenance": "outages/maintenance/"},
}


def outages_of(way: Way, people: dict[str, User]) -> None:
    """One confirmed with a moved term, one suspected; maintenance ahead of the present moment."""
    way.register().open().acknowledge("lsg-union", "cities").working_days(20, hour=18)
    deadlines.beat(answered=True, at=way.at)
    deadlines.beat(answered=True, at=way.at + timedelta(minutes=90))
    with way.hours(2).now("justice.coordinator") as (coordinator,):
        reviews.decide_outage(
            actor=coordinator,
            outage_id=Outage.objects.get().pk,
            confirmed=True,
            reason="Порталдын журналы жана провайдердин каты үзгүлтүктү тастыктайт.",
            at=way.at,
        )
    way.working_days(1, hour=12)
    deadlines.beat(answered=True, at=way.at)
    deadlines.beat(answered=False, detail="503", at=way.at + timedelta(minutes=30))
    deadlines.beat(answered=True, at=way.at + timedelta(minutes=80))
    way.hours(2)
    now = clock.now()
    deadlines.announce_maintenance(
        actor=people["admin.first"],
        starts_at=now + timedelta(days=3),
        ends_at=now + timedelta(days=3, hours=2),
        note="Программалык камсыздоо жаңыртылат, портал жеткиликсиз болот.",
        lang="ky",
        at=now,
    )


def test_the_pages_hold(
    transactional_db: None,
    way: Way,
    people: dict[str, User],
    live_server: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outages_of(way, people)
    folder, findings = os.environ.get("PORTAL_TEST_PICTURES"), list[str]()
    address = live_server.url.replace("localhost", "127.0.0.1")
    term = f"acts/{way.act.number}/reviews/lsg-union/terms/opinion/"
    # The browser's library runs an event loop in this thread; the test itself is not asynchronous.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with chromium() as browser:
        for who, pages in PAGES.items():
            cookies = []
            if who:
                client = Client()
                client.force_login(people[who])
                value = client.cookies[settings.SESSION_COOKIE_NAME].value
                cookies = [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": address}]
            for size in (DESK, PHONE):
                context = browser.new_context(viewport=size, base_url=address)
                context.add_cookies(cookies)
                page = context.new_page()
                listen(page, findings)
                for language in ("ky", "ru", "en"):
                    for name, path in pages.items():
                        page.goto(f"/{language}/{path.format(term=term)}")
                        findings += [*axe(page), *sideways(page)]
                        if folder:
                            page.screenshot(
                                path=f"{folder}/{name}-{language}-{size['width']}.png", full_page=True
                            )
                context.close()
        connections.close_all()

    assert findings == []
