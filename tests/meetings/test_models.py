"""What the database itself refuses, on SQLite and PostgreSQL alike."""

from datetime import date, time

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from meetings.models import Attendance, ChairsSummary, Meeting, PublishedSummary
from meetings.ordinals import exchange, exchange_in_sentence
from tests import factories

pytestmark = pytest.mark.django_db


def refused(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


def test_a_meeting_has_a_date_or_says_when_it_may_be():
    refused(lambda: factories.MeetingFactory(date=None, date_note=""))
    assert (
        factories.MeetingFactory(date=None, date_note="Before the end of the year").when == "Before the end of the year"
    )


@pytest.mark.parametrize("state", ["convened", "held", "closed"])
def test_a_convened_meeting_has_a_date(state):
    refused(lambda: factories.MeetingFactory(date=None, date_note="Later", state=state))


def test_a_number_is_given_once_in_a_group():
    factories.MeetingFactory(number=9)
    refused(lambda: factories.MeetingFactory(number=9))
    other = factories.WorkingGroupFactory(name="Sample group", slug="sample", symbol="S-WG")
    assert factories.MeetingFactory(number=9, working_group=other).symbol == "S-WG/9"


@pytest.mark.parametrize(
    "fields",
    [
        {"starts_at": time(10), "date": None, "date_note": "Later"},
        {"starts_at": time(10), "ends_at": time(9)},
        {"ends_at": time(9)},
        {"state": "postponed"},
        {"visibility": "everybody"},
        {"agenda_state": "lost"},
        {"mode": "by post"},
        {"number": 0},
    ],
)
def test_a_meeting_that_makes_no_sense_is_refused(fields):
    refused(lambda: factories.MeetingFactory(**fields))


@pytest.mark.parametrize(
    "fields",
    [
        {"guest_name": "Sample Guest"},
        {"delegation": None},
        {"delegation": None, "capacity": "participant", "guest_name": "Sample Guest"},
        {"delegation": None, "capacity": "guest", "guest_name": "Sample Guest", "person_name": "Another"},
        {"capacity": "observer"},
    ],
)
def test_attendance_is_of_a_delegation_or_of_a_guest(fields):
    refused(lambda: factories.AttendanceFactory(**fields))


def test_a_delegation_attends_once_in_a_capacity():
    row = factories.AttendanceFactory()
    refused(lambda: factories.AttendanceFactory(meeting=row.meeting, delegation=row.delegation))
    chair = factories.AttendanceFactory(
        meeting=row.meeting, delegation=row.delegation, capacity=Attendance.Capacity.CHAIR
    )
    assert chair.pk


def test_an_adopted_summary_was_approved_by_somebody():
    refused(lambda: factories.ChairsSummaryFactory(state=ChairsSummary.State.ADOPTED))
    refused(lambda: factories.ChairsSummaryFactory(state=ChairsSummary.State.CIRCULATED))


def test_an_office_ends_after_it_begins():
    refused(lambda: factories.OfficeFactory(valid_from=date(2018, 1, 1), valid_to=date(2018, 1, 1)))


def test_a_published_summary_cannot_be_changed(published):
    refused(lambda: PublishedSummary.objects.filter(pk=published.pk).update(content="{}"))
    assert PublishedSummary.objects.get(pk=published.pk).is_intact


def test_a_published_summary_cannot_be_deleted(published):
    refused(lambda: PublishedSummary.objects.filter(pk=published.pk).delete())
    assert PublishedSummary.objects.filter(pk=published.pk).exists()


def test_two_texts_cannot_have_one_number(published, officer):
    refused(
        lambda: PublishedSummary.objects.create(
            summary=published.summary,
            number=published.number,
            symbol="Other",
            content="{}",
            sha256="1" * 64,
            published_at=published.published_at,
            published_by=officer,
        )
    )


def test_meetings_are_named_in_words():
    assert exchange(9) == "Ninth exchange"
    assert exchange(30) == "Thirtieth exchange"
    assert exchange(31) == "Exchange No. 31"
    assert exchange_in_sentence(21) == "twenty-first exchange"
    assert len({exchange(number) for number in range(1, 32)}) == 31


def test_a_meeting_has_its_place_in_the_addresses(meeting):
    assert meeting.get_absolute_url() == "/meetings/icoca/9/"
    assert meeting.full_name == "Ninth exchange of the Working Group"
    assert meeting.agenda_symbol == "ICoCA-WG/9/1"
    meeting.agenda_revision = 2
    assert meeting.agenda_symbol == "ICoCA-WG/9/1/Rev.2"
    with translation.override("en"):
        assert meeting.agenda_note == "Rev.2, provisional"


def test_the_hour_is_read_in_the_zone_of_the_meeting():
    meeting = factories.MeetingFactory(starts_at=time(15), time_zone="America/New_York")
    assert Meeting.objects.get(pk=meeting.pk).begins.isoformat() == "2018-06-06T15:00:00-04:00"
