"""Who may take which step of a review. Each question says in words who; none of them writes."""

from typing import Any

from apps.draft_acts import policies as acts
from apps.draft_acts.models import DraftAct
from apps.organizations import policies as organizations
from apps.organizations.enums import Role
from apps.organizations.models import Organization

from .models import ConsolidatedOpinion, PaperOpinion, Review


def _in_association(user: Any, association: Organization, *roles: str) -> bool:
    return organizations.has_role(user, *roles, organization_id=association.pk)


def _in_ministry(user: Any, review: Review, *roles: str) -> bool:
    return organizations.has_role(user, *roles, organization_id=review.consultation.act.initiator_id)


def can_open_consultation(user: Any, act: DraftAct) -> bool:
    """A signatory of the body that initiated the act."""
    return organizations.has_role(user, Role.MINISTRY_SIGNATORY, organization_id=act.initiator_id)


def can_read_restricted(user: Any, act: DraftAct) -> bool:
    """Who works on the act by office (draft_acts.policies), and the associations that were asked for an opinion on it.

    An association whose term runs must be able to read everything the term is about; one that was left out need not.
    """
    own = organizations.organization_ids(user, *organizations.COMMUNITIES_SIDE)
    return (
        acts.can_read_restricted(user, act)
        or bool(own)
        and Review.objects.filter(consultation__act=act, association__in=own).exists()
    )


def can_acknowledge(user: Any, review: Review) -> bool:
    """An officer or a signatory of the association addressed."""
    return _in_association(user, review.association, *organizations.COMMUNITIES_SIDE)


def can_read_draft(user: Any, review: Review) -> bool:
    """An opinion being written is seen by the association's own people only."""
    return _in_association(user, review.association, *organizations.COMMUNITIES_SIDE)


def can_write_opinion(user: Any, review: Review) -> bool:
    """An officer of the association; where one person prepares and signs, its signatory too."""
    if _in_association(user, review.association, Role.ASSOCIATION_OFFICER):
        return True
    return review.association.single_officer and _in_association(
        user, review.association, Role.ASSOCIATION_SIGNATORY
    )


def can_recall_opinion(user: Any, review: Review) -> bool:
    """The signatory gives an opinion back with a note; the officer takes it back."""
    return can_write_opinion(user, review) or can_sign_opinion(user, review)


def can_sign_opinion(user: Any, review: Review) -> bool:
    """A signatory of the association."""
    return _in_association(user, review.association, Role.ASSOCIATION_SIGNATORY)


def can_submit_opinion(user: Any, review: Review, opinion: ConsolidatedOpinion) -> bool:
    """A signatory of the association who is not the person that prepared the opinion.

    One person may do both only in an association registered as "single officer"; the receipt then says so.
    """
    return can_sign_opinion(user, review) and (
        review.association.single_officer or not is_one_person(user, opinion)
    )


def is_one_person(user: Any, opinion: ConsolidatedOpinion) -> bool:
    """Whether the person who would countersign is also the one who handed the opinion over."""
    return opinion.ready_by_id in (None, user.pk)


def can_enter_paper(user: Any, review: Review) -> bool:
    """Who receives letters: the initiator's people, or a coordinator, never for a file of the own organisation."""
    return can_answer(user, review) or can_decide_expiry(user, review)


def can_change_paper(user: Any, paper: PaperOpinion) -> bool:
    """The people of the office that received it."""
    return (
        can_enter_paper(user, paper.review) and receivers_office(user, paper.review) == paper.organization_id
    )


def receivers_office(user: Any, review: Review) -> int | None:
    """The office in whose name the person receives: the initiator, else the coordinating body."""
    initiator = review.consultation.act.initiator_id
    if can_answer(user, review):
        return initiator
    held = organizations.coordinating(user, but=initiator)
    return held.organization_id if held else None


def can_see_paper(user: Any, paper: PaperOpinion) -> bool:
    """Its receiver; once sent also the association, the initiator and the coordinators. Nobody else, ever."""
    if can_change_paper(user, paper):
        return True
    sent = paper.sent_at is not None
    return sent and (can_enter_paper(user, paper.review) or can_read_draft(user, paper.review))


def can_confirm_paper(user: Any, paper: PaperOpinion) -> bool:
    """A signatory of the association confirms what was entered of its paper, or disputes it."""
    return can_sign_opinion(user, paper.review)


def can_answer(user: Any, review: Review) -> bool:
    """A drafter or a signatory of the body that initiated the act writes answers and sends them."""
    return _in_ministry(user, review, *organizations.STATE_SIDE)


def can_reply(user: Any, review: Review) -> bool:
    """An officer or a signatory of the association writes replies and sends them."""
    return _in_association(user, review.association, *organizations.COMMUNITIES_SIDE)


def can_withdraw_remark(user: Any, review: Review) -> bool:
    """A signatory of the association: what was countersigned is withdrawn by the same hand."""
    return can_sign_opinion(user, review)


def can_withdraw_at_meeting(user: Any, review: Review) -> bool:
    """At a meeting an officer or a signatory of the association, agreed by the signatures on the protocol."""
    return can_reply(user, review)


def can_decide_expiry(user: Any, review: Review) -> bool:
    """A coordinator of a coordinating body, never over a file of the coordinator's own organisation."""
    return organizations.can_coordinate(user, initiator_id=review.consultation.act.initiator_id)


def can_settle_place(user: Any, review: Review) -> bool:
    """The people of the association whose remark it is, and of the initiator, choose its provision in a later text."""
    return can_reply(user, review) or can_answer(user, review)


def can_close_remark(user: Any, review: Review) -> bool:
    """That a remark does not apply any more only its own association says: the initiator does not dismiss it."""
    return can_reply(user, review)


def settling_office(user: Any, review: Review) -> int:
    """The office in whose name the person settles: the association, else the initiator."""
    return review.association_id if can_reply(user, review) else review.consultation.act.initiator_id
