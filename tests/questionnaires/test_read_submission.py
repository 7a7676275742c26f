"""The receipt as a page."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from icoca_portal.lib import sealing
from questionnaires import operations
from questionnaires.models import Submission
from tests.questionnaires.answering import SECRET, WITHOUT_DELEGATION, address, bring_to, draft, make_questionnaire

pytestmark = pytest.mark.django_db
PAGE = address("read_submission")


@pytest.fixture
def response(delegation, focal_point):
    response = draft(make_questionnaire(), delegation, long_text=SECRET)
    bring_to("submitted", response, focal_point)
    return response


@pytest.mark.parametrize("who", ["reader", "contributor", "focal_point"])
def test_the_delegation_has_its_receipt(response, client_of, who) -> None:
    page = client_of(who).get(PAGE)

    assert page.status_code == 200
    submission = Submission.objects.get()
    for shown in (
        "SP-ch-1",
        "No. 1",
        sealing.grouped(submission.sha256),
        "Sample Focal Point",
        "Geneva",
        "Switzerland",
    ):
        assert shown in page.text
    for name in ("export_receipt", "export_response_docx", "export_response_pdf", "verify_submission"):
        assert address(name) in page.text


@pytest.mark.parametrize("who", WITHOUT_DELEGATION)
def test_who_has_no_delegation_is_refused(response, client_of, who) -> None:
    assert client_of(who).get(PAGE).status_code == 403


@pytest.mark.parametrize("who", ["visitor", "inactive"])
def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(response, client_of, who) -> None:
    answer = client_of(who).get(PAGE)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_another_delegation_has_none_of_it(response, client_of) -> None:
    answer = client_of("other_focal_point").get(PAGE, follow=True)
    assert answer.redirect_chain == [(address("read_response"), 302)]
    assert "SP-ch-1" not in answer.text


def test_before_the_submission_there_is_the_task_list(delegation, client_of) -> None:
    draft(make_questionnaire(), delegation)
    assert client_of("focal_point").get(PAGE)["Location"] == address("read_response")


def test_an_unknown_and_a_draft_questionnaire_are_not_found(client_of) -> None:
    assert client_of("focal_point").get(PAGE).status_code == 404
    make_questionnaire(opened=False)
    assert client_of("focal_point").get(PAGE).status_code == 404


def test_after_a_return_the_receipt_and_the_reason_stay(response, focal_point, client_of) -> None:
    operations.return_response(response, reason="Sample <reason>", by=focal_point)

    text = client_of("focal_point").get(PAGE).text

    assert "Receipt of submission No. 1" in text
    assert "Sample &lt;reason&gt;" in text
    assert "Your response is submitted" not in text


def test_an_earlier_submission_stands_beside_the_one_on_record(response, focal_point, client_of) -> None:
    operations.return_response(response, reason="Sample reason", by=focal_point)
    operations.submit_response(response, by=focal_point)

    text = client_of("focal_point").get(PAGE).text

    assert "SP-ch-2" in text
    assert "Earlier submissions" in text
    assert "SP-ch-1" in text
    assert f"{address('export_receipt')}?number=1" in text
    assert "Returned: Sample reason" in text


@pytest.mark.parametrize("state", ["past_deadline", "closed"])
def test_it_stays_when_the_questionnaire_is_over(response, focal_point, client_of, state) -> None:
    bring_to(state, response, focal_point)

    text = client_of("reader").get(PAGE).text

    assert "SP-ch-1" in text
    assert "The questionnaire closed" in text


def test_it_is_only_read(response, client_of) -> None:
    assert client_of("focal_point").post(PAGE).status_code == 405


def test_it_costs_the_same_queries_for_one_submission_and_for_six(response, focal_point, client_of) -> None:
    browser = client_of("focal_point")
    counts = []
    for turns in (0, 5):
        for _ in range(turns):
            operations.return_response(response, reason="Sample", by=focal_point)
            operations.submit_response(response, by=focal_point)
        browser.get(PAGE)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(PAGE).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12
