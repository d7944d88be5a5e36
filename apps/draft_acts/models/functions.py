"""The function card: what an act gives to local self-government, moves or takes away, and with what money."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..enums import FunctionChange, PowerKind, TextLanguage
from .acts import DraftActVersion

USER = settings.AUTH_USER_MODEL


class CardFunction(models.Model):
    """A function that a provision creates, moves or removes. An empty `source` says: no source of money.

    Frozen by the database with the version, as the text is.
    """

    version = models.ForeignKey(DraftActVersion, on_delete=models.PROTECT, related_name="functions")
    number = models.PositiveSmallIntegerField()  # within the version
    eid = models.CharField(max_length=200)
    change = models.CharField(_("change"), max_length=10, choices=FunctionChange)
    function = models.TextField(_("function"), max_length=1000)
    holder_before = models.CharField(_("holder before"), max_length=300, blank=True)
    holder_after = models.CharField(_("holder after"), max_length=300, blank=True)
    power = models.CharField(_("own or delegated"), max_length=10, choices=PowerKind)
    source = models.CharField(_("source of money"), max_length=500, blank=True)
    yearly_som = models.BigIntegerField(
        _("sum a year, so'm")
    )  # what it costs, whether there is a source or not
    lang = models.CharField(max_length=2, choices=TextLanguage)  # what was typed was typed in it
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="function_number_unique"),
            models.CheckConstraint(
                name="function_says_what",
                condition=~Q(function="") & Q(yearly_som__gte=0) & Q(power__in=PowerKind.values),
            ),
            models.CheckConstraint(
                name="function_has_holders",
                condition=(Q(change=FunctionChange.CREATES) & ~Q(holder_after=""))
                | (
                    Q(change=FunctionChange.MOVES)
                    & ~Q(holder_before="")
                    & ~Q(holder_after="")
                    & ~Q(holder_before=F("holder_after"))
                )
                | (Q(change=FunctionChange.REMOVES) & ~Q(holder_before="")),
            ),
        ]

    @property
    def without_source(self) -> bool:
        """A function somebody has to carry, and no source of money is named. A removed one costs nobody anything."""
        return not self.source and self.change != FunctionChange.REMOVES


class NoFunction(models.Model):
    """The statement that a version creates, moves and removes no function of local self-government: an empty card."""

    version = models.OneToOneField(DraftActVersion, on_delete=models.PROTECT, related_name="no_function")
    reason = models.TextField(_("reason"), max_length=2000)
    lang = models.CharField(max_length=2, choices=TextLanguage)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(name="no_function_has_reason", condition=~Q(reason=""))]
