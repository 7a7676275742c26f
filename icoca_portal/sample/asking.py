"""How the sample questionnaires are written down, and made from that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from icoca_portal.sample.french import FRENCH
from questionnaires.editions import choices_of, lines
from questionnaires.models import Question, Questionnaire, Section, StrategicPlan


@dataclass(frozen=True)
class Q:
    """A question: the key by which the sample responses name it, its kind, its text, and what its kind needs.

    `only_if` is (key of an earlier question, test, values). `earlier` is the key of the question of an earlier
    questionnaire that this one repeats.
    """

    key: str
    kind: Question.Kind
    text: str
    required: bool = False
    extra: dict[str, Any] = field(default_factory=dict)
    only_if: tuple[str, str, list[str]] | None = None
    earlier: str = ""


@dataclass(frozen=True)
class S:
    """A section, about the objective with this number, or about none. `key` names its French texts."""

    key: str
    title: str
    introduction: str
    objective: int | None
    questions: tuple[Q, ...]


def make_sections(
    questionnaire: Questionnaire,
    plan: StrategicPlan | None,
    sections: Sequence[S],
    earlier: Mapping[str, Question] | None = None,
) -> None:
    """The rows of the design, with their French texts. `earlier` are the questions that may be repeated, by key."""
    objectives = {objective.number: objective for objective in plan.objectives.all()} if plan else {}
    made: dict[str, Question] = {}
    for position, section in enumerate(sections, start=1):
        row = Section.objects.create(
            questionnaire=questionnaire,
            position=position,
            title=section.title,
            introduction=section.introduction,
            translations=_french(section.key, "title", "introduction"),
            objective=objectives.get(section.objective or 0),
        )
        for place, question in enumerate(section.questions, start=1):
            made[question.key] = Question.objects.create(
                section=row,
                position=place,
                kind=question.kind,
                text=question.text,
                required=question.required,
                translations=_french(question.key, "text", "help_text", "low_label", "high_label"),
                condition=_condition(question, made),
                copied_from=(earlier or {}).get(question.earlier),
                **{name: _extra(question.key, name, value) for name, value in question.extra.items()},
            )


def _condition(question: Q, made: Mapping[str, Question]) -> dict[str, Any] | None:
    if question.only_if is None:
        return None
    key, test, values = question.only_if
    return {"match": "all", "tests": [{"question": made[key].pk, "is": test, "values": values}]}


def _french(key: str, *names: str) -> dict[str, dict[str, str]]:
    texts = {name: text for name, text in FRENCH.get(key, {}).items() if name in names}
    return {"fr": texts} if texts else {}


def _extra(key: str, name: str, value: Any) -> Any:
    """Choices, rows and columns as lists, each with its French label where there is one."""
    if name not in ("choices", "rows", "columns"):
        return value
    listed = choices_of(value) if isinstance(value, str) else [dict(column) for column in value]
    french = lines(FRENCH.get(key, {}).get(name, ""))
    if french:
        for choice, label in zip(listed, french, strict=True):
            choice["labels"] = {"fr": label}
    return listed
