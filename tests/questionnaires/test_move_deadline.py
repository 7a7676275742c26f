"""Another deadline for an open questionnaire."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from icoca_portal.outbox.models import Message
from questionnaires import operations
from questionnaires.exceptions import QuestionnaireNotReady
from questionnaires.models import Questionnaire
from tests import factories
from tests.questionnaires.board import REFUSED, make_questionnaire

pytestmark = pytest.mark.django_db
LATER = {"to_0": "2090-07-31", "to_1": "18:00"}
LATER_UTC = datetime(2090, 7, 31, 16, tzinfo=ZoneInfo("UTC"))


@pytest.fixture
def questionnaire() -> Questionnaire:
    return make_questionnaire()


def address(questionnaire: Questionnaire) -> str:
    return reverse("admin:questionnaires_questionnaire_move_deadline", args=[questionnaire.pk])


@pytest.mark.parametrize("who", ["secretariat", "superuser"])
def test_the_hour_is_genevas_and_who_has_not_submitted_is_told(
    questionnaire, client_of, request, who, delegation, focal_point, other_delegation, other_focal_point
) -> None:
    user = request.getfixturevalue(who)
    user.time_zone = "Asia/Tokyo"
    user.save()
    factories.SubmissionFactory(response__questionnaire=questionnaire, response__delegation=delegation, by=focal_point)
    Message.objects.all().delete()
    browser = client_of(who)

    page = browser.get(address(questionnaire))
    answer = browser.post(address(questionnaire), LATER)

    assert "The deadline is" in page.text
    assert answer.status_code == 302
    questionnaire.refresh_from_db()
    assert questionnaire.deadline == LATER_UTC
    assert [message.recipient for message in Message.objects.all()] == [other_focal_point.email]


def test_a_day_that_has_passed_is_refused_and_stays_in_the_form(questionnaire, client_of, secretariat) -> None:
    before = questionnaire.deadline

    answer = client_of("secretariat").post(address(questionnaire), {"to_0": "2018-06-06", "to_1": "18:00"})

    assert answer.status_code == 422
    assert "Set a deadline that is still to come." in answer.text
    assert 'value="2018-06-06"' in answer.text
    questionnaire.refresh_from_db()
    assert questionnaire.deadline == before
    with pytest.raises(QuestionnaireNotReady):
        operations.move_deadline(questionnaire, to=datetime(2018, 6, 6, tzinfo=ZoneInfo("UTC")), by=secretariat)


@pytest.mark.parametrize("data", [{}, {"to_0": "2090-07-31"}, {"to_0": "soon", "to_1": "18:00"}])
def test_half_a_moment_is_refused(questionnaire, client_of, data) -> None:
    before = questionnaire.deadline

    assert client_of("secretariat").post(address(questionnaire), data).status_code == 422
    questionnaire.refresh_from_db()
    assert questionnaire.deadline == before


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_only_that_of_an_open_one_is_moved(client_of, secretariat, state) -> None:
    questionnaire = factories.QuestionnaireFactory(opened=state != "draft")
    if state == "closed":
        operations.close_questionnaire(questionnaire, by=secretariat)

    answer = client_of("secretariat").post(address(questionnaire), LATER)

    assert answer.status_code == 422
    assert "The questionnaire is not open." in answer.text


@pytest.mark.parametrize("who", [*REFUSED, "director", "visitor", "inactive"])
def test_others_cannot(questionnaire, client_of, who) -> None:
    before = questionnaire.deadline

    assert client_of(who).post(address(questionnaire), LATER).status_code in (302, 403)
    questionnaire.refresh_from_db()
    assert questionnaire.deadline == before
