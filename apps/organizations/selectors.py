"""Reads about organisations and their people, shared by every stage."""
from collections.abc import Iterable
from datetime import datetime

from apps.accounts.models import User

from .models import Membership


def people(organization_ids: Iterable[int], *roles: str, at: datetime) -> list[User]:
    """The active people who hold one of `roles` in these organisations at `at`: whom a letter is for."""
    holders = Membership.objects.active(at).of_role(*roles).filter(organization_id__in=list(organization_ids))
    return list(User.objects.filter(is_active=True, pk__in=holders.values("user_id")).order_by("pk"))
