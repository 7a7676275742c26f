"""What the Board types: remarks, passages and their themes, discussions, conclusions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.prose import RichTextField
from meetings.models import Meeting


class RemarkForm(forms.Form):
    """A director's remark. It cannot be changed afterwards."""

    text = forms.CharField(
        label=_("Remark"),
        max_length=10_000,
        error_messages={
            "required": _("Write the remark first."),
            "max_length": _("Shorten the remark to %(limit_value)d characters; it has %(show_value)d."),
        },
    )
    answers = forms.IntegerField(required=False, widget=forms.HiddenInput)


class PassageForm(forms.Form):
    """Words of an answer, and the theme that they are about. With JavaScript the form says where they stand."""

    text = forms.CharField(
        label=_("Words"),
        max_length=20_000,
        strip=False,
        error_messages={
            "required": _("Copy the words from the answer first."),
            "max_length": _("Choose fewer words."),
        },
    )
    theme = forms.CharField(
        label=_("Theme"),
        max_length=120,
        error_messages={
            "required": _("Name the theme."),
            "max_length": _("Shorten the name to %(limit_value)d characters; it has %(show_value)d."),
        },
    )
    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def clean_text(self) -> str:
        """A browser ends lines with two signs; an answer has one."""
        return self.cleaned_data["text"].replace("\r\n", "\n").replace("\r", "\n")

    def clean_theme(self) -> str:
        return " ".join(self.cleaned_data["theme"].split())


class ThemeForm(forms.Form):
    """The name of a theme."""

    name = forms.CharField(
        label=_("Name of the theme"),
        max_length=120,
        error_messages={
            "required": _("Name the theme."),
            "max_length": _("Shorten the name to %(limit_value)d characters; it has %(show_value)d."),
        },
    )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class DiscussionForm(forms.Form):
    """Where and when something was discussed: a meeting of the portal, or another occasion with its day."""

    meeting = forms.ModelChoiceField(
        label=_("Meeting"), queryset=Meeting.objects.none(), required=False, empty_label=_("Another occasion")
    )
    occasion = forms.CharField(
        label=_("Occasion"),
        max_length=200,
        required=False,
        help_text=_("For example: session of the Board, Geneva."),
    )
    date = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        meetings = Meeting.objects.visible_to(user).select_related("working_group").order_by("-date", "-pk")
        self.fields["meeting"].queryset = meetings  # type: ignore[attr-defined]


class ConclusionForm(forms.Form):
    """What the Board concludes, and the version that the writer started from."""

    text = RichTextField(label=_("Conclusion"), required=False, max_length=100_000)
    base = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
