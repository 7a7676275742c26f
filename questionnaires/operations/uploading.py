"""Word in: a form that came back is read and kept beside the draft; what the delegation takes becomes answers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Delegation, User
from questionnaires import word
from questionnaires.changes import Change, Saved
from questionnaires.editions import EditionContent
from questionnaires.exceptions import FormNotRead
from questionnaires.models import AnswerOrigin, Edition, Questionnaire, Response, WordUpload
from questionnaires.operations.answering import save_answers
from questionnaires.operations.writing import response_for_writing
from questionnaires.word import marks


def upload_form(questionnaire: Questionnaire, delegation: Delegation, upload: UploadedFile, *, by: User) -> WordUpload:
    """Read a form and keep what it says for the delegation to look at. No answer changes.

    The same file sent again while the first is not settled gives the first. Raises FormNotRead with what to do,
    QuestionnaireClosed after the deadline, ResponseSealed once submitted.
    """
    word.check_size(upload.size or 0)
    content = upload.read()
    opened = word.open_form(content)
    origin = word.origin_of(opened)
    _check_origin(origin, questionnaire, delegation)
    with transaction.atomic():
        response, _begun = response_for_writing(questionnaire, delegation, timezone.now())
        sha256 = hashlib.sha256(content).hexdigest()
        again = response.word_uploads.filter(sha256=sha256, settled_at=None).first()
        if again is not None:
            return again
        reading = word.read_form(opened, _contents(response, origin))
        if not reading.answers:
            raise FormNotRead(
                _(
                    "No box of this questionnaire was found in the file. "
                    "Download the form here, copy the answers into its boxes, and send that."
                )
            )
        return WordUpload.objects.create(
            response=response,
            name=_name_of(upload),
            size=len(content),
            sha256=sha256,
            content=reading.as_json(),
            uploaded_by=by,
        )


def _name_of(upload: UploadedFile) -> str:
    """The name without path and control characters."""
    name = (upload.name or "").replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in name if letter.isprintable())[:200] or "form.docx"


def _check_origin(origin: marks.Origin | None, questionnaire: Questionnaire, delegation: Delegation) -> None:
    """Refuse a form that says of itself that it belongs elsewhere. Saying nothing, it is read."""
    if origin is None:
        return
    if origin.questionnaire != questionnaire.code:
        raise FormNotRead(
            _("This is the form of another questionnaire (%(code)s). Send it on that questionnaire’s page.")
            % {"code": origin.questionnaire}
        )
    if origin.response and origin.response != delegation.code:
        raise FormNotRead(
            _(
                "This form was written with the answers of another delegation. "
                "Download your delegation’s form, copy the answers into it, and send that."
            )
        )


def _contents(response: Response, origin: marks.Origin | None) -> list[EditionContent]:
    """The questions as the delegation answers them; then the same in other languages, and those of the form."""
    editions = [response.edition]
    if origin is not None and origin.edition != response.edition.number:
        editions += Edition.objects.filter(questionnaire=response.questionnaire_id, number=origin.edition)
    found = [response.edition.questions]
    for edition in editions:
        first = EditionContent.read(edition.content)
        found += [first, *(EditionContent.read(edition.content, language) for language in first.languages)]
    return found


@transaction.atomic
def apply_upload(upload: WordUpload, taken: Mapping[int, int], *, by: User) -> tuple[WordUpload, Saved]:
    """Take answers of a form that was read: `taken` gives for each question the version of the answer that was seen.

    What somebody saved after that version stays and is reported as a conflict; the other answers are stored all the
    same. Without a conflict the upload is settled; settled already, nothing happens. Raises QuestionnaireClosed after
    the deadline, ResponseSealed once submitted.
    """
    response = Response.objects.select_related("questionnaire", "delegation").get(pk=upload.response_id)
    response_for_writing(response.questionnaire, response.delegation, timezone.now())
    locked = WordUpload.objects.select_for_update().get(pk=upload.pk)
    if locked.settled_at is not None:
        return locked, Saved()
    reading = word.Reading.from_json(locked.content)
    changes = [
        Change(question, read.value, taken[question], origin=AnswerOrigin.UPLOADED)
        for question, read in reading.answers.items()
        if question in taken and not read.issue
    ]
    saved = Saved()
    if changes:
        _response, saved = save_answers(response.questionnaire, response.delegation, changes, by=by)
    if not saved.conflicts:
        locked.settled_at, locked.settled_by = timezone.now(), by
        locked.save(update_fields=["settled_at", "settled_by"])
    return locked, saved
