"""The receipt as a PDF."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import translation

from icoca_portal.lib import sealing
from members.models import Organisation
from questionnaires import operations
from questionnaires.models import Submission
from tests.lib.pdf_reading import text_of
from tests.questionnaires.answering import WITHOUT_DELEGATION, address, bring_to, draft, make_questionnaire
from tests.questionnaires.papers import ARABIC, CHINESE, assert_accessible

pytestmark = pytest.mark.django_db
FILE = address("export_receipt")


@pytest.fixture
def response(delegation, focal_point):
    response = draft(make_questionnaire(), delegation)
    bring_to("submitted", response, focal_point)
    return response


@pytest.mark.parametrize("who", ["reader", "contributor", "focal_point"])
def test_the_delegation_takes_it_along(response, client_of, who) -> None:
    answer = client_of(who).get(FILE)

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert 'filename="SP-ch-1-receipt.pdf"' in answer["Content-Disposition"]
    assert_accessible(answer.content)
    text = text_of(answer.content)
    submission = Submission.objects.get()
    for shown in ("SP-ch-1", "Switzerland", "Sample Focal Point", "Sample plan 2018", "No. 1", "Geneva"):
        assert shown in text
    assert submission.sha256 in sealing.cleaned(text)
    assert reverse("questionnaires:verify_submission", args=["sample-plan"]).strip("/") in text.replace(" ", "")


@pytest.mark.parametrize("who", WITHOUT_DELEGATION)
def test_who_has_no_delegation_is_refused(response, client_of, who) -> None:
    assert client_of(who).get(FILE).status_code == 403


@pytest.mark.parametrize("who", ["visitor", "inactive"])
def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(response, client_of, who) -> None:
    assert client_of(who).get(FILE)["Location"].startswith(reverse("account_login"))


def test_another_delegation_has_none(response, client_of) -> None:
    assert client_of("other_focal_point").get(FILE).status_code == 404


def test_before_the_submission_there_is_none(delegation, client_of) -> None:
    assert client_of("focal_point").get(FILE).status_code == 404
    draft(make_questionnaire(), delegation)
    assert client_of("focal_point").get(FILE).status_code == 404


def test_an_earlier_one_is_asked_for_by_its_number(response, focal_point, client_of) -> None:
    operations.return_response(response, reason="Sample", by=focal_point)
    browser = client_of("reader")
    assert "SP-ch-1-receipt" in browser.get(FILE)["Content-Disposition"]
    operations.submit_response(response, by=focal_point)

    assert "SP-ch-2-receipt" in browser.get(FILE)["Content-Disposition"]
    assert "SP-ch-1-receipt" in browser.get(FILE, {"number": "1"})["Content-Disposition"]
    for unknown in ("3", "0", "-1", "x", "1' OR 1=1"):
        assert browser.get(FILE, {"number": unknown}).status_code == 404


@pytest.mark.parametrize("name", [ARABIC, CHINESE, '#read("/etc/passwd") <a> $x$'])
def test_names_in_any_script_are_accessible(response, client_of, name) -> None:
    Organisation.objects.filter(code="ch").update(name=name)

    document = client_of("reader").get(FILE).content

    assert_accessible(document)
    assert "root:" not in text_of(document)


def test_it_is_in_the_language_of_the_reader(response, reader, client_of) -> None:
    reader.language = "fr"
    reader.save()
    with translation.override("en"):  # what a request sets is set back for the tests that follow
        document = client_of("reader").get(FILE).content
    assert_accessible(document)
    assert b"/Lang(fr)" in document.replace(b" ", b"")


def test_it_is_only_read(response, client_of) -> None:
    assert client_of("focal_point").post(FILE).status_code == 405
