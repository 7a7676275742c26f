"""What stops a submission: pure functions over a frozen edition and the answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from questionnaires import conditions
from questionnaires.editions import EditionContent, FrozenQuestion, FrozenSection
from questionnaires.files import files_of
from questionnaires.kinds import kind_of, show, shown_rows, stored_pairs

if TYPE_CHECKING:
    from questionnaires.models import Answer


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


@dataclass(frozen=True)
class Checked:
    """An answer as it stands before it is submitted. `because` is set where it is not asked and will not be."""

    question: FrozenQuestion
    answer: Answer | None
    problems: list[str]
    because: tuple[FrozenQuestion, ...] | None = None

    @property
    def value(self) -> Any:
        return self.answer.value if self.answer else None

    @property
    def shown(self) -> str:
        return show(self.question, self.value)

    @property
    def because_numbers(self) -> str:
        """The numbers of the questions that decide so: ``2.1, 2.3``."""
        return ", ".join(question.number for question in self.because or ())

    @property
    def stored(self) -> str:
        """The value as the page would post it, for comparison with what the browser still keeps."""
        return stored_pairs(self.question, self.value)

    @property
    def table(self) -> list[list[str]]:
        """The cells of a table; empty for the other kinds."""
        return shown_rows(self.question, self.value) if self.question.kind == "table" else []

    @property
    def files(self) -> list[Any]:
        return files_of(self.question, self.answer)

    @property
    def quote(self) -> str:
        """Whether the text may be quoted, in words; empty where there is none to quote."""
        if self.answer is None or self.value is None or self.question.kind not in ("short_text", "long_text"):
            return ""
        return str(self.answer.get_quote_display())


def checked_sections(
    content: EditionContent, answers: Collection[Answer], problems: Collection[Problem]
) -> list[tuple[FrozenSection, list[Checked]]]:
    """All answers, by section. Questions that are not asked are left out, unless something was typed for them: then
    they say why it is not submitted. Sections without any question are left out."""
    rows = {row.question_id: row for row in answers}
    values = {pk: row.value for pk, row in rows.items()}
    messages: dict[int, list[str]] = {}
    for problem in problems:
        messages.setdefault(problem.question.id, []).append(problem.message)
    reasons = conditions.reasons(content, values)
    sections = []
    for section in content.sections:
        checked = [
            Checked(question, rows.get(question.id), messages.get(question.id, []), reasons.get(question.id))
            for question in section.questions
        ]
        shown = [row for row in checked if row.because is None or row.value is not None or row.files]
        if shown:
            sections.append((section, shown))
    return sections
