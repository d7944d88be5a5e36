"""Who may, at the doors. Never writes."""

from typing import Any

from apps.draft_acts.models import DraftAct
from apps.organizations import policies as organizations
from apps.organizations.enums import Role

from .enums import DecisionKind


def can_issue_certificate(user: Any, act: DraftAct) -> bool:
    """A drafter or signatory of the initiator asks for it; the portal issues it when every gate holds."""
    return organizations.has_role(user, *organizations.STATE_SIDE, organization_id=act.initiator_id)


def can_record_decision(user: Any, act: DraftAct) -> bool:
    """A committee clerk or a Cabinet clerk."""
    return organizations.is_clerk(user)


def recording_organization(user: Any) -> int | None:
    """The office for which a clerk records."""
    ids = organizations.organization_ids(user, Role.CABINET_CLERK, Role.COMMITTEE_CLERK)
    return ids[0] if ids else None


# What may be recorded in which state of the act; the workflow of draft acts says where it leads.
ACTION_OF = {
    DecisionKind.SUBMITTED: "submit",
    DecisionKind.RETURNED: "return",
    DecisionKind.ADOPTED: "adopt",
    DecisionKind.REJECTED: "reject",
}
