"""One delegation across all questions. Here, and nowhere else on the Board's pages, sealed texts are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Max, Window
from django.db.models.functions import Lag, Lead

from questionnaires.editions import EditionContent, FrozenQuestion, FrozenSection
from questionnaires.models import Response, Submission
from questionnaires.review.answers import Given, themes_on, threads_on
from questionnaires.review.asked import Asked
from questionnaires.review.reading import Reader, Received, neutral


@dataclass(frozen=True)
class Row:
    """One question of the page: the answer, and the one of an earlier submission beside it."""

    given: Given
    earlier: Given | None = None

    @property
    def question(self) -> FrozenQuestion:
        return self.given.question

    @property
    def is_changed(self) -> bool:
        return self.earlier is not None and self.earlier.question.answer_text != self.given.question.answer_text


@dataclass(frozen=True)
class Neighbour:
    """The delegation before or after, by what the reader may call it."""

    label: str
    key: str


@dataclass(frozen=True)
class DelegationReading:
    """One submission as it is read from beginning to end. `beside` is the earlier one it is compared with."""

    shown: Received
    submissions: list[Received]
    beside: Received | None
    sections: list[tuple[FrozenSection, list[Row]]]
    later: list[FrozenQuestion]
    themes: list[str]
    previous: Neighbour | None
    next: Neighbour | None

    @property
    def is_newest(self) -> bool:
        return self.shown is self.submissions[0]

    @property
    def changes(self) -> int:
        """How many answers are not those of the submission beside."""
        return sum(row.is_changed for _section, rows in self.sections for row in rows)


def read_delegation(
    reader: Reader, asked: Asked, key: str, *, number: str = "", beside: str = ""
) -> DelegationReading | None:
    """The submission on record of a delegation, or its No. `number`, with No. `beside` next to it; None if there is
    none. At most six queries, of which one reads a sealed text, or two."""
    rows = list(reader.submissions_of(key))
    chosen = next((row for row in rows if not number or str(row.number) == number), None)
    if chosen is None:
        return None
    submissions = [Received(reader, row) for row in rows]
    other = next((row for row in rows if str(row.number) == beside and row.pk != chosen.pk), None)
    sealed = _sealed([chosen, other] if other else [chosen])
    content = sealed[chosen.pk]
    threads = threads_on(reader, rows)
    themes, passages = themes_on(reader, rows)

    def given(submission: Submission, question: FrozenQuestion) -> Given:
        return Given(
            received=Received(reader, submission),
            question=question,
            threads=threads.get((submission.response_id, question.id), []),
            passages=passages.get((submission.pk, question.id), []),
        )

    def row(question: FrozenQuestion) -> Row:
        earlier = None
        if other is not None:
            old = sealed[other.pk].by_id.get(question.id)
            earlier = given(other, old) if old else Given(Received(reader, other), question, was_asked=False)
        return Row(given(chosen, question), earlier)

    before, after = neighbours(reader, chosen.response)
    return DelegationReading(
        shown=submissions[rows.index(chosen)],
        submissions=submissions,
        beside=Received(reader, other) if other else None,
        sections=[(section, [row(question) for question in section.questions]) for section in content.sections],
        later=[question for question in asked.latest if question.id not in content.by_id],
        themes=themes,
        previous=before,
        next=after,
    )


def _sealed(rows: Sequence[Submission]) -> dict[int, EditionContent]:
    """The sealed texts of these submissions, put into their rows and read."""
    texts = dict(Submission.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", "content"))
    for row in rows:
        row.content = texts[row.pk]
    return {row.pk: row.record for row in rows}


def neighbours(reader: Reader, response: Response) -> tuple[Neighbour | None, Neighbour | None]:
    """The delegations before and after, in the reader's order. One query."""
    shown = ["response__delegation__organisation__slug", reader.order[0]] if reader.names else [reader.order[0]]
    order = [F(name) for name in reader.order]
    beside = {
        f"{side}_{place}": Window(function(name), order_by=order)
        for side, function in (("before", Lag), ("after", Lead))
        for place, name in enumerate(shown)
    }
    # What filters after the windows must be one itself: of each row alone, its own response.
    own_response = Window(Max("response"), partition_by=[F("pk")])
    rows = reader.submissions().annotate(**beside, own=own_response).filter(own=response.pk)
    own = rows.values(*beside).first() or {}
    before, after = ([own.get(f"{side}_{place}") for place in range(len(shown))] for side in ("before", "after"))
    return _neighbour(reader, before), _neighbour(reader, after)


def _neighbour(reader: Reader, found: list[Any]) -> Neighbour | None:
    if found[0] is None:
        return None
    if reader.names:
        return Neighbour(label=found[1], key=found[0])
    return Neighbour(*neutral(found[0]))
