"""The eyes of the journeys can see: an invisible focus, an unreachable control, a page too wide, what axe finds."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser import chromium
from tests.browser.keyboard import Keyboard

pytestmark = [pytest.mark.browser, pytest.mark.slow]
RING = ":focus-visible { outline: 3px solid #000 }"


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with chromium.chromium() as browser:
        yield browser.new_page(viewport=chromium.PHONE)  # type: ignore[arg-type]


def show(page: Page, style: str, body: str) -> list[str]:
    page.set_content(
        f"<!doctype html><html lang=ky><title>t</title><style>{style}</style><main>{body}</main></html>"
    )
    return []


def test_a_ring_is_seen_and_its_absence_too(page: Page) -> None:
    body = '<a href="#1">1</a> <a href="#2" class="quiet">2</a> <button>3</button>'
    good = show(page, RING, body)
    Keyboard(page, good, lambda _: None).tab_to("button")
    bad = show(page, RING + ".quiet { outline: none !important }", body)
    Keyboard(page, bad, lambda _: None).tab_to("button")

    assert good == []
    assert len(bad) == 1
    assert "quiet" in bad[0]


def test_a_control_that_only_a_mouse_reaches_is_told(page: Page) -> None:
    show(page, RING, '<a href="#1">1</a><button tabindex="-1">mouse</button>')

    with pytest.raises(AssertionError, match="Tab never comes"):
        Keyboard(page, [], lambda _: None).tab_to("button")


def test_a_page_too_wide_for_a_phone_names_what_is_too_wide(page: Page) -> None:
    show(page, "", '<p class="long">…</p><style>.long { width: 400px; background: #eee }</style>')

    assert "long" in chromium.sideways(page)[0]


def test_axe_is_asked(page: Page) -> None:
    show(page, "p { color: #999 }", "<h1>1</h1><p>pale words on white</p>")

    assert any("color-contrast" in finding for finding in chromium.axe(page))
