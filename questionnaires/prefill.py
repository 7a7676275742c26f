"""Answers of a delegation's earlier response that fit the questions of a later one. Nothing is written here.

A question is matched with the one it was copied from, or that was copied from the same one, by whatever many copies;
else with one of the same kind and the same words. A chosen answer is taken if every choice in it is offered again.
Files are not taken: they belong to the submission that sealed them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import translation

from questionnaires.editions import EditionContent, FrozenQuestion
from questionnaires.kinds import OTHER, show
from questionnaires.models import Answer, Question, Response, Submission, SubmittedAnswer

NOT_TAKEN = (Question.Kind.FILE, Question.Kind.CONFIRMATION)
"""What is sealed with a submission stays with it, and what is confirmed is confirmed anew."""

MOST_COPIES = 20
"""How many times in a row a question may have been copied and still be known again."""


@dataclass(frozen=True)
class Earlier:
    """One answer that can be taken over, beside what stands now."""

    question: FrozenQuestion
    section: int
    value: Any
    text: str
    now: Answer | None

    @property
    def version(self) -> int:
        """The version of what stands now; 0 if nothing does."""
        return self.now.version if self.now else 0

    @property
    def now_text(self) -> str:
        return show(self.question, self.now.value) if self.now else ""

    @property
    def is_same(self) -> bool:
        """Whether the earlier answer stands already."""
        return self.now is not None and self.now.value == self.value

    @property
    def is_offered(self) -> bool:
        """Whether it is ticked before anybody chose: where nothing stands yet."""
        return self.now is None or self.now.value is None


def sources(response: Response) -> Any:
    """The delegation's other submissions on record, newest first; their sealed texts are read when asked for."""
    rows = Submission.objects.on_record().filter(response__delegation=response.delegation_id)
    return rows.exclude(response__questionnaire=response.questionnaire_id).order_by("-submitted_at", "-pk")


def earlier_rows(response: Response) -> Any:
    """Answers on record that seem to fit some question, by the nearest copies and the words; to ask whether any do."""
    texts = _first_words(response)
    ids = list(texts)
    near = (
        Q(question__copies__in=ids) | Q(question__copies__copies__in=ids) | Q(question__text__in=list(texts.values()))
    )
    rows = SubmittedAnswer.objects.filter(near, submission__in=sources(response).values("pk"))
    return rows.exclude(question__kind__in=NOT_TAKEN)


def earlier_answers(response: Response) -> tuple[Submission | None, list[Earlier]]:
    """The delegation's last submission with answers that fit, and these answers in the order of the questions."""
    for submission in sources(response).select_related("response__questionnaire")[:5]:
        found = list(_matches(response, submission.record))
        if found:
            return submission, found
    return None, []


def _matches(response: Response, record: EditionContent) -> Iterator[Earlier]:
    content = response.edition.questions
    origins = _origins([*content.by_id, *record.by_id])
    by_origin = {origins[question.id]: question for question in record}
    by_words = {(question.kind, _plain(question.text)): question for question in record}
    words = _first_words(response)
    answers = response.answers.select_related("prefilled_from", "saved_by") if response.has_begun else ()
    rows = {answer.question_id: answer for answer in answers}
    for section in content.sections:
        for question in section.questions:
            earlier = by_origin.get(origins[question.id])
            if earlier is None or earlier.kind != question.kind:
                earlier = by_words.get((question.kind, _plain(words[question.id])))
            if earlier is None or not earlier.asked or not fits(question, earlier.answer):
                continue
            text = show(question, earlier.answer)
            yield Earlier(question, section.number, earlier.answer, text, rows.get(question.id))


def _first_words(response: Response) -> Mapping[int, str]:
    """The questions in the language they were first written in, which is the one that submissions are sealed in."""
    with translation.override(settings.LANGUAGE_CODE):
        return {question.id: question.text for question in response.edition.questions}


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _origins(ids: Iterable[int]) -> Mapping[int, int]:
    """For each question the first one of the copies that it goes back to: a query for each generation."""
    parents: dict[int, int | None] = {}
    wanted = set(ids)
    asked = set(wanted)
    for _generation in range(MOST_COPIES):
        if not wanted:
            break
        parents.update(Question.objects.filter(pk__in=wanted).values_list("pk", "copied_from"))
        wanted = {parent for parent in parents.values() if parent is not None} - set(parents)
    return {pk: _first(pk, parents) for pk in asked}


def _first(pk: int, parents: Mapping[int, int | None]) -> int:
    seen = {pk}
    while (parent := parents.get(pk)) is not None and parent not in seen:
        pk = parent
        seen.add(pk)
    return pk


def fits(question: FrozenQuestion, value: Any) -> bool:
    """Whether an earlier answer of the same kind can be given to this question as it is asked now."""
    if value is None or question.kind in NOT_TAKEN:
        return False
    choices = {choice.key for choice in question.choices}
    offered = choices | ({OTHER} if question.other else set())
    match question.kind:
        case "single":
            return value["choice"] in offered and (question.other or not value["other"])
        case "multiple":
            return set(value["choices"]) <= offered and (question.other or not value["other"])
        case "ranking":
            return set(value) == choices
        case "matrix":
            return set(value) <= {row.key for row in question.rows} and set(value.values()) <= choices
        case "table":
            columns = {column.key for column in question.columns}
            return all(set(row) <= columns for row in value)
        case _:
            return True
