"""The matrix: delegations by questions."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from questionnaires import operations
from questionnaires.models import Questionnaire
from tests import factories
from tests.factories import question_of
from tests.questionnaires.board import READERS, REFUSED, SECRET, hide_secrets, make_questionnaire, once_noted, submit

pytestmark = pytest.mark.django_db
PAGE = reverse("questionnaires:review_questionnaire", args=["sample-plan"])


@pytest.fixture
def questionnaire() -> Questionnaire:
    return make_questionnaire()


@pytest.mark.parametrize("who", READERS)
def test_the_board_and_the_secretariat_read_who_submitted_and_what(questionnaire, client_of, who) -> None:
    submission = submit(questionnaire, "Sample A", scale=2)
    factories.ParticipationFactory(organisation__name="Sample silent")

    page = client_of(who).get(PAGE)

    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    text = page.text
    assert "Sample A" in text
    assert submission.reference in text
    assert '<span class="wg-rank r2">2</span>' in text
    assert "1 of 2 on" in text


@pytest.mark.parametrize("who", REFUSED)
def test_others_who_sign_in_are_refused(questionnaire, client_of, who) -> None:
    assert client_of(who).get(PAGE).status_code == 403


@pytest.mark.parametrize("who", ["visitor", "inactive"])
def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(questionnaire, client_of, who) -> None:
    answer = client_of(who).get(PAGE)

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_a_draft_does_not_exist_for_the_board_and_is_empty_for_the_secretariat(client_of) -> None:
    factories.QuestionnaireFactory(slug="sample-plan", opened=False)

    assert client_of("director").get(PAGE).status_code == 404
    page = client_of("secretariat").get(PAGE)
    assert page.status_code == 200
    assert "The questionnaire is a draft." in page.text


def test_an_unknown_address_is_not_found(client_of) -> None:
    assert client_of("director").get(PAGE).status_code == 404


def test_it_cannot_be_posted_to(questionnaire, client_of) -> None:
    assert client_of("director").post(PAGE).status_code == 405


def test_before_the_first_submission_it_says_what_will_stand_here(questionnaire, client_of) -> None:
    assert "Nothing submitted yet." in client_of("director").get(PAGE).text


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("query", [{}, {"show": "all"}, {"show": "all", "delegations": "remarked"}])
def test_no_draft_is_shown(questionnaire, director, client_of, who, query) -> None:
    hide_secrets(questionnaire, director)

    text = client_of(who).get(PAGE, query).text

    assert SECRET not in text
    assert "Sample Draft" not in text


def test_a_returned_response_keeps_its_sealed_text_and_says_that_it_was_returned(
    questionnaire, director, client_of
) -> None:
    hide_secrets(questionnaire, director)

    text = client_of("director").get(PAGE, {"show": "all"}).text

    assert "Sealed before the return" in text
    assert "Returned" in text


def test_all_questions_show_texts_that_are_never_markup(questionnaire, client_of) -> None:
    submit(questionnaire, "Sample A", short_text="<script>alert(1)</script>")

    text = client_of("director").get(PAGE, {"show": "all"}).text

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script>alert" not in text


def test_a_missing_answer_is_said_in_words(questionnaire, client_of) -> None:
    submit(questionnaire, "Sample A", scale=None)

    assert 'aria-label="No answer"' in client_of("director").get(PAGE).text


def test_remarks_are_counted_for_the_board_and_unknown_to_the_secretariat(questionnaire, director, client_of) -> None:
    submission = submit(questionnaire, "Sample A")
    submit(questionnaire, "Sample B")
    scale = question_of(questionnaire, "scale")
    operations.write_remark(submission, question_id=scale.pk, text="Sample remark", by=director)

    for_director = client_of("director").get(PAGE).text
    for_secretariat = client_of("secretariat").get(PAGE).text

    assert 'aria-label="Sample A, question 1.6: 1 remark"' in for_director
    assert "remark" not in for_secretariat.lower()
    narrowed = client_of("director").get(PAGE, {"delegations": "remarked"}).text
    assert "Sample A" in narrowed
    assert "Sample B" not in narrowed


@pytest.mark.parametrize("page", ["matrix", "question", "delegation"])
def test_an_administrator_who_is_not_of_the_board_reads_no_remark(questionnaire, director, client_of, page) -> None:
    submission = submit(questionnaire, "Sample A", scale=None)
    scale = question_of(questionnaire, "scale")
    operations.write_remark(submission, question_id=scale.pk, text="A remark of the Board", by=director)
    address = {
        "matrix": PAGE,
        "question": reverse("questionnaires:read_question_review", args=["sample-plan", scale.pk]),
        "delegation": reverse("questionnaires:read_delegation_review", args=["sample-plan", "sample-a"]),
    }[page]

    assert "remark" not in client_of("superuser").get(address).text.lower()


def test_the_secretariat_cannot_narrow_by_remarks(questionnaire, director, client_of) -> None:
    submission = submit(questionnaire, "Sample A")
    submit(questionnaire, "Sample B")
    scale = question_of(questionnaire, "scale")
    operations.write_remark(submission, question_id=scale.pk, text="Sample remark", by=director)

    text = client_of("secretariat").get(PAGE, {"delegations": "remarked"}).text

    assert "Sample A" in text
    assert "Sample B" in text


@pytest.mark.parametrize("who", ["director", "secretariat"])
def test_queries_do_not_grow_with_the_delegations(questionnaire, director, client_of, who, monkeypatch) -> None:
    used = []
    browser = client_of(who)
    once_noted(browser, PAGE, monkeypatch)
    for many in (1, 29):
        for _number in range(many):
            submission = factories.SubmissionFactory(response__questionnaire=questionnaire)
            question = question_of(questionnaire, "scale")
            operations.write_remark(submission, question_id=question.pk, text="Sample remark", by=director)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert browser.get(PAGE, {"show": "all"}).status_code == 200
        used.append(len(queries))

    assert used[0] == used[1] <= 12
