"""Reminders by the clock: to the missing alone, once, in each delegate's own morning."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection

from icoca_portal.outbox.models import Message
from members.models import How, Notice, User
from members.notices import telling
from questionnaires import circulation, operations
from questionnaires.models import Questionnaire, Reminder
from tests import factories
from tests.questionnaires.answering import at_once
from tests.questionnaires.circulating import (
    DEADLINE,
    GENEVA,
    HONOLULU,
    KIRITIMATI,
    NEW_YORK,
    OPENED,
    in_place,
    person,
    submit,
    told,
)

pytestmark = pytest.mark.django_db
WEEK = datetime(2018, 4, 23, 8, tzinfo=GENEVA)
"""08:00 in Geneva, seven days before the deadline."""


def make(**options) -> Questionnaire:
    with time_machine.travel(OPENED):
        return factories.QuestionnaireFactory(
            title="Sample plan 2018", slug="sample-plan", deadline=DEADLINE, **options
        )


def remind(moment: datetime) -> int:
    with time_machine.travel(moment):
        return operations.send_due_reminders(moment)


def test_who_writes_is_reminded_at_eight_and_not_before_and_not_again(
    delegation, focal_point, contributor, reader
) -> None:
    make()

    assert remind(WEEK - timedelta(seconds=1)) == 0
    assert remind(WEEK) == 2
    assert remind(WEEK + timedelta(seconds=30)) == 0
    assert remind(WEEK + timedelta(hours=15)) == 0
    assert told("response-due") == [contributor.email, focal_point.email]


def test_each_of_the_days_has_its_reminder_and_no_other_day(delegation, focal_point) -> None:
    make()

    reminded = [
        day for day in range(20, -2, -1) if remind(in_place("Europe/Zurich", 2018, 4, 30, 9) - timedelta(days=day))
    ]

    assert reminded == [14, 7, 2]
    assert list(Reminder.objects.order_by("-days").values_list("days", flat=True)) == [14, 7, 2]


@pytest.mark.parametrize(
    ("zone", "due"),
    [
        # In Kiritimati (UTC+14) the deadline is 1 May, 06:00; in Honolulu (UTC−10) it is 30 April, 06:00.
        (KIRITIMATI, datetime(2018, 4, 23, 18, tzinfo=UTC)),
        (HONOLULU, datetime(2018, 4, 23, 18, tzinfo=UTC)),
        (NEW_YORK, datetime(2018, 4, 23, 12, tzinfo=UTC)),
        ("Asia/Kolkata", datetime(2018, 4, 23, 2, 30, tzinfo=UTC)),
        ("Nowhere/Unknown", datetime(2018, 4, 23, 6, tzinfo=UTC)),
    ],
)
def test_the_morning_and_the_days_are_those_of_the_delegates_own_zone(delegation, zone, due) -> None:
    make()
    person(delegation, zone)

    assert remind(due - timedelta(seconds=1)) == 0
    assert remind(due) == 1
    assert Reminder.objects.get().days == 7


def test_the_same_hour_is_two_different_days_in_kiribati_and_honolulu(delegation, other_delegation) -> None:
    """Both are reminded at 18:00 UTC: in Kiribati it is the morning of the 24th and the deadline on the 1st, in
    Honolulu the morning of the 23rd and the deadline on the 30th."""
    make()
    east, west = person(delegation, KIRITIMATI), person(other_delegation, HONOLULU)

    assert remind(datetime(2018, 4, 23, 18, tzinfo=UTC)) == 2

    texts = {message.recipient: message.text for message in Message.objects.filter(key__startswith="response-due:")}
    assert "That is Tuesday 1 May 2018, 06:00 in Kiritimati (UTC+14)." in texts[east.email]
    assert "That is 06:00 in Honolulu (UTC−10)." in texts[west.email]


def test_a_day_on_which_nothing_ran_is_not_made_up_for(delegation, focal_point) -> None:
    make()

    assert remind(WEEK + timedelta(days=1)) == 0
    assert remind(DEADLINE - timedelta(days=2)) == 1


def test_a_worker_that_comes_back_in_the_evening_reminds_the_same_day(delegation, focal_point) -> None:
    make()

    assert remind(WEEK.replace(hour=23, minute=59, second=59)) == 1


@pytest.mark.parametrize("state", ["submitted", "closed", "over"])
def test_nobody_is_reminded_of_what_is_done_or_over(delegation, focal_point, state) -> None:
    questionnaire = make(reminder_days=[7, 0])
    moment = WEEK
    with time_machine.travel(OPENED):
        if state == "submitted":
            submit(questionnaire, delegation, focal_point)
        elif state == "closed":
            operations.close_questionnaire(questionnaire, by=focal_point)
        else:
            moment = DEADLINE

    assert remind(moment) == 0
    assert told("response-due") == []


def test_the_day_itself_may_be_a_day_of_reminders(delegation, focal_point) -> None:
    make(reminder_days=[0])

    assert remind(DEADLINE.replace(hour=8)) == 1


def test_a_returned_response_is_missing_and_the_text_says_so(delegation, focal_point) -> None:
    questionnaire = make()
    with time_machine.travel(OPENED):
        submission = submit(questionnaire, delegation, focal_point)
        operations.return_response(submission.response, reason="Sample reason", by=focal_point)

    assert remind(WEEK) == 1
    assert "It was returned for a correction" in Message.objects.get(key__startswith="response-due:").text


def test_the_text_says_how_far_by_when_and_where(delegation, focal_point) -> None:
    questionnaire = make()
    with time_machine.travel(OPENED):
        change = operations.Change(factories.question_of(questionnaire, "long_text").pk, "A secret draft", 0)
        operations.save_answers(questionnaire, delegation, [change], by=focal_point)

    remind(WEEK)

    message = Message.objects.get(key__startswith="response-due:")
    total = len(questionnaire.edition.questions.by_id)
    assert message.subject == "Reminder: Sample plan 2018"
    assert f"1 of {total} questions are answered ({100 // total} %)." in message.text
    assert "Due: Monday 30 April 2018, 18:00 Geneva" in message.text
    assert "/questionnaires/sample-plan/response/" in message.text
    assert "A secret draft" not in message.text


def test_each_reads_it_in_their_own_language_with_the_title_in_it(delegation) -> None:
    make(translations={"fr": {"title": "Plan exemple 2018"}})
    person(delegation, language="fr")

    remind(WEEK)

    message = Message.objects.get(key__startswith="response-due:")
    assert message.language == "fr"
    assert "Plan exemple 2018" in message.subject
    assert "lundi 30 avril 2018" in message.text


def test_a_moved_deadline_gives_new_days(delegation, focal_point) -> None:
    questionnaire = make()
    assert remind(WEEK) == 1
    with time_machine.travel(WEEK + timedelta(hours=1)):
        operations.move_deadline(questionnaire, to=DEADLINE + timedelta(days=7), by=focal_point)

    assert remind(DEADLINE - timedelta(days=2)) == 0
    assert remind(WEEK + timedelta(days=7)) == 1
    assert Reminder.objects.filter(days=7).count() == 2


def test_an_extension_gives_a_delegation_days_of_its_own(
    delegation, other_delegation, focal_point, other_focal_point
) -> None:
    questionnaire = make(reminder_days=[2])
    with time_machine.travel(WEEK):
        operations.extend_deadline(
            questionnaire, delegation, until=DEADLINE + timedelta(days=10), reason="Sample", by=focal_point
        )

    remind(DEADLINE - timedelta(days=2))
    assert told("response-due") == [other_focal_point.email]
    remind(DEADLINE + timedelta(days=8))
    assert told("response-due") == [focal_point.email, other_focal_point.email]


@pytest.mark.parametrize("what", ["opened", "moved", "extended", "invited", "returned"])
def test_who_was_told_of_the_deadline_this_morning_is_not_reminded_of_it_at_once(
    delegation, focal_point, secretariat, what
) -> None:
    noon = WEEK.replace(hour=12)
    if what == "opened":
        with time_machine.travel(noon):
            factories.QuestionnaireFactory(deadline=DEADLINE)
    else:
        questionnaire = make(reminder_days=[7])
        if what == "invited":
            Questionnaire.objects.filter(pk=questionnaire.pk).update(audience="chosen")
            questionnaire.invitations.all().delete()
        with time_machine.travel(OPENED):
            if what == "returned":
                response = submit(questionnaire, delegation, focal_point).response
        with time_machine.travel(noon):
            if what == "moved":
                operations.move_deadline(questionnaire, to=DEADLINE + timedelta(hours=1), by=secretariat)
            elif what == "extended":
                until = DEADLINE + timedelta(hours=1)
                operations.extend_deadline(questionnaire, delegation, until=until, reason="Sample", by=secretariat)
            elif what == "invited":
                operations.invite_delegations(questionnaire, [delegation.organisation], by=secretariat)
            else:
                operations.return_response(response, reason="Sample reason", by=secretariat)

    assert remind(noon + timedelta(minutes=1)) == 0


def test_people_of_no_use_are_left_out(delegation, focal_point, inactive, reader) -> None:
    factories.DelegateFactory(delegation=delegation, user=factories.UserFactory(), valid_to=date(2018, 4, 1))
    make()

    remind(WEEK)

    assert told("response-due") == [focal_point.email]


def test_one_whom_no_mail_can_be_queued_for_keeps_nobody_else_from_it(
    delegation, focal_point, other_delegation, other_focal_point, caplog
) -> None:
    make()
    User.objects.filter(pk=focal_point.pk).update(email="no address")

    assert remind(WEEK) == 2

    assert told("response-due") == [other_focal_point.email]
    assert f"No mail reaches person {focal_point.pk}" in caplog.text
    assert Notice.objects.get(user=focal_point, kind="response_due").how == How.DESK


def test_stopped_in_the_middle_the_next_run_reminds_the_others_once(
    delegation, focal_point, contributor, other_delegation, other_focal_point, monkeypatch
) -> None:
    """The worker is killed while it queues the second message: what that transaction did is undone with it."""
    make()
    queue, calls = telling.queue_messages, []

    def killed(letters):
        calls.append(letters)
        if len(calls) == 2:
            raise SystemExit
        return queue(letters)

    with monkeypatch.context() as patch:
        patch.setattr(telling, "queue_messages", killed)
        with pytest.raises(SystemExit):
            remind(WEEK)
    assert (Reminder.objects.count(), len(told("response-due"))) == (1, 1)

    assert remind(WEEK + timedelta(seconds=30)) == 2
    assert told("response-due") == sorted([focal_point.email, contributor.email, other_focal_point.email])


@pytest.mark.parametrize("what", ["submitted", "moved", "closed"])
def test_what_happens_between_the_look_and_the_mail_counts(
    delegation, focal_point, other_focal_point, monkeypatch, what
) -> None:
    """The list of who is due was made; before the first message is queued the deadline moves, or the response comes."""
    questionnaire = make()
    with time_machine.travel(OPENED):
        response = factories.ResponseFactory(questionnaire=questionnaire, delegation=delegation, by=focal_point)
    look = circulation.reminders_due

    def then(now):
        found = [due for due in look(now) if due.delegate.user == focal_point]
        if what == "submitted":
            operations.submit_response(response, by=focal_point)
        elif what == "moved":
            operations.move_deadline(questionnaire, to=DEADLINE + timedelta(days=30), by=focal_point)
        else:
            operations.close_questionnaire(questionnaire, by=focal_point)
        return iter(found)

    monkeypatch.setattr(circulation, "reminders_due", then)

    assert remind(WEEK) == 0
    assert told("response-due") == []


def test_a_worker_whose_clock_goes_wrong_sends_nothing_twice(delegation, focal_point) -> None:
    """Ten minutes ahead of the other worker, then an hour behind."""
    make()

    assert remind(WEEK + timedelta(minutes=10)) == 1
    assert remind(WEEK) == 0
    assert remind(WEEK - timedelta(hours=1)) == 0
    assert remind(WEEK + timedelta(minutes=11)) == 0


def test_who_moves_to_another_zone_is_not_reminded_twice(delegation, focal_point) -> None:
    make()
    assert remind(WEEK) == 1
    User.objects.filter(pk=focal_point.pk).update(time_zone=NEW_YORK)

    assert remind(WEEK.replace(hour=16)) == 0


def test_nothing_due_costs_two_queries_a_questionnaire(delegation, focal_point, django_assert_max_num_queries) -> None:
    make()
    with time_machine.travel(OPENED), django_assert_max_num_queries(2):
        operations.send_due_reminders(OPENED + timedelta(days=1))


def test_the_look_costs_the_same_for_1_and_for_30_delegations(django_assert_max_num_queries) -> None:
    make()
    for count in (1, 29):
        for _number in range(count):
            person(factories.DelegationFactory())
        with time_machine.travel(WEEK), django_assert_max_num_queries(8):
            assert list(circulation.reminders_due(WEEK))


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_remind_each_person_once(delegation, focal_point, contributor, other_focal_point) -> None:
    if connection.vendor == "sqlite":
        connection.close()
    make()

    with time_machine.travel(WEEK, tick=False):
        counts = at_once([lambda: operations.send_due_reminders(WEEK)] * 4)

    assert sum(counts) == 3
    assert told("response-due") == sorted([focal_point.email, contributor.email, other_focal_point.email])


@pytest.mark.parametrize("place", ["Europe/Zurich", NEW_YORK, "Africa/Cairo", "Australia/Lord_Howe"])
@pytest.mark.parametrize("month", [3, 4, 10, 11])
def test_every_day_of_a_month_in_which_clocks_change_has_one_morning(place, month) -> None:
    """Asked every half hour: each day begins at 08:00 there and ends at midnight, and no number of days comes twice."""
    deadline = datetime(2018, month, 28, 17, tzinfo=UTC)
    moment, seen = datetime(2018, month, 1, tzinfo=UTC), {}
    while moment < deadline:
        count = circulation.days_due(deadline, OPENED.replace(year=2017), place, moment)
        if count is not None:
            seen.setdefault(count, []).append(moment.astimezone(ZoneInfo(place)))
        moment += timedelta(minutes=30)

    for count in range(1, 25):
        assert len({there.date() for there in seen[count]}) == 1
        assert (seen[count][0].hour, seen[count][0].minute, seen[count][-1].hour) == (8, 0, 23)
