"""Tables to take along: what is on record, and who has answered. No draft is in them, and no cell is a formula."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from icoca_portal.lib.days import geneva
from icoca_portal.lib.exports import Sheet, write_csv, write_xlsx
from questionnaires import kinds
from questionnaires.editions import EditionContent, FrozenQuestion
from questionnaires.models import Question, Questionnaire, Remark
from questionnaires.review import Received, Return, Standing, received

Row = Sequence[Any]


def submissions_workbook(questionnaire: Questionnaire, user: Any) -> bytes:
    """A workbook: responses (one row a delegation), answers (one row an answer), questions, and for who reads remarks
    those too. Raises AttributeError for a questionnaire without an edition."""
    content, rows = questionnaire.edition.questions, received(questionnaire, user)  # type: ignore[union-attr]
    sheets: list[Sheet] = [
        (_("Responses"), *_responses(content, rows)),
        (_("Answers"), *_answers(rows)),
        (_("Questions"), *_questions(content)),
    ]
    if user.has_perm("questionnaires.write_remark", questionnaire):
        sheets.append((_("Remarks"), *_remarks(rows)))
    return write_xlsx(sheets)


def submissions_csv(questionnaire: Questionnaire, user: Any) -> bytes:
    """The first sheet of the workbook. Raises AttributeError for a questionnaire without an edition."""
    content = questionnaire.edition.questions  # type: ignore[union-attr]
    return write_csv(*_responses(content, received(questionnaire, user)))


def returns_csv(rows: Iterable[Return]) -> bytes:
    """Where every delegation stands. Moments are Geneva's."""
    headers, lines = _returns(rows)
    return write_csv(headers, ([_written(cell) if isinstance(cell, datetime) else cell for cell in x] for x in lines))


def returns_xlsx(rows: Iterable[Return]) -> bytes:
    """The same as a workbook."""
    headers, lines = _returns(rows)
    naive = ([_naive(cell) if isinstance(cell, datetime) else cell for cell in line] for line in lines)
    return write_xlsx([(_("Who has answered"), headers, naive)])


def _returns(rows: Iterable[Return]) -> tuple[list[str], Iterator[Row]]:
    headers = [
        _("Participant"),
        _("Region"),
        _("State"),
        _("Answered"),
        _("Questions"),
        _("Percent"),
        _("Edition"),
        _("No."),
        _("Reference"),
        _("Submitted (Geneva)"),
        _("Last activity (Geneva)"),
        _("Deadline (Geneva)"),
        _("Extended because"),
        _("Last reminded (Geneva)"),
        _("Delegates"),
        _("Returned because"),
    ]
    return headers, (
        [
            row.organisation.name,
            row.region.label,
            row.state_label,
            row.answered,
            row.total,
            row.how_far.percent,
            row.edition,
            row.number,
            row.reference,
            row.submitted_at,
            row.at,
            row.deadline,
            row.extension,
            row.reminded_at,
            row.delegates,
            row.reason if row.state == Standing.RETURNED else "",
        ]
        for row in rows
    )


def _geneva(moment: datetime) -> datetime:
    return timezone.localtime(moment, geneva())


def _naive(moment: datetime) -> datetime:
    """A moment for a cell whose heading names Geneva, to the minute."""
    return _geneva(moment).replace(tzinfo=None, second=0, microsecond=0)


def _written(moment: datetime | None) -> str:
    """A moment as text that sorts: ``2018-04-30 17:24``."""
    return f"{_geneva(moment):%Y-%m-%d %H:%M}" if moment else ""


def _value(answer: FrozenQuestion | None) -> Any:
    """What stands in a cell: a figure or a day where the answer is one, else the text that was sealed."""
    if answer is None or answer.answer is None:
        return None
    if answer.kind == "scale":
        return answer.answer
    if answer.kind == "number" and (number := kinds.parse_number(answer.answer)) is not None:
        return number
    if answer.kind == "date" and (day := kinds.parse_day(answer.answer)):
        return day
    return answer.answer_text


def _responses(content: EditionContent, rows: list[Received]) -> tuple[list[str], Iterator[Row]]:
    headers = [_("Delegation"), _("Reference"), _("No."), _("Submitted (Geneva)")]
    return (
        [*headers, *(f"{question.number} {question.text}" for question in content)],
        (
            [
                str(row.delegation),
                row.submission.reference,
                row.submission.number,
                _geneva(row.submission.submitted_at).replace(tzinfo=None, second=0, microsecond=0),
                *(_value(row.answer(question.id)) for question in content),
            ]
            for row in rows
        ),
    )


def _answers(rows: list[Received]) -> tuple[list[str], Iterator[Row]]:
    headers = [_("Delegation"), _("Reference"), _("Number"), _("Question"), _("Answer")]
    return headers, (
        [str(row.delegation), row.submission.reference, answer.number, answer.text, _value(answer)]
        for row in rows
        for answer in row.record
    )


def _questions(content: EditionContent) -> tuple[list[str], Iterator[Row]]:
    headers = [
        _("Number"),
        _("Section"),
        _("Question"),
        _("Kind"),
        _("Required"),
        _("Objective"),
        _("Choices"),
        _("Rows"),
    ]
    return headers, (
        [
            question.number,
            section.title,
            question.text,
            Question.Kind(question.kind).label,
            _("Yes") if question.required else _("No"),
            f"{question.objective['number']} {question.objective['title']}" if question.objective else "",
            "\n".join(choice.label for choice in question.choices),
            "\n".join(row.label for row in question.rows),
        ]
        for section in content.sections
        for question in section.questions
    )


def _remarks(rows: list[Received]) -> tuple[list[str], Iterator[Row]]:
    headers = [_("Delegation"), _("Reference"), _("Question"), _("Remark"), _("Written by"), _("Written (Geneva)")]
    return headers, (_remark(row, number, remark) for row in rows for number, remark in _in_order(row))


def _in_order(row: Received) -> Iterator[tuple[str, Remark]]:
    return ((question.number, remark) for question in row.record for remark in row.remarks.get(question.id, ()))


def _remark(row: Received, number: str, remark: Remark) -> Row:
    written = _geneva(remark.written_at).replace(tzinfo=None, second=0, microsecond=0)
    return [str(row.delegation), remark.submission.reference, number, remark.text, str(remark.written_by), written]
