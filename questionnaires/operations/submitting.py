"""From a draft to a sealed record, and back for a correction."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from icoca_portal.lib.prepared import Prepared, PreparedInsert, given
from members.models import User
from questionnaires import checks, conditions, editions, emails, kinds
from questionnaires.editions import EditionContent
from questionnaires.exceptions import (
    ClearanceMissing,
    NothingSubmitted,
    QuestionnaireClosed,
    ResponseIncomplete,
    ResponseSealed,
)
from questionnaires.models import Answer, Response, ReturnRecord, Submission, SubmittedAnswer
from questionnaires.operations.writing import closed_sentence, put_before

NOT_ASKED: dict[str, Any] = {
    "answer": None,
    "answer_text": "",
    "asked": False,
    "attached": [],
    "quote": Answer.Quote.NONE.value,
}

_LOCKED: Prepared[Response] = Prepared(
    lambda: (
        Response.objects.select_for_update(of=("self",))
        .filter(pk=given("response"))
        .select_related("questionnaire", "edition", "delegation__organisation")
        .order_by()
    )
)
_ANSWERS: Prepared[Answer] = Prepared(lambda: Answer.objects.filter(response=given("response")))
_NUMBERS: Prepared[tuple[int]] = Prepared(
    lambda: Submission.objects.filter(response=given("response")).order_by("-number").values_list("number")[:1]
)
_NEW_ANSWERS = PreparedInsert(SubmittedAnswer)


@transaction.atomic
def submit_response(response: Response, *, by: User) -> Submission:
    """Seal the questions and answers as the next submission, and send the receipt to all delegates of the delegation.

    Raises QuestionnaireClosed after the deadline, ResponseSealed if it is submitted already, ResponseIncomplete with
    the answers that stop it, ClearanceMissing where the delegation asks for a clearance and none stands.
    """
    locked = _LOCKED.first(response=response.pk)
    if locked is None:
        raise Response.DoesNotExist
    now = timezone.now()
    if not locked.takes_answers_at(now):
        raise QuestionnaireClosed(closed_sentence(locked))
    if not locked.is_writable:
        raise ResponseSealed(_("The response is submitted already."))
    rows = {answer.question_id: answer for answer in _ANSWERS.all(response=locked.pk)}
    values = {pk: row.value for pk, row in rows.items()}
    content = locked.edition.questions
    unconfirmed = [pk for pk, row in rows.items() if row.prefilled_from_id is not None]
    problems = checks.problems_in(content, values, unconfirmed)
    if not checks.answered(content, values):
        raise ResponseIncomplete(_("Nothing is answered yet."), problems)
    if problems:
        raise ResponseIncomplete(_("Some answers stop the submission."), problems)
    if locked.requires_clearance and locked.state != Response.State.CLEARED:
        raise ClearanceMissing(_("Your delegation asks for a clearance first, and the draft is not cleared."))
    (before,) = _NUMBERS.first(response=locked.pk) or (0,)
    submission, answers = compose_submission(locked, rows, number=before + 1, by=by, now=now)
    submission.save(force_insert=True)
    for answer in answers:
        answer.submission_id = submission.pk
    _NEW_ANSWERS.store(answers)
    locked.state, locked.changed_at, locked.record = Response.State.SUBMITTED, now, submission
    locked.save(update_fields=["state", "changed_at", "record"])
    if locked.neutral_number is None:
        _draw_number(locked)
    for column in locked._meta.concrete_fields:  # the caller's object says what the row says now
        setattr(response, column.attname, getattr(locked, column.attname))
    emails.response_submitted(submission)
    return submission


def compose_submission(
    response: Response, rows: Mapping[int, Answer], *, number: int, by: User, now: datetime
) -> tuple[Submission, list[SubmittedAnswer]]:
    """The rows of a submission, not stored yet: what is sealed, and the copy of its answers that is counted and sorted,
    which needs the submission's key before it is stored.

    `rows` are the answers by question id. The record is in the language its questions were first written in, whatever
    the focal point reads the pages in.
    """
    with translation.override(settings.LANGUAGE_CODE):
        content = response.edition.questions
        given = _given(content, rows)
    reference = f"{response.questionnaire.code}-{response.delegation.code}-{number}"
    text, seal = editions.write(
        content.with_answers(given, delegation=str(response.delegation), number=number, reference=reference)
    )
    submission = Submission(
        response=response,
        number=number,
        edition_number=content.edition,
        reference=reference,
        content=text,
        sha256=seal,
        submitted_at=now,
        submitted_by=by,
        submitted_by_name=by.name,
    )
    answers = [
        SubmittedAnswer(
            question_id=pk,
            value=answer["answer"],
            text=answer["answer_text"],
            quote=answer["quote"],
        )
        for pk, answer in given.items()
        if answer["answer"] is not None
    ]
    return submission, answers


def _draw_number(response: Response) -> None:
    """Give the response the number that stands for it where the Board reads without names.

    Drawn by lot, so that it tells neither whose it is nor when it came: of three figures, or five where many answer.
    """
    others = Response.objects.filter(questionnaire=response.questionnaire_id, neutral_number__isnull=False)
    low, high = (100, 999) if others[:400].count() < 400 else (10_000, 99_999)
    while True:
        response.neutral_number = low + secrets.randbelow(high - low + 1)
        try:
            with transaction.atomic():
                response.save(update_fields=["neutral_number"])
        except IntegrityError:  # somebody else's, perhaps of this very second
            continue
        return


def _given(content: EditionContent, rows: Mapping[int, Answer]) -> dict[int, dict[str, Any]]:
    """What a submission adds to each question, by its id; see `editions`."""
    asked = conditions.asked(content, {pk: row.value for pk, row in rows.items()})
    given: dict[int, dict[str, Any]] = {}
    for question in content:
        row = rows.get(question.id)
        if question.id not in asked:
            given[question.id] = {**NOT_ASKED}
            continue
        value = row.value if row else None
        given[question.id] = {
            "answer": value,
            "answer_text": kinds.show(question, value),
            "asked": True,
            "attached": row.files if row else [],
            "quote": row.quote if row else Answer.Quote.NONE,
        }
    return given


@transaction.atomic
def return_response(response: Response, *, reason: str, by: User) -> ReturnRecord:
    """Open a submitted response again, with a reason that its delegation sees. What was submitted stays the record.

    Raises NothingSubmitted if the response is not submitted, QuestionnaireClosed if it could not be submitted again.
    """
    reason = reason.strip()
    if not reason:
        raise ValueError("a return needs a reason")
    locked = (
        Response.objects.select_for_update(of=("self",))
        .select_related("questionnaire", "edition", "delegation__organisation")
        .get(pk=response.pk)
    )
    if locked.state != Response.State.SUBMITTED:
        raise NothingSubmitted(_("Only a submitted response can be returned."))
    if not locked.takes_answers_at(timezone.now()):
        raise QuestionnaireClosed(
            _(
                "The delegation could not submit again: the questionnaire takes no more answers. "
                "Give it an extension, or move the deadline, first."
            )
        )
    submission = locked.submissions.latest("number")
    record = ReturnRecord.objects.create(submission=submission, reason=reason, returned_by=by)
    locked.state, locked.changed_at = Response.State.RETURNED, record.returned_at
    locked.save(update_fields=["state", "changed_at"])
    if locked.questionnaire.edition is not None and locked.edition_id != locked.questionnaire.edition.pk:
        put_before(locked, locked.questionnaire.edition)  # published since: it is the one to be answered now
    response.refresh_from_db()
    emails.response_returned(record)
    return record
