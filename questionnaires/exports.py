"""Tables to take along: what is on record, and who has answered. No draft is in them, and no cell is a formula.

What is on record is read delegation by delegation while it is written, so that five thousand responses take no more
memory than fifty. Who reads without names finds none in any file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from icoca_portal.lib.days import geneva
from icoca_portal.lib.exports import Sheet, csv_lines, in_this_language, write_csv, write_xlsx, xlsx_file
from icoca_portal.lib.richtext import to_text
from icoca_portal.lib.sealing import canonical
from members.regions import region_of
from questionnaires import kinds
from questionnaires.editions import FrozenQuestion
from questionnaires.models import Answer, Conclusion, Question, Submission, SubmittedAnswer
from questionnaires.review import Asked, Reader, Received, Return, Standing, files_of
from questionnaires.review.answers import answered, passage_rows, text_for

Row = Sequence[Any]

CHUNK = 100


def submissions_workbook(reader: Reader, asked: Asked) -> IO[bytes]:
    """A workbook, as an open file: responses (one row a delegation), answers (one row an answer), tables (one row a
    cell), questions, conclusions; and for who is of the Board remarks and themes."""
    sheets: list[Sheet] = [
        (_("Responses"), *_responses(reader, asked)),
        (_("Answers"), *_answers(reader, asked)),
        (_("Questions"), *_questions(asked)),
    ]
    if any(question.kind == "table" for question in asked.order):
        sheets.append((_("Tables"), *_tables(reader, asked)))
    if reader.of_board:
        sheets.append((_("Remarks"), *_remarks(reader, asked)))
        sheets.append((_("Themes"), *_themes(reader, asked)))
    if Conclusion.objects.filter(questionnaire=reader.questionnaire).exclude(text="").exists():
        sheets.append((_("Conclusions"), *_conclusions(reader)))
    return xlsx_file(sheets)


def submissions_csv(reader: Reader, asked: Asked) -> Iterator[bytes]:
    """The first sheet of the workbook, line by line."""
    return in_this_language(csv_lines(*_responses(reader, asked)))


def submissions_json(reader: Reader, asked: Asked) -> Iterator[bytes]:
    """One JSON object: the questionnaire, its editions as they were frozen, and each submission on record.

    With names a submission is what was sealed, whose canonical form (keys sorted, no spaces, UTF-8) has the SHA-256
    beside it. Without names there is no seal, for it stands on the receipt, and what names the delegation is left out.
    """
    return in_this_language(_json(reader, asked))


def _json(reader: Reader, asked: Asked) -> Iterator[bytes]:
    questionnaire = reader.questionnaire
    head = {
        "format": 1,
        "title": questionnaire.title,
        "code": questionnaire.code,
        "exported_at": timezone.now().isoformat(timespec="seconds"),
        "attribution": "named" if reader.names else "unnamed",
    }
    yield canonical(head)[:-1].encode() + b',"editions":['
    for place, edition in enumerate(asked.editions.values()):
        text = f'{{"number":{edition.number},"sha256":"{edition.sha256}","content":{edition.content}}}'
        yield (b"," if place else b"") + text.encode("utf-8", "surrogatepass")
    yield b'],"submissions":['
    rows = reader.submissions().defer(None).iterator(chunk_size=CHUNK)
    for place, submission in enumerate(rows):
        received = Received(reader, submission)
        text = _sealed(received) if reader.names else canonical(_unnamed(received))
        yield (b",\n" if place else b"\n") + text.encode("utf-8", "surrogatepass")
    yield b"]}\n"


def _sealed(received: Received) -> str:
    """What was sealed, letter by letter, with its seal."""
    submission = received.submission
    facts = {
        "delegation": received.label,
        "reference": submission.reference,
        "number": submission.number,
        "edition": submission.edition_number,
        "submitted_at": submission.submitted_at.isoformat(timespec="seconds"),
        "returned": received.is_returned,
        "sha256": submission.sha256,
    }
    return f'{canonical(facts)[:-1]},"record":{submission.content}}}'


def _unnamed(received: Received) -> dict[str, Any]:
    """The answers without what could tell whose they are."""
    reader, submission = received.reader, received.submission
    answers = []
    for question in submission.record:
        is_file = question.kind == "file"
        answers.append(
            {
                "question": question.id,
                "number": question.number,
                "answer": None if is_file else question.answer,
                "answer_text": text_for(reader, question),
                "asked": question.asked,
                "files": [{"name": file.name, "size": file.size} for file in files_of(reader, question)],
                "quote": question.quote,
            }
        )
    return {
        "delegation": received.label,
        "number": submission.number,
        "edition": submission.edition_number,
        "returned": received.is_returned,
        "answers": answers,
    }


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


def _value(reader: Reader, question: FrozenQuestion) -> Any:
    """What stands in a cell: a figure or a day where the answer is one, else the text that was sealed."""
    if question.answer is None:
        return None
    if question.kind == "scale":
        return question.answer
    if question.kind == "number" and (number := kinds.parse_number(question.answer)) is not None:
        return number
    if question.kind == "date" and (day := kinds.parse_day(question.answer)):
        return day
    return text_for(reader, question)


def _rows(reader: Reader, asked: Asked) -> Iterator[tuple[Received, dict[int, FrozenQuestion], dict[int, str]]]:
    """Each submission on record with its answered questions and what may be quoted, by question id.

    A sealed text is read only where a question takes files beside its answer, which the rows do not name.
    """
    reads_seals = any(question.files for question in asked.order)
    submissions = reader.submissions()
    if reads_seals:
        submissions = submissions.defer(None)
    for chunk in _chunks(submissions.iterator(chunk_size=CHUNK)):
        answers: dict[int, dict[int, SubmittedAnswer]] = {submission.pk: {} for submission in chunk}
        for answer in SubmittedAnswer.objects.filter(submission__in=list(answers)):
            answers[answer.submission_id][answer.question_id] = answer
        for submission in chunk:
            own = answers[submission.pk]
            questions = {pk: answered(question, own.get(pk)) for pk, question in asked.by_id.items()}
            if reads_seals:
                for question in submission.record:
                    if question.attached and question.id in questions:
                        questions[question.id] = replace(questions[question.id], attached=question.attached)
            yield Received(reader, submission), questions, {pk: row.quote for pk, row in own.items()}


def _chunks(rows: Iterator[Submission]) -> Iterator[list[Submission]]:
    held: list[Submission] = []
    for row in rows:
        held.append(row)
        if len(held) == CHUNK:
            yield held
            held = []
    if held:
        yield held


def _who(reader: Reader) -> tuple[list[str], Callable[[Received], list[Any]]]:
    """The first columns of every sheet: who it is, as far as the reader may know."""
    if reader.names:
        return [_("Delegation"), _("Reference")], lambda row: [row.label, row.submission.reference]
    return [_("Delegation")], lambda row: [row.label]


def _responses(reader: Reader, asked: Asked) -> tuple[list[str], Iterator[Row]]:
    headers, who = _who(reader)
    headers += [_("No."), *([_("Submitted (Geneva)"), _("Region")] if reader.names else []), _("Edition")]

    def facts(row: Received) -> list[Any]:
        submission = row.submission
        named = [_naive(submission.submitted_at), _region(row)] if reader.names else []
        return [*who(row), submission.number, *named, submission.edition_number]

    return (
        [*headers, *(f"{asked.number_of(question)} {question.text}" for question in asked.order)],
        (
            [*facts(row), *(_value(reader, questions[question.id]) for question in asked.order)]
            for row, questions, _quotes in _rows(reader, asked)
        ),
    )


def _region(row: Received) -> str:
    return str(region_of(row.submission.response.delegation.organisation).label)


def _answers(reader: Reader, asked: Asked) -> tuple[list[str], Iterator[Row]]:
    headers, who = _who(reader)
    quotes = dict(Answer.Quote.choices)
    headers += [_("Edition"), _("Number"), _("Question"), _("Objective"), _("Answer"), _("Quotation"), _("Files")]
    return headers, (
        [
            *who(row),
            row.submission.edition_number,
            asked.number_of(question),
            question.text,
            question.objective["number"] if question.objective else None,
            _value(reader, question),
            str(quotes[allowed[question.id]]) if question.id in allowed else "",
            "\n".join(file.name for file in files_of(reader, question)),
        ]
        for row, questions, allowed in _rows(reader, asked)
        for question in questions.values()
        if asked.was_asked(question.id, row.submission.edition_number)
    )


def _tables(reader: Reader, asked: Asked) -> tuple[list[str], Iterator[Row]]:
    headers, who = _who(reader)
    return [*headers, _("Number"), _("Question"), _("Row"), _("Column"), _("Cell")], (
        [*who(row), asked.number_of(question), question.text, number, column.label, cells.get(column.key)]
        for row, questions, _quotes in _rows(reader, asked)
        for question in questions.values()
        if question.kind == "table"
        for number, cells in enumerate(question.answer or (), 1)
        for column in question.columns
    )


def _questions(asked: Asked) -> tuple[list[str], Iterator[Row]]:
    headers = [
        _("Number"),
        _("Section"),
        _("Question"),
        _("Kind"),
        _("Required"),
        _("Objective"),
        _("Choices"),
        _("Rows"),
        _("Columns"),
        _("Edition"),
    ]

    def row(question: FrozenQuestion) -> Row:
        section = asked.section_of(question.id)
        objective = question.objective
        return [
            asked.number_of(question),
            section.title if section else "",
            question.text,
            Question.Kind(question.kind).label,
            _("Yes") if question.required else _("No"),
            f"{objective['number']} {objective['title']}" if objective else "",
            "\n".join(choice.label for choice in question.choices),
            "\n".join(choice.label for choice in question.rows),
            "\n".join(choice.label for choice in question.columns),
            asked.edition_of(question.id),
        ]

    return headers, (row(question) for question in asked.order)


def _remarks(reader: Reader, asked: Asked) -> tuple[list[str], Iterator[Row]]:
    headers, who = _who(reader)
    joined = ["written_by", "submission__response"]
    if reader.names:
        joined.append("submission__response__delegation__organisation")
    order = [f"submission__{name}" for name in reader.order]
    rows = reader.remarks().select_related(*joined).defer("submission__content").order_by(*order, "question", "pk")
    headers += [
        _("Question"),
        _("Remark"),
        _("Written by"),
        _("Written (Geneva)"),
        _("Remark No."),
        _("Answers to No."),
    ]
    return headers, (
        [
            *who(Received(reader, remark.submission)),
            _number(asked, remark.question_id),
            remark.text,
            str(remark.written_by),
            _naive(remark.written_at),
            remark.pk,
            remark.answers_id,
        ]
        for remark in rows.iterator(chunk_size=CHUNK)
    )


def _number(asked: Asked, question: int) -> str:
    found = asked.by_id.get(question)
    return asked.number_of(found) if found else ""


def _themes(reader: Reader, asked: Asked) -> tuple[list[str], Iterator[Row]]:
    headers, who = _who(reader)
    rows = passage_rows(reader).order_by("theme__name", *(f"submission__{name}" for name in reader.order), "start")
    return [_("Theme"), *headers, _("Question"), _("Passage")], (
        [
            passage.theme.name,
            *who(Received(reader, passage.submission)),
            _number(asked, passage.question_id),
            passage.text,
        ]
        for passage in rows.iterator(chunk_size=CHUNK)
    )


def _conclusions(reader: Reader) -> tuple[list[str], Iterator[Row]]:
    rows = Conclusion.objects.filter(questionnaire=reader.questionnaire).exclude(text="")
    return [_("Objective"), _("Conclusion"), _("Written (Geneva)"), _("Published (Geneva)")], (
        [
            str(row.objective) if row.objective else _("The whole"),
            to_text(row.text),
            _naive(row.written_at),
            _naive(row.published_at) if row.published_at else None,
        ]
        for row in rows.select_related("objective").order_by("objective__number")
    )
