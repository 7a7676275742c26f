"""The files of a delegation's own response."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from members.models import User
from questionnaires import operations
from questionnaires.models import Attachment, Response
from tests.factories import QuestionnaireFactory, question_of
from tests.questionnaires.answering import PDF, STATES, WITHOUT_DELEGATION, address, bring_to, draft, make_questionnaire

pytestmark = pytest.mark.django_db


@pytest.fixture
def response(delegation):
    return draft(make_questionnaire(), delegation)


def attach(response: Response, by: User, name: str = "Sample päper\u202e.exe", content: bytes = PDF) -> str:
    question = question_of(response.questionnaire, "file")
    upload = SimpleUploadedFile(name, content, "text/html")
    operations.attach_file(response.questionnaire, response.delegation, question.pk, upload, by=by)
    return address("read_attachment", Attachment.objects.latest("pk").pk)


def content_of(answer) -> bytes:
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize("who", ["reader", "contributor", "focal_point"])
def test_it_is_downloaded_and_never_run(response, focal_point, client_of, who) -> None:
    answer = client_of(who).get(attach(response, focal_point))

    assert answer.status_code == 200
    assert content_of(answer) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "p%C3%A4per.pdf" in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["notes.txt", "figures.csv"])
def test_a_text_is_no_page_of_ours(response, focal_point, client_of, name) -> None:
    answer = client_of("reader").get(attach(response, focal_point, name, b"words <script>alert(1)</script>"))
    assert content_of(answer) == b"words <script>alert(1)</script>"
    assert answer["Content-Type"].split(";")[0] in ("text/plain", "text/csv")
    assert answer["Content-Disposition"].startswith("attachment;")


def test_the_stored_name_says_nothing(response, focal_point) -> None:
    attach(response, focal_point)
    stored = str(Attachment.objects.get().file.name)
    assert stored.startswith("attachments/")
    assert "." not in stored
    assert "ample" not in stored


def test_another_delegation_does_not_find_it(response, focal_point, client_of, other_delegation) -> None:
    url = attach(response, focal_point)
    browser = client_of("other_focal_point")
    assert browser.get(url).status_code == 404
    draft(response.questionnaire, other_delegation)
    assert browser.get(url).status_code == 404


@pytest.mark.parametrize("who", WITHOUT_DELEGATION)
def test_who_has_no_delegation_is_refused(response, focal_point, client_of, who) -> None:
    assert client_of(who).get(attach(response, focal_point)).status_code == 403


@pytest.mark.parametrize("who", ["visitor", "inactive"])
def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(response, focal_point, client_of, who) -> None:
    assert client_of(who).get(attach(response, focal_point))["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("state", [*STATES, "returned"])
def test_it_stays_readable_whatever_becomes_of_the_response(response, focal_point, client_of, state) -> None:
    url = attach(response, focal_point)
    bring_to(state, response, focal_point)
    assert content_of(client_of("reader").get(url)) == PDF


def test_a_replaced_file_stays_because_earlier_texts_name_it(response, focal_point, client_of) -> None:
    first, second = attach(response, focal_point), attach(response, focal_point, "b.pdf", PDF + b"2")
    browser = client_of("reader")
    assert content_of(browser.get(first)) == PDF
    assert content_of(browser.get(second)) == PDF + b"2"


def test_what_does_not_exist_is_not_found(response, focal_point, client_of) -> None:
    browser = client_of("focal_point")
    pk = int(attach(response, focal_point).rstrip("/").rsplit("/", 1)[-1])
    for number in (0, pk + 1, 10**30):
        assert browser.get(address("read_attachment", number)).status_code == 404
    assert browser.get(reverse("questionnaires:read_attachment", args=["unknown", pk])).status_code == 404


def test_a_file_of_another_questionnaire_is_not_found_here(response, focal_point, delegation, client_of) -> None:
    other = draft(QuestionnaireFactory(), delegation)
    attach(other, focal_point)
    assert client_of("focal_point").get(address("read_attachment", Attachment.objects.get().pk)).status_code == 404


def test_it_is_only_read(response, focal_point, client_of) -> None:
    assert client_of("focal_point").post(attach(response, focal_point)).status_code == 405
