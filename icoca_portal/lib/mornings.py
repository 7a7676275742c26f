"""Reminders go in the morning of who gets them: how many days before a deadline it is, once their morning has come."""

from __future__ import annotations

from datetime import datetime, time

from icoca_portal.lib.moments import zone_named

#: The hour of a reminder, in the zone of who gets it.
MORNING = time(8)


def days_due(deadline: datetime, told_at: datetime, zone_name: str, now: datetime) -> int | None:
    """How many days before the deadline it is in a zone, once its morning has come; None before it, and for who was
    told since."""
    zone = zone_named(zone_name)
    today_there = now.astimezone(zone).date()
    morning = datetime.combine(today_there, MORNING, tzinfo=zone)
    if now < morning or told_at >= morning:
        return None
    return (deadline.astimezone(zone).date() - today_there).days
