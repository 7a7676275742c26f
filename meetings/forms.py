"""What people type on the public side of the meetings."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib import sealing


class SealForm(forms.Form):
    """A seal as somebody typed or pasted it, in groups or not."""

    seal = forms.CharField(label=_("Seal"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def clean_seal(self) -> str:
        seal = sealing.cleaned(self.cleaned_data["seal"])
        if len(seal) != 64:
            raise forms.ValidationError(_("A seal has 64 figures, 0 to 9 and a to f. Copy it whole from the paper."))
        return seal
