"""A letter as subject, text and HTML."""

from dataclasses import dataclass, replace

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from . import registry
from .models import OutboxMessage


@dataclass(frozen=True)
class RenderedLetter:
    subject: str
    text: str
    html: str


def read(message: OutboxMessage) -> registry.Letter:
    """The letter as its recipient may read it in the portal: a link that carries power is left out."""
    letter = registry.build(message.template, message.payload, message.language)
    return replace(letter, action_url="") if registry.registration(message.template).secret else letter


def render(message: OutboxMessage) -> RenderedLetter:
    """The letter of an outbox row, in the language it was written for. Raises registry.UnknownLetter."""
    letter = registry.build(message.template, message.payload, message.language)
    context = {
        "letter": letter,
        "language": message.language,
        "site_url": settings.SITE_URL,
        "demo": settings.PORTAL_DEMO,
    }
    with override(message.language):
        return RenderedLetter(
            subject=letter.subject,
            text=render_to_string("emails/base.txt", context),
            html=render_to_string("emails/base.html", context),
        )
