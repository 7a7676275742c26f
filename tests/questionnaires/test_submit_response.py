"""Submitting: once, complete, sealed, in time, and told to the whole delegation."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from icoca_portal.lib import sealing
from icoca_portal.outbox.models import Message
from questionnaires import operations
from questionnaires.editions import choices_of
from questionnaires.exceptions import (
    NothingSubmitted,
    QuestionnaireClosed,
    ResponseIncomplete,
    ResponseSealed,
)
from questionnaires.models import Answer, Question, Questionnaire, Response, Submission
from questionnaires.operations import Change
from tests import factories
from tests.factories import VALUES, question_of
from tests.questionnaires.answering import (
    PDF,
    STATES,
    WITHOUT_DELEGATION,
    address,
    at_once,
    bring_to,
    draft,
    make_questionnaire,
)

pytestmark = pytest.mark.django_db
SUBMIT, RECEIPT = address("submit_response"), address("read_submission")
CONFIRMED = {"confirm": "1"}


# The view
def test_the_focal_point_submits_and_is_shown_the_receipt(response, client_of) -> None:
    answer = client_of("focal_point").post(SUBMIT, CONFIRMED, follow=True)

    assert answer.redirect_chain == [(RECEIPT, 302)]
    assert "Your response is submitted" in answer.text
    submission = Submission.objects.get()
    assert submission.reference == "SP-ch-1"
    assert "SP-ch-1" in answer.text
    assert sealing.grouped(submission.sha256) in answer.text
    assert submission.submitted_by_name == "Sample Focal Point"
    response.refresh_from_db()
    assert response.state == Response.State.SUBMITTED


@pytest.mark.parametrize("who", ["reader", "contributor", *WITHOUT_DELEGATION])
def test_others_are_refused(response, client_of, who) -> None:
    assert client_of(who).post(SUBMIT, CONFIRMED).status_code == 403
    assert not Submission.objects.exists()


@pytest.mark.parametrize("who", ["visitor", "inactive"])
def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(response, client_of, who) -> None:
    answer = client_of(who).post(SUBMIT, CONFIRMED)

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))
    assert not Submission.objects.exists()


def test_another_delegations_focal_point_submits_nothing_of_this_one(response, client_of) -> None:
    page = client_of("other_focal_point").post(SUBMIT, CONFIRMED)

    assert page.status_code == 422
    assert "Nothing is answered yet" in page.text
    assert not Submission.objects.exists()


def test_an_unknown_and_a_draft_questionnaire_are_not_found(client_of) -> None:
    assert client_of("focal_point").post(SUBMIT, CONFIRMED).status_code == 404
    make_questionnaire(opened=False)
    assert client_of("focal_point").post(SUBMIT, CONFIRMED).status_code == 404


def test_it_is_only_posted(response, client_of) -> None:
    assert client_of("focal_point").get(SUBMIT).status_code == 405


def test_the_word_of_the_focal_point_is_needed(response, client_of) -> None:
    page = client_of("focal_point").post(SUBMIT, {})

    assert page.status_code == 422
    assert "Tick the box" in page.text
    assert not Submission.objects.exists()


def test_an_incomplete_response_is_shown_what_stops_it(response, delegation, focal_point, client_of) -> None:
    number = question_of(response.questionnaire, "number")
    operations.save_answers(response.questionnaire, delegation, [Change(number.pk, "twelve", 1)], by=focal_point)

    page = client_of("focal_point").post(SUBMIT, CONFIRMED)

    assert page.status_code == 422
    assert "One answer stops the submission" in page.text
    assert f'href="#a-{number.pk}"' in page.text
    assert not Submission.objects.exists()
    response.refresh_from_db()
    assert response.state == Response.State.DRAFT


def test_a_second_click_is_shown_the_same_receipt(response, client_of) -> None:
    browser = client_of("focal_point")
    first = browser.post(SUBMIT, CONFIRMED, follow=True)
    second = browser.post(SUBMIT, CONFIRMED, follow=True)

    assert second.redirect_chain == first.redirect_chain
    assert "SP-ch-1" in second.text
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("state", ["past_deadline", "closed"])
def test_where_nothing_is_taken_the_draft_stays(response, focal_point, client_of, state) -> None:
    bring_to(state, response, focal_point)

    answer = client_of("focal_point").post(SUBMIT, CONFIRMED, follow=True)

    assert answer.redirect_chain == [(address("read_response"), 302)]
    assert "Drafts stay readable; answers are taken no more." in answer.text
    assert not Submission.objects.exists()


@pytest.mark.parametrize(("late", "taken"), [(-1, True), (0, False), (1, False)])
def test_the_deadline_holds_to_the_second(response, focal_point, client_of, late, taken) -> None:
    deadline = (timezone.now() + timedelta(minutes=9)).replace(microsecond=0)
    Questionnaire.objects.update(deadline=deadline)
    browser = client_of("focal_point")
    with time_machine.travel(deadline + timedelta(seconds=late), tick=False):
        assert browser.post(SUBMIT, CONFIRMED)["Location"] == (RECEIPT if taken else address("read_response"))
    assert Submission.objects.exists() == taken


# The operation
def test_what_is_sealed_holds_the_questions_and_the_answers(response, focal_point, delegation) -> None:
    file = question_of(response.questionnaire, "file")
    upload = SimpleUploadedFile("Sample.pdf", PDF)
    operations.attach_file(response.questionnaire, delegation, file.pk, upload, by=focal_point)

    submission = operations.submit_response(response, by=focal_point)

    assert submission.is_intact
    assert sealing.digest(submission.content) == submission.sha256
    content = json.loads(submission.content)
    assert sealing.canonical(content) == submission.content
    assert (content["reference"], content["number"], content["delegation"]) == ("SP-ch-1", 1, "Switzerland")
    sealed = {question["id"]: question for section in content["sections"] for question in section["questions"]}
    assert set(sealed) == set(Question.objects.values_list("pk", flat=True))
    for question in Question.objects.all():
        row = sealed[question.pk]
        assert row["text"] == question.text
        assert bool(row["answer_text"])
        if question.kind != "file":
            assert row["answer"] == VALUES[question.kind]
    assert sealed[file.pk]["answer"][0]["sha256"] == hashlib.sha256(PDF).hexdigest()


def test_the_record_stays_whatever_the_rows_say_later(response, focal_point) -> None:
    submission = operations.submit_response(response, by=focal_point)
    before = submission.content
    Question.objects.update(text="Changed", choices=choices_of("Changed\nToo"))
    Answer.objects.update(value=None)
    Questionnaire.objects.update(title="Changed", code="CHANGED")
    focal_point.name = "Changed"
    focal_point.save()

    row = Submission.objects.get()
    assert row.content == before
    assert row.is_intact
    assert row.reference == "SP-ch-1"
    assert row.submitted_by_name == "Sample Focal Point"
    assert "Changed" not in {question.text for question in row.record}


def test_equal_answers_give_equal_records_whatever_the_language(questionnaire, delegation, focal_point) -> None:
    records = []
    for language in ("en", "fr"):
        row = draft(questionnaire, factories.DelegationFactory())
        with translation.override(language):
            content = json.loads(operations.submit_response(row, by=focal_point).content)
        del content["reference"], content["delegation"]
        records.append(sealing.canonical(content))
    assert records[0] == records[1]


def test_the_operation_refuses_what_is_incomplete_and_names_it(questionnaire, delegation, focal_point) -> None:
    response = draft(questionnaire, delegation, number="twelve", date="soon")

    with pytest.raises(ResponseIncomplete) as refusal:
        operations.submit_response(response, by=focal_point)

    assert [problem.question.kind for problem in refusal.value.problems] == ["number", "date"]
    assert not Submission.objects.exists()
    assert not Message.objects.filter(key__startswith="response-submitted").exists()


def test_a_required_answer_that_is_missing_stops_it(delegation, focal_point) -> None:
    questionnaire = make_questionnaire(opened=False)
    Question.objects.update(required=True)
    operations.open_questionnaire(questionnaire, by=focal_point)
    response = draft(questionnaire, delegation)

    with pytest.raises(ResponseIncomplete) as refusal:
        operations.submit_response(response, by=focal_point)

    assert [problem.message for problem in refusal.value.problems] == ["Attach a file."]


def test_a_response_of_blanks_is_no_response(questionnaire, delegation, focal_point) -> None:
    response = draft(questionnaire, delegation)
    blanks = [Change(question.id, None, 1) for question in questionnaire.edition.questions]
    operations.save_answers(questionnaire, delegation, blanks, by=focal_point)

    with pytest.raises(ResponseIncomplete) as refusal:
        operations.submit_response(response, by=focal_point)

    assert str(refusal.value) == "Nothing is answered yet."


@pytest.mark.parametrize("state", STATES)
def test_the_operation_itself_refuses(response, focal_point, state) -> None:
    bring_to(state, response, focal_point)
    before = Submission.objects.count()

    with pytest.raises(ResponseSealed if state == "submitted" else QuestionnaireClosed):
        operations.submit_response(response, by=focal_point)

    assert Submission.objects.count() == before


def test_a_returned_response_is_submitted_as_no_2_beside_no_1(response, delegation, focal_point) -> None:
    first = operations.submit_response(response, by=focal_point)
    before = (first.content, first.sha256, first.submitted_at)
    operations.return_response(response, reason="Sample reason", by=focal_point)
    text = question_of(response.questionnaire, "long_text")
    operations.save_answers(response.questionnaire, delegation, [Change(text.pk, "Corrected", 1)], by=focal_point)

    second = operations.submit_response(response, by=focal_point)

    assert (second.number, second.reference) == (2, "SP-ch-2")
    assert second.record.by_id[text.pk].answer == "Corrected"
    first.refresh_from_db()
    assert (first.content, first.sha256, first.submitted_at) == before
    assert first.record.by_id[text.pk].answer == VALUES["long_text"]
    assert list(Submission.objects.on_record()) == [second]


def test_what_is_not_submitted_is_not_returned(response, focal_point) -> None:
    with pytest.raises(NothingSubmitted):
        operations.return_response(response, reason="Sample", by=focal_point)


def test_a_submission_that_is_rolled_back_queues_no_mail(response, focal_point) -> None:
    def submit_and_fail() -> None:
        with transaction.atomic():
            operations.submit_response(response, by=focal_point)
            raise RuntimeError("the change did not go through")

    with pytest.raises(RuntimeError):
        submit_and_fail()

    assert not Submission.objects.exists()
    assert not Message.objects.filter(key__startswith="response-submitted").exists()
    assert Response.objects.get().state == Response.State.DRAFT


# At the same moment
@pytest.mark.django_db(transaction=True)
def test_twenty_clicks_give_one_submission_and_one_receipt(delegation, focal_point, client_of) -> None:
    draft(make_questionnaire(), delegation)
    browsers = [client_of("focal_point") for _ in range(20)]

    def clicker(browser: Client) -> Any:
        return lambda: browser.post(SUBMIT, CONFIRMED)

    answers = at_once([clicker(browser) for browser in browsers])

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, RECEIPT)}
    assert list(Submission.objects.values_list("reference", flat=True)) == ["SP-ch-1"]
    assert Message.objects.filter(key__startswith="response-submitted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_delegations_submit_at_once(focal_point) -> None:
    questionnaire = make_questionnaire()
    responses = [draft(questionnaire, factories.DelegationFactory()) for _ in range(20)]

    def submitter(response: Response) -> Any:
        return lambda: operations.submit_response(response, by=focal_point)

    results = at_once([submitter(response) for response in responses])

    assert {type(result) for result in results} == {Submission}
    assert Submission.objects.count() == 20
    assert all(submission.is_intact for submission in Submission.objects.all())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(3))
def test_a_save_beside_the_submission_is_sealed_or_refused(delegation, focal_point, contributor, turn) -> None:
    """Whatever was acknowledged is in the record; what came after the seal is told so."""
    questionnaire = make_questionnaire()
    response = draft(questionnaire, delegation)
    kinds = ["long_text", "short_text", "yes_no", "scale", "number", "date"]
    new = {"yes_no": "no", "scale": 1, "number": "99", "date": "2019-01-01"}
    questions = [question_of(questionnaire, kind) for kind in kinds]

    def saver(question: Question) -> Any:
        change = Change(question.pk, new.get(question.kind, f"New in turn {turn}"), 1)
        return lambda: operations.save_answer(questionnaire, delegation, change, by=contributor)[1]

    tasks = [saver(question) for question in questions]
    tasks.insert(turn * 3, lambda: operations.submit_response(response, by=focal_point))
    results = at_once(tasks)

    submission = Submission.objects.get()
    saved = {result.question_id: result.value for result in results if isinstance(result, Answer)}
    assert len(saved) + sum(isinstance(result, ResponseSealed) for result in results) == len(questions)
    for question in questions:
        stored = Answer.objects.get(question=question).value
        assert submission.record.by_id[question.pk].answer == stored == saved.get(question.pk, VALUES[question.kind])


@pytest.mark.django_db(transaction=True)
def test_a_submission_beside_the_closing_is_whole_or_refused(delegation, focal_point) -> None:
    questionnaire = make_questionnaire()
    response = draft(questionnaire, delegation)

    submitted, _closed = at_once(
        [
            lambda: operations.submit_response(response, by=focal_point),
            lambda: operations.close_questionnaire(Questionnaire.objects.get(), by=focal_point),
        ]
    )

    assert Submission.objects.exists() == isinstance(submitted, Submission)
    assert isinstance(submitted, Submission | QuestionnaireClosed)
    assert Response.objects.get().state == ("submitted" if isinstance(submitted, Submission) else "draft")
