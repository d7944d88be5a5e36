"""Giving and ending roles: one administrator, or two where the role carries power over a file or over people."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.errors import InvalidInput, TransitionNotAllowed, require
from apps.core.typed import clean_text
from apps.notifications import services as notifications

from .. import policies, selectors
from ..enums import POWER_ROLES, ProposalOutcome, Role
from ..models import Membership, RoleProposal
from . import _roles

PROPOSAL_DAYS = 14  # as long as the link of an invitation works


class TwoAdministrators(TransitionNotAllowed):
    """A power role that one administrator, or the installation, would give alone."""

    code = "two_administrators"
    message = _("This role is given by two administrators: one proposes, another one confirms.")


class ProposalClosed(TransitionNotAllowed):
    """The proposal was decided already, its time ran out, or who proposed it administers no more."""

    code = "proposal_closed"
    message = _("This proposal can no longer be confirmed. Propose the role anew.")


class Given(NamedTuple):
    """What came of a request for several roles: those held at once, and those that wait for a second administrator."""

    memberships: list[Membership]
    proposals: list[RoleProposal]


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
    """Give a person a role in an organisation from now on; who gave it is kept.

    A power role takes two administrators (`propose_role`). `actor` None is the installation: it gives any role to an
    account of the demonstration, and the role of administrator while fewer than two people hold it.
    Raises NotAllowed, InvalidInput, TwoAdministrators.
    """
    body, user = _roles.locked(organization_id, user_id)
    require(policies.can_administer(actor))
    require(actor is None or actor.pk != user.pk, _("Nobody gives a role to themselves."))
    _roles.check_role(body, user, role, at)
    first_ones = role == Role.ADMINISTRATOR and selectors.administrators(at) < 2
    if role in POWER_ROLES and not (actor is None and (user.is_demo or first_ones)):
        raise TwoAdministrators()
    return _roles.give(
        body=body,
        user=user,
        role=role,
        rank=rank,
        position_ky=position_ky,
        position_ru=position_ru,
        granted_by=actor,
        confirmed_by=None,
        at=at,
    )


@transaction.atomic
def grant_roles(
    *,
    actor: User,
    user_id: int,
    organization_id: int,
    roles: list[str],
    at: datetime,
    rank: str = "",
    position_ky: str = "",
    position_ru: str = "",
) -> Given:
    """Several roles at once, all or none: power roles are proposed, the others given.

    The rank goes to the role of ministry signatory only. Raises NotAllowed, InvalidInput.
    """
    given = Given([], [])
    for role in roles:
        wanted = {
            "actor": actor,
            "user_id": user_id,
            "organization_id": organization_id,
            "role": role,
            "rank": rank if role == Role.MINISTRY_SIGNATORY else "",
            "position_ky": position_ky,
            "position_ru": position_ru,
            "at": at,
        }
        if role in POWER_ROLES:
            given.proposals.append(propose_role(**wanted))  # type: ignore[arg-type]
        else:
            given.memberships.append(grant_role(**wanted))  # type: ignore[arg-type]
    return given


# --- two administrators ---------------------------------------------------------------------------------


@transaction.atomic
def propose_role(
    *,
    actor: User,
    user_id: int,
    organization_id: int,
    role: str,
    at: datetime,
    rank: str = "",
    position_ky: str = "",
    position_ru: str = "",
) -> RoleProposal:
    """Propose a power role for a person: it gives nothing until another administrator confirms it, within 14 days.

    Raises NotAllowed, InvalidInput (also where the same role is proposed already).
    """
    body, user = _roles.locked(organization_id, user_id)
    require(policies.is_administrator(actor))
    require(actor.pk != user.pk, _("Nobody gives a role to themselves."))
    _roles.check_role(body, user, role, at)
    proposal = RoleProposal(
        user=user,
        organization=body,
        role=role,
        rank=rank,
        position_ky=clean_text(position_ky, one_line=True),
        position_ru=clean_text(position_ru, one_line=True),
        proposed_by=actor,
        proposed_at=at,
        expires_at=at + timedelta(days=PROPOSAL_DAYS),
    )
    proposal.save(force_insert=True)
    _record(actor, "role.proposed", proposal, at)
    others = [person for person in selectors.administering(at) if person.pk not in (actor.pk, user.pk)]
    _write("role_proposed", others, proposal, at)
    if user.has_usable_password():  # who is being invited reads of it in the invitation
        _write("role_proposed_to_you", [user], proposal, at)
    return proposal


@transaction.atomic
def confirm_role(*, actor: User, proposal_id: int, at: datetime) -> Membership:
    """A second administrator gives the proposed role: it works from now on. Letters go to both and to the person.

    Everything is asked again: whether the person may hold the role, and whether who proposed it still administers.
    Raises NotAllowed, ProposalClosed, InvalidInput.
    """
    proposal = _locked(proposal_id)
    body, user = _roles.locked(proposal.organization_id, proposal.user_id)
    require(
        policies.can_decide_proposal(actor, proposal),
        _("Another administrator confirms: not who proposed the role, and not who receives it."),
    )
    proposer = User.objects.get(pk=proposal.proposed_by_id)
    if proposal.state(at) != "waiting" or not policies.is_administrator(proposer):
        raise ProposalClosed()
    _roles.check_role(body, user, proposal.role, at, but=proposal)
    membership = _roles.give(
        body=body,
        user=user,
        role=proposal.role,
        rank=proposal.rank,
        position_ky=proposal.position_ky,
        position_ru=proposal.position_ru,
        granted_by=proposer,
        confirmed_by=actor,
        at=at,
        proposal=proposal.pk,
        proposed_by=proposer.pk,
    )
    _decide(proposal, ProposalOutcome.CONFIRMED, actor, at, membership=membership)
    _write("role_confirmed", [proposer, actor], proposal, at)
    return membership


@transaction.atomic
def refuse_role(*, actor: User, proposal_id: int, reason: str, at: datetime) -> RoleProposal:
    """A second administrator refuses with a reason, which both and the person read. Raises NotAllowed, InvalidInput."""
    proposal = _locked(proposal_id)
    require(
        policies.can_decide_proposal(actor, proposal),
        _("Another administrator decides: not who proposed the role, and not who would receive it."),
    )
    _still_waiting(proposal, at)
    reason = clean_text(reason)
    if not reason:
        raise InvalidInput(fields={"reason": [_("Give the reason: it is written to those concerned.")]})
    _decide(proposal, ProposalOutcome.REFUSED, actor, at, reason=reason[:1000])
    _record(actor, "role.refused", proposal, at)
    _write("role_refused", [proposal.proposed_by, actor], proposal, at)
    _write("role_not_given", [proposal.user], proposal, at)
    return proposal


@transaction.atomic
def withdraw_proposal(*, actor: User, proposal_id: int, at: datetime) -> RoleProposal:
    """Who proposed the role takes the proposal back; the person is told. Raises NotAllowed."""
    proposal = _locked(proposal_id)
    require(
        policies.can_withdraw_proposal(actor, proposal),
        _("Only who proposed the role takes the proposal back."),
    )
    _still_waiting(proposal, at)
    _decide(proposal, ProposalOutcome.WITHDRAWN, actor, at)
    _record(actor, "role.proposal_withdrawn", proposal, at)
    _write("role_not_given", [proposal.user], proposal, at)
    return proposal


@transaction.atomic
def end_role(*, actor: User, membership_id: int, at: datetime) -> Membership:
    """End a role now: what it allowed is refused from the person's next request on. Raises NotAllowed.

    One administrator ends any role: taking power away must not wait.
    """
    membership = (
        Membership.objects.select_for_update(of=("self",)).select_related("user").get(pk=membership_id)
    )
    require(policies.can_administer(actor))
    if membership.valid_to is not None:
        raise TransitionNotAllowed(_("This role has ended already."))
    if membership.role == Role.ADMINISTRATOR:
        _roles.keep_an_administrator(at)
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


def _locked(proposal_id: int) -> RoleProposal:
    return (
        RoleProposal.objects.select_for_update(of=("self",))
        .select_related("user", "proposed_by", "organization")
        .get(pk=proposal_id)
    )


def _still_waiting(proposal: RoleProposal, at: datetime) -> None:
    if proposal.state(at) != "waiting":
        raise ProposalClosed(_("This proposal waits no more: it was decided, or its time ran out."))


def _decide(
    proposal: RoleProposal,
    outcome: ProposalOutcome,
    actor: User,
    at: datetime,
    *,
    reason: str = "",
    membership: Membership | None = None,
) -> None:
    proposal.outcome, proposal.decided_by, proposal.decided_at = outcome, actor, at
    proposal.reason, proposal.membership = reason, membership
    proposal.save(update_fields=["outcome", "decided_by", "decided_at", "reason", "membership"])


def _record(actor: User, action: str, proposal: RoleProposal, at: datetime) -> None:
    audit.record(
        actor=actor,
        action=action,
        target=proposal,
        at=at,
        organization_id=proposal.organization_id,
        data={"user": proposal.user_id, "role": proposal.role},
    )


def _write(template: str, recipients: list[User], proposal: RoleProposal, at: datetime) -> None:
    notifications.enqueue(
        template=f"organizations.{template}",
        recipients=recipients,
        payload={"proposal": proposal.pk},
        key=f"{template}:{proposal.pk}",
        at=at,
    )
