"""The delegation: who is in a section now, words between colleagues, and earlier texts put back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import User
from questionnaires import emails
from questionnaires.exceptions import AnswerChangedMeanwhile, NothingToRestore
from questionnaires.models import Answer, AnswerOrigin, AnswerRevision, Note, Presence, Response, Submission
from questionnaires.operations.writing import answers_changed, response_for_writing


def note_presence(response: Response, *, section_id: int, by: User) -> None:
    """Write down that somebody is in a section now: one row a person and section, one query."""
    Presence.objects.bulk_create(
        [Presence(response=response, section_id=section_id, user=by, seen_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["response", "section", "user"],
        update_fields=["seen_at"],
    )


@transaction.atomic
def write_note(response: Response, *, question_id: int, text: str, tell: bool = False, by: User) -> Note:
    """Leave a word for the colleagues about a question; the same words sent twice are one note.

    `tell` sends them a message that there is a note, without what it says. Begun or not, open or sealed: people talk
    about a response at any time after it began.
    """
    text = text.strip()
    question = response.edition.questions.by_id[question_id]
    section = response.edition.questions.section_of(question_id)
    if not text or section is None:
        raise ValueError("a note says something, about a question of the edition")
    Response.objects.select_for_update().get(pk=response.pk)  # a double click waits for the first one
    last = response.notes.filter(question=question_id).order_by("-written_at", "-pk").first()
    if last is not None and (last.text, last.written_by_id) == (text, by.pk):
        return last
    note = Note.objects.create(response=response, question_id=question_id, text=text, written_by=by)
    if tell:
        emails.note_written(note, section=section.number, number=question.number)
    return note


@transaction.atomic
def restore_answer(response: Response, *, question_id: int, version: int, base_version: int, by: User) -> Answer:
    """Put an earlier text of an answer, with its files, on top as a new version.

    `base_version` is the version that stood when the writer chose. Nothing happens if the same text stands already.
    Raises AnswerChangedMeanwhile if somebody has saved since, NothingToRestore for a version that there is not,
    QuestionnaireClosed, ResponseSealed.
    """
    now = timezone.now()
    response, _begun = response_for_writing(response.questionnaire, response.delegation, now)
    answer = response.answers.select_related("saved_by").filter(question=question_id).first()
    earlier = answer.revisions.filter(version=version).first() if answer else None
    if answer is None or earlier is None:
        raise NothingToRestore(_("There is no such version of this answer."))
    if (answer.value, answer.files) == (earlier.value, earlier.files):
        return answer
    if answer.version != base_version:
        raise AnswerChangedMeanwhile(_("A colleague saved this answer while you were reading."), answer)
    put_version(answer, earlier.value, earlier.files, origin=AnswerOrigin.RESTORED, by=by, now=now)
    answers_changed(response, now)
    return answer


def put_version(
    answer: Answer,
    value: Any,
    files: list[Any],
    *,
    origin: str,
    by: User,
    now: datetime,
    source: Submission | None = None,
) -> None:
    """Store a value as the next version of an answer of a locked response; an unsaved answer becomes version 1."""
    answer.version = 1 if answer.pk is None else answer.version + 1
    answer.value, answer.files = value, files
    answer.saved_at, answer.saved_by, answer.prefilled_from = now, by, source
    answer.save()
    AnswerRevision.objects.create(
        answer=answer, version=answer.version, value=value, files=files, origin=origin, saved_at=now, saved_by=by
    )
