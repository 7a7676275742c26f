"""Tables on a section page: rows are added and removed without JavaScript."""

from __future__ import annotations

import pytest

from questionnaires.models import Question
from tests.factories import VALUES, question_of
from tests.questionnaires.answering import address, draft, fields_on, make_questionnaire, value_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def table() -> Question:
    return question_of(make_questionnaire(), "table")


@pytest.fixture
def page(table: Question) -> str:
    return address("edit_section", table.section.position)


def cell(table: Question, row: int, column: str) -> str:
    return f"q{table.pk}-cell-{row}-{column}"


def rows_on(page, table: Question) -> set[str]:
    return {name.split("-")[2] for name in fields_on(page) if name.startswith(f"q{table.pk}-cell-") and "_" not in name}


def test_a_table_begins_with_one_empty_row(table, page, client_of) -> None:
    assert rows_on(client_of("contributor").get(page), table) == {"0"}


def test_add_a_row_saves_the_section_and_comes_back_with_one_more(table, page, client_of) -> None:
    browser = client_of("contributor")
    fields = fields_on(browser.get(page))

    for count in (1, 2, 3):
        fields[cell(table, count - 1, "what")] = [f"Sample row {count}"]
        answer = browser.post(page, {**fields, "go": f"add-{table.pk}"})
        assert answer.status_code == 302
        assert answer["Location"].endswith(f"#q-{table.pk}")
        fields = fields_on(browser.get(answer["Location"]))
        assert fields[cell(table, count - 1, "what")] == [f"Sample row {count}"]
        assert fields[cell(table, count, "what")] == [""]

    # Two empty rows stand there if that is what somebody wants.
    again = browser.post(page, {**fields, "go": f"add-{table.pk}"})
    assert rows_on(browser.get(again["Location"]), table) == {"0", "1", "2", "3", "4"}


def test_remove_takes_a_row_away(table, page, client_of, delegation) -> None:
    response = draft(table.section.questionnaire, delegation)
    browser = client_of("contributor")
    fields = fields_on(browser.get(page))

    answer = browser.post(page, {**fields, "go": f"drop-{table.pk}-0"})

    assert answer.status_code == 302
    assert value_of(response, "table") == VALUES["table"][1:]
    assert rows_on(browser.get(answer["Location"]), table) == {"0"}


def test_a_table_has_no_more_rows_than_it_takes(table, page, client_of) -> None:
    browser = client_of("contributor")
    shown = browser.get(f"{page}?rows-{table.pk}=999")
    assert len(rows_on(shown, table)) == 30
    assert browser.get(f"{page}?rows-{table.pk}=-5").status_code == 200


def test_what_is_wrong_in_a_cell_is_kept_and_said(table, page, client_of, delegation) -> None:
    response = draft(table.section.questionnaire, delegation)
    browser = client_of("contributor")
    fields = {**fields_on(browser.get(page)), cell(table, 1, "how-many"): ["a few"]}

    browser.post(page, {**fields, "go": "stay"})

    assert value_of(response, "table")[1] == {"what": "Sample note", "how-many": "a few"}
    assert "Row 2, How many: Write a number in figures" in browser.get(page).text
