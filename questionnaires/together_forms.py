"""What delegates type around a response: whom they invite, what they ask to be cleared, what they say to colleagues."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.days import today
from members.models import Delegate
from questionnaires.editions import FrozenSection

OTHER_MEANS = "other"


class GuestForm(forms.Form):
    """Who is asked to help, and with which sections."""

    name = forms.CharField(
        label=_("Name"), max_length=150, error_messages={"required": _("Write the name of the person.")}
    )
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, error_messages={"required": _("Write the person’s address.")}
    )
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)
    sections = forms.TypedMultipleChoiceField(
        label=_("Sections"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one section.")},
    )

    def __init__(self, *args: Any, sections: Iterable[FrozenSection], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["sections"]
        field.choices = [(section.id, f"{section.number} {section.title}") for section in sections]

    def clean_email(self) -> str:
        """Addresses are kept in small letters."""
        return str(self.cleaned_data["email"]).strip().lower()


class SendForClearanceForm(forms.Form):
    """Who is to clear the draft: a colleague by key, or ``other``."""

    of = forms.ChoiceField(label=_("Who clears it"), error_messages={"required": _("Choose who clears the draft.")})
    message = forms.CharField(
        label=_("Message (optional)"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands in the mail to them."),
    )

    def __init__(self, *args: Any, delegates: Iterable[Delegate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["of"]
        people = [
            (str(d.user_id), _("%(name)s, %(role)s") % {"name": d.user, "role": d.get_role_display()})
            for d in delegates
        ]
        field.choices = [("", _("Choose")), *people, (OTHER_MEANS, _("Somebody in the capital, by other means"))]


class RecordClearanceForm(forms.Form):
    """By whom and when the draft was cleared; `seen` and `edition` say which draft was read."""

    name = forms.CharField(
        label=_("Name"), max_length=75, error_messages={"required": _("Write who cleared the draft.")}
    )
    office = forms.CharField(
        label=_("Office"),
        max_length=72,
        help_text=_("For example a ministry and its department."),
        error_messages={"required": _("Write the office that cleared it.")},
    )
    on = forms.DateField(
        label=_("Cleared on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Write the day."), "invalid": _("Write the day.")},
    )
    remark = forms.CharField(label=_("Remark (optional)"), required=False, max_length=2000)
    edition = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.DateTimeField(widget=forms.HiddenInput, input_formats=["%Y-%m-%dT%H:%M:%S.%f%z"])

    def clean_on(self) -> Any:
        """Nothing is cleared on a day to come."""
        on = self.cleaned_data["on"]
        if on > today():
            raise forms.ValidationError(_("Write a day that is not to come."))
        return on

    @property
    def who(self) -> str:
        """Name and office as they are recorded."""
        return f"{self.cleaned_data['name']}, {self.cleaned_data['office']}"


class DeclineClearanceForm(forms.Form):
    """Why the draft is not cleared."""

    remark = forms.CharField(
        label=_("What must be changed"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what must be changed before it can be cleared.")},
    )


class NoteForm(forms.Form):
    """A word to the colleagues about a question."""

    note = forms.CharField(
        max_length=5000,
        error_messages={
            "required": _("Write the note first."),
            "max_length": _("Shorten the note to %(limit_value)d characters; it has %(show_value)d."),
        },
    )
    tell = forms.BooleanField(required=False)


class ChangesForm(forms.Form):
    """Which changes of a response: of one person, in one section, on one day. What is unreadable is left out."""

    by = forms.IntegerField(required=False)
    section = forms.IntegerField(required=False)
    on = forms.DateField(required=False)
