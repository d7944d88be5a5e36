"""A round of consultation and, in it, the review of each association."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When

from apps.deadlines.enums import Stage
from apps.deadlines.models import ProcedureTemplate
from apps.draft_acts.models import DraftAct, DraftActVersion
from apps.organizations import policies as organization_policies
from apps.organizations.models import Organization

from .. import proofs
from ..enums import ConsultationKind
from .remarks import Remark
from .terms import Term

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
