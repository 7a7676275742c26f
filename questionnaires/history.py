"""What was written in a response, when and by whom: every version of an answer, and what changed lately."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from icoca_portal.lib.wording import changes_marked
from questionnaires.editions import FrozenQuestion
from questionnaires.kinds import show
from questionnaires.models import Answer, AnswerRevision, Response
from questionnaires.removed import last_asked

VERSIONS_A_PAGE = 10
LAST_CHANGES = 100


@dataclass(frozen=True)
class Version:
    """One text of an answer, with what it changed in the text before it."""

    revision: AnswerRevision
    text: str
    marked: SafeString
    files: list[Mapping[str, Any]]
    is_current: bool
    is_blank: bool


def versions(answer: Answer, question: FrozenQuestion, *, page: int) -> tuple[list[Version], int]:
    """The versions of one page, newest first, and how many pages there are: one query more than the count."""
    pages = -(-answer.version // VERSIONS_A_PAGE)
    page = min(max(page, 1), pages)
    newest = answer.version - (page - 1) * VERSIONS_A_PAGE
    # One more than is shown: the oldest of the page differs from something too.
    rows = answer.revisions.filter(version__lte=newest, version__gte=newest - VERSIONS_A_PAGE)
    found = list(rows.select_related("saved_by").order_by("-version"))
    before = [*found[1:], None]
    shown = [_version(row, earlier, answer, question) for row, earlier in zip(found, before, strict=True)]
    return shown[:VERSIONS_A_PAGE], pages


def _version(row: AnswerRevision, before: AnswerRevision | None, answer: Answer, question: FrozenQuestion) -> Version:
    text, earlier = show(question, row.value), show(question, before.value) if before else ""
    files = row.value or [] if question.kind == "file" else row.files
    return Version(
        revision=row,
        text=text,
        marked=changes_marked(earlier, text) if before else conditional_escape(text),
        files=files,
        is_current=row.version == answer.version,
        is_blank=row.value is None and not row.files,
    )


@dataclass(frozen=True)
class ChangeRow:
    """One change of an answer, for the list of what changed lately. Without `section` the question is asked no more."""

    revision: AnswerRevision
    question: FrozenQuestion
    section: int | None

    @property
    def day(self) -> date:
        """The day in the reader's own zone."""
        return timezone.localtime(self.revision.saved_at).date()


def last_changes(
    response: Response, *, by: int | None = None, section: int | None = None, on: date | None = None
) -> list[ChangeRow]:
    """The last changes of a response, newest first: of one person, in one section (by number), on one day.

    The day is one in the active zone. One query, and one for questions that are asked no more.
    """
    content = response.edition.questions
    rows = AnswerRevision.objects.filter(answer__response=response.pk)
    if by is not None:
        rows = rows.filter(saved_by=by)
    if section is not None:
        found = content.section(section)
        rows = rows.filter(answer__question__in=[question.id for question in found.questions] if found else [])
    if on is not None:
        begins = timezone.make_aware(datetime.combine(on, time.min))
        rows = rows.filter(saved_at__gte=begins, saved_at__lt=begins + timedelta(days=1))
    newest = list(rows.select_related("answer", "saved_by").order_by("-saved_at", "-pk")[:LAST_CHANGES])
    places: dict[int, tuple[FrozenQuestion, int | None]] = {
        question.id: (question, part.number) for part in content.sections for question in part.questions
    }
    gone = {row.answer.question_id for row in newest} - places.keys()
    places |= {pk: (question, None) for pk, (_edition, question) in last_asked(response.questionnaire, gone).items()}
    return [ChangeRow(row, *places[row.answer.question_id]) for row in newest if row.answer.question_id in places]


def writers(response: Response) -> list[tuple[int, str]]:
    """Everybody who ever wrote in the response, by name: one query."""
    rows = AnswerRevision.objects.filter(answer__response=response.pk).order_by("saved_by__name")
    return list(rows.values_list("saved_by", "saved_by__name").distinct())
