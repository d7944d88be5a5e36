"""Reads about people: the accounts of a demonstration, invitations."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.utils.crypto import salted_hmac

from apps.core import clock

from . import sealing, totp
from .demo import DEMO_PASSWORD, DEMO_TOTP_SECRET
from .models import Invitation, User


@dataclass(frozen=True)
class DemoAccount:
    """A row of the table on the sign-in page. `organization` has name_ky, name_ru, name_en; None without a role."""

    email: str
    full_name: str
    role: str
    role_label: Any
    organization: Any
    password: str
    secret: str = DEMO_TOTP_SECRET
    code: str = ""


def demo_code() -> str:
    """The code that the app of every demonstration account shows now."""
    return totp.code(DEMO_TOTP_SECRET, totp.counter(clock.unmoved(clock.now())))


def demo_accounts() -> list[DemoAccount]:
    """The accounts anybody may try, one a role held; empty where the demonstration is off."""
    if not settings.PORTAL_DEMO:
        return []
    people = User.objects.filter(is_demo=True, is_active=True).prefetch_related("memberships__organization")
    code = demo_code()
    rows = [
        DemoAccount(
            email=person.email,
            full_name=person.full_name,
            role=membership.role,
            role_label=membership.get_role_display(),
            organization=membership.organization,
            password=DEMO_PASSWORD,
            code=code,
        )
        for person in people.order_by("pk")
        for membership in person.memberships.all()  # type: ignore[attr-defined]
        if membership.valid_to is None
    ]
    return sorted(rows, key=lambda row: row.organization.pk)


# --- second factor ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Factors:
    """What a person has set up. `codes_left` is None when there are no recovery codes, or none that can be read."""

    app: Authenticator | None = None
    passkeys: list[Authenticator] = field(default_factory=list)
    codes_left: int | None = None

    @property
    def all(self) -> list[Authenticator]:
        return [*filter(None, [self.app]), *self.passkeys]

    @property
    def any(self) -> bool:
        return bool(self.all)


def needs_second_factor(user: User) -> bool:
    """Whoever acts for an organisation shows a second factor; readers with an account may have one."""
    return user.holds_official_role()


def factors_of(user: Any) -> Factors:
    """The factors of a person, for the page on which they are kept."""
    found = list(Authenticator.objects.filter(user_id=user.pk).order_by("pk"))
    codes = next((one for one in found if one.type == Authenticator.Type.RECOVERY_CODES), None)
    return Factors(
        app=next((one for one in found if one.type == Authenticator.Type.TOTP), None),
        passkeys=[one for one in found if one.type == Authenticator.Type.WEBAUTHN],
        codes_left=len(_unused(codes)) if codes else None,
    )


def recovery_codes(user: Any) -> list[str]:
    """The recovery codes not used yet; the page shows them once, after they were made."""
    codes = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).first()
    return _unused(codes) if codes else []


def _unused(codes: Authenticator) -> list[str]:
    try:
        return RecoveryCodes(codes).get_unused_codes()
    except sealing.Unreadable:
        return []


# --- invitations ------------------------------------------------------------------------------------


def invitation_token(invitation: Invitation) -> str:
    """The secret of an invitation's link. Kept nowhere: derived from the row and the installation's key when needed."""
    value = f"{invitation.pk}:{invitation.user_id}:{invitation.created_at.timestamp().hex()}"
    return salted_hmac("apps.accounts.invitation", value, algorithm="sha256").hexdigest()


def token_hash(token: str) -> str:
    """What is kept of an invitation's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def usable_invitation(token: str, *, at: datetime) -> Invitation | None:
    """The invitation behind a link, if it still opens the door."""
    return (
        Invitation.objects.usable(at)
        .select_related("user", "invited_by")
        .filter(token_hash=token_hash(token))
        .first()
    )
