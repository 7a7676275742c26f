"""The form of a section, and the objectives that a section or a question is about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext

from icoca_portal.lib.stale import Difference
from questionnaires.design_forms.translating import TranslatedForm, Wording, field_differences
from questionnaires.models import Objective, Question, Questionnaire, Section


class SectionForm(TranslatedForm):
    """A section: its title and introduction in every language, and its objective."""

    texts = ("title", "introduction")

    class Meta:
        model = Section
        fields = ("title", "introduction", "objective")
        widgets = {"introduction": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, questionnaire: Questionnaire, **kwargs: Any) -> None:
        pk = kwargs["instance"].pk if kwargs.get("instance") else "new"
        super().__init__(*args, auto_id=f"s{pk}_%s", **kwargs)
        limit_objectives(self, questionnaire)

    @property
    def groups(self) -> dict[str, list[Wording]]:
        return {name: self.wordings(name) for name in self.texts}

    def values(self) -> dict[str, Any]:
        """The values of the section's fields, for the operation."""
        return {**{name: self.cleaned_data[name] for name in self.Meta.fields}, "translations": self.translations()}

    def differences(self, stored: Section) -> Iterator[Difference]:
        """What of the typed values is not what is stored."""
        yield from field_differences(self, stored)


def limit_objectives(form: Any, questionnaire: Questionnaire) -> None:
    """The objectives of the questionnaire's plan to choose from."""
    if questionnaire.plan_id:
        form.fields["objective"].queryset = Objective.objects.filter(plan=questionnaire.plan_id)
    else:
        form.fields["objective"].queryset = Objective.objects.none()
    is_question = isinstance(form.instance, Question)
    form.fields["objective"].empty_label = gettext("The section’s") if is_question else gettext("None")
