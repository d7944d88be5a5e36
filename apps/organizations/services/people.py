"""People in organisations: invitation, closing and opening accounts, the first administrators."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts import erasure
from apps.accounts import services as accounts
from apps.accounts.models import Erasure, User
from apps.core.errors import InvalidInput, require
from apps.notifications import services as notifications

from .. import policies, selectors
from ..enums import OrganizationKind, Role
from ..models import Membership, Organization, RoleProposal
from . import _roles
from .roles import TwoAdministrators, grant_role, grant_roles

OPERATOR = "operator"  # the code of the organisation whose people administer the portal


@transaction.atomic
def invite_person(
    *,
    actor: User,
    organization_id: int,
    email: str,
    language: str,
    roles: list[str],
    at: datetime,
    full_name: str = "",
    rank: str = "",
    position_ky: str = "",
    position_ru: str = "",
) -> tuple[User, str | None]:
    """Bring a person into an organisation with one or more roles; returns the account and the secret of its link.

    A person who has an account already only gets the roles (the secret is then None). Power roles are proposed, and
    await another administrator. Raises NotAllowed, InvalidInput.
    """
    require(policies.can_administer(actor))
    if not roles:
        raise InvalidInput(fields={"roles": [_("Choose at least one role.")]})
    known = User.objects.filter(email__iexact=email.strip()).first()
    token = None
    if known is not None and known.is_active and known.has_usable_password():
        user = known
    else:
        user, token = accounts.invite(
            actor=actor,
            email=email,
            full_name=full_name,
            language=language,
            at=at,
            template="organizations.invitation",
            payload={"organization": organization_id},
        )
    grant_roles(
        actor=actor,
        user_id=user.pk,
        organization_id=organization_id,
        roles=roles,
        rank=rank,
        position_ky=position_ky,
        position_ru=position_ru,
        at=at,
    )
    return user, token


@transaction.atomic
def resend_invitation(*, actor: User, user_id: int, at: datetime) -> str:
    """A new one-time link for a person who has not accepted yet; the earlier one stops working."""
    found = [
        row
        for rows in (Membership.objects.active(at), RoleProposal.objects.waiting(at))
        for row in rows.filter(user_id=user_id).order_by("pk")[:1]
    ]
    if not found:
        return accounts.resend_invitation(actor=actor, user_id=user_id, at=at)
    return accounts.resend_invitation(
        actor=actor,
        user_id=user_id,
        at=at,
        template="organizations.invitation",
        payload={"organization": found[0].organization_id},
    )


@transaction.atomic
def deactivate_person(*, actor: User, user_id: int, at: datetime) -> User:
    """Close a person's account: sessions end at their next request. The last administrator stays."""
    require(policies.can_administer(actor))
    if Membership.objects.active(at).of_role(Role.ADMINISTRATOR).filter(user_id=user_id).exists():
        _roles.keep_an_administrator(at)
    return accounts.deactivate(actor=actor, user_id=user_id, at=at)


@transaction.atomic
def reactivate_person(*, actor: User, user_id: int, at: datetime) -> User:
    """Open a closed account again, with the roles that were not ended meanwhile."""
    require(policies.can_administer(actor))
    return accounts.reactivate(actor=actor, user_id=user_id, at=at)


@transaction.atomic
def erase_contacts(*, actor: User, user_id: int, ground: str, reference: str, at: datetime) -> Erasure:
    """Erase the contacts of a closed account on a ground. Raises NotAllowed, TransitionNotAllowed, InvalidInput."""
    require(policies.can_administer(actor))
    return erasure.erase_contacts(actor=actor, user_id=user_id, ground=ground, reference=reference, at=at)


@transaction.atomic
def invite_administrator(*, email: str, language: str, at: datetime) -> tuple[User, str | None]:
    """The installation invites an administrator; enters the operator's organisation when it is not there yet.

    Only while fewer than two people hold the role: after that one proposes and the other confirms, in the portal. Run
    again for the same person before the link is used, it gives a new link. None: the person has an account.
    Raises InvalidInput, TwoAdministrators.
    """
    operator = _operator(at)
    user = User.objects.filter(email__iexact=email.strip()).first()
    held = (
        user is not None
        and Membership.objects.active(at)
        .filter(user=user, organization=operator, role=Role.ADMINISTRATOR)
        .exists()
    )
    if not held and selectors.administrators(at) >= 2:
        raise TwoAdministrators(
            _("Two administrators are there already: one of them proposes a third, the other confirms.")
        )
    token = None
    if user is None or not (user.is_active and user.has_usable_password()):
        user, token = accounts.invite(
            actor=None,
            email=email,
            language=language,
            at=at,
            template="organizations.invitation",
            payload={"organization": operator.pk},
        )
    if not held:
        others = selectors.administering(at)
        membership = grant_role(
            actor=None,
            user_id=user.pk,
            organization_id=operator.pk,
            role=Role.ADMINISTRATOR,
            position_ky="администратор",
            position_ru="администратор",
            at=at,
        )
        notifications.enqueue(
            template="organizations.administrator_added",
            recipients=others,
            payload={"membership": membership.pk},
            key=f"administrator_added:{membership.pk}",
            at=at,
        )
    return user, token


def _operator(at: datetime) -> Organization:
    """The organisation whose people administer the portal; entered under the code OPERATOR when there is none."""
    found = Organization.objects.active(at).filter(kind=OrganizationKind.OPERATOR).order_by("pk").first()
    if found is not None:
        return found
    operator, _made = Organization.objects.get_or_create(
        code=OPERATOR,
        defaults={
            "kind": OrganizationKind.OPERATOR,
            "name_ky": "Порталдын оператору",
            "name_ru": "Оператор портала",
            "name_en": "Operator of the portal",
            "opened_at": at,
        },
    )
    return operator
