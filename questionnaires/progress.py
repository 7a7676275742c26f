"""How far a response is: pure reading, one query."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, JSONField, Value, When

from questionnaires import conditions
from questionnaires.checks import problems_of
from questionnaires.editions import EditionContent, FrozenSection
from questionnaires.models import Answer, Response


@dataclass(frozen=True)
class SectionProgress:
    """One section of the task list. `problems` counts answers that are there but stop the submission."""

    section: FrozenSection
    answered: int
    total: int
    required: int
    missing: int
    problems: int
    last_by: str = ""
    last_at: datetime | None = None

    @property
    def state(self) -> str:
        """``wrong``, ``done``, ``half`` or ``none``, as the look's tags have it; ``not_asked`` if it asks nothing."""
        if self.problems:
            return "wrong"
        if self.answered and not self.missing:
            return "done"
        if not self.total:
            return "not_asked"
        return "half" if self.answered else "none"


def progress_of(content: EditionContent, response: Response) -> list[SectionProgress]:
    """Each section of the edition with how much of it is answered, and who worked there last."""
    rows = list(response.answers.select_related("saved_by").order_by("saved_at")) if response.has_begun else []
    values = {row.question_id: row.value for row in rows}
    by_question = {row.question_id: row for row in rows}
    asked = conditions.asked(content, values)
    return [section_progress(section, asked, values, by_question) for section in content.sections]


def section_progress(
    section: FrozenSection, asked: Collection[int], values: Mapping[int, Any], rows: Mapping[int, Any]
) -> SectionProgress:
    """How far one section is; only the questions that are asked count."""
    questions = [question for question in section.questions if question.id in asked]
    ids = [question.id for question in questions]
    given = [number for number in ids if values.get(number) is not None]
    required = [question.id for question in questions if question.required]
    wrong = [q for q in questions if q.id in given and (problems_of(q, values[q.id]) or rows[q.id].prefilled_from_id)]
    last = max((rows[number] for number in ids if number in rows), key=lambda row: row.saved_at, default=None)
    return SectionProgress(
        section=section,
        answered=len(given),
        total=len(ids),
        required=len(required),
        missing=len([number for number in required if values.get(number) is None]),
        problems=len(wrong),
        last_by=str(last.saved_by) if last else "",
        last_at=last.saved_at if last else None,
    )


@dataclass(frozen=True)
class HowFar:
    """How many of the questions that are asked have an answer."""

    answered: int
    asked: int

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means all."""
        return self.answered * 100 // self.asked if self.asked else 0


def how_far_of(responses: Iterable[Response], contents: Mapping[int, EditionContent]) -> dict[int, HowFar]:
    """How far each response is, by its primary key: one query, however many there are.

    `contents` are the editions that they answer, by primary key. No text is read but what a condition looks at.
    """
    responses = [response for response in responses if response.pk]
    conditional = [q.condition for content in contents.values() for q in content if q.condition]
    looked_at = {test["question"] for condition in conditional for test in condition["tests"]}
    values: dict[int, dict[int, Any]] = {response.pk: {} for response in responses}
    rows = Answer.objects.filter(response__in=values, value__isnull=False) if values else Answer.objects.none()
    nothing = Value(None, output_field=JSONField())
    value = Case(When(question__in=looked_at, then="value"), default=nothing) if looked_at else nothing
    for response, question, seen in rows.values_list("response", "question", value):
        values[response][question] = seen if question in looked_at else True
    found = {}
    for response in responses:
        content, given = contents[response.edition_id], values[response.pk]
        asked = conditions.asked(content, given)
        found[response.pk] = HowFar(sum(1 for question in asked if given.get(question) is not None), len(asked))
    return found
