"""A person who has a keyboard and no mouse. Every stop of the Tab key must be seen: its focus shows and is in sight."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Download, FileChooser, Locator, Page, expect

MOST_STOPS = 500

# Where the focus is, whether it can be seen there, and whether it is where the person wants to go.
WHERE = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return {nowhere: true, there: false, seen: true, what: ''};
  const rings = (e) => {
    const s = getComputedStyle(e);
    return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none';
  };
  const label = at.closest('label') || (at.labels && at.labels[0]);
  const box = at.getBoundingClientRect();
  const inSight = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const shown = rings(at) || (label && label.contains(at) && rings(label));
  return {
    there: at === window.wantedStop, seen: shown && inSight && box.width + box.height > 2, nowhere: false,
    what: at.outerHTML.slice(0, 140),
  };
}"""


class Keyboard:
    """The keys of one page. `arrived` is called on every page that a key led to."""

    def __init__(self, page: Page, findings: list[str], arrived: Callable[[Page], None]) -> None:
        self.page = page
        self.findings = findings
        self.arrived = arrived
        # Listening from the start: a window asked for before the browser knows that somebody listens is lost.
        self._to_choose: list[dict[str, Any]] = []
        page.on("filechooser", self._chosen)

    def stop(self, target: str | Locator) -> Locator:
        """The control meant by a selector: the first one that is shown."""
        found = self.page.locator(target) if isinstance(target, str) else target
        return found.locator("visible=true").first

    def tab_to(self, target: str | Locator) -> Locator:
        """Press Tab until the control has the focus; each stop on the way must show its focus."""
        control = self.stop(target)
        control.evaluate("e => { window.wantedStop = e; }")
        where, came_round = self.page.evaluate(WHERE), 0
        for _ in range(MOST_STOPS):
            if where["there"]:
                return control
            came_round += bool(where["nowhere"])
            if came_round > 2:
                break
            self.page.keyboard.press("Tab")
            where = self.page.evaluate(WHERE)
            if not where["seen"]:
                self._finding(f"focus is not seen: {where['what']}")
        raise AssertionError(f"{self.page.url}: Tab never comes to {target}")

    def follow(self, target: str | Locator) -> None:
        """Go to a link or a button and press Enter; a new page comes."""
        self.tab_to(target)
        with self.page.expect_navigation(wait_until="load", timeout=60_000):
            self.page.keyboard.press("Enter")
        self.arrived(self.page)

    def press(self, target: str | Locator, key: str = "Enter") -> None:
        """Go to a control and press a key that stays on the page."""
        self.tab_to(target)
        self.page.keyboard.press(key)

    def type(self, target: str | Locator, text: str) -> None:
        control = self.tab_to(target)
        self.page.keyboard.press("Control+A")
        if len(text) > 200:
            self.page.keyboard.insert_text(text)
        else:
            self.page.keyboard.type(text)
        assert control.input_value() == text

    def choose(self, name: str, value: str, *, within: str = "main") -> None:
        """A radio button: Tab into the group, arrows to the choice."""
        buttons = self.page.locator(f"{within} input[type=radio][name='{name}']")
        checked = self.page.locator(f"{within} input[type=radio][name='{name}']:checked")
        self.tab_to(checked if checked.count() else buttons.first)
        if not checked.count():
            self.page.keyboard.press("Space")
        for _ in range(buttons.count()):
            if checked.get_attribute("value") == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{self.page.url}: {name} does not come to {value}")

    def select(self, target: str | Locator, value: str) -> None:
        """A list: arrows down to the value."""
        control = self.tab_to(target)
        self.page.keyboard.press("Home")
        for _ in range(control.locator("option").count()):
            if control.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{self.page.url}: the list does not come to {value}")

    def tick(self, target: str | Locator) -> None:
        control = self.tab_to(target)
        if not control.is_checked():
            self.page.keyboard.press("Space")
        assert control.is_checked()

    def day(self, target: str | Locator, iso: str) -> None:
        """A date, digit by digit, in whichever order this browser asks for it."""
        control = self.tab_to(target)
        year, month, day = iso.split("-")
        for order in (month + day + year, day + month + year, year + month + day):
            self.page.keyboard.type(order)
            if control.input_value() == iso:
                return
            self.page.keyboard.press("Shift+Tab")
            self.tab_to(control)
        raise AssertionError(f"{self.page.url}: {iso} cannot be typed, only {control.input_value()}")

    def attach(self, target: str | Locator, *, name: str, data: bytes, media: str) -> None:
        """A file: the key opens the browser's own window, in which it is chosen."""
        control = self.tab_to(target)
        self._to_choose.append({"name": name, "mimeType": media, "buffer": data})
        self.page.keyboard.press("Enter")
        expect(control).to_have_value(re.compile(re.escape(name) + "$"))

    def _chosen(self, chooser: FileChooser) -> None:
        chooser.set_files(self._to_choose.pop())  # type: ignore[arg-type]

    def download(self, target: str | Locator) -> Download:
        self.tab_to(target)
        with self.page.expect_download(timeout=60_000) as download:
            self.page.keyboard.press("Enter")
        return download.value

    def _finding(self, words: str) -> None:
        path = re.sub(r"\d{4}-\d{4,}", "…", urlsplit(self.page.url).path)
        line = f"{path} {words}"
        if line not in self.findings:
            self.findings.append(line)


def button_of(action: str, extra: str = "") -> str:
    """The button that sends the form with this end of its address."""
    return f"main form[action$='{action}']{extra} button[type=submit]:not([formaction])"
