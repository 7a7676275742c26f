"""Meetings in the states that the tests begin from."""

from datetime import date, timedelta

import pytest

from icoca_portal.lib.days import today
from meetings import operations
from meetings.models import ChairsSummary, Meeting, PublishedSummary, Visibility
from members.models import User
from tests import factories


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    """Files of a test go away with it."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def meeting(db) -> Meeting:
    """The ninth exchange: public, held, with two items that have a record."""
    meeting = factories.MeetingFactory(
        number=9, date=date(2018, 6, 6), visibility=Visibility.PUBLIC, state=Meeting.State.HELD
    )
    for number in (1, 2):
        factories.AgendaItemFactory(meeting=meeting, position=number, title=f"Sample item {number}")
    return meeting


@pytest.fixture
def planned(db) -> Meeting:
    """The tenth exchange: planned for a day to come, read by participants, with one item."""
    meeting = factories.MeetingFactory(number=10, date=today() + timedelta(days=30))
    factories.AgendaItemFactory(meeting=meeting, position=1)
    return meeting


@pytest.fixture
def officer(db) -> User:
    """Somebody who acts, where it does not matter who."""
    return factories.UserFactory(name="Sample Officer of the Tests")


@pytest.fixture
def draft(meeting, officer) -> ChairsSummary:
    return operations.draft_summary(meeting, by=officer)


@pytest.fixture
def adopted(draft, officer) -> ChairsSummary:
    return operations.approve_summary(draft, by=officer)


@pytest.fixture
def published(adopted, officer) -> PublishedSummary:
    return operations.publish_summary(adopted, by=officer)
