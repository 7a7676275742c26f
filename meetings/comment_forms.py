"""What delegations and the secretariat type about a text under silence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.models import SummaryComment

MOST = 10_000
TOO_LONG = _("Shorten the text to %(limit_value)d characters; it has %(show_value)d.")


class CommentForm(forms.Form):
    """A comment on a paragraph or on the whole, or a wording proposed for it."""

    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=[(kind.value, kind.label) for kind in (SummaryComment.Kind.COMMENT, SummaryComment.Kind.PROPOSAL)],
        initial=SummaryComment.Kind.COMMENT,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control", "dir": "auto"}),
        error_messages={"max_length": TOO_LONG},
    )
    proposed = forms.CharField(
        label=_("Proposed wording"),
        required=False,
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control", "dir": "auto"}),
        help_text=_("For a proposal: the paragraph as it should read."),
        error_messages={"max_length": TOO_LONG},
    )
    paragraph = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    round = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == SummaryComment.Kind.PROPOSAL:
            if not cleaned.get("proposed") and "proposed" not in self.errors:
                self.add_error("proposed", _("Write the wording that you propose."))
        elif cleaned.get("proposed"):
            self.add_error("kind", _("You wrote a wording. Choose “Proposed wording”, or leave that field empty."))
        elif not cleaned.get("text") and "text" not in self.errors:
            self.add_error("text", _("Write the comment first."))
        return cleaned


class ObjectionForm(forms.Form):
    """The reason of an objection, and the word that it is meant."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 6, "class": "form-control", "dir": "auto"}),
        error_messages={"required": _("An objection needs a reason."), "max_length": TOO_LONG},
    )
    confirmed = forms.BooleanField(
        label=_("My delegation objects. The silence ends at once, and all delegations are told."),
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        error_messages={"required": _("Confirm that your delegation objects.")},
    )
    round = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class AnswerForm(forms.Form):
    """What becomes of a comment, and why."""

    answer = forms.ChoiceField(
        label=_("Answer"),
        choices=[
            (answer.value, answer.label) for answer in SummaryComment.Answer if answer != SummaryComment.Answer.NONE
        ],
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": _("Choose an answer.")},
    )
    text = forms.CharField(
        label=_("In words, for the delegation"),
        required=False,
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control", "dir": "auto"}),
        error_messages={"max_length": TOO_LONG},
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
