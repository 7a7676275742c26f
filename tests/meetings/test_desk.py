"""What the meetings put on a person's desk and into the secretariat's day."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from icoca_portal.lib.days import today
from icoca_portal.lib.desk import Waiting, by_due
from meetings import operations
from meetings.desk import latest_papers, latest_summary, next_meeting, secretariat_day, waiting_for
from meetings.models import Meeting
from tests import factories

pytestmark = pytest.mark.django_db


def kinds(user):
    return [thing.kind for thing in waiting_for(user)]


def test_a_draft_waits_for_the_chair_alone(draft, chair, focal_point, secretariat):
    waiting = waiting_for(chair)[0]
    assert waiting.title == "Approve the Chair’s Summary of the ninth exchange"
    assert waiting.url == draft.get_absolute_url()
    assert kinds(focal_point) == []
    assert kinds(secretariat) == []


def test_an_adopted_summary_no_longer_waits_for_the_chair(adopted, chair):
    assert kinds(chair) == []


def test_a_circulated_summary_waits_for_delegates_until_its_time(draft, officer, focal_point, director):
    until = timezone.now() + timedelta(days=3)
    operations.circulate_summary(draft, comments_until=until, by=officer)
    assert [(thing.kind, thing.due) for thing in waiting_for(focal_point)] == [("comment_summary", until)]
    assert kinds(director) == []


def test_the_next_meeting_stands_on_every_insiders_desk(planned, officer, focal_point, director):
    assert kinds(focal_point) == ["next_meeting"]
    operations.convene_meeting(planned, by=officer)
    for user in (focal_point, director):
        thing = waiting_for(user)[0]
        assert (thing.kind, thing.due) == ("read_agenda", planned.date)


def test_nothing_waits_for_an_account_without_a_place(planned):
    assert waiting_for(factories.UserFactory()) == []


def test_a_dated_meeting_comes_before_one_without_a_date(planned, focal_point):
    factories.MeetingFactory(number=8, date=None, date_note="Later")
    assert next_meeting(focal_point) == planned


def test_what_is_due_first_comes_first():
    def thing(due):
        return Waiting(title=str(due), url="/", kind="sample", due=due)

    later, sooner, never = thing(today() + timedelta(days=2)), thing(timezone.now()), thing(None)
    assert by_due([never, later, sooner]) == [sooner, later, never]


def test_the_latest_papers_are_those_that_exist_for_the_reader(published, focal_point, django_user_model):
    factories.DocumentFactory(meeting=published.summary.meeting, visibility="participants", title="Closed sample paper")
    titles = [paper.title for paper in latest_papers(focal_point)]
    assert titles == ["Closed sample paper", "Chair’s Summary of the ninth exchange"]
    nobody = factories.UserFactory()
    assert [(paper.title, paper.public) for paper in latest_papers(nobody)] == [(titles[1], True)]


def test_the_latest_summary_is_found_behind_newer_papers(published):
    for _number in range(6):
        factories.DocumentFactory(meeting=published.summary.meeting, visibility="public")
    nobody = factories.UserFactory()
    titles = [paper.title for paper in latest_papers(nobody, 4)]
    assert "Chair’s Summary of the ninth exchange" not in titles
    assert latest_summary(nobody).title == "Chair’s Summary of the ninth exchange"


def test_no_summary_is_the_latest_before_one_is_published(adopted):
    assert latest_summary(factories.UserFactory()) is None


def test_the_secretariats_day(meeting, planned, officer):
    day = secretariat_day()
    assert (day.next_meeting, day.to_draft, day.to_approve, day.to_publish) == (planned, [meeting], [], [])
    summary = operations.draft_summary(meeting, by=officer)
    assert (secretariat_day().to_draft, secretariat_day().to_approve) == ([], [summary])
    operations.approve_summary(summary, by=officer)
    assert (secretariat_day().to_approve, secretariat_day().to_publish) == ([], [summary])
    operations.publish_summary(summary, by=officer)
    assert secretariat_day().to_publish == []


@pytest.mark.parametrize("ask", [waiting_for, latest_papers])
def test_as_many_queries_for_thirty(ask, chair, django_assert_max_num_queries, officer):
    for _ in range(30):
        summary = factories.ChairsSummaryFactory(meeting__visibility="public", created_by=officer)
        factories.DocumentFactory(meeting=summary.meeting, visibility="public")
    Meeting.objects.update(visibility="public")
    with django_assert_max_num_queries(8):
        ask(chair)


def test_comments_wait_for_the_secretariat_until_they_are_answered(draft, officer, delegation, contributor):
    operations.circulate_summary(draft, comments_until=timezone.now() + timedelta(days=3), by=officer)
    comment = operations.comment_summary(draft.rounds.get(), delegation, text="Sample comment", by=contributor)
    (waits,) = secretariat_day().to_answer
    assert (waits, vars(waits)["waiting"]) == (draft, 1)
    operations.answer_comment(comment, answer="noted", text="", by=officer)
    assert secretariat_day().to_answer == []


def test_after_its_time_a_text_no_longer_waits_for_delegates(draft, officer, focal_point, time_machine):
    until = timezone.now() + timedelta(days=3)
    operations.circulate_summary(draft, comments_until=until, by=officer)
    assert waiting_for(focal_point)[0].url == "/meetings/icoca/9/summary/comments/"
    time_machine.move_to(until)
    assert kinds(focal_point) == []


def test_a_chair_reads_the_comments_while_a_silence_runs(chair, secretariat, client_of):
    summary = factories.ChairsSummaryFactory()
    operations.circulate_summary(summary, comments_until=timezone.now() + timedelta(days=7), by=secretariat)
    page = client_of("chair").get("/").content.decode()
    assert "Read the comments on the Chair’s Summary" in page
    assert reverse("meetings:read_comments", args=summary.meeting.address) in page
    assert "Read and approve" not in page
