"""The next edition: what changed, who goes on with it, who is told, and that no answer goes."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from icoca_portal.outbox.models import Message
from questionnaires import operations
from questionnaires.checks import problems_in
from questionnaires.exceptions import NothingChanged, QuestionnaireClosed, QuestionnaireNotReady
from questionnaires.models import Answer, AnswerRevision, Clearance, Question, Questionnaire, Response
from tests import factories
from tests.factories import VALUES, question_of
from tests.questionnaires.designing import design, only_if, publish, values

pytestmark = pytest.mark.django_db


@pytest.fixture
def questionnaire() -> Questionnaire:
    return factories.QuestionnaireFactory(title="Sample plan 2018", slug="sample-plan", code="SP")


def change(questionnaire: Questionnaire, kind: str = "long_text", **changed) -> Question:
    row = question_of(questionnaire, kind)
    return operations.change_question(
        row, values(row, **changed), version=row.version, by=factories.UserFactory(is_staff=True)
    )


def draft(questionnaire: Questionnaire, delegation, **options) -> Response:
    return factories.ResponseFactory(questionnaire=questionnaire, delegation=delegation, **options)


def test_a_draft_goes_on_with_the_new_edition_and_keeps_its_answers(questionnaire, delegation) -> None:
    response = draft(questionnaire, delegation)
    before = dict(response.answers.values_list("question_id", "value"))
    change(questionnaire, text="Sample reworded?")
    operations.remove_question(question_of(questionnaire, "short_text"), by=factories.UserFactory())

    edition = publish(questionnaire, note="Sample reason")

    response.refresh_from_db()
    assert (edition.number, edition.note) == (2, "Sample reason")
    assert response.edition == edition
    assert response.edition_read == 1
    assert dict(response.answers.values_list("question_id", "value")) == before
    assert "Sample reworded?" in [question.text for question in edition.questions]
    assert question_of(questionnaire, "short_text").pk not in edition.questions.by_id


def test_a_response_begins_with_the_edition_it_was_begun_in_as_read(questionnaire, delegation) -> None:
    change(questionnaire, text="Sample reworded?")
    publish(questionnaire)

    response = draft(questionnaire, delegation)

    assert response.edition.number == response.edition_read == 2
    assert not response.has_unread_changes


def test_what_is_submitted_stays_on_its_edition_until_it_is_returned(questionnaire, delegation, secretariat) -> None:
    response = draft(questionnaire, delegation)
    submission = operations.submit_response(response, by=factories.UserFactory())
    change(questionnaire, text="Sample reworded?")
    publish(questionnaire)

    response.refresh_from_db()
    assert response.edition.number == 1
    operations.return_response(response, reason="Sample reason", by=secretariat)
    response.refresh_from_db()
    assert (response.edition.number, response.state, response.has_unread_changes) == (2, "returned", True)
    submission.refresh_from_db()
    assert submission.is_intact
    assert submission.record.edition == 1


def test_a_cleared_response_is_a_draft_again(questionnaire, delegation) -> None:
    response = draft(questionnaire, delegation)
    Response.objects.filter(pk=response.pk).update(state="cleared")
    clearance = Clearance.objects.create(
        response=response,
        outcome="cleared",
        asked_by=factories.UserFactory(),
        cleared_by_name="Sample Minister",
        cleared_on=timezone.localdate(),
    )
    change(questionnaire, text="Sample reworded?")

    publish(questionnaire)

    response.refresh_from_db()
    clearance.refresh_from_db()
    assert (response.state, clearance.outcome) == ("draft", "lapsed")


def test_those_who_write_for_a_delegation_that_has_begun_are_told(
    questionnaire, delegation, focal_point, contributor, reader, other_focal_point, inactive
) -> None:
    focal_point.language = "fr"
    focal_point.save()
    draft(questionnaire, delegation)
    change(questionnaire, text="Sample reworded?")

    publish(questionnaire, note="Sample words of the secretariat")

    rows = Message.objects.filter(key__startswith="edition-published:")
    assert {row.recipient for row in rows} == {focal_point.email, contributor.email}
    message = rows.get(recipient=contributor.email)
    assert message.subject == "Edition 2: Sample plan 2018"
    assert "Sample words of the secretariat" in message.text
    assert "/questionnaires/sample-plan/changes/" in message.text


def test_nothing_changed_is_refused(questionnaire) -> None:
    with pytest.raises(NothingChanged):
        publish(questionnaire)
    assert questionnaire.editions.count() == 1


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_only_an_open_questionnaire_gets_another_edition(questionnaire, secretariat, state) -> None:
    if state == "draft":
        questionnaire = factories.QuestionnaireFactory(opened=False)
    else:
        change(questionnaire, text="Sample reworded?")
        operations.close_questionnaire(questionnaire, by=secretariat)

    with pytest.raises(QuestionnaireClosed):
        publish(questionnaire)


def test_what_is_missing_is_refused_and_said(questionnaire, client_of) -> None:
    change(questionnaire, "single", choices=[])

    with pytest.raises(QuestionnaireNotReady):
        publish(questionnaire)
    page = client_of("secretariat").get(design("publish_edition", questionnaire))
    assert "at least two choices" in page.text
    assert "wg-act-form" not in page.text


def test_the_changes_wait_and_are_shown_before_they_are_published(questionnaire, client_of, delegation) -> None:
    browser = client_of("secretariat")
    assert "not yet published" not in browser.get(design("design", questionnaire)).text
    change(questionnaire, text="Sample question, quite long text?")
    change(questionnaire, "number", maximum=9)
    added = operations.add_question(
        questionnaire.sections.first(), {"kind": "date", "text": "Sample added?"}, by=factories.UserFactory()
    )
    page = browser.get(design("design", questionnaire)).text
    assert "3 changes since edition 1, not yet published" in page
    assert "New since the last edition" in page.split(f'id="q-{added.pk}"')[1].split("</li>")[0]

    page = browser.get(design("publish_edition", questionnaire)).text
    assert "<mark>quite</mark>" in page
    assert "Largest number: 9 (before: no limit)." in page
    assert "Sample added?" in page
    answer = browser.post(design("publish_edition", questionnaire), {"note": "Sample note"})

    assert answer.status_code == 302
    assert questionnaire.editions.latest("number").note == "Sample note"
    assert "not yet published" not in browser.get(design("design", questionnaire)).text


def test_a_choice_that_went_must_be_chosen_again(questionnaire, delegation) -> None:
    response = draft(questionnaire, delegation)
    for kind in ("single", "multiple", "ranking", "matrix"):
        row = question_of(questionnaire, kind)
        change(questionnaire, kind, choices=[choice for choice in row.choices if choice["key"] != "first"])

    publish(questionnaire)

    response.refresh_from_db()
    found = dict(response.answers.values_list("question_id", "value"))
    said = {problem.question.kind: problem.message for problem in problems_in(response.edition.questions, found)}
    assert set(said) == {"single", "multiple", "ranking", "matrix"}
    assert all("again" in sentence for sentence in said.values())
    assert found[question_of(questionnaire, "single").pk] == VALUES["single"]


def test_a_removed_question_comes_back_with_its_answer(questionnaire, delegation) -> None:
    response = draft(questionnaire, delegation)
    row = question_of(questionnaire, "short_text")
    operations.remove_question(row, by=factories.UserFactory())
    publish(questionnaire)
    operations.restore_question(row, by=factories.UserFactory())
    publish(questionnaire)

    response.refresh_from_db()
    assert response.edition.number == 3
    assert response.edition_read == 1
    assert response.answers.get(question=row).value == VALUES["short_text"]
    assert row.pk in response.edition.questions.by_id


def test_a_condition_that_came_counts_for_the_draft_too(questionnaire, delegation) -> None:
    response = draft(questionnaire, delegation)
    first, other = question_of(questionnaire, "yes_no"), question_of(questionnaire, "single")
    change(questionnaire, "single", condition=only_if(first, "one_of", "no"))
    publish(questionnaire)

    submission = operations.submit_response(Response.objects.get(pk=response.pk), by=factories.UserFactory())

    assert submission.record.by_id[other.pk].asked is False
    assert response.answers.get(question=other).value == VALUES["single"]


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_to_delete_a_question_with_answers(delegation) -> None:
    questionnaire = factories.QuestionnaireFactory()
    draft(questionnaire, delegation)
    row = question_of(questionnaire, "long_text")
    kept = (Answer.objects.count(), AnswerRevision.objects.count())

    with pytest.raises(ProtectedError):
        row.delete()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM questionnaires_question WHERE id = %s", [row.pk])
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM questionnaires_section WHERE id = %s", [row.section_id])

    assert Question.objects.filter(pk=row.pk).exists()
    assert (Answer.objects.count(), AnswerRevision.objects.count()) == kept
