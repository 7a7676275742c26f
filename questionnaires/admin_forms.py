"""What the secretariat types in the administration of questionnaires."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.days import geneva
from icoca_portal.lib.moments import comes_twice
from questionnaires.models import Question, Questionnaire, Section

# Which kinds a field of a question is about; the fields that are not here are about all.
KINDS_OF_FIELD = {
    "choices": ("single", "multiple", "ranking", "matrix"),
    "rows": ("matrix",),
    "has_other": ("single", "multiple"),
    "low_label": ("scale",),
    "high_label": ("scale",),
    "word_limit": ("short_text", "long_text"),
    "minimum": ("number",),
    "maximum": ("number",),
    "unit": ("number",),
}


class GenevaMomentWidget(forms.SplitDateTimeWidget):
    """A day and an hour, shown as they are in Geneva whatever the reader's own zone."""

    class Media:
        css = {"all": ["css/questionnaires-admin.css"]}

    def __init__(self) -> None:
        super().__init__(
            date_attrs={"type": "date", "aria-label": _("Day")},  # type: ignore[dict-item]
            time_attrs={"type": "time", "aria-label": _("Hour, Geneva")},  # type: ignore[dict-item]
            date_format="%Y-%m-%d",
            time_format="%H:%M",
        )

    def decompress(self, value: datetime | None) -> tuple[date | None, time | None]:
        if not value:
            return None, None
        local = timezone.localtime(value, geneva())
        return local.date(), local.time()


class GenevaMomentField(forms.SplitDateTimeField):
    """A moment that is typed as a day and an hour in Geneva; gives an aware datetime."""

    widget = GenevaMomentWidget

    def compress(self, data_list: tuple[date, time] | None) -> datetime | None:
        if not data_list:
            return None
        moment = datetime.combine(data_list[0], data_list[1], tzinfo=geneva())
        if moment.astimezone(UTC).astimezone(geneva()).replace(tzinfo=None) != moment.replace(tzinfo=None):
            raise ValidationError(_("There is no such hour in Geneva on that day: the clocks are put forward."))
        if comes_twice(moment):
            raise ValidationError(
                _("Choose another hour: on that day this one comes twice, as the clocks are put back.")
            )
        return moment


class ReminderDaysField(forms.CharField):
    """How many days before a deadline, typed as ``14, 7, 2``; gives the numbers, the largest first."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("Reminders"),
            required=False,
            max_length=60,
            help_text=_(
                "So many days before the deadline, at 08:00 where the delegate is, those who have not submitted get a "
                "reminder. Write numbers with commas between; empty: none."
            ),
            **options,
        )

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Raises ValidationError for what is no list of whole days from 0 to 365, or holds more than ten."""
        parts = [part.strip() for part in (super().to_python(value) or "").split(",") if part.strip()]
        if not all(part.isascii() and part.isdigit() and int(part) <= 365 for part in parts) or len(parts) > 10:
            raise ValidationError(_("Write up to ten numbers of days from 0 to 365, for example 14, 7, 2."))
        return sorted({int(part) for part in parts}, reverse=True)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != (initial or []))
        except ValidationError:
            return True


class QuestionnaireForm(forms.ModelForm):
    """A questionnaire while it is a draft."""

    deadline = GenevaMomentField(
        label=_("Deadline"), help_text=_("Day and hour in Geneva. Answers are taken until then, to the second.")
    )

    reminder_days = ReminderDaysField()

    class Meta:
        model = Questionnaire
        fields = ("title", "slug", "code", "plan", "introduction", "deadline", "reminder_days")
        widgets = {"introduction": forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"})}


class SectionRowForm(forms.ModelForm):
    """A section as a row of its questionnaire's page. A change here makes the section's own page stale."""

    class Meta:
        model = Section
        fields = ("position", "title")

    def save(self, commit: bool = True) -> Any:
        if self.instance.pk and self.has_changed():
            self.instance.version += 1
        return super().save(commit)


class SectionForm(forms.ModelForm):
    """A section on its own page."""

    class Meta:
        model = Section
        fields = ("title", "introduction", "objective")
        widgets = {"introduction": forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"})}


class QuestionForm(forms.ModelForm):
    """A question. Its fields say for the page's script which kinds they are about; without it all are shown."""

    class Meta:
        model = Question
        fields = "__all__"  # noqa: DJ007 (the inline's fieldsets choose)
        widgets = {
            "text": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "help_text": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "choices": forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"}),
            "rows": forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, kinds in KINDS_OF_FIELD.items():
            if name in self.fields:
                self.fields[name].widget.attrs["data-kinds"] = " ".join(kinds)

    def clean_text(self) -> str:
        """A question is one line; the field is larger than that only so that it can be read while it is written."""
        return " ".join(self.cleaned_data["text"].split())

    def clean_help_text(self) -> str:
        return " ".join(self.cleaned_data["help_text"].split())


class DeadlineForm(forms.Form):
    """Another deadline for an open questionnaire."""

    to = GenevaMomentField(label=_("New deadline"), help_text=_("Day and hour in Geneva."))


class ReturnForm(forms.Form):
    """Why a response is returned."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField", "aria-describedby": "id_reason_helptext"}),
        help_text=_("The delegation and the Board read it. Say what should be corrected."),
        error_messages={"required": _("Write the reason. The delegation reads it.")},
    )
