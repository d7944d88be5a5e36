"""The state of a review as the public pages tell it, for the page of the review itself."""

from datetime import datetime

from apps.documents.enums import DocumentKind
from apps.draft_acts.enums import ActState
from apps.protocols.enums import ProtocolState
from apps.reviews import later
from apps.reviews.conditions import address
from apps.reviews.models import Review
from apps.reviews.pages import DocumentRow
from apps.reviews.selectors import StageView

from .selectors import stages


@later.register
def standing(review: Review, at: datetime) -> later.Standing:
    rows = list(stages.review_rows(pk=review.pk))
    if not rows or review.consultation.act.state == ActState.WITHDRAWN:
        return later.Standing(StageView("act", review.consultation.act.state))
    state = stages.states_of(rows, at)[0]
    group, code, _word = state.state
    term = state.term
    view = StageView(group, code, term.due_at if term else None, term.days(at) if term else None)
    return later.Standing(view, tuple(_protocol(state)))


def _protocol(state: stages.ReviewState) -> list[DocumentRow]:
    if state.protocol_state != ProtocolState.SIGNED:
        return []
    title = f"{DocumentKind(state.protocol_kind).label} {state.protocol_number}"
    return [DocumentRow(title=title, url=address("protocol", state.protocol_number), kind="")]
