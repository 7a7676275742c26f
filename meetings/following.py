"""Whom the clock reminds of a follow-up, and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from icoca_portal.lib.days import day_of, geneva
from icoca_portal.lib.moments import zone_named
from icoca_portal.lib.mornings import MORNING
from meetings.models import FollowUp, FollowUpReminder, Visibility
from members.models import Delegate, User

#: So many days before it is due, and once after.
DAYS = (14, 2, -7)


@dataclass(frozen=True)
class DueReminder:
    """A reminder that is due now. `days`: before the day by which it is to be done; negative: after it. `people`: the
    delegates of the delegation that does it; nobody where the secretariat is to be reminded."""

    follow_up: FollowUp
    days: int
    people: tuple[User, ...]


def reminders_due(now: datetime) -> Iterator[DueReminder]:
    """The follow-ups of which somebody is to be reminded `now` (aware) and has not been.

    Due from 08:00 on the day, in the zone of the delegation (that of its focal point), or in Geneva for the
    secretariat, until that day ends: a day on which nothing ran is not made up for. Two queries if nothing is due.
    """
    days = {now.date() + timedelta(days=days + shift) for days in DAYS for shift in (-1, 0, 1)}
    rows = list(
        FollowUp.objects.still_open().filter(due__in=days).select_related("meeting__working_group", "delegation")
    )
    if not rows:
        return
    sent = set(FollowUpReminder.objects.filter(follow_up__in=rows).values_list("follow_up", "due", "days_before"))
    people = _people({row.delegation_id for row in rows if row.delegation_id}, now)
    for row in rows:
        who = () if _is_hidden(row) else people.get(row.delegation_id or 0, ())
        zone = zone_named(who[0].time_zone) if who else geneva()
        there = now.astimezone(zone)
        left = ((row.due or there.date()) - there.date()).days
        if left in DAYS and there.time() >= MORNING and (row.pk, row.due, left) not in sent:
            yield DueReminder(row, left, who)


def _is_hidden(row: FollowUp) -> bool:
    """Whether delegates do not know of the meeting, and so not of what was agreed there."""
    return bool(row.meeting.visibility == Visibility.SECRETARIAT)


def _people(delegations: set[int], now: datetime) -> dict[int, tuple[User, ...]]:
    """The delegates with an open account of each delegation today (Geneva), the focal point first."""
    found: dict[int, tuple[User, ...]] = {}
    rows = Delegate.objects.as_of(day_of(now)).filter(delegation__in=delegations, user__in=User.objects.active())
    for delegate in rows.select_related("user").by_role():
        found[delegate.delegation_id] = (*found.get(delegate.delegation_id, ()), delegate.user)
    return found
