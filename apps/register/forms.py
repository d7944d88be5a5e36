"""What the page of verification asks for."""

from django import forms
from django.utils.translation import gettext_lazy as _

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
