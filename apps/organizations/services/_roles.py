"""What giving and ending a role have in common: who may hold it, the row itself, the last administrator."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.errors import InvalidInput, TransitionNotAllowed
from apps.core.typed import clean_text
from apps.notifications import services as notifications

from .. import policies, selectors
from ..enums import ROLES_OF_KIND, OrganizationKind, Role
from ..models import Membership, Organization, RoleProposal


def check_role(
    body: Organization, user: User, role: str, at: datetime, *, but: RoleProposal | None = None
) -> None:
    """Whether this person may hold this role here, beside what is held and what is proposed (`but` this proposal).

    The database asks most of it again.
    """
    if not user.is_active:
        raise _refused(_("This account is closed. Open it again first."))
    if body.closed_at is not None and body.closed_at <= at:
        raise _refused(_("This organisation is closed."))
    if role not in ROLES_OF_KIND[body.kind] or (role == Role.COORDINATOR and not body.coordinates):
        raise _refused(_("This role does not exist in this organisation."))
    held = _pairs(Membership.objects.active(at).filter(user=user))
    waiting = _pairs(RoleProposal.objects.waiting(at).filter(user=user).exclude(pk=but.pk if but else 0))
    if (body.pk, role) in held:
        raise _refused(_("The person holds this role already."))
    if (body.pk, role) in waiting:
        raise _refused(_("This role is proposed already and awaits confirmation."))
    if any((other == Role.ADMINISTRATOR) != (role == Role.ADMINISTRATOR) for _pk, other in held | waiting):
        raise _refused(_("An administrator holds no other role."))
    pair = {Role.ASSOCIATION_OFFICER, Role.ASSOCIATION_SIGNATORY}
    if (
        role in pair
        and not body.single_officer
        and any(pk == body.pk and other in pair - {role} for pk, other in held | waiting)
    ):
        raise _refused(
            _("Officer and signatory are two people, unless the association is marked as single officer.")
        )


def _pairs(rows: QuerySet[Any]) -> set[tuple[int, str]]:
    return set(rows.values_list("organization_id", "role"))


def _refused(message: Any) -> InvalidInput:
    return InvalidInput(fields={"roles": [message]})


def keep_an_administrator(at: datetime) -> None:
    """Somebody must be able to open the door again; two who leave at once wait for each other."""
    Organization.objects.select_for_update().filter(kind=OrganizationKind.OPERATOR).first()
    if selectors.administrators(at) < 2:
        raise TransitionNotAllowed(
            _("This is the last administrator. Give the role to another person first.")
        )


def locked(organization_id: int, user_id: int) -> tuple[Organization, User]:
    """Both rows under lock, always in this order."""
    body = Organization.objects.select_for_update().get(pk=organization_id)
    return body, User.objects.select_for_update().get(pk=user_id)


def give(
    *,
    body: Organization,
    user: User,
    role: str,
    rank: str,
    position_ky: str,
    position_ru: str,
    granted_by: User | None,
    confirmed_by: User | None,
    at: datetime,
    **journal: Any,
) -> Membership:
    """The role itself with its journal row and the letter to its holder. `journal`: more ids for the journal."""
    membership = Membership(
        user=user,
        organization=body,
        role=role,
        rank=rank,
        position_ky=clean_text(position_ky, one_line=True),
        position_ru=clean_text(position_ru, one_line=True),
        valid_from=at,
        granted_by=granted_by,
        confirmed_by=confirmed_by,
    )
    membership.save(force_insert=True)
    policies.forget(user)
    audit.record(
        actor=confirmed_by or granted_by,
        action="role.granted",
        target=membership,
        at=at,
        organization_id=body.pk,
        data={"user": user.pk, "role": role, **journal},
    )
    if user.has_usable_password():  # who is being invited reads of the role in the invitation
        notifications.enqueue(
            template="organizations.role_granted",
            recipients=[user],
            payload={"membership": membership.pk},
            key=f"role_granted:{membership.pk}",
            at=at,
        )
    return membership
