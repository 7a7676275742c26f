"""One delegation across all questions, also as it was submitted before."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from icoca_portal.lib import sealing
from questionnaires import operations
from questionnaires.models import Questionnaire, Submission
from tests import factories
from tests.factories import question_of
from tests.questionnaires.board import READERS, REFUSED, SECRET, hide_secrets, make_questionnaire, once_noted, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def questionnaire() -> Questionnaire:
    return make_questionnaire()


def page(slug: str = "sample-a") -> str:
    return reverse("questionnaires:read_delegation_review", args=["sample-plan", slug])


def submit_again(first: Submission, text: str) -> Submission:
    """Return a submission, change its long text and submit it as the next number."""
    questionnaire = first.response.questionnaire
    operations.return_response(first.response, reason="Sample reason to return", by=first.submitted_by)
    change = operations.Change(question_of(questionnaire, "long_text").pk, text, 1)
    operations.save_answers(questionnaire, first.response.delegation, [change], by=first.submitted_by)
    return operations.submit_response(first.response, by=first.submitted_by)


@pytest.mark.parametrize("who", READERS)
def test_all_answers_are_read_with_reference_and_seal(questionnaire, client_of, who) -> None:
    submission = submit(questionnaire, "Sample A", long_text="The answer of A")

    answer = client_of(who).get(page())

    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert "The answer of A" in answer.text
    assert submission.reference in answer.text
    assert sealing.grouped(submission.sha256) in answer.text
    assert "The answers on this page have this seal" in answer.text
    for question in questionnaire.edition.questions:
        assert question.text in answer.text


@pytest.mark.parametrize("who", REFUSED)
def test_others_who_sign_in_are_refused(questionnaire, client_of, who) -> None:
    submit(questionnaire, "Sample A")

    assert client_of(who).get(page()).status_code == 403


@pytest.mark.parametrize("who", ["visitor", "inactive"])
def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(questionnaire, client_of, who) -> None:
    answer = client_of(who).get(page())

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_a_delegation_that_has_only_a_draft_is_not_found(questionnaire, client_of, delegation) -> None:
    factories.ResponseFactory(questionnaire=questionnaire, delegation=delegation)

    for who in READERS:
        assert client_of(who).get(page("switzerland")).status_code == 404


@pytest.mark.parametrize("number", ["2", "0", "x", "²"])
def test_a_number_that_was_not_submitted_is_not_found(questionnaire, client_of, number) -> None:
    submit(questionnaire, "Sample A")

    assert client_of("director").get(page(), {"number": number}).status_code == 404


@pytest.mark.parametrize("who", READERS)
def test_a_returned_response_shows_why_and_never_its_newer_draft(questionnaire, director, client_of, who) -> None:
    hide_secrets(questionnaire, director)

    text = client_of(who).get(page("sample-returned")).text

    assert SECRET not in text
    assert "Sealed before the return" in text
    assert "Sample reason to return" in text
    assert "No. 1 stays on record" in text


def test_the_newest_submission_is_read_and_earlier_ones_stay_readable(questionnaire, client_of) -> None:
    submit_again(submit(questionnaire, "Sample A", long_text="The first text"), "The second text")
    browser = client_of("director")

    newest, first = browser.get(page()).text, browser.get(page(), {"number": "1"}).text

    assert "The second text" in newest
    assert "The first text" not in newest
    assert f'href="{page()}?number=1"' in newest
    assert "The first text" in first
    assert "The second text" not in first
    assert "Sample reason to return" in first
    assert "A later submission is on record." in first


def test_a_submission_whose_text_does_not_have_its_seal_says_so(questionnaire, client_of) -> None:
    response = factories.ResponseFactory(questionnaire=questionnaire, delegation__organisation__slug="sample-a")
    content = response.edition.content
    sealed = {**response.edition.questions.with_answers({}, delegation="x", number=1, reference="SP-x-1")}
    Submission.objects.create(
        response=response,
        number=1,
        reference="SP-x-1",
        content=sealing.canonical(sealed),
        sha256=sealing.digest(content),
        submitted_at=response.changed_at,
        submitted_by=factories.UserFactory(),
        submitted_by_name="Sample",
    )

    assert "do not have their seal" in client_of("director").get(page()).text


def test_the_delegations_before_and_after_are_one_link_away(questionnaire, client_of) -> None:
    for name in ("Sample C", "Sample A", "Sample B"):
        submit(questionnaire, name)
    factories.ResponseFactory(questionnaire=questionnaire, delegation__organisation__name="Sample Aa")
    browser = client_of("director")

    text = browser.get(page("sample-b")).text

    assert f'<a rel="prev" href="{page("sample-a")}">' in text
    assert f'<a rel="next" href="{page("sample-c")}">' in text
    assert 'rel="prev"' not in browser.get(page("sample-a")).text
    assert 'rel="next"' not in browser.get(page("sample-c")).text


def test_remarks_are_read_by_the_board_alone(questionnaire, director, client_of) -> None:
    submission = submit(questionnaire, "Sample A")
    question = question_of(questionnaire, "long_text")
    operations.write_remark(submission, question_id=question.pk, text="A remark of the Board", by=director)

    assert "A remark of the Board" in client_of("director").get(page()).text
    assert "remark" not in client_of("secretariat").get(page()).text.lower()


def test_it_cannot_be_posted_to(questionnaire, client_of) -> None:
    assert client_of("director").post(page()).status_code == 405


@pytest.mark.parametrize("who", ["director", "secretariat"])
def test_queries_do_not_grow_with_the_delegations(questionnaire, director, client_of, who, monkeypatch) -> None:
    used = []
    browser = client_of(who)
    submission = submit(questionnaire, "Sample A")
    once_noted(browser, page(), monkeypatch)
    for many in (1, 29):
        for _number in range(many):
            factories.SubmissionFactory(response__questionnaire=questionnaire)
            for question in questionnaire.edition.questions:
                operations.write_remark(submission, question_id=question.id, text="Sample remark", by=director)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(page()).status_code == 200
        used.append(len(queries))

    assert used[0] == used[1] <= 12


def test_two_submissions_stand_side_by_side_with_what_differs(questionnaire, client_of) -> None:
    submit_again(submit(questionnaire, "Sample A", long_text="The first text"), "The second text")

    text = client_of("director").get(page(), {"number": "2", "beside": "1"}).text

    assert text.index("The first text") < text.index("The second text")
    assert "1 answer differs" in text
    assert text.count('<span class="wg-tag is-half">Changed</span>') == 1
