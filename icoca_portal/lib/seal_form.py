"""Asking for a seal, to look it up."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib import sealing


class SealForm(forms.Form):
    """A seal as somebody typed or pasted it, in groups or not."""

    seal = forms.CharField(
        label=_("Seal (SHA-256)"),
        max_length=200,
        help_text=_("64 figures, 0 to 9 and a to f, as they stand on the paper. Spaces do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "form-control wg-hash"}),
    )

    def clean_seal(self) -> str:
        seal = sealing.cleaned(self.cleaned_data["seal"])
        if len(seal) != 64:
            raise forms.ValidationError(_("A seal has 64 figures, 0 to 9 and a to f. Copy it whole from the paper."))
        return seal
