"""A person with a browser, as far as a script needs one: a session, pages, and the forms that stand on them.

Nothing is posted but what a form on a page holds: its hidden fields, what is filled in, and choices that it offers.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import lxml.html
import requests

TIMEOUT = 60
Upload = tuple[str, bytes, str]


class Unexpected(Exception):
    """The portal answered something that a person on the way could not go on from."""


class Form:
    """A form as it stands on a page; `fill` and `choose` are what a person does in it."""

    def __init__(self, page: Page, element: Any) -> None:
        self.page = page
        self.element = element
        self.action = urljoin(page.url, element.get("action") or urldefrag(page.url).url)
        self.method = (element.get("method") or "get").lower()
        self.values: list[tuple[str, str]] = [(name, value) for name, value in element.form_values()]
        self.files: dict[str, Upload] = {}

    @property
    def names(self) -> set[str]:
        return {name for name in self.element.fields if name}

    def has(self, name: str) -> bool:
        return name in self.names

    def options(self, name: str) -> list[str]:
        """The values that a select, radio buttons or a tick box offer."""
        found = [
            option.get("value", "")
            for option in self.element.xpath(f".//select[@name='{name}']//option[not(@disabled)]")
        ]
        buttons = self.element.xpath(f".//input[@name='{name}'][@type='radio' or @type='checkbox']")
        return found + [button.get("value", "on") for button in buttons]

    def fill(self, **texts: str) -> Form:
        for name, text in texts.items():
            if not self.has(name):
                raise Unexpected(f"the form has no field {name}")
            self._set(name, text)
        return self

    def choose(self, name: str, value: str) -> Form:
        if value not in self.options(name):
            raise Unexpected(f"{name} does not offer {value!r}, only {self.options(name)}")
        self._set(name, value)
        return self

    def tick_all(self, name: str) -> Form:
        """Every tick box of that name."""
        kept = [pair for pair in self.values if pair[0] != name]
        self.values = [*kept, *((name, value) for value in self.options(name))]
        return self

    def attach(self, name: str, filename: str, data: bytes, media: str = "application/octet-stream") -> Form:
        if not self.has(name):
            raise Unexpected(f"the form has no field {name}")
        self.values = [pair for pair in self.values if pair[0] != name]
        self.files[name] = (filename, data, media)
        return self

    def send(self) -> Page:
        """Press the button. The page that follows; one that shows the form again with messages is a failure."""
        return self.page.visitor.send(self)

    def _set(self, name: str, value: str) -> None:
        self.values = [*[pair for pair in self.values if pair[0] != name], (name, value)]


class Page:
    """An answer of the portal, read as a page."""

    def __init__(self, visitor: Visitor, response: requests.Response) -> None:
        self.visitor = visitor
        self.response = response
        self.url = response.url
        self._tree: Any = None

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def tree(self) -> Any:
        if self._tree is None:
            self._tree = lxml.html.document_fromstring(self.response.content)
        return self._tree

    @property
    def heading(self) -> str:
        return " ".join("".join(self.tree.xpath("//h1[1]//text()")).split())

    @property
    def text(self) -> str:
        return " ".join(self.tree.text_content().split())

    def links(self, part: str) -> list[str]:
        """Addresses on the page whose path holds `part`, each once, in order."""
        found = [urldefrag(urljoin(self.url, href)).url for href in self.tree.xpath("//a/@href")]
        return list(dict.fromkeys(address for address in found if part in urlsplit(address).path))

    def form(self, *, action: str = "", field: str = "") -> Form:
        """The first form whose address ends with `action` and which has the field."""
        for element in self.tree.forms:
            form = Form(self, element)
            if urlsplit(form.action).path.endswith(action) and (not field or form.has(field)):
                return form
        raise Unexpected(f"{self.path} has no form {action or field}")

    def has_form(self, action: str) -> bool:
        return any(urlsplit(Form(self, element).action).path.endswith(action) for element in self.tree.forms)

    @property
    def demo_code(self) -> str:
        """The code of the second factor, which a demonstration shows beside the field that asks for it."""
        return str(self.tree.xpath("string(//*[@data-demo-code])"))

    def complaints(self) -> str:
        """What the page says against what was sent: the summary of errors, else its heading."""
        said = self.tree.xpath("//*[contains(@class,'ds-error-summary') or @role='alert']//li")
        words = "; ".join(" ".join(item.text_content().split()) for item in said[:5])
        return words or self.heading


class Visitor:
    """Somebody with a session of their own; `account` is empty for a reader without an account."""

    def __init__(self, site: str, account: dict[str, str] | None = None, *, language: str = "ky") -> None:
        self.site = site.rstrip("/")
        self.account = account or {}
        self.language = language
        self.session = requests.Session()
        # A kept connection may be closed by the server just as the next form goes out on it.
        self.session.headers["Connection"] = "close"
        # Requests of a script on this machine: not through a proxy that the environment may name.
        self.session.trust_env = False

    def address(self, path: str) -> str:
        return path if path.startswith("http") else f"{self.site}/{self.language}/{path.lstrip('/')}"

    def open(self, path: str, *, params: dict[str, str] | None = None, status: int = 200) -> Page:
        """A page to read; another status than the expected one is a failure."""
        response = self.session.get(self.address(path), params=params, timeout=TIMEOUT)
        page = Page(self, response)
        if response.status_code != status:
            raise Unexpected(f"{page.path} answered {response.status_code}: {self._said(page)}")
        if self.account and page.path.endswith("/login/") and not path.endswith("login/"):
            raise Unexpected(f"{self.address(path)} asks {self.account['email']} to sign in")
        return page

    def send(self, form: Form) -> Page:
        if self.account and form.has("code") and form.page.demo_code:
            form.fill(code=form.page.demo_code)  # a signature asks for the second factor once more
        if form.method == "get":
            response = self.session.get(form.action, params=form.values, timeout=TIMEOUT)
        else:
            response = self.session.post(
                form.action,
                data=form.values,
                files=form.files or None,
                headers={"Referer": form.page.url},
                timeout=TIMEOUT,
            )
        page = Page(self, response)
        if response.status_code != 200:
            raise Unexpected(
                f"{urlsplit(form.action).path} answered {response.status_code}: {self._said(page)}"
            )
        return page

    def download(self, url: str, *, media: str, seconds: float = 0) -> bytes:
        """A file, once it is there: documents are made by a worker a little after the step they belong to."""
        until = time.monotonic() + seconds
        while True:
            response = self.session.get(self.address(url), timeout=TIMEOUT)
            if response.status_code == 200 and response.headers["Content-Type"].startswith(media):
                return response.content
            if time.monotonic() >= until:
                kind = response.headers.get("Content-Type", "")
                raise Unexpected(
                    f"{urlsplit(response.url).path} gave {response.status_code} {kind}, not {media}, "
                    f"in {seconds:.0f} s"
                )
            time.sleep(0.5)

    def sign_in(self) -> Page:
        form = self.open("login/").form(field="login")
        page = form.fill(login=self.account["email"], password=self.account["password"]).send()
        if page.path.endswith("/login/code/"):
            page = page.form(field="code").fill(code=page.demo_code).send()
        if "/login/" in page.path:
            raise Unexpected(f"{self.account['email']} could not sign in: {page.complaints()}")
        return page

    @staticmethod
    def _said(page: Page) -> str:
        if not page.response.headers.get("Content-Type", "").startswith("text/html"):
            return page.response.text[:200]
        return page.complaints()


def last_part(url: str) -> str:
    """The last piece of an address: "PD-2026-0001" of …/protocols/PD-2026-0001/."""
    return PurePosixPath(urlsplit(url).path).name


def until(what: str, seconds: float, look: Callable[[], Any]) -> Any:
    """Look every half a second until there is something; the words name what is missing in the end."""
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() >= end:
            raise Unexpected(f"{what} did not appear in {seconds:.0f} s")
        time.sleep(0.5)


def say(*words: object) -> None:
    print(*words, file=sys.stderr, flush=True)
