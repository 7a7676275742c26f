"""What the secretariat types of a contact of an organisation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.days import today
from members.models import Contact
from members.registry_forms import RowForm


class ContactFieldsForm(RowForm):
    """Who it is, and where they are reached: by mail or telephone, or both."""

    class Meta:
        model = Contact
        fields: tuple[str, ...] = ("name", "function", "email", "telephone", "language", "valid_from")
        widgets = {"valid_from": AdminDateWidget, "consent_on": AdminDateWidget}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("email") and not cleaned.get("telephone") and not {"email", "telephone"} & set(self.errors):
            self.add_error("email", gettext("Give an e-mail address or a telephone number."))
        return cleaned


class ContactForm(ContactFieldsForm):
    """A contact, and its consent where it was given."""

    class Meta(ContactFieldsForm.Meta):
        fields = (*ContactFieldsForm.Meta.fields, "consent_on", "consent_source")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("consent_on") and not cleaned.get("consent_source") and "consent_source" not in self.errors:
            self.add_error("consent_source", gettext("Say how the consent was given."))
        return cleaned


class ChangeContactForm(ContactFieldsForm):
    """A contact, changed from the version that was seen."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class EndContactForm(forms.Form):
    """Until when somebody is the contact."""

    on = forms.DateField(
        label=_("Ends on"), initial=today, widget=AdminDateWidget, help_text=_("The first day without this contact.")
    )


class ConsentForm(forms.Form):
    """That somebody consented, when and how."""

    on = forms.DateField(label=_("Consent given"), initial=today, widget=AdminDateWidget)
    source = forms.CharField(
        label=_("How it was given"), max_length=300, help_text=_("A letter, a form, a message, with its date.")
    )


class WithdrawConsentForm(forms.Form):
    """That somebody withdrew their consent, and when."""

    on = forms.DateField(label=_("Consent withdrawn"), initial=today, widget=AdminDateWidget)
