"""The board of returns: where each delegation stands, filtered, sorted, as a file; never what a draft says."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.urls import reverse
from lxml import html

from members.models import Delegate
from questionnaires import operations, review
from questionnaires.models import Question, Questionnaire, Response
from tests import factories
from tests.questionnaires.circulating import participant, submit

pytestmark = pytest.mark.django_db
SECRET = "An unmistakable draft that nobody else reads"


@pytest.fixture
def questionnaire(delegation, other_delegation, focal_point, other_focal_point, secretariat) -> Questionnaire:
    """Put to all: Switzerland drafts, Sweden has submitted, Japan has opened it, Ghana has not."""
    japan, _ghana = participant("Japan", "jp"), participant("Ghana", "gh")
    questionnaire = factories.QuestionnaireFactory(title="Sample plan 2018", slug="sample-plan")
    change = operations.Change(factories.question_of(questionnaire, "long_text").pk, SECRET, 0)
    operations.save_answers(questionnaire, delegation, [change], by=focal_point)
    submit(questionnaire, other_delegation, other_focal_point)
    factories.DelegateFactory(delegation=japan.delegation, role=Delegate.Role.READER)
    operations.note_opening(questionnaire, japan.delegation, by=focal_point)
    return questionnaire


def address(questionnaire: Questionnaire, form: str = "") -> str:
    return reverse(f"admin:questionnaires_questionnaire_returns{form}", args=[questionnaire.pk])


def names(page: str) -> list[str]:
    rows = html.document_fromstring(page).xpath("//table[@id='result_list']/tbody//th")
    return [(row.text_content().split() or [""])[0] for row in rows]


def test_every_state_has_its_word(questionnaire) -> None:
    states = {row.organisation.name: row.state_label for row in review.returns(questionnaire)}

    assert states == {"Ghana": "Not opened", "Japan": "Opened", "Sweden": "Submitted", "Switzerland": "Draft"}


def test_a_returned_response_is_missing_and_whether_a_draft_is_cleared_is_not_told(questionnaire, secretariat) -> None:
    Response.objects.filter(state="draft").update(state="cleared")
    operations.return_response(Response.objects.get(state="submitted"), reason="Sample reason", by=secretariat)

    found = review.counts(review.returns(questionnaire))

    assert (found["draft"], found["returned"], found["missing"], found["received"]) == (1, 1, 4, 1)


def test_who_has_nobody_to_tell_is_pointed_out(questionnaire, client_of) -> None:
    page = client_of("secretariat").get(address(questionnaire)).text

    assert "0: nobody is told" in page
    assert "1, who only reads" in page
    assert SECRET not in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["Ghana", "Japan", "Sweden", "Switzerland"]),
        ({"state": "missing"}, ["Ghana", "Japan", "Switzerland"]),
        ({"state": "not_opened"}, ["Ghana"]),
        ({"state": "submitted"}, ["Sweden"]),
        ({"region": "europe"}, ["Sweden", "Switzerland"]),
        ({"region": "africa", "state": "missing"}, ["Ghana"]),
        ({"region": "oceania"}, []),
        ({"sort": "-participant"}, ["Switzerland", "Sweden", "Japan", "Ghana"]),
        ({"sort": "state"}, ["Ghana", "Japan", "Switzerland", "Sweden"]),
        ({"sort": "-answered"}, ["Sweden", "Switzerland", "Ghana", "Japan"]),
        ({"sort": "-delegates", "region": "europe"}, ["Sweden", "Switzerland"]),
        ({"state": "x", "region": "y", "sort": "z"}, ["Ghana", "Japan", "Sweden", "Switzerland"]),
    ],
)
def test_it_is_filtered_and_sorted_and_so_are_its_files(questionnaire, client_of, asked, found) -> None:
    browser = client_of("secretariat")

    assert names(browser.get(address(questionnaire), asked).text) == found
    answer = browser.get(address(questionnaire, "_csv"), asked)
    assert [row[0] for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))][1:] == found


def test_what_has_no_moment_stands_last_either_way(questionnaire, client_of) -> None:
    browser = client_of("secretariat")

    for order in ("activity", "-activity"):
        assert names(browser.get(address(questionnaire), {"sort": order}).text)[-1] == "Ghana"


def test_a_head_sorts_and_sorts_back(questionnaire, client_of) -> None:
    page = html.document_fromstring(client_of("secretariat").get(address(questionnaire), {"sort": "state"}).text)
    found: Any = page.xpath("//table[@id='result_list']/thead//th")
    heads = {head.text_content(): head for head in found}

    assert heads["State"].get("aria-sort") == "ascending"
    assert heads["State"].xpath("a/@href")[0] == "?sort=-state"
    assert heads["Participant"].get("aria-sort") is None


def test_the_workbook_opens_and_holds_no_draft(questionnaire, client_of) -> None:
    answer = client_of("secretariat").get(address(questionnaire, "_xlsx"))

    with ZipFile(BytesIO(answer.content)) as book:
        text = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert "Switzerland" in text
    assert SECRET not in text


def test_an_extension_stands_on_the_board_with_its_reason(questionnaire, client_of, delegation, secretariat) -> None:
    until = questionnaire.deadline + timedelta(days=4)
    operations.extend_deadline(questionnaire, delegation, until=until, reason="Sample: moving house", by=secretariat)

    (row,) = [row for row in review.returns(questionnaire) if row.extension]
    page = client_of("secretariat").get(address(questionnaire)).text

    assert (row.organisation.name, row.deadline, row.extension) == ("Switzerland", until, "Sample: moving house")
    assert "Sample: moving house" in page


def test_the_percent_counts_the_questions_that_are_asked_and_no_others(delegation, focal_point) -> None:
    """Of five questions one depends on an answer: it counts once that answer is given."""
    questionnaire = factories.QuestionnaireFactory(opened=False)
    Question.objects.all().delete()
    section = questionnaire.sections.first()
    rows = [
        factories.QuestionFactory(section=section, position=place, kind=kind)
        for place, kind in enumerate(("yes_no", "short_text", "long_text", "number", "short_text"), 1)
    ]
    rows[4].condition = {"match": "all", "tests": [{"question": rows[0].pk, "is": "one_of", "values": ["yes"]}]}
    rows[4].save()
    operations.open_questionnaire(questionnaire, by=focal_point)

    def save(question: Question, value: str, version: int = 0) -> tuple[int, int, int]:
        change = operations.Change(question.pk, value, version)
        operations.save_answers(questionnaire, delegation, [change], by=focal_point)
        (row,) = review.returns(questionnaire)
        return row.answered, row.total, row.how_far.percent

    assert save(rows[0], "no") == (1, 4, 25)
    assert save(rows[0], "yes", 1) == (1, 5, 20)
    assert save(rows[4], "Sample") == (2, 5, 40)
    assert save(rows[0], "no", 2) == (1, 4, 25)


def test_those_that_were_chosen_are_the_whole_board(delegation, other_delegation, secretariat) -> None:
    questionnaire = factories.QuestionnaireFactory(opened=False)
    operations.open_questionnaire(questionnaire, to=[delegation.organisation], by=secretariat)

    assert [row.organisation.name for row in review.returns(questionnaire)] == ["Switzerland"]


def test_closing_says_who_is_missing_and_which_extensions_still_run(
    questionnaire, client_of, delegation, secretariat
) -> None:
    until = questionnaire.deadline + timedelta(days=4)
    operations.extend_deadline(questionnaire, delegation, until=until, reason="Sample", by=secretariat)

    page = (
        client_of("secretariat")
        .get(reverse("admin:questionnaires_questionnaire_close_questionnaire", args=[questionnaire.pk]))
        .text
    )

    assert "3 delegations have not submitted:" in page
    assert "Not opened (1)" in page
    assert "1 extension still runs, and ends with the closing:" in page
    assert "The deadline has not come" in page


def test_the_secretariats_day_says_what_ends_who_was_reminded_and_whom_no_mail_reaches(
    questionnaire, client_of, delegation, secretariat
) -> None:
    until = questionnaire.deadline + timedelta(days=1)
    operations.extend_deadline(questionnaire, delegation, until=until, reason="Sample", by=secretariat)
    operations.remind_missing(questionnaire, by=secretariat)
    browser = client_of("secretariat")
    before = browser.get("/admin/").text
    Questionnaire.objects.filter(pk=questionnaire.pk).update(deadline=questionnaire.opened_at)
    operations.extend_deadline(
        questionnaire, delegation, until=questionnaire.opened_at + timedelta(days=2), reason="Sample", by=secretariat
    )
    after = browser.get("/admin/").text

    assert "1 person was reminded today." in before
    assert "2 missing delegations have nobody who gets mail" in before
    assert "The extension of Switzerland ends on" not in before
    assert "The extension of Switzerland ends on" in after
    assert "The deadline has passed; extensions still run." in after
