"""One objective of the plan: what was asked about it, what came back, what the Board makes of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from icoca_portal.lib.charts import Bars
from questionnaires.editions import FrozenQuestion
from questionnaires.models import Conclusion, Objective, Question, Questionnaire, Section, Theme
from questionnaires.review.answers import Quoted, passage_rows
from questionnaires.review.asked import Asked
from questionnaires.review.counting import charts, figures, tallies
from questionnaires.review.discussed import Discussed, discussions
from questionnaires.review.reading import Reader, Received

WHOLE = 0


@dataclass(frozen=True)
class Counted:
    """One question with what is counted of its answers. `remarks` is None for who reads none."""

    question: FrozenQuestion
    number: str
    answered: int
    charts: list[Bars]
    figures: list[tuple[str, str]]
    remarks: int | None


@dataclass(frozen=True)
class ThemeReading:
    """A theme with its passages."""

    theme: Theme
    passages: list[Quoted]


@dataclass(frozen=True)
class ObjectiveReading:
    """What stands on the page of an objective, and in the report. `number` is 0 for the whole, which has no
    questions of its own."""

    number: int
    title: str
    objective: Objective | None
    questions: list[Counted]
    themes: list[ThemeReading]
    discussions: list[Discussed]
    conclusion: Conclusion | None

    @property
    def remarks(self) -> int:
        return sum(question.remarks or 0 for question in self.questions)

    @property
    def is_whole(self) -> bool:
        return self.number == WHOLE


@dataclass(frozen=True)
class ObjectiveLine:
    """One line of the list of objectives."""

    number: int
    title: str
    questions: int
    remarks: int
    passages: int
    conclusion: Conclusion | None


def objectives_of(questionnaire: Questionnaire) -> dict[int, Objective]:
    """The objectives of the plan, and those that questions are about, by number. One query."""
    asked = Question.objects.filter(section__questionnaire=questionnaire).values("objective")
    headed = Section.objects.filter(questionnaire=questionnaire).values("objective")
    rows = Objective.objects.filter(Q(pk__in=asked) | Q(pk__in=headed) | Q(plan=questionnaire.plan_id))
    found: dict[int, Objective] = {}
    for row in rows.order_by("number", "pk"):
        if row.number not in found or row.plan_id == questionnaire.plan_id:
            found[row.number] = row
    return found


def conclusions_of(reader: Reader) -> dict[int | None, Conclusion]:
    """What the Board concluded, by the objective's primary key; None: on the whole. One query; nothing for who does not
    read conclusions."""
    if not reader.user.has_perm("questionnaires.read_conclusion", reader.questionnaire):
        return {}
    rows = Conclusion.objects.filter(questionnaire=reader.questionnaire).select_related("written_by", "published_by")
    return {row.objective_id: row for row in rows}


def list_objectives(reader: Reader, asked: Asked) -> list[ObjectiveLine]:
    """The whole first, then each objective, with how much there is to it. Four queries."""
    conclusions = conclusions_of(reader)
    remarks, passages = _by_question(reader.remarks()), _by_question(reader.passages())
    lines = [ObjectiveLine(WHOLE, _("The whole"), len(asked.order), 0, 0, conclusions.get(None))]
    for number, objective in objectives_of(reader.questionnaire).items():
        ids = [question.id for question in asked.about(number)]
        lines.append(
            ObjectiveLine(
                number,
                objective.title,
                len(ids),
                sum(remarks.get(pk, 0) for pk in ids),
                sum(passages.get(pk, 0) for pk in ids),
                conclusions.get(objective.pk),
            )
        )
    return lines


def _by_question(rows: Any) -> dict[int, int]:
    return dict(rows.order_by().values_list("question_id").annotate(count=Count("pk")))


def read_objective(reader: Reader, asked: Asked, number: int) -> ObjectiveReading | None:
    """One objective by its number, 0 for the whole; None if the plan has no such objective. At most seven queries."""
    objective = None
    if number != WHOLE:
        objective = objectives_of(reader.questionnaire).get(number)
        if objective is None:
            return None
    return _Readings(reader, asked, [number]).reading(number, objective)


def read_all(reader: Reader, asked: Asked) -> list[ObjectiveReading]:
    """Every objective that was asked about or concluded on, then the whole: what the report holds."""
    objectives = objectives_of(reader.questionnaire)
    numbers = [number for number in objectives if asked.about(number)]
    readings = _Readings(reader, asked, [*numbers, WHOLE])
    found = [readings.reading(number, objectives[number]) for number in numbers]
    return [*found, readings.reading(WHOLE, None)]


class _Readings:
    """What several objectives need, read at once."""

    def __init__(self, reader: Reader, asked: Asked, numbers: Sequence[int]) -> None:
        self.reader, self.asked = reader, asked
        self.questions = {number: asked.about(number) if number else [] for number in numbers}
        asked_about = [question for questions in self.questions.values() for question in questions]
        self.answered: dict[int, int] = {}
        self.values: dict[int, Any] = {}
        self.passages: dict[int, dict[Theme, list[Quoted]]] = defaultdict(lambda: defaultdict(list))
        self.remarks: dict[int, int] = {}
        if asked_about:
            self.answered, self.values = tallies(reader.submissions(), asked_about)
            self.remarks = _by_question(reader.remarks()) if reader.of_board else {}
        if reader.of_board:
            self._read_passages({question.id for question in asked_about}, whole=0 in self.questions)
        self.conclusions = conclusions_of(reader)

    def _read_passages(self, ids: set[int], *, whole: bool) -> None:
        rows = passage_rows(self.reader)
        if not whole:
            rows = rows.filter(question__in=ids)
        for passage in rows:
            question = self.asked.by_id.get(passage.question_id)
            if question is None:
                continue
            number = question.objective["number"] if question.objective else WHOLE
            received = Received(self.reader, passage.submission)
            quoted = Quoted(received, passage, question, self.asked.number_of(question))
            self.passages[number][passage.theme].append(quoted)

    def reading(self, number: int, objective: Objective | None) -> ObjectiveReading:
        themes = sorted(self.passages[number].items(), key=lambda pair: pair[0].name.casefold())
        return ObjectiveReading(
            number=number,
            title=objective.title if objective else _("The whole"),
            objective=objective,
            questions=[self._counted(question) for question in self.questions[number]],
            themes=[ThemeReading(theme, passages) for theme, passages in themes],
            discussions=discussions(self.reader, objective=objective.pk if objective else None),
            conclusion=self.conclusions.get(objective.pk if objective else None),
        )

    def _counted(self, question: FrozenQuestion) -> Counted:
        values = self.values.get(question.id, [])
        return Counted(
            question=question,
            number=self.asked.number_of(question),
            answered=self.answered.get(question.id, 0),
            charts=charts(question, values) if values else [],
            figures=figures(question, values) if values else [],
            remarks=self.remarks.get(question.id, 0) if self.reader.of_board else None,
        )


def read_theme(reader: Reader, asked: Asked, theme: Theme) -> list[Quoted]:
    """All passages of a theme, by delegation and question. One query."""
    return [
        Quoted(Received(reader, passage.submission), passage, question, asked.number_of(question))
        for passage in passage_rows(reader).filter(theme=theme)
        if (question := asked.by_id.get(passage.question_id))
    ]


def list_themes(reader: Reader) -> list[Theme]:
    """The themes with how many passages and delegations stand under each (`passages_now`, `delegations`). One query."""
    if not reader.of_board:
        return []
    standing = Q(passages__removed_at=None)
    return list(
        Theme.objects.visible_to(reader.user)
        .filter(questionnaire=reader.questionnaire)
        .annotate(
            passages_now=Count("passages", filter=standing, distinct=True),
            delegations=Count("passages__submission__response", filter=standing, distinct=True),
        )
        .order_by("name")
    )
