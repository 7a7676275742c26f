"""A series of 500 meetings with 20 items each asks the database no more often than one of 5."""

from datetime import date, timedelta

import pytest

from meetings.models import AgendaItem, Meeting, Visibility
from tests import factories
from tests.counting import queries

pytestmark = pytest.mark.django_db
PAGES = ("/meetings/", "/meetings/icoca/3/", "/meetings/icoca/3/agenda/", "/meetings/calendar.ics")
ADMIN = "/admin/meetings/meeting/"


def hold(numbers):
    group = factories.WorkingGroupFactory()
    meetings = Meeting.objects.bulk_create(
        Meeting(
            working_group=group,
            number=number,
            date=date(1990, 1, 1) + timedelta(days=20 * number),
            visibility=Visibility.PUBLIC,
            state=Meeting.State.CLOSED,
        )
        for number in numbers
    )
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, position=place, title=f"Sample item {place}")
        for meeting in meetings
        for place in range(1, 21)
    )


@pytest.mark.parametrize("who", ["visitor", "reader", "secretariat"])
def test_five_hundred_meetings_take_the_queries_of_five(client_of, who):
    client = client_of(who)
    addresses = (*PAGES, ADMIN) if who == "secretariat" else PAGES
    hold(range(1, 6))
    few = {address: queries(client, address) for address in addresses}
    hold(range(6, 501))
    assert {address: queries(client, address) for address in addresses} == few
