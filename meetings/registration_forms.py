"""What focal points and the secretariat type about who comes to a meeting."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.moment_fields import GenevaMomentField
from meetings.models import Invitation, Meeting, Registration
from meetings.models.meetings import AttendanceMode
from meetings.operations.registering import PERSON
from meetings.registering import NEEDS, Row
from members.regions import Region

REPLIES = [(Invitation.Reply.ATTENDS, _("We attend")), (Invitation.Reply.DECLINES, _("We do not attend"))]


class ReplyForm(forms.Form):
    """Whether the delegation attends. `seen` is the moment of the reply that the page showed."""

    reply = forms.ChoiceField(
        label=_("Reply"),
        choices=REPLIES,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={"required": _("Choose one reply.")},
    )
    note = forms.CharField(
        label=_("Note to the secretariat (optional)"),
        required=False,
        max_length=250,
        help_text=_("For example why, or who will be named later."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_seen(self) -> datetime | None:
        """The moment, or None where there was no reply yet; what cannot be read is as good as none."""
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError:
            return None


class PersonForm(forms.ModelForm):
    """Somebody who comes to a meeting. A meeting that is held in one way does not ask in which."""

    class Meta:
        model = Registration
        fields = PERSON
        widgets = {name: forms.RadioSelect(attrs={"class": "form-check-input"}) for name in ("capacity", "mode")}
        help_texts = {
            "function": _("Title or office, for the list and the badge."),
            "email": _("The secretariat writes to it about this meeting alone."),
        }
        error_messages = {"person_name": {"required": _("Write the name of the person.")}}

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        if meeting.mode != Meeting.Mode.BOTH and (not self.instance.pk or self.instance.mode == meeting.mode):
            del self.fields["mode"]
        if meeting.needs_cleared_at:
            for name in NEEDS:
                del self.fields[name]

    @property
    def person(self) -> dict[str, Any]:
        """What the operations take."""
        given = {name: self.cleaned_data.get(name, "") for name in PERSON}
        if "mode" not in self.fields:
            given["mode"] = self.meeting.mode
        return given


class RegistrationDeadlineForm(forms.Form):
    """Until when delegations register, and what they read above the form."""

    until = GenevaMomentField(
        label=_("Registration until"),
        required=False,
        help_text=_("Day and hour in Geneva, to the second. Empty: until the meeting begins."),
    )
    note = forms.CharField(
        label=_("Note on registration"),
        required=False,
        max_length=250,
        help_text=_("Stands in the invitation and above the form of the focal points."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


class BoardForm(forms.Form):
    """Which delegations the board shows."""

    reply = forms.ChoiceField(
        label=_("Reply"), required=False, choices=[("", _("All replies")), *Invitation.Reply.choices]
    )
    region = forms.ChoiceField(label=_("Region"), required=False, choices=[("", _("All regions")), *Region.choices])

    def chosen(self, rows: Iterable[Row]) -> list[Row]:
        """The rows that are asked for; what cannot be read counts for nothing."""
        self.is_valid()
        reply, region = self.cleaned_data.get("reply"), self.cleaned_data.get("region")
        return [
            row for row in rows if (not reply or row.invitation.reply == reply) and (not region or row.region == region)
        ]


class PeopleForm(forms.Form):
    """Which of the registered people the list shows."""

    q = forms.CharField(label=_("Name, function or delegation"), required=False, max_length=80)
    capacity = forms.ChoiceField(
        label=_("Capacity"), required=False, choices=[("", _("All capacities")), *Registration.Capacity.choices]
    )
    mode = forms.ChoiceField(label=_("Present"), required=False, choices=[("", _("All")), *AttendanceMode.choices])
    needs = forms.BooleanField(label=_("With needs alone"), required=False)

    def chosen(self, people: Iterable[Registration]) -> list[Registration]:
        """The people that are asked for; what cannot be read counts for nothing."""
        self.is_valid()
        asked = self.cleaned_data
        words = (asked.get("q") or "").casefold().split()
        return [
            row
            for row in people
            if (not asked.get("capacity") or row.capacity == asked["capacity"])
            and (not asked.get("mode") or row.mode == asked["mode"])
            and (not asked.get("needs") or any(getattr(row, name) for name in NEEDS))
            and all(word in f"{row.person_name} {row.function} {row.delegation}".casefold() for word in words)
        ]
