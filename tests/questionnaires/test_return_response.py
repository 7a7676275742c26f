"""Returning a submitted response with a reason."""

from __future__ import annotations

import pytest
from django.urls import reverse

from icoca_portal.outbox.models import Message
from questionnaires import operations
from questionnaires.exceptions import NothingSubmitted, QuestionnaireClosed
from questionnaires.models import Questionnaire, Response, ReturnRecord
from tests import factories
from tests.questionnaires.board import REFUSED, make_questionnaire

pytestmark = pytest.mark.django_db
REASON = {"reason": "  Sample reason to return  "}


@pytest.fixture
def questionnaire() -> Questionnaire:
    return make_questionnaire()


@pytest.fixture
def response(questionnaire, delegation, focal_point) -> Response:
    submission = factories.SubmissionFactory(
        response__questionnaire=questionnaire, response__delegation=delegation, by=focal_point
    )
    return submission.response


def address(response: Response) -> str:
    return reverse("admin:questionnaires_response_return_response", args=[response.pk])


@pytest.mark.parametrize("who", ["secretariat", "superuser"])
def test_it_is_returned_with_the_reason_and_the_record_stays(
    response, client_of, request, who, focal_point, contributor, reader
) -> None:
    Message.objects.all().delete()
    browser = client_of(who)

    page = browser.get(address(response))
    answer = browser.post(address(response), REASON)

    assert "Return the response" in page.text
    assert answer.status_code == 302
    response.refresh_from_db()
    assert response.state == "returned"
    record = ReturnRecord.objects.get()
    assert (record.reason, record.returned_by) == ("Sample reason to return", request.getfixturevalue(who))
    assert record.submission.is_intact
    assert {message.recipient for message in Message.objects.all()} == {focal_point.email, contributor.email}
    assert all("Sample reason to return" in message.text for message in Message.objects.all())


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_reason_is_asked_for(response, client_of, reason) -> None:
    answer = client_of("secretariat").post(address(response), {"reason": reason})

    assert answer.status_code == 422
    assert "Write the reason." in answer.text
    response.refresh_from_db()
    assert response.state == "submitted"


def test_a_draft_is_not_returned(questionnaire, client_of, secretariat) -> None:
    draft = factories.ResponseFactory(questionnaire=questionnaire)

    answer = client_of("secretariat").post(address(draft), REASON)

    assert answer.status_code == 422
    assert "Only a submitted response can be returned." in answer.text
    assert "Sample reason to return" in answer.text
    with pytest.raises(NothingSubmitted):
        operations.return_response(draft, reason="Sample", by=secretariat)


def test_what_could_not_be_submitted_again_is_not_returned(questionnaire, response, client_of, secretariat) -> None:
    operations.close_questionnaire(questionnaire, by=secretariat)

    answer = client_of("secretariat").post(address(response), REASON)

    assert answer.status_code == 422
    assert "move the deadline, first." in answer.text
    response.refresh_from_db()
    assert response.state == "submitted"
    with pytest.raises(QuestionnaireClosed):
        operations.return_response(response, reason="Sample", by=secretariat)


def test_the_page_of_a_submitted_response_leads_to_it(response, client_of) -> None:
    browser = client_of("secretariat")
    page = reverse("admin:questionnaires_response_change", args=[response.pk])

    assert address(response) in browser.get(page).text
    browser.post(address(response), REASON)
    after = browser.get(page).text
    assert address(response) not in after
    assert "Sample reason to return" in after


def test_a_response_that_is_not_there_is_not_found(client_of) -> None:
    missing = reverse("admin:questionnaires_response_return_response", args=[4711])

    assert client_of("secretariat").get(missing).status_code == 404


@pytest.mark.parametrize("who", [*REFUSED, "director", "visitor", "inactive"])
def test_others_cannot(response, client_of, who) -> None:
    assert client_of(who).post(address(response), REASON).status_code in (302, 403)
    response.refresh_from_db()
    assert response.state == "submitted"
