"""What a person does next with a file, by the roles held now. The desk and the page of an act ask the same rules."""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from apps.core.dates import language
from apps.draft_acts.enums import ActState
from apps.draft_acts.models import DraftAct
from apps.organizations import policies as organizations
from apps.organizations.enums import Role
from apps.protocols.enums import ProtocolState, Side
from apps.reviews.enums import ReviewStage
from apps.reviews.workflow import UNANSWERED

from .act import ActFrame
from .stages import ReviewState, State


def address(name: str, *args: Any) -> str:
    """The address of a page by its name; empty where this installation has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def act_step(act: DraftAct, user: Any, *, closed: bool) -> "Step":
    """The next step with the act itself; `closed`: every review of the consultation is closed."""
    drafts = organizations.has_role(user, *organizations.STATE_SIDE, organization_id=act.initiator_id)
    signs = organizations.has_role(user, Role.MINISTRY_SIGNATORY, organization_id=act.initiator_id)
    if drafts and act.state == ActState.PREPARING:
        return (_("Finish and register") if signs else _("Go on preparing")), "act_prepare", ""
    if drafts and act.state == ActState.REGISTERED:
        if signs:
            return _("Open the consultation"), "consultation_open", ""
        return "", "act", _("The signatory opens the consultation.")
    if drafts and act.state == ActState.IN_CONSULTATION and closed:
        return _("Issue the certificate"), "certificate_door", ""
    if organizations.is_clerk(user) and act.state in CLERKS_STEPS:
        return CLERKS_STEPS[ActState(act.state)], "decision_record", ""
    return "", "act", ""


CLERKS_STEPS = {
    ActState.CERTIFIED: _("Record the submission"),
    ActState.RETURNED: _("Record the new submission"),
    ActState.SUBMITTED: _("Record the decision"),
}

Step = tuple[Any, str, Any]


def associations_step(state: ReviewState, user: Any) -> tuple[State, Any, str, Any]:
    review: Any = state.review
    shown = state.state
    association = review.association_id
    officer = organizations.has_role(user, Role.ASSOCIATION_OFFICER, organization_id=association)
    signs = organizations.has_role(user, Role.ASSOCIATION_SIGNATORY, organization_id=association)
    writes = officer or review.association.single_officer
    if state.stage in {
        ReviewStage.DELIVERY,
        ReviewStage.OPINION,
        ReviewStage.EXPIRED,
        ReviewStage.EXPIRY_ESTABLISHED,
    }:
        if review.paper_awaiting:
            shown = ("paper", "awaiting", None)
            return (
                (shown, _("Confirm the opinion on paper"), "paper", "") if signs else (shown, "", "paper", "")
            )
        if state.late:
            return shown, "", "review", _("Your late opinion is kept and shown.")
        if state.ready_to_sign:
            shown = ("opinion", "awaiting_countersignature", None)
            return (
                (shown, _("Countersign and submit"), "opinion_write", "")
                if signs
                else (shown, "", "review", "")
            )
        if review.being_written:
            shown = ("opinion", "draft", None) if state.stage == ReviewStage.OPINION else shown
            return (
                (shown, _("Go on with the opinion"), "opinion_write", "")
                if writes
                else (shown, "", "review", "")
            )
        if state.stage == ReviewStage.DELIVERY:
            return shown, _("Read and acknowledge"), "review", ""
        return (shown, _("Write the opinion"), "opinion_write", "") if writes else (shown, "", "review", "")
    if state.stage == ReviewStage.REPLIES:
        return shown, _("Reply to the answers"), "replies", ""
    step, name, note = _common_step(state, signs=signs, side=Side.ASSOCIATION)
    return shown, step, name, note


def ministrys_step(state: ReviewState, user: Any) -> Step:
    initiator = state.review.consultation.act.initiator_id
    signs = organizations.has_role(user, Role.MINISTRY_SIGNATORY, organization_id=initiator)
    if state.stage == ReviewStage.ANSWERS:
        return _("Answer the remarks"), "answers", ""
    if state.stage == ReviewStage.UNANSWERED:
        note = _("The term is over and a meeting is due; late answers are taken until it is recorded.")
        return _("Answer the remarks"), "answers", note
    if state.stage == ReviewStage.PROTOCOL and not state.protocol_number:
        return _("Fix the protocol"), "protocol_prepare", ""
    return _common_step(state, signs=signs, side=Side.STATE)


def _common_step(state: ReviewState, *, signs: bool, side: Side) -> Step:
    """What either side does: record the meeting, sign the protocol."""
    if state.stage == ReviewStage.UNANSWERED:
        return _("Record the meeting"), "meeting", _("The state body did not answer in time.")
    if state.stage == ReviewStage.CONCILIATION:
        return _("Record the meeting"), "meeting", ""
    if state.protocol_state == ProtocolState.FIXED:
        if side in state.signed_by:
            return "", "review", _("Signed by your side; the other signature is awaited.")
        if signs:
            return _("Sign the protocol"), "protocol", ""
        return "", "review", _("Your signatory signs the protocol.")
    return "", "review", ""


@dataclass(frozen=True)
class NextStep:
    """A link to what the reader may do next with this file."""

    label: Any
    url: str
    about: str = ""  # the association it concerns, where several stand beside each other


def next_steps(page: ActFrame, user: Any) -> list[NextStep]:
    """What the signed-in person may do now with the act; costs no query beyond the person's roles."""
    if not getattr(user, "is_authenticated", False):
        return []
    act, here = page.act, language()
    closed = bool(page.reviews) and all(r.closed for r in page.reviews)
    found = []
    label, name, _note = act_step(act, user, closed=closed)
    if label:
        found.append(NextStep(label, address(name, act.reference)))
    if act.state == ActState.IN_CONSULTATION:
        own = set(organizations.organization_ids(user, *organizations.COMMUNITIES_SIDE))
        drafts = organizations.has_role(user, *organizations.STATE_SIDE, organization_id=act.initiator_id)
        if drafts and not any(state.stage in UNANSWERED for state in page.reviews):
            found.append(NextStep(_("Prepare the next text"), address("act_version_new", act.number)))
        for state in page.reviews:
            if not state.closed:
                found += _step_of_review(state, user, act, own, drafts=drafts, here=here)
    return [step for step in found if step.url]


def _step_of_review(
    state: ReviewState, user: Any, act: DraftAct, own: set[int], *, drafts: bool, here: str
) -> list[NextStep]:
    review: Any = state.review
    label, name = "", ""
    if review.association_id in own:
        _shown, label, name, _note = associations_step(state, user)
    elif drafts:
        label, name, _note = ministrys_step(state, user)
    if state.stage == ReviewStage.EXPIRED and organizations.can_coordinate(
        user, initiator_id=act.initiator_id
    ):
        label, name = _("Decide the effect"), "expiry_decide"
    if not label:
        return []
    url = (
        address(name, state.protocol_number) if name == "protocol" else address(name, act.number, state.code)
    )
    return [NextStep(label, url, review.association.short_name(here))]
