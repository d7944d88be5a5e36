"""Terms of the stages, what moved them, and what fell due in them."""

from django.db import models
from django.db.models import Q

from apps.deadlines.enums import Stage, Unit
from apps.deadlines.models import Outage, ProcedureTemplate
from apps.draft_acts.models import DraftAct

from ..enums import KeptTerm, ReminderKind, ReminderState, Silent


class Term(models.Model):
    """One term of one stage, append-only; of a stage the last row (by sequence) rules.

    `start` is the day of the event (not counted); `due_at` is exclusive: 00:00 +06:00 after `last_day`.
    """

    act = models.ForeignKey(DraftAct, on_delete=models.PROTECT, related_name="terms")
    review = models.ForeignKey("reviews.Review", on_delete=models.PROTECT, null=True, related_name="terms")
    stage = models.CharField(max_length=30, choices=Stage)
    sequence = models.PositiveSmallIntegerField(default=1)
    start = models.DateField()
    length = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=10, choices=Unit)
    template = models.ForeignKey(ProcedureTemplate, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(
        max_length=60
    )  # what started it: opened, acknowledged, deemed, filed, new_term …
    last_day = models.DateField()
    due_at = models.DateTimeField()
    explanation = models.JSONField()  # deadlines.rules.Deadline.explanation as dicts
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["act", "review", "stage", "sequence"],
                name="term_sequence_unique",
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="term_length_positive", condition=Q(length__gt=0)),
            models.CheckConstraint(
                name="term_ends_after_start", condition=Q(last_day__gte=models.F("start"))
            ),
        ]


class TermMove(models.Model):
    """What a confirmed outage did to a term that ended on its day: moved it, or left it, and why. Append-only."""

    outage = models.ForeignKey(Outage, on_delete=models.PROTECT, related_name="moves")
    earlier = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="moves")
    term = models.OneToOneField(Term, on_delete=models.PROTECT, null=True, related_name="moved_by")
    kept = models.CharField(max_length=20, choices=KeptTerm, blank=True)  # why the term was not moved
    # An opinion that had come late and lies within the term as moved.
    in_time = models.ForeignKey(
        "reviews.ReviewOpinion", on_delete=models.PROTECT, null=True, related_name="moves"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["outage", "earlier"], name="term_move_once_an_outage"),
            models.UniqueConstraint(
                fields=["earlier"], condition=Q(term__isnull=False), name="term_moved_once"
            ),
            models.CheckConstraint(
                name="term_moved_or_kept",
                condition=Q(term__isnull=False, kept="")
                | Q(term=None, in_time=None, kept__in=KeptTerm.values),
            ),
        ]


class Reminder(models.Model):
    """A reminder of an opinion's term that has fallen due: sent once, or skipped. Append-only.

    `sent` means that its letters were put into the outbox; whether the mail server took them, the outbox knows.
    """

    review = models.ForeignKey("reviews.Review", on_delete=models.PROTECT, related_name="reminders")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=10, choices=ReminderKind)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ReminderState)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "term", "kind"], name="reminder_once_a_term"),
            models.CheckConstraint(name="reminder_not_early", condition=Q(at__gte=models.F("due_at"))),
        ]


class SilenceRecord(models.Model):
    """The ministry's answers or the association's replies did not come within their term: put on record once.

    The silence itself needs no row; this one keeps its journal line and its letters from being written twice.
    """

    review = models.ForeignKey("reviews.Review", on_delete=models.PROTECT, related_name="silences")
    term = models.OneToOneField(Term, on_delete=models.PROTECT, related_name="silence")
    side = models.CharField(max_length=12, choices=Silent)
    at = models.DateTimeField()
