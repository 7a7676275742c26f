"""Where a questionnaire, its objectives and its questions were discussed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from meetings.models import Meeting
from questionnaires.models import Discussion
from questionnaires.review.reading import Reader


@dataclass(frozen=True)
class Discussed:
    """One discussion. `meeting` is None where it was elsewhere, or where the meeting does not exist for the reader."""

    discussion: Discussion
    meeting: Meeting | None

    @property
    def day(self) -> date | None:
        return self.discussion.date or (self.meeting.date if self.meeting else None)

    @property
    def where(self) -> str:
        if self.meeting is not None:
            return f"{self.meeting}, {self.meeting.working_group}"
        return self.discussion.occasion


def discussions(reader: Reader, *, objective: int | None = None, question: int | None = None) -> list[Discussed]:
    """What was recorded of an objective (its primary key) or a question, or without either of the whole; newest first.

    A meeting that does not exist for the reader is left out with its discussion. One query.
    """
    rows = Discussion.objects.filter(questionnaire=reader.questionnaire)
    if question is not None:
        rows = rows.filter(question=question)
    elif objective is not None:
        rows = rows.filter(objective=objective)
    else:
        rows = rows.filter(objective=None, question=None)
    seen = Meeting.objects.visible_to(reader.user).values("pk")
    rows = rows.filter(meeting__in=seen) | rows.filter(meeting=None)
    return [
        Discussed(row, row.meeting)
        for row in rows.select_related("meeting__working_group", "recorded_by").order_by("-date", "-pk")
    ]


def meetings_for(reader: Reader) -> list[Meeting]:
    """The meetings of the portal that can be named, newest first."""
    rows = Meeting.objects.visible_to(reader.user).select_related("working_group")
    return list(rows.order_by("-date", "-pk")[:100])
