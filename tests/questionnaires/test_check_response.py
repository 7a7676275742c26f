"""All answers on one page, and what stops the submission."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories import question_of
from tests.questionnaires.answering import (
    SECRET,
    STATES,
    WITHOUT_DELEGATION,
    address,
    assert_same_queries,
    bring_to,
    draft,
    make_questionnaire,
)

pytestmark = pytest.mark.django_db
PAGE = address("check_response")
BUTTON = "Submit the response"


def test_the_focal_point_reads_all_answers_and_may_submit(questionnaire, delegation, client_of) -> None:
    draft(questionnaire, delegation, scale=5)

    text = client_of("focal_point").get(PAGE).text

    for shown in (
        "Sample short answer",
        "Yes",
        "First; Third",
        "5 (very important)",
        "12.5",
        "1. Second",
        "Row one: First",
    ):
        assert shown in text
    assert "stops the submission" not in text
    assert BUTTON in text
    assert "as No. 1" in text


@pytest.mark.parametrize("who", ["reader", "contributor"])
def test_others_of_the_delegation_read_and_learn_who_submits(
    questionnaire, delegation, focal_point, client_of, who
) -> None:
    draft(questionnaire, delegation)

    text = client_of(who).get(PAGE).text

    assert "Sample short answer" in text
    assert BUTTON not in text
    assert "Only the focal point submits. Ask Sample Focal Point." in text


def test_without_a_focal_point_the_secretariat_is_asked(questionnaire, delegation, client_of) -> None:
    draft(questionnaire, delegation)

    assert "your delegation has none today" in client_of("contributor").get(PAGE).text


@pytest.mark.parametrize("who", WITHOUT_DELEGATION)
def test_who_has_no_delegation_is_refused(questionnaire, delegation, client_of, who) -> None:
    draft(questionnaire, delegation)

    assert client_of(who).get(PAGE).status_code == 403


def test_another_delegation_sees_its_own(questionnaire, delegation, client_of) -> None:
    draft(questionnaire, delegation, long_text=SECRET)

    page = client_of("other_focal_point").get(PAGE)

    assert page.status_code == 200
    assert SECRET not in page.text
    assert "Nothing is answered yet" in page.text
    assert BUTTON not in page.text


@pytest.mark.parametrize("who", ["visitor", "inactive"])
def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(questionnaire, client_of, who) -> None:
    answer = client_of(who).get(PAGE)

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_an_unknown_and_a_draft_questionnaire_are_not_found(client_of) -> None:
    assert client_of("focal_point").get(PAGE).status_code == 404
    make_questionnaire(opened=False)
    assert client_of("focal_point").get(PAGE).status_code == 404


def test_what_stops_the_submission_is_named_and_linked(questionnaire, delegation, client_of) -> None:
    draft(questionnaire, delegation, number="twelve", single={"choice": "", "other": "text"}, date="soon")
    number, day = question_of(questionnaire, "number"), question_of(questionnaire, "date")

    text = client_of("focal_point").get(PAGE).text

    assert "3 answers stop the submission" in text
    for question in (number, day):
        assert f'href="#a-{question.pk}"' in text
        assert f'id="a-{question.pk}" class="is-wrong"' in text
    assert "twelve" in text
    assert BUTTON not in text


@pytest.mark.parametrize("state", STATES)
def test_where_nothing_can_be_submitted_there_is_no_button(
    questionnaire, delegation, focal_point, client_of, state
) -> None:
    bring_to(state, draft(questionnaire, delegation), focal_point)

    text = client_of("focal_point").get(PAGE).text

    assert "Sample short answer" in text
    assert BUTTON not in text
    assert ">Change<" not in text
    assert ("Open the receipt" if state == "submitted" else "takes no more answers") in text


def test_a_returned_response_is_submitted_as_the_next_number(questionnaire, delegation, focal_point, client_of) -> None:
    bring_to("returned", draft(questionnaire, delegation), focal_point)

    text = client_of("focal_point").get(PAGE).text

    assert BUTTON in text
    assert "as No. 2" in text


def test_hostile_answers_are_shown_as_text(questionnaire, delegation, client_of) -> None:
    draft(
        questionnaire, delegation, long_text='"><script>alert(1)</script>{{ 7 }}', short_text="\u202eevil' onfocus='x"
    )

    text = client_of("focal_point").get(PAGE).text

    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 }}" in text


def test_it_is_only_read(questionnaire, client_of) -> None:
    assert client_of("focal_point").post(PAGE).status_code == 405


def test_it_costs_the_same_queries_for_one_and_for_thirty_questions(client_of, delegation) -> None:
    assert_same_queries(client_of, delegation, "check_response")
