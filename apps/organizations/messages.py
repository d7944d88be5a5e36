"""Letters about organisations and roles."""

from typing import Any

from django.utils.translation import gettext as _

from apps.accounts.messages import invitation_part
from apps.accounts.models import Invitation
from apps.core import dates
from apps.notifications.registry import letter, link

from .models import Membership, Organization, RulesAcceptance


@letter("organizations.invitation", secret=True)
def invited(payload: dict[str, Any], language: str) -> dict[str, Any]:
    body = Organization.objects.get(pk=payload["organization"])
    person = Invitation.objects.get(pk=payload["invitation"]).user
    roles = [
        str(membership.get_role_display())
        for membership in body.memberships.filter(user=person, valid_to=None).order_by("pk")
    ]
    part = invitation_part(payload)
    words = {"organization": body.name(language), "roles": ", ".join(roles)}
    return {
        **part,
        "subject": _("Invitation to Makuldashuu: %(organization)s") % words,
        "heading": _("You are invited to the portal Makuldashuu"),
        "paragraphs": [
            _("On this portal draft acts are agreed with associations of local self-government bodies."),
            _("Your organisation: %(organization)s. Your role: %(roles)s.") % words,
            *part["paragraphs"],
        ],
    }


@letter("organizations.role_granted")
def role_granted(payload: dict[str, Any], language: str) -> dict[str, Any]:
    words = _words(payload, language)
    return {
        "subject": _("You have a new role: %(role)s") % words,
        "heading": _("You have a new role: %(role)s") % words,
        "paragraphs": [
            _("Organisation: %(organization)s.") % words,
            _("The role works from %(from)s. You see what waits for you after signing in.") % words,
        ],
        "action_url": link("account_login"),
        "action_label": _("Sign in"),
    }


@letter("organizations.role_ended", to_inactive=True)
def role_ended(payload: dict[str, Any], language: str) -> dict[str, Any]:
    words = _words(payload, language)
    return {
        "subject": _("Your role has ended: %(role)s") % words,
        "heading": _("Your role has ended: %(role)s") % words,
        "paragraphs": [
            _("Organisation: %(organization)s.") % words,
            _("What you filed and signed stays as it is. If this is a mistake, tell the administrator."),
        ],
    }


def _words(payload: dict[str, Any], language: str) -> dict[str, str]:
    membership = Membership.objects.select_related("organization").get(pk=payload["membership"])
    return {
        "role": str(membership.get_role_display()),
        "organization": membership.organization.name(language),
        "from": dates.datetime_words(membership.valid_from),
    }


@letter("organizations.closed")
def closed(payload: dict[str, Any], language: str) -> dict[str, Any]:
    words = {"organization": Organization.objects.get(pk=payload["organization"]).name(language)}
    return {
        "subject": _("Your organisation takes part no more: %(organization)s") % words,
        "heading": _("Your organisation takes part no more"),
        "paragraphs": [
            _("An administrator of the portal closed the organisation %(organization)s.") % words,
            _("What you filed and signed stays as it is. If this is a mistake, tell the administrator."),
        ],
    }


@letter("organizations.reopened")
def reopened(payload: dict[str, Any], language: str) -> dict[str, Any]:
    words = {"organization": Organization.objects.get(pk=payload["organization"]).name(language)}
    return {
        "subject": _("Your organisation takes part again: %(organization)s") % words,
        "heading": _("Your organisation takes part again"),
        "paragraphs": [_("Your roles in the organisation %(organization)s work as before.") % words],
        "action_url": link("account_login"),
        "action_label": _("Sign in"),
    }


@letter("organizations.rules_accepted")
def rules_accepted(payload: dict[str, Any], language: str) -> dict[str, Any]:
    acceptance = RulesAcceptance.objects.select_related("organization", "accepted_by").get(
        pk=payload["acceptance"]
    )
    words = {
        "organization": acceptance.organization.name(language),
        "person": str(acceptance.accepted_by),
        "moment": dates.datetime_words(acceptance.accepted_at),
        "version": acceptance.version,
    }
    return {
        "subject": _("The rules of signing are accepted: %(organization)s") % words,
        "heading": _("The rules of signing are accepted"),
        "paragraphs": [
            _("%(person)s accepted version %(version)s of the rules for %(organization)s on %(moment)s.")
            % words,
            _("From now on the signatories of the organisation can sign in the portal."),
        ],
        "action_url": link("rules"),
        "action_label": _("Read the rules"),
    }
