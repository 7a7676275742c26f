"""What the secretariat types about guidance, reviews, workshops and self-assessments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AdminDateWidget
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.days import today
from icoca_portal.lib.prose import RichTextField
from members.models import FieldReview, Guidance, GuidanceFile, GuidanceVersion, Pillar, SelfAssessment, Workshop

FILES = _("A PDF, Word, Excel or OpenDocument file, a picture or text, of at most 20 MB and without macros.")


# Guidance


class GuidanceForm(forms.ModelForm):
    class Meta:
        model = Guidance
        fields = ("title", "slug", "about")


class GuidanceVersionForm(forms.ModelForm):
    """What is said of a version; that its name is free, the operation finds out."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = GuidanceVersion
        fields = ("label", "dated", "day_known", "change_note")
        widgets = {"dated": AdminDateWidget, "change_note": forms.Textarea(attrs={"rows": 3})}


class NewGuidanceVersionForm(GuidanceVersionForm):
    """A version that is not there yet: no page of it is old."""

    seen = None  # type: ignore[assignment]


class GuidanceFileForm(forms.Form):
    """A file of a version."""

    upload = forms.FileField(label=_("File"), max_length=255, allow_empty_file=True, help_text=FILES)
    form = forms.CharField(
        label=_("What it is"),
        max_length=100,
        help_text=GuidanceFile._meta.get_field("form").help_text,
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, initial="en")


# Field-based reviews and workshops


class ActivityForm(forms.ModelForm):
    """What both have: days that follow each other."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        begins, ends = cleaned.get("begins_on"), cleaned.get("ends_on")
        if begins and ends and ends < begins:
            self.add_error("ends_on", _("The last day is before the first."))
        return cleaned


class FieldReviewForm(ActivityForm):
    meets = forms.MultipleChoiceField(
        label=_("Whom it meets"),
        choices=FieldReview.Party,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    findings = RichTextField(
        label=_("Findings"), required=False, help_text=FieldReview._meta.get_field("findings").help_text
    )

    class Meta:
        model = FieldReview
        fields = (
            "country", "place", "begins_on", "ends_on", "day_known", "topics", "meets", "organisations",
            "public_note", "findings",
        )  # fmt: skip


class WorkshopForm(ActivityForm):
    class Meta:
        model = Workshop
        fields = (
            "title", "country", "place", "begins_on", "ends_on", "day_known", "led_by", "partners",
            "taking_part", "organisations", "public_note",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        number, listed = cleaned.get("taking_part"), cleaned.get("organisations")
        if number is not None and listed is not None and len(listed) > number:
            self.add_error("taking_part", _("More organisations are listed. The number counts all of them."))
        return cleaned


# Self-assessments


class RequestAssessmentsForm(forms.Form):
    """Whom to ask for which year, and by when."""

    year = forms.IntegerField(label=_("For the year"), min_value=2010, max_value=2100)
    pillar = forms.ChoiceField(label=_("Members of the pillar"), choices=Pillar, initial=Pillar.INDUSTRY)
    on = forms.DateField(
        label=_("Who is a member on"),
        initial=today,
        widget=AdminDateWidget,
        help_text=_("A rule for the last day counts from this day on."),
    )
    due_on = forms.DateField(
        label=_("Due"),
        required=False,
        widget=AdminDateWidget,
        help_text=_("The last day. Empty: as the rule of deadlines says."),
    )

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["year"].initial = today().year


class SelfAssessmentForm(forms.ModelForm):
    """Another last day for one that is waited for."""

    class Meta:
        model = SelfAssessment
        fields = ("due_on",)


class ReceiveAssessmentForm(forms.Form):
    """When it came, and the file if there is one."""

    received_on = forms.DateField(label=_("Received"), initial=today, widget=AdminDateWidget)
    upload = forms.FileField(label=_("File"), required=False, max_length=255, allow_empty_file=True, help_text=FILES)


class WaiveAssessmentForm(forms.Form):
    because = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("The member reads it."), widget=forms.Textarea(attrs={"rows": 3})
    )


class AskAgainForm(forms.Form):
    due_on = forms.DateField(label=_("Due"), widget=AdminDateWidget, help_text=_("The last day."))
