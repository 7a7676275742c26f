"""export_meeting, export_calendar and the private address: what calendar programmes read."""

from datetime import date, timedelta

import pytest
from icalendar import Calendar

from icoca_portal.lib.days import today
from meetings import operations
from meetings.models import CalendarAddress, Meeting
from tests import factories

pytestmark = pytest.mark.django_db
FEED, PAGE = "/meetings/calendar.ics", "/meetings/calendar/"
MAKE, REVOKE = f"{PAGE}address/", f"{PAGE}address/revoke/"


def events(response):
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/calendar")
    calendar = Calendar.from_ical(response.content)
    assert not calendar.errors
    return calendar, {str(event["uid"]): event for event in calendar.walk("VEVENT")}


def test_one_meeting_with_its_hour_and_zone(meeting, client_of):
    meeting.starts_at, meeting.ends_at, meeting.calendar_sequence = "15:00", "17:00", 3
    meeting.save()
    calendar, found = events(client_of("visitor").get("/meetings/icoca/9/meeting.ics"))
    event = found["meeting-icoca-9@testserver"]
    assert event.decoded("dtstart").isoformat() == "2018-06-06T15:00:00+02:00"
    assert event.decoded("dtend").isoformat() == "2018-06-06T17:00:00+02:00"
    assert event["dtstart"].params["TZID"] == "Europe/Zurich"
    assert [zone["tzid"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Zurich"]
    assert event["sequence"] == 3
    assert event["status"] == "CONFIRMED"
    assert event["location"] == "Geneva"
    assert event["url"] == "http://testserver/meetings/icoca/9/"


def test_without_an_hour_it_takes_the_whole_day(meeting, client_of):
    _calendar, found = events(client_of("visitor").get("/meetings/icoca/9/meeting.ics"))
    event = found["meeting-icoca-9@testserver"]
    assert event.decoded("dtstart") == date(2018, 6, 6)
    assert event.decoded("dtend") == date(2018, 6, 7)


def test_without_a_date_a_page_says_what_is_known(client_of):
    factories.MeetingFactory(number=10, date=None, date_note="Before the end of the year", visibility="public")
    response = client_of("visitor").get("/meetings/icoca/10/meeting.ics")
    assert response.status_code == 404
    assert "Before the end of the year" in response.content.decode()


def test_a_cancelled_meeting_stays_in_the_calendar_as_cancelled(planned, officer, client_of):
    Meeting.objects.update(visibility="public")
    convened = operations.convene_meeting(planned, by=officer)
    operations.cancel_meeting(convened, by=officer, reason="Sample")
    _calendar, found = events(client_of("visitor").get(FEED))
    event = found["meeting-icoca-10@testserver"]
    assert event["status"] == "CANCELLED"
    assert event["sequence"] == 1


def test_a_planned_meeting_is_tentative(planned, client_of):
    _calendar, found = events(client_of("reader").get("/meetings/icoca/10/meeting.ics"))
    assert found["meeting-icoca-10@testserver"]["status"] == "TENTATIVE"


@pytest.mark.parametrize("who", ["visitor", "focal_point", "secretariat"])
def test_the_public_feed_is_the_same_for_everybody(meeting, planned, client_of, who):
    factories.MeetingFactory(number=11, date=None, date_note="Later", visibility="public")
    _calendar, found = events(client_of(who).get(FEED))
    assert set(found) == {"meeting-icoca-9@testserver"}


def test_the_private_feed_holds_what_its_owner_reads(meeting, planned, focal_point, client_of):
    client_of(focal_point).post(MAKE)
    token = CalendarAddress.objects.get(user=focal_point).token
    response = client_of("visitor").get(f"/meetings/calendar/{token}.ics")
    _calendar, found = events(response)
    assert set(found) == {"meeting-icoca-9@testserver", "meeting-icoca-10@testserver"}
    assert "no-store" in response["Cache-Control"]
    assert token in client_of(focal_point).get(PAGE).content.decode()
    assert token not in client_of("secretariat").get(PAGE).content.decode()


def test_a_new_address_ends_the_old_one(focal_point, client_of):
    client = client_of(focal_point)
    client.post(MAKE)
    old = CalendarAddress.objects.get().token
    client.post(MAKE)
    new = CalendarAddress.objects.get().token
    assert old != new
    assert client.get(f"/meetings/calendar/{old}.ics").status_code == 404
    assert client.get(f"/meetings/calendar/{new}.ics").status_code == 200


def test_an_address_can_be_taken_back(focal_point, client_of):
    client = client_of(focal_point)
    client.post(MAKE)
    token = CalendarAddress.objects.get().token
    assert client.post(REVOKE).status_code == 302
    assert client.get(f"/meetings/calendar/{token}.ics").status_code == 404
    assert client.post(REVOKE).status_code == 404


@pytest.mark.parametrize("end", ["dates", "account"])
def test_the_address_ends_with_the_appointment(planned, focal_point, client_of, end):
    token = operations.make_calendar_address(focal_point).token
    if end == "dates":
        focal_point.appointments.update(valid_to=today() - timedelta(days=1))
    else:
        type(focal_point).objects.filter(pk=focal_point.pk).update(is_active=False)
    assert client_of("visitor").get(f"/meetings/calendar/{token}.ics").status_code == 404


def test_a_guessed_address_is_none(db, client_of):
    assert client_of("visitor").get("/meetings/calendar/guessed.ics").status_code == 404


@pytest.mark.parametrize("address", [MAKE, REVOKE])
def test_a_visitor_signs_in_before(db, client_of, address):
    response = client_of("visitor").post(address)
    assert response.status_code == 302
    assert "/accounts/login/" in response["Location"]
    assert client_of("focal_point").get(address).status_code == 405


def test_only_insiders_and_owners_hold_the_permissions(focal_point, other_focal_point):
    address = operations.make_calendar_address(focal_point)
    assert focal_point.has_perm("meetings.make_calendar_address")
    assert not factories.UserFactory().has_perm("meetings.make_calendar_address")
    assert focal_point.has_perm("meetings.revoke_calendar_address", address)
    assert not other_focal_point.has_perm("meetings.revoke_calendar_address", address)


def test_the_page_offers_a_private_address_to_insiders_only(db, client_of):
    assert "private address" not in client_of("visitor").get(PAGE).content.decode()
    assert "Make a private address" in client_of("director").get(PAGE).content.decode()
