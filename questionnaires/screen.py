"""What the designer shows: the outline with a mark for all that matters of a question, what waits, what was removed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

from django.conf import settings
from django.utils.translation import gettext

from questionnaires import editions
from questionnaires.comparing import Comparison, compare
from questionnaires.condition_words import in_words
from questionnaires.editions import EditionContent
from questionnaires.models import Edition, Question, Questionnaire, Section
from questionnaires.outline import Outline, Part, Place, values_to_test


@dataclass(frozen=True)
class Missing:
    """A language that texts of a row are not written in. `texts` names them, unless it is all of them."""

    language: str
    texts: str = ""


@dataclass(frozen=True)
class RowMarks:
    """A question as a row of the designer."""

    place: Place
    condition: str
    missing: list[Missing]
    since: str
    """``added`` or ``changed`` since the latest edition; else empty."""

    @property
    def question(self) -> Question:
        return self.place.question

    @property
    def number(self) -> str:
        return self.place.number


@dataclass(frozen=True)
class PartMarks:
    """A section of the designer."""

    part: Part
    rows: list[RowMarks]
    missing: list[Missing]

    @property
    def section(self) -> Section:
        return self.part.section


@dataclass(frozen=True)
class Screen:
    """All of it, read in a constant number of queries."""

    questionnaire: Questionnaire
    outline: Outline
    parts: list[PartMarks]
    latest: Edition | None
    comparison: Comparison | None
    asked: frozenset[int] = frozenset()
    languages: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, questionnaire: Questionnaire) -> Self:
        outline = Outline.read(questionnaire)
        all_editions = [] if questionnaire.state == "draft" else list(questionnaire.editions.order_by("number"))
        latest = all_editions[-1] if all_editions else None
        asked = frozenset(question.id for edition in all_editions for question in edition.questions)
        comparison = None
        if latest is not None:
            comparison = compare_now(questionnaire, latest)
        since = comparison.since if comparison else {}
        used, names = used_languages(outline), language_names()
        parts = [
            PartMarks(
                part,
                [
                    RowMarks(
                        place,
                        condition_of(place, outline),
                        missing_in(texts_of_question(place.question), used),
                        since.get(place.question.pk, ""),
                    )
                    for place in part.places
                ],
                missing_in(texts_of_section(part.section), used),
            )
            for part in outline.parts
        ]
        return cls(
            questionnaire=questionnaire,
            outline=outline,
            parts=parts,
            latest=latest,
            comparison=comparison,
            asked=asked,
            languages=[names[code] for code in (settings.LANGUAGE_CODE, *used)],
        )

    @property
    def editable(self) -> bool:
        """Whether the design may change: until the questionnaire is closed."""
        return self.questionnaire.state in (Questionnaire.State.DRAFT, Questionnaire.State.OPEN)

    @property
    def count(self) -> int:
        return sum(len(part.rows) for part in self.parts)

    @property
    def waiting(self) -> int:
        """How many changes wait for the next edition."""
        return self.comparison.count if self.comparison else 0

    def row_of(self, question: int) -> RowMarks | None:
        return next((row for part in self.parts for row in part.rows if row.question.pk == question), None)

    def part_of(self, section: int) -> PartMarks | None:
        return next((part for part in self.parts if part.section.pk == section), None)

    @cached_property
    def removed_questions(self) -> list[tuple[Question, bool]]:
        """The removed questions of sections that stand, each with whether an edition asked it (then it stays)."""
        rows = Question.objects.filter(
            section__questionnaire=self.questionnaire, section__removed_at=None, removed_at__isnull=False
        ).order_by("-removed_at")
        return [(row, row.pk in self.asked) for row in rows]

    @cached_property
    def removed_sections(self) -> list[tuple[Section, int, bool]]:
        """The removed sections, each with how many questions it has and whether an edition asked one of them."""
        rows = self.questionnaire.sections.filter(removed_at__isnull=False).prefetch_related("questions")
        return [
            (row, len(row.questions.all()), any(question.pk in self.asked for question in row.questions.all()))
            for row in rows.order_by("-removed_at")
        ]


def language_names() -> dict[str, str]:
    return {code: str(name) for code, name in settings.LANGUAGES}


def used_languages(outline: Outline) -> list[str]:
    """The languages, beyond the first, that any text of the questionnaire is written in."""
    found = {code for code, texts in outline.questionnaire.translations.items() if any(texts.values())}
    rows: Iterable[Any] = [*(part.section for part in outline.parts), *(place.question for place in outline)]
    for row in rows:
        found |= {code for code, texts in row.translations.items() if any(texts.values())}
    return [code for code, _name in settings.LANGUAGES if code in found and code != settings.LANGUAGE_CODE]


Texts = list[tuple[str, str, Mapping[str, str]]]
"""What a text is, how it reads in the first language, and how in the others."""


def texts_of_question(question: Question) -> Texts:
    """Every text of a question that delegations read."""
    labels = {
        "text": gettext("Question"),
        "help_text": gettext("Help"),
        "low_label": gettext("What 1 means"),
        "high_label": gettext("What 5 means"),
        "unit": gettext("Unit"),
    }
    found = _texts(question, labels)
    for name, rows in (
        (gettext("Choices"), question.choices),
        (gettext("Rows"), question.rows),
        (gettext("Columns"), question.columns),
    ):
        found += [(name, row["label"], row.get("labels", {})) for row in rows]
    return found


def texts_of_section(section: Section) -> Texts:
    return _texts(section, {"title": gettext("Title"), "introduction": gettext("Introduction")})


def _texts(row: Any, labels: Mapping[str, str]) -> Texts:
    return [
        (label, getattr(row, name), {code: texts.get(name, "") for code, texts in row.translations.items()})
        for name, label in labels.items()
    ]


def missing_in(texts: Texts, codes: Iterable[str]) -> list[Missing]:
    """The languages that a row is not wholly written in."""
    names, found = language_names(), []
    written = [(label, others) for label, first, others in texts if first]
    for code in codes:
        gone = [label for label, others in written if not others.get(code)]
        if gone:
            which = "" if len(gone) == len(written) else ", ".join(dict.fromkeys(gone))
            found.append(Missing(names[code], which))
    return found


def condition_of(place: Place, outline: Outline) -> str:
    """The condition of a question in words."""

    def name(question: int) -> str:
        other = outline.by_id.get(question)
        return other.number if other else gettext("a removed question")

    def label(question: int, key: str) -> str:
        other = outline.by_id.get(question)
        return dict(values_to_test(other.question)).get(key, key) if other else key

    return in_words(place.question.condition, name, label)


def content_now(questionnaire: Questionnaire, number: int, language: str = "") -> EditionContent:
    """The design as the edition with this number would hold it."""
    return EditionContent.read(editions.write(editions.freeze(questionnaire, number))[0], language)


def compare_now(questionnaire: Questionnaire, latest: Edition) -> Comparison:
    """What the next edition would change."""
    return compare(latest.content, editions.write(editions.freeze(questionnaire, latest.number + 1))[0])
