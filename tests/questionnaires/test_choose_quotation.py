"""Whether published results may quote a text: the delegation says so, answer by answer."""

from __future__ import annotations

import pytest
from django.urls import reverse

from questionnaires import operations
from questionnaires.models import Answer, AnswerRevision, Question
from tests.factories import question_of
from tests.questionnaires.answering import (
    STATES,
    WITHOUT_DELEGATION,
    address,
    bring_to,
    draft,
    fields_on,
    value_of,
)

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def text(questionnaire) -> Question:
    return question_of(questionnaire, "long_text")


def choose(browser, text: Question, quote: str, **more):
    return browser.post(address("choose_quotation", 1, text.pk), {f"q{text.pk}-quote": quote}, **more)


def quote_of(text: Question) -> str:
    return Answer.objects.get(question=text).quote


def test_nothing_is_quoted_unless_somebody_says_so(response, text, client_of) -> None:
    assert quote_of(text) == "none"
    page = client_of("contributor").get(address("edit_section", 1))
    assert fields_on(page)[f"q{text.pk}-quote"] == ["none"]


@pytest.mark.parametrize("who", ["contributor", "focal_point"])
def test_it_is_saved_as_it_is_chosen_and_no_version(response, text, client_of, who) -> None:
    page = choose(client_of(who), text, "named", headers=HTMX)

    assert page.status_code == 200
    assert "Saved" in page.text
    assert quote_of(text) == "named"
    assert AnswerRevision.objects.filter(answer__question=text).count() == 1
    assert "Quote with our name" in client_of(who).get(address("check_response")).text


def test_a_plain_form_saves_it_with_the_section(response, text, client_of) -> None:
    browser = client_of("contributor")
    fields = {**fields_on(browser.get(address("edit_section", 1))), f"q{text.pk}-quote": "unnamed", "go": "stay"}
    assert browser.post(address("edit_section", 1), fields).status_code == 302
    assert quote_of(text) == "unnamed"
    assert choose(browser, text, "named").status_code == 302
    assert quote_of(text) == "named"


def test_an_older_page_does_not_undo_a_colleagues_choice(response, text, client_of) -> None:
    browser = client_of("contributor")
    old = fields_on(browser.get(address("edit_section", 1)))
    choose(client_of("focal_point"), text, "named")

    assert browser.post(address("edit_section", 1), {**old, "go": "stay"}).status_code == 302

    assert quote_of(text) == "named"


def test_the_choice_stands_in_nobodys_way(response, text, client_of, questionnaire, delegation, contributor) -> None:
    browser = client_of("focal_point")
    fields = fields_on(browser.get(address("edit_section", 1)))
    operations.choose_quotation(questionnaire, delegation, text.pk, "named", by=contributor)
    sent = {**fields, f"q{text.pk}": "Typed meanwhile", "go": "stay"}
    assert browser.post(address("edit_section", 1), sent).status_code == 302
    assert value_of(response, "long_text") == "Typed meanwhile"
    assert quote_of(text) == "named"


def test_it_is_sealed(response, text, focal_point, questionnaire, delegation) -> None:
    operations.choose_quotation(questionnaire, delegation, text.pk, "unnamed", by=focal_point)
    submission = operations.submit_response(response, by=focal_point)
    assert submission.record.by_id[text.pk].quote == "unnamed"
    assert submission.answers.get(question=text).quote == "unnamed"


def test_it_is_offered_for_texts_alone_and_shown_once_there_is_one(questionnaire, text, client_of, delegation) -> None:
    browser = client_of("contributor")
    page = browser.get(address("edit_section", 1)).text
    assert page.count("data-quotation hidden") == 2
    draft(questionnaire, delegation)
    page = browser.get(address("edit_section", 1)).text
    assert "data-quotation hidden" not in page
    assert page.count("data-quotation") == 2


@pytest.mark.parametrize("quote", ["", "everybody", "none; drop"])
def test_an_unknown_choice_is_not_found(response, text, client_of, quote) -> None:
    assert choose(client_of("contributor"), text, quote).status_code == 404
    assert quote_of(text) == "none"


def test_before_there_is_a_text_nothing_happens(questionnaire, text, client_of) -> None:
    assert choose(client_of("contributor"), text, "named", headers=HTMX).status_code == 200
    assert not Answer.objects.exists()


def test_a_reader_is_refused(response, text, client_of) -> None:
    assert choose(client_of("reader"), text, "named").status_code == 403
    assert quote_of(text) == "none"


@pytest.mark.parametrize("who", WITHOUT_DELEGATION)
def test_who_has_no_delegation_is_refused(response, text, client_of, who) -> None:
    assert choose(client_of(who), text, "named").status_code == 403


def test_a_visitor_signs_in_first(response, text, client_of) -> None:
    assert choose(client_of("visitor"), text, "named")["Location"].startswith(reverse("account_login"))


def test_another_delegation_chooses_for_its_own(response, text, client_of) -> None:
    choose(client_of("other_focal_point"), text, "named")
    assert quote_of(text) == "none"


@pytest.mark.parametrize("state", STATES)
def test_where_nothing_is_taken_it_says_so(response, text, client_of, focal_point, state) -> None:
    bring_to(state, response, focal_point)
    page = choose(client_of("contributor"), text, "named", headers=HTMX)
    assert page.status_code == 422
    assert "Not saved." in page.text
    assert quote_of(text) == "none"
    assert choose(client_of("contributor"), text, "named").status_code == 302


def test_it_is_only_posted(response, text, client_of) -> None:
    assert client_of("contributor").get(address("choose_quotation", 1, text.pk)).status_code == 405
    assert client_of("contributor").post(address("choose_quotation", 1, 10**9), {}).status_code == 404
