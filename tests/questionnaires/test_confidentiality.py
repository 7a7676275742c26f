"""What delegations were promised: from when the Board reads what was submitted, and whether it learns whose it is."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questionnaires import operations, review
from questionnaires.models import Attachment, Questionnaire, Submission
from tests import factories
from tests.factories import question_of
from tests.lib.pdf_reading import text_of
from tests.questionnaires.board import make_questionnaire, submit

pytestmark = pytest.mark.django_db

NAME = "Zanzaxland"
CODE = "zqx"
PERSON = "Zebedee Quixworth"
REASON = "Because of Zanzaxland alone"
FILE = "Zanzaxland position paper.pdf"
SECRETS = ("zanzax", "zqx", "quixworth", "zebedee", "position paper")
# Drawn at random for each page, and so at times with the letters of a secret in it.
DRAWN = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")[^"]*|(?<=nonce-)[\w-]*|(?<=nonce=")[^"]*')


@pytest.fixture
def questionnaire() -> Questionnaire:
    """Read without names, with a returned submission of `NAME` that carries a file, and another one."""
    questionnaire = make_questionnaire()
    Questionnaire.objects.filter(pk=questionnaire.pk).update(attribution="unnamed")
    questionnaire.refresh_from_db()
    delegation = factories.DelegationFactory(
        organisation__name=NAME, organisation__slug=NAME.lower(), organisation__code=CODE, organisation__country="CH"
    )
    person = factories.UserFactory(name=PERSON, email="zebedee@sample.example")
    response = factories.ResponseFactory(
        questionnaire=questionnaire, delegation=delegation, by=person, values={"long_text": "A searchable answer"}
    )
    file = question_of(questionnaire, "file")
    upload = SimpleUploadedFile(FILE, b"%PDF-1.7\nSample\n%%EOF\n", "application/pdf")
    operations.attach_file(questionnaire, delegation, file.pk, upload, by=person)
    operations.submit_response(response, by=person)
    operations.return_response(response, reason=REASON, by=factories.UserFactory())
    submit(questionnaire, "Sample other")
    return questionnaire


@pytest.fixture
def submission(questionnaire: Questionnaire) -> Submission:
    return Submission.objects.get(response__delegation__organisation__name=NAME)


def readable(content: bytes) -> str:
    """The text of a page, paper, workbook or file, whatever it is packed in."""
    if content.startswith(b"%PDF-1.7\nSample"):
        return content.decode()
    if content.startswith(b"%PDF"):
        return text_of(content)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return content.decode("utf-8-sig")


def read(browser: Client, address: str) -> tuple[str, str]:
    """The text behind an address, and the names and values of its headers, without what is drawn for them."""
    answer: Any = browser.get(address)
    assert answer.status_code == 200, address
    return DRAWN.sub("", readable(answer.getvalue())), DRAWN.sub("", repr(answer.headers))


def everything(questionnaire: Questionnaire, key: str, theme: int) -> Iterator[str]:
    """Every address of the Board's, with what narrows it."""

    def address(name: str, *args: Any) -> str:
        return reverse(f"questionnaires:{name}", args=[questionnaire.slug, *args])

    for show in ("scales", "all", "files"):
        yield f"{address('review_questionnaire')}?show={show}&region=europe&delegations=remarked"
        yield f"{address('review_questionnaire')}?show={show}&region=africa"
    for question in questionnaire.edition.questions:
        yield address("read_question_review", question.id)
    yield address("read_delegation_review", key)
    yield f"{address('read_delegation_review', key)}?number=1"
    for words in ("searchable", NAME, FILE, "position paper"):
        yield f"{address('search_answers')}?q={words.replace(' ', '+')}"
    yield address("list_themes")
    yield address("read_theme", theme)
    yield address("list_objectives_review")
    yield address("read_objective_review", 0)
    yield address("record_discussion")
    for name in ("submissions", "submissions_csv", "submissions_json", "report_pdf", "report_docx"):
        yield address(f"export_{name}")
    file = question_of(questionnaire, "file")
    yield address("read_reviewed_file", key, 1, file.pk, 1)
    yield reverse("home")
    yield reverse("questionnaires:list_questionnaires")
    yield reverse("questionnaires:read_questionnaire", args=[questionnaire.slug])


def test_a_director_finds_no_name_anywhere(questionnaire, submission, director, client_of) -> None:
    text = question_of(questionnaire, "long_text")
    operations.write_remark(submission, question_id=text.pk, text="Sample remark", by=director)
    passage = operations.tag_passage(
        submission, question_id=text.pk, text="searchable", theme="Sample theme", by=director
    )
    key = f"delegation-{submission.response.neutral_number}"
    browser = client_of("director")

    for address in everything(questionnaire, key, passage.theme_id):
        body, headers = read(browser, address)
        # What somebody searched for stands in the field again: their own words, not ours.
        found = re.sub(r'value="[^"]*"|“[^”]*”', "", body).lower() if "/search/" in address else body.lower()
        for secret in SECRETS:
            assert secret not in found, (address, secret)
            assert secret not in headers.lower(), (address, secret)
        assert submission.sha256 not in body.replace(" ", ""), address


def test_the_boards_name_for_a_delegation_is_drawn_by_lot_and_stays(questionnaire, submission, client_of) -> None:
    number = submission.response.neutral_number
    page = reverse("questionnaires:read_delegation_review", args=["sample-plan", f"delegation-{number}"])

    assert f"<h1>Delegation {number}" in client_of("director").get(page).text
    operations.submit_response(submission.response, by=submission.submitted_by)
    submission.response.refresh_from_db()
    assert submission.response.neutral_number == number
    numbers: list[Any] = [submit(questionnaire, f"Sample {letter}").response.neutral_number for letter in "abcdefghij"]
    assert len(set(numbers)) == 10
    assert numbers != sorted(numbers)
    assert numbers != sorted(numbers, reverse=True)


def test_addresses_with_names_do_not_exist_for_a_director(questionnaire, submission, client_of) -> None:
    browser = client_of("director")
    file = Attachment.objects.get()
    for missing in (
        reverse("questionnaires:read_delegation_review", args=["sample-plan", NAME.lower()]),
        reverse("questionnaires:read_submitted_file", args=["sample-plan", submission.pk, file.pk]),
    ):
        assert browser.get(missing).status_code == 404


def test_the_secretariat_reads_with_names(questionnaire, submission, client_of) -> None:
    browser = client_of("secretariat")
    page = reverse("questionnaires:read_delegation_review", args=["sample-plan", NAME.lower()])

    text = browser.get(page).text

    for known in (NAME, PERSON, REASON, FILE, submission.reference):
        assert known in text
    matrix = browser.get(reverse("questionnaires:review_questionnaire", args=["sample-plan"]))
    assert NAME in matrix.text
    assert "Region" in matrix.text


def test_a_director_of_that_delegation_keeps_its_own_files(questionnaire, submission, client_of, director) -> None:
    factories.DelegateFactory(user=director, delegation=submission.response.delegation)
    file = Attachment.objects.get()
    own = reverse("questionnaires:read_submitted_file", args=["sample-plan", submission.pk, file.pk])

    assert b"".join(client_of("director").get(own).streaming_content).startswith(b"%PDF")


def test_before_closing_the_board_reads_nothing_and_the_secretariat_everything(client_of, director) -> None:
    questionnaire = make_questionnaire()
    Questionnaire.objects.filter(pk=questionnaire.pk).update(read_from="closing")
    submission = submit(questionnaire, "Sample A", long_text="A searchable answer")
    text = question_of(questionnaire, "long_text")
    addresses = [
        reverse("questionnaires:review_questionnaire", args=["sample-plan"]),
        reverse(
            "questionnaires:read_question_review", args=["sample-plan", question_of(questionnaire, "long_text").pk]
        ),
        reverse("questionnaires:search_answers", args=["sample-plan"]) + "?q=searchable",
        reverse("questionnaires:export_submissions_csv", args=["sample-plan"]),
        reverse("questionnaires:export_submissions_json", args=["sample-plan"]),
        reverse("questionnaires:export_report_pdf", args=["sample-plan"]),
        reverse("home"),
    ]
    page = reverse("questionnaires:read_delegation_review", args=["sample-plan", "sample-a"])
    browser = client_of("director")

    for address in addresses:
        body, _headers = read(browser, address)
        assert "Sample A" not in body, address
        assert "A searchable answer" not in body, address
    assert "after the questionnaire has closed" in browser.get(addresses[0]).text
    assert browser.get(page).status_code == 404
    remark = reverse(
        "questionnaires:write_remark",
        args=["sample-plan", text.pk, "sample-a", 1],
    )
    assert browser.post(remark, {"text": "Sample"}).status_code == 404
    assert "Sample A" in client_of("secretariat").get(addresses[0]).text

    operations.close_questionnaire(questionnaire, by=submission.submitted_by)

    assert "Sample A" in browser.get(addresses[0]).text
    assert browser.get(page).status_code == 200


def test_regions_are_not_offered_without_names(questionnaire, client_of, director) -> None:
    page = reverse("questionnaires:review_questionnaire", args=["sample-plan"])

    assert 'name="region"' not in client_of("director").get(page).text
    reader = review.Reader(questionnaire, director)
    selection = review.Selection.read({"region": "europe"}, review.Asked(questionnaire), reader)
    assert selection.region == ""


def test_what_is_new_is_marked_after_a_pause_and_told_on_the_desk(client_of, director) -> None:
    import time_machine

    questionnaire = make_questionnaire()
    first = submit(questionnaire, "Sample A")
    page = reverse("questionnaires:review_questionnaire", args=["sample-plan"])
    browser = client_of("director")
    start = timezone.now()
    with time_machine.travel(start):
        assert ">New<" not in browser.get(page).text
    with time_machine.travel(start + timedelta(minutes=10)):
        submit(questionnaire, "Sample B")
        other = factories.UserFactory(name="Sample colleague")
        factories.DirectorshipFactory(user=other)
        scale = question_of(questionnaire, "scale")
        operations.write_remark(first, question_id=scale.pk, text="Sample remark", by=other)
        desk = client_of("director").get(reverse("home")).text
        assert "1 is new since your visit." in desk
        assert "1 new remark by others in 1 discussion." in desk
    with time_machine.travel(start + timedelta(minutes=50)):
        again = client_of("director")
        text = again.get(page).text
        assert text.count(">New<") == 2
        narrowed = again.get(page, {"delegations": "new"}).text
        assert "Sample B" in narrowed
        assert "is new since your visit" not in again.get(reverse("home")).text
    with time_machine.travel(start + timedelta(minutes=120)):
        assert ">New<" not in client_of("director").get(page).text
