"""What the secretariat chooses and types about a questionnaire in circulation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.moment_fields import GenevaMomentField
from members.regions import Region
from questionnaires.admin_forms import ReminderDaysField
from questionnaires.review import Return, Standing


class ExtendForm(forms.Form):
    """More time for one delegation."""

    until = GenevaMomentField(
        label=_("New deadline"), help_text=_("Day and hour in Geneva. Answers are taken until then, to the second.")
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField", "aria-describedby": "id_reason_helptext"}),
        help_text=_("The delegation reads it, and it stays on record."),
        error_messages={"required": _("Write the reason. The delegation reads it.")},
    )


class RemindersForm(forms.Form):
    """When the missing are reminded."""

    days = ReminderDaysField()


class ReturnsForm(forms.Form):
    """Which delegations the board of returns shows, and in which order."""

    MISSING = "missing"
    ORDERS = {
        "participant": lambda row: row.organisation.name,
        "state": lambda row: list(Standing).index(row.state),
        "answered": lambda row: row.how_far.percent,
        "deadline": lambda row: row.deadline,
        "activity": lambda row: row.at,
        "reminded": lambda row: row.reminded_at,
        "delegates": lambda row: row.delegates,
    }

    state = forms.ChoiceField(label=_("State"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False, choices=[("", _("All regions")), *Region.choices])
    sort = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            ("", _("All states")),
            (self.MISSING, _("Missing: all but submitted")),
            *((state.value, state.label) for state in Standing),
        ]

    def chosen(self, rows: Iterable[Return]) -> list[Return]:
        """The rows that are asked for, in the order asked for; what cannot be read counts for nothing."""
        self.is_valid()
        asked = self.cleaned_data
        state, region = asked.get("state"), asked.get("region")
        if state == self.MISSING:
            rows = [row for row in rows if row.is_missing]
        elif state:
            rows = [row for row in rows if row.state == state]
        if region:
            rows = [row for row in rows if row.region == region]
        name, backwards = self.order
        known = [row for row in rows if self.ORDERS[name](row) is not None]
        unknown = [row for row in rows if self.ORDERS[name](row) is None]
        return [*sorted(known, key=self.ORDERS[name], reverse=backwards), *unknown]

    @property
    def order(self) -> tuple[str, bool]:
        """The name of the order, and whether it is turned round."""
        self.is_valid()
        asked = self.cleaned_data.get("sort") or ""
        name = asked.removeprefix("-")
        return (name, asked.startswith("-")) if name in self.ORDERS else ("participant", False)

    def columns(self, labels: dict[str, Any], query: Any) -> list[dict[str, Any]]:
        """The heads of the table: each with the address that sorts by it, and how it is sorted now."""
        name, backwards = self.order
        heads = []
        for key, label in labels.items():
            is_current = key == name
            own = query.copy()
            own["sort"] = f"-{key}" if is_current and not backwards else key
            sorted_as = ("descending" if backwards else "ascending") if is_current else "none"
            heads.append({"label": label, "url": f"?{own.urlencode()}", "sorted": sorted_as})
        return heads
