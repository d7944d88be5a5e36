"""Opinions of associations, how they hang on reviews, and the proof of their filing."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.documents.models import StoredFile
from apps.draft_acts.enums import TextLanguage
from apps.organizations.models import Organization

from ..enums import OpinionLink, PaperChannel, PaperState, Verdict

USER = settings.AUTH_USER_MODEL


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

    review = models.ForeignKey("reviews.Review", on_delete=models.PROTECT, related_name="opinion_links")
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


class Receipt(models.Model):
    """Proof of filing: number, time and hash. Issued in the filing's own transaction; append-only."""

    opinion = models.OneToOneField(ConsolidatedOpinion, on_delete=models.PROTECT, related_name="receipt")
    review = models.ForeignKey("reviews.Review", on_delete=models.PROTECT, related_name="receipts")
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

    review = models.ForeignKey("reviews.Review", on_delete=models.PROTECT, related_name="papers")
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
