"""One question across all delegations, a page of them at a time; what is counted is counted over all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, Window
from django.db.models.expressions import Case, When

from icoca_portal.lib.charts import Bars
from icoca_portal.lib.paging import Pages
from questionnaires.editions import FrozenQuestion, FrozenSection
from questionnaires.models import Submission, SubmittedAnswer
from questionnaires.review.answers import TAGGABLE, Given, answered, themes_on, threads_on
from questionnaires.review.asked import Asked
from questionnaires.review.counting import charts, figures, is_counted, tally
from questionnaires.review.reading import Reader, Received
from questionnaires.review.tables import Selection, page_of


@dataclass(frozen=True)
class Voice(Given):
    """What one delegation answered to a question. `companion` is its answer to the scale of the same section."""

    companion: int | None = None

    @property
    def rank(self) -> int | None:
        return self.question.answer if self.question.kind == "scale" else self.companion


@dataclass(frozen=True)
class QuestionReading:
    """One question with the answers of one page; those without an answer apart.

    `answered` of `total` count over all pages, and so do the charts and figures.
    """

    question: FrozenQuestion
    number: str
    section: FrozenSection
    companion: FrozenQuestion | None
    voices: list[Voice]
    silent: list[Received]
    not_asked: list[Received]
    charts: list[Bars]
    figures: list[tuple[str, str]]
    before: FrozenQuestion | None
    after: FrozenQuestion | None
    answered: int
    pages: Pages
    themes: list[str]

    @property
    def total(self) -> int:
        return self.pages.total


def read_question(
    reader: Reader, asked: Asked, question_id: int, selection: Selection, page: int = 1
) -> QuestionReading | None:
    """The question with the answers of one page of delegations, who answered first; None if no edition asks it.

    A delegation without an answer is silent, unless somebody remarked on that. At most five queries.
    """
    section = asked.section_of(question_id)
    if section is None:
        return None
    question = asked.by_id[question_id]
    companion = next((q for q in section.questions if q.kind == "scale"), None) if question.kind != "scale" else None
    rows = selection.narrow(reader)
    ids = [question_id, companion.id] if companion else [question_id]
    counted = is_counted(question)
    shown, pages, count = _page(reader, rows, ids, page, with_answers=counted)
    answers = _answers_on(shown, ids) if counted else _answers_to(shown, ids)
    threads = threads_on(reader, shown, question_id)
    themes, passages = themes_on(reader, shown, question_id) if question.kind in TAGGABLE else ([], {})
    voices: list[Voice] = []
    silent: list[Received] = []
    not_asked: list[Received] = []
    for submission in shown:
        received = Received(reader, submission)
        answer = answers.get((submission.pk, question_id))
        own = threads.get((submission.response_id, question_id), [])
        if answer is None and not own:
            was_asked = asked.was_asked(question_id, submission.edition_number)
            (silent if was_asked else not_asked).append(received)
            continue
        beside = answers.get((submission.pk, companion.id)) if companion else None
        voices.append(
            Voice(
                received=received,
                question=_with_files(submission, answered(question, answer)),
                was_asked=asked.was_asked(question_id, submission.edition_number),
                threads=own,
                passages=passages.get((submission.pk, question_id), []),
                companion=beside.value if beside else None,
            )
        )
    values = tally(rows, question) if counted and count else []
    place = asked.order.index(question)
    return QuestionReading(
        question=question,
        number=asked.number_of(question),
        section=section,
        companion=companion,
        voices=voices,
        silent=silent,
        not_asked=not_asked,
        charts=charts(question, values) if values else [],
        figures=figures(question, values) if values else [],
        before=asked.order[place - 1] if place else None,
        after=asked.order[place + 1] if place + 1 < len(asked.order) else None,
        answered=count,
        pages=pages,
        themes=themes,
    )


def _page(
    reader: Reader, rows: QuerySet[Submission], ids: Sequence[int], number: int, *, with_answers: bool
) -> tuple[list[Any], Pages, int]:
    """One page, those first that have something to read about the first of the questions, with how many answered it
    of all. One query; `with_answers` also reads the answers, which are short for questions that are counted."""
    question, *_beside = ids
    answer = SubmittedAnswer.objects.filter(submission=OuterRef("pk"), question=question)
    ordered = rows.annotate(
        has_answer=Case(When(Exists(answer), then=Value(1)), default=Value(0), output_field=IntegerField()),
    )
    heard = Q(has_answer=1)
    if reader.of_board:
        remarks = reader.remarks().filter(submission__response=OuterRef("response"), question=question)
        heard |= Q(Exists(remarks))
    ordered = ordered.annotate(
        is_heard=Case(When(heard, then=Value(0)), default=Value(1), output_field=IntegerField())
    ).order_by("is_heard", *reader.order)
    if with_answers:
        for place, pk in enumerate(ids):
            own = SubmittedAnswer.objects.filter(submission=OuterRef("pk"), question=pk)
            given = {f"value_{place}": Subquery(own.values("value")), f"text_{place}": Subquery(own.values("text"))}
            ordered = ordered.annotate(**given)
    shown, pages = page_of(ordered, number, answering=Window(Count("pk", filter=Q(has_answer=1))))
    return shown, pages, shown[0].answering if shown else 0


def _answers_on(shown: Sequence[Any], ids: Sequence[int]) -> dict[tuple[int, int], SubmittedAnswer]:
    """The answers that `_page` read with the submissions."""
    return {
        (row.pk, pk): SubmittedAnswer(
            submission_id=row.pk, question_id=pk, value=value, text=getattr(row, f"text_{place}") or ""
        )
        for row in shown
        for place, pk in enumerate(ids)
        if (value := getattr(row, f"value_{place}")) is not None
    }


def _answers_to(shown: Sequence[Submission], ids: Sequence[int]) -> dict[tuple[int, int], SubmittedAnswer]:
    """The answers of these submissions. One query."""
    rows = SubmittedAnswer.objects.filter(submission__in=[row.pk for row in shown], question__in=ids)
    return {(answer.submission_id, answer.question_id): answer for answer in rows}


def _with_files(submission: Submission, question: FrozenQuestion) -> FrozenQuestion:
    """The files that stand beside an answer are named by the sealed text alone; it is read where there may be any."""
    if not question.files or question.kind == "file":
        return question
    sealed = submission.record.by_id.get(question.id)
    return replace(question, attached=sealed.attached) if sealed else question
