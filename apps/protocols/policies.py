"""Who may, at the stage of the protocol. Never writes."""

from typing import Any

from apps.draft_acts.enums import ActState
from apps.organizations import policies as organizations
from apps.organizations.enums import Role
from apps.reviews.models import Review

from .enums import ProtocolState, Side
from .models import AgreementProtocol


def _initiator(review: Review) -> int:
    return review.consultation.act.initiator_id


def is_state_side(user: Any, review: Review) -> bool:
    """A drafter or a signatory of the ministry that drafted the act."""
    return organizations.has_role(user, *organizations.STATE_SIDE, organization_id=_initiator(review))


def is_association_side(user: Any, review: Review) -> bool:
    """An officer or a signatory of the association of this review."""
    return organizations.has_role(
        user, *organizations.COMMUNITIES_SIDE, organization_id=review.association_id
    )


def is_party(user: Any, review: Review) -> bool:
    return is_state_side(user, review) or is_association_side(user, review)


def can_record_meeting(user: Any, review: Review) -> bool:
    """Either side may enter what happened; both agree to it with their signatures on the protocol."""
    return is_party(user, review)


def can_enter_outcome(user: Any, review: Review) -> bool:
    """Settled, compromise or open: a drafter or an officer (or their signatories)."""
    return is_party(user, review)


def can_enter_withdrawal(user: Any, review: Review) -> bool:
    """Withdrawn: only the association whose objection it is."""
    return is_association_side(user, review)


def can_fix(user: Any, review: Review) -> bool:
    """The ministry fixes the text of the protocol."""
    return is_state_side(user, review)


def can_annul(user: Any, protocol: AgreementProtocol) -> bool:
    """The ministry signatory, while the protocol is not signed by both."""
    return protocol.state == ProtocolState.FIXED and organizations.has_role(
        user, Role.MINISTRY_SIGNATORY, organization_id=_initiator(protocol.review)
    )


def is_open(review: Review) -> bool:
    """The act is in consultation still: not withdrawn, not certified."""
    return review.consultation.act.state == ActState.IN_CONSULTATION


def signing_side(user: Any, protocol: AgreementProtocol) -> Side | None:
    """The side for which this person may sign, or None."""
    if organizations.has_role(user, Role.MINISTRY_SIGNATORY, organization_id=_initiator(protocol.review)):
        return Side.STATE
    if organizations.has_role(
        user, Role.ASSOCIATION_SIGNATORY, organization_id=protocol.review.association_id
    ):
        return Side.ASSOCIATION
    return None


def can_see(user: Any, protocol: AgreementProtocol) -> bool:
    """A signed protocol is public; one being signed is seen by its two sides, an auditor sees what is registered."""
    if protocol.state == ProtocolState.SIGNED:
        return True
    return is_party(user, protocol.review) or organizations.is_auditor(user)
