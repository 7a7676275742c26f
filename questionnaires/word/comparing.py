"""What was read of a form beside what stands: which answers the form changes, and which may be taken as they are.

Three texts meet: the one the form was written with, the one that stands now, and the one that came back. Where the form
left its text alone, a newer one on the portal stands. Where both moved, it is a conflict, and nothing is ticked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from icoca_portal.lib.wording import marked
from questionnaires import conditions
from questionnaires.checks import problems_of
from questionnaires.editions import EditionContent, FrozenQuestion
from questionnaires.kinds import show
from questionnaires.models import Answer, AnswerRevision, Response
from questionnaires.word.marks import Origin
from questionnaires.word.reading import Read, Reading
from questionnaires.word.values import canonical

UNKNOWN = object()
"""What the form was written with cannot be told."""


@dataclass
class Proposal:
    """An answer that the form gives and that differs from the one that stands.

    `conflict` says that the portal's answer changed after the form was written, or that this cannot be told.
    """

    question: FrozenQuestion
    section: int
    value: Any
    answer: Answer | None
    conflict: bool = False
    asked: bool = True
    left_over: str = ""
    ticked: bool = True
    """Whether its box on the page is ticked."""

    @property
    def version(self) -> int:
        """The version of the answer that the page shows; 0 for none."""
        return self.answer.version if self.answer else 0

    @property
    def is_new(self) -> bool:
        """Whether nothing stands there yet."""
        return self.answer is None or self.answer.value is None

    @cached_property
    def _marked(self) -> tuple[SafeString, SafeString]:
        stands = self.answer.value if self.answer else None
        return marked(show(self.question, stands), show(self.question, self.value))

    @property
    def stands_marked(self) -> SafeString:
        return self._marked[0]

    @property
    def read_marked(self) -> SafeString:
        return self._marked[1]

    @property
    def problems(self) -> list[str]:
        """What would stop the submission if it were taken; nothing for a blank."""
        return problems_of(self.question, self.value) if self.value is not None else []


@dataclass
class Unread:
    """A question whose box could not be read, with why and what stands in it."""

    question: FrozenQuestion
    section: int
    why: str
    about: str


@dataclass
class Comparison:
    """What a form would change. `same` counts answers that the form leaves as they are."""

    proposals: list[Proposal] = field(default_factory=list)
    same: int = 0
    unread: list[Unread] = field(default_factory=list)
    absent: list[FrozenQuestion] = field(default_factory=list)
    """Questions whose box is not in the file; their answers stay."""
    gone: list[str] = field(default_factory=list)
    """What stood in the boxes of questions that are asked no longer."""
    unmatched: list[str] = field(default_factory=list)
    left_over: list[tuple[FrozenQuestion, str]] = field(default_factory=list)
    """Words beside the boxes of questions that are otherwise unchanged."""

    @property
    def conflicts(self) -> list[Proposal]:
        return [proposal for proposal in self.proposals if proposal.conflict]

    @property
    def changed(self) -> list[Proposal]:
        return [proposal for proposal in self.proposals if not proposal.conflict]


def compare(reading: Reading, response: Response) -> Comparison:
    """What the form gives beside what stands in the response now: two queries."""
    content = response.edition.questions
    answers = _answers(response)
    written = _written_with(reading.origin, response, answers)
    found = Comparison(unmatched=reading.unmatched, gone=[text for text in reading.unknown.values() if text])
    for section in content.sections:
        for question in section.questions:
            if question.kind == "file":
                continue
            read = reading.answers.get(question.id)
            if read is None:
                found.absent.append(question)
            elif read.issue:
                found.unread.append(Unread(question, section.number, why(read), read.about))
            else:
                _place(found, question, section.number, read, answers.get(question.id), written)
    _say_what_is_asked(found, content, answers)
    return found


def _place(
    found: Comparison,
    question: FrozenQuestion,
    section: int,
    read: Read,
    answer: Answer | None,
    written: Mapping[int, Any] | None,
) -> None:
    """Put what was read of one question among the changes, or count it as unchanged."""
    stands = answer.value if answer else None
    before = UNKNOWN if written is None else written.get(question.id)
    came_back = canonical(question, read.value)
    left_alone = before is not UNKNOWN and came_back == canonical(question, before)
    # Where it is not known what a form was written with, an empty box says nothing.
    says_nothing = before is UNKNOWN and came_back is None
    if came_back == canonical(question, stands) or left_alone or says_nothing:
        found.same += 1
        if read.left_over:
            found.left_over.append((question, read.left_over))
        return
    expected = None if before is UNKNOWN else canonical(question, before)
    conflict = canonical(question, stands) != expected
    found.proposals.append(
        Proposal(
            question, section, read.value, answer, conflict=conflict, left_over=read.left_over, ticked=not conflict
        )
    )


def _answers(response: Response) -> dict[int, Answer]:
    if not response.has_begun:
        return {}
    return {answer.question_id: answer for answer in response.answers.select_related("saved_by")}


def _written_with(origin: Origin | None, response: Response, answers: Mapping[int, Answer]) -> dict[int, Any] | None:
    """The values that stood in the form when it was written, by question; None where that cannot be told."""
    if origin is None:
        return None
    if not origin.response:
        return {}
    rows = AnswerRevision.objects.filter(answer__response=response.pk).order_by("version")
    by_question = {answer.pk: question for question, answer in answers.items()}
    found: dict[int, Any] = {}
    for pk, version, value, saved_at in rows.values_list("answer", "version", "value", "saved_at"):
        question = by_question.get(pk)
        if question is not None and _stood_in(origin, question, version, saved_at):
            found[question] = value
    return found


def _stood_in(origin: Origin, question: int, version: int, saved_at: datetime) -> bool:
    """Whether a version of an answer had been saved when the form was written."""
    if origin.versions is not None:
        return version <= origin.versions.get(question, 0)
    return saved_at <= origin.written_at


def _say_what_is_asked(found: Comparison, content: EditionContent, answers: Mapping[int, Answer]) -> None:
    """Note which answers would not count, since their question is not asked as the others stand then."""
    values = {question: answer.value for question, answer in answers.items()}
    values |= {proposal.question.id: proposal.value for proposal in found.proposals if proposal.ticked}
    asked = conditions.asked(content, values)
    for proposal in found.proposals:
        proposal.asked = proposal.question.id in asked


def versions_of(answers: Iterable[Answer]) -> dict[int, int]:
    """The versions of answers by question, as a form carries them."""
    return {answer.question_id: answer.version for answer in answers}


def why(read: Read) -> str:
    """Why a box could not be read, and what to do."""
    match read.issue:
        case "twice":
            return _("The box stands twice in the file, with different answers. Type the right one on the portal.")
        case "several":
            return _("Several are ticked where one is asked for.")
        case "several_in_row":
            return _("Several are ticked in one row where one is asked for.")
        case "strange_choice":
            return _("What is ticked is none of the choices.")
        case "strange_row":
            return _("A row of the form was renamed, so that it is not known which one it is.")
        case "strange_column" | "strange_columns":
            return _("The columns of the form were changed, so that it is not known which is which.")
        case "no_rank":
            return _("A rank is no number of the ranking.")
        case "no_country":
            return _("No country has this name. Choose it on the portal.")
        case "too_long":
            return _("The text is longer than the portal takes. Attach it as a file, and write a summary.")
        case "no_yes_no":
            return _("Neither yes nor no stands there.")
        case _:
            return _("It could not be read.")
