"""Letters and jobs for those who watch over them: names of recipients, never their addresses, never the text."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from apps.draft_acts.models import DraftAct
from apps.notifications import selectors as notifications
from apps.notifications.models import OutboxMessage, OutboxState
from apps.notifications.selectors import OutboxFigures

from ..sentences import side_effect
from .journal import from_day

STATES: dict[str, Q] = {
    "waiting": Q(state=OutboxState.PENDING),
    "sent": Q(state=OutboxState.DONE),
    "failed": Q(state=OutboxState.FAILED),
    "retried": Q(attempts__gt=0),
    "skipped": Q(state=OutboxState.SKIPPED),
}


@dataclass(frozen=True)
class SideEffect:
    """One letter or job of the outbox as a row of the page."""

    message: OutboxMessage
    name: str
    recipient: str
    act: str
    state: str  # a code of the statuses "letter" or "job"

    @property
    def is_letter(self) -> bool:
        return bool(self.message.template)

    @property
    def failed(self) -> bool:
        return self.message.state == OutboxState.FAILED


def figures(at: datetime) -> OutboxFigures:
    """How much waits, is tried again, was given up."""
    return notifications.figures(at)


def found(wanted: dict[str, Any]) -> QuerySet[OutboxMessage]:
    """Rows of the outbox that fit the cleaned values of the filter form."""
    rows = OutboxMessage.objects.all()
    if wanted.get("state"):
        rows = rows.filter(STATES[wanted["state"]])
    if wanted.get("what"):
        kind, _colon, name = wanted["what"].partition(":")
        rows = rows.filter(template=name) if kind == "letter" else rows.filter(template="", task=name)
    if wanted.get("act"):
        acts = DraftAct.objects.filter(number=wanted["act"]).values_list("pk", flat=True)[:1]
        rows = rows.filter(act_id__in=list(acts))
    if wanted.get("since"):
        rows = rows.filter(created_at__gte=from_day(wanted["since"]))
    if wanted.get("until"):
        rows = rows.filter(created_at__lt=from_day(wanted["until"] + timedelta(days=1)))
    return rows.select_related("recipient").defer("payload", "recipient__email")


def side_effects(messages: Iterable[OutboxMessage]) -> list[SideEffect]:
    """Rows with their names; one question more than that of the rows."""
    rows = list(messages)
    numbers = DraftAct.objects.filter(pk__in={m.act_id for m in rows if m.act_id})
    acts = {pk: number or "" for pk, number in numbers.values_list("pk", "number")}
    return [
        SideEffect(
            message=message,
            name=side_effect(message.template, message.task),
            recipient=message.recipient.full_name if message.recipient else "",
            act=acts.get(message.act_id or 0, ""),
            state=_state(message),
        )
        for message in rows
    ]


def _state(message: OutboxMessage) -> str:
    if message.state == OutboxState.PENDING and message.attempts:
        return "retried"
    return notifications.shown_state(message) if message.template else str(message.state)
