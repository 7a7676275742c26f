"""The forms of steps of the designer: what to copy from an earlier questionnaire, what to say of a new edition."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.numbers import whole_number
from questionnaires.outline import Outline


class ImportForm(forms.Form):
    """Which questions of an earlier questionnaire are copied: by section, or one by one."""

    def __init__(self, data: QueryDict | None = None, *, outline: Outline) -> None:
        super().__init__(data)
        self.posted = data if data is not None else QueryDict()
        self.outline = outline
        self.chosen: list[int] = []

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The sections with their questions, each with whether it is ticked."""
        sections, questions = self._ticked
        return [
            {
                "part": part,
                "ticked": part.section.pk in sections,
                "places": [(place, place.question.pk in questions) for place in part.places],
            }
            for part in self.outline.parts
            if part.places
        ]

    @property
    def _ticked(self) -> tuple[set[int], set[int]]:
        def numbers(name: str) -> set[int]:
            posted = self.posted.getlist(name) if self.is_bound else ()
            return {number for text in posted if (number := whole_number(text, figures=18)) is not None}

        return numbers("section"), numbers("question")

    def clean(self) -> dict[str, Any] | None:
        sections, questions = self._ticked
        self.chosen = [
            place.question.pk
            for part in self.outline.parts
            for place in part.places
            if part.section.pk in sections or place.question.pk in questions
        ]
        if not self.chosen:
            raise forms.ValidationError(_("Tick a section or a question."))
        return super().clean()


class NoteForm(forms.Form):
    """What goes to the delegations with a new edition."""

    note = forms.CharField(
        label=_("Note to the delegations"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField", "aria-describedby": "id_note_helptext"}),
        help_text=_("What changed, and why. It stands in the message and above the list of changes."),
    )
