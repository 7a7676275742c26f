"""The exchanges across the years, the paged line, and the attendance of one delegation."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from meetings import operations
from meetings.models import Meeting, Visibility
from tests import factories
from tests.counting import queries
from tests.meetings.inviting import CLOSES, convened, invite, person

pytestmark = pytest.mark.django_db
LIST, YEARS, OWN = "/meetings/", "/meetings/years/", "/meetings/attendance/"


def held(number, day, **options) -> Meeting:
    options = {"visibility": Visibility.PUBLIC, "state": Meeting.State.CLOSED, **options}
    return factories.MeetingFactory(number=number, date=day, **options)


def body(response):
    return " ".join(response.content.decode().split())


def attend(meeting, kind="state", mode="in person", delegation=None):
    delegation = delegation or factories.DelegationFactory(organisation__kind=kind)
    return factories.AttendanceFactory(meeting=meeting, delegation=delegation, mode=mode)


def test_states_organisations_in_person_and_online_are_counted_where_the_list_names_all(client_of):
    meeting = held(9, date(2018, 6, 6), chair_name="Sample Chair")
    attend(meeting)
    attend(meeting, mode="online")
    attend(meeting, kind="international organisation")
    row = client_of("focal_point").get(YEARS).context["rows"][0]
    assert (row.participants, row.states, row.organisations, row.in_person, row.online) == (3, 2, 1, 2, 1)


def test_a_counted_number_stands_alone_where_names_are_missing(client_of):
    meeting = held(9, date(2018, 6, 6), participants_counted=15)
    attend(meeting)
    row = client_of("focal_point").get(YEARS).context["rows"][0]
    assert (row.participants, row.states, row.online) == (15, None, None)


def test_visitors_read_years_and_chairs_and_no_numbers(client_of):
    attend(held(9, date(2018, 6, 6), chair_name="Sample Chair", participants_counted=15))
    held(8, date(2017, 6, 6), visibility=Visibility.PARTICIPANTS, chair_name="Sample Hidden Chair")
    response = client_of("visitor").get(YEARS)
    page = body(response)
    assert "Sample Chair" in page
    assert "Sample Hidden Chair" not in page
    assert response.context["chart"] is None
    assert response.context["rows"][0].participants is None
    assert ">15<" not in page


def test_planned_and_cancelled_exchanges_are_not_among_those_held(client_of):
    held(9, date(2018, 6, 6))
    held(10, date(2018, 12, 6), state="cancelled")
    held(11, date(2030, 12, 6), state="convened")
    assert [row.meeting.number for row in client_of("chair").get(YEARS).context["rows"]] == [9]


@pytest.mark.parametrize("address", [LIST, YEARS])
def test_filters_by_year_and_group_and_what_is_unreadable_counts_for_nothing(client_of, address):
    group = factories.WorkingGroupFactory(slug="other", name="Sample other group", symbol="O-WG")
    held(1, date(2017, 6, 6))
    held(2, date(2018, 6, 6))
    held(1, date(2018, 7, 6), working_group=group)
    client = client_of("visitor")

    def found(query):
        return [key.pk for key in client.get(address + query).context["page_obj"]]

    assert len(found("?year=x&group=y&page=z")) == 3
    assert len(found("?year=2018")) == 2
    assert found(f"?year=2018&group={group.pk}") == [group.meetings.get().pk]


def test_the_line_is_read_a_page_at_a_time_and_its_gaps_hold_across_pages(client_of):
    for number in range(1, 28):
        held(number * 2, date(2000, 1, 1) + timedelta(days=number))
    client = client_of("visitor")
    first, second = (client.get(f"{LIST}?page={page}").context["stops"] for page in (1, 2))
    assert (len(first), len(second)) == (25, 2)
    assert first[-1].is_gap
    assert [stop.is_now for stop in second] == [False, False]


@pytest.mark.parametrize("who", ["visitor", "focal_point"])
@pytest.mark.parametrize("address", [LIST, YEARS, OWN])
def test_as_many_queries_for_five_hundred_as_for_five(client_of, delegation, who, address):
    if (who, address) == ("visitor", OWN):
        who = "reader"
    client = client_of(who)
    group = factories.WorkingGroupFactory()

    def more(first, last):
        Meeting.objects.bulk_create(
            Meeting(
                working_group=group,
                number=number,
                date=date(2000, 1, 1) + timedelta(days=20 * number),
                visibility="public",
                state="closed",
                chair_organisation=delegation.organisation,
            )
            for number in range(first, last + 1)
        )

    more(1, 5)
    attend(Meeting.objects.get(number=5), delegation=delegation)
    few = queries(client, address)
    more(6, 500)
    assert queries(client, address) == few
    assert few <= 12


# One delegation


def test_a_delegation_reads_where_it_was(client_of, delegation, focal_point):
    there, not_there = held(3, date(2018, 6, 6)), held(2, date(2017, 6, 6))
    counted, before = held(4, date(2019, 6, 6), participants_counted=9), held(1, date(2007, 6, 6))
    attend(there, delegation=delegation, mode="online")
    for meeting in (not_there, before):
        attend(meeting)
    response = client_of("reader").get(OWN)
    page = body(response)
    assert "In 1 of the 3 exchanges whose list names delegations." in page
    words = ["The record names no delegations.", "Online", "Not in the list.", "Not a participant on that day."]
    places = [page.index(text, page.index("h-exchanges")) for text in words]
    assert places == sorted(places)
    assert [row.meeting for row in response.context["rows"]] == [counted, there, not_there, before]


def test_others_do_not_read_it(client_of, delegation, other_focal_point, focal_point):
    assert client_of("other_focal_point").get(f"{OWN}switzerland/").status_code == 404
    for who in ("director", "chair"):
        assert client_of(who).get(OWN).status_code == 404
        assert client_of(who).get(f"{OWN}switzerland/").status_code == 404
    assert "/accounts/login/" in client_of("visitor").get(OWN).url


def test_the_secretariat_reads_it_of_every_delegation(client_of, delegation):
    attend(held(3, date(2018, 6, 6)), delegation=delegation)
    client = client_of("secretariat")
    page = client.get(OWN)
    assert [(str(row), row.attended) for row in page.context["page_obj"]] == [("Switzerland", 1)]
    assert "In 1 of the 1 exchange" in body(client.get(f"{OWN}switzerland/"))


# The list of participants


def test_the_list_names_whom_a_delegation_registered_where_the_attendance_names_nobody(
    client_of, delegation, other_delegation, focal_point, officer
):
    meeting = convened(date=date(2030, 10, 10), registration_until=CLOSES.replace(year=2030))
    mine, other = invite(meeting, delegation, other_delegation, by=officer)
    for invitation in (mine, other):
        operations.register_person(invitation, person=person(f"Sample of {invitation.delegation}"), by=officer)
    Meeting.objects.update(state="held")
    attend(meeting, delegation=delegation)
    client = client_of("reader")
    text = client.get(f"{meeting.get_absolute_url()}participants.csv").content.decode()
    assert "Sample of Switzerland" in text
    assert "Sample of Sweden" not in text
    response = client.get(f"{meeting.get_absolute_url()}participants.docx")
    assert response.content.startswith(b"PK")
    assert "wordprocessingml" in response["Content-Type"]
