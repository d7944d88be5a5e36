"""Forms of sign-in, passwords, invitation and personal settings."""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from . import passkeys, selectors

PASSWORD_HINT = _("At least 12 characters; not only digits, not a common password, not your name or e-mail.")


def _plain(field: forms.Field, **attrs: Any) -> None:
    """The label stands above the field; a placeholder would repeat it and vanish."""
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attrs)


class SignInForm(allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail")
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        _plain(self.fields["login"], autocomplete="username", inputmode="email")
        _plain(self.fields["password"])


class CodeInput(forms.TextInput):
    """A typed code; beside it, where the person has a passkey, the button that asks for it.

    The value is the code or the passkey's answer, which is never shown again. `passkey_url` is where the browser
    gets what it asks the passkey with.
    """

    template_name = "accounts/_code_input.html"
    passkey_url = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.get(f"passkey_{name}") or super().value_from_datadict(data, files, name)

    def format_value(self, value: Any) -> str | None:
        return "" if passkeys.is_answer(value) else super().format_value(value)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return {**super().get_context(name, value, attrs), "passkey_url": self.passkey_url}


def code_field(person: Any, *, passkey_url: str = "passkey_ask") -> forms.CharField:
    """A code of the person's app, a recovery code or a passkey's answer; a demonstration account is told its code.

    `passkey_url` names the address that asks for a passkey.
    """
    factors = selectors.factors_of(person)
    with_app = factors.app is not None or not factors.passkeys
    field = forms.CharField(
        label=_("Code from your phone") if with_app else _("Recovery code"),
        help_text=_("Six digits from the app on your phone, or one of your recovery codes.")
        if with_app
        else _("One of your recovery codes, if your passkey is not at hand."),
        max_length=passkeys.LONGEST,
        widget=CodeInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": "false",
                "maxlength": "40",
            }
        ),
    )
    if factors.passkeys and passkeys.usable():
        field.widget.passkey_url = resolve_url(passkey_url)
    if person.is_demo and settings.PORTAL_DEMO:
        field.help_text = format_html(
            str(_("Demonstration: the code of this account is now {code}.")),
            code=format_html("<b data-demo-code>{}</b>", selectors.demo_code()),
        )
    return field


class CodeForm(forms.Form):
    """The code alone."""

    def __init__(self, *args: Any, person: Any, passkey_url: str = "passkey_ask", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field(person, passkey_url=passkey_url)


class SigningForm(forms.Form):
    """A signature that needs nothing but the second factor; signing.ask adds its field."""


class NewAppForm(forms.Form):
    """The code by which an app shows that it holds the secret."""

    code = forms.CharField(
        label=_("Code that the app shows"),
        help_text=_("Six digits; a new code comes every 30 seconds."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        ),
    )


class NewPasskeyForm(forms.Form):
    """How a new passkey is called. What the device answered comes with it, without a field to be seen."""

    name = forms.CharField(
        label=_("Name of the passkey"),
        help_text=_("So that you know it again later: my phone, key on the desk."),
        max_length=passkeys.LONGEST_NAME,
        required=True,
    )


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Present password")
        self.fields["oldpassword"].help_text = ""
        _plain(self.fields["oldpassword"])
        _new_password_fields(self)


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")
        _plain(self.fields["email"], autocomplete="username")

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        # Nothing is sent to an address that nobody here has; the page that follows is the same.
        if self.users:
            super().save(request, **kwargs)
        return str(self.cleaned_data["email"])


class ResetPasswordKeyForm(allauth_forms.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _new_password_fields(self)


class ReauthenticateForm(allauth_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        _plain(self.fields["password"])


def _new_password_fields(form: forms.Form) -> None:
    form.fields["password1"].label = _("New password")
    form.fields["password1"].help_text = PASSWORD_HINT
    form.fields["password2"].label = _("New password once more")
    for name in ("password1", "password2"):
        _plain(form.fields[name], autocomplete="new-password")


class SettingsForm(forms.Form):
    """A person's own name and language of letters."""

    full_name = forms.CharField(
        label=_("Full name"),
        max_length=200,
        help_text=_(
            "It stands under what you file and sign. Documents already issued keep the earlier name."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(label=_("Language of letters"), choices=settings.LANGUAGES)


class AcceptInvitationForm(SettingsForm):
    """What an invited person gives to open the account."""

    password = forms.CharField(
        label=_("Password"),
        help_text=PASSWORD_HINT,
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label=_("Password once more"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password") and data.get("password_again") and data["password"] != data["password_again"]:
            self.add_error("password_again", ValidationError(_("The two passwords differ.")))
        return data
