"""The frozen form of a questionnaire: what an edition holds, and with answers what a submission seals.

The canonical JSON is an object ``{"format": 1, "title", "code", "edition", "sections": [...]}``. A section holds
``number, title, introduction, questions``; a question ``id, number, kind, text, help, required, objective``
(``{"number", "title"}`` or null), ``choices`` and ``rows`` (lists of ``{"key", "label"}``), ``other``, ``low``,
``high``, ``words``, ``minimum``, ``maximum`` (texts), ``unit``. A submission adds ``"delegation"``, ``"number"``,
``"reference"``, and to each question ``"answer"`` (the value, null if blank) and ``"answer_text"`` (as a reader sees
it).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from django.utils.text import slugify

from icoca_portal.lib import sealing

if TYPE_CHECKING:
    from questionnaires.models import Question, Questionnaire

FORMAT = 1


@dataclass(frozen=True)
class Choice:
    key: str
    label: str


@dataclass(frozen=True)
class FrozenQuestion:
    """One question as delegations see it. `number` is what they say on the telephone: ``3.4``."""

    id: int
    number: str
    kind: str
    text: str
    help: str
    required: bool
    objective: dict[str, Any] | None
    choices: tuple[Choice, ...]
    rows: tuple[Choice, ...]
    other: bool
    low: str
    high: str
    words: int | None
    minimum: str | None
    maximum: str | None
    unit: str
    answer: Any = None
    answer_text: str = ""

    def label_of(self, key: str) -> str:
        """The label of a choice; the key itself if it is not one of the choices."""
        return next((choice.label for choice in self.choices if choice.key == key), key)


@dataclass(frozen=True)
class FrozenSection:
    number: int
    title: str
    introduction: str
    questions: tuple[FrozenQuestion, ...]


@dataclass(frozen=True)
class EditionContent:
    """The parsed content of an edition or of a submission."""

    title: str
    code: str
    edition: int
    sections: tuple[FrozenSection, ...]
    raw: dict[str, Any] = field(repr=False, compare=False)

    @classmethod
    def read(cls, text: str) -> Self:
        """Parse canonical JSON. Raises ValueError on another format than this module writes."""
        raw = json.loads(text)
        if raw.get("format") != FORMAT:
            raise ValueError(f"unknown format {raw.get('format')!r} of a frozen questionnaire")
        return cls(
            title=raw["title"],
            code=raw["code"],
            edition=raw["edition"],
            sections=tuple(_section(section) for section in raw["sections"]),
            raw=raw,
        )

    def __iter__(self) -> Iterator[FrozenQuestion]:
        return (question for section in self.sections for question in section.questions)

    @cached_property
    def by_id(self) -> dict[int, FrozenQuestion]:
        return {question.id: question for question in self}

    def section(self, number: int) -> FrozenSection | None:
        """The section with this number, or None."""
        return next((section for section in self.sections if section.number == number), None)

    def section_of(self, question_id: int) -> FrozenSection | None:
        """The section that holds a question, or None."""
        return next((s for s in self.sections if any(q.id == question_id for q in s.questions)), None)

    def with_answers(self, answers: dict[int, tuple[Any, str]], **identity: Any) -> dict[str, Any]:
        """The JSON object of a submission: these questions, the answers by question id, and who submits."""
        sections = [
            {
                **section,
                "questions": [
                    {**question, "answer": value, "answer_text": text}
                    for question in section["questions"]
                    for value, text in [answers.get(question["id"], (None, ""))]
                ],
            }
            for section in self.raw["sections"]
        ]
        return {**self.raw, **identity, "sections": sections}


def _section(raw: dict[str, Any]) -> FrozenSection:
    return FrozenSection(
        raw["number"], raw["title"], raw["introduction"], tuple(_question(question) for question in raw["questions"])
    )


def _question(raw: dict[str, Any]) -> FrozenQuestion:
    lists = {name: tuple(Choice(**choice) for choice in raw[name]) for name in ("choices", "rows")}
    return FrozenQuestion(**{**raw, **lists})


def lines(text: str) -> list[str]:
    """The lines of a field that holds one choice a line, without empty ones and repetitions."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def choices_of(text: str) -> list[dict[str, str]]:
    """Choices with keys made of their labels, so that exports and sealed records can be read without the questions."""
    found: dict[str, str] = {}
    for label in lines(text):
        base = slugify(label, allow_unicode=True)[:40].strip("-") or "choice"
        key, n = base, 2
        while key in found or key == "other":
            key, n = f"{base}-{n}", n + 1
        found[key] = label
    return [{"key": key, "label": label} for key, label in found.items()]


def freeze(questionnaire: Questionnaire, number: int) -> dict[str, Any]:
    """The JSON object of an edition, from the rows as they are now. Sections without questions are left out."""
    sections = questionnaire.sections.select_related("objective").prefetch_related("questions__objective")
    filled = [section for section in sections if section.questions.all()]
    return {
        "format": FORMAT,
        "title": questionnaire.title,
        "code": questionnaire.code,
        "edition": number,
        "sections": [
            {
                "number": place,
                "title": section.title,
                "introduction": section.introduction,
                "questions": [
                    freeze_question(question, f"{place}.{row}", question.objective or section.objective)
                    for row, question in enumerate(section.questions.all(), 1)
                ],
            }
            for place, section in enumerate(filled, 1)
        ],
    }


def freeze_question(question: Question, number: str, objective: Any) -> dict[str, Any]:
    """The JSON object of one question."""
    return {
        "id": question.pk,
        "number": number,
        "kind": question.kind,
        "text": question.text,
        "help": question.help_text,
        "required": question.required,
        "objective": {"number": objective.number, "title": objective.title} if objective else None,
        "choices": choices_of(question.choices),
        "rows": choices_of(question.rows),
        "other": question.has_other,
        "low": question.low_label,
        "high": question.high_label,
        "words": question.word_limit,
        "minimum": None if question.minimum is None else format(question.minimum.normalize(), "f"),
        "maximum": None if question.maximum is None else format(question.maximum.normalize(), "f"),
        "unit": question.unit,
    }


def write(content: dict[str, Any]) -> tuple[str, str]:
    """The canonical text and its seal."""
    text = sealing.canonical(content)
    return text, sealing.digest(text)
