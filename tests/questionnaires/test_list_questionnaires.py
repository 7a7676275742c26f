"""The list of questionnaires, with where one's own delegation stands."""

from __future__ import annotations

import pytest
from django.urls import reverse

from questionnaires import operations
from questionnaires.models import Questionnaire
from tests import factories
from tests.questionnaires.answering import bring_to, draft, make_questionnaire, queries

pytestmark = pytest.mark.django_db
PAGE = reverse("questionnaires:list_questionnaires")


@pytest.mark.parametrize(
    "who", ["reader", "contributor", "focal_point", "chair", "director", "secretariat", "superuser"]
)
def test_whoever_signs_in_finds_what_is_circulated(client_of, who) -> None:
    make_questionnaire()

    page = client_of(who).get(PAGE)

    assert page.status_code == 200
    assert "Sample plan 2018" in page.text
    assert "Geneva" in page.text


@pytest.mark.parametrize("who", ["visitor", "inactive"])
def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(client_of, who) -> None:
    answer = client_of(who).get(PAGE)

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_a_draft_is_listed_for_the_secretariat_alone(client_of) -> None:
    make_questionnaire(opened=False)

    for who in ("reader", "focal_point", "chair", "director"):
        assert "Sample plan 2018" not in client_of(who).get(PAGE).text
    page = client_of("secretariat").get(PAGE)
    assert "Sample plan 2018" in page.text
    assert "Not circulated" in page.text


def test_it_says_where_the_own_delegation_stands_and_nothing_of_another(
    client_of, delegation, focal_point, other_focal_point
) -> None:
    response = draft(make_questionnaire(), delegation)
    mine, theirs = client_of("focal_point"), client_of("other_focal_point")
    seen = [(mine.get(PAGE).text, theirs.get(PAGE).text)]
    for state in ("submitted", "returned"):
        if state == "returned":
            operations.return_response(response, reason="Sample", by=focal_point)
        else:
            bring_to("submitted", response, focal_point)
        seen.append((mine.get(PAGE).text, theirs.get(PAGE).text))

    for (own, other), word in zip(seen, (">Draft<", ">Submitted<", ">Returned<"), strict=True):
        assert word in own
        assert ">Not started<" in other
        assert word not in other


def test_what_takes_no_more_answers_is_closed(client_of, delegation, focal_point) -> None:
    bring_to("past_deadline", draft(make_questionnaire(), delegation), focal_point)

    assert ">Closed<" in client_of("focal_point").get(PAGE).text


def test_an_empty_list_says_what_will_stand_there(client_of) -> None:
    assert "No questionnaire has been circulated yet." in client_of("reader").get(PAGE).text


def test_it_costs_the_same_queries_for_one_and_for_thirty(client_of, delegation) -> None:
    first = make_questionnaire()
    draft(first, delegation)
    browser = client_of("focal_point")
    one = queries(browser, PAGE)
    for number in range(29):
        row = Questionnaire.objects.create(
            title=f"Sample {number}",
            slug=f"sample-{number}",
            code=f"S{number}",
            deadline=first.deadline,
            state="open",
            opened_at=first.opened_at,
        )
        edition = first.editions.get()
        edition.pk, edition.questionnaire = None, row
        edition.save(force_insert=True)
        row.responses.create(delegation=delegation, edition=edition)

    assert browser.get(PAGE).text.count(">Draft<") == 30
    assert queries(browser, PAGE) == one <= 12


def test_the_thirty_first_is_on_the_second_page(client_of) -> None:
    for number in range(31):
        factories.QuestionnaireFactory(title=f"Sample {number:02}", opened=False)

    browser = client_of("secretariat")

    assert browser.get(PAGE).text.count("wg-title") == 30
    assert browser.get(PAGE, {"page": 2}).text.count("wg-title") == 1
    assert browser.get(PAGE, {"page": 3}).status_code == 404
