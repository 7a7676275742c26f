"""The line of meetings: newest first, the next one marked, and the places where meetings are left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import F

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


@dataclass(frozen=True)
class Key:
    """What of a meeting decides its place on the line. `is_gap` and `is_now` as in `Stop`."""

    pk: int
    group: int
    number: int
    date: date | None
    state: str
    is_gap: bool = False
    is_now: bool = False

    @property
    def year(self) -> int | None:
        return self.date.year if self.date else None

    @property
    def took_place(self) -> bool:
        """Recorded as held, or past and not cancelled."""
        return self.state in (Meeting.State.HELD, Meeting.State.CLOSED)


def keys(user: Any) -> list[Key]:
    """Every meeting that exists for the user, newest first, those without a date before all: one query, however many,
    and a few figures of each."""
    rows = Meeting.objects.visible_to(user).order_by(F("date").desc(nulls_first=True), "-number")
    found = [Key(*row) for row in rows.values_list("pk", "working_group", "number", "date", "state")]
    day = today()
    below: dict[int, int] = {}
    gaps = set()
    for key in reversed(found):
        if key.number - below.get(key.group, key.number - 1) > 1:
            gaps.add(key.pk)
        below[key.group] = key.number
    past = (key for key in found if not _to_come(key, day) and key.state != Meeting.State.CANCELLED)
    now = next(past, None)
    return [replace(key, is_gap=key.pk in gaps, is_now=key is now) for key in found]


def stops(user: Any, chosen: Sequence[Key]) -> list[Stop]:
    """The meetings of these keys as they stand on the line: one query."""
    meetings: dict[int, Any] = Meeting.objects.on_the_line().in_bulk([key.pk for key in chosen])
    day, inside = today(), is_insider(user)
    return [
        Stop(
            meeting=meetings[key.pk],
            is_next=_to_come(key, day),
            is_now=key.is_now,
            is_gap=key.is_gap,
            participants=(meetings[key.pk].participants or None) if inside else None,
        )
        for key in chosen
        if key.pk in meetings
    ]


def timeline(user: Any, limit: int | None = None) -> list[Stop]:
    """The meetings that exist for the user, newest first: two queries besides those about the user.

    `is_next`: still to come; `is_now`: the last one that took place; `is_gap`: between this stop and the one below,
    meetings of the same group are left out.
    """
    return stops(user, keys(user)[:limit])


def _to_come(meeting: Key, day: date) -> bool:
    return meeting.state in (Meeting.State.PLANNED, Meeting.State.CONVENED) and (
        meeting.date is None or meeting.date >= day
    )
