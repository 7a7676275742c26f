"""Colleagues who act in the same moment: one act counts, the others are told, nothing is lost and nothing twice."""

from __future__ import annotations

from datetime import date

import pytest

from icoca_portal.outbox.models import Message
from questionnaires import operations
from questionnaires.exceptions import AnswerChangedMeanwhile, ClearanceEnded, ClearanceStands
from questionnaires.models import Answer, Assignment, Clearance, Guest, Note
from tests import factories
from tests.factories import question_of
from tests.questionnaires.answering import at_once, draft
from tests.questionnaires.colleagues import invite, section_id, write

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 4


@pytest.fixture
def response(questionnaire, delegation):
    return draft(questionnaire, delegation, long_text="Of the beginning")


def test_of_texts_restored_at_once_one_stands_on_top_and_the_others_are_told(response, focal_point):
    question = question_of(response.questionnaire, "long_text")
    for number in range(PEOPLE):
        write(response, "long_text", f"Text {number}", focal_point)
    writers = [factories.UserFactory() for _person in range(PEOPLE)]
    base = PEOPLE + 1

    def restore(version, by):
        return lambda: operations.restore_answer(
            response, question_id=question.pk, version=version, base_version=base, by=by
        )

    results = at_once([restore(number + 1, by) for number, by in enumerate(writers)])
    refused = [result for result in results if isinstance(result, AnswerChangedMeanwhile)]
    assert len(refused) == PEOPLE - 1
    answer = Answer.objects.get(question=question)
    assert answer.version == base + 1
    assert answer.revisions.count() == base + 1


def test_of_requests_for_clearance_sent_at_once_one_goes_out(response, focal_point, reader, contributor):
    def ask(by):
        return lambda: operations.send_for_clearance(response.questionnaire, response.delegation, of=reader, by=by)

    results = at_once([ask(by) for by in (focal_point, contributor, focal_point, contributor)])
    assert sum(isinstance(result, ClearanceStands) for result in results) == 3
    assert Clearance.objects.count() == 1
    assert Message.objects.filter(recipient=reader.email).count() == 1


def test_of_two_clicks_that_clear_one_counts(response, focal_point, reader):
    clearance = operations.send_for_clearance(response.questionnaire, response.delegation, of=reader, by=focal_point)
    response.refresh_from_db()

    def record():
        operations.record_clearance(
            clearance, name="Sample Official", on=date(2026, 1, 1), seen=response.changed_at, by=reader
        )

    results = at_once([record, record])
    assert sum(isinstance(result, ClearanceEnded) for result in results) == 1
    response.refresh_from_db()
    assert response.state == "cleared"


def test_a_clearance_and_a_change_at_once_never_leave_a_changed_draft_cleared(
    response, focal_point, reader, contributor
):
    clearance = operations.send_for_clearance(response.questionnaire, response.delegation, of=reader, by=focal_point)
    response.refresh_from_db()
    seen = response.changed_at

    def record():
        operations.record_clearance(clearance, name="Sample Official", on=date(2026, 1, 1), seen=seen, by=reader)

    at_once([record, lambda: write(response, "long_text", "Changed in the same moment", contributor)])
    response.refresh_from_db()
    assert response.state == "draft"
    assert not Clearance.objects.filter(outcome="cleared").exists()


def test_two_focal_points_invite_and_assign_the_same_at_once(questionnaire, delegation, focal_point, contributor):
    other = factories.UserFactory()
    factories.DelegateFactory(user=other, delegation=delegation)

    def ask(by):
        return lambda: invite(questionnaire, delegation, by)

    def give(by):
        return lambda: operations.assign_section(
            questionnaire, delegation, section_id=section_id(questionnaire), user=contributor, by=by
        )

    at_once([ask(focal_point), ask(other), give(focal_point), give(other)])
    assert Guest.objects.count() == 1
    assert Assignment.objects.active().count() == 2
    assert Message.objects.filter(recipient=contributor.email).count() == 1


def test_a_note_sent_twice_at_once_is_one(response, focal_point):
    question = question_of(response.questionnaire, "long_text")

    def say():
        operations.write_note(response, question_id=question.pk, text="Sample word", by=focal_point)

    at_once([say] * PEOPLE)
    assert Note.objects.count() == 1
