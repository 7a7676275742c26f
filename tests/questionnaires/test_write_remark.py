"""A director's remark beside an answer."""

from __future__ import annotations

import pytest
from django.urls import reverse

from questionnaires import operations
from questionnaires.exceptions import NothingSubmitted
from questionnaires.models import Question, Questionnaire, Remark, Submission
from tests import factories
from tests.factories import question_of
from tests.questionnaires.board import REFUSED, make_questionnaire, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def questionnaire() -> Questionnaire:
    return make_questionnaire()


@pytest.fixture
def submission(questionnaire: Questionnaire) -> Submission:
    return submit(questionnaire, "Sample A")


@pytest.fixture
def question(questionnaire: Questionnaire) -> Question:
    return question_of(questionnaire, "long_text")


def address(submission: Submission, question: Question) -> str:
    response = submission.response
    key = response.delegation.organisation.slug
    return reverse(
        "questionnaires:write_remark", args=[response.questionnaire.slug, question.pk, key, submission.number]
    )


def test_a_director_writes_and_is_back_at_the_answer(submission, question, director, client_of) -> None:
    answer = client_of("director").post(address(submission, question), {"text": "  Sample remark  "})

    assert answer.status_code == 302
    assert answer["Location"] == (
        reverse("questionnaires:read_question_review", args=["sample-plan", question.pk]) + "#d-sample-a"
    )
    remark = Remark.objects.get()
    assert (remark.submission, remark.question, remark.text, remark.written_by) == (
        submission,
        question,
        "Sample remark",
        director,
    )


def test_from_the_delegations_page_it_is_back_there(submission, question, client_of) -> None:
    answer = client_of("director").post(
        address(submission, question), {"text": "Sample remark", "back": "delegation"}, follow=True
    )

    assert answer.redirect_chain[0][0].endswith(f"/review/by/sample-a/?number=1#q-{question.pk}")
    assert "Sample remark" in answer.text


@pytest.mark.parametrize("who", ["secretariat", "superuser"])
def test_who_reads_but_is_not_of_the_board_is_refused(submission, question, client_of, who) -> None:
    assert client_of(who).post(address(submission, question), {"text": "Sample"}).status_code == 403
    assert not Remark.objects.exists()


@pytest.mark.parametrize("who", REFUSED)
def test_others_who_sign_in_are_refused(submission, question, client_of, who) -> None:
    assert client_of(who).post(address(submission, question), {"text": "Sample"}).status_code == 403
    assert not Remark.objects.exists()


def test_the_delegation_itself_is_refused(questionnaire, question, focal_point, delegation, client_of) -> None:
    own = factories.SubmissionFactory(
        response__questionnaire=questionnaire, response__delegation=delegation, by=focal_point
    )

    assert client_of("focal_point").post(address(own, question), {"text": "Sample"}).status_code == 403
    assert not Remark.objects.exists()


@pytest.mark.parametrize("who", ["visitor", "inactive"])
def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(submission, question, client_of, who) -> None:
    answer = client_of(who).post(address(submission, question), {"text": "Sample"})

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))
    assert not Remark.objects.exists()


def test_it_is_only_posted(submission, question, client_of) -> None:
    assert client_of("director").get(address(submission, question)).status_code == 405


def test_a_question_that_the_submission_does_not_hold_is_not_found(submission, client_of, director) -> None:
    foreign = question_of(factories.QuestionnaireFactory(), "scale")

    assert client_of("director").post(address(submission, foreign), {"text": "Sample"}).status_code == 404
    with pytest.raises(NothingSubmitted):
        operations.write_remark(submission, question_id=foreign.pk, text="Sample", by=director)


def test_a_submission_of_another_questionnaire_is_not_found(submission, question, client_of) -> None:
    factories.QuestionnaireFactory(slug="other-plan")
    other = reverse("questionnaires:write_remark", args=["other-plan", question.pk, "sample-a", submission.number])

    assert client_of("director").post(other, {"text": "Sample"}).status_code == 404


@pytest.mark.parametrize("text", ["", "   \n "])
def test_a_remark_that_says_nothing_is_refused_beside_its_field(submission, question, client_of, text) -> None:
    answer = client_of("director").post(address(submission, question), {"text": text})

    assert answer.status_code == 422
    assert "The remark is not stored" in answer.text
    assert answer.text.count("Write the remark first.") == 2
    assert f'href="#r-sample-a-{question.pk}"' in answer.text
    assert not Remark.objects.exists()


def test_a_remark_that_is_too_long_is_refused_and_kept_in_its_field(submission, question, client_of) -> None:
    text = "Sample " * 2000

    answer = client_of("director").post(address(submission, question), {"text": text})

    assert answer.status_code == 422
    assert text.strip() in answer.text
    assert "Shorten the remark" in answer.text
    assert not Remark.objects.exists()


def test_a_remark_stays_with_the_submission_it_was_written_on(submission, question, client_of, director) -> None:
    operations.return_response(submission.response, reason="Sample reason", by=director)
    operations.submit_response(submission.response, by=submission.submitted_by)

    client_of("director").post(address(submission, question), {"text": "Late remark on the first"})

    assert Remark.objects.get().submission == submission
    page = reverse("questionnaires:read_question_review", args=["sample-plan", question.pk])
    text = client_of("director").get(page).text
    assert "Late remark on the first" in text
    assert "on No. 1" in text


def test_the_answer_is_not_touched(submission, question, client_of) -> None:
    before = submission.content

    client_of("director").post(address(submission, question), {"text": "Sample"})

    submission.refresh_from_db()
    assert submission.content == before
    assert submission.is_intact


def test_the_same_words_sent_twice_are_one_remark(director):
    submission = factories.SubmissionFactory()
    question = factories.question_of(submission.response.questionnaire, "long_text")
    for _click in range(2):
        operations.write_remark(submission, question_id=question.pk, text="Sample remark", by=director)
    assert Remark.objects.count() == 1


def test_a_reply_stands_below_its_remark_and_a_reply_to_it_beside_it(submission, question, client_of, director) -> None:
    root = operations.write_remark(submission, question_id=question.pk, text="Sample remark", by=director)
    browser = client_of("director")

    for _click in range(2):
        browser.post(address(submission, question), {"text": "Sample reply", "answers": root.pk})
    reply = Remark.objects.get(text="Sample reply")
    browser.post(address(submission, question), {"text": "Sample reply to it", "answers": reply.pk})

    assert Remark.objects.count() == 3
    assert set(root.replies.values_list("text", flat=True)) == {"Sample reply", "Sample reply to it"}
    page = reverse("questionnaires:read_question_review", args=["sample-plan", question.pk])
    assert browser.get(page).text.count('<ul class="wg-replies">') == 1


def test_a_remark_on_another_answer_cannot_be_replied_to(submission, question, client_of, director) -> None:
    other = question_of(submission.response.questionnaire, "scale")
    root = operations.write_remark(submission, question_id=other.pk, text="Sample remark", by=director)

    with pytest.raises(NothingSubmitted):
        operations.write_remark(submission, question_id=question.pk, text="Sample", by=director, answers=root)
    missing = client_of("director").post(address(submission, question), {"text": "Sample", "answers": 999_999})
    assert missing.status_code == 404


def test_a_refused_reply_keeps_its_text_below_its_remark(submission, question, client_of, director) -> None:
    root = operations.write_remark(submission, question_id=question.pk, text="Sample remark", by=director)

    answer = client_of("director").post(address(submission, question), {"text": "Sample " * 2000, "answers": root.pk})

    assert answer.status_code == 422
    assert f'href="#y-{root.pk}"' in answer.text
    assert ("Sample " * 2000).strip() in answer.text
