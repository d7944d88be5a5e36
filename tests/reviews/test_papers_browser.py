"""Entering and confirming a paper opinion in a browser: axe, no sideways scroll, at a desk and on a phone."""

import os
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from apps.accounts.models import User
from apps.core import clock
from apps.register.demo.way import Way
from apps.reviews import services
from tests.browser.chromium import DESK, PHONE, axe, chromium, listen, sideways
from tests.way import people as people
from tests.way import start

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LONG = "Каржылоо булагы көрсөтүлбөгөн милдет жергиликтүү өз алдынча башкаруу органдарына жүктөлөт. " * 4
SCAN = "Пикир тиркелет.".encode()


def enter(way: Way, code: str, at: Any, *, name: str = "кат.txt") -> Any:
    with way.now("finance.drafter") as (drafter,):
        review = way.review(code)
        paper = services.save_paper(
            actor=drafter,
            review_id=review.pk,
            fields={
                "channel": "email",
                "incoming_number": "01-17/4554-кат-2026",
                "verdict": "disagree",
                "statement": LONG,
                "lang": "ky",
            },
            received_at=at,
            scan=SCAN,
            filename=name,
            at=way.at,
        )
        services.save_paper_remark(
            actor=drafter,
            paper_id=paper.pk,
            provision_id=review.consultation.version.provisions.order_by("position")[0].pk,
            fields={"kind": "objection", "text": LONG, "lang": "ky"},
            at=way.at,
        )
        paper.opinion.refresh_from_db()
    return paper


def test_the_pages_hold(
    transactional_db: None, people: dict[str, User], live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    way = start(people).register().open().working_days(1).acknowledge().hours(2)
    papers = {code: enter(way, code, way.at) for code in ("lsg-union", "cities")}
    with way.now("finance.drafter") as (drafter,):
        paper = papers["lsg-union"]
        services.send_paper(
            actor=drafter, paper_id=paper.pk, edit_version=paper.opinion.edit_version, at=way.at
        )
    address = live_server.url.replace("localhost", "127.0.0.1")
    folder, findings = os.environ.get("PORTAL_TEST_PICTURES"), list[str]()
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    looks = [
        ("entering", "finance.drafter", "cities", "paper/"),
        ("elsewhere", "justice.coordinator", "cities", "paper/"),
        ("confirming", "union.signatory", "lsg-union", "paper/"),
        ("confirmed", "", "lsg-union", ""),
    ]
    with chromium() as browser, clock.frozen(way.at):
        for name, who, code, path in looks:
            if not who:
                services.confirm_paper(actor=people["union.signatory"], paper_id=papers[code].pk, at=way.at)
            for size in (DESK, PHONE):
                context = browser.new_context(viewport=size, base_url=address)
                if who:
                    client = Client()
                    client.force_login(people[who])
                    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
                    context.add_cookies(
                        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}]
                    )
                page = context.new_page()
                listen(page, findings)
                for language in ("ky", "ru", "en"):
                    answer = page.goto(f"/{language}/acts/{way.act.number}/reviews/{code}/{path}")
                    assert answer is not None
                    assert answer.status == 200, (name, answer.status)
                    findings += [*axe(page), *sideways(page)]
                    if folder:
                        page.screenshot(
                            path=f"{folder}/{name}-{language}-{size['width']}.png", full_page=True
                        )
                context.close()
        connections.close_all()

    assert findings == []
