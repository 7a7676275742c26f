"""The forms to fill in elsewhere: blank, and with the draft of the delegation."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from icoca_portal.lib.exports import DOCX
from questionnaires import operations
from questionnaires.models import Question, Response
from questionnaires.word import open_form, origin_of, read_form
from tests.factories import VALUES, question_of
from tests.questionnaires.answering import (
    PDF,
    SECRET,
    STATES,
    WITHOUT_DELEGATION,
    address,
    assert_same_queries,
    bring_to,
    draft,
    make_questionnaire,
)

pytestmark = pytest.mark.django_db
FORM, BLANK = address("export_form"), address("export_blank")


def words_of(data: bytes) -> str:
    return "".join(open_form(data).body.itertext())


@pytest.mark.parametrize("who", ["reader", "contributor", "focal_point"])
def test_the_delegation_takes_its_draft_along_as_a_form(delegation, client_of, who) -> None:
    questionnaire = make_questionnaire()
    response = draft(questionnaire, delegation)

    answer = client_of(who).get(FORM)

    assert answer.status_code == 200
    assert answer["Content-Type"] == DOCX
    assert "SP-ch-form.docx" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    opened = open_form(answer.content)
    reading = read_form(opened, [response.edition.questions])
    for kind, value in VALUES.items():
        assert reading.answers[question_of(questionnaire, kind).pk].value == value, kind
    origin = origin_of(opened)
    assert origin is not None
    assert (origin.questionnaire, origin.edition, origin.response) == ("SP", 1, "ch")
    assert origin.versions == {answer.question_id: 1 for answer in response.answers.all()}


@pytest.mark.parametrize("who", ["reader", "other_focal_point", "director", "secretariat", "chair"])
def test_who_sees_the_questionnaire_takes_a_blank_form(delegation, client_of, who) -> None:
    draft(make_questionnaire(), delegation, long_text=SECRET)

    answer = client_of(who).get(BLANK)

    assert answer.status_code == 200
    assert "SP-form.docx" in answer["Content-Disposition"]
    assert SECRET not in words_of(answer.content)
    origin = origin_of(open_form(answer.content))
    assert origin is not None
    assert origin.response == ""


def test_before_the_first_answer_the_form_is_empty(client_of) -> None:
    questionnaire = make_questionnaire()
    reading = read_form(open_form(client_of("reader").get(FORM).content), [questionnaire.edition.questions])
    assert {read.value for read in reading.answers.values()} == {None}
    assert not Response.objects.exists()


def test_the_form_says_what_to_do_and_where_to_send_it(client_of, settings) -> None:
    make_questionnaire()
    words = words_of(client_of("focal_point").get(BLANK).content)
    for told in (
        "How to fill this in",
        "Leave the grey marks",
        settings.PORTAL_ADDRESS,
        address("upload_form"),
        "Tick one.",
    ):
        assert told in words


def test_a_condition_is_said_in_words(client_of, superuser) -> None:
    questionnaire = make_questionnaire(opened=False)
    first, second = question_of(questionnaire, "yes_no"), question_of(questionnaire, "long_text")
    Question.objects.filter(pk=first.pk).update(position=0)
    Question.objects.filter(pk=second.pk).update(
        condition={"match": "all", "tests": [{"question": first.pk, "is": "one_of", "values": ["yes"]}]}
    )
    operations.open_questionnaire(questionnaire, by=superuser)
    assert "Answer only if 1.1 is “Yes”." in words_of(client_of("focal_point").get(BLANK).content)


def test_attached_files_are_named_and_not_taken_along(delegation, focal_point, client_of) -> None:
    questionnaire = make_questionnaire()
    question = question_of(questionnaire, "file")
    upload = SimpleUploadedFile("sample-annex.pdf", PDF)
    operations.attach_file(questionnaire, delegation, question.pk, upload, by=focal_point)
    data = client_of("focal_point").get(FORM).content
    assert "sample-annex.pdf" in words_of(data)
    assert b"%PDF" not in data


@pytest.mark.parametrize("state", STATES)
def test_it_can_be_taken_in_every_state(delegation, focal_point, client_of, state) -> None:
    response = draft(make_questionnaire(), delegation)
    bring_to(state, response, focal_point)
    assert client_of("reader").get(FORM).status_code == 200


@pytest.mark.parametrize("who", WITHOUT_DELEGATION)
def test_who_has_no_delegation_has_no_form_of_one(delegation, client_of, who) -> None:
    draft(make_questionnaire(), delegation)
    assert client_of(who).get(FORM).status_code == 403


def test_another_delegation_gets_its_own(delegation, client_of) -> None:
    draft(make_questionnaire(), delegation, long_text=SECRET)
    data = client_of("other_focal_point").get(FORM).content
    assert SECRET not in words_of(data)
    assert "Sweden" in words_of(data)


@pytest.mark.parametrize("url", [FORM, BLANK])
def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(client_of, url) -> None:
    make_questionnaire()
    assert client_of("visitor").get(url)["Location"].startswith(reverse("account_login"))


def test_a_draft_questionnaire_has_a_form_for_the_secretariat_alone(client_of) -> None:
    make_questionnaire(opened=False)
    assert client_of("secretariat").get(BLANK).status_code == 200
    assert client_of("focal_point").get(BLANK).status_code == 404
    assert client_of("focal_point").get(FORM).status_code == 404


@pytest.mark.parametrize("url", [FORM, BLANK])
def test_it_is_only_read(client_of, url) -> None:
    make_questionnaire()
    assert client_of("focal_point").post(url).status_code == 405


def test_it_costs_the_same_queries_for_1_and_30_questions(delegation, focal_point, client_of) -> None:
    assert_same_queries(client_of, delegation, "export_form")
