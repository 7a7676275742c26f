"""What changed between two editions, read by delegations, the Board and the secretariat; and the tick that it was."""

from __future__ import annotations

import pytest
from django.urls import reverse

from icoca_portal.lib.moments import in_geneva
from questionnaires import operations
from questionnaires.models import Questionnaire, Response
from tests import factories
from tests.counting import queries
from tests.factories import question_of
from tests.questionnaires.designing import publish, values

pytestmark = pytest.mark.django_db


@pytest.fixture
def questionnaire() -> Questionnaire:
    return factories.QuestionnaireFactory(title="Sample plan 2018", slug="sample-plan", code="SP")


@pytest.fixture
def response(questionnaire, delegation) -> Response:
    return factories.ResponseFactory(questionnaire=questionnaire, delegation=delegation)


def address(questionnaire: Questionnaire, query: str = "") -> str:
    return reverse("questionnaires:read_changes", args=[questionnaire.slug]) + query


def next_edition(questionnaire: Questionnaire, text: str = "Sample question, quite long text?", note: str = "") -> None:
    row = question_of(questionnaire, "long_text")
    officer = factories.UserFactory(is_staff=True)
    operations.change_question(row, values(row, text=text), version=row.version, by=officer)
    publish(questionnaire, officer, note=note)


def test_a_delegation_is_told_above_its_task_list_until_somebody_has_read_the_changes(
    questionnaire, response, focal_point, reader, client_of
) -> None:
    tasks = reverse("questionnaires:read_response", args=[questionnaire.slug])
    assert "replaced edition" not in client_of(focal_point).get(tasks).text
    next_edition(questionnaire, note="Sample reason of the secretariat")
    page = client_of(focal_point).get(tasks).text
    assert "Edition 2 replaced edition 1 on" in page
    assert address(questionnaire) in page

    page = client_of(reader).get(address(questionnaire)).text
    assert "from edition 1 to edition 2" in page
    assert "<mark>quite</mark>" in page
    assert "Sample reason of the secretariat" in page
    answer = client_of(reader).post(address(questionnaire), {"edition": "2", "read": "1"})

    assert answer["Location"] == tasks
    response.refresh_from_db()
    assert response.edition_read == 2
    assert "replaced edition" not in client_of(focal_point).get(tasks).text
    assert "We have read the changes" not in client_of(focal_point).get(address(questionnaire)).text


def test_a_tick_counts_for_what_was_read_and_not_for_what_came_since(questionnaire, response, client_of) -> None:
    next_edition(questionnaire)
    next_edition(questionnaire, "Sample third wording?")
    browser = client_of("focal_point")

    browser.post(address(questionnaire), {"edition": "2", "read": "1"})
    response.refresh_from_db()
    assert response.edition_read == 2
    assert "from edition 2 to edition 3" in browser.get(address(questionnaire)).text
    for posted in ({"edition": "3"}, {"edition": "x", "read": "1"}, {"edition": "1", "read": "1"}):
        browser.post(address(questionnaire), posted)
        response.refresh_from_db()
        assert response.edition_read == 2
    browser.post(address(questionnaire), {"edition": "99", "read": "1"})
    response.refresh_from_db()
    assert response.edition_read == 3


def test_each_edition_says_when_and_by_whom_it_was_published(questionnaire, client_of, reader) -> None:
    officer = factories.UserFactory(name="Sample Second Officer", is_staff=True)
    row = question_of(questionnaire, "long_text")
    operations.change_question(row, values(row, text="Sample other wording?"), version=row.version, by=officer)
    publish(questionnaire, officer)
    first, second = questionnaire.editions.order_by("number")

    page = client_of(reader).get(address(questionnaire)).text
    for edition in (first, second):
        assert f"Edition {edition.number}, {in_geneva(edition.frozen_at)}, by {edition.frozen_by}" in page
    whole = client_of(reader).get(questionnaire.get_absolute_url()).text
    assert f'<a href="{address(questionnaire)}">2, {in_geneva(second.frozen_at)}</a>' in whole
    row_of_admin = reverse("admin:questionnaires_questionnaire_change", args=[questionnaire.pk])
    listed = client_of("secretariat").get(row_of_admin).text
    assert f"2: {in_geneva(second.frozen_at)}, by Sample Second Officer" in listed


def test_any_two_editions_can_be_compared(questionnaire, response, client_of) -> None:
    next_edition(questionnaire)
    next_edition(questionnaire, "Sample third wording?")
    browser = client_of("focal_point")

    assert "Sample third wording?" not in browser.get(address(questionnaire, "?from=1&to=2")).text.split("<aside")[0]
    page = browser.get(address(questionnaire, "?from=1&to=3")).text
    assert "from edition 1 to edition 3" in page
    for query in ("?from=3&to=1", "?from=0", "?to=9", "?from=one"):
        assert browser.get(address(questionnaire, query)).status_code == 404


def test_what_is_not_asked_any_more_shows_the_delegations_own_answer_and_nobody_elses(
    questionnaire, response, other_focal_point, director, client_of
) -> None:
    operations.remove_question(question_of(questionnaire, "short_text"), by=factories.UserFactory())
    publish(questionnaire)

    assert "Sample short answer" in client_of("focal_point").get(address(questionnaire)).text
    for who in (other_focal_point, director, "secretariat"):
        page = client_of(who).get(address(questionnaire)).text
        assert "Not asked any more" in page
        assert "Sample short answer" not in page


def test_a_translation_that_changed_is_shown_with_its_language(questionnaire, response, client_of) -> None:
    row = question_of(questionnaire, "long_text")
    operations.change_question(
        row,
        values(row, translations={"fr": {"text": "Question d’exemple ?"}}),
        version=row.version,
        by=factories.UserFactory(),
    )
    publish(questionnaire)

    page = client_of("focal_point").get(address(questionnaire)).text
    assert "Question, French" in page
    assert "d’exemple" in page


def test_one_edition_says_so_and_a_draft_has_none(questionnaire, client_of) -> None:
    draft = factories.QuestionnaireFactory(opened=False)

    assert "There is one edition so far" in client_of("director").get(address(questionnaire)).text
    assert client_of("secretariat").get(address(draft)).status_code == 404
    assert client_of("director").get(address(draft)).status_code == 404


def test_the_tick_is_the_delegations_own(questionnaire, response, client_of) -> None:
    next_edition(questionnaire)

    for who in ("director", "secretariat", "chair"):
        assert client_of(who).post(address(questionnaire), {"edition": "2", "read": "1"}).status_code == 404
    assert client_of("visitor").post(address(questionnaire), {"edition": "2", "read": "1"}).status_code == 302
    response.refresh_from_db()
    assert response.edition_read == 1


def test_the_page_costs_the_same_queries_with_1_and_30_changes(questionnaire, response, client_of) -> None:
    browser = client_of("focal_point")
    next_edition(questionnaire)
    browser.get(address(questionnaire))
    few = queries(browser, address(questionnaire))
    section = questionnaire.sections.first()
    for number in range(30):
        factories.QuestionFactory(section=section, position=number + 20)
    operations.remove_question(question_of(questionnaire, "short_text"), by=factories.UserFactory())
    publish(questionnaire)

    assert queries(browser, address(questionnaire)) <= few + 1 <= 12
