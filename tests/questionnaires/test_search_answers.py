"""Search in the answers: what is found, by whom, and that nothing typed breaks the page."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from questionnaires import operations
from questionnaires.models import Questionnaire
from tests.factories import question_of
from tests.questionnaires.board import READERS, REFUSED, SECRET, hide_secrets, make_questionnaire, once_noted, submit

pytestmark = pytest.mark.django_db
PAGE = reverse("questionnaires:search_answers", args=["sample-plan"])


@pytest.fixture
def questionnaire() -> Questionnaire:
    return make_questionnaire()


@pytest.mark.parametrize("who", READERS)
def test_answers_are_found_and_the_words_marked(questionnaire, client_of, who) -> None:
    submit(questionnaire, "Sample A", long_text="La sécurité <i>des</i> audits")
    submit(questionnaire, "Sample B", long_text="Nothing of the kind")

    text = client_of(who).get(PAGE, {"q": "securite audit"}).text

    assert "La <mark>sécurité</mark> &lt;i&gt;des&lt;/i&gt; <mark>audits</mark>" in text
    assert "Sample A" in text
    assert "Sample B" not in text


@pytest.mark.parametrize("who", REFUSED)
def test_others_who_sign_in_are_refused(questionnaire, client_of, who) -> None:
    assert client_of(who).get(PAGE, {"q": "x"}).status_code == 403


def test_a_draft_and_what_a_later_submission_replaced_are_not_found(questionnaire, director, client_of) -> None:
    returned = hide_secrets(questionnaire, director)
    browser = client_of("director")

    assert "will be listed" not in browser.get(PAGE, {"q": SECRET}).text
    assert "No answer holds all of" in browser.get(PAGE, {"q": SECRET}).text
    assert "Sealed" in browser.get(PAGE, {"q": "sealed"}).text
    operations.submit_response(returned.response, by=returned.submitted_by)
    assert "No answer holds all of" in browser.get(PAGE, {"q": "sealed"}).text


@pytest.mark.parametrize("typed", ["", "\x00", '"', "* OR", "<script>", "a" * 2000, "%", "NEAR(", "é\u0301'", "\ud800"])
def test_nothing_that_can_be_typed_breaks_the_page(questionnaire, client_of, typed) -> None:
    answer = client_of("director").get(PAGE, {"q": typed.encode("utf-8", "surrogatepass")})

    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_it_narrows_as_the_pages_do_and_never_grows_in_queries(questionnaire, client_of, monkeypatch) -> None:
    browser = client_of("director")
    once_noted(browser, PAGE, monkeypatch)
    used = []
    for many in (1, 24):
        for number in range(many):
            submit(questionnaire, f"Sample {many} {number}", long_text="The same audit")
        with CaptureQueriesContext(connection) as queries:
            text = browser.get(PAGE, {"q": "audit"}).text
        used.append(len(queries))

    assert used[0] == used[1] <= 12
    assert "Page 1 of 2" in text
    assert "Sample 24" in browser.get(PAGE, {"q": "audit", "page": "2"}).text
    assert browser.get(PAGE, {"q": "audit", "page": "99"}).status_code == 200
    assert question_of(questionnaire, "long_text").text in text
