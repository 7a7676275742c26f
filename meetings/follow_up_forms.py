"""What is typed about follow-ups: which ones to show, what is to be done, how it ended."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from icoca_portal.lib.days import today
from meetings.delegations import Choices, delegation_choices
from meetings.models import FollowUp, Meeting, WorkingGroup
from members.models import Delegation

SECRETARIAT = "secretariat"
STATES = (
    ("", _("Open and in progress")),
    (FollowUp.State.OPEN.value, FollowUp.State.OPEN.label),
    (FollowUp.State.IN_PROGRESS.value, FollowUp.State.IN_PROGRESS.label),
    ("closed", _("Closed")),
    ("all", _("All")),
)


class FilterForm(forms.Form):
    """Which follow-ups the board shows, of those that exist for the reader (`rows`). What it does not know of a
    choice it leaves out, so that an old address still shows a page."""

    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)
    group = forms.ModelChoiceField(
        label=_("Working group"), queryset=WorkingGroup.objects.none(), required=False, empty_label=_("All")
    )
    meeting = forms.ModelChoiceField(
        label=_("Meeting"), queryset=Meeting.objects.none(), required=False, empty_label=_("All")
    )
    owner = forms.ChoiceField(label=_("Who does it"), required=False)
    by = forms.ChoiceField(
        label=_("Put together"),
        choices=(("", _("By state")), ("owner", _("By who does it"))),
        required=False,
    )
    overdue = forms.BooleanField(label=_("Overdue only"), required=False)

    def __init__(self, data: Any, rows: Any) -> None:
        super().__init__(data)
        self._rows = rows
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-check-input" if name == "overdue" else "form-select"
        meetings = Meeting.objects.filter(pk__in=rows.order_by().values("meeting")).select_related("working_group")
        self.fields["meeting"].queryset = meetings.order_by("working_group__name", "-number")  # type: ignore[attr-defined]
        self.fields["group"].queryset = WorkingGroup.objects.order_by("name")  # type: ignore[attr-defined]
        owners = (
            Delegation.objects.filter(pk__in=rows.order_by().values("delegation"))
            .select_related("organisation")
            .order_by("organisation__name")
        )
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            ("", _("All")),
            (SECRETARIAT, _("No delegation: the secretariat sees to it")),
            *((str(row.pk), str(row)) for row in owners),
        ]

    def chosen(self) -> Any:
        """The rows that the form leaves, in the order of the board."""
        self.is_valid()
        said, rows = self.cleaned_data, self._rows
        state = said.get("state")
        if state == "closed":
            rows = rows.exclude(state__in=["open", "in progress"])
        elif state in FollowUp.State.values:
            rows = rows.filter(state=state)
        elif state != "all":
            rows = rows.still_open()
        if said.get("overdue"):
            rows = rows.overdue(today())
        if said.get("group"):
            rows = rows.filter(meeting__working_group=said["group"])
        if said.get("meeting"):
            rows = rows.filter(meeting=said["meeting"])
        if owner := said.get("owner"):
            rows = rows.filter(delegation=None) if owner == SECRETARIAT else rows.filter(delegation=int(owner))
        due = F("due").asc(nulls_last=True)
        if said.get("by") == "owner":
            name = F("delegation__organisation__name").asc(nulls_last=True)
            return rows.order_by(name, "who", due, "pk")
        return rows.in_order_of_state().order_by("place", due, "pk")


class FollowUpForm(forms.Form):
    """What is to be done, by whom and by when."""

    what = forms.CharField(label=_("What"), max_length=250)
    delegation = forms.CharField(
        label=_("Delegation"),
        max_length=200,
        required=False,
        help_text=_("By name or code. Its delegates are reminded; without one the secretariat is."),
        widget=forms.TextInput(attrs={"list": "delegations", "autocomplete": "off"}),
    )
    who = forms.CharField(label=_("Who"), max_length=120, required=False)
    due = forms.DateField(
        label=pgettext_lazy("deadline", "By"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    due_note = forms.CharField(
        label=_("Note on the date"), max_length=120, required=False, help_text=_("Where there is no day: end of 2018.")
    )

    def __init__(self, *args: Any, choices: Choices | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices = choices

    @classmethod
    def of(cls, follow_up: FollowUp) -> FollowUpForm:
        """The form as it stands for a follow-up."""
        names = ("what", "who", "due", "due_note")
        delegation = str(follow_up.delegation) if follow_up.delegation else ""
        return cls(initial={**{name: getattr(follow_up, name) for name in names}, "delegation": delegation})

    def clean_delegation(self) -> Delegation | None:
        typed = self.cleaned_data["delegation"].strip()
        if not typed:
            return None
        found = (self._choices or delegation_choices()).find(typed)
        if found is None:
            raise ValidationError(
                _("No delegation is called “%(typed)s”. Choose one of the list, or write it under Who."),
                params={"typed": typed},
            )
        return found


class ProgressForm(forms.Form):
    note = forms.CharField(
        label=_("How it goes"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class ClosingForm(forms.Form):
    state = forms.ChoiceField(
        label=_("It is"),
        choices=[(state.value, state.label) for state in (FollowUp.State.DONE, FollowUp.State.DROPPED)],
        initial=FollowUp.State.DONE,
        widget=forms.RadioSelect,
    )
    # Whether it is there is the operation's to say, for whoever closes a follow-up.
    note = forms.CharField(
        label=_("How it ended"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReopeningForm(forms.Form):
    note = forms.CharField(
        label=_("Why it is opened again"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
