"""What is on record, as a spreadsheet and as CSV."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import etree

from icoca_portal.lib import sealing
from questionnaires import operations
from questionnaires.models import Questionnaire
from tests import factories
from tests.factories import question_of
from tests.questionnaires.board import READERS, REFUSED, SECRET, hide_secrets, make_questionnaire, submit

pytestmark = pytest.mark.django_db
XLSX = reverse("questionnaires:export_submissions", args=["sample-plan"])
CSV = reverse("questionnaires:export_submissions_csv", args=["sample-plan"])
SPACE = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


@pytest.fixture
def questionnaire() -> Questionnaire:
    return make_questionnaire()


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    """The texts and figures of a workbook by sheet; fails if any cell holds a formula."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        workbook = etree.fromstring(book.read("xl/workbook.xml"))
        found = {}
        for number, sheet in enumerate(workbook.iterfind(".//s:sheet", SPACE), 1):
            tree = etree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
            assert tree.find(".//s:f", SPACE) is None
            found[str(sheet.get("name"))] = [
                ["".join(map(str, cell.itertext())) for cell in row.iterfind("s:c", SPACE)]
                for row in tree.iterfind(".//s:row", SPACE)
            ]
    return found


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("who", READERS)
def test_the_workbook_has_a_row_a_delegation_and_a_column_a_question(questionnaire, client_of, who) -> None:
    submission = submit(questionnaire, "Sample A", scale=2, long_text="The answer of A")
    submit(questionnaire, "Sample B")

    answer = client_of(who).get(XLSX)

    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith('attachment; filename="sample-plan-responses-')
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    book = sheets(answer.getvalue())
    headers, first, second = book["Responses"]
    assert headers[:6] == ["Delegation", "Reference", "No.", "Submitted (Geneva)", "Region", "Edition"]
    assert headers[6:] == [f"{question.number} {question.text}" for question in questionnaire.edition.questions]
    assert first[:3] == ["Sample A", submission.reference, "1"]
    assert "The answer of A" in first
    assert second[0] == "Sample B"


def test_the_long_sheet_has_a_row_an_answer_and_the_questions_have_their_own(questionnaire, client_of) -> None:
    submission = submit(questionnaire, "Sample A", long_text="The answer of A")

    book = sheets(client_of("director").get(XLSX).getvalue())

    text = question_of(questionnaire, "long_text").text
    answers = [[row[place] for place in (0, 1, 3, 4, 5)] for row in book["Answers"] if len(row) > 5]
    assert ["Sample A", submission.reference, "1.2", text, "The answer of A"] in answers
    assert len(book["Answers"]) == 1 + 16
    assert [row[0] for row in book["Questions"][1:]] == [
        question.number for question in questionnaire.edition.questions
    ]


def test_the_csv_is_the_first_sheet(questionnaire, client_of) -> None:
    submission = submit(questionnaire, "Sample A", scale=2, date="30.11.2018", number="1’200")

    answer = client_of("secretariat").get(CSV)

    assert answer["Content-Type"].startswith("text/csv")
    headers, row = rows(answer.getvalue())
    record = dict(zip(headers, row, strict=True))
    assert record["Reference"] == submission.reference
    kinds = {question.kind: f"{question.number} {question.text}" for question in questionnaire.edition.questions}
    assert record[kinds["scale"]] == "2"
    assert record[kinds["date"]] == str(date(2018, 11, 30))
    assert record[kinds["number"]] == "1200"
    assert record[kinds["yes_no"]] == "Yes"
    assert record[kinds["file"]] == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t="])
def test_no_cell_is_a_formula(questionnaire, client_of, start) -> None:
    submit(questionnaire, "Sample A", long_text=f"Sample\n{start}1+1", short_text=f"{start}HYPERLINK(1)")
    browser = client_of("director")

    sheets(browser.get(XLSX).getvalue())
    for row in rows(browser.get(CSV).getvalue()):
        for cell in row:
            assert not cell.startswith(("=", "+", "-", "@", "\t"))


@pytest.mark.parametrize("who", READERS)
def test_no_draft_is_exported(questionnaire, director, client_of, who) -> None:
    hide_secrets(questionnaire, director)
    browser = client_of(who)

    book = sheets(browser.get(XLSX).getvalue())
    table = rows(browser.get(CSV).getvalue())

    assert SECRET not in repr(book) + repr(table)
    assert "Sample Draft" not in repr(book) + repr(table)
    assert "Sealed before the return" in repr(book)
    assert "Sealed before the return" in repr(table)


def test_remarks_have_a_sheet_for_the_board_and_none_for_others(questionnaire, director, client_of) -> None:
    submission = submit(questionnaire, "Sample A")
    question = question_of(questionnaire, "long_text")
    operations.write_remark(submission, question_id=question.pk, text="=A remark", by=director)

    book = sheets(client_of("director").get(XLSX).getvalue())
    assert book["Remarks"][1][:5] == ["Sample A", submission.reference, "1.2", "=A remark", director.name]
    for who in ("secretariat", "superuser"):
        other = sheets(client_of(who).get(XLSX).getvalue())
        assert list(other) == ["Responses", "Answers", "Questions", "Tables"]
        assert "A remark" not in repr(other)


@pytest.mark.parametrize("address", [XLSX, CSV])
@pytest.mark.parametrize("who", REFUSED)
def test_others_who_sign_in_are_refused(questionnaire, client_of, who, address) -> None:
    assert client_of(who).get(address).status_code == 403


@pytest.mark.parametrize("address", [XLSX, CSV])
@pytest.mark.parametrize("who", ["visitor", "inactive"])
def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(questionnaire, client_of, who, address) -> None:
    assert client_of(who).get(address).status_code == 302


@pytest.mark.parametrize("address", [XLSX, CSV])
def test_a_draft_has_nothing_to_export(client_of, address) -> None:
    factories.QuestionnaireFactory(slug="sample-plan", opened=False)

    assert client_of("director").get(address).status_code == 404
    assert client_of("secretariat").get(address).status_code == 404


def test_it_cannot_be_posted_to(questionnaire, client_of) -> None:
    assert client_of("director").post(XLSX).status_code == 405


JSON = reverse("questionnaires:export_submissions_json", args=["sample-plan"])


def exported(answer: Any) -> dict[str, Any]:
    return json.loads(answer.getvalue())


@pytest.mark.parametrize("who", READERS)
def test_the_json_holds_each_submission_so_that_its_seal_can_be_verified(questionnaire, client_of, who) -> None:
    submissions = [submit(questionnaire, f"Sample {letter}", long_text="“é” 😀 \u2028") for letter in "AB"]

    answer = client_of(who).get(JSON)

    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"].startswith("attachment")
    found = exported(answer)
    assert [row["reference"] for row in found["submissions"]] == [row.reference for row in submissions]
    for row in found["submissions"]:
        assert sealing.digest(sealing.canonical(row["record"])) == row["sha256"]
    (edition,) = found["editions"]
    assert sealing.digest(sealing.canonical(edition["content"])) == edition["sha256"]


def test_the_json_without_submissions_is_still_json(questionnaire, client_of) -> None:
    assert exported(client_of("director").get(JSON))["submissions"] == []


def test_tables_files_and_what_may_be_quoted_are_exported(questionnaire, client_of) -> None:
    submit(questionnaire, "Sample A")

    book = sheets(client_of("director").get(XLSX).getvalue())

    assert book["Tables"][0][-3:] == ["Row", "Column", "Cell"]
    assert len(book["Tables"]) > 1
    assert "Quotation" in book["Answers"][0]
    assert "Files" in book["Answers"][0]
    assert all("Do not quote" in row for row in book["Answers"][1:] if "Sample long answer" in "".join(row))


def test_themes_and_conclusions_have_their_sheets(questionnaire, director, client_of) -> None:
    submission = submit(questionnaire, "Sample A", long_text="=cmd() and more")
    question = question_of(questionnaire, "long_text")
    operations.tag_passage(submission, question_id=question.pk, text="=cmd()", theme="=Theme", by=director)
    operations.write_conclusion(questionnaire, None, text="<p>=1+1</p>", base=0, by=director)

    book = sheets(client_of("director").get(XLSX).getvalue())

    assert book["Themes"][1] == ["=Theme", "Sample A", submission.reference, "1.2", "=cmd()"]
    assert book["Conclusions"][1][:2] == ["The whole", "=1+1"]
    assert "Themes" not in sheets(client_of("secretariat").get(XLSX).getvalue())


def test_answers_are_read_a_chunk_of_delegations_at_a_time(questionnaire, client_of, monkeypatch) -> None:
    monkeypatch.setattr("questionnaires.exports.CHUNK", 2)
    for number in range(5):
        submit(questionnaire, f"Sample {number}")
    browser = client_of("director")
    browser.get(CSV).getvalue()
    with CaptureQueriesContext(connection) as queries:
        lines = rows(browser.get(CSV).getvalue())

    assert len(lines) == 6
    reads = [query["sql"] for query in queries if 'FROM "questionnaires_submittedanswer"' in query["sql"]]
    assert len(reads) == 3
