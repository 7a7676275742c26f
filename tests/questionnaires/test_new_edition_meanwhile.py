"""A new edition comes while somebody types: nothing typed vanishes, and answers to removed questions stay readable."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from questionnaires import operations
from questionnaires.exceptions import QuestionNoLongerAsked
from questionnaires.models import Answer, AnswerRevision, Question, Questionnaire, Section
from questionnaires.operations import Change
from tests import factories
from tests.factories import VALUES, question_of
from tests.questionnaires.answering import PDF, address, draft, fields_on, value_of

pytestmark = pytest.mark.django_db
PAGE, SECOND = address("edit_section", 1), address("edit_section", 2)
HTMX = {"HX-Request": "true"}
GONE = "Since edition 2 this question is asked no more, so the text is not stored."


@pytest.fixture
def text(questionnaire) -> Question:
    return question_of(questionnaire, "long_text")


def republish(questionnaire: Questionnaire) -> None:
    operations.publish_edition(questionnaire, by=factories.UserFactory())


def remove(question: Question) -> None:
    Question.objects.filter(pk=question.pk).update(removed_at=timezone.now())
    republish(question.section.questionnaire)


def field(question: Question, value: str, base: int) -> dict[str, Any]:
    return {f"q{question.pk}": value, f"q{question.pk}-version": str(base)}


def test_a_field_of_a_removed_question_is_refused_by_name_and_stays_on_the_page(
    questionnaire, text, delegation, client_of
) -> None:
    draft(questionnaire, delegation)
    remove(text)

    page = client_of("contributor").post(address("save_answer", 1, text.pk), field(text, "Typed", 1), headers=HTMX)

    assert page.status_code == 422
    assert GONE in page.text
    assert f'id="state-{text.pk}"' in page.text
    assert f'name="q{text.pk}-version" value="1"' in page.text
    assert Answer.objects.get(question=text).value == VALUES["long_text"]


def test_the_plain_save_stores_the_others_and_shows_the_text_to_copy(
    questionnaire, text, delegation, client_of
) -> None:
    response = draft(questionnaire, delegation)
    short = question_of(questionnaire, "short_text")
    browser = client_of("contributor")
    fields = fields_on(browser.get(PAGE))
    remove(text)

    page = browser.post(PAGE, {**fields, f"q{text.pk}": "My last words", f"q{short.pk}": "Stored", "go": "next"})

    assert page.status_code == 422
    assert GONE in page.text
    assert "My last words" in page.text
    assert value_of(response, "short_text") == "Stored"


def test_a_page_sent_back_untouched_is_no_refusal(questionnaire, text, delegation, client_of) -> None:
    draft(questionnaire, delegation)
    browser = client_of("contributor")
    fields = fields_on(browser.get(PAGE))
    remove(text)
    assert browser.post(PAGE, {**fields, "go": "stay"}).status_code == 302
    blank = make_untouched(browser, text)
    assert browser.post(PAGE, blank).status_code == 302


def make_untouched(browser: Any, text: Question) -> dict[str, Any]:
    """What a page without any text for the removed question posts."""
    return {**fields_on(browser.get(PAGE)), **field(text, VALUES["long_text"].replace("\n", "\r\n"), 1), "go": "stay"}


def test_a_question_that_moved_to_another_section_still_saves(questionnaire, text, delegation, client_of) -> None:
    response = draft(questionnaire, delegation)
    browser = client_of("contributor")
    fields = fields_on(browser.get(PAGE))
    second = Section.objects.get(questionnaire=questionnaire, position=2)
    Question.objects.filter(pk=text.pk).update(section=second)
    republish(questionnaire)

    one = browser.post(address("save_answer", 1, text.pk), field(text, "Typed by field", 1), headers=HTMX)
    assert one.status_code == 200
    assert value_of(response, "long_text") == "Typed by field"

    sent = browser.post(PAGE, {**fields, f"q{text.pk}": "Typed in the section", f"q{text.pk}-version": "2"})
    assert sent.status_code == 302
    assert value_of(response, "long_text") == "Typed in the section"


def test_two_versions_of_a_question_that_moved_are_settled_where_it_was_typed(
    questionnaire, text, delegation, contributor, client_of
) -> None:
    response = draft(questionnaire, delegation)
    browser = client_of("focal_point")
    fields = fields_on(browser.get(PAGE))
    second = Section.objects.get(questionnaire=questionnaire, position=2)
    Question.objects.filter(pk=text.pk).update(section=second)
    republish(questionnaire)
    operations.save_answers(questionnaire, delegation, [Change(text.pk, "Theirs", 1)], by=contributor)

    page = browser.post(PAGE, {**fields, f"q{text.pk}": "Mine"})
    assert page.status_code == 409
    assert "Theirs" in page.text.replace("<mark>", "").replace("</mark>", "")
    settled = browser.post(PAGE, {**fields_on(page), f"q{text.pk}-pick": "mine", "go": "stay"})
    assert settled.status_code == 302
    assert value_of(response, "long_text") == "Mine"


def test_a_section_that_is_gone_keeps_what_was_typed_in_it(questionnaire, delegation, client_of) -> None:
    draft(questionnaire, delegation)
    browser = client_of("contributor")
    number, day = question_of(questionnaire, "number"), question_of(questionnaire, "date")
    fields = fields_on(browser.get(SECOND))
    first = Section.objects.get(questionnaire=questionnaire, position=1)
    second = Section.objects.get(questionnaire=questionnaire, position=2)
    Question.objects.filter(section=second).exclude(pk=number.pk).update(removed_at=timezone.now())
    Question.objects.filter(pk=number.pk).update(section=first)
    republish(questionnaire)

    page = browser.post(SECOND, {**fields, f"q{number.pk}": "77", f"q{day.pk}": "in spring", "go": "next"})

    assert page.status_code == 422
    assert "in spring" in page.text
    assert Answer.objects.get(question=number).value == "77"
    assert browser.get(SECOND).status_code == 404


def test_answers_to_removed_questions_stay_readable(questionnaire, text, delegation, client_of) -> None:
    response = draft(questionnaire, delegation, long_text="Unmistakable words")
    file = question_of(questionnaire, "file")
    operations.attach_file(
        questionnaire, delegation, file.pk, factories.upload("Kept.pdf", PDF), by=factories.UserFactory()
    )
    Question.objects.filter(pk__in=[text.pk, file.pk]).update(removed_at=timezone.now())
    republish(questionnaire)
    browser = client_of("reader")

    assert (
        "2 of your answers are to questions that this edition asks no more."
        in browser.get(address("read_response")).text
    )
    check = browser.get(address("check_response")).text
    assert "No longer asked" in check
    assert "Unmistakable words" in check
    assert "Kept.pdf" in check
    assert "Question 1.2 until edition 1." in check
    assert AnswerRevision.objects.filter(answer__question=text).exists()

    submission = operations.submit_response(response, by=factories.UserFactory())
    assert text.pk not in submission.record.by_id


def test_a_question_of_another_questionnaire_is_not_found(questionnaire, delegation, client_of) -> None:
    draft(questionnaire, delegation)
    foreign = question_of(factories.QuestionnaireFactory(), "long_text")
    page = client_of("contributor").post(address("save_answer", 1, foreign.pk), field(foreign, "x", 0), headers=HTMX)
    assert page.status_code == 404


def test_the_operation_names_what_is_gone(questionnaire, text, delegation, focal_point) -> None:
    draft(questionnaire, delegation)
    remove(text)
    with pytest.raises(QuestionNoLongerAsked, match="Since edition 2"):
        operations.save_answer(questionnaire, delegation, Change(text.pk, "Typed", 1), by=focal_point)
    _response, saved = operations.save_answers(questionnaire, delegation, [Change(text.pk, None, 1)], by=focal_point)
    assert set(saved.gone) == {text.pk}
    assert Answer.objects.get(question=text).value == VALUES["long_text"]


def test_a_removed_question_that_comes_back_has_its_answer(questionnaire, text, delegation, client_of) -> None:
    draft(questionnaire, delegation, long_text="Unmistakable words")
    remove(text)
    Question.objects.filter(pk=text.pk).update(removed_at=None)
    republish(questionnaire)
    assert "Unmistakable words" in client_of("contributor").get(PAGE).text
