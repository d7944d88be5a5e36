"""Who may do what with a draft act. Sight is `DraftAct.objects.visible_to`; these are the rights behind it."""

from typing import Any

from apps.organizations import policies as organizations
from apps.organizations.enums import OrganizationKind, Role
from apps.organizations.models import Organization

from .enums import ActState
from .models import DraftAct

WITH_THE_CLERKS = frozenset(
    {ActState.CERTIFIED, ActState.SUBMITTED, ActState.RETURNED, ActState.ADOPTED, ActState.REJECTED}
)


BEFORE_OPENING = frozenset({ActState.PREPARING, ActState.REGISTERED})  # norms and packages can still change


def initiators(user: Any) -> list[Organization]:
    """The bodies in whose name the person may prepare an act: where he or she is drafter or ministry signatory."""
    found = {
        m.organization_id: m.organization
        for m in organizations.memberships(user)
        if m.role in organizations.STATE_SIDE and m.organization.kind != OrganizationKind.ASSOCIATION
    }
    return sorted(found.values(), key=lambda organization: organization.pk)


def can_create(user: Any, initiator_id: int) -> bool:
    """A drafter or a ministry signatory, for his or her own organisation."""
    return organizations.has_role(user, *organizations.STATE_SIDE, organization_id=initiator_id)


def can_prepare(user: Any, act: DraftAct) -> bool:
    """A drafter or a ministry signatory of the initiator."""
    return organizations.has_role(user, *organizations.STATE_SIDE, organization_id=act.initiator_id)


def can_register(user: Any, act: DraftAct) -> bool:
    """A ministry signatory of the initiator signs the scope statement and hands the act in."""
    return organizations.has_role(user, Role.MINISTRY_SIGNATORY, organization_id=act.initiator_id)


def can_withdraw(user: Any, act: DraftAct) -> bool:
    """A ministry signatory of the initiator."""
    return can_register(user, act)


def can_publish_version(user: Any, act: DraftAct) -> bool:
    """A ministry signatory of the initiator: a new version becomes public with it."""
    return can_register(user, act)


def can_decide_norms(user: Any, act: DraftAct) -> bool:
    """A drafter or a ministry signatory of the initiator says which delegations are reference norms, in public.

    Not the coordinator: nobody but the initiator knows what it means to leave to a bylaw; a dismissal has its reason
    in public, and the associations read it with the act.
    """
    return can_prepare(user, act)


def can_make_package(user: Any, act: DraftAct) -> bool:
    """A drafter or a ministry signatory of the initiator of the bill; a bylaw draft has to be of the same initiator."""
    return can_prepare(user, act)


def can_restrict(user: Any, act: DraftAct) -> bool:
    """A ministry signatory of the initiator closes a paper and opens it again, in public."""
    return can_register(user, act)


def can_read_restricted(user: Any, act: DraftAct) -> bool:
    """Whoever works on the act by office: its initiator, a coordinator who is not of the initiator, the auditor;
    a Cabinet or committee clerk once the act is certified, for then the file goes to them.

    The associations that were asked are added by `reviews.policies`, where it is known which those are.
    """
    return (
        can_prepare(user, act)
        or organizations.can_coordinate(user, initiator_id=act.initiator_id)
        or organizations.is_auditor(user)
        or (act.state in WITH_THE_CLERKS and organizations.is_clerk(user))
    )
