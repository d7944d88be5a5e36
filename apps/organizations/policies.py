"""Who may, in words, shared by every stage. Roles come from memberships valid now; read once a request and person.

During a leave the substitute holds the absent person's role beside the own ones (`memberships` returns both). The
question that opens a step notes in what capacity: with a role of one's own, or for the absent person. The journal
writes that down with the step (`User.acting_for_id`).
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from apps.core import clock

from .enums import Role
from .models import Membership, RoleProposal, Substitution

STATE_SIDE = frozenset({Role.DRAFTER, Role.MINISTRY_SIGNATORY})
COMMUNITIES_SIDE = frozenset({Role.ASSOCIATION_OFFICER, Role.ASSOCIATION_SIGNATORY})
CLERKS = frozenset({Role.CABINET_CLERK, Role.COMMITTEE_CLERK})


def memberships(user: Any) -> list[Membership]:
    """The roles the person may act in now: the own ones, then those of people on leave for whom the person stands in.

    The latter are the absent person's rows (`membership.user_id` says whose). Kept on the user for the request.
    """
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return []
    found = getattr(user, "_memberships_now", None)
    if found is None:
        now = clock.now()
        stood_in = Substitution.objects.in_force(now).filter(substitute=user).values("membership_id")
        rows = (
            Membership.objects.filter(Q(user=user) | Q(pk__in=stood_in), organization__closed_at=None)
            .active(now)
            .select_related("organization")
            .order_by("pk")
        )
        found = sorted(rows, key=lambda membership: membership.user_id != user.pk)
        user._memberships_now = found
    return found


def forget(user: Any) -> None:
    """Drop what was read: a role was granted or ended in this request."""
    user.__dict__.pop("_memberships_now", None)


def _right(user: Any, gives: Callable[[Membership], bool]) -> Membership | None:
    """The membership that gives a right, an own one before one stood in for; notes for whom the person then acts."""
    found = next((membership for membership in memberships(user) if gives(membership)), None)
    if found is not None:
        user.acting_for_id = found.user_id if found.user_id != user.pk else None
    return found


def _of_ones_own(user: Any) -> bool:
    """A right that comes with the person and no role: what an earlier question noted does not stick to this step."""
    user.acting_for_id = None
    return True


def acting_for(user: Any) -> Any:
    """The person on leave for whom the step just asked about would be taken; None where it is a right of one's own."""
    pk = getattr(user, "acting_for_id", None)
    return next((m.user for m in memberships(user) if m.user_id == pk), None) if pk else None


def has_role(user: Any, *roles: str, organization_id: int | None = None) -> bool:
    """Holds one of `roles` now; with `organization_id`, in that organisation."""
    return (
        _right(
            user,
            lambda m: m.role in roles and (organization_id is None or m.organization_id == organization_id),
        )
        is not None
    )


def organization_ids(user: Any, *roles: str) -> list[int]:
    """The organisations in which the person holds one of `roles` (any role when none is named)."""
    return sorted({m.organization_id for m in memberships(user) if not roles or m.role in roles})


def membership_for(user: Any, *roles: str, organization_id: int) -> Membership | None:
    return _right(user, lambda m: m.role in roles and m.organization_id == organization_id)


def coordinating(user: Any, *, but: int | None = None) -> Membership | None:
    """The role in which the person coordinates: in a coordinating body, and not in the organisation `but`."""
    return _right(
        user,
        lambda m: m.role == Role.COORDINATOR and m.organization_id != but and m.organization.coordinates,
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
    return coordinating(user, but=initiator_id) is not None


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


# --- leave and substitution -----------------------------------------------------------------------------


def can_name_substitute(user: Any, membership: Membership) -> bool:
    """Who holds the role, for the own leave; or an administrator, where the person cannot. Never for administrators."""
    if membership.role == Role.ADMINISTRATOR:
        return False
    if user.pk == membership.user_id and any(m.pk == membership.pk for m in memberships(user)):
        return _of_ones_own(user)
    return is_administrator(user)


def can_see_substitution(user: Any, substitution: Substitution) -> bool:
    """The two people concerned, and administrators."""
    if user.pk in (substitution.absent_id, substitution.substitute_id):
        return _of_ones_own(user)
    return is_administrator(user)


def can_confirm_substitution(user: Any, substitution: Substitution) -> bool:
    """An administrator who is neither of the two people, and was not the first of the two who confirm."""
    return (
        substitution.needs_administrators
        and is_administrator(user)
        and user.pk not in (substitution.absent_id, substitution.substitute_id, substitution.approved_by_id)
    )


def can_end_substitution(user: Any, substitution: Substitution) -> bool:
    """The absent person who is back, the substitute who cannot go on, an administrator."""
    return can_see_substitution(user, substitution)


def can_accept_rules(user: Any, organization_id: int) -> bool:
    """A signatory of the organisation, of a ministry or of an association."""
    return has_role(
        user, Role.MINISTRY_SIGNATORY, Role.ASSOCIATION_SIGNATORY, organization_id=organization_id
    )
