"""The pages of preparing in a browser: axe, no sideways scroll, autosave and upload as a person does them."""

import os
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import Page, expect, sync_playwright

from apps.draft_acts import services
from apps.draft_acts.models import DraftAct, VersionText

from .conftest import AT, KY, RU, TITLES, client_of, upload_both

CHROMIUM = "/usr/bin/chromium"
AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LONG = {
    "title_ky": "Жергиликтүү өз алдынча башкаруу органдарынын бюджеттик ыйгарым укуктары жөнүндө " * 6,
    "title_ru": "О внесении изменений в некоторые законодательные акты Кыргызской Республики " * 6,
}
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def browser(live_server: Any, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    # The browser's library runs an event loop in this thread; the tests themselves are not asynchronous.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        # Inside the library's loop Django keeps a connection of its own; nobody else would close it.
        connections.close_all()
        chromium.close()


def page_of(browser: Any, user: Any, live_server: Any, width: int, findings: list[str]) -> Page:
    address = live_server.url.replace("localhost", "127.0.0.1")
    context = browser.new_context(viewport={"width": width, "height": 900}, base_url=address)
    cookie = client_of(user).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}])
    page = context.new_page()
    page.on("console", lambda m: findings.append(f"console: {m.text}") if m.type == "error" else None)
    page.on("pageerror", lambda error: findings.append(f"script: {error}"))
    return page


def look(page: Page, path: str, width: int, findings: list[str]) -> None:
    page.goto(path)
    page.evaluate("document.fonts.ready")
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        findings.append(f"{path} {width}: scrolls sideways, {wide}")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate("tags => axe.run(document, {runOnly: tags})", RULES)
    findings += [f"{path} {width}: {v['id']} {v['nodes'][0]['html'][:160]}" for v in result["violations"]]
    if folder := os.environ.get("PORTAL_TEST_PICTURES"):
        name = path.strip("/").replace("/", "-").split("prepare")
        page.screenshot(path=f"{folder}/{name[0]}{name[-1][25:]}-{width}.png", full_page=True)


def test_every_page_holds_empty_and_full(browser: Any, live_server: Any, cast: SimpleNamespace) -> None:
    findings: list[str] = []
    empty = services.create_act(actor=cast.drafter, initiator_id=cast.finance.pk, kind="law", at=AT)
    full = services.create_act(actor=cast.drafter, initiator_id=cast.finance.pk, kind="code", at=AT)
    services.save_act(
        actor=cast.drafter, act_id=full.pk, edit_version=1, fields={**LONG, "amending": True}, at=AT
    )
    upload_both(cast.drafter, full, confirm=False)
    services.upload_text(
        actor=cast.drafter, act_id=full.pk, language="ky", filename=f"{'узун-аталыш-' * 9}.txt", at=AT,
        data=RU.replace("Статья 3.", "Статья 5.").encode(),
    )  # fmt: skip
    services.add_attachment(
        actor=cast.drafter,
        act_id=full.pk,
        paper="other",
        data=b"x",
        filename=f"{'длинное-имя-' * 9}.txt",
        at=AT,
    )
    paths = ["/ky/acts/new/"]
    for act in (empty, full):
        paths += [f"/ky/acts/prepare/{act.token}/", f"/ky/acts/prepare/{act.token}/register/"]
    paths += [
        f"/ky/acts/prepare/{full.token}/text/ky/?at=art_2__para_1",
        f"/ky/acts/prepare/{full.token}/delete/",
    ]
    paths += [f"/{language}/acts/prepare/{full.token}/" for language in ("ru", "en")]

    for width in (360, 1280):
        page = page_of(browser, cast.signatory, live_server, width, findings)
        for path in paths:
            look(page, path, width, findings)

    assert findings == []


def test_typing_is_kept_by_itself_and_a_file_goes_up(
    browser: Any, live_server: Any, cast: SimpleNamespace
) -> None:
    findings: list[str] = []
    act = services.create_act(actor=cast.drafter, initiator_id=cast.finance.pk, kind="law", at=AT)
    page = page_of(browser, cast.drafter, live_server, 1280, findings)
    page.clock.install()
    page.goto(f"/en/acts/prepare/{act.token}/")

    page.get_by_label("Title in Kyrgyz").fill(TITLES["title_ky"])
    page.clock.fast_forward(11_000)
    page.get_by_text("Draft saved at").wait_for()
    page.get_by_label("File with the text: Kyrgyz").set_input_files(
        {"name": "мыйзам.txt", "mimeType": "text/plain", "buffer": KY.encode()}
    )
    page.get_by_role("button", name=re.compile("Upload.*Kyrgyz")).press("Enter")
    page.wait_for_url("**/text/ky/")
    page.get_by_role("link", name=re.compile("Mend.*Article 2, paragraph 2")).press("Enter")
    page.get_by_role("button", name="Join to what stands before").press("Enter")
    page.get_by_text("Mended by hand: 1 step").wait_for()
    page.get_by_role("button", name="Take the last step back").press("Enter")
    page.get_by_text("The last step was taken back.").wait_for()
    page.get_by_role("button", name="The text is recognised rightly").first.press("Enter")
    page.wait_for_url(f"**/prepare/{act.token}/**")

    assert DraftAct.objects.get().title_ky == TITLES["title_ky"]
    assert VersionText.objects.get().confirmed_at is not None
    assert findings == []


def long_text(chapters: int) -> str:
    """A law of so many chapters, each of ten articles with three parts and long titles; the last article misnumbered."""
    sentence = "Айылный кенеш утверждает бюджет и отчёт о его исполнении по представлению айыл окмоту"
    lines = ["ЗАКОН КЫРГЫЗСКОЙ РЕСПУБЛИКИ", "О местном бюджете"]
    for chapter in range(1, chapters + 1):
        lines.append(f"Глава {chapter}. Полномочия органов местного самоуправления в бюджетном процессе")
        for n in range(10 * chapter - 9, 10 * chapter + 1):
            lines += [f"Статья {n}. Порядок утверждения и исполнения бюджета айылного аймака номер {n}"]
            lines += [f"{part}. {sentence}." for part in (1, 2, 3)]
    lines[-4] = lines[-4].replace(f"Статья {10 * chapters}.", f"Статья {10 * chapters + 5}.")
    return "\n".join(lines)


def test_a_long_text_is_mended_by_keyboard_piece_by_piece(
    browser: Any, live_server: Any, cast: SimpleNamespace
) -> None:
    findings: list[str] = []
    act = services.create_act(actor=cast.drafter, initiator_id=cast.finance.pk, kind="law", at=AT)
    services.upload_text(
        actor=cast.drafter, act_id=act.pk, language="ru", data=long_text(8).encode(), filename="a.txt", at=AT
    )
    page = page_of(browser, cast.drafter, live_server, 360, findings)
    for language in ("ky", "ru"):
        look(page, f"/{language}/acts/prepare/{act.token}/text/ru/?at=art_15__para_2", 360, findings)
    page.goto(f"/en/acts/prepare/{act.token}/text/ru/")
    assert page.locator("#art_85").count() == 0

    page.locator('.mk-note a[href*="art_85"]').press("Enter")  # the doubt about its number
    page.locator("#art_85").wait_for()
    page.locator("#art_85 .mk-mendlink a").press("Enter")
    page.get_by_label("Number as in the text").fill("80")
    page.get_by_label("Number as in the text").press("Enter")
    page.get_by_text("Mended by hand: 1 step").wait_for()
    assert page.url.endswith("?at=art_80#art_80")
    expect(page.locator("#art_80")).to_be_in_viewport()
    page.keyboard.press("Tab")  # where the reader is, is where the keyboard goes on
    assert page.evaluate("document.querySelector('#art_80').contains(document.activeElement)")
    page.get_by_role("button", name="Take the last step back").press("Enter")
    page.locator("#art_85").wait_for()
    page.locator('a[rel="prev"]').first.press("Enter")
    page.locator("#art_85").wait_for(state="detached")
    page.goto(f"/en/acts/prepare/{act.token}/text/ru/#art_85")  # as a link from elsewhere that names no piece
    page.locator("#art_85").wait_for()
    assert page.url.endswith("?in=art_85#art_85")

    assert findings == []


def test_a_refused_file_takes_nothing_that_was_just_typed(
    browser: Any, live_server: Any, cast: SimpleNamespace
) -> None:
    findings: list[str] = []
    act = services.create_act(actor=cast.drafter, initiator_id=cast.finance.pk, kind="law", at=AT)
    page = page_of(browser, cast.drafter, live_server, 1280, findings)
    page.goto(f"/en/acts/prepare/{act.token}/")

    page.get_by_label("Title in Kyrgyz").fill(TITLES["title_ky"])  # seconds before, not kept by the clock yet
    page.get_by_label("File with the text: Kyrgyz").set_input_files(
        {"name": "мыйзам.docx", "mimeType": "application/octet-stream", "buffer": b""}
    )
    page.get_by_role("button", name=re.compile("Upload.*Kyrgyz")).press("Enter")
    page.locator(".ds-error-summary, .mk-errors, .ds-validation-message").first.wait_for()

    assert page.get_by_label("Title in Kyrgyz").input_value() == TITLES["title_ky"]
    assert DraftAct.objects.get().title_ky == TITLES["title_ky"]
