"""The forms that leave the portal: a blank one of a questionnaire, and one with a delegation's present draft in it."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from icoca_portal.lib.moments import in_geneva
from icoca_portal.lib.papers import READERS, Paper, Text
from questionnaires.editions import EditionContent
from questionnaires.models import Questionnaire, Response
from questionnaires.word import marks
from questionnaires.word.comparing import versions_of
from questionnaires.word.writing import Form, instructions, write_form


def blank_form(questionnaire: Questionnaire, content: EditionContent) -> bytes:
    """A form without an answer, in the active language."""
    origin = marks.Origin(questionnaire.code, content.edition, "", timezone.now(), {})
    meta: list[tuple[Text, object]] = [
        (_("Form"), _("Blank")),
        (_("Edition"), content.edition),
        (_("Due"), in_geneva(questionnaire.deadline)),
        (READERS, _("Delegations")),
    ]
    return write_form(Form(_paper(questionnaire, content, meta), content, origin, {}, {}))


def draft_form(response: Response) -> bytes:
    """A form with the answers of the present draft, which says of each what version it is. Two queries."""
    # Before the answers are read: what is saved in between is then known to be newer.
    now = timezone.now()
    answers = list(response.answers.all()) if response.has_begun else []
    content = response.edition.questions
    code = str(response.delegation.code)
    origin = marks.Origin(response.questionnaire.code, content.edition, code, now, versions_of(answers))
    meta: list[tuple[Text, object]] = [
        (_("Form of"), response.delegation),
        (_("Edition"), content.edition),
        (_("Due"), in_geneva(response.deadline)),
        (READERS, _("Your delegation")),
    ]
    files = {
        answer.question_id: [
            str(file["name"]) for file in (*answer.files, *(answer.value or () if _is_file(answer, content) else ()))
        ]
        for answer in answers
    }
    values = {answer.question_id: answer.value for answer in answers}
    return write_form(Form(_paper(response.questionnaire, content, meta), content, origin, values, files))


def _is_file(answer: object, content: EditionContent) -> bool:
    question = content.by_id.get(answer.question_id)  # type: ignore[attr-defined]
    return question is not None and question.kind == "file"


def _paper(questionnaire: Questionnaire, content: EditionContent, meta: Sequence[tuple[Text, object]]) -> Paper:
    address = settings.PORTAL_ADDRESS + reverse("questionnaires:upload_form", args=[questionnaire.slug])
    return Paper(
        title=content.title,
        language=translation.get_language() or settings.LANGUAGE_CODE,
        direction="rtl" if translation.get_language_bidi() else "ltr",
        meta=meta,
        lead=content.introduction,
        parts=[instructions(address)],
        footer=content.title,
        sample=settings.SAMPLE_SITE,
    )
