"""The second factor in tests. `Client.force_login` shows it as well (tests/conftest.py); the ways in which it is really
set up and asked are told in tests/accounts.
"""

from typing import Any

from allauth.mfa.models import Authenticator
from django.test import Client

from apps.accounts import factor_session, sealing, totp
from apps.core import clock

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # of RFC 6238

_password_only = Client.force_login


def password_only(client: Client, user: Any) -> Client:
    """Signed in by password alone."""
    _password_only(client, user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def both_factors(client: Client, user: Any, backend: str | None = None) -> None:
    """Signed in with both factors, the second one just asked again."""
    _password_only(client, user, backend)
    session = client.session
    session[factor_session._SLOT] = {"user": user.pk, "asked": clock.now().timestamp()}
    session.save()


def give_app(user: Any, secret: str = SECRET) -> Authenticator:
    """An app that was set up at some earlier time."""
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": sealing.seal(secret)}
    )


def code(secret: str = SECRET, *, later: int = 0) -> str:
    """What the app shows now, or some steps later."""
    return totp.code(secret, totp.counter(clock.unmoved(clock.now())) + later)
