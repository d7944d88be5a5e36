"""The text of an act as it is read: lasting addresses, versions, what one language lacks, remarks folded beside it."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.core import clock
from apps.draft_acts import services as acts
from apps.draft_acts.models import Provision
from apps.register.demo import texts as demo
from apps.register.demo.way import Way
from apps.register.selectors import text as texts
from tests.browser.chromium import PHONE, axe, chromium, listen, sideways
from tests.way import filed, signed, start

UNION = "lsg-union"


def get(way: Way, path: str, *, by: User | None = None) -> Any:
    client = Client()
    if by:
        client.force_login(by)
    with clock.frozen(way.at):
        return client.get(path)


def test_the_address_of_a_provision_leads_to_its_place_in_its_version(way: Way) -> None:
    way.register()
    number = way.act.number

    plain = get(way, f"/ru/acts/{number}/v1/art_2__para_1/")
    alone = get(way, f"/ru/acts/{number}/v1/art_2__para_1/?text=ky")

    assert plain["Location"] == f"/ru/acts/{number}/v1/#art_2__para_1"
    assert alone["Location"] == f"/ru/acts/{number}/v1/?text=ky#art_2__para_1"
    page = get(way, plain["Location"].partition("#")[0]).content.decode()
    assert 'id="art_2__para_1"' in page
    assert f'href="/ru/acts/{number}/v1/art_2__para_1/"' in page  # what is copied


@pytest.mark.parametrize(
    "place", ["v1/art_77/", "v2/art_1/", "v2/", "v0/", "v1/%00/", "v99999999999999999999/"]
)
def test_what_is_not_there_is_not_found(way: Way, place: str) -> None:
    way.register()

    assert get(way, f"/ru/acts/{way.act.number}/{place}").status_code == 404


def test_a_version_in_the_making_has_no_address(way: Way, people: dict[str, User]) -> None:
    way.register()
    acts.new_version(actor=people["finance.drafter"], act_id=way.act.pk, at=way.at)

    for path in ("v2/", "v2/art_1/"):
        assert get(way, f"/ru/acts/{way.act.number}/{path}", by=people["finance.drafter"]).status_code == 404


def test_an_earlier_version_stays_and_says_that_another_one_counts(
    way: Way, people: dict[str, User], read_at: Callable
) -> None:
    way.register()
    acts.new_version(actor=people["finance.drafter"], act_id=way.act.pk, at=way.at)
    acts.publish_version(actor=people["finance.signatory"], act_id=way.act.pk, at=way.at)

    earlier = read_at(way, f"/ru/acts/{way.act.number}/v1/")
    current = read_at(way, f"/ru/acts/{way.act.number}/text/")

    assert "Вы читаете редакцию 1" in earlier
    assert "Вы читаете редакцию" not in current
    assert f'href="/ru/acts/{way.act.number}/v1/"' in current


def test_only_the_consulted_version_acknowledges_and_takes_remarks(
    way: Way, people: dict[str, User], read_at: Callable
) -> None:
    way.register()
    acts.new_version(actor=people["finance.drafter"], act_id=way.act.pk, at=way.at)
    acts.publish_version(actor=people["finance.signatory"], act_id=way.act.pk, at=way.at)
    way.open().working_days(1)
    asked = reverse("opinion_write", args=[way.act.number, UNION]).partition("/acts/")[2]

    first = read_at(way, f"/ru/acts/{way.act.number}/v1/", by=people["union.officer"])
    assert way.review(UNION).acknowledged_at is None
    second = read_at(way, f"/ru/acts/{way.act.number}/v2/", by=people["union.officer"])

    assert way.review(UNION).acknowledged_at is not None
    assert f"{asked}?provision=art_1#remark-form" not in first
    assert f"{asked}?provision=art_1#remark-form" in second
    assert asked not in read_at(way, f"/ru/acts/{way.act.number}/v2/", by=people["union.signatory"]).replace(
        f'href="/ru/acts/{asked}"', ""
    )


def test_what_one_language_lacks_is_said_once_in_words(
    way: Way, people: dict[str, User], read_at: Callable
) -> None:
    short = demo.TRANSFERS.body_ru.partition("\n\nСтатья 3.")[0] + "\n\nПрезидент Кыргызской Республики"
    act = start(people, demo.TRANSFERS)
    for call in (acts.upload_text, acts.confirm_text):
        given = {"data": short.encode(), "filename": "z.txt"} if call is acts.upload_text else {}
        call(actor=people["finance.drafter"], act_id=act.act.pk, language="ru", at=act.at, **given)
    act.register()

    page = read_at(act, f"/ru/acts/{act.act.number}/text/")

    assert page.count("Статья 3: в русском тексте этого нет.") == 1
    assert page.count("в русском тексте этого нет") == 1
    assert "Күчүнө кирүү тартиби" in page
    alone = read_at(act, f"/ru/acts/{act.act.number}/text/?text=ru")
    assert "Статья 3: в русском тексте этого нет." in alone


@pytest.mark.parametrize(("few", "many"), [(100, 100), (0, 100), (0, 0)])
def test_many_remarks_are_folded_and_very_many_become_a_line_each(
    way: Way, read_at: Callable, monkeypatch: pytest.MonkeyPatch, few: int, many: int
) -> None:
    monkeypatch.setattr(texts, "OPEN_REMARKS", few)
    monkeypatch.setattr(texts, "BRIEF_REMARKS", many)
    filed(way)

    page = read_at(way, f"/ru/acts/{way.act.number}/text/")

    assert 'id="remark-lsg-union-1"' in page
    assert "Ответа ещё нет" in page
    assert ('<details class="mk-remark"' in page) is bool(many)
    assert ('" open><summary><span class="mk-remark__h">' in page) is bool(few)
    assert f'href="/ru/acts/{way.act.number}/reviews/{UNION}/#remark-1"' in page


def test_opinions_and_protocols_lead_to_the_provision_in_the_version_they_are_about(
    way: Way, read_at: Callable
) -> None:
    signed(way)
    place = f'href="/ru/acts/{way.act.number}/v1/#art_2__para_1"'

    assert place in read_at(way, f"/ru/acts/{way.act.number}/reviews/{UNION}/")
    assert place in read_at(way, f"/ru/protocols/{way.protocol(UNION).number}/")


def test_the_outline_nests_what_stands_inside_and_counts_what_is_folded() -> None:
    def unit(eid: str, kind: str, parent: str = "", label: str = "", remarks: int = 0) -> texts.Block:
        head = Provision(eid=eid, kind=kind, parent_eid=parent, label_ru=label or eid)
        return texts.Block(head, remarks=[SimpleNamespace()] * remarks)  # type: ignore[list-item]

    blocks = [
        unit("sec_1", "section"),
        unit("chp_1", "chapter", "sec_1"),
        unit("art_1", "article", "chp_1", remarks=1),
        unit("art_2", "article", "chp_1"),
        unit("art_2__qstr_1__art_9", "article", "art_2__qstr_1", remarks=2),
        unit("att_1", "annex"),
    ]

    outline = texts._outline(
        blocks, {b.head.eid: b.head.parent_eid for b in blocks} | {"art_2__qstr_1": "art_2"}, "ru", None
    )

    assert [item.url for item in outline] == ["#sec_1", "#att_1"]
    chapter = outline[0].children[0]
    assert [item.url for item in chapter.children] == ["#art_1", "#art_2"]
    assert chapter.children[1].children[0].url == "#art_2__qstr_1__art_9"
    assert (outline[0].count, chapter.count, chapter.children[0].count) == ("3", "3", "1")
    assert chapter.range.startswith("1-берене")


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_phone_shows_one_language_and_a_link_unfolds_its_remark(
    way: Way, live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    monkeypatch.setattr(texts, "OPEN_REMARKS", 0)
    filed(way).hours(1)
    findings: list[str] = []
    site = live_server.url.replace("localhost", "127.0.0.1")

    with clock.frozen(way.at + timedelta(hours=1)), chromium() as browser:
        page = browser.new_page(viewport=PHONE, reduced_motion="reduce")
        listen(page, findings)
        page.goto(f"{site}/ky/acts/{way.act.number}/text/")
        ky, ru = (
            page.locator("#art_2__para_1 [lang=ky]").first,
            page.locator("#art_2__para_1 [lang=ru]").first,
        )
        assert ky.is_visible()
        assert not ru.is_visible()
        page.locator(".mk-switch input:checked").press("ArrowRight")
        assert ru.is_visible()
        assert not ky.is_visible()
        findings += axe(page) + sideways(page)

        remark = page.locator("#remark-lsg-union-1")
        assert not remark.is_visible()
        page.goto(f"{site}/ky/acts/{way.act.number}/text/#remark-lsg-union-1")
        remark.wait_for(state="visible")

        page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
        page.locator("#art_1 .mk-unit__link").first.press("Enter")
        page.locator("#mk-said").wait_for(state="attached")
        copied = page.evaluate("navigator.clipboard.readText()")
        connections.close_all()

    assert copied == f"{site}/ky/acts/{way.act.number}/v1/art_1/"
    assert findings == []
