from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from apps.deadlines.enums import Stage, Unit
from apps.deadlines.models import Outage, ProcedureTemplate
from apps.documents.models import StoredFile
from apps.draft_acts.enums import TextLanguage
from apps.draft_acts.models import DraftAct, DraftActVersion, Provision
from apps.organizations import policies as organization_policies
from apps.organizations.models import Organization

from . import proofs
from .enums import (
    AnswerOutcome,
    ConsultationKind,
    ExpiryEffect,
    KeptTerm,
    NoteKind,
    OpinionLink,
    PaperChannel,
    PaperState,
    RemarkKind,
    ReminderKind,
    ReminderState,
    ReplyOutcome,
    Silent,
    Verdict,
)

USER = settings.AUTH_USER_MODEL


class Consultation(models.Model):
    """One round on one version of the act."""

    act = models.ForeignKey(DraftAct, on_delete=models.PROTECT, related_name="consultations")
    round = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=20, choices=ConsultationKind, default=ConsultationKind.INITIAL)
    version = models.ForeignKey(DraftActVersion, on_delete=models.PROTECT, related_name="consultations")
    template = models.ForeignKey(ProcedureTemplate, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["act", "round"], name="consultation_round_unique")]


class LeftOut(models.Model):
    """An association proposed by rule that the ministry left out, with the public reason."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="left_out")
    association = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(max_length=2000)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consultation", "association"], name="left_out_once"),
            models.CheckConstraint(name="left_out_has_reason", condition=~Q(reason="")),
        ]


class ReviewQuerySet(models.QuerySet["Review"]):
    def of_associations(self, user: Any) -> "ReviewQuerySet":
        ids = organization_policies.organization_ids(user, *organization_policies.COMMUNITIES_SIDE)
        return self.filter(association_id__in=ids)

    def of_initiators(self, user: Any) -> "ReviewQuerySet":
        ids = organization_policies.organization_ids(user, *organization_policies.STATE_SIDE)
        return self.filter(consultation__act__initiator_id__in=ids)

    def filed_in_time(self) -> "ReviewQuerySet":
        return self.filter(filed_at__isnull=False)

    def overdue(self, at: datetime) -> "ReviewQuerySet":
        """The opinion's term has ended by time alone and nothing was filed in time."""
        return self.filter(filed_at=None, due_at__lte=at)

    def awaiting_effect(self, at: datetime) -> "ReviewQuerySet":
        """Expired, effect not established, and the rows do not prove it either: the coordinator's queue."""
        return self.overdue(at).filter(effect_established_at=None).alias(tacit=_tacit()).filter(tacit=False)

    def tacit(self, at: datetime) -> "ReviewQuerySet":
        """Expired by time alone with every proof there; its note of expiry is not issued yet."""
        return self.overdue(at).filter(effect_established_at=None).alias(tacit=_tacit()).filter(tacit=True)

    def with_proofs(self) -> "ReviewQuerySet":
        """Annotates each proof of a tacit expiry: `silence_counts`, `package_complete`, `was_delivered`, `was_reminded`."""
        return self.annotate(
            silence_counts=_holds(proofs.silence_counts()),
            package_complete=proofs.package_complete(),
            was_delivered=_holds(proofs.delivered()),
            was_reminded=proofs.reminded(),
        )

    def with_facts(self) -> "ReviewQuerySet":
        """Annotates what the stage of a review needs besides its row.

        `has_remarks`, `disputed`, `tacit`, and the ends of two terms: `answers_due_at`, `reply_due_at`.
        """
        return self.annotate(
            has_remarks=Exists(Remark.objects.of_review(OuterRef("pk"))),
            disputed=Exists(Remark.objects.disputed_in(OuterRef("pk"))),
            tacit=_tacit(),
            answers_due_at=_end_of(Stage.ANSWERS),
            reply_due_at=_end_of(Stage.REPLY),
        )

    def unanswered(self, at: datetime) -> "ReviewQuerySet":
        """Remarks wait for the ministry's answers, and the term has ended."""
        return self._answers_missing().filter(Q(answers_due_at__lte=at))

    def answers_awaited(self, at: datetime) -> "ReviewQuerySet":
        """Remarks wait for the ministry's answers within the term."""
        return self._answers_missing().filter(Q(answers_due_at=None) | Q(answers_due_at__gt=at))

    def unreplied(self, at: datetime) -> "ReviewQuerySet":
        """Answers wait for the association's replies, and the term has ended."""
        return self.with_facts().filter(
            Q(reply_due_at__lte=at), answers_sent_at__isnull=False, replies_sent_at=None
        )

    def _answers_missing(self) -> "ReviewQuerySet":
        return self.with_facts().filter(Q(has_remarks=True), filed_at__isnull=False, answers_sent_at=None)

    def locked(self, pk: int) -> "Review":
        """The review and its act under lock: the act cannot be withdrawn or certified meanwhile."""
        rows = self.select_for_update(of=("self", "consultation__act"), no_key=True)
        return rows.select_related("consultation__act__initiator", "association").get(pk=pk)


def _holds(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False))


def _end_of(stage: Stage) -> Subquery:
    ruling = Term.objects.filter(review=OuterRef("pk"), stage=stage).order_by("-sequence")
    return Subquery(ruling.values("due_at")[:1])


def _tacit() -> Case:
    """Were the term over now: nothing filed, nothing decided, and all proofs of a tacit expiry there."""
    undecided = Q(filed_at=None, effect_established_at=None)
    counts = proofs.silence_counts() & proofs.delivered()
    return _holds(undecided & counts & Q(proofs.package_complete()) & Q(proofs.reminded()))


class Review(models.Model):
    """One association in one round: its own delivery, term and verdict. Every review of an act is public."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="reviews")
    association = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="reviews")
    sent_at = models.DateTimeField()
    deemed_at = models.DateTimeField()  # delivery by time alone: the end of the delivery term
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField(db_index=True)  # copy of the ruling opinion Term; exclusive
    filed_at = models.DateTimeField(null=True, blank=True)  # an opinion was received in time
    effect_established_at = models.DateTimeField(null=True, blank=True)  # of the expiry
    answers_sent_at = models.DateTimeField(null=True, blank=True)
    answers_sent_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    replies_sent_at = models.DateTimeField(null=True, blank=True)
    replies_sent_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    # A meeting on its remarks was recorded, or its protocol fixed: who was silent till then has been silent.
    taken_up_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consultation", "association"], name="review_once_a_round"),
            models.CheckConstraint(
                name="review_filed_in_time", condition=Q(filed_at=None) | Q(filed_at__lt=models.F("due_at"))
            ),
            models.CheckConstraint(
                name="review_filed_or_expired", condition=Q(filed_at=None) | Q(effect_established_at=None)
            ),
            models.CheckConstraint(
                name="review_effect_after_term",
                condition=Q(effect_established_at=None) | Q(effect_established_at__gte=models.F("due_at")),
            ),
            models.CheckConstraint(
                name="review_replies_after_answers",
                condition=Q(replies_sent_at=None) | Q(answers_sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="review_acknowledged_by_someone",
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
            ),
        ]

    def delivered_at(self, at: datetime) -> datetime | None:
        """When the act was delivered, seen at `at`: acknowledged, or deemed by time; None while still on its way."""
        if self.acknowledged_at and self.acknowledged_at < self.deemed_at:
            return self.acknowledged_at
        return self.deemed_at if at >= self.deemed_at else None

    def is_overdue(self, at: datetime) -> bool:
        return self.filed_at is None and at >= self.due_at


class Term(models.Model):
    """One term of one stage, append-only; of a stage the last row (by sequence) rules.

    `start` is the day of the event (not counted); `due_at` is exclusive: 00:00 +06:00 after `last_day`.
    """

    act = models.ForeignKey(DraftAct, on_delete=models.PROTECT, related_name="terms")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, null=True, related_name="terms")
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


class Reminder(models.Model):
    """A reminder of an opinion's term that has fallen due: sent once, or skipped. Append-only.

    `sent` means that its letters were put into the outbox; whether the mail server took them, the outbox knows.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="reminders")
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


class ConsolidatedOpinion(models.Model):
    """An association's opinion: written by an officer, countersigned and submitted by a signatory, then frozen."""

    author = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="opinions")
    verdict = models.CharField(_("verdict"), max_length=30, choices=Verdict, blank=True)
    statement = models.TextField(_("general statement"), max_length=50000, blank=True)
    lang = models.CharField(_("language"), max_length=2, choices=TextLanguage, default=TextLanguage.KY)
    text_version = models.PositiveIntegerField(
        default=1
    )  # of verdict and statement alone: two people, one form
    edit_version = models.PositiveIntegerField(
        default=1
    )  # of the whole with its remarks: what the signatory saw
    return_note = models.TextField(
        max_length=4000, blank=True
    )  # the signatory's words to the officer; never public
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    ready_at = models.DateTimeField(null=True, blank=True)  # handed to the signatory
    ready_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)  # received whole, by the database's clock
    submitted_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    canonical = models.TextField(blank=True)  # opinion.json
    content_hash = models.CharField(max_length=64, blank=True)  # SHA-256 of opinion.json

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="opinion_submitted_is_whole",
                condition=Q(submitted_at=None, submitted_by=None, content_hash="")
                | (
                    Q(submitted_at__isnull=False, submitted_by__isnull=False)
                    & ~Q(content_hash="")
                    & ~Q(canonical="")
                    & Q(verdict__in=Verdict.values)
                ),
            ),
        ]

    @property
    def signed_at(self) -> datetime | None:
        """When its signatory acted: at the receipt; at the confirmation of one that came on paper."""
        paper: PaperOpinion | None = getattr(self, "paper", None)
        return self.submitted_at if paper is None else paper.decided_at


class ReviewOpinion(models.Model):
    """The opinion of a review. One in force and one being written at most, by constraint."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="opinion_links")
    opinion = models.ForeignKey(ConsolidatedOpinion, on_delete=models.PROTECT, related_name="review_links")
    state = models.CharField(max_length=10, choices=OpinionLink, default=OpinionLink.DRAFTING)
    late = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "opinion"], name="review_opinion_once"),
            models.UniqueConstraint(
                fields=["review"], condition=Q(state=OpinionLink.IN_FORCE), name="review_one_opinion_in_force"
            ),
            models.UniqueConstraint(
                fields=["review"], condition=Q(state=OpinionLink.DRAFTING), name="review_one_opinion_drafting"
            ),
            models.CheckConstraint(
                name="review_opinion_draft_not_late", condition=~Q(state=OpinionLink.DRAFTING) | Q(late=False)
            ),
        ]


class RemarkQuerySet(models.QuerySet["Remark"]):
    def submitted(self) -> "RemarkQuerySet":
        return self.filter(opinion__submitted_at__isnull=False)

    def of_review(self, review: Any) -> "RemarkQuerySet":
        """Remarks of the review's opinion in force, filed in time."""
        return self.filter(_in_time(review))

    def to_be_answered(self, review: Any) -> "RemarkQuerySet":
        """Remarks of the review's opinion filed in time, not withdrawn."""
        return self.filter(_in_time(review), withdrawn_at=None)

    def of_late_opinion(self, review: Any) -> "RemarkQuerySet":
        """Remarks of the review's opinion that came after the term, not withdrawn: the ministry may answer them."""
        return self.filter(_in_time(review, late=True), withdrawn_at=None)

    def disputed_in(self, review: Any) -> "RemarkQuerySet":
        """What is for a meeting, said or by silence once the term of the next step is over. Nothing withdrawn is.

        Not answered yet: every remark. Not replied to yet: objections that were not accepted (silence never withdraws).
        Replied to: objections that the reply maintains.
        """
        of = "opinion__review_links__review__"
        unanswered = Q(**{f"{of}answers_sent_at": None})
        unreplied = Q(
            Q(**{f"{of}answers_sent_at__isnull": False, f"{of}replies_sent_at": None}),
            answer__outcome__in=[AnswerOutcome.PARTLY_ACCEPTED, AnswerOutcome.REJECTED],
            kind=RemarkKind.OBJECTION,
        )
        maintained = Q(
            Q(**{f"{of}replies_sent_at__isnull": False}),
            answer__reply__outcome=ReplyOutcome.MAINTAINED,
            answer__reply__sent_at__isnull=False,
            kind=RemarkKind.OBJECTION,
        )
        return self.filter(_in_time(review), unanswered | unreplied | maintained, withdrawn_at=None)


def _in_time(review: Any, *, late: bool = False) -> Q:
    return Q(
        opinion__review_links__review=review,
        opinion__review_links__state=OpinionLink.IN_FORCE,
        opinion__review_links__late=late,
    )


class Remark(models.Model):
    """A remark on one provision, in the language it was written in. Frozen at submission; later only withdrawn."""

    opinion = models.ForeignKey(ConsolidatedOpinion, on_delete=models.PROTECT, related_name="remarks")
    number = models.PositiveSmallIntegerField()
    provision = models.ForeignKey(Provision, on_delete=models.PROTECT, related_name="remarks")
    kind = models.CharField(_("kind"), max_length=10, choices=RemarkKind)
    text = models.TextField(_("remark"), max_length=20000)
    proposed_wording = models.TextField(_("proposed wording"), max_length=20000, blank=True)
    reasoning = models.TextField(_("reasoning"), max_length=20000, blank=True)
    state_interest = models.TextField(_("state interest"), max_length=5000, blank=True)
    local_interest = models.TextField(_("local interest"), max_length=5000, blank=True)
    lang = models.CharField(max_length=2, choices=TextLanguage, default=TextLanguage.KY)
    edit_version = models.PositiveIntegerField(default=1)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")

    objects = RemarkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["opinion", "number"], name="remark_number_unique"),
            models.CheckConstraint(name="remark_has_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="remark_withdrawn_by_someone",
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]


class Receipt(models.Model):
    """Proof of filing: number, time and hash. Issued in the filing's own transaction; append-only."""

    opinion = models.OneToOneField(ConsolidatedOpinion, on_delete=models.PROTECT, related_name="receipt")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="receipts")
    number = models.CharField(max_length=20, unique=True)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    late = models.BooleanField()
    single_officer = models.BooleanField(default=False)
    content_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="receipt_late_is_arithmetic",
                condition=Q(late=True, received_at__gte=models.F("due_at"))
                | Q(late=False, received_at__lt=models.F("due_at")),
            ),
        ]


class PaperOpinionQuerySet(models.QuerySet["PaperOpinion"]):
    def open(self) -> "PaperOpinionQuerySet":
        return self.filter(state__in=[PaperState.ENTERING, PaperState.AWAITING])

    def awaiting(self) -> "PaperOpinionQuerySet":
        return self.filter(state=PaperState.AWAITING)

    def locked(self, pk: int) -> "PaperOpinion":
        return self.select_for_update(of=("self",), no_key=True).select_related("organization").get(pk=pk)


class PaperOpinion(models.Model):
    """An opinion that came on paper or by e-mail: what its receiver entered of it, with the scan and the stamp's time.

    Closed to all but receiver, association and coordinators. Confirmed by the association's signatory it is filed as
    of `received_at`; the scan stays closed.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="papers")
    opinion = models.OneToOneField(ConsolidatedOpinion, on_delete=models.PROTECT, related_name="paper")
    channel = models.CharField(_("channel"), max_length=10, choices=PaperChannel)
    received_at = models.DateTimeField(_("received (by the stamp)"))
    incoming_number = models.CharField(_("incoming number"), max_length=80)
    scan = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    filename = models.CharField(max_length=255)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")  # the receiver
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=PaperState, default=PaperState.ENTERING)
    sent_at = models.DateTimeField(null=True, blank=True)  # to the association
    sent_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("reason"), max_length=4000, blank=True)  # of a dispute

    objects = PaperOpinionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review"],
                condition=Q(state__in=[PaperState.ENTERING, PaperState.AWAITING]),
                name="paper_opinion_one_open",
            ),
            models.CheckConstraint(
                name="paper_opinion_received_before_entered",
                condition=Q(received_at__lte=models.F("entered_at")),
            ),
            models.CheckConstraint(
                name="paper_opinion_is_stamped",
                condition=~Q(incoming_number="") & Q(channel__in=PaperChannel.values),
            ),
            models.CheckConstraint(
                name="paper_opinion_state_has_fact",
                condition=Q(
                    state=PaperState.ENTERING, sent_at=None, sent_by=None, decided_at=None, decided_by=None
                )
                | Q(
                    state=PaperState.AWAITING,
                    sent_at__isnull=False,
                    sent_by__isnull=False,
                    decided_at=None,
                    decided_by=None,
                )
                | Q(
                    state__in=[PaperState.CONFIRMED, PaperState.DISPUTED],
                    sent_at__isnull=False,
                    sent_by__isnull=False,
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                )
                | Q(state=PaperState.DISCARDED, decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="paper_opinion_dispute_has_reason",
                condition=Q(state=PaperState.DISPUTED) & ~Q(reason="")
                | ~Q(state=PaperState.DISPUTED) & Q(reason=""),
            ),
        ]


class RemarkAnswer(models.Model):
    """The ministry's answer to one remark. Drafts are closed; frozen when all are sent together."""

    remark = models.OneToOneField(Remark, on_delete=models.PROTECT, related_name="answer")
    outcome = models.CharField(_("answer"), max_length=20, choices=AnswerOutcome, blank=True)
    reason = models.TextField(_("reason"), max_length=20000, blank=True)
    wording = models.TextField(_("new wording"), max_length=20000, blank=True)
    lang = models.CharField(max_length=2, choices=TextLanguage, default=TextLanguage.KY)
    edit_version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="answer_sent_is_whole",
                condition=Q(sent_at=None) | (Q(outcome__in=AnswerOutcome.values) & ~Q(reason="")),
            ),
        ]

    @property
    def is_whole(self) -> bool:
        return bool(self.outcome and self.reason.strip())


class Reply(models.Model):
    """The association's reply to one answer: satisfied or maintained. Frozen when all are sent together."""

    answer = models.OneToOneField(RemarkAnswer, on_delete=models.PROTECT, related_name="reply")
    outcome = models.CharField(_("reply"), max_length=20, choices=ReplyOutcome, blank=True)
    text = models.TextField(_("words to the reply"), max_length=20000, blank=True)
    lang = models.CharField(max_length=2, choices=TextLanguage, default=TextLanguage.KY)
    edit_version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="reply_sent_is_whole", condition=Q(sent_at=None) | Q(outcome__in=ReplyOutcome.values)
            ),
        ]


class SilenceRecord(models.Model):
    """The ministry's answers or the association's replies did not come within their term: put on record once.

    The silence itself needs no row; this one keeps its journal line and its letters from being written twice.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="silences")
    term = models.OneToOneField(Term, on_delete=models.PROTECT, related_name="silence")
    side = models.CharField(max_length=12, choices=Silent)
    at = models.DateTimeField()


class ExpiryDecision(models.Model):
    """The coordinator's recorded decision on an expired review: effect, or a new term. Append-only."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="expiry_decisions")
    effect = models.CharField(_("decision"), max_length=10, choices=ExpiryEffect)
    reason = models.TextField(_("reason"), max_length=4000)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    term = models.OneToOneField(Term, on_delete=models.PROTECT, null=True, related_name="expiry_decision")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review"], condition=Q(effect=ExpiryEffect.EFFECT), name="expiry_effect_once"
            ),
            models.CheckConstraint(name="expiry_decision_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="expiry_new_term_has_term",
                condition=Q(effect=ExpiryEffect.EFFECT, term=None)
                | Q(effect=ExpiryEffect.NEW_TERM, term__isnull=False),
            ),
        ]


class ClosingNote(models.Model):
    """Note of agreement or of expiry: closes a review that has no remark to settle. Append-only."""

    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="closing_note")
    kind = models.CharField(max_length=10, choices=NoteKind)
    number = models.CharField(max_length=20, unique=True)
    issued_at = models.DateTimeField()
    canonical = models.TextField()
    content_hash = models.CharField(max_length=64)


class TermMove(models.Model):
    """What a confirmed outage did to a term that ended on its day: moved it, or left it, and why. Append-only."""

    outage = models.ForeignKey(Outage, on_delete=models.PROTECT, related_name="moves")
    earlier = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="moves")
    term = models.OneToOneField(Term, on_delete=models.PROTECT, null=True, related_name="moved_by")
    kept = models.CharField(max_length=20, choices=KeptTerm, blank=True)  # why the term was not moved
    # An opinion that had come late and lies within the term as moved.
    in_time = models.ForeignKey(ReviewOpinion, on_delete=models.PROTECT, null=True, related_name="moves")
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


class IdempotencyRecord(models.Model):
    """An Idempotency-Key of the API: the same key gives the same answer, and the work is done once."""

    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    use_case = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    response = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "use_case", "key"], name="idempotency_key_unique"),
        ]
