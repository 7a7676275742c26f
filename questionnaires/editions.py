"""The frozen form of a questionnaire: what an edition holds, and with answers what a submission seals.

The canonical JSON is an object ``{"format": 2, "title", "code", "edition", "introduction", "languages",
"translations", "sections": [...]}``. `languages` lists those that texts are written in, the first one's in the texts
themselves, the others' in `translations`. A section holds ``id, number, title, introduction, translations,
questions``; a question ``id, number, kind, text, help, required, objective`` (``{"number", "title"}`` or null),
``choices``, ``rows`` and ``columns`` (lists of ``{"key", "label"}`` and, where translated, ``"labels"``; a column has a
``"type"`` besides), ``other``, ``low``, ``high``, ``words``, ``minimum``, ``maximum`` (texts), ``unit``,
``min_choices``, ``max_choices``, ``max_rows``, ``files``, ``condition``, ``translations``.

A submission adds ``"delegation"``, ``"number"``, ``"reference"``, and to each question ``"answer"`` (the value, null if
blank or not asked), ``"answer_text"`` (as a reader sees it), ``"asked"`` (whether its condition held), ``"attached"``
(the files of the answer) and ``"quote"`` (whether results may quote it: ``none``, ``unnamed``, ``named``).

Format 1 had no languages, conditions, tables and files beside an answer, one file to a question, and no section ids;
it is still read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.utils.text import slugify

from icoca_portal.lib import sealing

if TYPE_CHECKING:
    from questionnaires.models import Question, Questionnaire

FORMAT = 2
READABLE = (1, 2)
NO_QUOTE = "none"
TRANSLATED = ("text", "help", "low", "high", "unit")


@dataclass(frozen=True)
class Choice:
    """A choice, a row or a column; `type` is that of a column of a table (see `kinds.COLUMN_TYPES`)."""

    key: str
    label: str
    type: str = ""


@dataclass(frozen=True)
class FrozenQuestion:
    """One question as delegations see it. `number` is what they say on the telephone: ``3.4``.

    `answer` and what follows are a submission's.
    """

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
    columns: tuple[Choice, ...] = ()
    min_choices: int | None = None
    max_choices: int | None = None
    max_rows: int | None = None
    files: bool = False
    condition: dict[str, Any] | None = None
    answer: Any = None
    answer_text: str = ""
    asked: bool = True
    attached: tuple[Mapping[str, Any], ...] = ()
    quote: str = NO_QUOTE

    def label_of(self, key: str) -> str:
        """The label of a choice; the key itself if it is not one of the choices."""
        return next((choice.label for choice in self.choices if choice.key == key), key)


@dataclass(frozen=True)
class FrozenSection:
    """The questions of one page. `id` is that of the designed section; None in format 1."""

    number: int
    title: str
    introduction: str
    questions: tuple[FrozenQuestion, ...]
    id: int | None = None


@dataclass(frozen=True)
class EditionContent:
    """The parsed content of an edition or of a submission."""

    title: str
    code: str
    edition: int
    sections: tuple[FrozenSection, ...]
    raw: dict[str, Any] = field(repr=False, compare=False)
    introduction: str = ""
    languages: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str, language: str = "") -> Self:
        """Parse canonical JSON, with its texts in `language` where they are written in it.

        Raises ValueError on a format that this module does not know.
        """
        raw = json.loads(text)
        if raw.get("format") not in READABLE:
            raise ValueError(f"unknown format {raw.get('format')!r} of a frozen questionnaire")
        own = _in_language(raw, language)
        return cls(
            title=own.get("title") or raw["title"],
            code=raw["code"],
            edition=raw["edition"],
            sections=tuple(_section(section, language) for section in raw["sections"]),
            raw=raw,
            introduction=own.get("introduction") or raw.get("introduction", ""),
            languages=tuple(raw.get("languages", ())),
        )

    def __iter__(self) -> Iterator[FrozenQuestion]:
        return (question for section in self.sections for question in section.questions)

    @cached_property
    def by_id(self) -> dict[int, FrozenQuestion]:
        return {question.id: question for question in self}

    @cached_property
    def has_conditions(self) -> bool:
        """Whether any question is asked only if; without, who reads needs to look at no answer."""
        return any(question.condition for question in self)

    def section(self, number: int) -> FrozenSection | None:
        """The section with this number, or None."""
        return next((section for section in self.sections if section.number == number), None)

    def section_of(self, question_id: int) -> FrozenSection | None:
        """The section that holds a question, or None."""
        return next((s for s in self.sections if any(q.id == question_id for q in s.questions)), None)

    @property
    def files(self) -> Iterator[Mapping[str, Any]]:
        """Every file that a submission names: those beside an answer, and those that are one."""
        for question in self:
            yield from question.attached
            if question.kind == "file":
                yield from question.answer or ()

    def with_answers(self, answers: Mapping[int, Mapping[str, Any]], **identity: Any) -> dict[str, Any]:
        """The JSON object of a submission: these questions, what `answers` adds to each by its id, and who submits."""
        blank: dict[str, Any] = {"answer": None, "answer_text": "", "asked": True, "attached": [], "quote": NO_QUOTE}
        sections = [
            {
                **section,
                "questions": [
                    {**question, **blank, **answers.get(question["id"], {})} for question in section["questions"]
                ],
            }
            for section in self.raw["sections"]
        ]
        return {**self.raw, **identity, "sections": sections}


def _in_language(raw: Mapping[str, Any], language: str) -> Mapping[str, str]:
    return raw.get("translations", {}).get(language, {}) if language else {}


def _section(raw: dict[str, Any], language: str) -> FrozenSection:
    own = _in_language(raw, language)
    return FrozenSection(
        number=raw["number"],
        title=own.get("title") or raw["title"],
        introduction=own.get("introduction") or raw["introduction"],
        questions=tuple(_question(question, language) for question in raw["questions"]),
        id=raw.get("id"),
    )


def _question(raw: dict[str, Any], language: str) -> FrozenQuestion:
    own = _in_language(raw, language)
    values = {name: value for name, value in raw.items() if name != "translations"}
    values |= {name: own.get(name) or raw[name] for name in TRANSLATED}
    values |= {name: _choices(raw.get(name, ()), language) for name in ("choices", "rows", "columns")}
    values["attached"] = tuple(raw.get("attached", ()))
    if raw["kind"] == "file" and isinstance(raw.get("answer"), dict):
        values["answer"] = [raw["answer"]]  # format 1 took one file to a question
    return FrozenQuestion(**values)


def _choices(raw: Sequence[Mapping[str, Any]], language: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(choice["key"], choice.get("labels", {}).get(language) or choice["label"], choice.get("type", ""))
        for choice in raw
    )


def lines(text: str) -> list[str]:
    """The lines of a text that holds one choice a line, without empty ones and repetitions."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def new_key(label: str, taken: Iterable[str]) -> str:
    """A key for a choice, made of its label, so that exports and sealed records can be read without the questions."""
    base = slugify(label, allow_unicode=True)[:40].strip("-") or "choice"
    key, n = base, 2
    while key in taken or key == "other":
        key, n = f"{base}-{n}", n + 1
    return key


def choices_of(text: str) -> list[dict[str, Any]]:
    """The choices that a text names, one a line."""
    found: dict[str, str] = {}
    for label in lines(text):
        found[new_key(label, found)] = label
    return [{"key": key, "label": label} for key, label in found.items()]


def freeze(questionnaire: Questionnaire, number: int) -> dict[str, Any]:
    """The JSON object of an edition, from the design as it is now. Sections without questions are left out."""
    sections = questionnaire.sections.standing().select_related("objective").prefetch_related("questions__objective")
    asked = [(section, [q for q in section.questions.all() if q.removed_at is None]) for section in sections]
    filled = [(section, questions) for section, questions in asked if questions]
    frozen: list[dict[str, Any]] = [
        {
            "id": section.pk,
            "number": place,
            "title": section.title,
            "introduction": section.introduction,
            "translations": _filled(section.translations),
            "questions": [
                freeze_question(question, f"{place}.{row}", question.objective or section.objective)
                for row, question in enumerate(questions, 1)
            ],
        }
        for place, (section, questions) in enumerate(filled, 1)
    ]
    translations = _filled(questionnaire.translations)
    others = set(translations)
    for section in frozen:
        others.update(section["translations"], *(question["translations"] for question in section["questions"]))
    return {
        "format": FORMAT,
        "title": questionnaire.title,
        "code": questionnaire.code,
        "edition": number,
        "introduction": questionnaire.introduction,
        "languages": [settings.LANGUAGE_CODE, *sorted(others)],
        "translations": translations,
        "sections": frozen,
    }


def _filled(translations: Mapping[str, Mapping[str, str]], **renamed: str) -> dict[str, dict[str, str]]:
    """Translations without empty texts and without languages that have none."""
    found = {
        language: {renamed.get(name, name): text for name, text in texts.items() if text}
        for language, texts in translations.items()
    }
    return {language: texts for language, texts in found.items() if texts}


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
        "choices": question.choices,
        "rows": question.rows,
        "columns": question.columns,
        "other": question.has_other,
        "low": question.low_label,
        "high": question.high_label,
        "words": question.word_limit,
        "minimum": None if question.minimum is None else format(question.minimum.normalize(), "f"),
        "maximum": None if question.maximum is None else format(question.maximum.normalize(), "f"),
        "unit": question.unit,
        "min_choices": question.min_choices,
        "max_choices": question.max_choices,
        "max_rows": question.max_rows,
        "files": question.takes_files,
        "condition": question.condition,
        "translations": _filled(question.translations, help_text="help", low_label="low", high_label="high"),
    }


def write(content: dict[str, Any]) -> tuple[str, str]:
    """The canonical text and its seal."""
    text = sealing.canonical(content)
    return text, sealing.digest(text)
