"""Who may, in words, shared by every stage. Roles come from memberships valid now; read once a request and person."""

from typing import Any

from apps.core import clock

from .enums import Role
from .models import Membership, RoleProposal

STATE_SIDE = frozenset({Role.DRAFTER, Role.MINISTRY_SIGNATORY})
COMMUNITIES_SIDE = frozenset({Role.ASSOCIATION_OFFICER, Role.ASSOCIATION_SIGNATORY})
CLERKS = frozenset({Role.CABINET_CLERK, Role.COMMITTEE_CLERK})


def memberships(user: Any) -> list[Membership]:
    """The person's roles valid now (kept on the user object for the length of a request)."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return []
    found = getattr(user, "_memberships_now", None)
    if found is None:
        found = list(
            Membership.objects.filter(user=user, organization__closed_at=None)
            .active(clock.now())
            .select_related("organization")
            .order_by("pk")
        )
        user._memberships_now = found
    return found


def forget(user: Any) -> None:
    """Drop what was read: a role was granted or ended in this request."""
    user.__dict__.pop("_memberships_now", None)


def has_role(user: Any, *roles: str, organization_id: int | None = None) -> bool:
    """Holds one of `roles` now; with `organization_id`, in that organisation."""
    return any(
        m.role in roles and (organization_id is None or m.organization_id == organization_id)
        for m in memberships(user)
    )


def organization_ids(user: Any, *roles: str) -> list[int]:
    """The organisations in which the person holds one of `roles` (any role when none is named)."""
    return sorted({m.organization_id for m in memberships(user) if not roles or m.role in roles})


def membership_for(user: Any, *roles: str, organization_id: int) -> Membership | None:
    return next(
        (m for m in memberships(user) if m.role in roles and m.organization_id == organization_id), None
    )


def is_administrator(user: Any) -> bool:
    return has_role(user, Role.ADMINISTRATOR)


def is_auditor(user: Any) -> bool:
    return has_role(user, Role.AUDITOR)


def is_clerk(user: Any) -> bool:
    """A Cabinet or committee clerk: downloads, records decisions."""
    return has_role(user, *CLERKS)


def can_coordinate(user: Any, *, initiator_id: int) -> bool:
    """A coordinator of any coordinating body, except over a file of its own organisation."""
    return any(
        m.role == Role.COORDINATOR and m.organization_id != initiator_id and m.organization.coordinates
        for m in memberships(user)
    )


def can_administer(user: Any) -> bool:
    """Enters organisations, invites people, gives and ends roles: an administrator of the portal.

    None stands for the installation itself: its first administrator and the demonstration are made by commands.
    """
    return user is None or is_administrator(user)


def can_decide_proposal(user: Any, proposal: RoleProposal) -> bool:
    """Another administrator than who proposed the role, and not who would receive it."""
    return is_administrator(user) and user.pk not in (proposal.proposed_by_id, proposal.user_id)


def can_withdraw_proposal(user: Any, proposal: RoleProposal) -> bool:
    """The administrator who proposed the role."""
    return is_administrator(user) and user.pk == proposal.proposed_by_id


def can_accept_rules(user: Any, organization_id: int) -> bool:
    """A signatory of the organisation, of a ministry or of an association."""
    return has_role(
        user, Role.MINISTRY_SIGNATORY, Role.ASSOCIATION_SIGNATORY, organization_id=organization_id
    )
