"""Reference norms: places of a text that leave a rule to a bylaw of the executive."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.legal_text import screening

from ..enums import NormAuthority, NormOrigin, NormState, TextLanguage
from .acts import DraftActVersion
from .packages import PackageMember

USER = settings.AUTH_USER_MODEL


class ReferenceNorm(models.Model):
    """One delegation to a bylaw, level in both languages: where it stands, what it leaves to whom, what was decided.

    Found by the portal or added by hand. The database freezes its place with the version, and the decision with the
    opening of the consultation.
    """

    version = models.ForeignKey(DraftActVersion, on_delete=models.PROTECT, related_name="norms")
    number = models.PositiveSmallIntegerField()  # within the version: its address on the page
    eid = models.CharField(max_length=200)
    authority = models.CharField(_("expected body"), max_length=40, choices=NormAuthority)
    phrase_ky = models.TextField(blank=True)
    start_ky = models.PositiveIntegerField(null=True)  # in the text of the provision, in characters
    body_ky = models.TextField(blank=True)  # the body as the text names it
    delegated_ky = models.TextField(blank=True)  # what is left to the bylaw, in the words of the text
    rule_ky = models.CharField(max_length=40, blank=True)  # how it was found: legal_text.screening.REASONS
    phrase_ru = models.TextField(blank=True)
    start_ru = models.PositiveIntegerField(null=True)
    body_ru = models.TextField(blank=True)
    delegated_ru = models.TextField(blank=True)
    rule_ru = models.CharField(max_length=40, blank=True)
    origin = models.CharField(max_length=10, choices=NormOrigin)
    state = models.CharField(max_length=10, choices=NormState, default=NormState.FOUND)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    lang = models.CharField(max_length=2, choices=TextLanguage, blank=True)  # of the reason
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    fulfilled_by = models.ForeignKey(  # the draft of its bylaw in the package of the bill
        PackageMember, on_delete=models.PROTECT, null=True, related_name="norms"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="norm_number_unique"),
            models.CheckConstraint(
                name="norm_has_phrase",
                condition=(~Q(phrase_ky="") & Q(start_ky__isnull=False))
                | (~Q(phrase_ru="") & Q(start_ru__isnull=False)),
            ),
            models.CheckConstraint(
                name="norm_decision_is_whole",
                condition=Q(state=NormState.FOUND, decided_at=None, decided_by=None, reason="")
                | Q(state=NormState.CONFIRMED, decided_at__isnull=False, decided_by__isnull=False)
                | (
                    Q(state=NormState.DISMISSED, decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(reason="")
                ),
            ),
            models.CheckConstraint(
                name="norm_by_hand_is_decided",
                condition=Q(origin=NormOrigin.PORTAL) | ~Q(state=NormState.FOUND),
            ),
            models.CheckConstraint(
                name="norm_fulfilled_is_confirmed",
                condition=Q(fulfilled_by=None) | Q(state=NormState.CONFIRMED),
            ),
            models.CheckConstraint(
                name="norm_words_known",
                condition=Q(authority__in=NormAuthority.values, origin__in=NormOrigin.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.eid} {self.number}"

    @property
    def why(self) -> str:
        """Why the portal took it for a reference norm, in the language of the page; empty when added by hand."""
        reason = screening.REASONS.get(self.rule_ky or self.rule_ru, "")
        return gettext(reason) if reason else ""

    def phrase(self, language: str) -> str:
        return self.phrase_ky if language == TextLanguage.KY else self.phrase_ru

    def start(self, language: str) -> int | None:
        return self.start_ky if language == TextLanguage.KY else self.start_ru
