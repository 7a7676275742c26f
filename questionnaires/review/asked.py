"""What was asked, over all editions: the questions of the latest in their order, and those no longer asked."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from questionnaires.editions import EditionContent, FrozenQuestion, FrozenSection

if TYPE_CHECKING:
    from questionnaires.models import Questionnaire


class Asked:
    """The editions of a questionnaire. One query; the edition is kept with the questionnaire.

    Raises LookupError for a questionnaire that has none.
    """

    def __init__(self, questionnaire: Questionnaire) -> None:
        editions = list(questionnaire.editions.order_by("number"))
        if not editions:
            raise LookupError(f"{questionnaire} has no edition")
        questionnaire.edition = editions[-1]
        self.editions = {edition.number: edition for edition in editions}
        self.contents: dict[int, EditionContent] = {edition.number: edition.questions for edition in editions}
        self.latest = self.contents[editions[-1].number]

    @cached_property
    def gone(self) -> list[FrozenQuestion]:
        """Questions of earlier editions that are not asked any more, as they were asked last."""
        found: dict[int, FrozenQuestion] = {}
        for content in self.contents.values():
            found.update(content.by_id)
        return [question for pk, question in found.items() if pk not in self.latest.by_id]

    @cached_property
    def order(self) -> list[FrozenQuestion]:
        """All questions, those of the latest edition first."""
        return [*self.latest, *self.gone]

    @cached_property
    def by_id(self) -> dict[int, FrozenQuestion]:
        return {question.id: question for question in self.order}

    def section_of(self, question: int) -> FrozenSection | None:
        """The section that holds the question in the latest edition that asks it."""
        for content in reversed(self.contents.values()):
            if section := content.section_of(question):
                return section
        return None

    def edition_of(self, question: int) -> int:
        """The latest edition that asks the question. Raises LookupError if none does."""
        return max(number for number, content in self.contents.items() if question in content.by_id)

    def was_asked(self, question: int, edition: int) -> bool:
        """Whether the edition holds the question. One that is not on record counts as if it did."""
        content = self.contents.get(edition)
        return content is None or question in content.by_id

    def number_of(self, question: FrozenQuestion) -> str:
        """``3.4``, or ``3.4 (ed. 1)`` for a question that is not asked any more."""
        if question.id in self.latest.by_id:
            return question.number
        return f"{question.number} (ed. {self.edition_of(question.id)})"

    @property
    def objectives(self) -> list[tuple[int, str]]:
        """The objectives that questions are about, by number."""
        found = {q.objective["number"]: q.objective["title"] for q in reversed(self.order) if q.objective}
        return sorted(found.items())

    def about(self, objective: int) -> list[FrozenQuestion]:
        """The questions that are about an objective, by its number."""
        return [q for q in self.order if q.objective and q.objective["number"] == objective]
