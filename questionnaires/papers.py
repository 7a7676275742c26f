"""What leaves the portal on paper: the receipt, and a delegation's own copy of its answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from icoca_portal.lib.moments import in_geneva, to_the_second
from icoca_portal.lib.papers import (
    READERS,
    Answers,
    Body,
    Facts,
    Paper,
    Part,
    RichText,
    Seal,
    Silence,
    Table,
    Text,
)
from icoca_portal.lib.richtext import from_text, to_blocks
from questionnaires import conditions
from questionnaires.editions import EditionContent, FrozenQuestion, FrozenSection
from questionnaires.kinds import show, shown_rows
from questionnaires.models import Answer, Response, Submission
from questionnaires.word.asking import condition_text


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
    """A delegation's own copy of what it submitted, with the seal at the end.

    In the language it was sealed in the answers stand as they were sealed; in another, as they read in that language.
    """
    language = (translation.get_language() or settings.LANGUAGE_CODE)[:2]
    is_sealed_so = language == settings.LANGUAGE_CODE
    record = submission.record if is_sealed_so else EditionContent.read(submission.content, language)
    shown = {
        question.id: _shown(
            question,
            record,
            question.answer,
            text=question.answer_text if is_sealed_so else None,
            asked=question.asked,
            files=question.attached,
            quote=question.quote,
        )
        for question in record
    }
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
        [*_parts(record, shown), Part(_("Seal"), body=(seal,))],
    )


def draft(response: Response) -> Paper:
    """A delegation's own copy of its draft, which says that it is one. One query."""
    content = response.edition.questions
    answers = {answer.question_id: answer for answer in response.answers.all()} if response.has_begun else {}
    asked = conditions.asked(content, {pk: answer.value for pk, answer in answers.items()})
    shown = {}
    for question in content:
        answer = answers.get(question.id) or Answer()
        shown[question.id] = _shown(
            question,
            content,
            answer.value,
            asked=question.id in asked,
            files=answer.files,
            quote=answer.quote,
            optional=not question.required,
        )
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


Shown = tuple[Text | Table | Silence, Text]


def _shown(
    question: FrozenQuestion,
    content: EditionContent,
    value: Any,
    *,
    asked: bool,
    files: Sequence[Mapping[str, Any]],
    quote: str,
    text: str | None = None,
    optional: bool = False,
) -> Shown:
    """An answer as a paper has it, and the line beneath it. `text` is what was sealed."""
    if not asked:
        when = condition_text(question.condition, content) if question.condition else ""
        why = _("Not asked: only if %(condition)s.") % {"condition": when} if when else _("Not asked")
        return Silence(why), ""
    answer: Text | Table = show(question, value) if text is None else text
    if question.kind == "table" and value:
        answer = Table([column.label for column in question.columns], shown_rows(question, value))
    notes = [_("Optional")] if optional else []
    if files:
        notes.append(_("Files: %(names)s") % {"names": ", ".join(str(file["name"]) for file in files)})
    if quote != Answer.Quote.NONE and value is not None:
        notes.append(str(Answer.Quote(quote).label))
    return answer, ". ".join(notes)


def _parts(content: EditionContent, shown: Mapping[int, Shown]) -> list[Part]:
    return [Part(section.title, section.number, _body(section, shown)) for section in content.sections]


def _body(section: FrozenSection, shown: Mapping[int, Shown]) -> tuple[Body, ...]:
    rows = Answers([(q.number, q.text, *shown[q.id]) for q in section.questions])
    introduction = (RichText(to_blocks(from_text(section.introduction))),) if section.introduction else ()
    return (*introduction, rows)
