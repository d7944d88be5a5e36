"""Input at the doors."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .enums import DecisionKind


class DecisionForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Decision"),
        choices=DecisionKind.choices,
        widget=forms.RadioSelect(attrs={"data-side": "state"}),
    )
    day = forms.DateField(label=_("Date of the decision"), widget=forms.DateInput(attrs={"type": "date"}))
    document_number = forms.CharField(
        label=_("Number of the decision"),
        max_length=80,
        help_text=_("As it stands on the document: the incoming number, the number of the resolution."),
    )
    text = forms.CharField(
        label=_("Text of the decision"),
        max_length=20000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The text or the address below: one of them is enough."),
    )
    link = forms.URLField(
        label=_("Address of the decision"),
        max_length=500,
        required=False,
        assume_scheme="https",
    )

    def __init__(self, *args: Any, kinds: list[DecisionKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        if len(kinds) == 1:
            self.fields["kind"].initial = kinds[0].value

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "text" in cleaned and not (
            cleaned.get("text", "").strip() or cleaned.get("link") or "link" in self.errors
        ):
            self.add_error("text", _("Give the text of the decision or its address."))
        return cleaned
