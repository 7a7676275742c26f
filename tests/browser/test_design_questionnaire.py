"""The designer in a browser: rows edited in place, dragged, moved by the keyboard; choices and conditions written."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from questionnaires import operations
from questionnaires.models import Question, Questionnaire
from tests import factories
from tests.browser.looking import look
from tests.questionnaires.designing import design, make_draft, only_if, question, texts, values

pytestmark = pytest.mark.django_db(transaction=True)

UP, DOWN = re.compile("^Up"), re.compile("^Down")
ORDER = ["Sample 1.1?", "Sample 1.2?", "Sample 1.3?"]


@pytest.fixture
def draft() -> Questionnaire:
    return make_draft()


@pytest.fixture
def screen(draft, person) -> Page:
    page: Page = person("secretariat")
    page.goto(design("design", draft))
    return page


def row_of(page: Page, row: Question) -> Locator:
    return page.locator(f"#q-{row.pk}")


def open_form(page: Page, row: Question) -> Locator:
    row_of(page, row).get_by_role("link", name="Edit").click()
    form = row_of(page, row).locator("[data-open-form]")
    expect(form).to_be_visible()
    return form


def shown(page: Page) -> list[str]:
    return page.locator(".wg-design-text").all_text_contents()


def stored(page: Page, act: Any) -> None:
    """Do something that sends an order, and wait for the answer."""
    with page.expect_response("**/design/order/"):
        act()


def test_a_row_is_edited_in_place_with_a_choice_more_and_comes_back(screen, draft) -> None:
    row = question(draft, "1.2")
    form = open_form(screen, row)
    expect(form.get_by_label("Kind", exact=True)).to_be_focused()
    form.get_by_label("English, question").fill("Sample other?")
    form.get_by_label("French, question").fill("Autre ?")
    form.get_by_role("button", name="Add a choice").click()
    expect(form.get_by_label("Choice 5, English")).to_be_focused()
    form.get_by_label("Choice 5, English").fill("Fifth")
    form.get_by_label("Choice 5, French").fill("Cinquième")
    form.locator(".wg-list:visible .wg-list-row").nth(4).get_by_role("button", name=UP).click()
    form.locator(".wg-list:visible .wg-list-row").first.get_by_role("button", name="Remove").click()
    form.get_by_role("button", name="Save the question").last.click()

    expect(row_of(screen, row)).to_contain_text("Sample other?")
    expect(row_of(screen, row).get_by_role("link", name="Edit")).to_be_focused()
    expect(screen.locator("[data-open-form]")).to_have_count(0)
    row.refresh_from_db()
    assert [(choice["key"], choice["label"]) for choice in row.choices] == [
        ("second", "Second"),
        ("third", "Third"),
        ("fifth", "Fifth"),
    ]
    assert row.translations == {"fr": {"text": "Autre ?"}}
    expect(screen.locator("#design-facts")).to_contain_text("Written in English, French.")


def test_what_is_wrong_is_said_in_place_and_leaving_puts_the_row_back(screen, draft) -> None:
    row = question(draft, "1.1")
    form = open_form(screen, row)
    form.get_by_label("English, question").fill("")
    form.get_by_role("button", name="Save the question").last.click()
    expect(form).to_contain_text("Write the question.")
    form.get_by_role("link", name="Leave it as it is").click()
    expect(row_of(screen, row).locator(".wg-design-text")).to_have_text("Sample 1.1?")


def test_questions_are_added_duplicated_and_removed_and_the_numbers_follow(screen, draft) -> None:
    first = row_of(screen, question(draft, "1.1"))
    first.get_by_role("link", name="Add a question below").click()
    form = screen.locator("[data-open-form]")
    form.get_by_label("Kind", exact=True).select_option("number")
    expect(form.get_by_label("Largest number")).to_be_visible()
    expect(form.get_by_role("button", name="Add a choice")).to_be_hidden()
    form.get_by_label("English, question").fill("How many?")
    form.get_by_role("button", name="Save the question").last.click()
    made = screen.locator("[data-question]", has_text="How many?")
    expect(made.locator("[data-number]").first).to_have_text("1.2")
    expect(row_of(screen, question(draft, "1.3")).locator("[data-number]").first).to_have_text("1.4")
    made.get_by_role("button", name="Duplicate").click()
    expect(screen.locator("[data-question]", has_text="How many?")).to_have_count(2)
    screen.locator("[data-question]", has_text="How many?").first.get_by_role("button", name="Remove").click()
    expect(screen.locator("[data-question]", has_text="How many?")).to_have_count(1)
    expect(screen.locator("#design-removed")).to_contain_text("How many?")
    assert texts(draft)[0] == ["Sample 1.1?", "How many?", "Sample 1.2?", "Sample 1.3?"]
    screen.locator("#design-removed").get_by_role("button", name="Restore").click()
    expect(screen.locator("[data-question]", has_text="How many?")).to_have_count(2)


def test_rows_are_moved_by_the_keyboard_which_keeps_its_place_and_is_told(screen, draft) -> None:
    last = row_of(screen, question(draft, "1.3"))
    down = last.get_by_role("button", name=DOWN)
    down.focus()
    stored(screen, lambda: screen.keyboard.press("Enter"))

    expect(down).to_be_focused()
    expect(screen.locator("#design-said")).to_have_text("Now 2.1, in section Sample section 2.")
    assert texts(draft) == [ORDER[:2], ["Sample 1.3?", "Sample 2.1?", "Sample 2.2?", "Sample 2.3?"]]
    up = last.get_by_role("button", name=UP)
    up.focus()
    stored(screen, lambda: screen.keyboard.press("Space"))
    assert texts(draft)[0] == ORDER
    section = screen.locator("[data-section]").nth(1).locator(".wg-design-head")
    stored(screen, lambda: section.get_by_role("button", name=UP).click())
    assert texts(draft)[0] == ["Sample 2.1?", "Sample 2.2?", "Sample 2.3?"]
    expect(screen.locator("#design-said")).to_have_text("Now section 1 of 2.")


def test_a_row_is_dragged_into_another_section(screen, draft) -> None:
    row, target = row_of(screen, question(draft, "2.3")), row_of(screen, question(draft, "1.2"))
    row.scroll_into_view_if_needed()
    handle = row.locator(".wg-handle").bounding_box()
    there = target.bounding_box()
    assert handle
    assert there

    def drag() -> None:
        screen.mouse.move(handle["x"] + 5, handle["y"] + 8)
        screen.mouse.down()
        for part in range(1, 11):
            goal = there["y"] + 10
            screen.mouse.move(handle["x"] + 5, handle["y"] + (goal - handle["y"]) * part / 10)
        screen.mouse.up()

    stored(screen, drag)

    assert texts(draft) == [
        ["Sample 1.1?", "Sample 2.3?", "Sample 1.2?", "Sample 1.3?"],
        ["Sample 2.1?", "Sample 2.2?"],
    ]
    expect(row.locator("[data-number]").first).to_have_text("1.2")


def test_an_order_that_a_condition_forbids_goes_back_and_says_why(screen, draft) -> None:
    row = question(draft, "1.2")
    row.condition = only_if(question(draft, "1.1"), "answered")
    row.save()
    stored(screen, lambda: row_of(screen, row).get_by_role("button", name=UP).click())

    expect(screen.locator("#design-refused")).to_contain_text("which must stand before it")
    assert shown(screen)[:3] == ORDER


def test_of_two_officers_the_second_is_shown_both_versions_and_both_orders(screen, draft, person, secretariat) -> None:
    row = question(draft, "1.1")
    form = open_form(screen, row)
    form.get_by_label("English, question").fill("Sample mine?")
    operations.change_question(row, values(row, text="Sample theirs?"), version=1, by=secretariat)
    form.get_by_role("button", name="Save the question").last.click()
    panel = row_of(screen, row).locator(".wg-stale")
    expect(panel).to_contain_text("Sample theirs?")
    expect(panel).to_contain_text("Sample mine?")
    faults = look(screen, "two versions in the designer")
    panel.get_by_role("button", name="Save mine over it").click()
    expect(row_of(screen, row).locator(".wg-design-text")).to_have_text("Sample mine?")

    operations.remove_question(question(draft, "2.3"), by=secretariat)
    stored(screen, lambda: row_of(screen, row).get_by_role("button", name=DOWN).click())
    expect(screen.get_by_role("heading", name="Two orders")).to_be_visible()
    faults += look(screen, "two orders in the designer")
    assert not faults, "\n".join(faults)
    screen.get_by_role("link", name="Keep theirs").click()
    expect(screen.locator("[data-question]")).to_have_count(5)


def test_a_condition_is_written_from_the_answers_of_an_earlier_question(screen, draft) -> None:
    row, other = question(draft, "2.1"), question(draft, "1.2")
    form = open_form(screen, row)
    form.get_by_label("English, question").fill("Sample 2.1, worded anew?")
    form.get_by_role("button", name="Add a test").click()
    form.get_by_label("Question of line 1").select_option(str(other.pk))
    form.get_by_role("checkbox", name="Third").check()
    expect(form.get_by_label("English, question")).to_have_value("Sample 2.1, worded anew?")
    faults = look(screen, "a question open in the designer")
    form.get_by_role("button", name="Save the question").last.click()
    expect(row_of(screen, row)).to_contain_text("Asked only if 1.2 is Third.")
    assert not faults, "\n".join(faults)
    row.refresh_from_db()
    assert row.condition == only_if(other, "one_of", "third")


def test_a_lost_line_and_an_ended_session_leave_the_typed_text_where_it_is(screen, draft) -> None:
    row = question(draft, "1.1")
    form = open_form(screen, row)
    form.get_by_label("English, question").fill("Sample typed without a line?")
    screen.context.set_offline(True)
    form.get_by_role("button", name="Save the question").last.click()
    expect(form.get_by_role("alert")).to_contain_text("Not saved.")
    screen.context.set_offline(False)
    cookies = screen.context.cookies()
    screen.context.clear_cookies()
    form.get_by_role("button", name="Save the question").last.click()
    expect(form.get_by_role("alert")).to_contain_text("You are signed out")
    expect(form.get_by_label("English, question")).to_have_value("Sample typed without a line?")
    screen.context.add_cookies(cookies)
    form.get_by_role("button", name="Save the question").last.click()
    expect(row_of(screen, row).locator(".wg-design-text")).to_have_text("Sample typed without a line?")


def test_without_javascript_everything_is_a_page_or_a_form(draft, person) -> None:
    page = person("secretariat", script=False)
    page.goto(design("design", draft))
    row_of(page, question(draft, "1.1")).get_by_role("link", name="Edit").click()
    page.get_by_label("English, question").fill("Sample plain?")
    page.get_by_label("Kind", exact=True).select_option("single")
    page.get_by_role("button", name="Show what this kind needs").click()
    page.get_by_label("Choice 1, English").fill("One")
    page.get_by_role("button", name="Add a choice").click()
    page.get_by_label("Choice 3, English").fill("Three")
    page.get_by_role("button", name="Save the question").last.click()
    row = page.locator("[data-question]", has_text="Sample plain?")
    expect(row).to_contain_text("One choice")
    row.get_by_role("button", name=DOWN).click()
    expect(page.locator(".wg-design-text").first).to_have_text("Sample 1.2?")
    row.get_by_role("button", name="Remove").click()
    expect(page.locator("#design-removed")).to_contain_text("Sample plain?")


def test_the_next_edition_is_published_and_read_by_a_delegation(draft, person, delegation, secretariat) -> None:
    operations.open_questionnaire(draft, by=secretariat)
    factories.ResponseFactory(questionnaire=draft, delegation=delegation)
    officer = person("secretariat")
    officer.goto(design("design", draft))
    row = question(draft, "1.1")
    form = open_form(officer, row)
    form.get_by_label("English, question").fill("Sample 1.1, in other words?")
    form.get_by_role("button", name="Save the question").last.click()
    expect(officer.locator("#design-facts")).to_contain_text("1 change since edition 1, not yet published")
    expect(row_of(officer, row)).to_contain_text("Changed since the last edition")
    faults = look(officer, "a designer with a change that waits")
    officer.get_by_role("link", name="publish edition 2").click()
    expect(officer.locator(".wg-changes mark").first).to_be_visible()
    officer.get_by_label("Note to the delegations").fill("Sample reason")
    faults += look(officer, "an edition to be published")
    officer.get_by_role("button", name="Publish edition 2").click()
    expect(officer.locator(".messagelist .success")).to_contain_text("Edition 2 is published")

    delegate = person("focal_point")
    delegate.goto("/questionnaires/sample-plan/response/")
    expect(delegate.locator("#edition-notice")).to_contain_text("Edition 2 replaced edition 1")
    faults += look(delegate, "a task list with a newer edition")
    delegate.get_by_role("link", name="See what changed").click()
    expect(delegate.get_by_text("Sample reason")).to_be_visible()
    faults += look(delegate, "what changed")
    delegate.get_by_label("We have read the changes").check()
    delegate.get_by_role("button", name="Go on with the response").click()
    expect(delegate.locator("#edition-notice")).to_have_count(0)
    assert not faults, "\n".join(faults)


def test_the_preview_reacts_to_what_is_typed(draft, person) -> None:
    row, other = question(draft, "1.3"), question(draft, "1.2")
    row.condition = only_if(other, "one_of", "first")
    row.save()
    page = person("secretariat")
    page.goto(design("preview", draft))
    expect(page.locator(f"#q-{row.pk}")).to_be_hidden()
    page.locator(f"#q-{other.pk}").get_by_label("First").check()
    expect(page.locator(f"#q-{row.pk}")).to_be_visible()
    faults = look(page, "a preview")
    page.get_by_role("button", name="Check the answers").click()
    expect(page.get_by_text("A delegation could submit these answers.")).to_be_visible()
    faults += look(page, "a preview that was checked")
    assert not faults, "\n".join(faults)
