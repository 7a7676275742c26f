"""Questions that are asked only if an earlier answer says so: shown and hidden, kept, submitted without."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from lxml import html

from questionnaires import conditions, operations
from questionnaires.models import Answer, Question, Questionnaire, Response
from questionnaires.progress import progress_of
from tests import factories
from tests.questionnaires.answering import SLUG, address, fields_on

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def chain() -> tuple[Questionnaire, list[Question]]:
    """Section 1: “yes” opens a text in it, and that text opens the whole of section 2; section 3 is always asked."""
    questionnaire = Questionnaire.objects.create(
        title="Sample chain", slug=SLUG, code="SP", deadline=timezone.now() + timedelta(days=9)
    )
    sections = [factories.SectionFactory(questionnaire=questionnaire, position=n) for n in (1, 2, 3)]
    first = factories.QuestionFactory(section=sections[0], position=1, kind="yes_no", text="Sample: do you?")
    second = factories.QuestionFactory(
        section=sections[0], position=2, text="Sample: how?", required=True, condition=only_if(first, "one_of", "yes")
    )
    third = factories.QuestionFactory(
        section=sections[1], position=1, text="Sample: and then?", condition=only_if(second, "answered")
    )
    fourth = factories.QuestionFactory(section=sections[2], position=1, kind="short_text", text="Sample: anything?")
    operations.open_questionnaire(questionnaire, by=factories.UserFactory())
    return questionnaire, [first, second, third, fourth]


def only_if(question: Question, test: str, *values: str) -> dict[str, Any]:
    return {"match": "all", "tests": [{"question": question.pk, "is": test, "values": list(values)}]}


def answer(chain, delegation, *values: Any) -> Response:
    """Answers to the questions of the chain in their order; None leaves one out."""
    questionnaire, questions = chain
    changes = [operations.Change(q.pk, value, 0) for q, value in zip(questions, values, strict=False)]
    return operations.save_answers(questionnaire, delegation, changes, by=factories.UserFactory())[0]


def shown(page: Any) -> set[str]:
    """The ids of the questions that a reader of the page sees."""
    blocks = html.document_fromstring(page.text).xpath('//section[starts-with(@id, "q-")]')
    return {str(block.get("id")) for block in blocks if "hidden" not in block.attrib}


def ids(*questions: Question) -> set[str]:
    return {f"q-{question.pk}" for question in questions}


def test_a_question_that_is_not_asked_is_not_shown(chain, delegation, client_of) -> None:
    _questionnaire, (first, second, _third, _fourth) = chain
    browser = client_of("contributor")
    assert shown(browser.get(address("edit_section", 1))) == ids(first)
    answer(chain, delegation, "yes")
    assert shown(browser.get(address("edit_section", 1))) == ids(first, second)


def test_without_javascript_save_shows_it_before_going_on(chain, client_of) -> None:
    _questionnaire, (first, second, _third, _fourth) = chain
    browser, page = client_of("contributor"), address("edit_section", 1)
    fields = {**fields_on(browser.get(page)), f"q{first.pk}": "yes", "go": "next"}

    sent = browser.post(page, fields, follow=True)

    assert sent.redirect_chain[-1][0] == f"{page}#q-{second.pk}"
    assert "Your answers open more questions in it." in sent.text
    assert shown(sent) == ids(first, second)


def test_a_section_that_asks_nothing_is_skipped_and_says_so(chain, delegation, client_of) -> None:
    answer(chain, delegation, "no")
    browser, page = client_of("contributor"), address("edit_section", 1)
    assert "Save and go to section 3" in browser.get(page).text
    assert "Not asked" in browser.get(address("read_response")).text

    sent = browser.post(page, {**fields_on(browser.get(page)), "go": "next"})

    assert sent["Location"] == address("edit_section", 3)
    assert "This section asks nothing" in browser.get(address("edit_section", 2)).text
    assert shown(browser.get(address("edit_section", 2))) == set()


def test_what_was_typed_stays_and_comes_back(chain, delegation, client_of) -> None:
    _questionnaire, (first, second, third, _fourth) = chain
    answer(chain, delegation, "yes", "Sample how", "Sample then", "Sample last")
    browser, page = client_of("contributor"), address("edit_section", 1)

    browser.post(page, {**fields_on(browser.get(page)), f"q{first.pk}": "no", "go": "stay"})

    assert shown(browser.get(page)) == ids(first)
    assert shown(browser.get(address("edit_section", 2))) == set()
    assert Answer.objects.get(question=second).value == "Sample how"
    check = browser.get(address("check_response")).text
    assert "Sample how" in check
    assert "Not asked, because of question 1.1; kept in your draft, not submitted." in check
    assert "Not asked, because of question 1.2; kept in your draft, not submitted." in check

    # Sending the section back as it is, the hidden field included, loses nothing; nor does coming back.
    browser.post(page, {**fields_on(browser.get(page)), f"q{first.pk}": "yes", "go": "stay"})
    assert shown(browser.get(page)) == ids(first, second)
    assert Answer.objects.get(question=third).value == "Sample then"
    assert shown(browser.get(address("edit_section", 2))) == ids(third)


def test_it_is_submitted_without_what_is_not_asked(chain, delegation, focal_point) -> None:
    questionnaire, (first, second, third, fourth) = chain
    response = answer(chain, delegation, "yes", "Sample how", "Sample then", "Sample last")
    operations.save_answers(questionnaire, delegation, [operations.Change(first.pk, "no", 1)], by=focal_point)

    record = operations.submit_response(response, by=focal_point).record

    assert {pk: question.answer for pk, question in record.by_id.items()} == {
        first.pk: "no",
        second.pk: None,
        third.pk: None,
        fourth.pk: "Sample last",
    }
    assert [question.asked for question in record] == [True, False, False, True]
    assert Answer.objects.get(question=second).value == "Sample how"


def test_a_required_question_stops_the_submission_only_if_it_is_asked(chain, delegation, client_of) -> None:
    browser = client_of("focal_point")
    answer(chain, delegation, "no")
    assert "stops the submission" not in browser.get(address("check_response")).text
    browser.post(address("save_answer", 1, chain[1][0].pk), save(chain[1][0], "yes", 1))
    assert "One answer stops the submission" in browser.get(address("check_response")).text


def save(question: Question, value: str, base: int) -> dict[str, str]:
    return {f"q{question.pk}": value, f"q{question.pk}-version": str(base)}


def test_a_saved_field_tells_the_page_at_once(chain, client_of) -> None:
    _questionnaire, (first, second, _third, _fourth) = chain
    browser = client_of("contributor")

    told = browser.post(address("save_answer", 1, first.pk), save(first, "yes", 0), headers=HTMX)
    assert json.loads(told["HX-Trigger"]) == {
        "asked": {"questions": [first.pk, second.pk], "sections": [1, 3], "next": "Save and go to section 3"}
    }
    # An answer of a chain opens a section further on.
    told = browser.post(address("save_answer", 1, second.pk), save(second, "Sample how", 0), headers=HTMX)
    assert json.loads(told["HX-Trigger"])["asked"]["sections"] == [1, 2, 3]
    assert json.loads(told["HX-Trigger"])["asked"]["next"] == "Save and go to section 2"
    told = browser.post(address("save_answer", 1, first.pk), save(first, "no", 1), headers=HTMX)
    assert json.loads(told["HX-Trigger"])["asked"] == {
        "questions": [first.pk],
        "sections": [1, 3],
        "next": "Save and go to section 3",
    }


def test_progress_counts_what_is_asked(chain, delegation) -> None:
    response = answer(chain, delegation, "no", None, None, "Sample last")
    rows = progress_of(response.edition.questions, response)
    assert [(row.answered, row.total, row.state) for row in rows] == [
        (1, 1, "done"),
        (0, 0, "not_asked"),
        (1, 1, "done"),
    ]


def test_reasons_name_what_decides() -> None:
    content = factories.QuestionnaireFactory().edition.questions
    assert conditions.reasons(content, {}) == {}


def test_a_condition_costs_a_field_one_query_more(chain, delegation, client_of, django_assert_max_num_queries) -> None:
    _questionnaire, (first, *_others) = chain
    answer(chain, delegation, "yes")
    browser = client_of("contributor")
    browser.get(address("edit_section", 1))
    with django_assert_max_num_queries(21):
        browser.post(address("save_answer", 1, first.pk), save(first, "no", 1), headers=HTMX)
