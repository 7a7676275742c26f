"""What the tests of the designer share: a draft, its addresses, and the form of a question as a browser sends it."""

from __future__ import annotations

from typing import Any, cast

from django.urls import reverse
from lxml import html

from members.models import User
from questionnaires import operations
from questionnaires.models import Edition, Question, Questionnaire, Section
from tests import factories


def design(name: str, questionnaire: Questionnaire, *parts: int) -> str:
    """An address of the designer."""
    return reverse(f"admin:questionnaires_questionnaire_{name}", args=[questionnaire.pk, *parts])


def make_draft(kinds: tuple[str, ...] = ("short_text", "single", "scale"), sections: int = 2) -> Questionnaire:
    """A draft with the same questions in each section; the first section has the first ones."""
    questionnaire = factories.QuestionnaireFactory(
        title="Sample plan 2018", slug="sample-plan", code="SP", opened=False
    )
    Question.objects.all().delete()
    Section.objects.all().delete()
    for position in range(1, sections + 1):
        section = factories.SectionFactory(questionnaire=questionnaire, position=position)
        for number, kind in enumerate(kinds, start=1):
            factories.QuestionFactory(section=section, position=number, kind=kind, text=f"Sample {position}.{number}?")
    return questionnaire


def question(questionnaire: Questionnaire, number: str) -> Question:
    """The question whose text says this number."""
    return Question.objects.get(section__questionnaire=questionnaire, text=f"Sample {number}?")


def texts(questionnaire: Questionnaire) -> list[list[str]]:
    """The texts that stand, by section."""
    return [
        [row.text for row in section.questions.standing().order_by("position", "pk")]
        for section in questionnaire.sections.standing().order_by("position", "pk")
    ]


def values(row: Question, **changed: Any) -> dict[str, Any]:
    """The values of a question as its form gives them to the operation, some of them changed."""
    return {"kind": row.kind, "text": row.text, "choices": row.choices, **changed}


def only_if(other: Question, test: str = "one_of", *chosen: str, match: str = "all") -> dict[str, Any]:
    return {"match": match, "tests": [{"question": other.pk, "is": test, "values": list(chosen)}]}


def fields_on(page: Any) -> dict[str, list[str]]:
    """What a browser sends from the form of a question or a section, nobody having touched it."""
    form = next(form for form in html.document_fromstring(page.text).iter("form") if "data-open-form" in form.attrib)
    fields: dict[str, list[str]] = {}
    for name, value in cast(html.FormElement, form).form_values():
        fields.setdefault(name, []).append(value.removeprefix("\n"))  # which a browser drops after <textarea>
    fields.pop("csrfmiddlewaretoken", None)
    return fields


def publish(questionnaire: Questionnaire, by: User | None = None, **options: Any) -> Edition:
    return operations.publish_edition(questionnaire, by=by or factories.UserFactory(is_staff=True), **options)
