"""Two people at one response, a lost line, an ended session: typing is never lost, and the page says so."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from questionnaires.models import Answer, Questionnaire
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

THEIRS, MINE = "Text of the colleague", "Text of mine, from the other window"


@pytest.fixture
def questionnaire(delegation) -> Questionnaire:
    return factories.QuestionnaireFactory()


@pytest.fixture
def address(questionnaire) -> str:
    return f"/questionnaires/{questionnaire.slug}/response/1/"


def block(page: Page, questionnaire: Questionnaire, kind: str):
    return page.locator(f"#q-{factories.question_of(questionnaire, kind).pk}")


def stored(questionnaire: Questionnaire, kind: str):
    return Answer.objects.get(question=factories.question_of(questionnaire, kind)).value


def test_a_field_is_saved_as_it_is_left(person, questionnaire, address):
    page = person("focal_point")
    page.goto(address)
    text = block(page, questionnaire, "long_text")
    text.locator(".wg-fields textarea").fill("First line\nSecond line  ")
    text.locator(".wg-fields textarea").blur()
    expect(text.locator(".wg-state")).to_contain_text("Saved")
    expect(text.locator(".wg-state")).to_contain_text("by you")
    assert stored(questionnaire, "long_text") == "First line\nSecond line"
    scale = block(page, questionnaire, "scale")
    scale.get_by_role("radio", name="4").check()
    expect(scale.locator(".wg-state")).to_contain_text("Saved")
    assert stored(questionnaire, "scale") == 4
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('wg-draft')).length") == 0
    page.reload()
    expect(text.locator(".wg-fields textarea")).to_have_value("First line\nSecond line")


def test_typing_on_after_a_save_is_no_conflict_with_oneself(person, questionnaire, address):
    page = person("focal_point")
    page.goto(address)
    text = block(page, questionnaire, "long_text")
    for words in ("one", "one two", "one two three"):
        text.locator(".wg-fields textarea").fill(words)
        text.locator(".wg-fields textarea").blur()
        expect(text.locator(".wg-state")).to_contain_text("Saved")
        page.wait_for_function("() => !document.querySelector('.htmx-request')")
    assert stored(questionnaire, "long_text") == "one two three"
    assert Answer.objects.get().version == 3


def test_two_versions_stand_side_by_side_and_neither_is_lost(person, questionnaire, address):
    mine, theirs = person("focal_point"), person("contributor")
    mine.goto(address)
    theirs.goto(address)
    other = block(theirs, questionnaire, "long_text")
    other.locator(".wg-fields textarea").fill(THEIRS)
    other.locator(".wg-fields textarea").blur()
    expect(other.locator(".wg-state")).to_contain_text("Saved")
    own = block(mine, questionnaire, "long_text")
    own.locator(".wg-fields textarea").fill(MINE)
    own.locator(".wg-fields textarea").blur()
    panel = own.locator(".wg-versions")
    expect(panel).to_contain_text("Two versions")
    expect(panel.locator("blockquote").first).to_have_text(THEIRS)
    expect(panel.locator("blockquote").last).to_have_text(MINE)
    assert stored(questionnaire, "long_text") == THEIRS
    # The next key stroke must not overwrite the colleague either.
    own.locator(".wg-fields textarea").fill(MINE + ", longer")
    own.locator(".wg-fields textarea").blur()
    expect(panel.locator("blockquote").last).to_have_text(MINE + ", longer")
    assert stored(questionnaire, "long_text") == THEIRS
    panel.get_by_label("Combine them in one text").check()
    panel.locator("textarea").fill("Both texts together")
    panel.get_by_role("button", name="Save this choice").click()
    expect(own.locator(".wg-state")).to_contain_text("Saved")
    expect(own.locator(".wg-fields textarea")).to_have_value("Both texts together")
    assert stored(questionnaire, "long_text") == "Both texts together"


def test_a_press_counts_although_what_the_save_says_pushes_the_button_away(person, questionnaire, address):
    mine, theirs = person("focal_point"), person("contributor")
    mine.set_viewport_size({"width": 1280, "height": 6000})
    mine.goto(address)
    theirs.goto(address)
    other = block(theirs, questionnaire, "long_text")
    other.locator(".wg-fields textarea").fill(THEIRS)
    other.locator(".wg-fields textarea").blur()
    expect(other.locator(".wg-state")).to_contain_text("Saved")
    own = block(mine, questionnaire, "long_text")
    own.locator(".wg-fields textarea").fill(MINE)
    button = mine.locator("[data-next]")
    button.hover()
    before = button.bounding_box()
    mine.mouse.down()
    expect(own.locator(".wg-versions")).to_be_visible()
    assert button.bounding_box()["y"] > before["y"] + before["height"]
    with mine.expect_request(lambda request: request.is_navigation_request() and request.method == "POST"):
        mine.mouse.up()
    expect(own.locator(".wg-versions blockquote").last).to_have_text(MINE)
    assert stored(questionnaire, "long_text") == THEIRS


def test_without_a_connection_the_text_stays_and_is_saved_again(person, questionnaire, address):
    page = person("focal_point")
    page.goto(address)
    text = block(page, questionnaire, "long_text")
    page.context.set_offline(True)
    text.locator(".wg-fields textarea").fill("Typed without a line")
    text.locator(".wg-fields textarea").blur()
    expect(text.locator(".wg-state")).to_contain_text("Not saved. No connection at")
    assert not Answer.objects.exists()
    page.context.set_offline(False)
    page.reload()
    expect(text.locator(".wg-fields textarea")).to_have_value("Typed without a line")
    expect(text.locator(".wg-state")).to_contain_text("never stored")
    text.get_by_role("button", name="Save again").click()
    expect(text.locator(".wg-state")).to_contain_text("Saved")
    assert stored(questionnaire, "long_text") == "Typed without a line"


def test_when_the_session_has_ended_the_page_says_so_and_keeps_the_text(person, questionnaire, address):
    page = person("focal_point")
    page.goto(address)
    text = block(page, questionnaire, "long_text")
    Session.objects.all().delete()
    text.locator(".wg-fields textarea").fill("Typed after the session")
    text.locator(".wg-fields textarea").blur()
    expect(text.locator(".wg-state")).to_contain_text("You are signed out")
    text.get_by_role("link", name="Sign in again").click()
    page.get_by_label("E-mail address").fill("focal.ch@sample.example")
    page.get_by_role("textbox", name="Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Continue").click()
    expect(text.locator(".wg-fields textarea")).to_have_value("Typed after the session")
    text.get_by_role("button", name="Save again").click()
    expect(text.locator(".wg-state")).to_contain_text("Saved")
    assert stored(questionnaire, "long_text") == "Typed after the session"


def test_signing_out_takes_the_kept_texts_along(person, questionnaire, address):
    page = person("focal_point")
    page.goto(address)
    page.context.set_offline(True)
    text = block(page, questionnaire, "long_text")
    text.locator(".wg-fields textarea").fill("Not for the next person")
    text.locator(".wg-fields textarea").blur()
    expect(text.locator(".wg-state")).to_contain_text("Not saved")
    page.context.set_offline(False)
    page.goto("/members/profile/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/")
    assert page.evaluate("Object.keys(localStorage).length") == 0
