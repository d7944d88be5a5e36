"""The next draft in the making: what becomes of each accepted wording, and the words a provision gets.

Closed until a later version is public; from then on frozen, and the reasons of what was left stand beside its promise.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.draft_acts.enums import TextLanguage
from apps.draft_acts.models import Provision

from ..enums import MergeDecision
from .remarks import Remark

USER = settings.AUTH_USER_MODEL


class MergedProvision(models.Model):
    """The words that a provision of the newest public text gets in the next draft, as they were typed.

    Several accepted proposals on one provision have one text. `untranslated`: the language without new words is still
    to be translated.
    """

    provision = models.OneToOneField(Provision, on_delete=models.PROTECT, related_name="merged")
    wording_ky = models.TextField(max_length=100_000, blank=True)
    wording_ru = models.TextField(max_length=100_000, blank=True)
    untranslated = models.BooleanField(default=False)
    edit_version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")


class MergeChoice(models.Model):
    """What becomes of one accepted proposal: taken, taken with edits, or left, with a word why. A draft may be unfinished."""

    merged = models.ForeignKey(MergedProvision, on_delete=models.PROTECT, related_name="choices")
    remark = models.ForeignKey(Remark, on_delete=models.PROTECT, related_name="merge_choices")
    decision = models.CharField(max_length=10, choices=MergeDecision, blank=True)
    reason = models.TextField(max_length=4000, blank=True)
    lang = models.CharField(max_length=2, choices=TextLanguage, default=TextLanguage.KY)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merged", "remark"], name="merge_choice_once"),
            models.CheckConstraint(
                name="merge_choice_known", condition=Q(decision__in=["", *MergeDecision.values])
            ),
        ]
