"""Forms of the consultation: they translate fields. What is right or wrong the services say, for page and API alike."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from apps.core import statuses
from apps.core.dates import language
from apps.core.form_fields import MomentField
from apps.draft_acts.enums import TextLanguage
from apps.draft_acts.forms import add_refusal, theirs

from .enums import REPLIES_TO, AnswerOutcome, ExpiryEffect, MergeDecision, PaperChannel, RemarkKind, Verdict
from .merging import Unit
from .models import Remark
from .selectors import AssociationLoad, ProvisionChoice

__all__ = [
    "AnswerForm",
    "ConsultationForm",
    "ExpiryForm",
    "MergeForm",
    "OpinionForm",
    "PaperForm",
    "PlaceForm",
    "RemarkForm",
    "ReplyForm",
    "add_refusal",
    "theirs",
]


class NeededText(forms.CharField):
    """Shown as needed, kept while it is still empty: a draft may be unfinished, the step that sends it may not."""

    def validate(self, value: Any) -> None:
        return


class NeededChoice(forms.ChoiceField):
    """The same for a choice: nothing chosen yet is a draft's right, a value of one's own invention is not."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


def _text(
    label: Any, rows: int, help_text: Any = "", *, needed: bool = False, **attrs: Any
) -> forms.CharField:
    """No maxlength in the browser: it would cut a pasted text without a word."""
    widget = forms.Textarea(attrs={"rows": rows, **attrs})
    if needed:
        return NeededText(label=label, help_text=help_text, widget=widget)
    return forms.CharField(label=label, required=False, help_text=help_text, widget=widget)


def _words(group: str, values: Iterable[str]) -> list[tuple[str, Any]]:
    """Choices in the words that the same statuses have everywhere else."""
    return [(str(value), statuses.get(group, value).word) for value in values]


def _language_field() -> forms.ChoiceField:
    return NeededChoice(
        label=_("Language of your text"),
        choices=[(language.value, capfirst(language.label)) for language in TextLanguage],
        help_text=_("The text stays in the language it was written in."),
    )


def own_language() -> str:
    """The language a new text is first offered in: that of the page, where it is Kyrgyz or Russian."""
    return language() if language() in TextLanguage.values else TextLanguage.KY


class Locked(forms.Form):
    """A text that two people may have open: `version` is what this page started from."""

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput(), required=False)

    def typed(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def seen(self) -> int:
        return self.cleaned_data.get("version") or 0


class ConsultationForm(forms.Form):
    """Associations proposed by rule, all of them addressed unless one is taken out, with a reason for it."""

    def __init__(self, *args: Any, loads: Iterable[AssociationLoad], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.loads = list(loads)
        for load in self.loads:
            key = load.association.pk
            self.fields[f"addressed_{key}"] = forms.BooleanField(
                label=load.association.name(language()), required=False, initial=True
            )
            self.fields[f"reason_{key}"] = _text(
                _("Reason, if this association is left out"), 2, _("Everyone will read it.")
            )

    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                "load": load,
                "addressed": self[f"addressed_{load.association.pk}"],
                "reason": self[f"reason_{load.association.pk}"],
            }
            for load in self.loads
        ]

    def association_ids(self) -> list[int]:
        return [x.association.pk for x in self.loads if self.cleaned_data[f"addressed_{x.association.pk}"]]

    def reasons(self) -> dict[int, str]:
        return {x.association.pk: self.cleaned_data[f"reason_{x.association.pk}"] for x in self.loads}


class OpinionForm(Locked):
    verdict = NeededChoice(
        label=_("Verdict"),
        choices=_words("opinion", Verdict.values),
        widget=forms.RadioSelect(attrs={"data-status": "opinion", "data-side": "communities"}),
    )
    statement = _text(_("General statement"), 8, _("What concerns the act as a whole. It may stay empty."))
    lang = _language_field()


class RemarkForm(Locked):
    remark = forms.IntegerField(widget=forms.HiddenInput(), required=False)
    provision = NeededChoice(label=_("Provision"))
    kind = NeededChoice(
        label=_("Kind"),
        choices=_words("remark", RemarkKind.values),
        widget=forms.RadioSelect(
            attrs={"data-status": "remark", "data-side": "communities", "data-wide": True}
        ),
        help_text=_("Both must be answered; an objection may go to a conciliation meeting."),
    )
    text = _text(_("Remark"), 5, needed=True)
    proposed_wording = _text(_("Proposed wording"), 4, **{"class": "mk-serif"})
    reasoning = _text(_("Reasoning"), 4)
    state_interest = _text(_("Interest of the state"), 2, _("What the state gains or keeps by this change."))
    local_interest = _text(
        _("Interest of the communities"), 2, _("What communities gain or keep by this change.")
    )
    lang = _language_field()

    def __init__(self, *args: Any, provisions: Iterable[ProvisionChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(choice.pk, "\u2003" * choice.depth + choice.label) for choice in provisions]
        self.fields["provision"].choices = [("", _("Choose a provision")), *rows]  # type: ignore[attr-defined]

    def texts(self) -> dict[str, Any]:
        return {name: value for name, value in self.typed().items() if name not in {"remark", "provision"}}


class AnswerForm(Locked):
    outcome = NeededChoice(
        label=_("Answer"),
        choices=_words("answer", AnswerOutcome.values),
        widget=forms.RadioSelect(attrs={"data-status": "answer", "data-side": "state", "data-wide": True}),
    )
    wording = _text(_("Wording that will enter the draft"), 3, **{"class": "mk-serif"})
    reason = _text(
        _("Reason"),
        4,
        _("At least one sentence. The association and everyone else will read it."),
        needed=True,
    )
    lang = _language_field()


class ReplyForm(Locked):
    outcome = NeededChoice(
        label=_("Reply"),
        widget=forms.RadioSelect(
            attrs={"data-status": "reply", "data-side": "communities", "data-wide": True}
        ),
    )
    text = _text(_("Words to the reply"), 3)
    lang = _language_field()

    def __init__(self, *args: Any, remark: Remark, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        replies = REPLIES_TO[RemarkKind(remark.kind)]
        self.fields["outcome"].choices = _words("reply", replies)  # type: ignore[attr-defined]


class ExpiryForm(forms.Form):
    use_required_attribute = False
    effect = NeededChoice(
        label=_("Decision"),
        choices=[(effect.value, capfirst(effect.label)) for effect in ExpiryEffect],
        widget=forms.RadioSelect(attrs={"data-side": "state"}),
    )
    days = forms.IntegerField(label=_("Working days of the new term"), required=False)
    reason = _text(_("Reason"), 4, _("Everyone will read it."), needed=True)


class NeededMoment(MomentField):
    """The same for a moment."""

    def validate(self, value: Any) -> None:
        return


class NeededFile(forms.FileField):
    """The same for a file: a file kept before needs no other, so the service says whether one is missing."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        return super().clean(data, initial) if data else None


class PaperForm(OpinionForm):
    """What a receiver enters of an opinion that came on paper or by e-mail."""

    field_order = ["version", "channel", "received_at", "incoming_number", "scan"]
    channel = NeededChoice(
        label=_("How it came"),
        choices=[(channel.value, capfirst(channel.label)) for channel in PaperChannel],
        widget=forms.RadioSelect(attrs={"data-side": "state"}),
    )
    received_at = NeededMoment(
        label=_("Day and time of the stamp"),
        help_text=_("As it stands on the stamp or in the header of the letter, Bishkek time (+06:00)."),
    )
    incoming_number = NeededText(label=_("Incoming number"), help_text=_("As it stands on the stamp."))
    scan = NeededFile(
        label=_("Scan with the stamp, or the letter"),
        allow_empty_file=True,
        help_text=_(
            "PDF, PNG or JPEG; an e-mail also as TXT. Only the association, the initiator and the coordinators see it."
        ),
    )


class PlaceForm(forms.Form):
    """Where a remark belongs in a later text. `closes`: the person may say that it does not apply any more."""

    CLOSES = "none"

    provision = forms.ChoiceField(label=_("Provision of the newest text"))
    reason = _text(
        _("Reason"), 4, _("Needed when the remark does not apply any more. Everyone will read it.")
    )

    def __init__(
        self, *args: Any, provisions: Iterable[ProvisionChoice], closes: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        rows = [(choice.pk, "\u2003" * choice.depth + choice.label) for choice in provisions]
        last = [(self.CLOSES, _("It does not apply any more"))] if closes else []
        if not closes:
            self.fields["reason"].help_text = _("Everyone will read it.")
        self.fields["provision"].choices = [("", _("Choose a provision")), *rows, *last]  # type: ignore[attr-defined]

    def own_language(self) -> str:
        return own_language()


class MergeForm(Locked):
    """What becomes of the accepted proposals on one provision, and the words it gets, in the languages that have it."""

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, initial=_typed_so_far(unit), auto_id=f"m{unit.provision.pk}_%s", **kwargs)
        self.unit = unit
        for proposal in unit.proposals:
            key, said = proposal.remark.pk, {"number": proposal.remark.number}
            said["association"] = proposal.promise.review.association.short_name(language())
            self.fields[f"decision_{key}"] = NeededChoice(
                label=_("Remark №%(number)s, %(association)s") % said,
                choices=_words("merge", MergeDecision.values),
                widget=forms.RadioSelect(
                    attrs={"data-status": "merge", "data-side": "state", "data-wide": True}
                ),
            )
            self.fields[f"reason_{key}"] = _text(
                _("Why №%(number)s of %(association)s is left for later") % said,
                2,
                _(
                    "Needed only then. Everyone will read it beside the promise once the new version is public."
                ),
            )
        for code in unit.present:
            rows = min(12, 3 + len(unit.typed[code]) // 90)
            self.fields[f"wording_{code}"] = _text(
                _NEW_WORDS[code],
                rows,
                _without_number(unit, code),
                needed=True,
                **{"class": "mk-serif", "lang": code},
            )
        if len(unit.present) > 1:
            self.fields["untranslated"] = forms.BooleanField(
                label=_("The other language is still to be translated"),
                required=False,
                help_text=_(
                    "It keeps its words for now; the next draft shows that place as a doubt until it is mended."
                ),
            )

    def fields_typed(self) -> dict[str, Any]:
        """The fields as `services.save_merged` takes them."""
        data = self.typed()
        choices = {
            p.remark.pk: (data.get(f"decision_{p.remark.pk}", ""), data.get(f"reason_{p.remark.pk}", ""))
            for p in self.unit.proposals
        }
        words = {f"wording_{code}": data.get(f"wording_{code}", "") for code in self.unit.present}
        return {**words, "untranslated": data.get("untranslated"), "choices": choices, "lang": own_language()}


_NEW_WORDS = {
    "ky": _("Words of the provision in Kyrgyz, as they will stand"),
    "ru": _("Words of the provision in Russian, as they will stand"),
}


def _without_number(unit: Unit, code: str) -> Any:
    if unit.has_title(code):
        return _("The title on the first line, the text on the next. The number is not typed.")
    return _("One paragraph. The number is not typed.")


def _typed_so_far(unit: Unit) -> dict[str, Any]:
    found: dict[str, Any] = {f"wording_{code}": words for code, words in unit.typed.items()}
    for proposal in unit.proposals:
        found[f"decision_{proposal.remark.pk}"] = proposal.decision
        found[f"reason_{proposal.remark.pk}"] = proposal.reason
    return {**found, "untranslated": unit.untranslated, "version": unit.edit_version}
