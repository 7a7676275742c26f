"""The benchmark: its large portal holds the rows of the operations, and its yardstick does the same work."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import models

from icoca_portal.outbox.models import Message
from questionnaires import operations
from questionnaires.models import Answer, AnswerRevision, Response, Submission, SubmittedAnswer
from questionnaires.operations import Change
from tests import factories
from tests.benchmarks import asking, filling, large
from tests.benchmarks.filling import Filled

pytestmark = pytest.mark.django_db

# What differs between any two rows of a table: their keys, whose they are and when they were written.
OWN = {
    *("id", "answer", "submission", "response", "delegation", "record", "neutral_number", "number"),
    *("saved_at", "submitted_at", "started_at", "changed_at", "saved_by", "submitted_by", "submitted_by_name"),
    *("reference", "content", "sha256"),
}


@pytest.fixture
def filled() -> Filled:
    (found,) = filling.fill([(3, 12, 3)])
    return found


def facts(row: models.Model) -> dict[str, Any]:
    """The columns of a row that do not differ between two delegations."""
    return {field.name: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name not in OWN}


def rows_of(response: Response) -> dict[str, list[dict[str, Any]]]:
    """Everything that hangs on a submitted response."""
    answers = Answer.objects.filter(response=response).order_by("question")
    return {
        "response": [facts(response)],
        "answers": [facts(row) for row in answers],
        "revisions": [
            facts(row) for row in AnswerRevision.objects.filter(answer__in=answers).order_by("answer__question")
        ],
        "submissions": [facts(row) for row in Submission.objects.filter(response=response)],
        "copies": [
            facts(row) for row in SubmittedAnswer.objects.filter(submission__response=response).order_by("question")
        ],
    }


def test_the_rows_are_those_of_the_operations(filled) -> None:
    for response in Response.objects.filter(questionnaire=filled.questionnaire, record__isnull=False):
        values = dict(response.answers.values_list("question_id", "value"))
        delegate = factories.DelegateFactory()
        changes = [
            Change(question.id, values.get(question.id), 0) for question in filled.questionnaire.edition.questions
        ]
        typed, _saved = operations.save_answers(filled.questionnaire, delegate.delegation, changes, by=delegate.user)
        submission = operations.submit_response(typed, by=delegate.user)

        assert rows_of(typed) == rows_of(response)
        assert (typed.neutral_number is None) == (response.neutral_number is None)
        of_bulk, of_operation = json.loads(response.record.content), json.loads(submission.content)
        for content in (of_bulk, of_operation):
            del content["delegation"], content["reference"]
        assert of_bulk == of_operation
        assert response.record.is_intact


def test_the_drafts_are_whole_and_open(filled) -> None:
    assert len(filled.drafts) == 2
    for draft in filled.drafts:
        assert draft.takes_answers
        assert draft.state == Response.State.DRAFT
        assert not draft.submissions.exists()


@pytest.mark.django_db(transaction=True)  # a web server's request ends with its connection
def test_both_sides_answer_and_do_the_same(settings) -> None:
    """The bare views answer as the portal does, and a submission of theirs holds what the portal's would."""
    settings.ROOT_URLCONF = "tests.benchmarks.bare.urls"
    settings.ALLOWED_HOSTS = [asking.HOST]
    settings.AUTHENTICATION_BACKENDS = [*settings.AUTHENTICATION_BACKENDS, asking.BARE_BACKEND]  # as tools.bench does
    names = []
    for case in large.cases(((3, 12, 3),)):
        outcome = large.Outcome(case, *asking.measure([case.portal, case.bare], 2, at_most=60))
        names.append(case.name)
        assert (outcome.portal.status, outcome.bare.status) == (case.expected, case.expected)
        assert outcome.portal.queries <= case.queries
    assert len(names) == len(set(names))
    first, second = (
        draft.submissions.first() for draft in Response.objects.filter(state="submitted", record__number__gt=1)
    )
    contents = [json.loads(submission.content) for submission in (first, second)]
    for content in contents:
        del content["delegation"], content["reference"]
        for section in content["sections"]:
            for question in section["questions"]:
                del question["answer"], question["answer_text"]
    assert contents[0] == contents[1]
    assert {submission.is_intact for submission in (first, second)} == {True}
    portal, bare = (
        Message.objects.filter(key__startswith=f"response-submitted:{submission.reference}:")
        for submission in (first, second)
    )
    assert portal.count() == bare.count() == 2
