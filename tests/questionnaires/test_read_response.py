"""The task list of a delegation's response."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from members.models import Delegate
from questionnaires import operations
from questionnaires.models import Response
from tests import factories
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
PAGE = address("read_response")


@pytest.mark.parametrize("who", ["reader", "contributor", "focal_point"])
def test_the_delegation_sees_how_far_it_is(questionnaire, delegation, client_of, who) -> None:
    response = draft(questionnaire, delegation, number="twelve", long_text=None)

    text = client_of(who).get(PAGE).text

    assert "14 of 16 questions answered" in text
    assert "One answer stops the submission." in text
    assert "Needs attention" in text
    assert str(response.answers.first().saved_by) in text


@pytest.mark.parametrize("who", ["reader", "contributor", "focal_point"])
def test_reading_begins_nothing(questionnaire, client_of, who) -> None:
    page = client_of(who).get(PAGE)

    assert page.status_code == 200
    assert "Not started" in page.text
    assert "0 of 16 questions answered" in page.text
    assert not Response.objects.exists()


@pytest.mark.parametrize("who", WITHOUT_DELEGATION)
def test_who_has_no_delegation_is_refused(questionnaire, delegation, client_of, who) -> None:
    draft(questionnaire, delegation)

    page = client_of(who).get(PAGE)

    assert page.status_code == 403
    assert "only they see their drafts" in page.text


def test_another_delegation_sees_its_own(questionnaire, delegation, client_of) -> None:
    draft(questionnaire, delegation, long_text=SECRET)

    page = client_of("other_focal_point").get(PAGE)

    assert page.status_code == 200
    assert "0 of 16 questions answered" in page.text
    assert SECRET not in page.text


def test_a_delegate_whose_dates_are_over_is_shut_out_at_once(questionnaire, delegation, focal_point, client_of) -> None:
    draft(questionnaire, delegation)
    browser = client_of("focal_point")
    assert browser.get(PAGE).status_code == 200

    Delegate.objects.filter(user=focal_point).update(valid_to=date(2018, 1, 1))

    answer = browser.get(PAGE)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("who", ["visitor", "inactive"])
def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(questionnaire, client_of, who) -> None:
    answer = client_of(who).get(PAGE)

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("who", ["focal_point", "other_focal_point"])
def test_a_draft_questionnaire_and_an_unknown_one_do_not_exist(client_of, who) -> None:
    assert client_of(who).get(PAGE).status_code == 404
    make_questionnaire(opened=False)
    assert client_of(who).get(PAGE).status_code == 404


def test_nor_does_a_draft_for_staff_of_a_delegation(client_of, delegation, secretariat) -> None:
    factories.DelegateFactory(user=secretariat, delegation=delegation)
    make_questionnaire(opened=False)

    assert client_of("secretariat").get(PAGE).status_code == 404


@pytest.mark.parametrize("state", STATES)
def test_it_stays_readable_and_says_why_nothing_can_be_written(
    questionnaire, delegation, focal_point, client_of, state
) -> None:
    bring_to(state, draft(questionnaire, delegation), focal_point)

    text = client_of("focal_point").get(PAGE).text

    assert "15 of 16 questions answered" in text
    assert ("submitted and sealed" if state == "submitted" else "takes no more answers") in text
    assert ("SP-ch-1" in text) == (state == "submitted")


def test_a_returned_response_gives_the_reason(questionnaire, delegation, focal_point, client_of) -> None:
    response = draft(questionnaire, delegation)
    bring_to("returned", response, focal_point)

    text = client_of("contributor").get(PAGE).text

    assert "Sample reason to return" in text
    assert "SP-ch-1 stays on record" in text
    assert "Receipt of No. 1" in text

    operations.submit_response(response, by=focal_point)
    assert "Sample reason to return" not in client_of("contributor").get(PAGE).text


def test_it_is_only_read(questionnaire, client_of) -> None:
    assert client_of("focal_point").post(PAGE).status_code == 405


def test_it_costs_the_same_queries_for_one_and_for_thirty_questions(client_of, delegation) -> None:
    assert_same_queries(client_of, delegation, "read_response")
