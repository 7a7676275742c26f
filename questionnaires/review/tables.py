"""The matrix: delegations by questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from django.utils.text import Truncator

from questionnaires.editions import EditionContent, FrozenQuestion, FrozenSection
from questionnaires.review.counting import one_decimal
from questionnaires.review.submissions import Received

SHORT = 70
SHORT_HEADING = 48


@dataclass(frozen=True)
class Cell:
    """One answer in the matrix: a rank for a scale, a short text for the rest; blank where nothing was answered."""

    question: FrozenQuestion
    rank: int | None
    text: str
    remarks: int


@dataclass(frozen=True)
class Column:
    """One question: its heading, the mean of a scale, and how many answered."""

    question: FrozenQuestion
    heading: str
    mean: str
    answered: int


@dataclass(frozen=True)
class Table:
    """A part of the matrix. `section` is None where the columns come from several."""

    section: FrozenSection | None
    columns: list[Column]
    rows: list[tuple[Received, list[Cell]]]

    @property
    def has_means(self) -> bool:
        return any(column.mean for column in self.columns)


@dataclass(frozen=True)
class Selection:
    """What of the matrix is shown: `show` is ``scales`` or ``all``, `objective` a number or None, `remarked` only
    delegations with remarks, for who reads those. What an address carries that is no option counts as not chosen."""

    show: str
    objective: int | None = None
    remarked: bool = False

    @classmethod
    def read(cls, data: Mapping[str, str], content: EditionContent, *, with_remarks: bool = True) -> Selection:
        has_scales = any(question.kind == "scale" for question in content)
        show = data.get("show", "")
        number = data.get("objective", "")
        objective = next((n for n, _title in objectives_of(content) if str(n) == number), None)
        return cls(
            show=show if show == "all" or (show == "scales" and has_scales) else "scales" if has_scales else "all",
            objective=objective,
            remarked=with_remarks and data.get("delegations") == "remarked",
        )

    def takes(self, question: FrozenQuestion) -> bool:
        """Whether a question has a column."""
        if self.show == "scales" and question.kind != "scale":
            return False
        return self.objective is None or bool(question.objective and question.objective["number"] == self.objective)


def objectives_of(content: EditionContent) -> list[tuple[int, str]]:
    """The objectives that questions are about, by number."""
    found = {question.objective["number"]: question.objective["title"] for question in content if question.objective}
    return sorted(found.items())


def matrix(content: EditionContent, rows: Sequence[Received], selection: Selection) -> list[Table]:
    """Scales side by side in one table; all questions as one table a section, which also fits on paper."""
    shown = [row for row in rows if row.remark_count or not selection.remarked]
    parts: list[tuple[FrozenSection | None, list[FrozenQuestion]]]
    if selection.show == "scales":
        parts = [(None, [question for question in content if selection.takes(question)])]
    else:
        parts = [(s, [question for question in s.questions if selection.takes(question)]) for s in content.sections]
    return [_table(section, questions, shown) for section, questions in parts if questions]


def _table(section: FrozenSection | None, questions: list[FrozenQuestion], rows: list[Received]) -> Table:
    seen = Counter(question.objective["number"] for question in questions if question.objective)
    columns = []
    for question in questions:
        values = [value for row in rows if (value := row.value(question.id)) is not None]
        alone = section is None and question.objective and seen[question.objective["number"]] == 1
        heading = question.objective["title"] if alone and question.objective else question.text
        columns.append(
            Column(
                question=question,
                heading=Truncator(heading).chars(SHORT_HEADING),
                mean=one_decimal(mean(values)) if question.kind == "scale" and values else "",
                answered=len(values),
            )
        )
    return Table(section, columns, [(row, [_cell(row, question) for question in questions]) for row in rows])


def _cell(row: Received, question: FrozenQuestion) -> Cell:
    given = row.answer(question.id)
    is_rank = question.kind == "scale" and given is not None
    return Cell(
        question=question,
        rank=given.answer if is_rank and given else None,
        text="" if given is None or is_rank else Truncator(" ".join(given.answer_text.split())).chars(SHORT),
        remarks=len(row.remarks.get(question.id, ())),
    )


def scale_ends(tables: Sequence[Table]) -> tuple[str, str] | None:
    """What 1 and 5 mean, if all scales of the tables say the same; None if they differ or there is no scale."""
    scales = [column.question for table in tables for column in table.columns if column.question.kind == "scale"]
    ends = {(question.low, question.high) for question in scales}
    return ends.pop() if len(ends) == 1 else None
