"""Forms of the delivery log of a circular."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.circulars.delivery import Line, holder_of


class SeenForm(forms.Form):
    """A step on the copy that the page has shown: `seen` is its number."""

    seen = forms.IntegerField(min_value=0, max_value=32767, widget=forms.HiddenInput)


class ResendCopyForm(SeenForm):
    """Where another copy goes. For somebody with an account, whether that gets the new address too."""

    email = forms.EmailField(
        label=_("Address"),
        max_length=254,
        help_text=_("Correct it here if it was wrong. The copies that were sent stay in the log as they are."),
        widget=forms.EmailInput(attrs={"size": 40, "autocomplete": "off", "spellcheck": "false"}),
    )
    also_account = forms.BooleanField(
        label=_("Also change the address of the account"),
        required=False,
        help_text=_("Then the person signs in with the new address, and all mail goes there."),
    )

    field_order = ["email", "also_account", "seen"]

    @classmethod
    def for_recipient(cls, line: Line) -> type[ResendCopyForm]:
        """The form for this recipient: without an account there is none to change."""
        return type("ResendCopyForm", (cls,), {"line": line})

    line: Line

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.line.recipient.user_id is None:
            del self.fields["also_account"]

    def clean_email(self) -> str:
        """One that somebody else has is refused with their name: the copy would go to the wrong person."""
        email = str(self.cleaned_data["email"]).strip()
        if holder := holder_of(email, self.line.recipient):
            words = {"address": email, "name": holder}
            raise forms.ValidationError(_("%(address)s is the address of %(name)s. Nothing was sent.") % words)
        return email
