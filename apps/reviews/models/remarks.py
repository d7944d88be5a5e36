"""Remarks on provisions, their answers and the replies to these."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.draft_acts.enums import TextLanguage
from apps.draft_acts.models import Provision

from ..enums import AnswerOutcome, OpinionLink, RemarkKind, ReplyOutcome

USER = settings.AUTH_USER_MODEL


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

    opinion = models.ForeignKey(
        "reviews.ConsolidatedOpinion", on_delete=models.PROTECT, related_name="remarks"
    )
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
