"""People in organisations: invitation, roles, closing and opening accounts."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts import services as accounts
from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.errors import InvalidInput, TransitionNotAllowed, require
from apps.core.typed import clean_text
from apps.notifications import services as notifications

from .. import policies, selectors
from ..enums import ROLES_OF_KIND, OrganizationKind, Role
from ..models import Membership, Organization

OPERATOR = "operator"  # the code of the organisation whose people administer the portal


@transaction.atomic
def invite_person(
    *,
    actor: User | None,
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

    A person who has an account already only gets the roles (the secret is then None). Raises NotAllowed, InvalidInput.
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
def grant_roles(
    *,
    actor: User | None,
    user_id: int,
    organization_id: int,
    roles: list[str],
    at: datetime,
    rank: str = "",
    position_ky: str = "",
    position_ru: str = "",
) -> list[Membership]:
    """Several roles at once, all or none; the rank goes to the role of ministry signatory only."""
    return [
        grant_role(
            actor=actor,
            user_id=user_id,
            organization_id=organization_id,
            role=role,
            rank=rank if role == Role.MINISTRY_SIGNATORY else "",
            position_ky=position_ky,
            position_ru=position_ru,
            at=at,
        )
        for role in roles
    ]


@transaction.atomic
def resend_invitation(*, actor: User, user_id: int, at: datetime) -> str:
    """A new one-time link for a person who has not accepted yet; the earlier one stops working."""
    held = Membership.objects.active(at).filter(user_id=user_id).order_by("pk").first()
    if held is None:
        return accounts.resend_invitation(actor=actor, user_id=user_id, at=at)
    return accounts.resend_invitation(
        actor=actor,
        user_id=user_id,
        at=at,
        template="organizations.invitation",
        payload={"organization": held.organization_id},
    )


@transaction.atomic
def grant_role(
    *,
    actor: User | None,
    user_id: int,
    organization_id: int,
    role: str,
    at: datetime,
    rank: str = "",
    position_ky: str = "",
    position_ru: str = "",
) -> Membership:
    """Give a person a role in an organisation from now on; who gave it is kept. Raises NotAllowed, InvalidInput."""
    body = Organization.objects.select_for_update().get(pk=organization_id)
    user = User.objects.select_for_update().get(pk=user_id)
    require(policies.can_administer(actor))
    require(actor is None or actor.pk != user.pk, _("Nobody gives a role to themselves."))
    _check_role(body, user, role, at)
    membership = Membership(
        user=user,
        organization=body,
        role=role,
        rank=rank,
        position_ky=clean_text(position_ky, one_line=True),
        position_ru=clean_text(position_ru, one_line=True),
        valid_from=at,
        granted_by=actor,
    )
    membership.save(force_insert=True)
    policies.forget(user)
    audit.record(
        actor=actor,
        action="role.granted",
        target=membership,
        at=at,
        organization_id=body.pk,
        data={"user": user.pk, "role": role},
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


@transaction.atomic
def end_role(*, actor: User, membership_id: int, at: datetime) -> Membership:
    """End a role now: what it allowed is refused from the person's next request on. Raises NotAllowed."""
    membership = (
        Membership.objects.select_for_update(of=("self",)).select_related("user").get(pk=membership_id)
    )
    require(policies.can_administer(actor))
    if membership.valid_to is not None:
        raise TransitionNotAllowed(_("This role has ended already."))
    if membership.role == Role.ADMINISTRATOR:
        _keep_an_administrator(at)
    membership.valid_to, membership.ended_by = max(at, membership.valid_from), actor
    membership.save(update_fields=["valid_to", "ended_by"])
    policies.forget(membership.user)
    audit.record(
        actor=actor,
        action="role.ended",
        target=membership,
        at=at,
        organization_id=membership.organization_id,
        data={"user": membership.user_id, "role": membership.role},
    )
    notifications.enqueue(
        template="organizations.role_ended",
        recipients=[membership.user],
        payload={"membership": membership.pk},
        key=f"role_ended:{membership.pk}",
        at=at,
    )
    return membership


@transaction.atomic
def deactivate_person(*, actor: User, user_id: int, at: datetime) -> User:
    """Close a person's account: sessions end at their next request. The last administrator stays."""
    require(policies.can_administer(actor))
    if Membership.objects.active(at).of_role(Role.ADMINISTRATOR).filter(user_id=user_id).exists():
        _keep_an_administrator(at)
    return accounts.deactivate(actor=actor, user_id=user_id, at=at)


@transaction.atomic
def reactivate_person(*, actor: User, user_id: int, at: datetime) -> User:
    """Open a closed account again, with the roles that were not ended meanwhile."""
    require(policies.can_administer(actor))
    return accounts.reactivate(actor=actor, user_id=user_id, at=at)


def _check_role(body: Organization, user: User, role: str, at: datetime) -> None:
    """Whether this person may hold this role here. The database asks most of it again."""
    if not user.is_active:
        raise InvalidInput(fields={"roles": [_("This account is closed. Open it again first.")]})
    if body.closed_at is not None and body.closed_at <= at:
        raise InvalidInput(fields={"roles": [_("This organisation is closed.")]})
    if role not in ROLES_OF_KIND[body.kind] or (role == Role.COORDINATOR and not body.coordinates):
        raise InvalidInput(fields={"roles": [_("This role does not exist in this organisation.")]})
    held = list(Membership.objects.active(at).filter(user=user).values_list("organization_id", "role"))
    if (body.pk, role) in held:
        raise InvalidInput(fields={"roles": [_("The person holds this role already.")]})
    if any((other == Role.ADMINISTRATOR) != (role == Role.ADMINISTRATOR) for _pk, other in held):
        raise InvalidInput(fields={"roles": [_("An administrator holds no other role.")]})
    pair = {Role.ASSOCIATION_OFFICER, Role.ASSOCIATION_SIGNATORY}
    if (
        role in pair
        and not body.single_officer
        and any(pk == body.pk and other in pair - {role} for pk, other in held)
    ):
        raise InvalidInput(
            fields={
                "roles": [
                    _(
                        "Officer and signatory are two people, unless the association is marked as single officer."
                    )
                ]
            }
        )


def _keep_an_administrator(at: datetime) -> None:
    """Somebody must be able to open the door again; two who leave at once wait for each other."""
    Organization.objects.select_for_update().filter(kind=OrganizationKind.OPERATOR).first()
    if selectors.administrators(at) < 2:
        raise TransitionNotAllowed(
            _("This is the last administrator. Give the role to another person first.")
        )


@transaction.atomic
def invite_administrator(*, email: str, language: str, at: datetime) -> tuple[User, str | None]:
    """The installation invites an administrator; enters the operator's organisation when it is not there yet.

    Run again for the same person before the link is used, it gives a new link. None: the person has an account.
    """
    operator = _operator(at)
    known = User.objects.filter(email__iexact=email.strip()).first()
    held = (
        known is not None
        and Membership.objects.active(at)
        .filter(user=known, organization=operator, role=Role.ADMINISTRATOR)
        .exists()
    )
    if known is not None and held:
        if known.has_usable_password():
            return known, None
        return accounts.invite(
            actor=None,
            email=email,
            language=language,
            at=at,
            template="organizations.invitation",
            payload={"organization": operator.pk},
        )
    return invite_person(
        actor=None,
        organization_id=operator.pk,
        email=email,
        language=language,
        roles=[Role.ADMINISTRATOR],
        position_ky="администратор",
        position_ru="администратор",
        at=at,
    )


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
