"""A delegation's own copy of its answers, as PDF and as Word file."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn

from icoca_portal.lib import sealing
from questionnaires import operations
from questionnaires.models import Answer, Question, Submission
from questionnaires.operations import Change
from tests.factories import question_of
from tests.lib.pdf_reading import text_of
from tests.questionnaires.answering import (
    SECRET,
    STATES,
    WITHOUT_DELEGATION,
    address,
    bring_to,
    draft,
    make_questionnaire,
)
from tests.questionnaires.papers import ARABIC, CHINESE, HARD, HOSTILE, assert_accessible

pytestmark = pytest.mark.django_db
PDF, WORD = address("export_response_pdf"), address("export_response_docx")


def words_of(content: bytes) -> str:
    """The text of a Word file, opened as python-docx opens it."""
    body = Document(io.BytesIO(content)).element.body
    return "\n".join("".join(node.text or "" for node in line.iter(qn("w:t"))) for line in body.iter(qn("w:p")))


def read(url: str, content: bytes) -> str:
    return text_of(content) if url == PDF else words_of(content)


@pytest.mark.parametrize("url", [PDF, WORD])
@pytest.mark.parametrize("who", ["reader", "contributor", "focal_point"])
def test_the_delegation_takes_its_draft_along_which_says_so(delegation, client_of, url, who) -> None:
    draft(make_questionnaire(), delegation)

    answer = client_of(who).get(url)

    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    assert f"SP-ch-draft.{url[-4:].strip('.')}" in answer["Content-Disposition"]
    text = read(url, answer.content)
    for shown in ("Draft, not submitted", "Sample short answer", "First; Third", "Row one: First", "Not answered"):
        assert shown in text


@pytest.mark.parametrize("url", [PDF, WORD])
def test_what_was_submitted_carries_its_seal(delegation, focal_point, client_of, url) -> None:
    response = draft(make_questionnaire(), delegation)
    bring_to("submitted", response, focal_point)

    answer = client_of("reader").get(url)

    assert "SP-ch-1" in answer["Content-Disposition"]
    text = read(url, answer.content)
    assert "Draft, not submitted" not in text
    assert "Sample short answer" in text
    assert Submission.objects.get().sha256 in sealing.cleaned(text)


@pytest.mark.parametrize("url", [PDF, WORD])
def test_after_a_return_it_is_the_draft_again(delegation, focal_point, client_of, url) -> None:
    questionnaire = make_questionnaire()
    response = draft(questionnaire, delegation)
    bring_to("returned", response, focal_point)
    text = question_of(questionnaire, "long_text")
    operations.save_answers(questionnaire, delegation, [Change(text.pk, "Corrected", 1)], by=focal_point)

    shown = read(url, client_of("reader").get(url).content)

    assert "Corrected" in shown
    assert "Draft, not submitted" in shown


@pytest.mark.parametrize("state", [None, *STATES])
def test_long_texts_in_all_scripts_are_accessible_and_whole(delegation, focal_point, client_of, state) -> None:
    response = draft(make_questionnaire(), delegation, **HARD)
    if state:
        bring_to(state, response, focal_point)
    browser = client_of("reader")

    document = browser.get(PDF).content
    assert_accessible(document)
    for text in (text_of(document), words_of(browser.get(WORD).content)):
        found = set(text.split())
        assert not {f"word{number}" for number in range(10_000)} - found
        assert CHINESE.split()[0] in text
    assert ARABIC in words_of(browser.get(WORD).content)


def test_nothing_in_an_answer_is_read_as_markup(delegation, client_of) -> None:
    draft(make_questionnaire(), delegation, long_text=HOSTILE, short_text=HOSTILE)
    browser = client_of("reader")

    document = browser.get(PDF).content

    assert_accessible(document)
    assert '#read("/etc/passwd")' in text_of(document)
    assert "root:" not in text_of(document)
    assert '#read("/etc/passwd")' in words_of(browser.get(WORD).content)


@pytest.mark.parametrize("url", [PDF, WORD])
def test_before_the_first_answer_it_is_blank(client_of, url) -> None:
    make_questionnaire()
    text = read(url, client_of("reader").get(url).content)
    assert text.count("Not answered") == 16


@pytest.mark.parametrize("url", [PDF, WORD])
@pytest.mark.parametrize("who", WITHOUT_DELEGATION)
def test_who_has_no_delegation_is_refused(delegation, client_of, url, who) -> None:
    draft(make_questionnaire(), delegation)
    assert client_of(who).get(url).status_code == 403


@pytest.mark.parametrize("url", [PDF, WORD])
def test_another_delegation_gets_its_own(delegation, client_of, url) -> None:
    draft(make_questionnaire(), delegation, long_text=SECRET)
    answer = client_of("other_focal_point").get(url)
    assert answer.status_code == 200
    text = read(url, answer.content)
    assert "Sweden" in text
    assert SECRET not in text


@pytest.mark.parametrize("url", [PDF, WORD])
@pytest.mark.parametrize("who", ["visitor", "inactive"])
def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(client_of, url, who) -> None:
    make_questionnaire()
    assert client_of(who).get(url)["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("url", [PDF, WORD])
def test_an_unknown_and_a_draft_questionnaire_are_not_found(client_of, url) -> None:
    assert client_of("focal_point").get(url).status_code == 404
    make_questionnaire(opened=False)
    assert client_of("focal_point").get(url).status_code == 404


@pytest.mark.parametrize("url", [PDF, WORD])
def test_it_is_only_read(client_of, url) -> None:
    make_questionnaire()
    assert client_of("focal_point").post(url).status_code == 405


@pytest.mark.parametrize("url", [PDF, WORD])
@pytest.mark.parametrize("submitted", [False, True])
def test_tables_files_quotations_and_what_is_not_asked_stand_in_it(
    delegation, focal_point, superuser, client_of, url, submitted
) -> None:
    questionnaire = make_questionnaire(opened=False)
    yes_no, number = question_of(questionnaire, "yes_no"), question_of(questionnaire, "number")
    text = question_of(questionnaire, "long_text")
    Question.objects.filter(pk=number.pk).update(
        condition={"match": "all", "tests": [{"question": yes_no.pk, "is": "one_of", "values": ["no"]}]}
    )
    operations.open_questionnaire(questionnaire, by=superuser)
    rows = [{"what": "Workshops", "how-many": "1234"}, {"what": "Visits"}]
    response = draft(questionnaire, delegation, table=rows, number="777.25")
    files = [{"attachment": 1, "name": "annex.pdf", "size": 1, "sha256": "0" * 64}]
    Answer.objects.filter(question=text).update(files=files, quote=Answer.Quote.UNNAMED)
    if submitted:
        bring_to("submitted", response, focal_point)

    content = client_of("reader").get(url).content

    shown = read(url, content)
    told_of_others = ("Files: annex.pdf", "Quote without our name", "Not asked: only if 1.3 is “No”.")
    for told in ("Workshops", "How many", *told_of_others):
        assert told in shown, told
    assert "777.25" not in shown  # a point, which no seal has
    if url == PDF:
        assert_accessible(content)
    else:
        cells = [[cell.text for cell in row.cells] for one in Document(io.BytesIO(content)).tables for row in one.rows]
        assert ["What", "How many"] in cells
        assert ["Visits", ""] in cells


def test_a_submission_is_read_in_the_language_of_its_reader(delegation, focal_point, superuser, client_of) -> None:
    questionnaire = make_questionnaire(opened=False)
    single = question_of(questionnaire, "single")
    choices = [{**choice, "labels": {"fr": f"{choice['label']} en français"}} for choice in single.choices]
    french = {"fr": {"text": "Question en français ?"}}
    Question.objects.filter(pk=single.pk).update(translations=french, choices=choices)
    operations.open_questionnaire(questionnaire, by=superuser)
    response = draft(questionnaire, delegation)
    bring_to("submitted", response, focal_point)
    for language, words in (("en", "Sample question, single?"), ("fr", "First en français")):
        focal_point.language = language
        focal_point.save()
        assert words in read(WORD, client_of("focal_point").get(WORD).content)
