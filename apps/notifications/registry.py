"""Letters by name. An outbox row keeps a template and ids; the text is made when it is sent or read, in one language.

    @letter("reviews.opened")
    def opened(payload, language):
        return {"subject": …, "heading": …, "paragraphs": […], "action_url": …, "action_label": …}

Builders live in the `messages.py` of their app and are imported in `AppConfig.ready()`. They run with `language`
active, so gettext and `link()` need no argument.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

Builder = Callable[[dict[str, Any], str], dict[str, Any]]


@dataclass(frozen=True)
class Letter:
    """A letter in one language: plain text only, the templates give it a form."""

    subject: str
    heading: str
    paragraphs: tuple[str, ...]
    action_url: str = ""
    action_label: str = ""


@dataclass(frozen=True)
class Registration:
    build: Builder
    secret: bool = False
    to_inactive: bool = False


class UnknownLetter(LookupError):
    """No app registered a letter of this name: its messages.py is not imported, or it was renamed."""


_letters: dict[str, Registration] = {}


def letter(template: str, *, secret: bool = False, to_inactive: bool = False) -> Callable[[Builder], Builder]:
    """Register the builder of a letter.

    secret: its link carries power (an invitation); it goes out by e-mail and is not shown when the letter is read.
    to_inactive: sent also to a person whose account is closed.
    """

    def register(builder: Builder) -> Builder:
        if template in _letters and _letters[template].build is not builder:
            raise ValueError(f"the letter {template} is registered twice")
        _letters[template] = Registration(builder, secret=secret, to_inactive=to_inactive)
        return builder

    return register


def registration(template: str) -> Registration:
    try:
        return _letters[template]
    except KeyError:
        raise UnknownLetter(template) from None


def names() -> Iterable[str]:
    return sorted(_letters)


def build(template: str, payload: dict[str, Any], language: str) -> Letter:
    """The letter as plain text in `language`. Raises UnknownLetter, or what the builder raises."""
    with override(language):
        made = registration(template).build(payload, language)
        return Letter(
            subject=" ".join(str(made["subject"]).split()),  # a header has one line
            heading=str(made.get("heading") or made["subject"]),
            paragraphs=tuple(str(paragraph) for paragraph in made["paragraphs"] if paragraph),
            action_url=str(made.get("action_url") or ""),
            action_label=str(made.get("action_label") or ""),
        )


def link(name: str, *args: Any, **kwargs: Any) -> str:
    """The full address of a page, in the language that is active."""
    return settings.SITE_URL + reverse(name, args=args or None, kwargs=kwargs or None)
