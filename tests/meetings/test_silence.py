"""The silence procedure: circulate, comment, object, answer, adopt by itself; the time, to the second."""

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from django.utils import timezone

from icoca_portal.lib import clock
from icoca_portal.lib.sealing import digest
from icoca_portal.outbox.models import Message
from meetings import operations
from meetings.exceptions import (
    CommentAnsweredMeanwhile,
    CommentEmpty,
    CommentsStillOpen,
    CommentWithdrawn,
    ParagraphUnknown,
    RoundNotOpen,
    SummaryInAnotherState,
)
from meetings.models import ChairsSummary, Step, SummaryComment, SummaryPart, SummaryRound

pytestmark = pytest.mark.django_db
State, Outcome = ChairsSummary.State, SummaryRound.Outcome
WEEK = timedelta(days=7)


@pytest.fixture
def until():
    return timezone.now() + WEEK


@pytest.fixture
def opened(draft, officer, until) -> SummaryRound:
    operations.circulate_summary(draft, comments_until=until, by=officer)
    return draft.rounds.get()


def subjects(user):
    return [message.subject.split(":")[0] for message in Message.objects.filter(recipient=user.email).order_by("pk")]


def comment(opened, delegation, user, text="Sample comment", **more):
    return operations.comment_summary(opened, delegation, text=text, by=user, **more)


# Circulating


def test_circulating_freezes_the_text_and_tells_the_delegates(opened, until, focal_point):
    assert (opened.number, opened.outcome, opened.until) == (1, Outcome.OPEN, until)
    assert str(opened) == "ICoCA-WG/9/Summary"
    assert [part["number"] for part in opened.text["parts"]] == ["1", "2"]
    assert opened.sha256 == digest(opened.content)
    SummaryPart.objects.update(text="<p>Changed behind the back</p>")
    opened.refresh_from_db()
    assert "Changed behind the back" not in opened.content


def test_the_message_names_the_moment_in_the_readers_own_zone(draft, officer, focal_point, other_focal_point):
    other_focal_point.time_zone = "Asia/Tokyo"
    other_focal_point.save()
    until = datetime(2099, 6, 6, 16, 0, tzinfo=UTC)
    operations.circulate_summary(draft, comments_until=until, by=officer)
    near, far = (Message.objects.get(recipient=user.email).text for user in (focal_point, other_focal_point))
    assert "18:00 Geneva" in near
    assert "in Tokyo" not in near
    assert "01:00 in Tokyo (UTC+9)" in far


def test_what_is_under_silence_is_not_changed(opened, client_of, secretariat):
    opened.summary.refresh_from_db()
    assert not opened.summary.is_open
    response = client_of("secretariat").post(
        f"/admin/meetings/chairssummary/{opened.summary_id}/change/", {"title_lines": "Changed"}
    )
    assert response.status_code == 403


def test_a_changed_text_is_a_new_round_with_its_own_time(focal_point, opened, officer, until):
    operations.reopen_summary(opened.summary, by=officer)
    opened.refresh_from_db()
    assert opened.outcome == Outcome.WITHDRAWN
    SummaryPart.objects.filter(number="1").update(text="<p>The revised sample text.</p>")
    operations.circulate_summary(opened.summary, comments_until=until + WEEK, by=officer)
    second = opened.summary.rounds.get(number=2)
    assert (str(second), second.until) == ("ICoCA-WG/9/Summary/Rev.1", until + WEEK)
    assert "The revised sample text." in second.content
    assert "The revised sample text." not in opened.content
    assert subjects(focal_point) == ["For comments", "Taken back", "For comments"]
    assert "/summary/changes/2/" in Message.objects.filter(recipient=focal_point.email).latest("pk").text


def test_a_text_may_get_another_time(opened, officer, until):
    operations.circulate_summary(opened.summary, comments_until=until + WEEK, by=officer)
    opened.refresh_from_db()
    assert opened.outcome == Outcome.REPLACED
    assert opened.summary.rounds.get(outcome=Outcome.OPEN).until == until + WEEK


# Comments


def test_a_delegation_comments_on_a_paragraph_and_on_the_whole(opened, delegation, contributor):
    one = comment(opened, delegation, contributor, paragraph=2)
    whole = comment(opened, delegation, contributor, text="On the whole")
    assert (one.paragraph, whole.paragraph, one.made_by) == (2, None, contributor)


def test_a_comment_sent_twice_is_one(opened, delegation, contributor):
    assert comment(opened, delegation, contributor).pk == comment(opened, delegation, contributor).pk


def test_a_proposal_has_a_wording(opened, delegation, contributor):
    with pytest.raises(CommentEmpty):
        comment(opened, delegation, contributor, kind="proposal")
    made = comment(opened, delegation, contributor, text="", kind="proposal", proposed="As it should read")
    assert made.proposed == "As it should read"


def test_a_comment_says_something_of_a_paragraph_that_is_there(opened, delegation, contributor):
    with pytest.raises(CommentEmpty):
        comment(opened, delegation, contributor, text="  ")
    with pytest.raises(ParagraphUnknown):
        comment(opened, delegation, contributor, paragraph=3)


@pytest.mark.parametrize(
    "until",
    [
        datetime(2099, 3, 29, 1, 0, tzinfo=UTC),  # the hour in which clocks are put forward in Geneva
        datetime(2099, 10, 25, 1, 0, tzinfo=UTC),  # the one in which they are put back
    ],
)
def test_the_time_ends_to_the_second_also_when_clocks_change(
    draft, officer, delegation, contributor, until, time_machine
):
    time_machine.move_to(until - WEEK, tick=False)
    operations.circulate_summary(draft, comments_until=until, by=officer)
    opened = draft.rounds.get()
    time_machine.move_to(until - timedelta(seconds=1), tick=False)
    comment(opened, delegation, contributor)
    assert operations.adopt_due_summaries(timezone.now()) == 0
    time_machine.move_to(until, tick=False)
    with pytest.raises(RoundNotOpen):
        comment(opened, delegation, contributor, text="Too late")
    with pytest.raises(RoundNotOpen):
        operations.object_to_summary(opened, delegation, reason="Too late", by=contributor)
    assert operations.adopt_due_summaries(timezone.now()) == 1


def test_a_delegation_withdraws_its_comment_while_the_time_runs(opened, delegation, contributor, until, time_machine):
    made, later = comment(opened, delegation, contributor), comment(opened, delegation, contributor, text="Another")
    assert operations.withdraw_comment(made, by=contributor).withdrawn_at is not None
    with pytest.raises(CommentWithdrawn):
        operations.withdraw_comment(made, by=contributor)
    time_machine.move_to(until)
    with pytest.raises(RoundNotOpen):
        operations.withdraw_comment(later, by=contributor)


# Objections


def test_an_objection_ends_the_silence_and_everybody_is_told(
    opened, delegation, contributor, other_focal_point, chair, secretariat
):
    objection = operations.object_to_summary(opened, delegation, reason="Sample reason", by=contributor)
    opened.refresh_from_db()
    summary = ChairsSummary.objects.get()
    assert (opened.outcome, summary.state, objection.kind) == (Outcome.OBJECTED, State.DRAFT, "objection")
    assert summary.comments_until is None
    for user in (contributor, other_focal_point, chair, secretariat):
        message = Message.objects.filter(recipient=user.email, subject__startswith="Objection").get()
        assert "Switzerland" not in message.text
        assert "Sample reason" not in message.text
    with pytest.raises(RoundNotOpen):
        operations.object_to_summary(opened, delegation, reason="Again", by=contributor)
    assert operations.adopt_due_summaries(timezone.now() + WEEK + WEEK) == 0
    assert Step.objects.filter(what=Step.What.SUMMARY_OBJECTED, by=contributor).exists()


def test_an_objection_needs_a_reason(opened, delegation, contributor):
    with pytest.raises(CommentEmpty):
        operations.object_to_summary(opened, delegation, reason=" ", by=contributor)
    opened.refresh_from_db()
    assert opened.outcome == Outcome.OPEN


# Answers


def test_the_secretariat_answers_and_the_delegation_is_told(
    opened, delegation, contributor, focal_point, reader, other_focal_point, officer
):
    made = comment(opened, delegation, contributor, paragraph=1)
    Message.objects.all().delete()
    answered = operations.answer_comment(made, answer="partly", text="Sample words", by=officer)
    assert (answered.answer, answered.answered_by) == ("partly", officer)
    told = set(Message.objects.values_list("recipient", flat=True))
    assert told == {contributor.email, focal_point.email}
    text = Message.objects.first().text
    assert "Taken in part" in text
    assert "Sample words" in text
    assert "paragraph 1" in text


def test_two_officers_do_not_overwrite_each_others_answer(opened, delegation, contributor, officer):
    made = comment(opened, delegation, contributor)
    first = operations.answer_comment(made, answer="taken", text="The first", by=officer)
    with pytest.raises(CommentAnsweredMeanwhile, match="The first"):
        operations.answer_comment(made, answer="noted", text="The second", by=officer)
    again = operations.answer_comment(made, answer="noted", text="", by=officer, seen=first.answered_at)
    assert again.answer == "noted"


def test_what_was_withdrawn_is_not_answered(opened, delegation, contributor, officer):
    made = operations.withdraw_comment(comment(opened, delegation, contributor), by=contributor)
    with pytest.raises(CommentWithdrawn):
        operations.answer_comment(made, answer="noted", text="", by=officer)


# By the clock


def test_without_an_objection_the_text_is_adopted_by_itself(
    opened, until, chair, secretariat, delegation, contributor, time_machine
):
    comment(opened, delegation, contributor)
    Message.objects.all().delete()
    time_machine.move_to(until + timedelta(hours=9))  # the worker was away
    assert clock.run_due()["summaries under silence"]
    summary = ChairsSummary.objects.get()
    opened.refresh_from_db()
    assert (summary.state, summary.adopted_by_silence, summary.approved_by) == (State.ADOPTED, True, None)
    assert opened.outcome == Outcome.ADOPTED
    assert Step.objects.get(what=Step.What.SUMMARY_ADOPTED).by is None
    assert {message.recipient for message in Message.objects.all()} == {chair.email, secretariat.email}
    clock.run_due()
    assert Message.objects.count() == 2


def test_the_chair_may_say_so_before_the_clock_does(opened, until, chair, time_machine):
    with pytest.raises(CommentsStillOpen):
        operations.approve_summary(opened.summary, by=chair)
    time_machine.move_to(until)
    summary = operations.approve_summary(opened.summary, by=chair)
    opened.refresh_from_db()
    assert (summary.adopted_by_silence, opened.outcome) == (True, Outcome.ADOPTED)
    assert operations.adopt_due_summaries(timezone.now()) == 0


def test_what_is_published_is_the_text_that_was_circulated(opened, until, officer, time_machine):
    time_machine.move_to(until)
    operations.adopt_due_summaries(timezone.now())
    SummaryPart.objects.filter(number="1").update(text="<p>Changed behind the back</p>")
    published = operations.publish_summary(opened.summary, by=officer)
    content = json.loads(published.content)
    assert (content["adopted"], content["parts"]) == ("by silence", opened.text["parts"])
    assert [(one["symbol"], one["outcome"]) for one in content["rounds"]] == [("ICoCA-WG/9/Summary", "adopted")]


def test_the_chairs_own_approval_is_sealed_as_such(published):
    assert (published.text["adopted"], published.text["rounds"]) == ("by the chair", [])


def test_an_adopted_text_is_not_circulated_again(opened, until, officer, time_machine):
    time_machine.move_to(until)
    operations.adopt_due_summaries(timezone.now())
    with pytest.raises(SummaryInAnotherState):
        operations.circulate_summary(opened.summary, comments_until=until + WEEK, by=officer)


def test_every_delegate_is_reminded_once(focal_point, other_focal_point, opened, until):
    operations.remind_commenters(until - timedelta(days=3))
    assert subjects(focal_point) == ["For comments"]
    for hours in (48, 47, 1):
        operations.remind_commenters(until - timedelta(hours=hours))
    assert subjects(focal_point) == subjects(other_focal_point) == ["For comments", "Two days left"]


def test_a_short_round_has_no_reminder(draft, officer, focal_point):
    until = timezone.now() + timedelta(days=1)
    operations.circulate_summary(draft, comments_until=until, by=officer)
    assert operations.remind_commenters(timezone.now()) == 0
    assert subjects(focal_point) == ["For comments"]


def at_once(*acts):
    """Run the functions in threads of their own, with connections of their own; gives what each returned or raised."""
    barrier = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(place, act):
        try:
            barrier.wait(timeout=30)
            results[place] = act()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


@pytest.mark.django_db(transaction=True)
def test_of_several_workers_one_adopts(opened, until, chair, secretariat):
    later = until + timedelta(minutes=1)
    results = at_once(*[lambda: operations.adopt_due_summaries(later)] * 3)
    assert sorted(results) == [0, 0, 1]
    assert Step.objects.filter(what=Step.What.SUMMARY_ADOPTED).count() == 1
    assert Message.objects.filter(subject__startswith="Adopted").count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_objection_in_the_last_second_wins_or_loses_never_both(opened, until, delegation, contributor):
    later = until + timedelta(minutes=1)
    results = at_once(
        lambda: operations.adopt_due_summaries(later),
        lambda: operations.object_to_summary(opened, delegation, reason="Sample reason", by=contributor),
    )
    opened.refresh_from_db()
    objections = SummaryComment.objects.filter(kind="objection").count()
    if opened.outcome == Outcome.ADOPTED:
        assert (results[0], objections) == (1, 0)
        assert isinstance(results[1], RoundNotOpen)
    else:
        assert (opened.outcome, results[0], objections) == (Outcome.OBJECTED, 0, 1)
