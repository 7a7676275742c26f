"""Closing: no more answers; drafts stay readable for their delegations."""

from __future__ import annotations

import pytest
from django.urls import reverse

from questionnaires import operations
from questionnaires.exceptions import QuestionnaireClosed
from questionnaires.models import Questionnaire
from tests import factories
from tests.factories import question_of
from tests.questionnaires.board import REFUSED, make_questionnaire

pytestmark = pytest.mark.django_db


@pytest.fixture
def questionnaire() -> Questionnaire:
    return make_questionnaire()


def address(questionnaire: Questionnaire) -> str:
    return reverse("admin:questionnaires_questionnaire_close_questionnaire", args=[questionnaire.pk])


@pytest.mark.parametrize("who", ["secretariat", "superuser"])
def test_it_is_confirmed_and_then_closed(questionnaire, client_of, request, who) -> None:
    browser = client_of(who)

    page = browser.get(address(questionnaire))
    answer = browser.post(address(questionnaire))

    assert "This cannot be undone." in page.text
    assert answer.status_code == 302
    questionnaire.refresh_from_db()
    assert questionnaire.state == "closed"
    assert questionnaire.closed_by == request.getfixturevalue(who)


def test_afterwards_no_answer_is_taken(questionnaire, delegation, focal_point, secretariat) -> None:
    response = factories.ResponseFactory(questionnaire=questionnaire, delegation=delegation)
    operations.close_questionnaire(questionnaire, by=secretariat)
    change = operations.Change(question_of(questionnaire, "long_text").pk, "Late", 1)

    with pytest.raises(QuestionnaireClosed):
        operations.save_answers(questionnaire, delegation, [change], by=focal_point)
    with pytest.raises(QuestionnaireClosed):
        operations.submit_response(response, by=focal_point)


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_only_an_open_one_is_closed(client_of, secretariat, state) -> None:
    questionnaire = factories.QuestionnaireFactory(opened=state != "draft")
    if state == "closed":
        operations.close_questionnaire(questionnaire, by=secretariat)

    answer = client_of("secretariat").post(address(questionnaire))

    assert answer.status_code == 422
    assert "The questionnaire is not open." in answer.text
    questionnaire.refresh_from_db()
    assert questionnaire.state == state


@pytest.mark.parametrize("who", [*REFUSED, "director", "visitor", "inactive"])
def test_others_cannot(questionnaire, client_of, who) -> None:
    assert client_of(who).post(address(questionnaire)).status_code in (302, 403)
    questionnaire.refresh_from_db()
    assert questionnaire.state == "open"
