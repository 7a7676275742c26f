"""The matrix: delegations by questions, a page of delegations at a time; what stands below is counted over all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import (
    Avg,
    Case,
    Count,
    Exists,
    FloatField,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Left
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.paging import PAGE, Pages
from icoca_portal.lib.regions import CODES
from members.models import Organisation
from members.regions import Region
from questionnaires.editions import FrozenQuestion, FrozenSection
from questionnaires.models import Submission, SubmittedAnswer
from questionnaires.review.asked import Asked
from questionnaires.review.counting import one_decimal
from questionnaires.review.reading import Reader, Received
from questionnaires.review.standing import day_of

SHORT = 70
SHORT_HEADING = 48
READ = 4 * SHORT  # letters of an answer that are fetched for its short text

SHOWS = {
    "scales": (_("Scales, 1 to 5"), ("scale",)),
    "choices": (_("Choices"), ("yes_no", "single", "multiple", "ranking", "matrix", "country", "confirmation")),
    "texts": (_("Texts"), ("short_text", "long_text", "email", "url")),
    "figures": (_("Figures and dates"), ("number", "date", "table")),
    "files": (_("Files"), ("file",)),
}


@dataclass(frozen=True)
class Cell:
    """One answer in the matrix: a rank for a scale, a short text for the rest; blank where nothing was answered."""

    question: FrozenQuestion
    rank: int | None
    text: str
    remarks: int
    was_asked: bool = True
    is_new: bool = False


@dataclass(frozen=True)
class Column:
    """One question: its heading, the mean of a scale, and how many answered."""

    question: FrozenQuestion
    number: str
    heading: str
    mean: str
    answered: int


@dataclass(frozen=True)
class Table:
    """A part of the matrix. `section` is None where the columns come from several, or from earlier editions."""

    section: FrozenSection | None
    columns: list[Column]
    rows: list[tuple[Received, list[Cell]]]
    is_earlier: bool = False

    @property
    def has_means(self) -> bool:
        return any(column.mean for column in self.columns)


@dataclass(frozen=True)
class Matrix:
    """What one page of the matrix shows."""

    tables: list[Table]
    pages: Pages
    participants: int


@dataclass(frozen=True)
class Selection:
    """What of the responses is shown, as an address says it. What is no option for the reader counts as not chosen.

    `show` is ``all`` or one of `SHOWS`; `objective` the number of one; `delegations` empty, ``remarked`` or ``new``;
    `region` one of `members.regions`, never for who reads without names, for it would tell whose an answer is.
    """

    show: str
    objective: int | None = None
    delegations: str = ""
    region: str = ""

    @classmethod
    def read(cls, data: Mapping[str, str], asked: Asked, reader: Reader) -> Selection:
        shows = shows_of(asked)
        show, number, delegations = data.get("show", ""), data.get("objective", ""), data.get("delegations", "")
        first = next(iter(shows)) if "scales" in shows else "all"
        allowed = [name for name, _label in delegations_of(reader)]
        return cls(
            show=show if show == "all" or show in shows else first,
            objective=next((n for n, _title in asked.objectives if str(n) == number), None),
            delegations=delegations if delegations in allowed else "",
            region=region if (region := data.get("region", "")) in regions_of(reader) else "",
        )

    def takes(self, question: FrozenQuestion) -> bool:
        """Whether a question has a column."""
        if self.show != "all" and question.kind not in SHOWS[self.show][1]:
            return False
        return self.objective is None or bool(question.objective and question.objective["number"] == self.objective)

    def narrow(self, reader: Reader) -> QuerySet[Submission]:
        """The submissions on record of the delegations that are shown, in order."""
        rows = reader.submissions()
        if self.region:
            rows = rows.filter(in_region(self.region))
        if self.delegations == "remarked":
            rows = rows.filter(Exists(reader.remarks().filter(submission__response=OuterRef("response"))))
        if self.delegations == "new":
            rows = rows.filter(came_since(reader))
        return rows

    @property
    def narrowing(self) -> str:
        """The choice of delegations as the end of an address: ``?region=africa``, or nothing."""
        chosen = {"delegations": self.delegations, "region": self.region}
        query = urlencode({name: value for name, value in chosen.items() if value})
        return f"?{query}" if query else ""

    @property
    def is_narrow(self) -> bool:
        return bool(self.region or self.delegations)


def in_region(region: str) -> Q:
    """Submissions of delegations whose organisation is of a region, as `members.regions.region_of` tells it."""
    organisation = "response__delegation__organisation__"
    international = Q(**{f"{organisation}kind": Organisation.Kind.INTERNATIONAL_ORGANISATION})
    if region == Region.ORGANISATIONS:
        return international
    codes = CODES[region]
    by_code = Q(**{f"{organisation}country": "", f"{organisation}code__in": [code.lower() for code in codes]})
    return ~international & (Q(**{f"{organisation}country__in": codes}) | by_code)


def regions_of(reader: Reader) -> dict[str, str]:
    """The regions by which the reader may narrow the delegations; none for who reads without names."""
    if not reader.names:
        return {}
    return {region.value: str(region.label) for region in Region if region != Region.UNKNOWN}


def came_since(reader: Reader) -> Q:
    """Submissions that came, or were remarked on by somebody else, since the reader's last visit."""
    if reader.since is None:
        return Q()
    said = reader.remarks().filter(written_at__gt=reader.since, submission__response=OuterRef("response"))
    return Q(submitted_at__gt=reader.since) | Q(Exists(said.exclude(written_by=reader.user)))


def shows_of(asked: Asked) -> dict[str, Any]:
    """The kinds of question that there are, with their labels."""
    kinds = {question.kind for question in asked.order}
    return {name: label for name, (label, own) in SHOWS.items() if kinds & set(own)}


def delegations_of(reader: Reader) -> list[tuple[str, Any]]:
    """By what the reader may narrow the delegations, with labels."""
    found: list[tuple[str, Any]] = [("", _("All that submitted"))]
    if reader.of_board:
        found.append(("remarked", _("With remarks")))
    if reader.since is not None:
        found.append(("new", _("New since your last visit")))
    return found


def page_of(rows: QuerySet[Submission], number: int, **counts: Any) -> tuple[list[Any], Pages]:
    """One page of the rows, counted in the same query; of a page beyond the last there is the last one.

    Each of `counts` is added to every row, over all rows.
    """
    counted = rows.annotate(total=Window(Count("pk")), **counts)
    found = list(counted[(number - 1) * PAGE : number * PAGE])
    if not found and number > 1:
        total = rows.count()
        number = Pages(1, total).count
        found = list(counted[(number - 1) * PAGE : number * PAGE])
    return found, Pages(number, found[0].total if found else 0)


def matrix(reader: Reader, asked: Asked, selection: Selection, page: int = 1) -> Matrix:
    """Scales side by side in one table; otherwise one table a section, which also fits on paper. Four queries."""
    rows = selection.narrow(reader)
    shown, pages = page_of(rows, page, participants=_participants(day_of(reader.questionnaire)))
    parts: list[tuple[FrozenSection | None, list[FrozenQuestion], bool]] = []
    if selection.show == "scales":
        parts.append((None, [q for q in asked.latest if selection.takes(q)], False))
    else:
        parts += [(s, [q for q in s.questions if selection.takes(q)], False) for s in asked.latest.sections]
    parts.append((None, [q for q in asked.gone if selection.takes(q)], True))
    parts = [part for part in parts if part[1]]
    ids = [question.id for _section, questions, _earlier in parts for question in questions]
    columns = _columns(rows, ids) if ids and shown else {}
    reads = _Cells(reader, asked, shown, ids)
    received = [Received(reader, submission) for submission in shown]
    tables = [
        Table(
            section,
            _headed(asked, section, questions, columns),
            [(row, [reads.cell(row.submission, question) for question in questions]) for row in received],
            earlier,
        )
        for section, questions, earlier in parts
    ]
    day = day_of(reader.questionnaire)
    participants = shown[0].participants if shown else Organisation.objects.participants(day).count()
    return Matrix(tables, pages, participants)


def _participants(day: date) -> Subquery:
    """How many participants there were on a day, for every row: asked with the rows, not once more."""
    rows = Organisation.objects.participants(day).order_by().annotate(one=Value(1)).values("one")
    return Subquery(rows.annotate(count=Count("pk")).values("count"), output_field=IntegerField())


def _columns(rows: QuerySet[Submission], ids: Sequence[int]) -> dict[int, tuple[int, float | None]]:
    """How many of the submissions answer each question, and the mean of its scale, counted by the database."""
    step = Case(When(question__kind="scale", then=Cast("value", FloatField())), output_field=FloatField())
    found = (
        SubmittedAnswer.objects.filter(submission__in=rows.order_by().values("pk"), question__in=ids)
        .values("question_id")
        .annotate(answered=Count("pk"), mean=Avg(step))
        .values_list("question_id", "answered", "mean")
    )
    return {question: (answered, mean) for question, answered, mean in found.order_by()}


def _headed(
    asked: Asked,
    section: FrozenSection | None,
    questions: list[FrozenQuestion],
    counted: Mapping[int, tuple[int, float | None]],
) -> list[Column]:
    seen = Counter(question.objective["number"] for question in questions if question.objective)
    columns = []
    for question in questions:
        answered, mean = counted.get(question.id, (0, None))
        alone = section is None and question.objective and seen[question.objective["number"]] == 1
        heading = question.objective["title"] if alone and question.objective else question.text
        columns.append(
            Column(
                question=question,
                number=asked.number_of(question),
                heading=Truncator(heading).chars(SHORT_HEADING),
                mean=one_decimal(mean) if question.kind == "scale" and mean is not None else "",
                answered=answered,
            )
        )
    return columns


class _Cells:
    """The answers of some submissions to some questions, without the sealed texts and without whole answers."""

    def __init__(self, reader: Reader, asked: Asked, rows: Sequence[Submission], ids: Sequence[int]) -> None:
        self.reader, self.asked = reader, asked
        answers = (
            SubmittedAnswer.objects.filter(submission__in=[row.pk for row in rows], question__in=ids)
            .annotate(short=Left("text", READ), step=Left(Cast("value", TextField()), 1))
            .values_list("submission_id", "question_id", "short", "step")
        )
        self.answers = {(submission, question): (short, step) for submission, question, short, step in answers}
        self.remarks: dict[tuple[int, int], tuple[int, Any]] = {}
        if reader.of_board:
            remarks = reader.remarks().filter(submission__response__in=[row.response_id for row in rows])
            counted = remarks.values("submission__response_id", "question_id").annotate(
                count=Count("pk"), newest=Max("written_at", filter=~Q(written_by=reader.user))
            )
            for row in counted.order_by():
                key = (row["submission__response_id"], row["question_id"])
                self.remarks[key] = (row["count"], row["newest"])

    def cell(self, submission: Submission, question: FrozenQuestion) -> Cell:
        short, step = self.answers.get((submission.pk, question.id), ("", ""))
        count, newest = self.remarks.get((submission.response_id, question.id), (0, None))
        is_scale = question.kind == "scale"
        if question.kind == "file" and short and not self.reader.names:
            short = str(_("Files"))
        return Cell(
            question=question,
            rank=int(step) if is_scale and step else None,
            text="" if is_scale else Truncator(" ".join(short.split())).chars(SHORT),
            remarks=count,
            was_asked=self.asked.was_asked(question.id, submission.edition_number),
            is_new=newest is not None and self.reader.is_new(newest),
        )


def scale_ends(tables: Sequence[Table]) -> tuple[str, str] | None:
    """What 1 and 5 mean, if all scales of the tables say the same; None if they differ or there is no scale."""
    scales = [column.question for table in tables for column in table.columns if column.question.kind == "scale"]
    ends = {(question.low, question.high) for question in scales}
    return ends.pop() if len(ends) == 1 else None
