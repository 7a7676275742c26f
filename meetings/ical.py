"""Meetings as calendar files (RFC 5545): one meeting, or a feed to subscribe to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event, vText

from meetings.models import Meeting

CONTENT_TYPE = "text/calendar; charset=utf-8"
#: How often a calendar programme should ask the feed again.
REFRESH = timedelta(hours=6)


def write_calendar(meetings: Iterable[Meeting], *, name: str = "") -> bytes:
    """The meetings that have a date, as a calendar; with `name`, as a feed that programmes ask again.

    An hour is written in the meeting's own zone, with that zone's rules; a meeting without an hour takes the whole day.
    A change raises the sequence number, and a cancelled meeting stays in the calendar as cancelled.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//ICoCA Working Group//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", REFRESH)
    for meeting in meetings:
        if meeting.date is not None:
            calendar.add_component(_event(meeting))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(meeting: Meeting) -> Event:
    event = Event()
    host = urlsplit(settings.PORTAL_ADDRESS).hostname
    event.add("uid", f"meeting-{meeting.working_group.slug}-{meeting.number}@{host}")
    event.add("dtstamp", meeting.changed_at)
    event.add("last-modified", meeting.changed_at)
    event.add("sequence", meeting.version - 1)
    event.add("summary", meeting.full_name)
    begins, ends = meeting.begins, meeting.moment(meeting.ends_at)
    if begins is None:
        event.add("dtstart", meeting.date)
        event.add("dtend", meeting.date + timedelta(days=1))  # type: ignore[operator]
        event.add("transp", "TRANSPARENT")
    else:
        event.add("dtstart", begins)
        if ends:
            event.add("dtend", ends)
    if meeting.place_and_mode:
        event["location"] = vText(meeting.place_and_mode)
    if meeting.title:
        event.add("description", meeting.title)
    event.add("url", settings.PORTAL_ADDRESS + meeting.get_absolute_url())
    event.add("status", STATUS[Meeting.State(meeting.state)])
    return event


STATUS = {
    Meeting.State.PLANNED: "TENTATIVE",
    Meeting.State.CONVENED: "CONFIRMED",
    Meeting.State.HELD: "CONFIRMED",
    Meeting.State.CLOSED: "CONFIRMED",
    Meeting.State.CANCELLED: "CANCELLED",
}
