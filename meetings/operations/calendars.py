"""What calendars are told of a meeting; the private address of the calendar is made and taken back."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import transaction
from django.utils import timezone

from meetings.models import (
    CalendarAddress,
    ChairsSummary,
    Meeting,
)
from members.models import User

State = Meeting.State
SummaryState = ChairsSummary.State


def calendar_facts(meeting: Meeting) -> dict[str, Any]:
    """What calendars show of a meeting and people plan by. A change of any of it is a significant one."""
    return {
        "date": meeting.date,
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
        "time_zone": meeting.time_zone,
        "place": meeting.place,
        "mode": meeting.mode,
        "title": meeting.title,
        "online_link": meeting.online_link,
        "online_note": meeting.online_note,
        "cancelled": meeting.state == State.CANCELLED,
    }


def note_calendar_change(meeting: Meeting, before: dict[str, Any]) -> bool:
    """Raise the sequence that calendars compare if what they show is not as it was `before`. Does not save.

    The one place that decides it. Where the date goes away, the day and hours that calendars hold are kept, so that the
    entry can be shown to them as cancelled; where a date comes back, they are forgotten.
    """
    now = calendar_facts(meeting)
    if now == before:
        return False
    meeting.calendar_sequence += 1
    meeting.calendar_changed_at = timezone.now()
    if meeting.date is not None:
        meeting.calendar_was = {}
    elif before["date"] is not None:
        meeting.calendar_was = {
            "date": before["date"].isoformat(),
            **{name: before[name].isoformat() if before[name] else "" for name in ("starts_at", "ends_at")},
            "time_zone": before["time_zone"],
        }
    return True


@transaction.atomic
def make_calendar_address(user: User) -> CalendarAddress:
    """Give the person a private address of the calendar. One that they have already stops working."""
    address, _made = CalendarAddress.objects.update_or_create(
        user=user, defaults={"token": secrets.token_urlsafe(32), "created_at": timezone.now()}
    )
    return address


@transaction.atomic
def revoke_calendar_address(address: CalendarAddress) -> None:
    """Take the private address back: from now on nobody reads the calendar by it."""
    address.delete()
