"""Reads about organisations and their people, shared by every stage."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import override

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
    Substitution,
    SubstitutionQuerySet,
)


def people(organization_ids: Iterable[int], *roles: str, at: datetime) -> list[User]:
    """The active people who hold one of `roles` in these organisations at `at`: whom a letter is for.

    Who stands in for a person on leave is written to as well; the person on leave finds the letters afterwards.
    """
    ids = list(organization_ids)
    holders = Membership.objects.active(at).of_role(*roles).filter(organization_id__in=ids)
    standing_in = Substitution.objects.in_force(at).filter(organization_id__in=ids, role__in=roles)
    return list(
        User.objects.filter(is_active=True)
        .filter(Q(pk__in=holders.values("user_id")) | Q(pk__in=standing_in.values("substitute_id")))
        .order_by("pk")
    )


@dataclass(frozen=True)
class Capacity:
    """In what capacity a person acted: the own position, and for a substitute the absent person with that position."""

    position_ky: str = ""
    position_ru: str = ""
    absent: User | None = None
    absent_position_ky: str = ""
    absent_position_ru: str = ""

    def words(self, language: str) -> str:
        """The position as it stands under a name; of a substitute also for whom."""
        position = self.position_ky if language == "ky" else self.position_ru
        if self.absent is None:
            return position
        absent = self.absent_position_ky if language == "ky" else self.absent_position_ru
        with override(language):
            stands_in = _("standing in for %(person)s") % {
                "person": ", ".join(filter(None, [self.absent.full_name, absent]))
            }
        return "; ".join(filter(None, [position, stands_in]))


def capacity(user: User, organization: Organization | int, *roles: str, at: datetime) -> Capacity:
    """The capacity in which the person held one of `roles` in the organisation at that time."""
    body = organization if isinstance(organization, int) else organization.pk
    own = list(Membership.objects.active(at).filter(user=user, organization_id=body).order_by("pk"))
    held = next((m for m in own if m.role in roles), None)
    if held is not None:
        return Capacity(held.position("ky"), held.position("ru"))
    stood_in = (
        Substitution.objects.in_force(at)
        .filter(substitute=user, organization_id=body, role__in=roles)
        .select_related("membership__user")
        .first()
    )
    if stood_in is None:
        return Capacity()
    absent = stood_in.membership
    return Capacity(
        own[0].position("ky"),
        own[0].position("ru"),
        absent.user,
        absent.position("ky"),
        absent.position("ru"),
    )


# --- leave and substitution --------------------------------------------------------------------------


def _substitutions() -> SubstitutionQuerySet:
    return Substitution.objects.select_related(
        "absent",
        "substitute",
        "organization",
        "membership",
        "named_by",
        "approved_by",
        "confirmed_by",
        "ended_by",
    )


def substitution(pk: int) -> Substitution | None:
    """One substitution with everybody it names."""
    return _substitutions().filter(pk=pk).first()


def leaves_of(user: User, at: datetime) -> list[Substitution]:
    """The person's own leaves, coming and running, the next first."""
    return list(
        _substitutions().filter(absent=user, stops_at__gt=at, end_kind="").order_by("starts_at", "pk")
    )


def stood_in_by(user: User, at: datetime) -> list[Substitution]:
    """Where the person stands in for others, now or soon."""
    return list(
        _substitutions().filter(substitute=user, stops_at__gt=at, end_kind="").order_by("starts_at", "pk")
    )


def leaves_and_substitutions(user: User, at: datetime) -> list[Substitution]:
    """In force now: the person's own leaves, and where the person stands in for others; one query."""
    rows = _substitutions().in_force(at).filter(Q(absent=user) | Q(substitute=user))
    return list(rows.order_by("stops_at", "pk"))


def past_substitutions(user: User, at: datetime) -> list[Substitution]:
    """What is over, of both kinds, the newest first; the last twenty."""
    own = _substitutions().filter(Q(absent=user) | Q(substitute=user)).exclude(stops_at__gt=at, end_kind="")
    return list(own.order_by("-stops_at", "-pk")[:20])


def substitutions_for(user: Any, at: datetime) -> list[Substitution]:
    """What awaits the confirmation of this administrator, the earliest beginning first."""
    if not policies.is_administrator(user):
        return []
    rows = _substitutions().waiting(at).order_by("starts_at", "pk")
    return [row for row in rows if policies.can_confirm_substitution(user, row)]


def possible_substitutes(membership: Membership, at: datetime) -> list[User]:
    """Active people of the same organisation who do not hold this role there themselves."""
    there = Membership.objects.active(at).filter(organization=membership.organization_id)
    same = there.of_role(membership.role)
    return list(
        User.objects.filter(is_active=True, pk__in=there.values("user_id"))
        .exclude(pk__in=same.values("user_id"))
        .order_by("full_name", "pk")
    )


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
    leaves: list[Substitution] = field(default_factory=list)  # in force now: who stands in, until when


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
    for leave in _substitutions().in_force(at).filter(organization=organization).order_by("stops_at"):
        rows[leave.absent_id].leaves.append(leave)
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
