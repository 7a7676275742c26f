"""Everybody acts at the same moment: savers, submitters and the secretariat. Nothing that was acknowledged is lost."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from django.test import Client

from icoca_portal.outbox.models import Message
from questionnaires import operations
from questionnaires.exceptions import NothingSubmitted, QuestionnaireClosed, ResponseSealed
from questionnaires.models import Answer, AnswerRevision, Question, Response, Submission, SubmittedAnswer
from questionnaires.operations import Change
from tests import factories
from tests.factories import question_of
from tests.questionnaires.answering import address, answer_address, at_once, draft, make_questionnaire, posted

pytestmark = pytest.mark.django_db(transaction=True)

HTMX = {"HX-Request": "true"}
CONFIRMED = {"confirm": "1"}
KINDS = ("long_text", "short_text")


def check_submissions(response: Response) -> None:
    """Numbered in a row, sealed, with the copies that are counted, and each told to the delegation once."""
    submissions = list(response.submissions.order_by("number"))
    assert [row.number for row in submissions] == list(range(1, len(submissions) + 1))
    for row in submissions:
        assert row.is_intact
        copies = {copy.question_id: copy.value for copy in SubmittedAnswer.objects.filter(submission=row)}
        assert copies == {question.id: question.answer for question in row.record if question.answer is not None}
        assert Message.objects.filter(key__startswith=f"response-submitted:{row.reference}:").count() == 1
    assert response.record == (submissions[-1] if submissions else None)


@pytest.mark.parametrize("turn", range(2))
def test_savers_a_submitter_and_the_secretariat(turn, delegation, focal_point, contributor, client_of) -> None:
    """Twenty people: some save through their pages, some submit, the secretariat returns what is submitted."""
    questionnaire = make_questionnaire()
    response = draft(questionnaire, delegation)
    # The receipt goes to whoever is a delegate; one is enough to count them by.
    contributor.appointments.update(valid_to=contributor.appointments.get().valid_from)
    questions = {kind: question_of(questionnaire, kind) for kind in KINDS}
    officer = factories.UserFactory(is_staff=True)

    def saver(browser: Client, question: Question, text: str) -> Any:
        fields = posted(question.kind, question, text, 1)
        return lambda: (question.pk, text, browser.post(answer_address(question), fields, headers=HTMX))

    def submitter(browser: Client) -> Any:
        return lambda: browser.post(address("submit_response"), CONFIRMED)

    def returner() -> Any:
        return operations.return_response(Response.objects.get(), reason="Sample reason", by=officer)

    savers = [
        saver(client_of("focal_point"), questions[KINDS[number % 2]], f"Text {number} of turn {turn}")
        for number in range(10)
    ]
    submitters = [submitter(client_of("focal_point")) for _number in range(6)]
    tasks = [*savers[:5], *submitters[: 3 + turn], *[returner] * 4, *savers[5:], *submitters[3 + turn :]]
    results = at_once(tasks)

    assert len(results) == 20
    pages = [result for result in results if isinstance(result, tuple)]
    clicks = [result for result in results if hasattr(result, "status_code")]
    refused = [result for result in results if isinstance(result, NothingSubmitted)]
    assert {page.status_code for _question, _text, page in pages} <= {200, 409, 422}
    assert {click.status_code for click in clicks} == {302}
    assert len(pages) == 10
    assert len(clicks) == 6
    response.refresh_from_db()
    returns = 4 - len(refused)
    # Each return opens the response for one more submission, and every submission was returned but perhaps the last.
    assert response.submissions.count() - returns in (0, 1)
    check_submissions(response)
    acknowledged = Counter(question for question, _text, page in pages if page.status_code == 200)
    assert all(count <= 1 for count in acknowledged.values())  # all started from version 1: one of them won
    for question, text, page in pages:
        kept = list(AnswerRevision.objects.filter(answer__question=question).values_list("value", flat=True))
        assert (text in kept) == (page.status_code == 200)
    for answer in Answer.objects.filter(question__in=[question.pk for question in questions.values()]):
        assert answer.value == answer.revisions.get(version=answer.version).value
        for submission in response.submissions.all():
            assert submission.record.by_id[answer.question_id].answer in answer.revisions.values_list(
                "value", flat=True
            )


def test_twenty_first_words_begin_one_response(delegation, focal_point) -> None:
    """Nobody had begun; twenty windows save another field each, or the same one."""
    questionnaire = make_questionnaire()
    texts = [question_of(questionnaire, kind) for kind in KINDS]

    def saver(number: int) -> Any:
        change = Change(texts[number % 2].pk, f"First word {number}", 0)
        return lambda: operations.save_answer(questionnaire, delegation, change, by=focal_point)[1]

    results = at_once([saver(number) for number in range(20)])

    stored = [result for result in results if isinstance(result, Answer)]
    assert Response.objects.count() == 1
    assert len(stored) == Answer.objects.count() == 2
    assert {answer.value for answer in stored} == set(Answer.objects.values_list("value", flat=True))


def test_submissions_beside_more_time_and_less(delegation, focal_point) -> None:
    """The deadline is moved and the questionnaire closed while a response goes out: it is whole, or not there."""
    questionnaire = make_questionnaire()
    response = draft(questionnaire, delegation)
    officer = factories.UserFactory(is_staff=True)
    question = question_of(questionnaire, "long_text")

    def saver(number: int) -> Any:
        change = Change(question.pk, f"Text {number}", 1)
        return lambda: operations.save_answer(questionnaire, delegation, change, by=focal_point)[1]

    results = at_once(
        [
            *[saver(number) for number in range(12)],
            *[lambda: operations.submit_response(response, by=focal_point)] * 6,
            lambda: operations.close_questionnaire(questionnaire, by=officer),
            lambda: operations.close_questionnaire(questionnaire, by=officer),
        ]
    )

    ends = (Submission, ResponseSealed, QuestionnaireClosed)
    submissions = [result for result in results[12:18] if isinstance(result, Submission)]
    assert all(isinstance(result, ends) for result in results[12:18])
    assert len(submissions) == Submission.objects.count() <= 1
    stored = [result.value for result in results[:12] if isinstance(result, Answer)]
    current = Answer.objects.get(question=question)
    assert stored in ([], [current.value])
    response.refresh_from_db()
    assert response.state == ("submitted" if submissions else "draft")
    for submission in submissions:
        sealed = json.loads(submission.content)
        values = {row["id"]: row["answer"] for section in sealed["sections"] for row in section["questions"]}
        assert values[question.pk] == current.value
