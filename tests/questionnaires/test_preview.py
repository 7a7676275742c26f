"""The preview: a questionnaire as a delegate will see it, to be tried out without storing anything."""

from __future__ import annotations

import json
from typing import Any

import pytest

from questionnaires import operations
from questionnaires.models import Answer, Question, Questionnaire, Response
from tests import factories
from tests.factories import question_of
from tests.questionnaires.designing import design, only_if

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Questionnaire:
    return factories.QuestionnaireFactory(title="Sample plan 2018", slug="sample-plan", code="SP", opened=False)


def hidden(page: Any, question: Question) -> bool:
    """Whether the page holds a question back."""
    tag = page.text.split(f'data-asked="{question.pk}"')[1].split(">")[0]
    return "hidden" in tag


@pytest.mark.parametrize("who", ["secretariat", "superuser"])
def test_a_draft_is_previewed_as_delegations_will_see_it(draft, client_of, who) -> None:
    page = client_of(who).get(design("preview", draft))

    assert page.status_code == 200
    for question in Question.objects.all():
        assert question.text in page.text
        assert f'name="q{question.pk}' in page.text
    assert "nothing is stored" in page.text


def test_it_is_shown_in_each_language(draft, client_of) -> None:
    row = question_of(draft, "short_text")
    row.translations = {"fr": {"text": "Question d’exemple ?"}}
    row.save()
    browser = client_of("secretariat")

    assert "Question d’exemple" not in browser.get(design("preview", draft)).text
    page = browser.get(design("preview", draft) + "?language=fr").text
    assert "Question d’exemple" in page
    assert '<html lang="fr"' in page


def test_what_is_typed_comes_back_checked_and_nothing_is_stored(draft, client_of) -> None:
    number, text = question_of(draft, "number"), question_of(draft, "short_text")
    number.maximum = 10
    number.save()
    typed = {f"q{number.pk}": "11", f"q{text.pk}": "Sample typed", "check": "1"}

    page = client_of("secretariat").post(design("preview", draft), typed)

    assert page.status_code == 200
    assert "One answer would stop the submission" in page.text
    assert "Write a number not above 10." in page.text
    assert 'value="Sample typed"' in page.text
    assert not Response.objects.exists()
    assert not Answer.objects.exists()


def test_conditions_react_to_what_is_typed(draft, client_of) -> None:
    first, other = question_of(draft, "yes_no"), question_of(draft, "number")
    other.condition = only_if(first, "one_of", "yes")
    other.save()
    browser = client_of("secretariat")
    assert hidden(browser.get(design("preview", draft)), other)

    assert not hidden(browser.post(design("preview", draft), {f"q{first.pk}": "yes"}), other)
    assert hidden(browser.post(design("preview", draft), {f"q{first.pk}": "no"}), other)
    said = browser.post(design("preview", draft), {f"q{first.pk}": "yes"}, HTTP_HX_REQUEST="true")
    assert said.status_code == 204
    assert other.pk in json.loads(said["HX-Trigger"])["wg-asked"]["asked"]


def test_a_change_that_is_not_published_is_previewed_too(draft, client_of, secretariat) -> None:
    operations.open_questionnaire(draft, by=secretariat)
    row = question_of(draft, "short_text")
    operations.change_question(row, {"text": "Sample next?"}, version=1, by=secretariat)

    assert "Sample next?" in client_of("secretariat").get(design("preview", draft)).text


@pytest.mark.parametrize("who", ["focal_point", "director", "visitor"])
def test_others_are_sent_away(draft, client_of, who) -> None:
    assert client_of(who).get(design("preview", draft)).status_code in (302, 403)
