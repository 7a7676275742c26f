"""A convened meeting to which delegations are invited, and the mail about it."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from icoca_portal.outbox.models import Message
from meetings import operations
from meetings.models import Invitation, Meeting
from members.models import Delegation, User
from tests import factories

GENEVA = ZoneInfo("Europe/Zurich")
INVITED = datetime(2018, 9, 3, 10, tzinfo=GENEVA)
CLOSES = datetime(2018, 10, 1, 18, tzinfo=GENEVA)
"""A Monday. In New York it is noon."""
DAY = date(2018, 10, 10)


def convened(**options: Any) -> Meeting:
    """The tenth exchange: convened for 10 October 2018, 15:00 in Geneva; registration until 1 October, 18:00."""
    facts: dict[str, Any] = {
        "number": 10,
        "date": DAY,
        "starts_at": time(15),
        "mode": Meeting.Mode.BOTH,
        "state": Meeting.State.CONVENED,
        "registration_until": CLOSES,
    }
    return factories.MeetingFactory(**{**facts, **options})


def invite(meeting: Meeting, *delegations: Delegation, by: User) -> list[Invitation]:
    operations.invite_delegations(meeting, [row.organisation for row in delegations], by=by)
    return [Invitation.objects.get(meeting=meeting, delegation=row) for row in delegations]


def person(name: str = "Sample Ada", **facts: Any) -> dict[str, Any]:
    return {"person_name": name, "capacity": "member", "mode": "in person", **facts}


def told(event: str) -> list[str]:
    """Who has a message whose key begins so, in the order of the alphabet."""
    return sorted(Message.objects.filter(key__startswith=f"{event}:").values_list("recipient", flat=True))
