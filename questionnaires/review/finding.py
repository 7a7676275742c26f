"""Search in the answers, with the same eyes as on the pages: what a reader may not read is not found."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString

from icoca_portal.lib import fulltext
from icoca_portal.lib.paging import Pages
from questionnaires.editions import FrozenQuestion
from questionnaires.models import SubmittedAnswer
from questionnaires.review.asked import Asked
from questionnaires.review.reading import Reader, Received
from questionnaires.review.tables import Selection

PAGE = 20


@dataclass(frozen=True)
class Hit:
    """One answer in which the words are."""

    received: Received
    question: FrozenQuestion
    number: str
    snippet: SafeString


@dataclass(frozen=True)
class Found:
    """One page of what a search found."""

    hits: list[Hit]
    pages: Pages
    has_words: bool


def find_answers(reader: Reader, asked: Asked, selection: Selection, typed: str, page: int = 1) -> Found:
    """The answers on record with all words of `typed`, the best first. Three queries.

    Names of files are searched for who reads with names only: they tell whose they are.
    """
    if not fulltext.terms(typed):
        return Found([], Pages(1, 0, PAGE), has_words=False)
    questions = [question.id for question in asked.order if selection.takes(question)]
    rows = SubmittedAnswer.objects.filter(
        submission__in=selection.narrow(reader).order_by().values("pk"), question__in=questions
    )
    if not reader.names:
        rows = rows.exclude(question__kind="file")
    matching = fulltext.matching(rows, "text", typed)
    total = matching.count()
    pages = Pages(min(page, Pages(1, total, PAGE).count), total, PAGE)
    joined = ["submission__response"]
    if reader.names:
        joined.append("submission__response__delegation__organisation")
    start = (pages.number - 1) * PAGE
    shown = list(matching.select_related(*joined).defer("submission__content")[start : start + PAGE])
    spans = fulltext.marks(shown, "text", typed)
    hits = [
        Hit(
            received=Received(reader, row.submission),
            question=asked.by_id[row.question_id],
            number=asked.number_of(asked.by_id[row.question_id]),
            snippet=fulltext.snippet(row.text, spans.get(row.pk, [])).html,
        )
        for row in shown
    ]
    return Found(hits, pages, has_words=True)
