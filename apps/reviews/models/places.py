"""Where a frozen remark belongs in a later text: rows of their own, the remark itself is never rewritten."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.draft_acts.enums import TextLanguage
from apps.draft_acts.models import DraftActVersion, Provision

from ..enums import PlaceCause, PlaceOutcome
from .remarks import Remark

USER = settings.AUTH_USER_MODEL


class RemarkPlace(models.Model):
    """The place of a remark in one later version. The last row of a version rules; append-only.

    The portal carries a remark or says that it lost its place; a person chooses a provision, or says why the remark
    does not apply any more.
    """

    remark = models.ForeignKey(Remark, on_delete=models.PROTECT, related_name="places")
    version = models.ForeignKey(DraftActVersion, on_delete=models.PROTECT, related_name="remark_places")
    provision = models.ForeignKey(Provision, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=12, choices=PlaceOutcome)
    cause = models.CharField(max_length=10, choices=PlaceCause, blank=True)
    reason = models.TextField(_("reason"), max_length=4000, blank=True)
    lang = models.CharField(max_length=2, choices=TextLanguage, default=TextLanguage.KY)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="place_outcome_has_fact",
                condition=Q(outcome=PlaceOutcome.CARRIED, provision__isnull=False, decided_by=None, cause="")
                | Q(outcome=PlaceOutcome.DISPLACED, provision=None, decided_by=None) & ~Q(cause="")
                | Q(outcome=PlaceOutcome.CHOSEN, provision__isnull=False, decided_by__isnull=False, cause="")
                | Q(outcome=PlaceOutcome.CLOSED, provision=None, decided_by__isnull=False, cause="")
                & ~Q(reason=""),
            ),
        ]
        indexes = [models.Index(fields=["version", "remark", "-id"], name="place_ruling")]
