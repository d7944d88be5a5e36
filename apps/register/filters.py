"""What the public lists can be narrowed by. The same sets serve pages; each value in use becomes a chip."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from html import escape
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.clock import local_date
from apps.core.templatetags.mk import widget_attrs
from apps.draft_acts import search
from apps.draft_acts.enums import ActKind, ActState
from apps.draft_acts.models import DraftAct
from apps.passage.enums import DecisionKind
from apps.passage.models import Decision
from apps.protocols.enums import ProtocolKind, ProtocolState
from apps.protocols.models import AgreementProtocol
from apps.reviews.models import Review

from .selectors import lists
from .selectors.lists import Bodies

FIRST_YEAR = 2024
SOON = timedelta(days=5)
MAX_WORDS = 200  # characters of a search


@dataclass(frozen=True)
class Chip:
    """A value in use, and the address of the list without it."""

    name: str
    url: str


# --- where an act stands ---------------------------------------------------------------------------

STAGES = [
    ("open", _("Opinion awaited")),
    ("closing", _("Opinion awaited, ends within five days")),
    ("answers", _("Answers awaited")),
    ("replies", _("Reply, meeting, protocol")),
    ("expired", _("Term expired, effect not established")),
    ("registered", _("Registered, not opened yet")),
    ("certified", _("Certificate issued")),
    ("submitted", _("Submitted")),
    ("returned", _("Returned")),
    ("adopted", _("Adopted")),
    ("rejected", _("Not adopted")),
    ("withdrawn", _("Withdrawn by the initiator")),
    ("out_of_scope", _("Out of scope")),
]


def at_stage(code: str, at: datetime) -> Q:
    """Acts at a stage of the list STAGES, seen at a moment."""
    if code in ActState.values:
        return Q(state=code)
    reviews = Review.objects.filter(consultation__act=OuterRef("pk"))
    which = {
        "open": lambda: reviews.filter(filed_at=None, due_at__gt=at),
        "closing": lambda: reviews.filter(filed_at=None, due_at__gt=at, due_at__lte=at + SOON),
        "answers": lambda: reviews.answers_awaited(at),
        "replies": lambda: reviews.with_facts().filter(
            Q(answers_sent_at__isnull=False)
            | Q(filed_at__isnull=False, has_remarks=True, answers_due_at__lte=at)
        ),
        "expired": lambda: reviews.awaiting_effect(at),
    }[code]()
    return Q(state=ActState.IN_CONSULTATION) & Q(Exists(which))


# --- a select of hundreds ---


class LongSelect(forms.Select):
    """A select that writes its options in one go: a template an option takes longer than the rest of the page."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)
        options = "".join(
            f'<option value="{escape(str(code))}"{" selected" if str(code) == chosen else ""}>{escape(str(label))}</option>'
            for code, label in self.choices
        )
        given = widget_attrs(self.build_attrs(self.attrs, attrs), "mk-input")
        return format_html('<select name="{}"{}>{}</select>', name, given, mark_safe(options))


# --- sets of filters --------------------------------------------------------------------------------


def years(at: datetime) -> list[tuple[str, str]]:
    return [(str(year), str(year)) for year in range(local_date(at).year, FIRST_YEAR - 1, -1)]


class ListFilterSet(django_filters.FilterSet):
    """Choices come with the request: the moment and the organisations are read once, by the view."""

    q = django_filters.CharFilter(label=_("Words or number"), method="by_words", max_length=MAX_WORDS)

    def __init__(self, data: QueryDict, queryset: QuerySet, *, at: datetime, bodies: Bodies) -> None:
        self.at, self.bodies = at, bodies
        super().__init__(data=data, queryset=queryset)
        choices = {"initiator": bodies.initiators, "association": bodies.associations, "year": years(at)}
        for name, values in choices.items():
            if name in self.filters:
                # A function is handed on as it is; a list of hundreds would be copied deeply, twice a request.
                self.filters[name].extra["choices"] = partial(list, values)
                # A description of the API that was written before has made the form field, with the choices of then.
                vars(self.filters[name]).pop("_field", None)
        self.form.fields["q"].widget = forms.TextInput(attrs={"type": "search", "autocomplete": "off"})

    def given(self, name: str) -> Any:
        """The value of a filter, or None where it is absent or not one of those offered."""
        self.form.is_valid()
        return self.form.cleaned_data.get(name)

    @property
    def in_use(self) -> list[tuple[str, str]]:
        """Names and values that narrow the list, unknown ones left out."""
        found = []
        for name in self.form.fields:
            values = self.given(name)
            for value in values if isinstance(values, list) else [values]:
                if value not in (None, "", False):
                    found.append((name, "on" if value is True else str(value)))
        return found

    def chips(self) -> list[Chip]:
        return [Chip(self._word(name, value), self._without(name, value)) for name, value in self.in_use]

    def _word(self, name: str, value: str) -> str:
        field = self.form.fields[name]
        if name == "q":
            return f"«{value}»"
        choices = dict(getattr(field, "choices", ()))
        return str(choices.get(value, field.label))

    def _without(self, name: str, value: str) -> str:
        query = self.form.data.copy()
        left = [other for other in query.getlist(name) if other != value and name == "stage"]
        query.setlist(name, left)
        query.pop("page", None)
        return f"?{query.urlencode()}"

    def resembling(self) -> QuerySet | None:
        """What resembles the words when nothing matches them; None where a list does not look further."""
        return None

    @property
    def listed(self) -> QuerySet:
        """What the list shows. Values nobody offers are ignored one by one, not answered with an empty list."""
        return self.qs


class ActFilterSet(ListFilterSet):
    stage = django_filters.MultipleChoiceFilter(
        label=_("Stage"), choices=STAGES, method="by_stage", widget=forms.CheckboxSelectMultiple
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind of act"), choices=ActKind.choices, empty_label=_("All kinds")
    )
    initiator = django_filters.ChoiceFilter(
        label=_("Initiator"),
        field_name="initiator__code",
        choices=[],
        empty_label=_("All bodies"),
        widget=LongSelect,
    )
    association = django_filters.ChoiceFilter(
        label=_("Association"),
        method="by_association",
        choices=[],
        empty_label=_("All associations"),
        widget=LongSelect,
    )
    year = django_filters.ChoiceFilter(
        label=_("Year of registration"), method="by_year", choices=[], empty_label=_("All years")
    )
    disagreements = django_filters.BooleanFilter(
        label=_("With open disagreements"), method="by_disagreements", widget=forms.CheckboxInput
    )

    class Meta:
        model = DraftAct
        fields: list[str] = []

    def resembling(self) -> QuerySet | None:
        words = self.given("q")
        return lists.resembling(self.qs, words) if words else None

    def by_words(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset  # last, over what the other filters leave: see `listed`

    def by_stage(self, queryset: QuerySet, name: str, value: Iterable[str]) -> QuerySet:
        wanted = Q()
        for code in value:
            wanted |= at_stage(code, self.at)
        return queryset.filter(wanted)

    def by_association(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        addressed = Review.objects.filter(consultation__act=OuterRef("pk"), association__code=value)
        return queryset.filter(Exists(addressed))

    def by_year(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(number__startswith=f"{value}-")

    def by_disagreements(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        if not value:
            return queryset
        left_open = AgreementProtocol.objects.filter(
            review__consultation__act=OuterRef("pk"), state=ProtocolState.SIGNED, open_points__gt=0
        )
        return queryset.filter(Exists(left_open))

    @property
    def listed(self) -> QuerySet:
        return lists.found(self.qs, self.given("q") or "")


def _acts_by_words(words: str) -> QuerySet:
    return search.query(DraftAct.objects.public(), words).values("pk")


class ProtocolFilterSet(ListFilterSet):
    kind = django_filters.ChoiceFilter(
        label=_("Kind of protocol"), choices=ProtocolKind.choices, empty_label=_("All kinds")
    )
    initiator = django_filters.ChoiceFilter(
        label=_("Initiator"), field_name="review__consultation__act__initiator__code", choices=[],
        empty_label=_("All bodies"), widget=LongSelect,
    )  # fmt: skip
    association = django_filters.ChoiceFilter(
        label=_("Association"),
        field_name="review__association__code",
        choices=[],
        empty_label=_("All associations"),
        widget=LongSelect,
    )
    year = django_filters.ChoiceFilter(
        label=_("Year"), method="by_year", choices=[], empty_label=_("All years")
    )
    open = django_filters.BooleanFilter(
        label=_("With open points"), method="by_open_points", widget=forms.CheckboxInput
    )

    class Meta:
        model = AgreementProtocol
        fields: list[str] = []

    def by_words(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        number = Q(number__istartswith=value.strip().lstrip("№ ")[:20])
        return queryset.filter(number | Q(review__consultation__act__in=_acts_by_words(value)))

    def by_year(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(number__contains=f"-{value}-")

    def by_open_points(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        return queryset.filter(open_points__gt=0) if value else queryset


class DecisionFilterSet(ListFilterSet):
    kind = django_filters.ChoiceFilter(
        label=_("Decision"), choices=DecisionKind.choices, empty_label=_("All decisions")
    )
    initiator = django_filters.ChoiceFilter(
        label=_("Initiator"),
        field_name="act__initiator__code",
        choices=[],
        empty_label=_("All bodies"),
        widget=LongSelect,
    )
    year = django_filters.ChoiceFilter(
        label=_("Year"), field_name="day__year", choices=[], empty_label=_("All years")
    )

    class Meta:
        model = Decision
        fields: list[str] = []

    def by_words(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(
            Q(document_number__icontains=value.strip()[:80]) | Q(act__in=_acts_by_words(value))
        )


def nothing_found(filters: ListFilterSet, empty: Any) -> str:
    """What an empty list says: what was looked for, and what to do about it."""
    used = filters.in_use
    if not used:
        return str(empty)
    words = next((value for name, value in used if name == "q"), "")
    others = [chip.name for (name, _value), chip in zip(used, filters.chips(), strict=True) if name != "q"]
    first = (
        gettext("Nothing for “%(words)s”.") % {"words": words}
        if words
        else gettext("Nothing with these filters.")
    )
    if others:
        return f"{first} " + gettext("Remove the filter “%(filter)s” or try other words.") % {
            "filter": others[-1]
        }
    return f"{first} " + gettext("Try other words or a number.")
