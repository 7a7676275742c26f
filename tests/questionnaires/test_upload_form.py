"""Sending a filled-in form: what is taken, what is refused with what to do, and that no answer changes by it."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.urls import reverse
from docx import Document

from icoca_portal.lib.exports import write_xlsx
from questionnaires.models import Answer, Questionnaire, Response, WordUpload
from tests.factories import QuestionnaireFactory, question_of
from tests.questionnaires.answering import (
    PDF,
    STATES,
    WITHOUT_DELEGATION,
    address,
    bring_to,
    draft,
    make_questionnaire,
    queries,
)
from tests.questionnaires.word.uploads import UPLOAD, form_of, send, sent, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def questionnaire(delegation) -> Questionnaire:
    questionnaire = make_questionnaire()
    draft(questionnaire, delegation)
    return questionnaire


def unchanged() -> bool:
    """Whether nothing but the first draft is stored."""
    return not WordUpload.objects.exists() and not Answer.objects.exclude(version=1).exists()


def refused(browser, data: bytes, name: str = "form.docx", status: int = 422) -> str:
    reply = browser.post(UPLOAD, sent(data, name))
    assert reply.status_code == status
    assert "Nothing has changed" in reply.text
    return str(reply.text)


@pytest.mark.parametrize("who", ["contributor", "focal_point"])
def test_who_drafts_sends_a_form_and_sees_what_was_read(questionnaire, client_of, who) -> None:
    browser = client_of(who)
    data = typed(form_of(browser), (question_of(questionnaire, "long_text"), "Wording"))

    reply = browser.post(UPLOAD, sent(data, "../evil/Réponse\x07.docx"), follow=True)

    assert reply.status_code == 200
    assert "Wording" in reply.text
    upload = WordUpload.objects.get()
    assert (upload.name, upload.size, upload.settled_at) == ("Réponse.docx", len(data), None)
    assert not Answer.objects.exclude(version=1).exists()


def test_before_the_first_answer_a_blank_form_begins_the_response(client_of, focal_point) -> None:
    questionnaire = make_questionnaire()
    browser = client_of("focal_point")
    blank = browser.get(address("export_blank")).content
    send(browser, typed(blank, (question_of(questionnaire, "short_text"), "From nothing")))
    assert Response.objects.get().answers.count() == 0


def test_the_same_file_sent_twice_is_one(questionnaire, client_of) -> None:
    browser = client_of("focal_point")
    data = typed(form_of(browser), (question_of(questionnaire, "long_text"), "Once"))
    assert send(browser, data) == send(browser, data, "again.docx")
    assert WordUpload.objects.count() == 1


def test_without_a_file_it_says_so(questionnaire, client_of) -> None:
    reply = client_of("focal_point").post(UPLOAD, {})
    assert reply.status_code == 422
    assert "Choose the file first" in reply.text


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (b"", "form.docx", "The file is empty"),
        (PDF, "form.docx", "This is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "form.doc", "an old Word (.doc)"),
        (b"{\\rtf1 sample}", "form.rtf", "(.rtf)"),
        (b"sample text", "form.docx", "This is no Word document"),
        (b"PK\x03\x04 cut", "form.docx", "damaged or incomplete"),
    ],
)
def test_what_is_no_word_document_is_refused(questionnaire, client_of, data, name, told) -> None:
    assert told in refused(client_of("focal_point"), data, name)
    assert unchanged()


def test_a_form_cut_short_is_refused(questionnaire, client_of) -> None:
    browser = client_of("focal_point")
    assert "damaged or incomplete" in refused(browser, form_of(browser)[:-200])
    assert unchanged()


def test_a_file_over_the_limit_is_refused_unread(questionnaire, client_of, settings) -> None:
    settings.MAX_UPLOAD_BYTES = 1000
    browser = client_of("focal_point")
    assert "the limit is 0 MB" in refused(browser, form_of(browser))
    assert unchanged()


def test_the_form_of_another_questionnaire_is_refused_and_named(questionnaire, client_of) -> None:
    browser = client_of("focal_point")
    other = QuestionnaireFactory(code="OTHER18")
    data = browser.get(reverse("questionnaires:export_blank", args=[other.slug])).content
    assert "another questionnaire (OTHER18)" in refused(browser, data)
    assert unchanged()


def test_the_form_of_another_delegation_is_refused(questionnaire, client_of, other_focal_point) -> None:
    theirs = form_of(client_of("other_focal_point"))
    assert "another delegation" in refused(client_of("focal_point"), theirs)
    assert unchanged()


def test_a_word_file_without_a_box_is_refused(questionnaire, client_of) -> None:
    stream = io.BytesIO()
    document = Document()
    document.add_paragraph("A letter")
    document.save(stream)
    assert "No box of this questionnaire" in refused(client_of("focal_point"), stream.getvalue())
    assert unchanged()


def test_a_spreadsheet_is_refused(questionnaire, client_of) -> None:
    told = refused(client_of("focal_point"), write_xlsx([("Sample", ["a"], [["b"]])]), "form.docx")
    assert "This is no Word document" in told


@pytest.mark.parametrize("state", STATES)
def test_after_the_deadline_and_once_sealed_no_form_is_taken(questionnaire, focal_point, client_of, state) -> None:
    browser = client_of("focal_point")
    data = typed(form_of(browser), (question_of(questionnaire, "long_text"), "Too late"))
    bring_to(state, Response.objects.get(), focal_point)

    page = browser.get(UPLOAD)
    assert page.status_code == 200
    assert 'type="file"' not in page.text
    refused(browser, data, status=409)
    assert not WordUpload.objects.exists()


def test_after_a_return_a_form_is_taken_again(questionnaire, focal_point, client_of) -> None:
    bring_to("returned", Response.objects.get(), focal_point)
    browser = client_of("focal_point")
    send(browser, typed(form_of(browser), (question_of(questionnaire, "long_text"), "Corrected")))


def test_a_reader_sends_nothing(questionnaire, client_of) -> None:
    browser = client_of("reader")
    assert browser.get(UPLOAD).status_code == 403
    assert browser.post(UPLOAD, sent(form_of(browser))).status_code == 403
    assert "Send a filled-in form" not in browser.get(address("read_response")).text
    assert "Form with your answers, Word" in browser.get(address("read_response")).text


def test_the_task_list_leads_to_it(questionnaire, client_of) -> None:
    page = client_of("contributor").get(address("read_response")).text
    for url in (UPLOAD, address("export_form"), address("export_blank")):
        assert f'href="{url}"' in page


@pytest.mark.parametrize("who", WITHOUT_DELEGATION)
def test_who_has_no_delegation_is_refused(questionnaire, client_of, who) -> None:
    assert client_of(who).get(UPLOAD).status_code == 403
    assert client_of(who).post(UPLOAD, sent(b"x")).status_code == 403


def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(questionnaire, client_of) -> None:
    assert client_of("visitor").get(UPLOAD)["Location"].startswith(reverse("account_login"))


def test_an_unknown_and_a_draft_questionnaire_are_not_found(client_of) -> None:
    assert client_of("focal_point").get(UPLOAD).status_code == 404
    make_questionnaire(opened=False)
    assert client_of("focal_point").get(UPLOAD).status_code == 404


def test_earlier_files_cost_the_same_queries_for_1_and_30(questionnaire, client_of, focal_point) -> None:
    browser = client_of("focal_point")
    data = form_of(browser)
    upload = send(browser, data)
    few = queries(browser, UPLOAD)
    WordUpload.objects.bulk_create(
        WordUpload(
            response=upload.response, name=f"sample-{number}.docx", size=1, sha256="0" * 64, content=upload.content,
            uploaded_by=focal_point,
        )
        for number in range(30)
    )  # fmt: skip
    assert few == queries(browser, UPLOAD) <= 12


def test_a_zip_that_is_no_office_file_is_refused(questionnaire, client_of) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("sample.txt", "sample")
    assert "This is no Word document" in refused(client_of("focal_point"), stream.getvalue())
