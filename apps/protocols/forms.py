"""Input of the conciliation and signing pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .enums import PointOutcome, Side


def _people(text: str) -> list[dict[str, str]]:
    """One person a line: "Name, position"."""
    found = []
    for line in text.splitlines():
        name, _comma, position = line.strip().partition(",")
        if name.strip():
            found.append({"name": name.strip()[:200], "position": position.strip()[:300]})
    return found


class Locked(forms.Form):
    """A form that two people may have open: `version` is what this page started from; `theirs` is set by a conflict."""

    version = forms.IntegerField(widget=forms.HiddenInput(), required=False)
    theirs: list[tuple[Any, Any]] | None = None

    def seen(self) -> int:
        return self.cleaned_data.get("version") or 0

    def typed(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class MeetingForm(Locked):
    day = forms.DateField(label=_("Day of the meeting"), widget=forms.DateInput(attrs={"type": "date"}))
    place = forms.CharField(
        label=_("Place or link"),
        max_length=500,
        help_text=_("The room and its address, or the address of the video call."),
    )
    state_people = forms.CharField(
        label=_("Present for the state body"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One person a line: name, position."),
    )
    association_people = forms.CharField(
        label=_("Present for the association"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One person a line: name, position."),
    )
    recorder = forms.CharField(
        label=_("Who recorded the meeting"), max_length=200, help_text=_("The name stands in the protocol.")
    )

    def attendees(self) -> list[dict[str, str]]:
        """The people of both sides as the service wants them."""
        sides = ((Side.STATE, "state_people"), (Side.ASSOCIATION, "association_people"))
        return [
            {"side": str(side), **person}
            for side, field in sides
            for person in _people(self.cleaned_data[field])
        ]


class OutcomeForm(Locked):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=PointOutcome.choices, widget=forms.RadioSelect)
    wording_ky = forms.CharField(
        label=_("Wording in Kyrgyz"),
        max_length=20000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "ky"}),
    )
    wording_ru = forms.CharField(
        label=_("Wording in Russian"),
        max_length=20000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "ru"}),
    )
    note = forms.CharField(
        label=_("What the sides said"),
        max_length=10000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, may_withdraw: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_withdraw:
            self.fields["outcome"].choices = [  # type: ignore[attr-defined]
                choice for choice in PointOutcome.choices if choice[0] != PointOutcome.WITHDRAWN
            ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("outcome") == PointOutcome.COMPROMISE and not (
            cleaned.get("wording_ky", "").strip() or cleaned.get("wording_ru", "").strip()
        ):
            self.add_error("wording_ky", _("A compromise needs its wording, at least in one language."))
        return cleaned


class SignForm(forms.Form):
    content_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)


class AnnulForm(forms.Form):
    reason = forms.CharField(
        label=_("Why this protocol is abandoned"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
