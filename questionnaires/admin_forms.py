"""What the secretariat types in the administration of questionnaires."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.moment_fields import GenevaMomentField
from questionnaires.design_forms import other_languages
from questionnaires.models import Questionnaire


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


TRANSLATED = ("title", "introduction")


def translated(name: str) -> tuple[str, ...]:
    """The fields of a text of the questionnaire in the other languages: ``title_fr``."""
    return tuple(f"{name}_{code}" for code, _language in other_languages())


class _QuestionnaireForm(forms.ModelForm):
    """A questionnaire while it is a draft: its texts in every language, and what delegations are promised."""

    deadline = GenevaMomentField(
        label=_("Deadline"), help_text=_("Day and hour in Geneva. Answers are taken until then, to the second.")
    )
    reminder_days = ReminderDaysField()

    class Meta:
        model = Questionnaire
        fields = (
            "title",
            "slug",
            "code",
            "plan",
            "introduction",
            "deadline",
            "read_from",
            "attribution",
            "threshold",
            "reminder_days",
        )
        widgets = {"introduction": forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, _language in other_languages():
            for name in TRANSLATED:
                stored = self.instance.translations.get(code, {})
                self.initial.setdefault(f"{name}_{code}", stored.get(name, ""))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        translations = dict(self.instance.translations)
        for code, _language in other_languages():
            texts = {name: cleaned.get(f"{name}_{code}", "") for name in TRANSLATED}
            translations.pop(code, None)
            if filled := {name: text for name, text in texts.items() if text}:
                translations[code] = filled
        self.instance.translations = translations
        return cleaned


def _translations() -> dict[str, forms.Field]:
    """A field for each text of the questionnaire in each other language."""
    fields: dict[str, forms.Field] = {}
    for code, language in settings.LANGUAGES:
        if code == settings.LANGUAGE_CODE:
            continue
        attrs = {"lang": code, "dir": "auto"}
        fields[f"title_{code}"] = forms.CharField(
            label=format_lazy("{}, {}", _("Title"), language),
            required=False,
            max_length=200,
            widget=forms.TextInput(attrs={**attrs, "class": "vTextField"}),
        )
        fields[f"introduction_{code}"] = forms.CharField(
            label=format_lazy("{}, {}", _("Introduction"), language),
            required=False,
            widget=forms.Textarea(attrs={**attrs, "rows": 4, "class": "vLargeTextField"}),
        )
    return fields


QuestionnaireForm = type("QuestionnaireForm", (_QuestionnaireForm,), _translations())


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
