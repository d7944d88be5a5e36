from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from .enums import Kind, NoteStatus


@dataclass(frozen=True, slots=True)
class LocalName:
    """A name and the language it is in, for the `lang` attribute where that is not the page's language."""

    text: str
    lang: str

    def __str__(self) -> str:
        return self.text


class TerritoryQuerySet(models.QuerySet["Territory"]):
    def valid_on(self, day: date) -> "TerritoryQuerySet":
        """Units that exist on that day; an unknown date counts as no limit."""
        begun = Q(valid_from=None) | Q(valid_from__lte=day)
        return self.filter(begun, Q(valid_to=None) | Q(valid_to__gte=day))

    def of_kind(self, *kinds: str) -> "TerritoryQuerySet":
        return self.filter(kind__in=kinds)

    def without_kyrgyz_name(self) -> "TerritoryQuerySet":
        return self.filter(name_ky="")


class Territory(models.Model):
    """An administrative or territorial unit under its stable code, with the dates between which it exists."""

    code = models.CharField(max_length=20, unique=True)  # state classifier SOATE, 14 digits
    kind = models.CharField(max_length=15, choices=Kind.choices)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    name_ky = models.CharField(max_length=150, blank=True)  # empty where no Kyrgyz form is confirmed
    name_ru = models.CharField(max_length=150)
    name_en = models.CharField(max_length=150, blank=True)
    valid_from = models.DateField(null=True, blank=True)  # empty where not known
    valid_to = models.DateField(null=True, blank=True)
    successor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors"
    )
    note_status = models.CharField(max_length=15, choices=NoteStatus.choices)
    note = models.CharField(max_length=300, blank=True)

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "territories"
        indexes = [models.Index(fields=["kind", "name_ru"], name="territory_kind_name")]
        constraints = [
            models.CheckConstraint(name="territory_code_digits", condition=Q(code__regex=r"^[0-9]{14}$")),
            models.CheckConstraint(name="territory_kind", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(
                name="territory_note_status", condition=Q(note_status__in=NoteStatus.values)
            ),
            models.CheckConstraint(name="territory_named", condition=~Q(name_ru="")),
            models.CheckConstraint(
                name="territory_ends_after_it_begins",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="territory_successor_of_an_ended_one",
                condition=Q(successor=None) | Q(valid_to__isnull=False),
            ),
            models.CheckConstraint(
                name="territory_not_its_own_relative",
                condition=(Q(parent=None) | ~Q(parent=F("id"))) & (Q(successor=None) | ~Q(successor=F("id"))),
            ),
        ]

    def __str__(self) -> str:
        return self.name_ru

    def name(self, lang: str | None = None) -> LocalName:
        """The name in `lang` (the page's by default), else the Russian one, with the language it is in."""
        wanted = (lang or get_language() or "ky")[:2]
        texts = {"ky": self.name_ky, "ru": self.name_ru, "en": self.name_en}
        return LocalName(texts[wanted], wanted) if texts.get(wanted) else LocalName(self.name_ru, "ru")
