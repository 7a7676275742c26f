"""The screen of a meeting and of a summary says what comes next, from the first day to Corr.n."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from icoca_portal.lib.days import today
from meetings import operations
from meetings.models import ChairsSummary
from meetings.next_steps import after_meeting_as_it_is, after_summary_as_it_is
from tests import factories


def test_a_meeting_from_to_be_confirmed_to_closed(db, secretariat, chair, delegation):
    meeting: Any = factories.MeetingFactory(
        date=None, date_note="To be confirmed", working_group=factories.WorkingGroupFactory()
    )
    assert "Give it a date" in after_meeting_as_it_is(meeting)
    meeting.date, meeting.date_note = today() + timedelta(days=9), ""
    assert "Write its agenda" in after_meeting_as_it_is(meeting)
    factories.AgendaItemFactory(meeting=meeting)
    meeting.save()
    assert "Convene it" in after_meeting_as_it_is(meeting)
    meeting = operations.convene_meeting(meeting, by=secretariat)
    assert "Invite the delegations" in after_meeting_as_it_is(meeting)
    assert reverse("admin:meetings_meeting_registrations", args=[meeting.pk]) in after_meeting_as_it_is(meeting)
    operations.invite_delegations(meeting, [delegation.organisation], by=secretariat)
    assert "0 of 1 delegation has replied" in after_meeting_as_it_is(meeting)
    meeting.date = today()
    assert "It is today" in after_meeting_as_it_is(meeting)
    meeting.date = today() - timedelta(days=1)
    assert "Record the meeting as held" in after_meeting_as_it_is(meeting)
    meeting.save()
    meeting = operations.hold_meeting(meeting, by=secretariat)
    assert "Draft the Chair’s Summary" in after_meeting_as_it_is(meeting)
    summary = operations.draft_summary(meeting, by=secretariat)
    assert "Go on with the Chair’s Summary: draft." in after_meeting_as_it_is(meeting)
    operations.publish_summary(operations.approve_summary(summary, by=chair), by=secretariat)
    assert "Close the meeting" in after_meeting_as_it_is(meeting)
    meeting = operations.close_meeting(meeting, by=secretariat)
    assert "Prepare the next meeting" in after_meeting_as_it_is(meeting)
    operations.prepare_next_meeting(meeting, by=secretariat)
    assert after_meeting_as_it_is(meeting) == "Nothing is left to do."


def test_a_day_that_is_past_and_a_meeting_that_is_cancelled(db, secretariat):
    meeting: Any = factories.MeetingFactory()
    assert "The day is past" in after_meeting_as_it_is(meeting)
    meeting = operations.cancel_meeting(meeting, by=secretariat, reason="Sample")
    assert "cancelled" in after_meeting_as_it_is(meeting)


def test_a_summary_from_the_draft_to_a_corrigendum(db, secretariat, chair, delegation, focal_point):
    summary: Any = factories.ChairsSummaryFactory()
    assert "Check the text" in after_summary_as_it_is(summary)
    until = timezone.now() + timedelta(days=7)
    summary = operations.circulate_summary(summary, comments_until=until, by=secretariat)
    assert "answer the comments" in after_summary_as_it_is(summary)
    operations.object_to_summary(summary.rounds.get(), delegation, reason="Sample", by=focal_point)
    summary.refresh_from_db()
    assert "A delegation objected" in after_summary_as_it_is(summary)
    summary = operations.approve_summary(summary, by=chair)
    assert "Publish it" in after_summary_as_it_is(summary)
    operations.publish_summary(summary, by=secretariat)
    summary.refresh_from_db()
    assert summary.state == ChairsSummary.State.PUBLISHED
    assert "To correct the text" in after_summary_as_it_is(summary)


def test_the_screens_say_it_and_leave_out_what_has_not_happened(client_of):
    client = client_of("secretariat")
    summary: Any = factories.ChairsSummaryFactory()
    page = client.get(reverse("admin:meetings_chairssummary_change", args=[summary.pk])).content.decode()
    assert "Check the text" in page
    assert "Rounds of silence" not in page
    assert "Published summaries" not in page
    page = client.get(reverse("admin:meetings_meeting_change", args=[summary.meeting_id])).content.decode()
    assert "Go on with the Chair’s Summary" in page
