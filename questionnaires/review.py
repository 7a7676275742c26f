"""What was received, as the Board and the secretariat read it: pure reading, a constant number of queries.

Answers come from the sealed content of submissions alone. A draft, also the newer draft of a returned response, is not
read here at all; `returns` counts its answers and looks at none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from statistics import mean, median
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from icoca_portal.lib.charts import Bars
from icoca_portal.lib.days import geneva, today
from members.models import Delegation, Organisation
from questionnaires import kinds
from questionnaires.editions import EditionContent, FrozenQuestion, FrozenSection
from questionnaires.models import Edition, Questionnaire, Remark, Response, ReturnRecord, Submission

SHORT = 70
SHORT_HEADING = 48


# What was received
@dataclass(frozen=True)
class Given:
    """A question with its sealed answer and the remarks on it."""

    question: FrozenQuestion
    remarks: list[Remark]

    @property
    def parts(self) -> list[str]:
        """An answer of several parts, one by one; empty for the other kinds."""
        return parts_of(self.question)


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


@dataclass(frozen=True)
class Received:
    """One submission with its remarks by question id; they are those of all submissions of its response."""

    submission: Submission
    remarks: Mapping[int, list[Remark]] = field(default_factory=dict)

    @property
    def delegation(self) -> Delegation:
        return self.submission.response.delegation

    @property
    def slug(self) -> str:
        """Names the delegation in addresses."""
        return self.delegation.organisation.slug

    @property
    def record(self) -> EditionContent:
        return self.submission.record

    @property
    def returned(self) -> ReturnRecord | None:
        """That this submission was returned, with the reason; None while it stands."""
        return getattr(self.submission, "return_record", None)

    @property
    def submitted_on(self) -> date:
        """The day of the submission in Geneva, whatever the reader's zone."""
        return timezone.localdate(self.submission.submitted_at, geneva())

    def answer(self, question_id: int) -> FrozenQuestion | None:
        """The question with what was answered; None where the submission does not hold the question."""
        return self.record.by_id.get(question_id)

    def value(self, question_id: int) -> Any:
        question = self.answer(question_id)
        return question.answer if question else None

    @property
    def sections(self) -> list[tuple[FrozenSection, list[Given]]]:
        """The submission as it is read from beginning to end."""
        return [
            (section, [Given(question, self.remarks.get(question.id, [])) for question in section.questions])
            for section in self.record.sections
        ]

    @cached_property
    def remark_count(self) -> int:
        return sum(len(remarks) for remarks in self.remarks.values())


def received(questionnaire: Questionnaire, user: Any) -> list[Received]:
    """The submissions on record that exist for `user`, by name of the delegation, with the remarks they may read.

    Two queries; one for who reads no remarks.
    """
    submissions = (
        Submission.objects.visible_to(user)
        .on_record()
        .filter(response__questionnaire=questionnaire)
        .select_related("response__delegation__organisation", "return_record__returned_by")
        .order_by("response__delegation__organisation__name")
    )
    remarks: dict[int, dict[int, list[Remark]]] = defaultdict(lambda: defaultdict(list))
    rows = (
        _remarks_on(questionnaire, user)
        .select_related("written_by", "submission__response")
        .defer("submission__content")
    )
    for remark in rows:
        remarks[remark.submission.response_id][remark.question_id].append(remark)
    return [Received(submission, dict(remarks[submission.response_id])) for submission in submissions]


def _remarks_on(questionnaire: Questionnaire, user: Any) -> Any:
    """The remarks that `user` may read. Asked about this questionnaire, so that the rules decide for administrators
    too: without an object every permission is theirs, and remarks are the Board's own."""
    if not user.has_perm("questionnaires.write_remark", questionnaire):
        return Remark.objects.none()
    return Remark.objects.visible_to(user).filter(submission__response__questionnaire=questionnaire)


def received_from(questionnaire: Questionnaire, slug: str, user: Any) -> list[Received]:
    """All submissions of one delegation that exist for `user`, the newest first, with the remarks on any of them.

    Two queries; one for who reads no remarks.
    """
    submissions = (
        Submission.objects.visible_to(user)
        .filter(response__questionnaire=questionnaire, response__delegation__organisation__slug=slug)
        .select_related("response__delegation__organisation", "return_record__returned_by")
        .order_by("-number")
    )
    remarks: dict[int, list[Remark]] = defaultdict(list)
    rows = (
        _remarks_on(questionnaire, user)
        .filter(submission__response__delegation__organisation__slug=slug)
        .select_related("written_by", "submission")
        .defer("submission__content")
    )
    for remark in rows:
        remarks[remark.question_id].append(remark)
    return [Received(submission, dict(remarks)) for submission in submissions]


def delegations_heard(questionnaire: Questionnaire, user: Any) -> list[Organisation]:
    """The organisations whose delegation has submitted, by name."""
    responses = Submission.objects.visible_to(user).filter(response__questionnaire=questionnaire)
    return list(Organisation.objects.filter(delegation__responses__in=responses.values("response")).order_by("name"))


def day_of(questionnaire: Questionnaire) -> date:
    """The day (Geneva) whose participants count: today, and once no answers are taken the last day they were."""
    ends = [moment for moment in (questionnaire.deadline, questionnaire.closed_at) if moment]
    return min(today(), timezone.localdate(min(ends), geneva()))


# The matrix: delegations by questions
@dataclass(frozen=True)
class Cell:
    """One answer in the matrix: a rank for a scale, a short text for the rest; blank where nothing was answered."""

    question: FrozenQuestion
    rank: int | None
    text: str
    remarks: int

    @property
    def is_blank(self) -> bool:
        return self.rank is None and not self.text


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
                mean=_one_decimal(mean(values)) if question.kind == "scale" and values else "",
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


# One question across all delegations
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


def charts(question: FrozenQuestion, values: Sequence[Any]) -> list[Bars]:
    """How often each choice was taken; for a ranking the mean ranks. Nothing for texts, numbers, dates and files."""
    match question.kind:
        case "yes_no":
            return [_counted(_("Answers"), [("yes", _("Yes")), ("no", _("No"))], values)]
        case "scale":
            ends = {kinds.SCALE[0]: question.low, kinds.SCALE[-1]: question.high}
            steps = [(step, f"{step} {ends.get(step, '')}".strip()) for step in kinds.SCALE]
            return [_counted(_("Answers"), steps, values)]
        case "single":
            return [_counted(_("Answers"), _labels(question), [value["choice"] for value in values])]
        case "multiple":
            chosen = [key for value in values for key in value["choices"]]
            return [_counted(_("Answers; several choices each"), _labels(question), chosen)]
        case "ranking":
            return [_ranked(question, values)]
        case "matrix":
            columns = [(choice.key, choice.label) for choice in question.choices]
            return [
                _counted(row.label, columns, [value[row.key] for value in values if row.key in value])
                for row in question.rows
            ]
        case _:
            return []


def _labels(question: FrozenQuestion) -> list[tuple[str, str]]:
    labels = [(choice.key, choice.label) for choice in question.choices]
    return [*labels, (kinds.OTHER, _("Other"))] if question.other else labels


def _counted(caption: str, labels: Sequence[tuple[Any, str]], values: Iterable[Any]) -> Bars:
    counts = Counter(values)
    return Bars(caption, [(label, counts[key], str(counts[key])) for key, label in labels])


def _one_decimal(value: float) -> str:
    """Rounded half up, as people do; Django's number format cuts off."""
    return number_format(Decimal(str(value)).quantize(Decimal("0.1"), ROUND_HALF_UP), 1)


def _ranked(question: FrozenQuestion, values: Sequence[Mapping[str, int]]) -> Bars:
    """The longest bar is ranked highest; the figure is the mean rank, so 1 is best."""
    ranks: dict[str, list[int]] = defaultdict(list)
    for value in values:
        for key, rank in value.items():
            ranks[key].append(rank)
    count = len(question.choices)
    rows = sorted((mean(ranks[c.key]), c.label) for c in question.choices if ranks[c.key])
    return Bars(
        _("Mean rank; 1 is first"), [(label, count + 1 - rank, _one_decimal(rank)) for rank, label in rows], count
    )


def figures(question: FrozenQuestion, values: Sequence[Any]) -> list[tuple[str, str]]:
    """The mean of a scale; smallest, middle and largest of numbers and dates, of those that can be read as such."""
    if question.kind == "scale":
        return [(_("Mean of those who answered"), _one_decimal(mean(values)))]
    if question.kind == "number":
        numbers = [number for value in values if (number := kinds.parse_number(value)) is not None]
        picks = [(_("Smallest"), min), (_("Median"), median), (_("Largest"), max)]
        return [
            (label, f"{number_format(pick(numbers), force_grouping=False)} {question.unit}".strip())  # type: ignore[operator]
            for label, pick in picks
            if numbers
        ]
    if question.kind == "date":
        days = [day for value in values if (day := kinds.parse_day(value))]
        ends = [(_("Earliest"), min), (_("Latest"), max)]
        return [(label, date_format(pick(days), "DATE_FORMAT")) for label, pick in ends if days]
    return []


# Who has answered: for the secretariat, which reads no draft
@dataclass(frozen=True)
class Return:
    """Where one participant stands. `state` is ``not_started``, ``draft``, ``submitted`` or ``returned``.

    `answered` of `total` questions have some answer; `at` is when the delegation, or the secretariat, last did
    something (None: nothing yet). `reference` and `number` are those of the submission on record.
    """

    organisation: Organisation
    state: str
    answered: int
    total: int
    response: Response | None = None
    submission: Submission | None = None
    at: datetime | None = None

    @property
    def delegation(self) -> Delegation | None:
        """None for a participant who has named nobody yet."""
        return getattr(self.organisation, "delegation", None)

    @property
    def reference(self) -> str:
        return self.submission.reference if self.submission else ""

    @property
    def number(self) -> int | None:
        return self.submission.number if self.submission else None

    @property
    def submitted_at(self) -> datetime | None:
        return self.submission.submitted_at if self.submission else None

    @property
    def reason(self) -> str:
        """Why the submission on record was returned; empty if it stands."""
        record = getattr(self.submission, "return_record", None)
        return record.reason if record else ""

    @property
    def state_label(self) -> str:
        """The state in words."""
        return _("Not started") if self.state == NOT_STARTED else str(Response.State(self.state).label)


NOT_STARTED = "not_started"


def returns(questionnaire: Questionnaire) -> list[Return]:
    """Every participant of the day, and whoever else began a response, by name. Four queries, and no answer is read."""
    answered = Count("answers", filter=Q(answers__value__isnull=False))
    submissions = Submission.objects.select_related("return_record").defer("content").order_by("number")
    responses = {
        response.delegation.organisation_id: response
        for response in questionnaire.responses.select_related("delegation__organisation")
        .annotate(answered=answered)
        .prefetch_related(Prefetch("submissions", queryset=submissions))
    }
    participants = Organisation.objects.participants(day_of(questionnaire)).select_related("delegation")
    organisations = {organisation.pk: organisation for organisation in participants}
    for response in responses.values():
        organisations.setdefault(response.delegation.organisation_id, response.delegation.organisation)
    total = _question_count(questionnaire)
    rows = [_return(organisation, responses.get(pk), total) for pk, organisation in organisations.items()]
    return sorted(rows, key=lambda row: row.organisation.name)


def _question_count(questionnaire: Questionnaire) -> int:
    edition: Edition | None = questionnaire.edition
    return sum(1 for _question in edition.questions) if edition else 0


def _return(organisation: Organisation, response: Any, total: int) -> Return:
    if response is None:
        return Return(organisation, NOT_STARTED, 0, total)
    sealed = list(response.submissions.all())
    return Return(
        organisation=organisation,
        state=response.state,
        answered=response.answered,
        total=total,
        response=response,
        submission=sealed[-1] if sealed else None,
        at=response.changed_at,
    )


def counts(rows: Iterable[Return]) -> dict[str, int]:
    """How many stand where, and `received`: those with a submission on record."""
    rows = list(rows)
    found = Counter(row.state for row in rows)
    return {
        "not_started": found[NOT_STARTED],
        "draft": found["draft"],
        "submitted": found["submitted"],
        "returned": found["returned"],
        "received": sum(1 for row in rows if row.submission),
        "total": len(rows),
    }
