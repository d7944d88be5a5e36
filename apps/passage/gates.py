"""The doors: a table that names and orders the gates. Each stage states its own conditions."""

from collections.abc import Callable
from datetime import datetime

from apps.core.conditions import Condition
from apps.draft_acts import conditions as draft_acts
from apps.draft_acts.models import DraftAct
from apps.protocols import conditions as protocols
from apps.reviews import conditions as reviews

CERTIFICATE_DOOR: tuple[Callable[[DraftAct, datetime], Condition], ...] = (
    lambda act, at: draft_acts.gate_papers(act, at=at),  # G1 required papers complete
    lambda act, at: draft_acts.gate_scope(act),  # G2 scope statement signed
    reviews.gate_opinions,  # G3 every association: opinion or established expiry
    reviews.gate_answers,  # G4 every remark answered
    protocols.gate_meeting,  # G5 every maintained objection has an outcome of a meeting
    protocols.gate_protocol,  # G6 every review closed by a protocol or a note
)


def certificate_conditions(act: DraftAct, at: datetime) -> list[Condition]:
    """Every gate of the certificate's door, in order, with what is unmet."""
    return [gate(act, at) for gate in CERTIFICATE_DOOR]
