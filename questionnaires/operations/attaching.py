"""The delegation: files of an answer, and whether its text may be quoted.

Adding and removing files commute, so they name no version; each is a revision of the answer all the same. Texts and
files do not stand in each other's way: see `answering`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icoca_portal.lib.uploads import CheckedUpload, check_upload
from members.models import Delegation, User
from questionnaires.editions import FrozenQuestion
from questionnaires.exceptions import FilesNotTaken, QuestionNoLongerAsked
from questionnaires.files import MOST_FILES, files_of, takes_files
from questionnaires.models import Answer, AnswerOrigin, Attachment, Questionnaire, Response
from questionnaires.operations.answering import record_revision
from questionnaires.operations.writing import answers_changed, response_for_writing


@transaction.atomic
def attach_file(
    questionnaire: Questionnaire, delegation: Delegation, question_id: int, upload: UploadedFile, *, by: User
) -> tuple[Response, Answer]:
    """Add a file to an answer; begin the response with it if need be. The same file twice is attached once.

    Raises UploadRefused for a file that is not taken, FilesNotTaken, QuestionNoLongerAsked, and what
    `writing.response_for_writing` raises.
    """
    checked = check_upload(upload)  # before the lock: reading 20 MB takes its time
    now = timezone.now()
    response, _begun = response_for_writing(questionnaire, delegation, now)
    question = _question(response, question_id)
    if not takes_files(question):
        raise FilesNotTaken(_("This question takes no files."))
    answer = response.answers.select_related("saved_by").filter(question=question_id).first()
    files = files_of(question, answer)
    if answer is not None and any(_is_same(file, checked) for file in files):
        return response, answer
    if len(files) >= MOST_FILES:
        raise FilesNotTaken(
            ngettext(
                "An answer takes %(most)d file. Remove it first.",
                "An answer takes %(most)d files. Remove one first.",
                MOST_FILES,
            )
            % {"most": MOST_FILES}
        )
    attachment = Attachment.objects.create(
        response=response,
        question_id=question_id,
        file=upload,
        name=checked.name,
        size=checked.size,
        media_type=checked.media_type,
        sha256=checked.sha256,
        attached_at=now,
        attached_by=by,
    )
    entry = {"attachment": attachment.pk, "name": checked.name, "size": checked.size, "sha256": checked.sha256}
    answer = answer or Answer(response=response, question_id=question_id, version=0)
    _store(response, question, answer, [*files, entry], by, now)
    return response, answer


@transaction.atomic
def remove_file(
    questionnaire: Questionnaire, delegation: Delegation, question_id: int, attachment_id: int, *, by: User
) -> tuple[Response, Answer | None]:
    """Take a file out of an answer. It stays in the archive, since earlier texts name it; gone already is no error.

    Raises QuestionNoLongerAsked, and what `writing.response_for_writing` raises.
    """
    now = timezone.now()
    response, begun = response_for_writing(questionnaire, delegation, now)
    if begun:
        response.delete()
        return response, None
    question = _question(response, question_id)
    answer = response.answers.select_related("saved_by").filter(question=question_id).first()
    files = files_of(question, answer)
    kept = [file for file in files if file["attachment"] != attachment_id]
    if answer is not None and len(kept) < len(files):
        _store(response, question, answer, kept, by, now)
    return response, answer


@transaction.atomic
def choose_quotation(
    questionnaire: Questionnaire, delegation: Delegation, question_id: int, quote: str, *, by: User
) -> tuple[Response, Answer | None]:
    """Say whether published results may quote an answer; only for one that has been saved, else nothing happens.

    It is no text, so it makes no version and stands in nobody's way. Raises QuestionNoLongerAsked, ValueError for an
    unknown choice, and what `writing.response_for_writing` raises.
    """
    if quote not in Answer.Quote.values:
        raise ValueError(f"unknown quotation {quote!r}")
    now = timezone.now()
    response, begun = response_for_writing(questionnaire, delegation, now)
    if begun:
        response.delete()
        return response, None
    _question(response, question_id)
    answer = response.answers.select_related("saved_by").filter(question=question_id).first()
    if answer is not None and answer.quote != quote:
        answer.quote = quote
        answer.save(update_fields=["quote"])
        answers_changed(response, now)
    return response, answer


def _question(response: Response, question_id: int) -> FrozenQuestion:
    question = response.edition.questions.by_id.get(question_id)
    if question is None:
        raise QuestionNoLongerAsked(
            _("Since edition %(number)d this question is asked no more.") % {"number": response.edition.number}
        )
    return question


def _is_same(file: Any, checked: CheckedUpload) -> bool:
    return bool(file["sha256"] == checked.sha256 and file["name"] == checked.name)


def _store(
    response: Response, question: FrozenQuestion, answer: Answer, files: list[Any], by: User, now: datetime
) -> None:
    if question.kind == "file":
        answer.value = files or None
    else:
        answer.files = files
    answer.version += 1
    answer.saved_at, answer.saved_by = now, by
    answer.save()
    record_revision(answer, AnswerOrigin.FILES)
    answers_changed(response, now)
