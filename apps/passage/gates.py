"""The doors: what is read for them once, and a table that names and orders the gates. Each stage states its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from apps.core.conditions import Condition
from apps.deadlines.selectors import current_template
from apps.draft_acts import conditions as draft_acts
from apps.draft_acts.models import DraftAct
from apps.protocols import conditions as protocols
from apps.protocols.selectors import Standing, standings
from apps.reviews import conditions as reviews
from apps.reviews.models import Consultation, Review
from apps.reviews.selectors import consultation_of, reviews_of


@dataclass(frozen=True)
class File:
    """An act with its present round, read in a fixed number of queries however many associations there are."""

    act: DraftAct
    at: datetime
    consultation: Consultation | None
    reviews: list[Review]
    standings: list[Standing]


def read(act: DraftAct, at: datetime) -> File:
    found = reviews_of(act)
    return File(act, at, consultation_of(act), found, standings(found, at))


def _papers(file: File) -> Condition:
    """By the template the file started with; before the opening by the one in force."""
    template = file.consultation.template if file.consultation else None
    return draft_acts.gate_papers(file.act, at=file.at, template=template)


def _bylaws(file: File) -> Condition:
    """By the template the file started with, on the version of its round."""
    round_ = file.consultation
    template = round_.template if round_ else current_template(at=file.at)
    return draft_acts.gate_bylaws(file.act, template=template, version=round_.version if round_ else None)


CERTIFICATE_DOOR: tuple[Callable[[File], Condition], ...] = (
    _papers,  # G1 required papers complete
    lambda file: draft_acts.gate_scope(file.act),  # G2 scope statement signed
    lambda file: reviews.gate_opinions(
        file.act, file.at, reviews=file.reviews
    ),  # G3 opinion or established expiry
    lambda file: reviews.gate_answers(file.act, file.at, reviews=file.reviews),  # G4 every remark answered
    lambda file: protocols.gate_meeting(
        file.act, file.at, standings=file.standings
    ),  # G5 outcome of a meeting
    lambda file: protocols.gate_protocol(file.act, file.at, standings=file.standings),  # G6 protocol or note
    _bylaws,  # G7 drafts of the bylaws
)


def conditions_of(file: File) -> list[Condition]:
    """Every gate of the certificate's door, in order, with what is unmet, in the language that is active."""
    return [gate(file) for gate in CERTIFICATE_DOOR]


def certificate_conditions(act: DraftAct, at: datetime) -> list[Condition]:
    return conditions_of(read(act, at))
