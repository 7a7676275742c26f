"""One question across all delegations."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from questionnaires import operations
from questionnaires.models import Questionnaire
from tests import factories
from tests.factories import question_of
from tests.questionnaires.board import READERS, REFUSED, SECRET, hide_secrets, make_questionnaire, once_noted, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def questionnaire() -> Questionnaire:
    return make_questionnaire()


def page(questionnaire: Questionnaire, kind: str = "long_text") -> str:
    question = question_of(questionnaire, kind)
    return reverse("questionnaires:read_question_review", args=[questionnaire.slug, question.pk])


@pytest.mark.parametrize("who", READERS)
def test_every_answer_is_read(questionnaire, client_of, who) -> None:
    submit(questionnaire, "Sample A", long_text="The answer of A")
    submit(questionnaire, "Sample B", long_text="The answer of B")
    submit(questionnaire, "Sample C", long_text=None)

    answer = client_of(who).get(page(questionnaire))

    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert "The answer of A" in answer.text
    assert "The answer of B" in answer.text
    assert "2 of 3 that submitted" in answer.text
    assert "No answer:" in answer.text


@pytest.mark.parametrize("who", REFUSED)
def test_others_who_sign_in_are_refused(questionnaire, client_of, who) -> None:
    assert client_of(who).get(page(questionnaire)).status_code == 403


@pytest.mark.parametrize("who", ["visitor", "inactive"])
def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(questionnaire, client_of, who) -> None:
    answer = client_of(who).get(page(questionnaire))

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_a_question_of_another_questionnaire_is_not_found(questionnaire, client_of) -> None:
    other = question_of(factories.QuestionnaireFactory(), "scale")
    address = reverse("questionnaires:read_question_review", args=[questionnaire.slug, other.pk])

    assert client_of("director").get(address).status_code == 404


@pytest.mark.parametrize("who", ["director", "secretariat"])
def test_a_question_of_a_draft_is_not_found(client_of, who) -> None:
    assert client_of(who).get(page(factories.QuestionnaireFactory(opened=False))).status_code == 404


def test_it_cannot_be_posted_to(questionnaire, client_of) -> None:
    assert client_of("director").post(page(questionnaire)).status_code == 405


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("kind", ["long_text", "short_text", "scale"])
def test_no_draft_is_shown(questionnaire, director, client_of, who, kind) -> None:
    hide_secrets(questionnaire, director)

    text = client_of(who).get(page(questionnaire, kind)).text

    assert SECRET not in text
    assert "Sample Draft" not in text
    assert "Sample Returned" in text


@pytest.mark.parametrize("kind", ["yes_no", "single", "multiple", "scale", "ranking", "matrix"])
def test_what_is_chosen_is_counted_in_a_table_with_bars(questionnaire, client_of, kind) -> None:
    submit(questionnaire, "Sample A")

    text = client_of("director").get(page(questionnaire, kind)).text

    assert '<table class="wg-bars">' in text


@pytest.mark.parametrize("kind", ["short_text", "long_text", "file"])
def test_what_is_written_is_not_counted(questionnaire, client_of, kind) -> None:
    submit(questionnaire, "Sample A")

    text = client_of("director").get(page(questionnaire, kind)).text

    assert "wg-bars" not in text


def test_the_next_and_the_previous_question_are_one_link_away(questionnaire, client_of) -> None:
    order = [question.id for question in questionnaire.edition.questions]
    addresses = [reverse("questionnaires:read_question_review", args=[questionnaire.slug, pk]) for pk in order]
    browser = client_of("director")

    first, second, last = (browser.get(addresses[place]).text for place in (0, 1, -1))

    assert f'<a rel="prev" href="{addresses[0]}">' in second
    assert f'<a rel="next" href="{addresses[2]}">' in second
    assert f'<link rel="next" href="{addresses[2]}">' in second
    assert 'rel="prev"' not in first
    assert 'rel="next"' not in last


def test_remarks_are_read_by_the_board_alone(questionnaire, director, client_of) -> None:
    submission = submit(questionnaire, "Sample A")
    question = question_of(questionnaire, "long_text")
    operations.write_remark(submission, question_id=question.pk, text="A remark of the Board", by=director)

    for_director = client_of("director").get(page(questionnaire)).text
    for_secretariat = client_of("secretariat").get(page(questionnaire)).text

    assert "A remark of the Board" in for_director
    assert "on No. 1" in for_director
    assert director.name in for_director
    assert "remark" not in for_secretariat.lower()


def test_answers_and_remarks_are_text_in_their_own_direction(questionnaire, director, client_of) -> None:
    arabic = "إجابة تجريبية"
    submission = submit(questionnaire, "Sample A", long_text=f"{arabic} <b>bold</b>")
    question = question_of(questionnaire, "long_text")
    remark = f"{arabic} <script>alert(2)</script>"
    operations.write_remark(submission, question_id=question.pk, text=remark, by=director)

    text = client_of("director").get(page(questionnaire)).text

    shown = f"{arabic} &lt;b&gt;bold&lt;/b&gt;"
    assert f'<p class="wg-serif wg-answer is-running" dir="auto" data-answer>{shown}</p>' in text
    assert f'<p dir="auto">{arabic} &lt;script&gt;alert(2)&lt;/script&gt;</p>' in text


@pytest.mark.parametrize("who", ["director", "secretariat"])
def test_queries_do_not_grow_with_the_delegations(questionnaire, director, client_of, who, monkeypatch) -> None:
    used = []
    browser: Client = client_of(who)
    question = question_of(questionnaire, "ranking")
    address = page(questionnaire, "ranking")
    once_noted(browser, address, monkeypatch)
    for many in (1, 29):
        for _number in range(many):
            submission = factories.SubmissionFactory(response__questionnaire=questionnaire)
            operations.write_remark(submission, question_id=question.pk, text="Sample remark", by=director)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        used.append(len(queries))

    assert used[0] == used[1] <= 12
