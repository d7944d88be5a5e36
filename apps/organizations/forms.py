"""Forms of the administration pages."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.accounts.erasure import BY_HAND
from apps.accounts.models import User

from .enums import POWER_ROLES, ROLES_OF_KIND, OrganizationKind, Rank, Role
from .models import Organization
from .services import EDITABLE


class OrganizationForm(forms.ModelForm):
    """Names and marks of an organisation; the marks that fit its kind only."""

    class Meta:
        model = Organization
        fields = EDITABLE
        help_texts = {
            "name_en": _("Where it is empty, the Russian name stands."),
            "is_national": _("A national association is addressed by rule at every consultation."),
            "coordinates": _(
                "Its coordinators decide on completeness, disputes and expired terms of other bodies."
            ),
            "single_officer": _("The receipt then says that one person prepared and signed."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.instance.kind
        if kind:
            if kind != OrganizationKind.ASSOCIATION:
                del self.fields["is_national"], self.fields["single_officer"]
            if kind != OrganizationKind.STATE_BODY:
                del self.fields["coordinates"]

    def validate_constraints(self) -> None:
        """The use-case says in words what the constraints say in SQL."""

    def validate_unique(self) -> None:
        """The same."""


class NewOrganizationForm(OrganizationForm):
    """The same with code and kind, which never change afterwards."""

    class Meta(OrganizationForm.Meta):
        fields = ("code", "kind", *EDITABLE)
        help_texts = {
            **OrganizationForm.Meta.help_texts,
            "code": _("Latin letters, digits and hyphens; it becomes part of addresses and never changes."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [
            choice for choice in OrganizationKind.choices if choice[0] != OrganizationKind.OPERATOR
        ]

    def body_fields(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name in EDITABLE}


class RoleForm(forms.Form):
    """Roles in one organisation, and how the person is titled there."""

    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple)
    rank = forms.ChoiceField(
        label=_("Rank of a ministry signatory"),
        choices=[("", _("not stated")), *Rank.choices],
        required=False,
    )
    position_ky = forms.CharField(label=_("Position in Kyrgyz"), max_length=200, required=False)
    position_ru = forms.CharField(label=_("Position in Russian"), max_length=200, required=False)

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        possible = ROLES_OF_KIND[organization.kind]
        self.fields["roles"].choices = [
            (role.value, role.label)
            for role in Role
            if role in possible and (role != Role.COORDINATOR or organization.coordinates)
        ]
        if POWER_ROLES & possible:
            self.fields["roles"].help_text = _(
                "Signatories, coordinators, clerks and administrators are given their role by two administrators: "
                "you propose, another one confirms within 14 days."
            )
        if len(self.fields["roles"].choices) == 1:
            self.fields["roles"].initial = [self.fields["roles"].choices[0][0]]
        if Role.MINISTRY_SIGNATORY not in possible:
            del self.fields["rank"]
        for language in ("ky", "ru"):
            self.fields[f"position_{language}"].widget.attrs["lang"] = language


class InviteForm(RoleForm):
    """A person by e-mail. Who has an account already only gets the roles."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    full_name = forms.CharField(
        label=_("Full name"),
        max_length=200,
        required=False,
        help_text=_("The person can correct it when opening the account."),
    )
    language = forms.ChoiceField(label=_("Language of letters"), choices=settings.LANGUAGES)
    field_order = ("email", "full_name", "language", "roles", "rank", "position_ky", "position_ru")


class RefusalForm(forms.Form):
    """Why a second administrator refuses a proposed role."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        help_text=_("Who proposed the role and the person it was for read it in a letter."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SubstituteForm(forms.Form):
    """Who stands in for the holder of a role, from the first to the last day."""

    substitute = forms.TypedChoiceField(
        label=_("Substitute"),
        coerce=int,
        help_text=_("A person of the same organisation who does not hold this role already."),
    )
    first_day = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last_day = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("This day still belongs to the substitution; it ends at midnight."),
    )

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["substitute"].choices = [("", "—"), *((person.pk, str(person)) for person in people)]


class ErasureForm(forms.Form):
    """On what ground the contacts of a closed account are erased."""

    ground = forms.ChoiceField(
        label=_("Ground"),
        choices=[(ground.value, ground.label) for ground in BY_HAND],
        widget=forms.RadioSelect,
    )
    reference = forms.CharField(
        label=_("Request or decision"),
        max_length=200,
        required=False,
        help_text=_("Its number and date, no names. Not needed where the account was made by mistake."),
    )


class OrganizationFilterForm(forms.Form):
    """Search of the list of organisations."""

    q = forms.CharField(label=_("Words of the name or the code"), required=False, max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("all")), *OrganizationKind.choices], required=False
    )
    closed = forms.BooleanField(label=_("also closed ones"), required=False)
