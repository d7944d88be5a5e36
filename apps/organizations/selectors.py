"""Reads about organisations and their people, shared by every stage."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from apps.accounts.models import Invitation, User

from . import policies, rules
from .enums import Role
from .models import (
    Membership,
    Organization,
    OrganizationQuerySet,
    RoleProposal,
    RoleProposalQuerySet,
    RulesAcceptance,
)


def people(organization_ids: Iterable[int], *roles: str, at: datetime) -> list[User]:
    """The active people who hold one of `roles` in these organisations at `at`: whom a letter is for."""
    holders = Membership.objects.active(at).of_role(*roles).filter(organization_id__in=list(organization_ids))
    return list(User.objects.filter(is_active=True, pk__in=holders.values("user_id")).order_by("pk"))


# --- the rules of signing ---------------------------------------------------------------------------


def rules_accepted(organization: Organization | int, version: int = rules.CURRENT) -> bool:
    """Whether a signatory of the organisation accepted this version of the portal's rules."""
    pk = organization if isinstance(organization, int) else organization.pk
    return RulesAcceptance.objects.filter(organization_id=pk, version=version).exists()


def acceptances_of(
    user: Any, version: int = rules.CURRENT
) -> list[tuple[Organization, RulesAcceptance | None]]:
    """The organisations for which the person signs, each with its acceptance of the rules or None."""
    ids = policies.organization_ids(user, Role.MINISTRY_SIGNATORY, Role.ASSOCIATION_SIGNATORY)
    given = {
        acceptance.organization_id: acceptance
        for acceptance in RulesAcceptance.objects.filter(
            organization_id__in=ids, version=version
        ).select_related("accepted_by")
    }
    return [(body, given.get(body.pk)) for body in Organization.objects.filter(pk__in=ids).order_by("pk")]


# --- administration -----------------------------------------------------------------------------------


def organizations(
    *, at: datetime, search: str = "", kind: str = "", closed: bool = False
) -> OrganizationQuerySet:
    """The list of the administrator: by words of a name or the code, by kind; with `people`, how many hold a role."""
    found = Organization.objects.all() if closed else Organization.objects.active(at)
    if kind:
        found = found.filter(kind=kind)
    for word in search.split():
        found = found.filter(
            Q(name_ky__icontains=word)
            | Q(name_ru__icontains=word)
            | Q(name_en__icontains=word)
            | Q(short_name_ky__icontains=word)
            | Q(short_name_ru__icontains=word)
            | Q(code__icontains=word)
        )
    now = Q(memberships__valid_from__lte=at) & (
        Q(memberships__valid_to=None) | Q(memberships__valid_to__gt=at)
    )
    return found.annotate(people=Count("memberships__user", filter=now, distinct=True)).order_by(
        "kind", "name_ru", "pk"
    )


@dataclass
class PersonRow:
    """A person of an organisation: roles held now, roles that ended, roles that await a second administrator."""

    user: User
    state: str  # active | invited | proposed | ended
    roles: list[Membership] = field(default_factory=list)
    ended: list[Membership] = field(default_factory=list)
    proposed: list[RoleProposal] = field(default_factory=list)


def people_of(organization: Organization, *, at: datetime) -> list[PersonRow]:
    """Everybody who holds or held a role here; those who hold one first."""
    rows: dict[int, PersonRow] = {}
    for membership in organization.memberships.select_related("user").order_by(
        "user__full_name", "user_id", "pk"
    ):
        row = rows.setdefault(membership.user_id, PersonRow(membership.user, "ended"))
        over = membership.valid_to is not None and membership.valid_to <= at
        (row.ended if over else row.roles).append(membership)
    for proposal in organization.role_proposals.waiting(at).select_related("user").order_by("pk"):
        rows.setdefault(proposal.user_id, PersonRow(proposal.user, "ended")).proposed.append(proposal)
    for row in rows.values():
        if row.roles and row.user.is_active:
            row.state = "active" if row.user.has_usable_password() else "invited"
        elif row.proposed and row.user.is_active:
            row.state = "proposed"
    return sorted(rows.values(), key=lambda row: row.state == "ended")


def roles_of(user: User) -> list[Membership]:
    """All roles of a person, those held now first."""
    found = user.memberships.select_related("organization", "granted_by", "confirmed_by").order_by("-pk")  # type: ignore[attr-defined]
    return sorted(found, key=lambda membership: membership.valid_to is not None)


def open_invitation(user: User, *, at: datetime) -> Invitation | None:
    """The link that would open the person's account now, if there is one."""
    return Invitation.objects.usable(at).filter(user=user).order_by("-pk").first()


def administering(at: datetime) -> list[User]:
    """The people who can administer the portal now: whom a proposal is written to."""
    held = Membership.objects.active(at).of_role(Role.ADMINISTRATOR)
    return list(User.objects.filter(is_active=True, pk__in=held.values("user_id")).order_by("pk"))


def administrators(at: datetime) -> int:
    """How many people can administer the portal now."""
    return len(administering(at))


# --- proposals of power roles ---------------------------------------------------------------------------


def proposals() -> RoleProposalQuerySet:
    """All proposals with everybody they name, the newest first."""
    return RoleProposal.objects.select_related("user", "organization", "proposed_by", "decided_by").order_by(
        "-pk"
    )


def proposals_for(user: Any, at: datetime) -> list[RoleProposal]:
    """What awaits the decision of this administrator, the oldest first: not the own proposals, nothing about oneself."""
    if not policies.is_administrator(user):
        return []
    waiting = proposals().waiting(at).exclude(proposed_by=user).exclude(user=user)
    return list(waiting.order_by("pk"))
