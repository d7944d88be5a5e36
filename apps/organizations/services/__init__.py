"""Organisations, the roles of people in them, and the rules of signing. All writes.

The administrator has no power over a file's legal course: nothing here touches an act, a review or a signature.
"""

from .bodies import (
    EDITABLE,
    close_organization,
    create_organization,
    reopen_organization,
    save_organization,
    seed_institutions,
)
from .leave import (
    SubstitutionClosed,
    confirm_substitution,
    name_substitute,
    refuse_substitution,
    withdraw_substitution,
)
from .people import (
    deactivate_person,
    erase_contacts,
    invite_administrator,
    invite_person,
    reactivate_person,
    resend_invitation,
)
from .roles import (
    Given,
    ProposalClosed,
    TwoAdministrators,
    confirm_role,
    end_role,
    grant_role,
    grant_roles,
    propose_role,
    refuse_role,
    withdraw_proposal,
)
from .signing_rules import accept_rules

__all__ = [
    "EDITABLE",
    "Given",
    "ProposalClosed",
    "SubstitutionClosed",
    "TwoAdministrators",
    "accept_rules",
    "close_organization",
    "confirm_role",
    "confirm_substitution",
    "create_organization",
    "deactivate_person",
    "end_role",
    "erase_contacts",
    "grant_role",
    "grant_roles",
    "invite_administrator",
    "invite_person",
    "name_substitute",
    "propose_role",
    "reactivate_person",
    "refuse_role",
    "refuse_substitution",
    "reopen_organization",
    "resend_invitation",
    "save_organization",
    "seed_institutions",
    "withdraw_proposal",
    "withdraw_substitution",
]
