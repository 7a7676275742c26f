"""One question across all delegations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from icoca_portal.lib.charts import Bars
from questionnaires.editions import EditionContent, FrozenQuestion, FrozenSection
from questionnaires.review.counting import charts, figures
from questionnaires.review.submissions import Given, Received


@dataclass(frozen=True)
class Voice(Given):
    """What one delegation answered to a question. `companion` is its answer to the scale of the same section."""

    received: Received
    companion: int | None

    @property
    def rank(self) -> int | None:
        return self.question.answer if self.question.kind == "scale" else self.companion


@dataclass(frozen=True)
class QuestionReading:
    """One question of the edition with all answers to it, those without an answer apart."""

    question: FrozenQuestion
    section: FrozenSection
    companion: FrozenQuestion | None
    voices: list[Voice]
    silent: list[Received]
    charts: list[Bars]
    figures: list[tuple[str, str]]
    before: FrozenQuestion | None
    after: FrozenQuestion | None

    @property
    def answered(self) -> int:
        return sum(1 for voice in self.voices if voice.question.answer is not None)

    @property
    def total(self) -> int:
        return len(self.voices) + len(self.silent)


def read_question(content: EditionContent, question_id: int, rows: Sequence[Received]) -> QuestionReading | None:
    """The question with every delegation's answer; None if the edition does not hold it.

    A delegation without an answer is silent, unless somebody remarked on that.
    """
    section = content.section_of(question_id)
    if section is None:
        return None
    question = content.by_id[question_id]
    companion = next((q for q in section.questions if q.kind == "scale" and q.id != question_id), None)
    if question.kind == "scale":
        companion = None
    voices, silent = [], []
    for row in rows:
        given = row.answer(question_id)
        remarks = row.remarks.get(question_id, [])
        if given is not None and (given.answer is not None or remarks):
            voices.append(Voice(given, remarks, row, row.value(companion.id) if companion else None))
        else:
            silent.append(row)
    values = [voice.question.answer for voice in voices if voice.question.answer is not None]
    order = list(content)
    place = order.index(question)
    return QuestionReading(
        question=question,
        section=section,
        companion=companion,
        voices=voices,
        silent=silent,
        charts=charts(question, values) if values else [],
        figures=figures(question, values) if values else [],
        before=order[place - 1] if place else None,
        after=order[place + 1] if place + 1 < len(order) else None,
    )
