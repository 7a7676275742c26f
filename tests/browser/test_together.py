"""Colleagues at one response in real browsers: who is here, notes, a guest whose access ends, the end of a session."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from questionnaires import operations
from questionnaires.models import Answer, Guest, Note, Presence
from tests import factories
from tests.browser.looking import look
from tests.questionnaires.answering import draft
from tests.questionnaires.colleagues import invite

pytestmark = pytest.mark.django_db(transaction=True)

HOURS = 8 * 3600


@pytest.fixture
def questionnaire(delegation):
    return factories.QuestionnaireFactory()


@pytest.fixture
def response(questionnaire, delegation):
    return draft(questionnaire, delegation)


@pytest.fixture
def address(questionnaire) -> str:
    return f"/questionnaires/{questionnaire.slug}/response/"


def test_two_colleagues_see_each_other_and_a_hidden_page_asks_nothing(person, response, address):
    mine, theirs = person("focal_point"), person("contributor")
    mine.clock.install()
    mine.goto(address + "1/")
    expect(mine.locator("[data-poll]")).to_be_visible()
    theirs.goto(address + "1/")
    expect(theirs.locator("[data-poll]")).to_contain_text("Sample Focal Point is here too")
    mine.clock.run_for(21_000)
    expect(mine.locator("[data-poll]")).to_contain_text("Sample Contributor is here too")
    mine.goto(address)
    expect(mine.locator(".wg-here").first).to_contain_text("Here now: Sample Contributor")
    asked = []
    mine.on("request", lambda request: asked.append(request.url) if "presence" in request.url else None)
    mine.evaluate("() => Object.defineProperty(document, 'hidden', { get: () => true })")
    mine.clock.run_for(120_000)
    assert asked == []
    assert Presence.objects.count() == 2


def test_a_note_is_added_where_it_belongs_and_stays_when_the_line_is_lost(person, questionnaire, response, address):
    page = person("reader")
    page.goto(address + "1/")
    question = factories.question_of(questionnaire, "long_text")
    notes = page.locator(f"#notes-{question.pk}")
    notes.locator("summary").click()
    notes.get_by_role("textbox").fill("Sample word to the colleagues")
    notes.get_by_role("button", name=re.compile("Add the note")).click()
    expect(notes.locator(".wg-talk")).to_contain_text("Sample word to the colleagues")
    expect(notes.locator("summary")).to_contain_text("1 note")
    expect(notes.get_by_role("textbox")).to_have_value("")
    page.context.set_offline(True)
    notes.get_by_role("textbox").fill("Typed without a line")
    notes.get_by_role("button", name=re.compile("Add the note")).click()
    expect(notes.locator("[data-not-sent]")).to_be_visible()
    expect(notes.get_by_role("textbox")).to_have_value("Typed without a line")
    page.context.set_offline(False)
    notes.get_by_role("button", name=re.compile("Add the note")).click()
    expect(notes.locator(".wg-talk")).to_contain_text("Typed without a line")
    assert Note.objects.count() == 2
    page.goto(address + f"1/#notes-{question.pk}")
    page.reload()
    expect(notes.locator(".wg-talk")).to_be_visible()
    assert not look(page, "a section with notes")


def test_a_note_without_javascript(person, questionnaire, response, address):
    page = person("contributor", script=False)
    page.goto(address + "1/")
    question = factories.question_of(questionnaire, "long_text")
    notes = page.locator(f"#notes-{question.pk}")
    notes.locator("summary").click()
    notes.get_by_role("textbox").fill("Sample word without a script")
    notes.get_by_role("button", name=re.compile("Add the note")).click()
    expect(page.locator(f"#notes-{question.pk}")).to_contain_text("Sample word without a script")
    assert Note.objects.get().question_id == question.pk


def test_a_guest_whose_access_ends_while_typing_keeps_the_text(
    person, questionnaire, delegation, focal_point, response, address
):
    guest = invite(questionnaire, delegation, focal_point)
    page = person(guest.user)
    page.goto(address + "1/")
    block = page.locator(f"#q-{factories.question_of(questionnaire, 'long_text').pk}")
    operations.end_guest(Guest.objects.get(), by=focal_point)
    block.locator("textarea").first.fill("Typed while the access ended")
    block.locator("textarea").first.blur()
    expect(block.locator(".wg-state")).to_contain_text("Your text is kept")
    expect(block.locator("textarea").first).to_have_value("Typed while the access ended")
    assert page.evaluate("() => Object.values(localStorage).join()").find("Typed while the access ended") >= 0
    assert Answer.objects.get(question__kind="long_text").value != "Typed while the access ended"


def test_a_guest_whose_section_was_taken_away_reads_so(
    person, questionnaire, delegation, focal_point, response, address
):
    guest = invite(questionnaire, delegation, focal_point, 1, 2)
    page = person(guest.user)
    page.goto(address + "1/")
    block = page.locator(f"#q-{factories.question_of(questionnaire, 'long_text').pk}")
    first = response.assignments.order_by("section__position").first()
    operations.end_assignment(first, by=focal_point)
    block.locator("textarea").first.fill("Typed while it was taken away")
    block.locator("textarea").first.blur()
    expect(block.locator(".wg-state")).to_contain_text("This section is open to you no longer.")
    expect(block.locator("textarea").first).to_have_value("Typed while it was taken away")


def test_an_answer_that_was_taken_over_is_confirmed_on_its_page(
    person, questionnaire, delegation, focal_point, address
):
    last = factories.QuestionnaireFactory(title="Sample plan of last year", slug="last-year", code="LAST")
    factories.SubmissionFactory(response__questionnaire=last, response__delegation=delegation)
    page = person("focal_point")
    page.goto(address)
    page.get_by_role("link", name="Begin from your last response").click()
    assert not look(page, "answers of the last response")
    page.get_by_role("button", name="Take over what is ticked").click()
    page.goto(address + "1/")
    block = page.locator(f"#q-{factories.question_of(questionnaire, 'long_text').pk}")
    expect(block.locator(".wg-state")).to_contain_text("Taken from LAST-ch-1, not confirmed.")
    assert not look(page, "a section with answers taken over")
    block.get_by_role("button", name=re.compile("Confirm")).click()
    expect(block.locator(".wg-state")).to_contain_text("by you")
    page.get_by_role("button", name="Confirm all in this section").click()
    expect(page.get_by_text("are confirmed.")).to_be_visible()
    assert not Answer.objects.filter(question__section__position=1, prefilled_from__isnull=False).exists()


# The end of a session


def wind(page: Page) -> None:
    """The hours of the browser are the test's; those of the server go on. So the page hears nothing from it by itself,
    since the server would say how long the session really lasts."""
    page.clock.install()
    page.route("**/presence/", lambda route: route.abort())


def test_two_minutes_before_the_end_the_page_says_so_and_the_session_is_kept(person, response, address):
    page = person("focal_point")
    wind(page)
    page.goto(address)
    box = page.locator("#session")
    expect(box).to_be_hidden()
    page.clock.fast_forward((HOURS - 180) * 1000)
    expect(box).to_be_hidden()
    page.clock.fast_forward(70_000)
    expect(box).to_be_visible()
    expect(box).to_contain_text("You will be signed out at")
    expect(box).to_contain_text("What you typed is kept.")
    expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
    assert not look(page, "the word before the session ends")
    page.get_by_role("button", name="Stay signed in").click()
    expect(box).to_be_hidden()
    page.clock.fast_forward((HOURS - 180) * 1000)
    expect(box).to_be_hidden()


def test_whoever_types_goes_on_typing(person, questionnaire, response, address):
    page = person("focal_point")
    wind(page)
    page.goto(address + "1/")
    field = page.locator(f"#q-{factories.question_of(questionnaire, 'long_text').pk} textarea").first
    field.focus()
    page.clock.fast_forward((HOURS - 60) * 1000)
    expect(page.locator("#session")).to_be_visible()
    expect(field).to_be_focused()
    field.fill("Saved, and so the session lasts")
    field.blur()
    expect(page.locator("#session")).to_be_hidden()


def test_what_is_done_in_another_tab_counts(person, response, address):
    page = person("focal_point")
    wind(page)
    page.goto(address)
    page.clock.fast_forward((HOURS - 60) * 1000)
    expect(page.locator("#session")).to_be_visible()
    page.evaluate(
        "() => { localStorage.setItem('wg-session-ends', String(Date.now() + 3600000));"
        " window.dispatchEvent(new StorageEvent('storage', { key: 'wg-session-ends' })); }"
    )
    expect(page.locator("#session")).to_be_hidden()


def test_after_the_end_the_page_says_where_to_sign_in(person, response, address):
    page = person("focal_point")
    wind(page)
    page.goto(address)
    page.context.clear_cookies()
    page.clock.fast_forward((HOURS + 10) * 1000)
    expect(page.locator("#session")).to_contain_text("You are signed out.")
    page.get_by_role("link", name="Sign in again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
