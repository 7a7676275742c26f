"""In which language the questions are read: the reader's own where it is written, or the one they choose."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from members.models import User
from questionnaires import operations
from questionnaires.models import Questionnaire
from tests import factories
from tests.questionnaires.answering import SLUG, address, draft, make_questionnaire

pytestmark = pytest.mark.django_db
PAGES = [address("read_response"), address("edit_section", 1)]


@pytest.fixture
def questionnaire() -> Questionnaire:
    questionnaire = Questionnaire.objects.create(
        title="Sample plan",
        slug=SLUG,
        code="SP",
        deadline=timezone.now() + timedelta(days=9),
        introduction="Sample introduction",
        translations={"fr": {"title": "Plan exemple", "introduction": "Introduction exemple"}},
    )
    section = factories.SectionFactory(
        questionnaire=questionnaire, position=1, title="Sample part", translations={"fr": {"title": "Partie exemple"}}
    )
    factories.QuestionFactory(
        section=section, position=1, text="Sample: what?", translations={"fr": {"text": "Exemple : quoi ?"}}
    )
    factories.QuestionFactory(section=section, position=2, text="Sample: not translated?")
    operations.open_questionnaire(questionnaire, by=factories.UserFactory())
    return questionnaire


def speak(user: User, language: str) -> User:
    User.objects.filter(pk=user.pk).update(language=language)
    user.refresh_from_db()
    return user


def test_a_reader_sees_their_own_language_and_the_first_one_where_a_text_is_missing(
    questionnaire, contributor, client_of
) -> None:
    browser = client_of(speak(contributor, "fr"))
    page = browser.get(PAGES[1]).text
    assert "Exemple : quoi ?" in page
    assert "Sample: not translated?" in page
    assert "Partie exemple" in page
    assert "Plan exemple" in browser.get(PAGES[0]).text
    about = browser.get(address("read_questionnaire")).text
    assert "Plan exemple" in about
    assert "Introduction exemple" in about


@pytest.mark.parametrize("page", PAGES)
def test_it_is_switched_by_a_link_and_stays(questionnaire, client_of, page) -> None:
    browser = client_of("contributor")
    first = browser.get(page).text
    assert 'href="?questions=fr"' in first
    assert "Sample part" in first

    switched = browser.get(f"{page}?questions=fr", follow=True)

    assert switched.redirect_chain == [(page, 302)]
    assert "Partie exemple" in switched.text
    assert 'lang="fr"' in switched.text
    assert "Save" in browser.get(PAGES[1]).text  # the page itself stays in the reader's language
    assert "Exemple : quoi ?" in browser.get(address("check_response")).text
    assert "Sample part" in browser.get(f"{page}?questions=en", follow=True).text


@pytest.mark.parametrize("language", ["de", "", "fr'><script>", "x" * 500])
def test_a_language_that_is_not_written_is_no_choice(questionnaire, client_of, language) -> None:
    page = client_of("contributor").get(PAGES[0], {"questions": language}, follow=True)
    assert page.status_code == 200
    assert "Sample part" in page.text


def test_nothing_is_offered_where_there_is_one_language(client_of) -> None:
    make_questionnaire()
    assert "?questions=" not in client_of("contributor").get(PAGES[1]).text


def test_what_is_sealed_is_in_the_first_language(questionnaire, delegation, focal_point, client_of) -> None:
    response = draft(questionnaire, delegation)
    browser = client_of(speak(focal_point, "fr"))
    browser.get(f"{PAGES[0]}?questions=fr")
    browser.post(address("submit_response"), {"confirm": "1"})
    record = response.submissions.get().record
    assert [question.text for question in record] == ["Sample: what?", "Sample: not translated?"]


def test_a_field_saved_in_another_language_is_the_same_answer(questionnaire, client_of) -> None:
    browser = client_of("contributor")
    browser.get(f"{PAGES[1]}?questions=fr")
    (question, _second) = questionnaire.edition.questions
    sent = {f"q{question.id}": "Réponse exemple", f"q{question.id}-version": "0"}
    assert browser.post(address("save_answer", 1, question.id), sent, headers={"HX-Request": "true"}).status_code == 200
    assert "Réponse exemple" in browser.get(f"{PAGES[1]}?questions=en", follow=True).text
