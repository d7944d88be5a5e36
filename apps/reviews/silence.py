"""What silence amounts to, for people to read: each proof of a tacit expiry, there or missing; and its dates."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, F
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from apps.core import dates
from apps.deadlines import rules
from apps.deadlines import selectors as deadlines
from apps.deadlines.enums import Stage
from apps.notifications.models import OutboxMessage, OutboxState

from . import selectors
from .enums import ReminderState
from .models import Reminder, Review
from .proofs import LAST_DAY, REMINDER


@dataclass(frozen=True)
class Proof:
    """One thing that must be on record for silence to count; `detail` says what is there, or what is not."""

    code: str
    title: Any
    met: bool
    detail: Any


def certificate_from(review: Review) -> datetime:
    """The moment from which a certificate may follow a tacit expiry, and its note is issued.

    Till then an outage of the last day can still be recorded and move the term. Raises CalendarTooShort.
    """
    last_day = rules.last_day_of(review.due_at)
    try:
        wait = deadlines.deadline_of(review.consultation.template, Stage.CERTIFICATE_TACIT, last_day)
    except deadlines.NoTerm:
        return review.due_at
    return wait.due_at


def proofs_of(review: Review) -> list[Proof]:
    """Every proof of the review's expiry, in order; silence that counts for nothing comes as a missing one."""
    facts: Any = Review.objects.with_proofs().get(pk=review.pk)
    found = [_package(facts), _delivery(facts), _reminder(facts)]
    if not facts.silence_counts:
        found.append(
            Proof(
                "silence_counts",
                _("Effect of silence"),
                False,
                _("The act gives a function without a source of money: silence has no effect on it."),
            )
        )
    return found


def missing(review: Review) -> list[Proof]:
    return [proof for proof in proofs_of(review) if not proof.met]


def _package(facts: Any) -> Proof:
    detail = (
        _("Texts in both languages and every required paper were sent.")
        if facts.package_complete
        else _("A required paper or a confirmed text is missing in what was sent.")
    )
    return Proof("package", _("Complete package"), facts.package_complete, detail)


def _delivery(facts: Review) -> Proof:
    if facts.acknowledged_at is not None:
        detail = _("Acknowledged: %(moment)s.") % {"moment": dates.datetime_words(facts.acknowledged_at)}
    else:
        day = dates.date_words(dates.last_day(facts.deemed_at))
        detail = _("Not acknowledged; deemed delivered at the end of %(day)s.") % {"day": day}
    return Proof("delivery", _("Delivery"), facts.was_delivered, detail)  # type: ignore[attr-defined]


def _reminder(facts: Any) -> Proof:
    title = _("Reminder handed to the mail server before the last day")
    proof = last_reminder(facts) if facts.was_reminded else None
    if proof is not None:
        words = dates.datetime_words(proof[1])
        return Proof("reminder", title, True, _("Handed over: %(moment)s.") % {"moment": words})
    if not Reminder.objects.filter(review=facts, state=ReminderState.SENT).exists():
        return Proof("reminder", title, False, _("No reminder was sent in this term."))
    return Proof(
        "reminder", title, False, _("Reminders were written, but none was handed over before the last day.")
    )


def last_reminder(review: Review) -> tuple[Reminder, datetime] | None:
    """The last reminder the mail server took before the last day of the term, and when it did."""
    term = selectors.ruling_term(review, Stage.OPINION)
    if term is None:
        return None
    sent = review.reminders.filter(state=ReminderState.SENT, term__start=term.start)
    letter = (
        OutboxMessage.objects.filter(
            act_id=review.consultation.act_id,
            template=REMINDER,
            state=OutboxState.DONE,
            done_at__lt=review.due_at - LAST_DAY,
        )
        .annotate(reminder=Cast(KeyTextTransform("reminder_id", "payload"), BigIntegerField()))
        .filter(reminder__in=sent.values("pk"))
        .order_by("-done_at", F("pk").desc())
        .first()
    )
    if letter is None or letter.done_at is None:
        return None
    return Reminder.objects.get(pk=letter.payload["reminder_id"]), letter.done_at
