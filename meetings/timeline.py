"""The line of meetings: newest first, the next one marked, and the places where meetings are left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from icoca_portal.lib.days import today
from meetings.models import Meeting
from meetings.querysets import is_insider


@dataclass(frozen=True)
class Stop:
    """A meeting on the line. `participants` is how many took part, for those who may know; else None."""

    meeting: Meeting
    is_next: bool
    is_now: bool
    is_gap: bool
    participants: int | None

    @property
    def classes(self) -> str:
        """The look's classes of this stop."""
        marks = (("is-next", self.is_next), ("is-now", self.is_now), ("is-gap", self.is_gap))
        return " ".join(name for name, holds in marks if holds)


def timeline(user: Any, limit: int | None = None) -> list[Stop]:
    """The meetings that exist for the user, newest first: one query besides those about the user.

    `is_next`: still to come; `is_now`: the last one that took place; `is_gap`: between this stop and the one below,
    meetings of the same group are left out.
    """
    meetings = list(Meeting.objects.visible_to(user).on_the_line())
    day, inside = today(), is_insider(user)
    below: dict[int, int] = {}
    gaps = set()
    for meeting in reversed(meetings):
        if meeting.number - below.get(meeting.working_group_id, meeting.number - 1) > 1:
            gaps.add(meeting.pk)
        below[meeting.working_group_id] = meeting.number
    past = [meeting for meeting in meetings if not _to_come(meeting, day) and meeting.state != Meeting.State.CANCELLED]
    return [
        Stop(
            meeting=meeting,
            is_next=_to_come(meeting, day),
            is_now=bool(past) and meeting.pk == past[0].pk,
            is_gap=meeting.pk in gaps,
            participants=(meeting.participants or None) if inside else None,  # type: ignore[attr-defined]
        )
        for meeting in meetings[:limit]
    ]


def _to_come(meeting: Meeting, day: date) -> bool:
    return meeting.state in (Meeting.State.PLANNED, Meeting.State.CONVENED) and (
        meeting.date is None or meeting.date >= day
    )
