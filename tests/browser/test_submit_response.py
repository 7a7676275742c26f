"""The whole way to a receipt: without JavaScript, and with the keyboard alone."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from questionnaires.models import Answer, Submission
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def questionnaire(delegation):
    return factories.QuestionnaireFactory()


def test_without_javascript_from_the_desk_to_the_receipt(person, questionnaire):
    page = person("focal_point", script=False, width=360)
    page.goto("/")
    page.get_by_role("link", name="Start your response").click()
    page.get_by_role("link", name="Sample section 1").click()
    page.get_by_role("textbox", name="Sample question, short text?").fill("Sample: without script")
    page.get_by_label("Sample question, long text?").fill("Sample: a longer text")
    page.get_by_role("group", name="Sample question, yes no?").get_by_label("Yes").check()
    page.get_by_role("group", name="Sample question, single?").get_by_label("Second").check()
    page.get_by_role("group", name="Sample question, multiple?").get_by_label("Third").check()
    page.get_by_role("group", name="Sample question, scale?").get_by_role("radio", name="5").check()
    page.get_by_role("button", name="Save and go to section 2").click()
    page.get_by_label("Sample question, number?").fill("12,5")
    page.get_by_label("Sample question, date?").fill("2018-11-30")
    for label, rank in (("First", "2"), ("Second", "1"), ("Third", "3")):
        page.get_by_role("group", name="Sample question, ranking?").get_by_label(label).select_option(rank)
    page.get_by_role("group", name="Row one").get_by_label("First").check()
    page.get_by_label("Sample question, file?").set_input_files(
        {"name": "note.txt", "mimeType": "text/plain", "buffer": b"A sample note"}
    )
    page.get_by_role("button", name="Save and check your answers").click()
    assert Answer.objects.count() == 11
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    for shown in ("Sample: without script", "Second", "Third", "12.5", "30 November 2018", "1. Second", "note.txt"):
        expect(page.locator("main")).to_contain_text(shown)
    page.get_by_role("button", name="Submit the response").click()
    expect(page.get_by_text("Tick the box")).to_be_visible()
    page.get_by_label("I submit on behalf of Switzerland").check()
    page.get_by_role("button", name="Submit the response").click()
    expect(page.get_by_role("heading", name="Your response is submitted")).to_be_visible()
    submission = Submission.objects.get()
    expect(page.locator(".wg-receipt")).to_contain_text(submission.reference)
    page.get_by_role("link", name="Check the seal").click()
    expect(page.get_by_text("This seal is on record")).to_be_visible()


def test_without_javascript_two_versions_are_a_page_that_loses_neither(person, questionnaire):
    address = f"/questionnaires/{questionnaire.slug}/response/1/"
    mine, theirs = person("focal_point", script=False), person("contributor", script=False)
    mine.goto(address)
    theirs.goto(address)
    theirs.get_by_role("textbox", name="Sample question, short text?").fill("Of the colleague")
    theirs.get_by_role("button", name="Save", exact=True).click()
    mine.get_by_role("textbox", name="Sample question, short text?").fill("Of mine")
    mine.get_by_label("Sample question, long text?").fill("Another answer of mine")
    mine.get_by_role("button", name="Save", exact=True).click()
    expect(mine.get_by_role("heading", name="One answer has two versions")).to_be_visible()
    expect(mine.locator(".wg-versions")).to_contain_text("Of the colleague")
    expect(mine.get_by_role("textbox", name="Sample question, short text?")).to_have_value("Of mine")
    expect(mine.get_by_label("Sample question, long text?")).to_have_value("Another answer of mine")
    mine.get_by_label("Keep my version").check()
    mine.get_by_role("button", name="Save this choice").click()
    expect(mine.get_by_role("textbox", name="Sample question, short text?")).to_have_value("Of mine")
    answer = Answer.objects.get(question=factories.question_of(questionnaire, "short_text"))
    assert [revision.value for revision in answer.revisions.all()] == ["Of the colleague", "Of mine"]


def test_with_the_keyboard_alone(person, questionnaire, delegation, focal_point):
    factories.ResponseFactory(questionnaire=questionnaire, delegation=delegation, by=focal_point)
    page = person("focal_point")
    page.goto(f"/questionnaires/{questionnaire.slug}/response/check/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    box = page.get_by_label("I submit on behalf of Switzerland")
    button = page.get_by_role("button", name="Submit the response")
    for _press in range(80):
        page.keyboard.press("Tab")
        if box.evaluate("box => box === document.activeElement"):
            break
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your response is submitted")).to_be_visible()


def test_without_javascript_an_ended_session_loses_no_typing(person, questionnaire):
    page = person("focal_point", script=False)
    page.goto(f"/questionnaires/{questionnaire.slug}/response/1/")
    Session.objects.all().delete()
    page.get_by_role("textbox", name="Sample question, long text?").fill("Typed before the session ended")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("E-mail address").fill("focal.ch@sample.example")
    page.get_by_role("textbox", name="Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("main p", has_text="Typed before the session ended")).to_be_visible()
    page.get_by_role("button", name="Send it now").click()
    expect(page.get_by_role("textbox", name="Sample question, long text?")).to_have_value(
        "Typed before the session ended"
    )
    assert Answer.objects.get().value == "Typed before the session ended"
