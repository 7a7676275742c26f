"""Files that a submission names, and no others."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from questionnaires import operations
from questionnaires.models import Attachment, Question, Questionnaire, Response, Submission
from tests import factories
from tests.factories import question_of
from tests.questionnaires.board import READERS, make_questionnaire, submit

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nSample paper\n%%EOF\n"


@pytest.fixture
def questionnaire() -> Questionnaire:
    return make_questionnaire()


@pytest.fixture
def question(questionnaire: Questionnaire) -> Question:
    return question_of(questionnaire, "file")


def attach(response: Response, question: Question, content: bytes) -> None:
    upload = SimpleUploadedFile("Sample päper.pdf", content, "text/html")
    by = factories.UserFactory()
    operations.attach_file(response.questionnaire, response.delegation, question.pk, upload, by=by)


@pytest.fixture
def submission(questionnaire: Questionnaire, question: Question, delegation) -> Submission:
    response = factories.ResponseFactory(questionnaire=questionnaire, delegation=delegation)
    attach(response, question, PDF)
    return factories.SubmissionFactory(response=response)


def address(submission: Submission, question: Question) -> str:
    """Of the file with which a delegation answered a question."""
    attachment = Attachment.objects.filter(question=question).earliest("pk")
    slug = submission.response.questionnaire.slug
    return reverse("questionnaires:read_submitted_file", args=[slug, submission.pk, attachment.pk])


@pytest.mark.parametrize("who", [*READERS, "focal_point", "contributor", "reader"])
def test_it_is_downloaded_and_never_run(submission, question, client_of, who) -> None:
    answer = client_of(who).get(address(submission, question))

    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]


@pytest.mark.parametrize("who", ["other_focal_point", "chair"])
def test_for_others_it_does_not_exist(submission, question, client_of, who) -> None:
    assert client_of(who).get(address(submission, question)).status_code == 404


@pytest.mark.parametrize("who", ["visitor", "inactive"])
def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(submission, question, client_of, who) -> None:
    assert client_of(who).get(address(submission, question)).status_code == 302


def test_what_a_newer_draft_attaches_is_not_read(submission, question, client_of, director) -> None:
    operations.return_response(submission.response, reason="Sample reason", by=director)
    attach(submission.response, question, b"%PDF-1.7\nA newer draft\n%%EOF\n")

    browser = client_of("director")
    newer = Attachment.objects.latest("pk")
    slug = submission.response.questionnaire.slug

    assert b"".join(browser.get(address(submission, question)).streaming_content) == PDF
    missing = reverse("questionnaires:read_submitted_file", args=[slug, submission.pk, newer.pk])
    assert browser.get(missing).status_code == 404


def test_another_submissions_file_is_not_found(submission, question, questionnaire, client_of) -> None:
    without = submit(questionnaire, "Sample A")

    assert client_of("director").get(address(without, question)).status_code == 404


def test_the_pages_link_to_it(submission, question, client_of) -> None:
    by_delegation = reverse("questionnaires:read_delegation_review", args=["sample-plan", "switzerland"])
    by_question = reverse("questionnaires:read_question_review", args=["sample-plan", question.pk])
    browser = client_of("director")

    for page in (by_delegation, by_question):
        text = browser.get(page).text
        assert (
            reverse("questionnaires:read_reviewed_file", args=["sample-plan", "switzerland", 1, question.pk, 1]) in text
        )
        assert "Sample päper.pdf" in text


def reviewed(place: int = 1, key: str = "switzerland", number: int = 1, question: int = 0) -> str:
    return reverse("questionnaires:read_reviewed_file", args=["sample-plan", key, number, question, place])


@pytest.mark.parametrize("who", READERS)
def test_the_board_reads_it_by_delegation_and_question(submission, question, client_of, who) -> None:
    answer = client_of(who).get(reviewed(question=question.pk))

    assert b"".join(answer.streaming_content) == PDF
    assert "attachment" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]


def test_a_place_or_question_without_a_file_is_not_found(submission, question, client_of) -> None:
    browser = client_of("director")
    other = question_of(submission.response.questionnaire, "scale")

    for missing in (
        reviewed(0, question=question.pk),
        reviewed(2, question=question.pk),
        reviewed(question=other.pk),
        reviewed(question=999_999),
        reviewed(number=2, question=question.pk),
        reviewed(key="nobody", question=question.pk),
    ):
        assert browser.get(missing).status_code == 404


@pytest.mark.parametrize("who", ["focal_point", "other_focal_point", "chair"])
def test_the_boards_address_is_refused_to_others(submission, question, client_of, who) -> None:
    assert client_of(who).get(reviewed(question=question.pk)).status_code == 403
