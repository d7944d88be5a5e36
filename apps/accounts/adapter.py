"""Where django-allauth meets the portal: no sign-up, letters through the outbox, our words, our journal."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core import clock

from . import factor_session, sealing, services
from .models import User


class PortalAccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail or the password does not match. Check both and try again."),
        "too_many_login_attempts": _(
            "Too many attempts from this address. Wait five minutes; your account itself stays open."
        ),
        "enter_current_password": _("This is not your present password."),
        "incorrect_password": _("This is not your password."),
        "invalid_password_reset": _("This link no longer works. Ask for a new one."),
        "account_inactive": _("This account is closed."),
        "rate_limited": _("Too many requests from this address. Wait a minute."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come by invitation only."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        if user is not None and user.is_demo and not settings.PORTAL_DEMO:
            return None  # outside a demonstration nobody comes in with a password that is printed on a page
        return user

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        factor_session.note_password(request, clock.now())

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        # The password; the second factor is asked by pages of our own (factor_session).
        if not user.is_authenticated:
            return []
        return [{"id": "reauthenticate", "description": "", "url": reverse("account_reauthenticate")}]

    def reauthenticate(self, user: Any, password: str) -> bool:
        return services.confirm_password(actor=user, password=password)

    def set_password(self, user: Any, password: str) -> None:
        fresh = services.set_password(user_id=user.pk, password=password, at=clock.now())
        user.password = fresh.password  # the session of this request is renewed from it

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        # The link in `context` is thrown away: the letter makes its own when it is sent, so that no secret is stored.
        services.request_password_reset(user_id=user.pk, at=clock.now())

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nothing goes out past the outbox; a letter to an address that nobody here has is not sent at all."""

    def add_message(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The page that follows says enough."""

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # Counted by address and network place together: who guesses from afar does not lock out the owner.
        login = str(credentials.get("email") or "").strip().lower()
        return f"{self.get_client_ip(request)}:{login}"

    def get_user_search_fields(self) -> list[str]:
        return [User.EMAIL_FIELD]


class PortalMFAAdapter(DefaultMFAAdapter):
    """The second factor: sealed secrets, and passkeys that belong to the address of this installation."""

    def encrypt(self, text: str) -> str:
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": urlsplit(settings.SITE_URL).hostname or "", "name": "Макулдашуу"}

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Letters are written by our services."""
