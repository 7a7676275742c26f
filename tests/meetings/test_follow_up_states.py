"""Follow-ups as operations: their states, their log, the clock that reminds of them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from icoca_portal.outbox.models import Message
from meetings import operations
from meetings.exceptions import (
    ClosingNoteMissing,
    FollowUpChangedMeanwhile,
    FollowUpInAnotherState,
    FollowUpIncomplete,
    ItemOfAnotherMeeting,
)
from meetings.models import FollowUp, FollowUpReminder, Meeting
from tests import factories

pytestmark = pytest.mark.django_db
DUE = date(2026, 6, 30)


@pytest.fixture
def follow_up(meeting, officer):
    return operations.open_follow_up(meeting, what="Sample thing to do", who="Sample Person", due=DUE, by=officer)


def log(follow_up):
    return [(change.state, change.note) for change in follow_up.changes.all()]


def test_the_same_twice_is_one(meeting, officer, follow_up):
    again = operations.open_follow_up(meeting, what=" Sample thing to do ", who="Sample Person", due=DUE, by=officer)
    assert again == follow_up
    assert log(follow_up) == [("open", "")]
    with pytest.raises(FollowUpIncomplete):
        operations.open_follow_up(meeting, what=" ", by=officer)
    with pytest.raises(ItemOfAnotherMeeting):
        operations.open_follow_up(meeting, what="Other", item=factories.AgendaItemFactory(), by=officer)


def test_from_open_to_closed_and_open_again(follow_up, officer):
    follow_up = operations.progress_follow_up(follow_up, version=1, note="Half of it", by=officer)
    follow_up = operations.close_follow_up(follow_up, version=2, state="done", note="All of it", by=officer)
    assert (follow_up.closing_note, follow_up.closed_by) == ("All of it", officer)
    follow_up = operations.reopen_follow_up(follow_up, version=3, note="Not all", by=officer)
    assert (follow_up.state, follow_up.closed_at, follow_up.closing_note) == ("open", None, "")
    assert log(follow_up) == [
        ("open", ""),
        ("in progress", "Half of it"),
        ("done", "All of it"),
        ("open", "Not all"),
    ]


@pytest.mark.parametrize("state", ["done", "dropped"])
def test_it_is_closed_with_a_note(follow_up, officer, state):
    with pytest.raises(ClosingNoteMissing):
        operations.close_follow_up(follow_up, version=1, state=state, note=" ", by=officer)
    closed = operations.close_follow_up(follow_up, version=1, state=state, note="Sample note", by=officer)
    assert closed.state == state
    for act in (
        lambda: operations.close_follow_up(closed, version=2, state=state, note="Again", by=officer),
        lambda: operations.progress_follow_up(closed, version=2, by=officer),
        lambda: operations.change_follow_up(closed, version=2, what="Other", by=officer),
    ):
        with pytest.raises(FollowUpInAnotherState):
            act()


def test_what_is_open_is_not_opened_again(follow_up, officer):
    with pytest.raises(FollowUpInAnotherState):
        operations.reopen_follow_up(follow_up, version=1, by=officer)


def test_a_page_that_is_older_than_a_change_changes_nothing(follow_up, officer):
    operations.progress_follow_up(follow_up, version=1, by=officer)
    for act in (
        lambda: operations.close_follow_up(follow_up, version=1, state="done", note="Sample", by=officer),
        lambda: operations.change_follow_up(follow_up, version=1, what="Other", by=officer),
        lambda: operations.progress_follow_up(follow_up, version=1, by=officer),
    ):
        with pytest.raises(FollowUpChangedMeanwhile):
            act()
    follow_up.refresh_from_db()
    assert follow_up.state == "in progress"


def test_what_who_and_when_are_changed_and_logged(follow_up, officer, delegation):
    changed = operations.change_follow_up(
        follow_up, version=1, what="Other thing", delegation=delegation, due_note="Later", by=officer
    )
    assert (changed.owner, changed.due, changed.by, changed.version) == ("Switzerland", None, "Later", 2)
    assert "what" in log(changed)[-1][1]
    same = operations.change_follow_up(
        changed, version=2, what="Other thing", delegation=delegation, due_note="Later", by=officer
    )
    assert same.version == 2


def test_overdue_begins_the_day_after(follow_up):
    assert not FollowUp.objects.overdue(DUE).exists()
    assert FollowUp.objects.overdue(DUE + timedelta(days=1)).get() == follow_up


# Reminders


def at(day, hour, minute=0):
    """A moment in UTC; in June Geneva is two hours ahead."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def remind(moment):
    return operations.send_follow_up_reminders(moment)


@pytest.fixture
def of_a_delegation(meeting, officer, delegation, focal_point, reader):
    return operations.open_follow_up(meeting, what="Sample duty", delegation=delegation, due=DUE, by=officer)


@pytest.mark.parametrize("days", [14, 2, -7])
def test_the_delegates_are_reminded_in_their_morning_once(of_a_delegation, focal_point, days):
    day = DUE - timedelta(days=days)
    assert remind(at(day, 5, 59)) == 0
    assert remind(at(day, 6)) == 1
    assert remind(at(day, 7)) == 0
    messages = Message.objects.all()
    assert {message.recipient for message in messages} == {"focal.ch@sample.example", "reader.ch@sample.example"}
    assert all("Sample duty" in message.subject for message in messages)
    assert f"/meetings/follow-ups/{of_a_delegation.pk}/" in messages[0].text
    assert FollowUpReminder.objects.get().days_before == days


def test_the_morning_is_that_of_the_focal_point(of_a_delegation, focal_point):
    focal_point.time_zone = "America/New_York"
    focal_point.save()
    day = DUE - timedelta(days=2)
    assert remind(at(day, 11, 59)) == 0
    assert remind(at(day, 12)) == 1


@pytest.mark.parametrize("days", [15, 13, 1, 0, -1, -6, -8])
def test_on_other_days_nobody_is_reminded(of_a_delegation, days):
    assert remind(at(DUE - timedelta(days=days), 12)) == 0


def test_without_a_delegation_the_secretariat_is_reminded(follow_up, settings):
    assert remind(at(DUE - timedelta(days=2), 12)) == 1
    message = Message.objects.get()
    assert message.recipient == settings.SECRETARIAT_EMAIL
    assert "close it on that page" in message.text


def test_delegates_do_not_hear_of_a_meeting_that_is_kept_from_them(of_a_delegation, settings):
    Meeting.objects.update(visibility="secretariat")
    assert remind(at(DUE - timedelta(days=2), 12)) == 1
    assert Message.objects.get().recipient == settings.SECRETARIAT_EMAIL


def test_what_is_closed_is_not_reminded_of(of_a_delegation, officer):
    operations.close_follow_up(of_a_delegation, version=1, state="dropped", note="Sample", by=officer)
    assert remind(at(DUE - timedelta(days=2), 12)) == 0


def test_a_new_day_is_reminded_of_again(of_a_delegation, officer, delegation):
    day = DUE - timedelta(days=2)
    remind(at(day, 12))
    moved = DUE + timedelta(days=12)
    operations.change_follow_up(
        of_a_delegation, version=1, what="Sample duty", delegation=delegation, due=moved, by=officer
    )
    assert remind(at(day, 13)) == 1
    assert FollowUpReminder.objects.count() == 2


def test_a_delegate_of_yesterday_hears_nothing(of_a_delegation, delegation):
    day = DUE - timedelta(days=2)
    delegation.delegates.filter(role="reader").update(valid_to=day)
    remind(at(day, 12))
    assert Message.objects.get().recipient == "focal.ch@sample.example"
