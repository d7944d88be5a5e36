"""The three scripts, each against a page that also works without it: what is typed is kept, what is sent is seen."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from playwright.sync_api import Page, Route, sync_playwright

SCRIPTS = Path(settings.BASE_DIR) / "static" / "js"
SITE = "http://portal.test"


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser.new_page()
        browser.close()


def show(page: Page, body: str, script: str) -> None:
    html = f'<!doctype html><html lang="en"><title>t</title><main>{body}</main><script src="/{script}"></script></html>'
    page.route(f"{SITE}/page", lambda route: route.fulfill(content_type="text/html", body=html))
    page.route(f"{SITE}/{script}", lambda route: route.fulfill(path=SCRIPTS / script))
    page.goto(f"{SITE}/page")


def autosave_form() -> str:
    status = render_to_string("components/autosave_status.html")
    return (
        '<form method="post" data-autosave-url="/keep"><input name="version" type="hidden" value="3">'
        f'<textarea name="text"></textarea>{status}</form>'
    )


@pytest.mark.browser
def test_typed_text_is_kept_after_ten_seconds_and_says_when(page: Page) -> None:
    kept: list[str] = []

    def keep(route: Route) -> None:
        kept.append(route.request.post_data or "")
        route.fulfill(json={"saved_at": "14:32", "version": 4})

    page.clock.install()
    page.route(f"{SITE}/keep", keep)
    show(page, autosave_form(), "autosave.js")

    page.fill("textarea", "ң ө ү")
    page.clock.fast_forward(11_000)
    page.wait_for_function("document.querySelector('[data-autosave-status]').textContent.includes('14:32')")

    assert "ң ө ү" in kept[0]
    assert page.input_value("input[name=version]") == "4"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("status", "words"),
    [(409, "data-conflict"), (401, "data-signed-out"), (500, "data-refused"), (0, "data-offline")],
)
def test_what_could_not_be_kept_is_said_and_stays_in_the_field(page: Page, status: int, words: str) -> None:
    page.clock.install()
    page.route(f"{SITE}/keep", lambda route: route.fulfill(status=status) if status else route.abort())
    show(page, autosave_form(), "autosave.js")
    expected = page.get_attribute("[data-autosave-status]", words)

    page.fill("textarea", "text")
    page.clock.fast_forward(11_000)
    page.wait_for_function(
        "words => document.querySelector('[data-autosave-status]').textContent === words", arg=expected
    )

    assert page.input_value("textarea") == "text"


def upload_form() -> str:
    progress = render_to_string("components/upload_progress.html")
    return (
        '<form method="post" action="/send" enctype="multipart/form-data" data-upload-progress>'
        f'<input type="file" name="file">{progress}<button type="submit" name="step" value="next">Send</button></form>'
    )


@pytest.mark.browser
def test_a_file_is_sent_with_its_button_and_leads_on(page: Page) -> None:
    sent: list[str] = []

    def send(route: Route) -> None:
        if route.request.method == "POST":
            sent.append((route.request.post_data_buffer or b"").decode("utf-8", "replace"))
        route.fulfill(content_type="text/html", body="<title>next</title><main>next</main>")

    page.route(f"{SITE}/send", send)
    show(page, upload_form(), "upload.js")

    page.set_input_files("input", {"name": "act.txt", "mimeType": "text/plain", "buffer": "Мыйзам".encode()})
    page.click("button")
    page.wait_for_url(f"{SITE}/send")

    assert 'name="step"' in sent[0]
    assert "Мыйзам" in sent[0]


@pytest.mark.browser
def test_a_refused_file_shows_what_to_mend_without_losing_the_page(page: Page) -> None:
    refused = '<main><div class="ds-error-summary" data-focus tabindex="-1">mend</div></main>'
    page.route(
        f"{SITE}/send", lambda route: route.fulfill(status=400, content_type="text/html", body=refused)
    )
    show(page, upload_form(), "upload.js")

    page.set_input_files("input", {"name": "act.txt", "mimeType": "text/plain", "buffer": b"x"})
    page.click("button")
    page.wait_for_selector(".ds-error-summary")

    assert page.evaluate("document.activeElement.textContent") == "mend"


@pytest.mark.browser
def test_a_broken_line_leaves_the_chosen_file_and_the_button(page: Page) -> None:
    page.route(f"{SITE}/send", lambda route: route.abort())
    show(page, upload_form(), "upload.js")

    page.set_input_files("input", {"name": "act.txt", "mimeType": "text/plain", "buffer": b"x"})
    page.click("button")
    page.wait_for_function("!document.querySelector('button').disabled")

    assert page.inner_text("[data-upload-text]") == page.get_attribute("[data-upload]", "data-failed")
    assert json.loads(page.evaluate("JSON.stringify(document.querySelector('input').files.length)")) == 1
