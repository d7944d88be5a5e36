"""Letters about accounts."""

from datetime import datetime
from typing import Any

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.core import dates
from apps.notifications.registry import letter, link

from . import selectors
from .models import Invitation, User


def invitation_part(payload: dict[str, Any]) -> dict[str, Any]:
    """The link of an invitation letter and what it asks for; letters of other apps that invite build on it."""
    invitation = Invitation.objects.select_related("user").get(pk=payload["invitation"])
    return {
        "paragraphs": [
            _(
                "Open the link below, write your full name and choose a password. After that you sign in with this e-mail."
            ),
            _("The link works once, until %(moment)s.")
            % {"moment": dates.datetime_words(invitation.expires_at)},
            _("If you did not expect this letter, do nothing: no account is opened without you."),
        ],
        "action_url": link("invitation", selectors.invitation_token(invitation)),
        "action_label": _("Open your account"),
    }


@letter("accounts.invitation", secret=True)
def invited(payload: dict[str, Any], language: str) -> dict[str, Any]:
    part = invitation_part(payload)
    return {
        **part,
        "subject": _("Invitation to Makuldashuu"),
        "heading": _("You are invited to the portal Makuldashuu"),
        "paragraphs": [
            _("On this portal draft acts are agreed with associations of local self-government bodies."),
            *part["paragraphs"],
        ],
    }


@letter("accounts.password_reset", secret=True)
def password_reset(payload: dict[str, Any], language: str) -> dict[str, Any]:
    user = User.objects.get(pk=payload["user"])
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    return {
        "subject": _("A new password for Makuldashuu"),
        "heading": _("Set a new password"),
        "paragraphs": [
            _(
                "Somebody asked for a new password for this e-mail. If it was you, open the link below; it works for three days."
            ),
            _("If it was not you, do nothing: your password stays as it is."),
        ],
        "action_url": link("account_reset_password_from_key", uidb36=user_pk_to_url_str(user), key=token),
        "action_label": _("Set a new password"),
    }


@letter("accounts.password_changed")
def password_changed(payload: dict[str, Any], language: str) -> dict[str, Any]:
    moment = dates.datetime_words(datetime.fromisoformat(payload["at"]))
    return {
        "subject": _("Your password was changed"),
        "heading": _("Your password was changed"),
        "paragraphs": [
            _("The password of your account was changed on %(moment)s. Other devices are signed out.")
            % {"moment": moment},
            _("If it was not you, set a new password at once and tell the administrator of the portal."),
        ],
        "action_url": link("account_reset_password"),
        "action_label": _("Set a new password"),
    }


_KINDS = {
    "totp": gettext_noop("an app that shows codes"),
    "webauthn": gettext_noop("a passkey"),
}


def _not_you() -> str:
    return _("If it was not you, set a new password at once and tell the administrator of the portal.")


@letter("accounts.second_factor_added")
def second_factor_added(payload: dict[str, Any], language: str) -> dict[str, Any]:
    moment = dates.datetime_words(datetime.fromisoformat(payload["at"]))
    return {
        "subject": _("A second factor was set up"),
        "heading": _("A second factor was set up"),
        "paragraphs": [
            _("On %(moment)s your account got a second factor: %(kind)s. Other devices are signed out.")
            % {"moment": moment, "kind": _(_KINDS[payload["kind"]])},
            _not_you(),
        ],
        "action_url": link("second_factor"),
        "action_label": _("Second factor"),
    }


@letter("accounts.second_factor_removed")
def second_factor_removed(payload: dict[str, Any], language: str) -> dict[str, Any]:
    moment = dates.datetime_words(datetime.fromisoformat(payload["at"]))
    return {
        "subject": _("A second factor was taken away"),
        "heading": _("A second factor was taken away"),
        "paragraphs": [
            _("On %(moment)s a second factor of your account was taken away: %(kind)s.")
            % {"moment": moment, "kind": _(_KINDS[payload["kind"]])},
            _not_you(),
        ],
        "action_url": link("second_factor"),
        "action_label": _("Second factor"),
    }


@letter("accounts.recovery_code_used")
def recovery_code_used(payload: dict[str, Any], language: str) -> dict[str, Any]:
    moment = dates.datetime_words(datetime.fromisoformat(payload["at"]))
    return {
        "subject": _("A recovery code was used"),
        "heading": _("A recovery code was used"),
        "paragraphs": [
            _("On %(moment)s a recovery code of your account was used. Codes left: %(left)d.")
            % {"moment": moment, "left": payload["left"]},
            _("If your phone is lost, set up the app on another one and make new recovery codes."),
            _not_you(),
        ],
        "action_url": link("second_factor"),
        "action_label": _("Second factor"),
    }


@letter("accounts.recovery_codes_made")
def recovery_codes_made(payload: dict[str, Any], language: str) -> dict[str, Any]:
    moment = dates.datetime_words(datetime.fromisoformat(payload["at"]))
    return {
        "subject": _("New recovery codes were made"),
        "heading": _("New recovery codes were made"),
        "paragraphs": [
            _("On %(moment)s new recovery codes were made for your account. The earlier ones no longer work.")
            % {"moment": moment},
            _not_you(),
        ],
        "action_url": link("second_factor"),
        "action_label": _("Second factor"),
    }


@letter("accounts.codes_guessed")
def codes_guessed(payload: dict[str, Any], language: str) -> dict[str, Any]:
    moment = dates.datetime_words(datetime.fromisoformat(payload["at"]))
    return {
        "subject": _("Somebody tries codes on your account"),
        "heading": _("Somebody tries codes on your account"),
        "paragraphs": [
            _(
                "Until %(moment)s somebody gave your password and ten wrong codes. Nobody got in; more codes from "
                "there are refused for five minutes."
            )
            % {"moment": moment},
            _("If it was not you, your password is known to somebody else: set a new one at once."),
        ],
        "action_url": link("account_reset_password"),
        "action_label": _("Set a new password"),
    }


@letter("accounts.deactivated", to_inactive=True)
def deactivated(payload: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        "subject": _("Your account is closed"),
        "heading": _("Your account is closed"),
        "paragraphs": [
            _("An administrator of the portal closed your account. You are signed out on all devices."),
            _("What you filed and signed stays as it is. If this is a mistake, tell the administrator."),
        ],
    }


@letter("accounts.reactivated")
def reactivated(payload: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        "subject": _("Your account is open again"),
        "heading": _("Your account is open again"),
        "paragraphs": [_("You can sign in with your e-mail and password as before.")],
        "action_url": link("account_login"),
        "action_label": _("Sign in"),
    }
