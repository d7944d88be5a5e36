"""What closes a review without remarks: the decision on an expiry, the notes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.organizations.models import Organization

from ..enums import ExpiryEffect, NoteKind

USER = settings.AUTH_USER_MODEL


class ExpiryDecision(models.Model):
    """The coordinator's recorded decision on an expired review: effect, or a new term. Append-only."""

    review = models.ForeignKey("reviews.Review", on_delete=models.PROTECT, related_name="expiry_decisions")
    effect = models.CharField(_("decision"), max_length=10, choices=ExpiryEffect)
    reason = models.TextField(_("reason"), max_length=4000)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    term = models.OneToOneField(
        "reviews.Term", on_delete=models.PROTECT, null=True, related_name="expiry_decision"
    )

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

    review = models.OneToOneField("reviews.Review", on_delete=models.PROTECT, related_name="closing_note")
    kind = models.CharField(max_length=10, choices=NoteKind)
    number = models.CharField(max_length=20, unique=True)
    issued_at = models.DateTimeField()
    canonical = models.TextField()
    content_hash = models.CharField(max_length=64)
