"""The delegation: answers saved one by one, each with the version that the writer started from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icoca_portal.lib.prepared import Prepared, PreparedInsert, given, given_keys
from members.models import Delegation, User
from questionnaires.changes import Change, Saved
from questionnaires.exceptions import AnswerChangedMeanwhile, QuestionNoLongerAsked
from questionnaires.models import Answer, AnswerOrigin, AnswerRevision, Questionnaire, Response
from questionnaires.operations.writing import answers_changed, response_for_writing

_STORED: Prepared[Answer] = Prepared(
    lambda count: Answer.objects.filter(
        response=given("response"), question__in=given_keys("questions", count)
    ).select_related("saved_by")
)
_NEW_REVISIONS = PreparedInsert(AnswerRevision)


@transaction.atomic
def save_answers(
    questionnaire: Questionnaire, delegation: Delegation, changes: Iterable[Change], *, by: User
) -> tuple[Response, Saved]:
    """Store what was typed, answer by answer; begin the response with the first one.

    An answer that somebody else saved after the version a change started from stays as it is and is reported as a
    conflict, a text for a question that is asked no more as gone; the other answers are stored all the same. A change
    that changes nothing is no new version. A text that is stored counts as confirmed, wherever it came from.
    Raises QuestionnaireClosed after the deadline, ResponseSealed once submitted, DelegationNotAsked.
    """
    now = timezone.now()
    response, begun = response_for_writing(questionnaire, delegation, now)
    content = response.edition.questions
    changes = list(changes)
    rows = _STORED.all(len(changes), response=response.pk, questions=[change.question_id for change in changes])
    answers = {answer.question_id: answer for answer in rows}
    for row in rows:
        row.response = response
    saved, written = Saved(), []
    for change in changes:
        answer = answers.get(change.question_id)
        if change.question_id not in content.by_id:
            if not _holds_already(answer, change):
                saved.gone[change.question_id] = _gone_sentence(response)
            continue
        try:
            answer, is_new_version = _take(response, answer, change, by, now)
        except AnswerChangedMeanwhile as refusal:
            saved.conflicts[change.question_id] = refusal.answer
            continue
        if answer is not None:
            saved.answers[change.question_id] = answer
        if answer is not None and is_new_version:
            written.append((answer, change.origin))
    if written:
        _store(written)
        answers_changed(response, now)
    elif begun:
        response.delete()  # nothing was typed: the response has not begun
    return response, saved


def save_answer(
    questionnaire: Questionnaire, delegation: Delegation, change: Change, *, by: User
) -> tuple[Response, Answer | None]:
    """Store one answer that somebody touched; None if it was blank and still is.

    Raises what `save_answers` raises, QuestionNoLongerAsked, and AnswerChangedMeanwhile; the last also where the writer
    came back to the text they started from, since a colleague's text stands and the writer's page shows another.
    """
    response, saved = save_answers(questionnaire, delegation, [change], by=by)
    if change.question_id in saved.gone:
        raise QuestionNoLongerAsked(saved.gone[change.question_id])
    answer = saved.answers.get(change.question_id)
    theirs = saved.conflicts.get(change.question_id)
    if answer is not None and answer.value != change.value:
        theirs = answer
    if theirs is not None:
        raise AnswerChangedMeanwhile(_("A colleague saved this answer while you were writing."), theirs)
    return response, answer


def _take(
    response: Response, answer: Answer | None, change: Change, by: User, now: datetime
) -> tuple[Answer | None, bool]:
    """The answer with a change in it, not stored yet, and whether that makes a version; None if it stays blank.

    Raises AnswerChangedMeanwhile.
    """
    if answer is None:
        if change.value is None:
            return None, False
        fresh = Answer(
            response=response, question_id=change.question_id, value=change.value, version=1, saved_at=now, saved_by=by
        )
        return fresh, True
    if answer.value == change.value:
        return answer, False
    if answer.version != change.base_version and not _only_files_since(answer, change.base_version):
        # Without JavaScript a page posts every field of its section. One that still holds the text it was given
        # is no change of the writer's, so the colleague's newer text simply stands.
        if change.value == _value_at(answer, change.base_version):
            return answer, False
        raise AnswerChangedMeanwhile("", answer)
    answer.value = change.value
    answer.version += 1
    answer.saved_at, answer.saved_by, answer.prefilled_from = now, by, None
    return answer, True


def _store(written: Iterable[tuple[Answer, str]]) -> None:
    """Store new versions of answers, each with where it came from. A whole section takes few queries."""
    written = list(written)
    Answer.objects.bulk_create([answer for answer, _origin in written if answer.pk is None])
    for answer, _origin in written:
        if answer.version > 1:
            answer.save(update_fields=["value", "version", "saved_at", "saved_by", "prefilled_from"])
    _NEW_REVISIONS.store([_revision(answer, origin) for answer, origin in written])


def record_revision(answer: Answer, origin: str) -> AnswerRevision:
    """Keep what an answer is now, so that nothing that was ever stored is lost."""
    revision = _revision(answer, origin)
    revision.save(force_insert=True)
    return revision


def _revision(answer: Answer, origin: str) -> AnswerRevision:
    return AnswerRevision(
        answer=answer,
        version=answer.version,
        value=answer.value,
        files=answer.files,
        origin=origin,
        saved_at=answer.saved_at,
        saved_by=answer.saved_by,
    )


def _value_at(answer: Answer, version: int) -> Any:
    """What the answer was at a version; before the first one it was blank."""
    return answer.revisions.filter(version=version).values_list("value", flat=True).first() if version else None


def _only_files_since(answer: Answer, version: int) -> bool:
    """Whether nothing but the files beside the answer changed after a version: the writer saw the text that stands."""
    if answer.value != _value_at(answer, version):
        return False
    return not answer.revisions.filter(version__gt=version).exclude(origin=AnswerOrigin.FILES).exists()


def _holds_already(answer: Answer | None, change: Change) -> bool:
    """Whether a change brings nothing that is not kept: what a page posts back untouched."""
    if answer is None:
        return change.value is None
    return answer.value == change.value or change.value == _value_at(answer, change.base_version)


def _gone_sentence(response: Response) -> str:
    return _(
        "Since edition %(number)d this question is asked no more, so the text is not stored. "
        "It stays here for you to copy."
    ) % {"number": response.edition.number}
