"""Questions that an earlier edition asked and the present one does not: their answers stay readable."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from questionnaires.editions import EditionContent, FrozenQuestion
from questionnaires.files import files_of
from questionnaires.kinds import show
from questionnaires.models import Answer, Questionnaire, Response


def last_asked(questionnaire: Questionnaire, question_ids: Collection[int]) -> dict[int, tuple[int, FrozenQuestion]]:
    """The questions as the last edition that asked them had them, each with the number of that edition.

    Reads editions from the newest on until all are found; those that no edition asked are left out.
    """
    missing, found = set(question_ids), {}
    if not missing:
        return {}
    for edition in questionnaire.editions.order_by("-number"):
        asked = edition.questions.by_id
        for pk in missing & asked.keys():
            found[pk] = (edition.number, asked[pk])
        missing -= asked.keys()
        if not missing:
            break
    return found


@dataclass(frozen=True)
class Removed:
    """An answer to a question that is asked no more. `edition` is the last one that asked it."""

    question: FrozenQuestion
    edition: int
    answer: Answer

    @property
    def shown(self) -> str:
        return show(self.question, self.answer.value)

    @property
    def files(self) -> list[dict[str, object]]:
        return files_of(self.question, self.answer)


def no_longer_asked(response: Response, content: EditionContent, answers: Collection[Answer]) -> list[Removed]:
    """The answers that hold something and whose question is asked no more, in the order in which they were asked.

    No query where there is none.
    """
    orphans = {row.question_id: row for row in answers if row.question_id not in content.by_id}
    kept = {pk: row for pk, row in orphans.items() if row.value is not None or row.files}
    asked = last_asked(response.questionnaire, kept)
    rows = [Removed(question, edition, kept[pk]) for pk, (edition, question) in asked.items()]
    return sorted(rows, key=lambda row: [int(part) for part in row.question.number.split(".")])
