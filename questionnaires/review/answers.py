"""One answer as the Board reads it: its text with the passages marked, its files, and the remarks beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import FilteredRelation, Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from questionnaires import kinds
from questionnaires.editions import FrozenQuestion
from questionnaires.models import Passage, Remark, Submission, SubmittedAnswer, Theme
from questionnaires.review.marks import marked
from questionnaires.review.reading import Reader, Received

#: Kinds whose answers are words of the delegation's own.
TAGGABLE = ("short_text", "long_text", "table")
PASSAGE = ("pk", "submission_id", "question_id", "start", "end", "text")


@dataclass(frozen=True)
class Said:
    """A remark, and whether it came since the reader's last visit."""

    remark: Remark
    is_new: bool


@dataclass(frozen=True)
class Thread(Said):
    """A remark with the replies to it."""

    replies: list[Said] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What a form posts to answer to it."""
        return str(self.remark.pk)


@dataclass(frozen=True)
class Tagged:
    """A passage with its theme, read from the themes in one query."""

    pk: int
    theme: int
    name: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class FileShown:
    """A file of an answer. `question` and `place` stand in its address."""

    name: str
    size: int
    question: int
    place: int


@dataclass(frozen=True)
class Given:
    """A question with the sealed answer to it, and what the Board made of that."""

    received: Received
    question: FrozenQuestion
    was_asked: bool = True
    threads: list[Thread] = field(default_factory=list)
    passages: list[Tagged] = field(default_factory=list)

    @property
    def is_answered(self) -> bool:
        return self.question.answer is not None

    @property
    def parts(self) -> list[str]:
        """An answer of several parts, one by one; empty for the other kinds."""
        return parts_of(self.question)

    @property
    def table_rows(self) -> list[list[str]]:
        """The cells of a table, in the order of its columns; empty for the other kinds."""
        if self.question.kind != "table" or not self.question.answer:
            return []
        return [[cells.get(column.key, "") for column in self.question.columns] for cells in self.question.answer]

    @property
    def html(self) -> SafeString:
        """The text as it was written, the passages in it marked with their themes."""
        return marked(self.question.answer_text, [(p.start, p.end, p.name) for p in self.passages])

    @property
    def is_taggable(self) -> bool:
        """Whether there are words of which some can be tagged."""
        return self.is_answered and self.question.kind in TAGGABLE

    @property
    def files(self) -> list[FileShown]:
        """The files that are the answer, or stand beside it."""
        return files_of(self.received.reader, self.question)

    @property
    def remark_count(self) -> int:
        return sum(1 + len(thread.replies) for thread in self.threads)


def files_of(reader: Reader, question: FrozenQuestion) -> list[FileShown]:
    """The files of a sealed answer, those that are the answer first, under the names that the reader may know."""
    return [
        FileShown(reader.file_name(file["name"], question.number, place), file["size"], question.id, place)
        for place, file in enumerate(sealed_files(question), 1)
    ]


def sealed_files(question: FrozenQuestion) -> list[Mapping[str, Any]]:
    """What the sealed text says of the files of an answer, in the order in which addresses count them."""
    own = (question.answer or []) if question.kind == "file" else []
    return [*own, *question.attached]


def parts_of(question: FrozenQuestion) -> list[str]:
    """What was chosen of several, the ranks from the first, the rows of a matrix; empty for the other kinds."""
    if question.answer is None:
        return []
    match question.kind:
        case "multiple":
            labels = [question.label_of(key) for key in question.answer["choices"] if key != kinds.OTHER]
            other = question.answer["other"]
            return [*labels, _("Other: %(text)s") % {"text": other}] if other else labels
        case "ranking":
            ranked = sorted(question.answer.items(), key=lambda pair: pair[1])
            return [f"{rank}. {question.label_of(key)}" for key, rank in ranked]
        case "matrix":
            cells = question.answer
            return [f"{row.label}: {question.label_of(cells[row.key])}" for row in question.rows if row.key in cells]
        case _:
            return []


def answered(question: FrozenQuestion, row: SubmittedAnswer | None) -> FrozenQuestion:
    """The question with an answer read from its row instead of the sealed text; blank without a row."""
    if row is None:
        return replace(question, answer=None, answer_text="", attached=())
    return replace(question, answer=row.value, answer_text=row.text, attached=())


def text_for(reader: Reader, question: FrozenQuestion) -> str:
    """The answer as one text; of files only how many there are for who may not know their names."""
    if question.kind == "file" and not reader.names:
        return ", ".join(file.name for file in files_of(reader, question))
    return question.answer_text


def threads_on(
    reader: Reader, submissions: Iterable[Submission], question: int | None = None
) -> dict[tuple[int, int], list[Thread]]:
    """The remarks by response and question, of all submissions of these responses. One query; none without remarks to
    read."""
    if not reader.of_board:
        return {}
    rows = reader.remarks().filter(submission__response__in=[row.response_id for row in submissions])
    if question is not None:
        rows = rows.filter(question=question)
    threads: dict[tuple[int, int], list[Thread]] = defaultdict(list)
    by_remark: dict[int, Thread] = {}
    for remark in rows.select_related("written_by", "submission").defer("submission__content").order_by("pk"):
        is_new = reader.is_new(remark.written_at) and remark.written_by_id != reader.user.pk
        if remark.answers_id in by_remark:
            by_remark[remark.answers_id].replies.append(Said(remark, is_new))
        else:
            by_remark[remark.pk] = Thread(remark, is_new)
            threads[remark.submission.response_id, remark.question_id].append(by_remark[remark.pk])
    return threads


def themes_on(
    reader: Reader, submissions: Iterable[Submission], question: int | None = None
) -> tuple[list[str], dict[tuple[int, int], list[Tagged]]]:
    """The names of all themes, and the passages of these submissions by submission and question. One query; none for
    who is not of the Board."""
    if not reader.of_board:
        return [], {}
    condition = Q(passages__removed_at=None, passages__submission__in=[row.pk for row in submissions])
    if question is not None:
        condition &= Q(passages__question=question)
    rows = (
        Theme.objects.filter(questionnaire=reader.questionnaire)
        .annotate(hit=FilteredRelation("passages", condition=condition))
        .order_by("name", "hit__start", "hit__pk")
        .values_list("pk", "name", *(f"hit__{name}" for name in PASSAGE))
    )
    names: dict[str, None] = {}
    found: dict[tuple[int, int], list[Tagged]] = defaultdict(list)
    for theme, name, pk, submission, asked, start, end, text in rows:
        names[name] = None
        if pk is not None:
            found[submission, asked].append(Tagged(pk, theme, name, start, end, text))
    return list(names), found


def passage_rows(reader: Reader) -> Any:
    """Passages with what a page of a theme or an objective shows of each, in the order of the delegations."""
    joined = ["submission__response", "theme", "tagged_by"]
    if reader.names:
        joined.append("submission__response__delegation__organisation")
    order = [f"submission__{name}" for name in reader.order]
    rows: Any = reader.passages()
    return rows.select_related(*joined).defer("submission__content").order_by(*order, "question", "start")


@dataclass(frozen=True)
class Quoted:
    """A passage on the page of a theme or an objective."""

    received: Received
    passage: Passage
    question: FrozenQuestion
    number: str
