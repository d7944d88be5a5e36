"""The scope statement: what the ministry signatory signs at registration."""

from django.conf import settings
from django.db import models
from django.db.models import F, Func, IntegerField, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from .acts import DraftAct

USER = settings.AUTH_USER_MODEL


def _found(topic: str) -> Coalesce:
    """How many provisions the evidence of a topic names, by the database."""
    rows = Func(F("evidence"), Value(topic), function="jsonb_extract_path")
    return Coalesce(Func(rows, function="jsonb_array_length", output_field=IntegerField()), 0)


class ScopeStatement(models.Model):
    """Does the act touch local self-government, inter-budget relations, delegated powers, and where. Append-only.

    `evidence` is what the portal had found in the texts when this was signed (evidence.Evidence). `canonical` holds the
    answers, the reasons and the evidence as they were signed, and `hash` is its SHA-256. Both are empty, and the
    evidence is null, in statements older than the evidence.
    """

    act = models.OneToOneField(DraftAct, on_delete=models.PROTECT, related_name="scope")
    touches_lsg = models.BooleanField(_("touches local self-government"))
    where = models.TextField(_("where"), max_length=4000, blank=True)
    reason = models.TextField(_("reason"), max_length=4000, blank=True)  # of a "no" to the first question
    touches_inter_budget = models.BooleanField(_("touches inter-budget relations"), default=False)
    reason_inter_budget = models.TextField(
        _("why it does not touch inter-budget relations"),
        max_length=4000,
        blank=True,
        default="",
        db_default="",
    )
    touches_delegated_powers = models.BooleanField(
        _("touches delegated state powers"), null=True
    )  # null: signed before it was asked
    reason_delegated_powers = models.TextField(
        _("why it does not touch delegated state powers"),
        max_length=4000,
        blank=True,
        default="",
        db_default="",
    )
    function_without_money = models.BooleanField(
        _("new or delegated function without a source of money"), default=False
    )
    found_lsg = models.PositiveIntegerField(default=0, db_default=0)  # provisions in the evidence, by topic
    found_inter_budget = models.PositiveIntegerField(default=0, db_default=0)
    found_delegated_powers = models.PositiveIntegerField(default=0, db_default=0)
    evidence = models.JSONField(null=True)
    canonical = models.TextField(blank=True, default="", db_default="")
    hash = models.CharField(max_length=64, blank=True, default="", db_default="")
    signed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="scope_no_has_reason", condition=Q(touches_lsg=True) | ~Q(reason="")),
            models.CheckConstraint(
                name="scope_yes_says_where", condition=Q(touches_lsg=False) | ~Q(where="")
            ),
            models.CheckConstraint(
                name="scope_no_against_evidence",
                condition=(
                    Q(touches_inter_budget=True) | Q(found_inter_budget=0) | ~Q(reason_inter_budget="")
                )
                & (
                    Q(touches_delegated_powers__isnull=False, touches_delegated_powers=True)
                    | Q(found_delegated_powers=0)
                    | ~Q(reason_delegated_powers="")
                ),
            ),
            models.CheckConstraint(
                name="scope_signed_is_whole",
                condition=Q(hash="", canonical="", evidence__isnull=True)
                | (Q(touches_delegated_powers__isnull=False) & ~Q(hash="") & ~Q(canonical="")),
            ),
            models.CheckConstraint(
                name="scope_evidence_is_counted",
                condition=Q(found_lsg=_found("concerns_lsg"))
                & Q(found_inter_budget=_found("inter_budget"))
                & Q(found_delegated_powers=_found("delegated_powers")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.act)
