"""Letters of this stage."""

from typing import Any

from django.utils.translation import gettext as _

from apps.notifications.registry import letter, link

from .models import AgreementProtocol


def _protocol(payload: dict[str, Any]) -> AgreementProtocol:
    return AgreementProtocol.objects.select_related("review__consultation__act", "review__association").get(
        pk=payload["protocol_id"]
    )


@letter("protocols.to_sign")
def to_sign(payload: dict[str, Any], language: str) -> dict[str, Any]:
    found = _protocol(payload)
    act = found.review.consultation.act
    return {
        "subject": _("Protocol %(number)s waits for signatures") % {"number": found.number},
        "paragraphs": [
            _("The text of the protocol on draft act %(act)s is fixed: “%(title)s”.")
            % {"act": act.number, "title": act.title(language)},
            _("Read it and sign it in the portal. Points left open: %(open)s.") % {"open": found.open_points},
            _("The SHA-256 of what you sign: %(hash)s") % {"hash": found.content_hash},
        ],
        "action_url": link("protocol", found.number),
        "action_label": _("Open the protocol"),
    }


@letter("protocols.annulled")
def annulled(payload: dict[str, Any], language: str) -> dict[str, Any]:
    found = _protocol(payload)
    return {
        "subject": _("Protocol %(number)s is annulled") % {"number": found.number},
        "paragraphs": [
            _("The ministry abandoned this protocol before both sides had signed it."),
            _("The outcomes of the meeting can be entered again; the next text takes a number of its own."),
        ],
        "action_url": link("review", found.review.consultation.act.number, found.review.association.code),
        "action_label": _("Open the review"),
    }


@letter("protocols.signed")
def signed(payload: dict[str, Any], language: str) -> dict[str, Any]:
    found = _protocol(payload)
    act = found.review.consultation.act
    return {
        "subject": _("Protocol %(number)s is signed by both sides") % {"number": found.number},
        "paragraphs": [
            _("The protocol on draft act %(act)s is public now: “%(title)s”.")
            % {"act": act.number, "title": act.title(language)},
            _("Points left open: %(open)s.") % {"open": found.open_points},
        ],
        "action_url": link("protocol", found.number),
        "action_label": _("Open the protocol"),
    }
