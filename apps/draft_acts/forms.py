"""Forms of draft acts: they translate fields. What is right or wrong the services say, for page and API alike."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.errors import InvalidInput, VersionConflict
from apps.legal_text import steps
from apps.legal_text.outline import LADDER

from .enums import ActKind, FunctionChange, NormAuthority, NormState, Paper, PowerKind, TextLanguage
from .evidence import QUESTIONS


def add_refusal(form: forms.Form, refusal: InvalidInput) -> None:
    """Put a service's messages beside the fields they are about; those of no field of this form go on top."""
    for name, messages in refusal.fields.items():
        for message in messages:
            form.add_error(name if name in form.fields else None, message)
    if not refusal.fields:
        form.add_error(None, str(refusal))


def theirs(form: forms.Form, conflict: VersionConflict) -> list[tuple[Any, Any]]:
    """What a colleague stored, field by field, where it differs; the form is set to save over it when sent again."""
    form.data = form.data.copy()  # type: ignore[attr-defined]
    form.data[form.add_prefix("version")] = conflict.theirs.get("edit_version")  # type: ignore[index]
    different = []
    for name, value in conflict.theirs.items():
        field = form.fields.get(name)
        if field is None or str(value) == str(form.cleaned_data.get(name) or ""):
            continue
        choices = dict(getattr(field, "choices", []) or [])
        different.append((field.label, choices.get(value, value)))
    return different


class _Needed:
    """Asked for before registration, not before saving: not marked optional, and empty is no fault of the form."""

    def validate(self, value: Any) -> None:
        if value not in self.empty_values:  # type: ignore[attr-defined]
            super().validate(value)  # type: ignore[misc]


class NeededText(_Needed, forms.CharField):
    pass


class NeededDay(_Needed, forms.DateField):
    pass


class NeededInteger(_Needed, forms.IntegerField):
    """A whole number; blanks between its digits are no fault."""

    def to_python(self, value: Any) -> Any:
        typed = value
        if isinstance(value, str):
            typed = "".join(value.split()).replace("\u00a0", "").replace("\u202f", "")
        return super().to_python(typed)


class NeededChoice(_Needed, forms.TypedChoiceField):
    pass


class NewActForm(forms.Form):
    initiator = forms.TypedChoiceField(label=_("Initiator"), coerce=int)
    kind = forms.ChoiceField(label=_("Kind of act"), choices=[("", "—"), *ActKind.choices])

    def __init__(self, *args: Any, initiators: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["initiator"]
        field.choices = initiators  # type: ignore[attr-defined]
        if len(initiators) == 1:
            field.initial = initiators[0][0]
            field.widget = forms.HiddenInput()


class MendForm(forms.Form):
    """One step of mending a text. What makes sense at which unit legal_text.mending says."""

    do = forms.ChoiceField(choices=[(do, do) for do in steps.DOES])
    eid = forms.CharField(max_length=200)
    step = forms.IntegerField(min_value=0, max_value=10_000)
    place = forms.RegexField(r"^(heading|text):\d{1,7}$", required=False)
    words = forms.CharField(label=_("The first words of the new unit"), max_length=500, required=False)
    number = forms.CharField(label=_("Number as in the text"), max_length=40, required=False)
    kind = forms.ChoiceField(choices=[(kind, kind) for kind in LADDER], required=False)

    def operation(self) -> dict[str, Any]:
        """The operation that was asked for, in the words of legal_text.steps.apply."""
        given = self.cleaned_data
        operation = {"do": given["do"], "eid": given["eid"]}
        if given["do"] == "split":
            field, _colon, at = given["place"].partition(":")
            place = {"field": field, "at": int(at or 0)}
            return operation | ({"words": given["words"]} if given["words"] else place)
        return operation | {name: given[name] for name in _ASKS.get(given["do"], ())}


_ASKS = {"renumber": ("number",), "kind": ("kind",)}  # what an operation asks for besides its unit


class ActForm(forms.Form):
    """What a drafter types. No maxlength in the browser: it would cut a pasted text without a word."""

    use_required_attribute = False
    kind = forms.ChoiceField(label=_("Kind of act"), choices=ActKind.choices)
    amending = forms.BooleanField(
        label=_("The act amends other acts"),
        required=False,
        help_text=_("Then a comparison table belongs to its papers."),
    )
    title_ky = NeededText(label=_("Title in Kyrgyz"), widget=forms.Textarea(attrs={"rows": 3, "lang": "ky"}))
    title_ru = NeededText(label=_("Title in Russian"), widget=forms.Textarea(attrs={"rows": 3, "lang": "ru"}))
    summary_ky = forms.CharField(
        label=_("Summary in Kyrgyz"), required=False, widget=forms.Textarea(attrs={"rows": 6, "lang": "ky"})
    )
    summary_ru = forms.CharField(
        label=_("Summary in Russian"), required=False, widget=forms.Textarea(attrs={"rows": 6, "lang": "ru"})
    )
    public_discussion_url = forms.CharField(
        label=_("Address of the public discussion"),
        required=False,
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
        help_text=_("The page of this draft on Koomtalkuu, if there is one."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput(), required=False)

    def typed(self) -> dict[str, Any]:
        """The fields that can be kept, without the lock."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class AttachmentForm(forms.Form):
    # The function card is filled in on its own page.
    paper = forms.ChoiceField(
        label=_("Paper"),
        choices=[(code, word) for code, word in Paper.choices if code != Paper.FUNCTION_CARD],
    )
    language = forms.ChoiceField(
        label=_("Language of the paper"),
        required=False,
        choices=[("", _("not stated")), *TextLanguage.choices],
    )
    title = forms.CharField(label=_("Title of the paper"), required=False)
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # the service says what is wrong with it, for page and API alike
        help_text=_("PDF, DOCX, ODT, XLSX, TXT, PNG or JPEG, up to 40 MB."),
    )


def _yes_or_no(label: Any) -> forms.TypedChoiceField:
    return NeededChoice(
        label=label,
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect(attrs={"data-side": "state"}),
    )


def _why_no(label: Any) -> forms.CharField:
    return NeededText(
        label=label,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "When no: the portal found words about it, listed above. Everyone will read your reason."
        ),
    )


class ScopeForm(forms.Form):
    """`found`: provisions of the evidence by topic; where nothing was found, no reason of a "no" is asked."""

    use_required_attribute = False
    touches_lsg = _yes_or_no(QUESTIONS["concerns_lsg"])
    where = NeededText(
        label=_("Where"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("When yes: the articles, or the matter in a sentence."),
    )
    reason = NeededText(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("When no: why the act does not touch local self-government. Everyone will read it."),
    )
    touches_inter_budget = _yes_or_no(QUESTIONS["inter_budget"])
    reason_inter_budget = _why_no(_("Why it does not touch inter-budget relations"))
    touches_delegated_powers = _yes_or_no(QUESTIONS["delegated_powers"])
    reason_delegated_powers = _why_no(_("Why it does not touch delegated state powers"))
    function_without_money = forms.BooleanField(
        label=_("It gives a new or delegated function without a source of money"),
        required=False,
        help_text=_("Then the end of the opinion term alone does not settle these points."),
    )

    def __init__(self, *args: Any, found: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for topic in ("inter_budget", "delegated_powers"):
            if not found[topic]:
                del self.fields[f"reason_{topic}"]


class WithdrawForm(forms.Form):
    use_required_attribute = False
    reason = NeededText(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Everyone will read it."),
    )


class RestrictionForm(forms.Form):
    """Why, by whom and until when a paper is closed to the public."""

    use_required_attribute = False
    ground = NeededText(
        label=_("Ground"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The norm that allows it: the act, its article. Everyone will read it."),
    )
    officer_name = NeededText(label=_("Officer in charge"), help_text=_("Full name. Everyone will read it."))
    officer_position = NeededText(label=_("Position of the officer"))
    last_day = NeededDay(
        label=_("Last day of the restriction"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("At its end the file becomes public by itself."),
    )
    event = forms.CharField(
        label=_("Event that ends it earlier"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example, the publication of the report. Lift the restriction when it has happened."),
    )


class OpenPaperForm(forms.Form):
    use_required_attribute = False
    reason = NeededText(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays in the journal with this step."),
    )


class DecideNormsForm(forms.Form):
    """What is decided about the reference norms that are ticked in the list above it."""

    use_required_attribute = False
    decision = NeededChoice(
        label=_("Your decision on the norms that are ticked"),
        choices=[
            (NormState.CONFIRMED.value, _("Confirm: a bylaw is needed")),
            (NormState.DISMISSED.value, _("Dismiss: no bylaw is needed")),
        ],
        widget=forms.RadioSelect(attrs={"data-side": "state"}),
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "A dismissal needs it: for example, the bylaw is in force already. Everyone will read it."
        ),
    )


class NormForm(forms.Form):
    """A reference norm that is added by hand."""

    use_required_attribute = False
    eid = NeededChoice(label=_("Provision"))
    language = NeededChoice(label=_("Language of the words"), choices=TextLanguage.choices)
    phrase = NeededText(
        label=_("Words that leave the rule to a bylaw"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Copied from the provision, letter by letter."),
    )
    authority = NeededChoice(label=_("Body that is to issue the bylaw"), choices=NormAuthority.choices)
    delegated = forms.CharField(
        label=_("What is left to the bylaw"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example: the procedure of calculating transfers."),
    )
    reason = forms.CharField(
        label=_("Why it is a reference norm"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, provisions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["eid"].choices = [("", "—"), *provisions]  # type: ignore[attr-defined]


class BylawForm(forms.Form):
    """A draft that joins the package of a bill."""

    use_required_attribute = False
    bylaw = NeededChoice(label=_("Draft of a bylaw"))

    def __init__(self, *args: Any, drafts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bylaw"].choices = [("", "—"), *drafts]  # type: ignore[attr-defined]


class FunctionForm(forms.Form):
    """A function that a provision creates, moves or removes."""

    use_required_attribute = False
    eid = NeededChoice(label=_("Provision"))
    change = NeededChoice(
        label=_("What the provision does with the function"),
        choices=FunctionChange.choices,
        widget=forms.RadioSelect(attrs={"data-side": "state"}),
    )
    function = NeededText(
        label=_("Function"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What has to be done, in a sentence."),
    )
    holder_before = forms.CharField(
        label=_("Who holds it now"), required=False, help_text=_("Empty when the function is new.")
    )
    holder_after = forms.CharField(
        label=_("Who holds it afterwards"), required=False, help_text=_("Empty when the function is removed.")
    )
    power = NeededChoice(
        label=_("Own or delegated power"),
        choices=PowerKind.choices,
        widget=forms.RadioSelect(attrs={"data-side": "state"}),
    )
    yearly_som = NeededInteger(
        label=_("What it costs a year, so'm"),
        help_text=_("A whole number; 0 when it costs nothing."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    source = forms.CharField(
        label=_("Source of the money"),
        required=False,
        help_text=_("The budget and its line. Left empty, “no source” stands wherever the card is shown."),
    )

    def __init__(self, *args: Any, provisions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["eid"].choices = [("", "—"), *provisions]  # type: ignore[attr-defined]


class NoFunctionForm(forms.Form):
    """The statement that no function changes."""

    use_required_attribute = False
    reason = NeededText(
        label=_("Why no function changes"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In a sentence. Everyone will read it."),
    )
