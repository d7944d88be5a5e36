"""What every page needs besides its own content: languages, menu, demo mark, clock. Nothing is read until it is shown."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, gettext_lazy, override

from apps.core import clock

_LANGUAGES = (("ky", "Кыр", "Кыргызча"), ("ru", "Рус", "Русский"), ("en", "Eng", "English"))
_NAV = (
    ("act_list", gettext_lazy("Drafts")),
    ("protocol_list", gettext_lazy("Protocols")),
    ("decision_list", gettext_lazy("Decisions")),
    ("verify", gettext_lazy("Verify a document")),
    ("procedure", gettext_lazy("How it works")),
)


@dataclass(frozen=True)
class NavEntry:
    url: str
    label: Any
    current: bool


@dataclass(frozen=True)
class Language:
    """One language of the switch: `url` keeps page and query, `alternate` is the full address for hreflang."""

    code: str
    short: str
    name: str
    url: str
    alternate: str
    current: bool


def _reverse(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


class Portal:
    """The frame of a page. `path` is empty on pages that must not repeat their address (404)."""

    def __init__(self, path: str = "", query: str = "", user: Any = None) -> None:
        self._path, self._query, self._user = path, query, user

    @property
    def demo(self) -> bool:
        return settings.PORTAL_DEMO

    @cached_property
    def languages(self) -> list[Language]:
        here = (get_language() or settings.LANGUAGE_CODE)[:2]
        return [
            Language(
                code,
                short,
                name,
                self._in(code) + self._query,
                settings.SITE_URL + self._in(code),
                code == here,
            )
            for code, short, name in _LANGUAGES
        ]

    def _in(self, code: str) -> str:
        """This page's path in another language; the start page where the address has no language."""
        parts = self._path.split("/", 2)
        if len(parts) == 3 and parts[1] in dict(settings.LANGUAGES):
            return f"/{code}/{parts[2]}"
        with override(code):
            return _reverse("home") or f"/{code}/"

    @cached_property
    def has_alternates(self) -> bool:
        return self._path.split("/", 2)[1:2] == [(get_language() or "")[:2]]

    @cached_property
    def nav(self) -> list[NavEntry]:
        urls = [(_reverse(name), label) for name, label in _NAV]
        return [NavEntry(url, label, self._path.startswith(url)) for url, label in urls if url]

    @cached_property
    def home_url(self) -> str:
        return _reverse("home") or "/"

    @cached_property
    def administrator(self) -> bool:
        """Whether the person administers the portal: one query, only for people signed in.

        Membership lives downstream of this app; the question goes through the person.
        """
        question = getattr(self._user, "is_portal_administrator", False)
        return bool(question() if callable(question) else question)

    @cached_property
    def clock_offset(self) -> str:
        """How far the clock of a demo or a test is moved, in hours and minutes with its sign; empty when it is right."""
        seconds = int(settings.PORTAL_CLOCK_OFFSET)
        if not seconds:
            return ""
        hours, minutes = divmod(abs(seconds) // 60, 60)
        return f"{'+' if seconds > 0 else '−'}{hours}:{minutes:02d}"


def portal(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `portal` (the frame) and `now` (the request's moment, read when a template asks)."""
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    user = getattr(request, "user", None)
    now: datetime | SimpleLazyObject = SimpleLazyObject(clock.now)
    return {"portal": Portal(request.path, query, user), "now": now}
