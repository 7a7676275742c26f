"""The calendar file as two libraries read it: a meeting that moves, is put off, comes back, and is cancelled."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import vobject
from icalendar import Calendar

from icoca_portal.lib.days import today
from icoca_portal.lib.vtimezones import vtimezone
from meetings import operations
from meetings.models import Meeting
from tests import factories
from tests.counting import queries

pytestmark = pytest.mark.django_db
FILE, FEED = "/meetings/icoca/10/meeting.ics", "/meetings/calendar.ics"
UID = "meeting-icoca-10@testserver"
LINK = "https://meet.sample.example/only-for-participants?with=%C3%A9&a=1;b=2,c"


def strictly(content):
    """The events by their UID, after what RFC 5545 asks of the file as such."""
    text = content.decode("utf-8")
    assert text.endswith("END:VCALENDAR\r\n")
    lines = text.split("\r\n")[:-1]
    assert not any("\n" in line or "\r" in line for line in lines), "every line ends with CRLF"
    assert all(len(line.encode()) <= 75 for line in lines), "lines are folded at 75 bytes"
    calendar = Calendar.from_ical(content)
    assert not calendar.errors
    assert (str(calendar["version"]), str(calendar["method"])) == ("2.0", "PUBLISH")
    zones = [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")]
    assert len(zones) == len(set(zones))
    events = {}
    for event in calendar.walk("VEVENT"):
        assert not event.errors
        for name in ("uid", "dtstamp", "dtstart", "sequence", "status", "organizer", "class", "summary", "url"):
            assert isinstance(event[name], list) is False, f"{name} once"
        assert not event.walk("VALARM")
        assert event["dtstamp"].dt.utcoffset() == timedelta(0)
        for name in ("dtstart", "dtend"):
            if zone := event[name].params.get("TZID"):
                assert zone in zones, "the rules of each zone are in the file"
        events[str(event["uid"])] = event
    return events


def second(content):
    """The same events as the other library reads them."""
    component = vobject.readOne(content.decode("utf-8"))
    assert component.validate(raiseException=True)
    return {event.uid.value: event for event in component.contents.get("vevent", [])}


@pytest.fixture
def convened(planned, officer):
    Meeting.objects.update(
        visibility="public", date=today() + timedelta(days=30), starts_at=time(15), ends_at=time(17), online_link=LINK
    )
    return operations.convene_meeting(planned, by=officer)


def facts(meeting):
    names = ("date", "date_note", "starts_at", "ends_at", "time_zone", "place", "mode")
    return {name: getattr(meeting, name) for name in names}


def both(client, address=FEED):
    response = client.get(address)
    assert response.status_code == 200
    one, other = strictly(response.content), second(response.content)
    assert set(one) == set(other)
    for uid, event in one.items():
        assert other[uid].status.value == str(event["status"])
        assert int(other[uid].sequence.value) == event["sequence"]
        begins, seen = event.decoded("dtstart"), other[uid].dtstart.value
        assert begins == seen if not isinstance(begins, datetime) else begins.astimezone(UTC) == seen.astimezone(UTC)
    return one


def test_a_meeting_moves_is_put_off_comes_back_and_is_cancelled(convened, officer, client_of):
    client = client_of("visitor")
    first = both(client)[UID]
    assert (first["status"], first["sequence"]) == ("CONFIRMED", 0)
    assert first.decoded("dtstart") == datetime.combine(convened.date, time(15), ZoneInfo("Europe/Zurich"))

    moved = operations.move_meeting(
        convened,
        by=officer,
        reason="Sample",
        **facts(convened) | {"starts_at": time(9), "time_zone": "America/New_York"},
    )
    second_reading = both(client)[UID]
    assert second_reading["sequence"] == 1
    assert second_reading.decoded("dtstart") == datetime.combine(convened.date, time(9), ZoneInfo("America/New_York"))
    assert second_reading["dtstart"].params["TZID"] == "America/New_York"

    off = operations.move_meeting(
        moved, by=officer, reason="Sample", **facts(moved) | {"date": None, "date_note": "Later"}
    )
    for address in (FEED, FILE):
        third = both(client, address)[UID]
        assert (third["status"], third["sequence"]) == ("CANCELLED", 2)
        assert third.decoded("dtstart") == second_reading.decoded("dtstart")
    assert "Take the old date out of a calendar" in client.get("/meetings/icoca/10/").content.decode()

    stored = Meeting.objects.get(pk=off.pk)
    before = operations.calendar_facts(stored)
    stored.date = today() + timedelta(days=90)
    assert operations.note_calendar_change(stored, before)
    stored.save()
    again = operations.convene_meeting(stored, by=officer)
    fourth = both(client)[UID]
    assert (fourth["status"], fourth["sequence"]) == ("CONFIRMED", 3)
    assert fourth.decoded("dtstart") == stored.date

    operations.cancel_meeting(again, by=officer, reason="Sample")
    fifth = both(client)[UID]
    assert (fifth["status"], fifth["sequence"]) == ("CANCELLED", 4)
    stamps = [event["dtstamp"].dt for event in (first, second_reading, third, fourth, fifth)]
    assert stamps == sorted(stamps)


def test_the_sequence_rises_with_what_people_plan_by_and_nothing_else(convened, officer):
    quiet = {
        "chair_name": "Sample",
        "date_note": "Sample",
        "heading_facts": "Sample",
        "languages": ["fr"],
        "state": "held",
    }
    loud = {
        "date": date(2030, 1, 1),
        "starts_at": time(8),
        "ends_at": time(20),
        "time_zone": "Asia/Tokyo",
        "place": "Oslo",
        "mode": "online",
        "title": "Sample",
        "online_link": "https://x.example",
        "state": "cancelled",
    }
    for changes, rises in ((quiet, False), (loud, True)):
        for name, value in changes.items():
            meeting = Meeting.objects.get(pk=convened.pk)
            before = operations.calendar_facts(meeting)
            setattr(meeting, name, value)
            assert operations.note_calendar_change(meeting, before) is rises, name
            assert meeting.calendar_sequence == int(rises), name


def test_holding_and_closing_are_no_change_for_a_calendar(convened, officer):
    Meeting.objects.update(date=today())
    held = operations.hold_meeting(convened, by=officer)
    assert operations.close_meeting(held, by=officer).calendar_sequence == 0


def test_how_to_join_is_in_the_files_of_participants_alone(convened, focal_point, client_of):
    token = operations.make_calendar_address(focal_point).token
    for client, address in (
        (client_of("visitor"), FEED),
        (client_of("visitor"), FILE),
        (client_of("focal_point"), FEED),
    ):
        content = client.get(address).content
        assert b"only-for-participants" not in content.replace(b"\r\n ", b"")
        assert strictly(content)[UID]["class"] == "PUBLIC"
    for client, address in (
        (client_of("visitor"), f"/meetings/calendar/{token}.ics"),
        (client_of("focal_point"), FILE),
        (client_of("director"), FILE),
    ):
        event = both(client, address)[UID]
        assert str(event["conference"]) == LINK
        assert LINK in event["description"]
        assert event["class"] == "PRIVATE"


def test_the_agenda_and_the_organiser_stand_in_the_entry(convened, settings, client_of):
    Meeting.objects.update(title="Sample; with, signs\\ and é" * 4)
    convened.items.update(title="Never circulated")
    event = both(client_of("visitor"))[UID]
    assert str(event["organizer"]) == f"mailto:{settings.SECRETARIAT_EMAIL}"
    assert event["organizer"].params["CN"] == "Secretariat of the Working Group"
    assert "Sample; with, signs\\ and é" in event["description"]
    assert "Agenda, Provisional" in event["description"]
    assert "Never circulated" not in event["description"]


def test_the_private_feed_speaks_its_owners_language(convened, focal_point, client_of):
    type(focal_point).objects.filter(pk=focal_point.pk).update(language="fr")
    token = operations.make_calendar_address(focal_point).token
    event = both(client_of("visitor"), f"/meetings/calendar/{token}.ics")[UID]
    assert str(event["summary"]).startswith("Dixième échange")


def test_a_file_of_one_meeting_is_not_kept_by_anybody(convened, client_of):
    assert "no-store" in client_of("reader").get(FILE)["Cache-Control"]


def test_the_feed_takes_as_many_queries_for_thirty(convened, client_of):
    client = client_of("visitor")
    factories.AgendaItemFactory(meeting__visibility="public")
    few = queries(client, FEED)
    for _ in range(29):
        factories.AgendaItemFactory(meeting__visibility="public")
    assert queries(client, FEED) == few
    assert few <= 6


@pytest.mark.parametrize(
    ("name", "years", "has_rule"),
    [
        ("Europe/Zurich", (2014, 2030), True),
        ("America/New_York", (2018, 2026), True),
        ("America/New_York", (2005, 2008), False),
        ("Africa/Casablanca", (2024, 2026), False),
        ("Asia/Tokyo", (2020, 2020), False),
        ("Asia/Kolkata", (2020, 2020), False),
        ("Australia/Lord_Howe", (2020, 2026), True),
    ],
)
def test_the_rules_of_a_zone_are_right_for_every_day(name, years, has_rule):
    zone = ZoneInfo(name)
    component = vtimezone(zone, years)
    assert (b"RRULE:FREQ=YEARLY" in component.to_ical()) is has_rule
    text = component.to_ical().decode()
    assert re.search(r"^DTSTART:\d{8}T\d{6}\r$", text, re.MULTILINE), "on the clock of the zone"
    read = component.to_tz(lookup_tzid=False)
    moment = datetime(years[0], 1, 1, 12, tzinfo=UTC)
    while moment.year <= years[1]:
        local = moment.astimezone(zone).replace(tzinfo=None)
        assert local.replace(tzinfo=read).utcoffset() == local.replace(tzinfo=zone).utcoffset(), local
        moment += timedelta(days=5)
