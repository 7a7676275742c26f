"""What stops a submission: pure functions over a frozen edition and the answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from questionnaires import conditions
from questionnaires.editions import EditionContent, FrozenQuestion
from questionnaires.kinds import kind_of


@dataclass(frozen=True)
class Problem:
    """One answer that stops the submission, and what to do about it."""

    question: FrozenQuestion
    section: int
    message: str


def problems_of(question: FrozenQuestion, value: Any) -> list[str]:
    """What is wrong with one answer, as sentences; nothing for a good one."""
    if value is None:
        return [required_message(question)] if question.required else []
    return kind_of(question).problems(question, value)


def required_message(question: FrozenQuestion) -> str:
    """What to do about a required answer that is missing, in the words of its kind."""
    if question.kind in ("yes_no", "single", "scale"):
        return _("Choose one answer.")
    if question.kind == "country":
        return _("Choose a country.")
    if question.kind == "confirmation":
        return _("Tick the box to confirm.")
    if question.kind == "table":
        return _("Write at least one row.")
    if question.kind == "multiple":
        return _("Choose at least one answer.")
    if question.kind == "matrix":
        return _("Choose one answer in each row.")
    if question.kind == "ranking":
        return _("Rank all %(count)d.") % {"count": len(question.choices)}
    if question.kind == "file":
        return _("Attach a file.")
    return _("Write an answer.")


def problems_in(content: EditionContent, values: Mapping[int, Any], unconfirmed: Collection[int] = ()) -> list[Problem]:
    """All that stops the submission of these values, in the order of the questions; nothing for one not asked.

    `unconfirmed` are the questions whose answer was taken from an earlier response and confirmed by nobody yet.
    """
    asked = conditions.asked(content, values)
    return [
        Problem(question, section.number, message)
        for section in content.sections
        for question in section.questions
        if question.id in asked
        for message in [
            *problems_of(question, values.get(question.id)),
            *([_("Confirm or change the answer taken from an earlier response.")] * (question.id in unconfirmed)),
        ]
    ]


def answered(content: EditionContent, values: Mapping[int, Any]) -> int:
    """How many of the questions that are asked have an answer, good or not."""
    return sum(1 for pk in conditions.asked(content, values) if values.get(pk) is not None)
