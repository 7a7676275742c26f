"""Meetings as calendar files (RFC 5545): one meeting, or a feed to subscribe to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText, vUri

from icoca_portal.lib.moments import zone_named
from icoca_portal.lib.vtimezones import vtimezone
from meetings.agenda_texts import Agenda, agendas_of
from meetings.models import Meeting

CONTENT_TYPE = "text/calendar; charset=utf-8"
#: How often a calendar programme should ask the feed again.
REFRESH = timedelta(hours=6)


def write_calendar(meetings: Iterable[Meeting], *, name: str = "", inside: bool = False) -> bytes:
    """The meetings as a calendar; with `name`, as a feed that programmes ask again. `inside`: for one who reads what
    participants read, with how to join online.

    A meeting without a date has no entry; one that had one in calendars before its date was open again, and a meeting
    that was cancelled, stay in it as cancelled. An hour is written in the meeting's own zone, with that zone's rules; a
    meeting without an hour takes the whole day. As many queries for a thousand meetings as for one.
    """
    rows = [meeting for meeting in meetings if has_entry(meeting)]
    agendas = agendas_of(rows)
    calendar = Calendar()
    calendar.add("prodid", "-//ICoCA Working Group//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", REFRESH)
    events = [_event(meeting, agendas[meeting.pk], inside=inside) for meeting in rows]
    for component in (*_zones(events), *events):
        calendar.add_component(component)  # type: ignore[arg-type]
    return bytes(calendar.to_ical())


def has_entry(meeting: Meeting) -> bool:
    """Whether calendars have something to show of it: a date, or one that they have to take out."""
    return meeting.date is not None or bool(meeting.calendar_was)


def _event(meeting: Meeting, agenda: Agenda, *, inside: bool) -> Event:
    event = Event()
    host = urlsplit(settings.PORTAL_ADDRESS).hostname
    # The address of a meeting stays when everything else about it changes, and so does this.
    event.add("uid", f"meeting-{meeting.working_group.slug}-{meeting.number}@{host}")
    changed = max(meeting.changed_at, meeting.calendar_changed_at)
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", meeting.calendar_sequence)
    event.add("summary", meeting.full_name)
    _add_times(event, meeting)
    if meeting.place_and_mode:
        event["location"] = vText(meeting.place_and_mode)
    joins = inside and bool(meeting.online_link) and meeting.date is not None
    event.add("description", _description(meeting, agenda, joins=joins))
    if joins:
        event.add("conference", vUri(meeting.online_link), parameters={"VALUE": "URI", "LABEL": _("Join online")})
    event.add("class", "PUBLIC" if meeting.visibility == "public" and not joins else "PRIVATE")
    organizer = vCalAddress(f"mailto:{settings.SECRETARIAT_EMAIL}")
    organizer.params["CN"] = _("Secretariat of the Working Group")
    event["organizer"] = organizer
    event.add("url", settings.PORTAL_ADDRESS + meeting.get_absolute_url())
    event.add("status", "CANCELLED" if meeting.date is None else STATUS[Meeting.State(meeting.state)])
    return event


def _add_times(event: Event, meeting: Meeting) -> None:
    """When it is; where the date is open again, when it was."""
    day, starts, ends, zone = meeting.date, meeting.starts_at, meeting.ends_at, meeting.zone
    if day is None:
        was = meeting.calendar_was
        day, zone = date.fromisoformat(was["date"]), zone_named(was["time_zone"])
        starts, ends = (time.fromisoformat(was[name]) if was[name] else None for name in ("starts_at", "ends_at"))
    if starts is None:
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        return
    event.add("dtstart", datetime.combine(day, starts, tzinfo=zone))
    if ends:
        event.add("dtend", datetime.combine(day, ends, tzinfo=zone))


def _description(meeting: Meeting, agenda: Agenda, *, joins: bool) -> str:
    """What it is about, how to join, and the agenda."""
    paragraphs = [meeting.title]
    if meeting.date is None:
        paragraphs.append(meeting.date_note)
    if joins:
        paragraphs.append(
            "\n".join(part for part in (f"{_('Join online')}: {meeting.online_link}", meeting.online_note) if part)
        )
    if agenda.lines:
        items = [f"{line.hour} {line.heading}".strip() for line in agenda.lines]
        heading = f"{_('Agenda')}, {meeting.agenda_note}" if agenda.is_circulated else _("Agenda")
        paragraphs.append("\n".join([heading, *items]))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _zones(events: Sequence[Event]) -> list[object]:
    """The rules of each zone in which an hour is written, for the years of the calendar."""
    years: dict[ZoneInfo, set[int]] = {}
    for event in events:
        begins = event.decoded("dtstart")
        if isinstance(begins, datetime) and isinstance(begins.tzinfo, ZoneInfo):
            years.setdefault(begins.tzinfo, set()).add(begins.year)
    return [vtimezone(zone, found) for zone, found in sorted(years.items(), key=lambda pair: pair[0].key)]


STATUS = {
    Meeting.State.PLANNED: "TENTATIVE",
    Meeting.State.CONVENED: "CONFIRMED",
    Meeting.State.HELD: "CONFIRMED",
    Meeting.State.CLOSED: "CONFIRMED",
    Meeting.State.CANCELLED: "CANCELLED",
}
