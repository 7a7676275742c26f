"""What happens to questionnaires, responses and remarks: one function per verb."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from icoca_portal.lib.moments import in_geneva
from icoca_portal.lib.uploads import check_upload
from members.models import Delegation, User
from questionnaires import checks, editions, emails, kinds
from questionnaires.changes import Change, Saved
from questionnaires.exceptions import (
    AnswerChangedMeanwhile,
    NothingSubmitted,
    QuestionnaireClosed,
    QuestionnaireFrozen,
    QuestionnaireNotReady,
    ResponseIncomplete,
    ResponseSealed,
)
from questionnaires.models import (
    Answer,
    AnswerRevision,
    Attachment,
    Edition,
    Question,
    Questionnaire,
    Remark,
    Response,
    ReturnRecord,
    Submission,
)


# The secretariat: a questionnaire's life
@transaction.atomic
def open_questionnaire(questionnaire: Questionnaire, *, by: User) -> Edition:
    """Freeze the questions as edition 1, take answers from now until the deadline, and tell the delegations.

    Raises QuestionnaireFrozen if it is open or closed already, QuestionnaireNotReady if nothing could be answered.
    """
    locked = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if locked.state != Questionnaire.State.DRAFT:
        raise QuestionnaireFrozen(_("The questionnaire has been opened already."))
    missing = what_is_missing(locked)
    if missing:
        raise QuestionnaireNotReady(" ".join(missing))
    now = timezone.now()
    content, seal = editions.write(editions.freeze(locked, 1))
    edition = Edition.objects.create(
        questionnaire=locked, number=1, content=content, sha256=seal, frozen_at=now, frozen_by=by
    )
    locked.state, locked.opened_at, locked.opened_by = Questionnaire.State.OPEN, now, by
    locked.version += 1
    locked.save(update_fields=["state", "opened_at", "opened_by", "version"])
    questionnaire.refresh_from_db()
    emails.questionnaire_opened(locked)
    return edition


def what_is_missing(questionnaire: Questionnaire) -> list[str]:
    """What keeps a questionnaire from being opened, as sentences; nothing when it is ready."""
    missing = []
    if questionnaire.deadline <= timezone.now():
        missing.append(_("Set a deadline that is still to come."))
    questions = list(Question.objects.filter(section__questionnaire=questionnaire))
    if not questions:
        missing.append(_("Add a section with at least one question."))
    for question in questions:
        choices, rows = editions.lines(question.choices), editions.lines(question.rows)
        needs_choices = question.kind in ("single", "multiple", "ranking", "matrix")
        if needs_choices and len(choices) + question.has_other < 2:
            missing.append(_("Give “%(question)s” at least two choices.") % {"question": question})
        if question.kind == Question.Kind.MATRIX and not rows:
            missing.append(_("Give “%(question)s” at least one row.") % {"question": question})
    return missing


@transaction.atomic
def close_questionnaire(questionnaire: Questionnaire, *, by: User) -> None:
    """Take no more answers. Drafts stay readable. Raises QuestionnaireClosed if it is not open."""
    locked = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if locked.state != Questionnaire.State.OPEN:
        raise QuestionnaireClosed(_("The questionnaire is not open."))
    locked.state, locked.closed_at, locked.closed_by = Questionnaire.State.CLOSED, timezone.now(), by
    locked.version += 1
    locked.save(update_fields=["state", "closed_at", "closed_by", "version"])
    questionnaire.refresh_from_db()


@transaction.atomic
def move_deadline(questionnaire: Questionnaire, *, to: datetime, by: User) -> None:
    """Give an open questionnaire another deadline (`to`, aware, still to come), and tell who has not submitted.

    Raises QuestionnaireClosed if it is not open, QuestionnaireNotReady if `to` has passed.
    """
    locked = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if locked.state != Questionnaire.State.OPEN:
        raise QuestionnaireClosed(_("The questionnaire is not open."))
    if to <= timezone.now():
        raise QuestionnaireNotReady(_("Set a deadline that is still to come."))
    locked.deadline = to
    locked.version += 1
    locked.save(update_fields=["deadline", "version"])
    questionnaire.refresh_from_db()
    emails.deadline_moved(locked)


# The delegation: answering
@transaction.atomic
def save_answers(
    questionnaire: Questionnaire, delegation: Delegation, changes: Iterable[Change], *, by: User
) -> tuple[Response, Saved]:
    """Store what was typed, answer by answer; begin the response with the first one.

    An answer that somebody else saved after the version a change started from stays as it is and is reported as a
    conflict; the other answers are stored all the same. A change that changes nothing is no new version.
    Raises QuestionnaireClosed after the deadline, ResponseSealed once submitted, UploadRefused for a file.
    """
    now = timezone.now()
    response, begun = _response_for_writing(questionnaire, delegation, now)
    content = response.edition.questions
    changes = [change for change in changes if change.question_id in content.by_id]
    rows = response.answers.select_related("saved_by").filter(question__in=[c.question_id for c in changes])
    answers = {answer.question_id: answer for answer in rows}
    saved = Saved()
    for change in changes:
        try:
            answer = _save_answer(response, answers.get(change.question_id), change, by, now)
        except AnswerChangedMeanwhile as refusal:
            saved.conflicts[change.question_id] = refusal.answer
        else:
            if answer is not None:
                saved.answers[change.question_id] = answer
    if any(answer.saved_at == now for answer in saved.answers.values()):
        response.changed_at = now
        response.save(update_fields=["changed_at"])
    elif begun:
        response.delete()  # nothing was typed: the response has not begun
    return response, saved


def save_answer(
    questionnaire: Questionnaire, delegation: Delegation, change: Change, *, by: User
) -> tuple[Response, Answer | None]:
    """Store one answer that somebody touched; None if it was blank and still is.

    Raises what `save_answers` raises, and AnswerChangedMeanwhile; also where the writer came back to the text they
    started from, since a colleague's text stands and the writer's page shows another.
    """
    response, saved = save_answers(questionnaire, delegation, [change], by=by)
    answer = saved.answers.get(change.question_id)
    theirs = saved.conflicts.get(change.question_id)
    if answer is not None and change.upload is None and answer.value != change.value:
        theirs = answer
    if theirs is not None:
        raise AnswerChangedMeanwhile(_("A colleague saved this answer while you were writing."), theirs)
    return response, answer


def _response_for_writing(questionnaire: Questionnaire, delegation: Delegation, now: datetime) -> tuple[Response, bool]:
    """The delegation's response, locked, if answers may be written `now`; and whether it was made for that."""
    if questionnaire.edition is None:
        raise QuestionnaireClosed(_("The questionnaire is not open."))
    _row, begun = Response.objects.get_or_create(
        questionnaire=questionnaire, delegation=delegation, defaults={"edition": questionnaire.edition}
    )
    response = (
        Response.objects.select_for_update(of=("self",))
        .select_related("questionnaire", "edition")
        .get(questionnaire=questionnaire, delegation=delegation)
    )
    if not response.questionnaire.takes_answers_at(now):
        raise QuestionnaireClosed(_closed_sentence(response.questionnaire))
    if not response.is_writable:
        raise ResponseSealed(
            _("The response is submitted. Ask the secretariat to return it if something must be corrected.")
        )
    return response, begun


def _closed_sentence(questionnaire: Questionnaire) -> str:
    if questionnaire.state == Questionnaire.State.OPEN:
        return _("The deadline was %(deadline)s. Drafts stay readable; answers are taken no more.") % {
            "deadline": in_geneva(questionnaire.deadline)
        }
    return _("The questionnaire is closed. Drafts stay readable; answers are taken no more.")


def _save_answer(response: Response, answer: Answer | None, change: Change, by: User, now: datetime) -> Answer | None:
    if answer is None:
        if change.value is None and change.upload is None:
            return None
        value = _stored_value(response, change, by)
        answer = Answer(
            response=response, question_id=change.question_id, value=value, version=1, saved_at=now, saved_by=by
        )
        answer.save(force_insert=True)
    else:
        if change.upload is None and answer.value == change.value:
            return answer
        if answer.version != change.base_version:
            # Without JavaScript a page posts every field of its section. One that still holds the text it was given
            # is no change of the writer's, so the colleague's newer text simply stands.
            if change.upload is None and change.value == _value_at(answer, change.base_version):
                return answer
            raise AnswerChangedMeanwhile("", answer)
        answer.value = _stored_value(response, change, by)
        answer.version += 1
        answer.saved_at, answer.saved_by = now, by
        answer.save(update_fields=["value", "version", "saved_at", "saved_by"])
    AnswerRevision.objects.create(answer=answer, version=answer.version, value=answer.value, saved_at=now, saved_by=by)
    return answer


def _value_at(answer: Answer, version: int) -> Any:
    """What the answer was at a version; before the first one it was blank."""
    return answer.revisions.filter(version=version).values_list("value", flat=True).first() if version else None


def _stored_value(response: Response, change: Change, by: User) -> Any:
    if change.upload is None:
        return change.value
    checked = check_upload(change.upload)
    attachment = Attachment.objects.create(
        response=response,
        question_id=change.question_id,
        file=change.upload,
        name=checked.name,
        size=checked.size,
        media_type=checked.media_type,
        sha256=checked.sha256,
        attached_by=by,
    )
    return {
        "attachment": attachment.pk,
        "name": checked.name,
        "size": checked.size,
        "sha256": checked.sha256,
    }


@transaction.atomic
def submit_response(response: Response, *, by: User) -> Submission:
    """Seal the questions and answers as the next submission, and send the receipt to all delegates of the delegation.

    Raises QuestionnaireClosed after the deadline, ResponseSealed if it is submitted already, ResponseIncomplete with
    the answers that stop it.
    """
    locked = (
        Response.objects.select_for_update(of=("self",))
        .select_related("questionnaire", "edition", "delegation__organisation")
        .get(pk=response.pk)
    )
    now = timezone.now()
    if not locked.questionnaire.takes_answers_at(now):
        raise QuestionnaireClosed(_closed_sentence(locked.questionnaire))
    if not locked.is_writable:
        raise ResponseSealed(_("The response is submitted already."))
    content = locked.edition.questions
    values = dict(locked.answers.values_list("question_id", "value"))
    problems = checks.problems_in(content, values)
    if not any(value is not None for value in values.values()):
        raise ResponseIncomplete(_("Nothing is answered yet."), problems)
    if problems:
        raise ResponseIncomplete(_("Some answers stop the submission."), problems)
    number = locked.submissions.count() + 1
    reference = f"{locked.questionnaire.code}-{locked.delegation.code}-{number}"
    # The record is in the language of its questions, whatever language the focal point reads the pages in.
    with translation.override(settings.LANGUAGE_CODE):
        answers = {
            question.id: (values.get(question.id), kinds.show(question, values.get(question.id)))
            for question in content
        }
    text, seal = editions.write(
        content.with_answers(answers, delegation=str(locked.delegation), number=number, reference=reference)
    )
    submission = Submission.objects.create(
        response=locked,
        number=number,
        reference=reference,
        content=text,
        sha256=seal,
        submitted_at=now,
        submitted_by=by,
        submitted_by_name=by.name,
    )
    locked.state, locked.changed_at = Response.State.SUBMITTED, now
    locked.save(update_fields=["state", "changed_at"])
    response.refresh_from_db()
    emails.response_submitted(submission)
    return submission


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
        .select_related("questionnaire", "delegation__organisation")
        .get(pk=response.pk)
    )
    if locked.state != Response.State.SUBMITTED:
        raise NothingSubmitted(_("Only a submitted response can be returned."))
    if not locked.questionnaire.takes_answers_at(timezone.now()):
        raise QuestionnaireClosed(
            _(
                "The delegation could not submit again: the questionnaire takes no more answers. "
                "Move the deadline first."
            )
        )
    submission = locked.submissions.latest("number")
    record = ReturnRecord.objects.create(submission=submission, reason=reason, returned_by=by)
    locked.state, locked.changed_at = Response.State.RETURNED, record.returned_at
    locked.save(update_fields=["state", "changed_at"])
    response.refresh_from_db()
    emails.response_returned(record)
    return record


# The Board
@transaction.atomic
def write_remark(submission: Submission, *, question_id: int, text: str, by: User) -> Remark:
    """Put a director's remark beside one answer of a submission; the same words sent twice are one remark.

    Raises NothingSubmitted for a question that is not in the submission.
    """
    text = text.strip()
    if not text:
        raise ValueError("a remark says something")
    if question_id not in submission.record.by_id:
        raise NothingSubmitted(_("The submission does not hold this question."))
    # The response's row makes a double click wait for the first one; the submission's own is sealed.
    Response.objects.select_for_update().get(pk=submission.response_id)
    remark, _made = Remark.objects.get_or_create(
        submission=submission, question_id=question_id, text=text, written_by=by
    )
    return remark
