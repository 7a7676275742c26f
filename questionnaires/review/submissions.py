"""What was received: submissions with the remarks on them, as far as the reader may read either."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from icoca_portal.lib.days import geneva
from members.models import Delegation, Organisation
from questionnaires import kinds
from questionnaires.editions import EditionContent, FrozenQuestion, FrozenSection
from questionnaires.models import Questionnaire, Remark, ReturnRecord, Submission


@dataclass(frozen=True)
class Given:
    """A question with its sealed answer and the remarks on it."""

    question: FrozenQuestion
    remarks: list[Remark]

    @property
    def parts(self) -> list[str]:
        """An answer of several parts, one by one; empty for the other kinds."""
        return parts_of(self.question)


def parts_of(question: FrozenQuestion) -> list[str]:
    """What was chosen of several, the ranks from the first, the rows of a matrix; empty for the other kinds."""
    if question.answer is None:
        return []
    match question.kind:
        case "multiple":
            labels = [question.label_of(key) for key in question.answer["choices"] if key != kinds.OTHER]
            other = question.answer["other"]
            return [*labels, _("Other: %(text)s") % {"text": other}] if other else labels
        case "ranking":
            ranked = sorted(question.answer.items(), key=lambda pair: pair[1])
            return [f"{rank}. {question.label_of(key)}" for key, rank in ranked]
        case "matrix":
            cells = question.answer
            return [f"{row.label}: {question.label_of(cells[row.key])}" for row in question.rows if row.key in cells]
        case _:
            return []


@dataclass(frozen=True)
class Received:
    """One submission with its remarks by question id; they are those of all submissions of its response."""

    submission: Submission
    remarks: Mapping[int, list[Remark]] = field(default_factory=dict)

    @property
    def delegation(self) -> Delegation:
        return self.submission.response.delegation

    @property
    def slug(self) -> str:
        """Names the delegation in addresses."""
        return self.delegation.organisation.slug

    @property
    def record(self) -> EditionContent:
        return self.submission.record

    @property
    def returned(self) -> ReturnRecord | None:
        """That this submission was returned, with the reason; None while it stands."""
        return getattr(self.submission, "return_record", None)

    @property
    def submitted_on(self) -> date:
        """The day of the submission in Geneva, whatever the reader's zone."""
        return timezone.localdate(self.submission.submitted_at, geneva())

    def answer(self, question_id: int) -> FrozenQuestion | None:
        """The question with what was answered; None where the submission does not hold the question."""
        return self.record.by_id.get(question_id)

    def value(self, question_id: int) -> Any:
        question = self.answer(question_id)
        return question.answer if question else None

    @property
    def sections(self) -> list[tuple[FrozenSection, list[Given]]]:
        """The submission as it is read from beginning to end."""
        return [
            (section, [Given(question, self.remarks.get(question.id, [])) for question in section.questions])
            for section in self.record.sections
        ]

    @cached_property
    def remark_count(self) -> int:
        return sum(len(remarks) for remarks in self.remarks.values())


def received(questionnaire: Questionnaire, user: Any) -> list[Received]:
    """The submissions on record that exist for `user`, by name of the delegation, with the remarks they may read.

    Two queries; one for who reads no remarks.
    """
    submissions = (
        Submission.objects.visible_to(user)
        .on_record()
        .filter(response__questionnaire=questionnaire)
        .select_related("response__delegation__organisation", "return_record__returned_by")
        .order_by("response__delegation__organisation__name")
    )
    remarks: dict[int, dict[int, list[Remark]]] = defaultdict(lambda: defaultdict(list))
    rows = (
        _remarks_on(questionnaire, user)
        .select_related("written_by", "submission__response")
        .defer("submission__content")
    )
    for remark in rows:
        remarks[remark.submission.response_id][remark.question_id].append(remark)
    return [Received(submission, dict(remarks[submission.response_id])) for submission in submissions]


def _remarks_on(questionnaire: Questionnaire, user: Any) -> Any:
    """The remarks that `user` may read. Asked about this questionnaire, so that the rules decide for administrators
    too: without an object every permission is theirs, and remarks are the Board's own."""
    if not user.has_perm("questionnaires.write_remark", questionnaire):
        return Remark.objects.none()
    return Remark.objects.visible_to(user).filter(submission__response__questionnaire=questionnaire)


def received_from(questionnaire: Questionnaire, slug: str, user: Any) -> list[Received]:
    """All submissions of one delegation that exist for `user`, the newest first, with the remarks on any of them.

    Two queries; one for who reads no remarks.
    """
    submissions = (
        Submission.objects.visible_to(user)
        .filter(response__questionnaire=questionnaire, response__delegation__organisation__slug=slug)
        .select_related("response__delegation__organisation", "return_record__returned_by")
        .order_by("-number")
    )
    remarks: dict[int, list[Remark]] = defaultdict(list)
    rows = (
        _remarks_on(questionnaire, user)
        .filter(submission__response__delegation__organisation__slug=slug)
        .select_related("written_by", "submission")
        .defer("submission__content")
    )
    for remark in rows:
        remarks[remark.question_id].append(remark)
    return [Received(submission, dict(remarks)) for submission in submissions]


def delegations_heard(questionnaire: Questionnaire, user: Any) -> list[Organisation]:
    """The organisations whose delegation has submitted, by name."""
    responses = Submission.objects.visible_to(user).filter(response__questionnaire=questionnaire)
    return list(Organisation.objects.filter(delegation__responses__in=responses.values("response")).order_by("name"))
