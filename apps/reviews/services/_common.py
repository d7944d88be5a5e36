"""What every use-case of a review needs: its row under lock, its stage, its terms, its letters."""

import logging
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.errors import InvalidInput, TransitionNotAllowed
from apps.core.typed import clean_text
from apps.deadlines import rules
from apps.deadlines import selectors as deadlines
from apps.deadlines.enums import Stage
from apps.deadlines.models import ProcedureTemplate
from apps.documents import services as documents
from apps.documents.canonical import canonical_bytes
from apps.draft_acts.enums import ActState
from apps.draft_acts.models import DraftAct
from apps.notifications import services as notifications
from apps.organizations import policies as organizations
from apps.organizations import selectors as organization_selectors
from apps.organizations.enums import Role
from apps.organizations.models import Organization

from .. import selectors
from ..enums import Silent
from ..models import Review, Term
from ..said import AHEAD
from ..workflow import WORKFLOW

logger = logging.getLogger(__name__)


def locked_review(review_id: int) -> Review:
    """The review under lock, with act and association. Raises Review.DoesNotExist."""
    return Review.objects.locked(review_id)


def step(review: Review, action: str, at: datetime) -> str:
    """The stage the action leads to; raises TransitionNotAllowed when it is not open, or the act's way has ended."""
    act = review.consultation.act
    # An opinion is stored whenever it comes; a withdrawn act alone takes none.
    filing = action in {"write_opinion", "submit_opinion"}
    if act.state == ActState.WITHDRAWN or (act.state != ActState.IN_CONSULTATION and not filing):
        raise TransitionNotAllowed()
    return WORKFLOW.target(action, selectors.stage(review, at))


def typed(
    model: type[models.Model], names: Iterable[str], fields: Mapping[str, Any], **choices: Any
) -> dict[str, str]:
    """Of `fields` those in `names`, fit to keep: NFC, nothing unseen, not longer than the column, a known choice.

    `choices` maps a field to the values it may have; empty is a draft's right. Raises InvalidInput.
    """
    values: dict[str, str] = {}
    problems: dict[str, list[Any]] = {}
    for name in names:
        if name not in fields:
            continue
        values[name] = clean_text(str(fields[name] or ""))
        limit = model._meta.get_field(name).max_length  # type: ignore[union-attr]
        if limit and len(values[name]) > limit:
            problems[name] = [_("At most %(limit)s characters fit here.") % {"limit": limit}]
        if name in choices and values[name] and values[name] not in choices[name]:
            problems[name] = [_("Choose one of the answers in the list.")]
    if problems:
        raise InvalidInput(fields=problems)
    return values


def append_term(
    *,
    act: DraftAct,
    stage: str,
    start: date,
    template: ProcedureTemplate,
    cause: str,
    at: datetime,
    review: Review | None = None,
    large: bool = False,
    deadline: rules.Deadline | None = None,
) -> Term:
    """Append the term that rules from now on. The caller holds the lock of the review (or of the act)."""
    if deadline is None:
        deadline = deadlines.deadline_of(template, stage, start, large_text=large)
    same = Term.objects.filter(act=act, review=review, stage=stage)
    last = same.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    return Term.objects.create(
        act=act,
        review=review,
        stage=stage,
        sequence=last + 1,
        start=deadline.start,
        length=deadline.days,
        unit=deadline.unit,
        template=template,
        cause=cause,
        last_day=deadline.last_day,
        due_at=deadline.due_at,
        explanation=deadline.to_dict()["explanation"],
        created_at=at,
    )


def append_review_term(
    review: Review, stage: str, *, cause: str, at: datetime, start: date | None = None
) -> Term:
    """A term of the review's own template, from the day of `at` unless another start is given."""
    return append_term(
        act=review.consultation.act,
        review=review,
        stage=stage,
        start=start or rules.local_date(at),
        template=review.consultation.template,
        cause=cause,
        at=at,
    )


def write_ahead(review: Review, by: Silent, term: Term, at: datetime) -> None:
    """The meeting's terms for the case that nothing comes by the end of `term`, so that no date waits for a job."""
    try:
        call = append_review_term(
            review, Stage.CONCILIATION_CALL, cause=AHEAD[by], at=at, start=term.last_day
        )
        append_review_term(review, Stage.CONCILIATION_HOLD, cause=AHEAD[by], at=at, start=call.last_day)
    except deadlines.CalendarTooShort:
        # What happens now does not wait for a calendar that ends too early; a meeting is then without a date.
        logger.error("review %s: no calendar for the terms of a meeting", review.pk)


def write_to_association(
    review: Review, event: str, at: datetime, *roles: str, key: str = "", **ids: Any
) -> None:
    """A letter to the association's people of these roles (both when none is named)."""
    _write(review, event, at, review.association_id, roles or tuple(organizations.COMMUNITIES_SIDE), key, ids)


def write_to_ministry(review: Review, event: str, at: datetime, *, key: str = "", **ids: Any) -> None:
    """A letter to the drafters and signatories of the initiator."""
    initiator = review.consultation.act.initiator_id
    _write(review, event, at, initiator, tuple(organizations.STATE_SIDE), key, ids)


def write_to_coordinators(review: Review, event: str, at: datetime, *, key: str = "", **ids: Any) -> None:
    """A letter to the coordinators of every coordinating body but the initiator."""
    act = review.consultation.act
    bodies = Organization.objects.active(at).filter(coordinates=True).exclude(pk=act.initiator_id)
    for body in bodies.order_by("pk"):
        _write(review, event, at, body.pk, (Role.COORDINATOR,), key, ids)


def write_to_office(
    review: Review, event: str, at: datetime, organization_id: int, *roles: str, key: str = "", **ids: Any
) -> None:
    """A letter to the people of these roles in one office."""
    _write(review, event, at, organization_id, roles, key, ids)


def _write(
    review: Review,
    event: str,
    at: datetime,
    organization_id: int,
    roles: tuple[str, ...],
    key: str,
    ids: dict[str, Any],
) -> None:
    notifications.enqueue(
        template=f"reviews.{event}",
        recipients=organization_selectors.people([organization_id], *roles, at=at),
        payload={"review_id": review.pk, **ids},
        key=f"reviews.{event}:{key or review.pk}",
        at=at,
        act_id=review.consultation.act_id,
    )


def request_document(
    *, kind: str, source: Any, number: str, act_id: int, at: datetime, content: dict[str, Any] | bytes
) -> bytes:
    """Have an official document made of what `content` says; returns its canonical bytes."""
    canonical = content if isinstance(content, bytes) else canonical_bytes(content)
    documents.request_document(
        kind=kind,
        source_type=source._meta.label_lower,
        source_id=source.pk,
        number=number,
        canonical=canonical,
        act_id=act_id,
        public=True,
        at=at,
    )
    return canonical
