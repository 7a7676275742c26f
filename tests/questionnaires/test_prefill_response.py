"""Answers of the last response taken over: matched, marked until confirmed, never over a colleague’s newer text."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from questionnaires import operations
from questionnaires.exceptions import ResponseIncomplete
from questionnaires.models import Answer, AnswerRevision, Question, Questionnaire, Response, Section, Submission
from questionnaires.prefill import earlier_answers
from tests import factories
from tests.factories import question_of
from tests.questionnaires.answering import (
    address,
    answer_address,
    bring_to,
    draft,
    make_questionnaire,
    posted,
    queries,
)
from tests.questionnaires.colleagues import HTMX, beside, invite, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def earlier(delegation) -> Submission:
    """What the delegation submitted to the questionnaire of the year before."""
    last = factories.QuestionnaireFactory(title="Sample plan 2017", slug="plan-2017", code="SP2017")
    return factories.SubmissionFactory(
        response__questionnaire=last, response__delegation=delegation, response__values={"long_text": "Of last year"}
    )


@pytest.fixture
def questionnaire(earlier) -> Questionnaire:
    """The same questions again, copied from those of last year; their words are others."""
    again = make_questionnaire(opened=False)
    for question in Question.objects.filter(section__questionnaire=again):
        source = question_of(earlier.response.questionnaire, question.kind)
        Question.objects.filter(pk=question.pk).update(copied_from=source, text=f"Asked anew: {question.kind}?")
    operations.open_questionnaire(again, by=factories.UserFactory())
    return Questionnaire.objects.get(pk=again.pk)


def take(browser, *questions, seen=0):
    sent = {}
    for question in questions:
        sent |= {f"take-{question.pk}": "1", f"seen-{question.pk}": str(seen)}
    return browser.post(address("prefill_response"), sent, follow=True)


def stored(question) -> Answer:
    return Answer.objects.get(question=question)


def test_the_task_list_offers_it_and_the_page_shows_both_sides(client_of, questionnaire, delegation, focal_point):
    write(draft_of_one(questionnaire, delegation, focal_point), "short_text", "Of this year", focal_point)
    browser = client_of("focal_point")
    assert "Begin from your last response" in browser.get(address("read_response")).text
    page = browser.get(address("prefill_response"))
    assert "SP2017-ch-1" in page.text
    assert "Of last year" in page.text
    assert "Of this year" in page.text
    ticked = f'name="take-{question_of(questionnaire, "long_text").pk}" value="1" checked'
    unticked = f'name="take-{question_of(questionnaire, "short_text").pk}" value="1" checked'
    assert ticked in page.text
    assert unticked not in page.text
    assert f"take-{question_of(questionnaire, 'file').pk}" not in page.text


def draft_of_one(questionnaire, delegation, by) -> Response:
    change = operations.Change(question_of(questionnaire, "yes_no").pk, "no", 0)
    return operations.save_answers(questionnaire, delegation, [change], by=by)[0]


def test_what_is_ticked_is_taken_and_marked_until_somebody_confirms_it(client_of, questionnaire, earlier, focal_point):
    question = question_of(questionnaire, "long_text")
    browser = client_of("focal_point")
    assert "1 answer is taken over." in take(browser, question).text
    answer = stored(question)
    assert (answer.value, answer.prefilled_from, answer.version) == ("Of last year", earlier, 1)
    assert AnswerRevision.objects.get(answer=answer).origin == "prefilled"
    assert answer.response.answers.count() == 1
    section = browser.get(address("edit_section", 1)).text
    assert "Taken from SP2017-ch-1, not confirmed." in section
    assert "Confirm or change the answer taken from an earlier response." in browser.get(address("check_response")).text
    with pytest.raises(ResponseIncomplete):
        operations.submit_response(answer.response, by=focal_point)
    browser.post(beside("confirm_answer", question), {f"q{question.pk}-seen": "1"})
    answer.refresh_from_db()
    assert (answer.prefilled_from, answer.version, answer.saved_by) == (None, 1, focal_point)
    assert "not confirmed" not in browser.get(address("edit_section", 1)).text
    assert "Confirmed by Sample Focal Point" in browser.get(beside("read_answer_history", question)).text
    operations.submit_response(answer.response, by=focal_point)


def test_whoever_changes_it_has_confirmed_it(client_of, questionnaire, focal_point):
    question = question_of(questionnaire, "long_text")
    browser = client_of("focal_point")
    take(browser, question)
    reply = browser.post(answer_address(question), posted("long_text", question, "Of this year", 1), headers=HTMX)
    assert "not confirmed" not in reply.text
    assert stored(question).prefilled_from is None


def test_with_htmx_the_state_line_comes_back(client_of, questionnaire, focal_point):
    question = question_of(questionnaire, "long_text")
    browser = client_of("focal_point")
    take(browser, question)
    reply = browser.post(beside("confirm_answer", question), {f"q{question.pk}-seen": "1"}, headers=HTMX)
    assert reply.status_code == 200
    assert "not confirmed" not in reply.text
    assert "by you" in reply.text


def test_nobody_confirms_what_a_colleague_changed_meanwhile(client_of, questionnaire, focal_point, contributor):
    question = question_of(questionnaire, "long_text")
    browser = client_of("focal_point")
    take(browser, question)
    response = stored(question).response
    write(response, "long_text", "Of the colleague", contributor)
    page = browser.post(beside("confirm_answer", question), {f"q{question.pk}-seen": "1"}, follow=True)
    assert "A colleague changed this answer while you were reading." in page.text
    assert browser.post(beside("confirm_answer", question), {}, headers=HTMX).status_code == 409
    assert stored(question).saved_by == contributor


def test_all_of_a_section_are_confirmed_at_once_as_they_were_read(client_of, questionnaire, focal_point, contributor):
    short, long = question_of(questionnaire, "short_text"), question_of(questionnaire, "long_text")
    number = question_of(questionnaire, "number")
    browser = client_of("focal_point")
    take(browser, short, long, number)
    assert "Confirm all in this section" in browser.get(address("edit_section", 1)).text
    page = browser.post(
        address("confirm_answers", 1),
        {f"q{short.pk}-seen": "1", f"q{long.pk}-seen": "7", f"q{number.pk}-seen": "1"},
        follow=True,
    )
    assert "1 answer is confirmed." in page.text
    assert [stored(q).prefilled_from is None for q in (short, long, number)] == [True, False, False]


def test_what_a_colleague_saved_meanwhile_is_left_as_it_is(client_of, questionnaire, delegation, focal_point):
    question = question_of(questionnaire, "long_text")
    response = draft_of_one(questionnaire, delegation, focal_point)
    write(response, "long_text", "Of the colleague", focal_point)
    page = take(client_of("focal_point"), question, seen=0)
    assert "1 answer was left as it is: a colleague saved it meanwhile." in page.text
    assert stored(question).value == "Of the colleague"
    take(client_of("focal_point"), question, seen=1)
    assert stored(question).value == "Of last year"
    assert [row.value for row in stored(question).revisions.all()] == ["Of the colleague", "Of last year"]


def test_nothing_ticked_takes_nothing_and_begins_nothing(client_of, questionnaire, focal_point):
    assert "Nothing was chosen, and nothing taken over." in take(client_of("focal_point")).text
    assert not Response.objects.filter(questionnaire=questionnaire).exists()


def test_the_same_words_match_where_nothing_was_copied(delegation, earlier, focal_point):
    again = make_questionnaire()
    response = Response(questionnaire=again, delegation=delegation, edition=again.edition)
    source, rows = earlier_answers(response)
    assert source == earlier
    assert {row.question.kind for row in rows} == set(factories.VALUES) - {"confirmation"}


def test_a_choice_that_is_offered_no_more_is_not_taken(delegation, earlier):
    again = make_questionnaire(opened=False)
    questions = Question.objects.filter(section__questionnaire=again)
    fewer = [choice for choice in question_of(again, "multiple").choices if choice["key"] != "third"]
    questions.filter(kind__in=["multiple", "ranking"]).update(choices=fewer)
    operations.open_questionnaire(again, by=factories.UserFactory())
    again = Questionnaire.objects.get(pk=again.pk)
    response = Response(questionnaire=again, delegation=delegation, edition=again.edition)
    kinds = {row.question.kind for row in earlier_answers(response)[1]}
    assert not kinds & {"multiple", "ranking", "file"}
    assert "single" in kinds


def test_a_chain_of_copies_is_followed(delegation, earlier):
    between = factories.QuestionnaireFactory(opened=False, slug="between", code="BT")
    again = Questionnaire.objects.create(
        title="Sample plan 2019", slug="plan-2019", code="P19", deadline=timezone.now() + timedelta(days=3)
    )
    middle = question_of(between, "long_text")
    Question.objects.filter(pk=middle.pk).update(copied_from=question_of(earlier.response.questionnaire, "long_text"))
    section = Section.objects.create(questionnaire=again, position=1, title="Sample")
    factories.QuestionFactory(section=section, text="Worded anew", copied_from=middle)
    operations.open_questionnaire(again, by=factories.UserFactory())
    again = Questionnaire.objects.get(pk=again.pk)
    response = Response(questionnaire=again, delegation=delegation, edition=again.edition)
    assert [row.value for row in earlier_answers(response)[1]] == ["Of last year"]


def test_a_delegation_takes_its_own_answers_alone(client_of, questionnaire, earlier, other_delegation, focal_point):
    page = client_of("other_focal_point").get(address("prefill_response"))
    assert "Your delegation has submitted no earlier response" in page.text
    assert "Of last year" not in page.text
    with pytest.raises(ValueError, match="its own answers"):
        operations.prefill_response(questionnaire, other_delegation, source=earlier, values={}, seen={}, by=focal_point)
    assert "Begin from your last response" not in client_of("other_focal_point").get(address("read_response")).text


def test_readers_and_guests_take_nothing_over(client_of, questionnaire, delegation, focal_point):
    guest = invite(questionnaire, delegation, focal_point).user
    question = question_of(questionnaire, "long_text")
    for who in ("reader", guest):
        assert take(client_of(who), question).status_code == 403
    assert "Begin from your last response" not in client_of("reader").get(address("read_response")).text


def test_a_guest_confirms_in_their_section(client_of, questionnaire, delegation, focal_point):
    guest = invite(questionnaire, delegation, focal_point).user
    short, number = question_of(questionnaire, "short_text"), question_of(questionnaire, "number")
    take(client_of("focal_point"), short, number)
    browser = client_of(guest)
    browser.post(beside("confirm_answer", short), {f"q{short.pk}-seen": "1"})
    assert stored(short).saved_by == guest
    assert browser.post(beside("confirm_answer", number), {f"q{number.pk}-seen": "1"}).status_code == 404
    assert browser.post(address("confirm_answers", 2), {f"q{number.pk}-seen": "1"}).status_code == 404


@pytest.mark.parametrize("state", ["past_deadline", "closed", "submitted"])
def test_after_the_end_nothing_is_taken_over(client_of, questionnaire, delegation, focal_point, state):
    bring_to(state, draft(questionnaire, delegation, long_text="Of this year"), focal_point)
    question = question_of(questionnaire, "long_text")
    assert "Take over what is ticked" not in client_of("focal_point").get(address("prefill_response")).text
    take(client_of("focal_point"), question, seen=1)
    assert stored(question).value == "Of this year"


def test_the_page_costs_no_more_for_more_questions(client_of, questionnaire, focal_point):
    assert queries(client_of("focal_point"), address("prefill_response")) <= 12
