"""What the pages of verification and of oversight ask for."""

from datetime import date
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.form_fields import MomentField
from apps.draft_acts.enums import TextLanguage
from apps.legal_text import sandbox
from apps.legal_text.errors import UnreadableText

from .sentences import ACTIONS, JOBS, LETTERS, sentence

MAX_FILE = 25 * 1024 * 1024


class NumberForm(forms.Form):
    """A number as it is printed on a document."""

    number = forms.CharField(
        label=_("Number of the document"),
        help_text=_("As it is printed, for example PA-2026-0001."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class FileForm(forms.Form):
    """A file to be compared with the register. It is read and forgotten."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("A PDF of up to 25 MB. It is read here and not kept."),
        allow_empty_file=True,
    )

    def clean_file(self):  # type: ignore[no-untyped-def]
        file = self.cleaned_data["file"]
        if file.size > MAX_FILE:
            raise forms.ValidationError(
                _("The file is larger than 25 MB. Documents of the portal are smaller.")
            )
        return file


LONGEST_TEXT = 1_000_000  # characters; long codes have a third of it


class AmendedForm(forms.Form):
    """The text in force that an act amends, pasted. It is read in a limited process and forgotten."""

    use_required_attribute = False
    language = forms.ChoiceField(
        label=_("Language of the text"),
        choices=[(code.value, capfirst(code.label)) for code in TextLanguage],
        widget=forms.RadioSelect,
    )
    current = forms.CharField(
        label=_("Text that this act amends"),
        help_text=_("Paste the text in force, from its title to its last article."),
        max_length=LONGEST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "mk-serif"}),
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if cleaned and cleaned.get("current") and cleaned.get("language"):
            data = cleaned["current"].encode("utf-8", "replace")
            try:
                cleaned["read"] = sandbox.read_in_child(
                    data, filename="text.txt", lang=str(cleaned["language"])
                )
            except UnreadableText as refusal:
                self.add_error("current", gettext(refusal.message))
        return cleaned


# --- filters of the journal and of the outbox -----------------------------------------------------------

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


class _Day(forms.DateField):
    """A day in Bishkek between years in which this portal can have been at work."""

    def __init__(self, label: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(label=label, required=False, input_formats=["%Y-%m-%d"], widget=widget)

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is not None and not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class _Filter(forms.Form):
    act = forms.CharField(label=_("Number of the draft"), required=False, max_length=40)
    since = _Day(_("From"))
    until = _Day(_("Until, inclusive"))

    def clean_act(self) -> str:
        number: str = self.cleaned_data["act"]
        return "".join(number.split()).removeprefix("№")

    @property
    def in_use(self) -> int:
        """How many of its values narrow the list."""
        return sum(1 for value in getattr(self, "cleaned_data", {}).values() if value not in (None, ""))


def _actions() -> list[tuple[str, str]]:
    return [("", str(_("All actions"))), *sorted(((a, sentence(a)) for a in ACTIONS), key=lambda row: row[1])]


class JournalFilterForm(_Filter):
    """By draft, action, organisation, person, days."""

    field_order = ["act", "action", "organization", "person", "since", "until"]
    action = forms.ChoiceField(label=_("Action"), required=False, choices=_actions)
    organization = forms.ChoiceField(label=_("Organisation"), required=False)
    person = forms.IntegerField(
        label=_("Number of the person"), required=False, min_value=1, max_value=2**31 - 1
    )

    def __init__(self, *args: Any, offices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].choices = [("", _("All organisations")), *offices]  # type: ignore[attr-defined]


STATES = [
    ("", _("All states")),
    ("waiting", _("Waiting")),
    ("sent", _("Sent or done")),
    ("failed", _("Given up")),
    ("retried", _("Tried more than once or failed at first")),
    ("skipped", _("Skipped")),
]


def _side_effects() -> list[Any]:
    letters = sorted(
        ((f"letter:{name}", str(word)) for name, word in LETTERS.items()), key=lambda row: row[1]
    )
    jobs = [(f"job:{name}", str(word)) for name, word in JOBS.items()]
    return [("", str(_("All letters and jobs"))), (str(_("Letters")), letters), (str(_("Jobs")), jobs)]


class OutboxFilterForm(_Filter):
    """By state, letter or job, draft, days."""

    field_order = ["state", "what", "act", "since", "until"]
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    what = forms.ChoiceField(label=_("Letter or job"), required=False, choices=_side_effects)


# --- the register of outages ----------------------------------------------------------------------------


class _NeededText(forms.CharField):
    """Shown as needed; what is missing or too long the service says. The browser cuts nothing."""

    def __init__(self, label: Any, help_text: Any = "") -> None:
        super().__init__(label=label, help_text=help_text, widget=forms.Textarea(attrs={"rows": 4}))

    def validate(self, value: Any) -> None:
        return


class OutageReportForm(forms.Form):
    """An outage that the heartbeat did not see."""

    use_required_attribute = False
    started_at = MomentField(label=_("Beginning"))
    ended_at = MomentField(label=_("End"))
    source = _NeededText(_("How it is known"), _("Everyone will read it."))


class MaintenanceForm(forms.Form):
    """Work on the portal, announced beforehand."""

    use_required_attribute = False
    starts_at = MomentField(label=_("Beginning"))
    ends_at = MomentField(label=_("End"))
    note = _NeededText(_("What is done"), _("Everyone will read it."))
    lang = forms.ChoiceField(
        label=_("Language of your text"),
        choices=[(code.value, capfirst(code.label)) for code in TextLanguage],
    )


class OutageDecisionForm(forms.Form):
    """The coordinator's decision."""

    use_required_attribute = False
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("confirm", _("The outage is confirmed")), ("refuse", _("The outage is not confirmed"))],
        widget=forms.RadioSelect(attrs={"data-side": "state"}),
    )
    reason = _NeededText(_("Reason"), _("Everyone will read it."))
