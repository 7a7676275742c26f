"""What of questionnaires waits on a person's desk."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from icoca_portal.lib.days import today
from icoca_portal.lib.desk import Waiting
from icoca_portal.lib.months import Months
from members.models import User
from questionnaires import desk, operations
from questionnaires.desk import own_responses, secretariat_day
from questionnaires.models import Submission
from tests import factories
from tests.questionnaires.answering import STATES, address, bring_to, draft, make_questionnaire

pytestmark = pytest.mark.django_db


def waiting_for(user: User) -> list[Waiting]:
    found = desk.on_desk(user, own_responses(user), Months.asked("", today()))
    return desk.in_detail(user, found.waiting)


def submissions_of(user: User) -> list[Submission]:
    return desk.submissions_of(own_responses(user))


@pytest.mark.parametrize("who", ["focal_point", "contributor", "reader"])
def test_an_open_questionnaire_waits_for_the_delegation(request, who) -> None:
    questionnaire = make_questionnaire()

    (thing,) = waiting_for(request.getfixturevalue(who))

    assert thing.title == "Sample plan 2018"
    assert thing.url == address("read_response")
    assert thing.due == questionnaire.deadline
    assert thing.detail.startswith("Not started.")
    assert thing.action == ("Read your delegation’s response" if who == "reader" else "Start your response")


def test_it_says_how_far_the_response_is(delegation, focal_point, other_focal_point) -> None:
    response = draft(make_questionnaire(), delegation)

    (thing,) = waiting_for(focal_point)
    assert "15 of 16 questions answered." in thing.detail
    assert thing.action == "Continue your response"
    assert "Not started." in waiting_for(other_focal_point)[0].detail

    bring_to("returned", response, focal_point)
    (thing,) = waiting_for(focal_point)
    assert thing.detail.startswith("Returned by the secretariat with a reason.")
    assert thing.action == "Correct your response"


@pytest.mark.parametrize("state", STATES)
def test_nothing_waits_where_nothing_can_be_written(delegation, focal_point, state) -> None:
    bring_to(state, draft(make_questionnaire(), delegation), focal_point)

    assert waiting_for(focal_point) == []


def test_a_draft_questionnaire_waits_for_nobody(focal_point, director) -> None:
    make_questionnaire(opened=False)
    assert waiting_for(focal_point) == waiting_for(director) == []


@pytest.mark.parametrize("who", ["chair", "secretariat", "director"])
def test_nothing_waits_for_those_who_do_not_answer(request, delegation, who) -> None:
    draft(make_questionnaire(), delegation)
    assert waiting_for(request.getfixturevalue(who)) == []


def test_submissions_wait_for_the_board_and_drafts_do_not(delegation, other_delegation, focal_point, director) -> None:
    questionnaire = make_questionnaire()
    draft(questionnaire, other_delegation)
    bring_to("submitted", draft(questionnaire, delegation), focal_point)

    (thing,) = waiting_for(director)

    assert thing.url == address("review_questionnaire")
    assert thing.detail == "1 delegation has submitted. You have not read it yet."


def test_submissions_on_record_are_those_of_the_own_delegation(
    delegation, focal_point, other_focal_point, director
) -> None:
    response = draft(make_questionnaire(), delegation)
    bring_to("returned", response, focal_point)
    second = operations.submit_response(response, by=focal_point)

    assert submissions_of(focal_point) == [second]
    assert submissions_of(other_focal_point) == submissions_of(director) == []


def test_the_secretariat_sees_how_many_are_missing(delegation, other_delegation, focal_point) -> None:
    questionnaire = make_questionnaire()
    draft(questionnaire, other_delegation)
    bring_to("submitted", draft(questionnaire, delegation), focal_point)
    factories.DelegationFactory()

    (day,) = secretariat_day()

    assert (day.submitted, day.drafts, day.returned, day.not_started, day.total) == (1, 1, 0, 1, 3)


def test_the_desk_costs_the_same_queries_for_one_and_for_eight_questionnaires(delegation, focal_point) -> None:
    counts = []
    for number in (1, 7):
        for _ in range(number):
            draft(factories.QuestionnaireFactory(), delegation)
        waiting_for(focal_point)
        with CaptureQueriesContext(connection) as captured:
            waiting_for(focal_point)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 3


def test_a_delegation_that_submitted_twice_is_counted_once_for_the_board(delegation, focal_point, director) -> None:
    response = draft(make_questionnaire(), delegation)
    bring_to("returned", response, focal_point)
    operations.submit_response(response, by=focal_point)

    (thing,) = waiting_for(director)

    assert thing.detail == "1 delegation has submitted. You have not read it yet."
