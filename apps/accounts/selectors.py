"""Reads about people: the accounts of a demonstration, invitations."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac

from .demo import DEMO_PASSWORD
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


def demo_accounts() -> list[DemoAccount]:
    """The accounts anybody may try, one a role held; empty where the demonstration is off."""
    if not settings.PORTAL_DEMO:
        return []
    people = User.objects.filter(is_demo=True, is_active=True).prefetch_related("memberships__organization")
    rows = [
        DemoAccount(
            email=person.email,
            full_name=person.full_name,
            role=membership.role,
            role_label=membership.get_role_display(),
            organization=membership.organization,
            password=DEMO_PASSWORD,
        )
        for person in people.order_by("pk")
        for membership in person.memberships.all()  # type: ignore[attr-defined]
        if membership.valid_to is None
    ]
    return sorted(rows, key=lambda row: row.organization.pk)


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
