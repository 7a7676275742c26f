"""Every text of an answer is kept, shown with what it changed, and can be put back; colleagues' newer texts stand."""

from __future__ import annotations

import pytest
from django.utils import timezone
from django.utils.html import escape

from icoca_portal.lib.wording import changes_marked
from questionnaires import operations
from questionnaires.exceptions import NothingToRestore, QuestionnaireClosed
from questionnaires.models import Answer, Question, Response
from questionnaires.operations.together import put_version
from tests.factories import question_of
from tests.questionnaires.answering import address, assert_same_queries, bring_to, draft
from tests.questionnaires.colleagues import beside, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def response(questionnaire, delegation, focal_point, contributor):
    """The long text has three versions, by two people."""
    found = draft(questionnaire, delegation, long_text="One audit a year")
    write(found, "long_text", "One audit every two years", contributor)
    write(found, "long_text", "No audit", focal_point)
    return found


@pytest.fixture
def question(questionnaire):
    return question_of(questionnaire, "long_text")


def restore(browser, question, version, base):
    page = beside("restore_answer", question)
    return browser.post(page, {"version": version, "base": base}, follow=True)


def test_words_that_came_and_went_are_marked():
    assert changes_marked("One audit a year", "One <b> a year") == "One <del>audit</del> <ins>&lt;b&gt;</ins> a year"
    assert changes_marked("", "New") == "<ins>New</ins>"
    assert changes_marked("Old", "") == "<del>Old</del>"
    assert changes_marked("word " * 4000, "other") == "other"


def test_the_history_says_who_changed_what_when_and_how(client_of, response, question, contributor):
    text = client_of("reader").get(beside("read_answer_history", question)).text
    assert text.index("Version 3") < text.index("Version 2") < text.index("Version 1")
    assert "Sample Contributor" in text
    assert "Typed" in text
    assert "<del>a year</del>" in text
    assert "<ins>every two years</ins>" in text
    assert "Stands now" in text
    assert "Restore this text" not in text  # a reader reads


def test_an_earlier_text_comes_back_as_a_new_version_on_top(client_of, response, question, focal_point):
    page = restore(client_of("focal_point"), question, 1, 3)
    assert "Version 1 is restored, as a new version." in page.text
    assert "Restored" in page.text
    answer = Answer.objects.get(question=question)
    assert (answer.value, answer.version, answer.saved_by) == ("One audit a year", 4, focal_point)
    assert list(answer.revisions.values_list("value", "origin"))[-2:] == [
        ("No audit", "typed"), ("One audit a year", "restored"),
    ]  # fmt: skip


def test_restoring_what_stands_changes_nothing(client_of, response, question):
    restore(client_of("focal_point"), question, 3, 3)
    assert Answer.objects.get(question=question).version == 3


def test_a_colleagues_newer_text_is_not_overwritten_and_both_are_shown(client_of, response, question, contributor):
    write(response, "long_text", "Newer, by the colleague", contributor)
    page = restore(client_of("focal_point"), question, 1, 3)
    assert page.status_code == 409
    assert "Nothing was restored" in page.text
    assert "Newer, by the colleague" in page.text.replace("<mark>", "").replace("</mark>", "")
    assert "One audit a year" in page.text.replace("<mark>", "").replace("</mark>", "")
    assert Answer.objects.get(question=question).value == "Newer, by the colleague"
    restore(client_of("focal_point"), question, 1, 4)
    assert Answer.objects.get(question=question).value == "One audit a year"


def test_files_come_back_with_the_text(questionnaire, response, question, focal_point):
    file = {"attachment": 1, "name": "sample.pdf", "size": 1, "sha256": "0" * 64}
    answer, now = Answer.objects.get(question=question), timezone.now()
    put_version(answer, "With a file", [file], origin="files", by=focal_point, now=now)
    put_version(answer, "With a file", [], origin="files", by=focal_point, now=now)
    restored = operations.restore_answer(response, question_id=question.pk, version=4, base_version=5, by=focal_point)
    assert (restored.value, restored.files, restored.version) == ("With a file", [file], 6)


def test_a_blank_can_be_restored(questionnaire, response, question, focal_point):
    write(response, "long_text", None, focal_point)
    write(response, "long_text", "Again", focal_point)
    restored = operations.restore_answer(response, question_id=question.pk, version=4, base_version=5, by=focal_point)
    assert restored.value is None


def test_what_is_not_there_is_not_restored(client_of, response, question, focal_point):
    page = restore(client_of("focal_point"), question, 9, 3)
    assert "There is no such version of this answer." in page.text
    with pytest.raises(NothingToRestore):
        operations.restore_answer(response, question_id=question.pk, version=0, base_version=3, by=focal_point)
    blank = question_of(response.questionnaire, "file")
    text = client_of("focal_point").get(beside("read_answer_history", blank)).text
    assert "Nobody has answered this question yet." in text


@pytest.mark.parametrize("state", ["past_deadline", "closed", "submitted"])
def test_after_the_end_the_history_is_read_and_nothing_restored(client_of, response, question, focal_point, state):
    bring_to(state, response, focal_point)
    browser = client_of("focal_point")
    text = browser.get(beside("read_answer_history", question)).text
    assert "Version 2" in text
    assert "Restore this text" not in text
    restore(browser, question, 1, 3)
    assert Answer.objects.get(question=question).value == "No audit"
    if state != "submitted":
        response = Response.objects.get(pk=response.pk)
        with pytest.raises(QuestionnaireClosed):
            operations.restore_answer(response, question_id=question.pk, version=1, base_version=3, by=focal_point)


def test_who_may(client_of, response, question, other_delegation, questionnaire):
    assert restore(client_of("reader"), question, 1, 3).status_code == 403
    draft(questionnaire, other_delegation, long_text="Of the others")
    theirs = client_of("other_focal_point").get(beside("read_answer_history", question)).text
    assert "One audit" not in theirs
    assert "Of the others" in theirs
    restore(client_of("other_focal_point"), question, 1, 1)
    assert Answer.objects.get(question=question, response=response).value == "No audit"
    assert client_of("director").get(beside("read_answer_history", question)).status_code == 403


def test_the_texts_of_a_question_that_is_asked_no_more_stay_readable(
    client_of, response, question, questionnaire, focal_point, other_delegation
):
    Question.objects.filter(pk=question.pk).update(removed_at=timezone.now())
    operations.publish_edition(questionnaire, by=focal_point)
    browser = client_of("reader")
    page = browser.get(address("read_history"))
    assert "Asked no more." in page.text
    gone = address("read_removed_history", question.pk)
    assert f"{gone}#v2" in page.text
    text = browser.get(gone).text
    assert "Sample Contributor" in text
    assert "<ins>every two years</ins>" in text
    assert "Restore this text" not in text
    draft(questionnaire, other_delegation)
    assert client_of("other_focal_point").get(gone).status_code == 404


def test_long_histories_come_in_pages(client_of, response, question, focal_point):
    for number in range(30):
        write(response, "long_text", f"Text number {number}", focal_point)
    browser = client_of("focal_point")
    newest, oldest = (browser.get(beside("read_answer_history", question) + query).text for query in ("", "?page=4"))
    assert "Page 1 of 4" in newest
    assert "Version 33" in newest
    assert "Version 1<" in oldest
    assert "<del>a year</del>" in oldest
    assert browser.get(beside("read_answer_history", question) + "?page=999").status_code == 200


# What changed in the whole response


def test_the_list_of_changes_is_asked_by_person_section_and_day(client_of, response, contributor, questionnaire):
    browser = client_of("reader")
    every = browser.get(address("read_history")).text
    assert escape(question_of(questionnaire, "long_text").text) in every
    assert "Sample Contributor" in every
    by = browser.get(address("read_history") + f"?by={contributor.pk}").text
    assert by.count("Version ") == 1
    second = browser.get(address("read_history") + "?section=2").text
    assert escape(question_of(questionnaire, "number").text) in second
    assert escape(question_of(questionnaire, "long_text").text) not in second
    assert "No change fits." in browser.get(address("read_history") + "?on=2001-01-01").text
    assert browser.get(address("read_history") + "?on=nonsense&by=x").text.count("Version ") == every.count("Version ")


def test_the_pages_cost_the_same_for_one_and_thirty(client_of, delegation, focal_point):
    assert_same_queries(client_of, delegation, "read_history")


def test_before_the_first_answer_the_list_says_so(client_of, questionnaire, focal_point):
    assert "Nothing is written yet." in client_of("focal_point").get(address("read_history")).text


def test_a_hundred_changes_and_no_more(client_of, response, focal_point):
    for number in range(105):
        write(response, "short_text", f"Text {number}", focal_point)
    assert client_of("focal_point").get(address("read_history")).text.count("Version ") == 100
