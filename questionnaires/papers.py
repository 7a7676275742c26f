"""What leaves the portal on paper: the receipt, and a delegation's own copy of its answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from icoca_portal.lib.moments import in_geneva, to_the_second
from icoca_portal.lib.papers import READERS, Answers, Body, Facts, Paper, Part, RichText, Seal, Text
from icoca_portal.lib.richtext import from_text, to_blocks
from questionnaires.editions import EditionContent
from questionnaires.kinds import show
from questionnaires.models import Response, Submission


def _paper(title: str, response: Response, meta: Sequence[tuple[Text, object]], lead: str, parts: list[Part]) -> Paper:
    return Paper(
        title=title,
        language=translation.get_language() or "en",
        direction="rtl" if translation.get_language_bidi() else "ltr",
        meta=meta,
        lead=lead,
        parts=parts,
        footer=str(response.questionnaire),
        sample=settings.SAMPLE_SITE,
    )


def receipt(submission: Submission, response: Response) -> Paper:
    """The receipt of a submission: reference number, seal, when and by whom, and where the seal can be checked."""
    address = settings.PORTAL_ADDRESS + reverse("questionnaires:verify_submission", args=[response.questionnaire.slug])
    facts = Facts(
        [
            (_("Response of"), response.delegation),
            (_("Questionnaire"), response.questionnaire.title),
            (_("Edition"), submission.record.edition),
            (_("Submission"), _("No. %(number)s") % {"number": submission.number}),
            (_("Submitted"), in_geneva(submission.submitted_at)),
            (_("By"), _("%(name)s, focal point") % {"name": submission.submitted_by_name}),
        ]
    )
    check = _(
        "The seal is the SHA-256 of the questions and answers as they are stored. "
        "A change of a single letter would give another one. To check it: %(address)s"
    ) % {"address": address}
    return _paper(
        _("Receipt"),
        response,
        [
            (_("Response of"), response.delegation),
            (_("Submission"), _("No. %(number)s") % {"number": submission.number}),
            (READERS, _("Delegation, secretariat, Board")),
        ],
        _("The response is submitted and sealed."),
        [
            Part(_("What was submitted"), body=(facts,)),
            Part(
                _("Seal"),
                body=(
                    Seal(submission.reference, submission.sha256, to_the_second(submission.submitted_at)),
                    RichText(to_blocks(from_text(check))),
                ),
            ),
        ],
    )


def submission(submission: Submission, response: Response) -> Paper:
    """A delegation's own copy of what it submitted, with the seal at the end."""
    record = submission.record
    parts = _parts(record, {question.id: (question.answer_text, "") for question in record})
    seal = Seal(submission.reference, submission.sha256, to_the_second(submission.submitted_at))
    return _paper(
        record.title,
        response,
        [
            (_("Response of"), response.delegation),
            (_("Submission"), _("No. %(number)s") % {"number": submission.number}),
            (READERS, _("Delegation, secretariat, Board")),
        ],
        _("As submitted on %(moment)s.") % {"moment": in_geneva(submission.submitted_at)},
        [*parts, Part(_("Seal"), body=(seal,))],
    )


def draft(response: Response, values: Mapping[int, Any]) -> Paper:
    """A delegation's own copy of its draft, which says that it is one."""
    content = response.edition.questions
    shown = {question.id: (show(question, values.get(question.id)), _note(question.required)) for question in content}
    return _paper(
        content.title,
        response,
        [
            (_("Response of"), response.delegation),
            (_("State"), _("Draft, not submitted")),
            (READERS, _("Your delegation")),
        ],
        _("Due %(deadline)s.") % {"deadline": in_geneva(response.deadline)},
        _parts(content, shown),
    )


def _note(required: bool) -> str:
    return "" if required else _("Optional")


def _parts(content: EditionContent, shown: Mapping[int, tuple[str, str]]) -> list[Part]:
    return [Part(section.title, section.number, _body(section, shown)) for section in content.sections]


def _body(section: Any, shown: Mapping[int, tuple[str, str]]) -> tuple[Body, ...]:
    rows = Answers([(q.number, q.text, *shown[q.id]) for q in section.questions])
    introduction = (RichText(to_blocks(from_text(section.introduction))),) if section.introduction else ()
    return (*introduction, rows)
