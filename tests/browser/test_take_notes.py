"""Two note-takers at one meeting: saved as typed, a cut line, a conflict, the keyboard, and no script at all."""

from __future__ import annotations

import re
from datetime import date
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from meetings import operations
from meetings.models import AgendaItem, Decision, FollowUp, Note, SpeakerTurn
from tests import factories
from tests.browser.looking import look

pytestmark = pytest.mark.django_db(transaction=True)
LIVE = "/meetings/icoca/9/live/"
SAVED = re.compile(r"Saved \d\d:\d\d")


@pytest.fixture
def item(delegation, other_delegation) -> AgendaItem:
    meeting = factories.MeetingFactory(number=9, date=date(2018, 6, 6), state="held", has_speakers_list=True)
    factories.AgendaItemFactory(meeting=meeting, position=2, title="Sample second item")
    return factories.AgendaItemFactory(meeting=meeting, position=1, title="Sample first item")


def new(page: Page):
    return page.locator("#new form")


def type_note(page: Page, text: str) -> None:
    new(page).get_by_label("Text").fill(text)


def texts(page: Page) -> list[str]:
    return [area.input_value() for area in page.locator("#notes textarea[name=text]").all()]


def test_two_people_type_into_one_item_while_the_line_is_cut_and_restored(person, item):
    one, two = person("secretariat"), person("chair")
    for page in (one, two):
        page.goto(LIVE)
    one.context.set_offline(True)
    for number in range(3):
        type_note(one, f"Of the officer, {number}")
        new(one).get_by_role("button", name="Add the note").click()
        type_note(two, f"Of the chair, {number}")
        new(two).get_by_role("button", name="Add the note").click()
    type_note(one, "Of the officer, half a thought")
    expect(one.locator("#notes .wg-state.is-failed")).to_have_count(3)
    expect(one.locator("#notes .wg-state").first).to_contain_text("No connection at")
    expect(two.locator("#notes .wg-state.is-saved")).to_have_count(3)
    assert Note.objects.count() == 3
    one.context.set_offline(False)
    expect(new(one).locator(".wg-state")).to_contain_text(SAVED)
    for page in (one, two):
        expect(page.locator("#notes .wg-state.is-failed")).to_have_count(0)
        expect(page.locator("#notes > li")).to_have_count(6 if page is one else 7)
    wanted = {f"Of the {who}, {number}" for who in ("officer", "chair") for number in range(3)}
    wanted.add("Of the officer, half a thought")
    assert {note.text for note in Note.objects.all()} == wanted
    assert set(texts(two)) == wanted
    assert one.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('wg-draft')).length") == 0


def test_the_button_stays_under_a_press_that_takes_its_time_without_a_line(person, item):
    page = person("secretariat")
    page.goto(LIVE)
    page.context.set_offline(True)
    type_note(page, "Of the officer")
    new(page).get_by_role("button", name="Add the note").hover()
    page.mouse.down()
    page.evaluate("fetch('/').catch(() => new Promise((painted) => requestAnimationFrame(painted)))")
    page.mouse.up()
    expect(page.locator("#notes .wg-state.is-failed")).to_have_count(1)
    assert texts(page) == ["Of the officer"]


def test_both_texts_of_one_note_are_kept_when_the_line_comes_back(person, item, secretariat):
    note = operations.write_note(item, key=uuid4(), version=0, text="First", by=secretariat)
    one, two = person("secretariat"), person("chair")
    for page in (one, two):
        page.goto(LIVE)
    one.context.set_offline(True)
    field = f"#note-{note.pk} textarea[name=text]"
    one.locator(field).fill("Typed without a line")
    expect(one.locator(f"#note-{note.pk} .wg-state")).to_contain_text("Not saved")
    two.locator(field).fill("Typed by the chair")
    expect(two.locator(f"#note-{note.pk} .wg-state")).to_contain_text("by you")
    one.context.set_offline(False)
    panel = one.locator(f"#note-{note.pk} .wg-versions")
    expect(panel.locator("blockquote").first).to_have_text("Typed by the chair")
    expect(panel.locator("blockquote").last).to_have_text("Typed without a line")
    assert not look(one, "two versions of a note")
    panel.get_by_label("Combined text").fill("Both together")
    panel.get_by_role("button", name="Save this choice").click()
    expect(panel).to_have_count(0)
    two.locator("h1").click()
    expect(two.locator(field)).to_have_value("Both together")
    note.refresh_from_db()
    assert note.text == "Both together"
    assert [row.text for row in note.revisions.all()] == ["First", "Typed by the chair", "Both together"]


def test_what_was_never_stored_comes_back_with_the_page_and_is_stored(person, item):
    page = person("chair")
    page.goto(LIVE)
    page.context.set_offline(True)
    type_note(page, "Typed before the browser was closed")
    expect(new(page).locator(".wg-state")).to_contain_text("Not saved")
    page.route("**/live/notes/", lambda route: route.abort())
    page.context.set_offline(False)
    page.goto(f"{LIVE}?item={AgendaItem.objects.get(position=2).pk}")
    expect(page.locator("[data-elsewhere]")).to_contain_text("1 Sample first item")
    page.unroute("**/live/notes/")
    page.locator("[data-elsewhere] a").click()
    expect(page.locator("#notes .wg-state")).to_contain_text(SAVED)
    assert Note.objects.get().text == "Typed before the browser was closed"


def test_signing_out_takes_the_notes_along_that_the_browser_keeps(person, item):
    page = person("chair")
    page.goto(LIVE)
    page.context.set_offline(True)
    type_note(page, "Not for the next person")
    expect(new(page).locator(".wg-state")).to_contain_text("Not saved")
    page.route("**/live/notes/", lambda route: route.abort())
    page.context.set_offline(False)
    page.goto("/members/profile/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/")
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_an_intervention_with_the_keyboard_alone(person, item, delegation):
    page = person("secretariat")
    page.goto(LIVE)
    new(page).get_by_label("Delegation").focus()
    page.keyboard.type("ch")
    page.keyboard.press("Tab")
    page.keyboard.type("Q")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Who pays for it?")
    page.keyboard.press("Control+Enter")
    expect(new(page).get_by_label("Delegation")).to_be_focused()
    expect(page.locator("#notes .wg-state")).to_contain_text(SAVED)
    note = Note.objects.get()
    assert (note.delegation, note.kind, note.text) == (delegation, "question", "Who pays for it?")
    expect(page.locator('[data-region="agenda"]')).to_contain_text("1 note")


def test_speakers_decisions_and_follow_ups_in_place(person, item, delegation):
    page = person("secretariat")
    page.goto(LIVE)
    asking = page.locator("#speakers form").last
    asking.get_by_label("Delegation").fill("Switzerland")
    asking.get_by_role("button", name="Ask for the floor").dblclick()
    give = page.get_by_role("button", name=re.compile("Give the floor.*Switzerland"))
    give.click()
    expect(page.locator("#speakers")).to_contain_text("Has the floor")
    page.get_by_role("button", name="Has spoken").click()
    expect(page.locator("#speakers")).to_contain_text("1 has spoken")
    assert SpeakerTurn.objects.get().ended_at
    page.get_by_label("What was decided").fill("Sample decision")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.locator("#decisions ul textarea")).to_have_value("Sample decision")
    agree = page.locator("#follow-ups form")
    agree.get_by_label("What").fill("Sample duty")
    agree.get_by_label("Delegation").fill("ch")
    agree.get_by_role("button", name="Record the follow-up").click()
    expect(page.locator("#follow-ups ul")).to_contain_text("Switzerland")
    assert (Decision.objects.get().text, FollowUp.objects.get().delegation) == ("Sample decision", delegation)
    expect(agree.get_by_label("What")).to_have_value("")
    assert not look(page, "the note-taker’s screen")


def test_a_note_goes_to_another_item_beside_the_page_and_comes_to_who_has_that_open(person, item, secretariat):
    notes = [
        operations.write_note(item, key=uuid4(), version=0, text=text, by=secretariat) for text in ("First", "Second")
    ]
    second = AgendaItem.objects.get(position=2)
    one, two = person("secretariat"), person("chair")
    one.goto(LIVE)
    two.goto(f"{LIVE}?item={second.pk}")
    shown = one.locator(f"#note-{notes[0].pk}")
    shown.get_by_text("Move to another item").click()
    shown.get_by_label("Agenda item").select_option(label="2 Sample second item")
    assert not look(one, "a note on its way to another item")
    shown.get_by_role("button", name="Move the note").click()
    expect(shown).to_have_count(0)
    expect(one.locator(f"#up-{notes[1].pk}")).to_be_focused()
    expect(one.locator("[data-fresh-said]")).to_have_text("The note stands under the other item now.")
    expect(two.locator("#notes textarea[name=text]")).to_have_value("First")
    notes[0].refresh_from_db()
    assert notes[0].item == second


def test_a_removed_note_goes_from_the_page_at_once(person, item, secretariat):
    note = operations.write_note(item, key=uuid4(), version=0, text="First", by=secretariat)
    page = person("secretariat")
    page.goto(LIVE)
    page.locator("#notes").get_by_role("button", name="Remove").click()
    expect(page.locator(f"#note-{note.pk}")).to_have_count(0)
    expect(page.locator("#removed")).to_contain_text("1 removed note")


def test_attendance_is_ticked_off_and_the_count_follows(person, item, delegation):
    one, two = person("secretariat"), person("chair")
    for page in (one, two):
        page.goto(f"{LIVE}attendance/")
    one.get_by_role("button", name=re.compile("Online.*Switzerland")).click()
    for page in (one, two):
        expect(page.locator(".wg-live-count")).to_contain_text("1 delegation takes part")
    assert item.meeting.attendance.get().mode == "online"


def test_without_a_script_every_control_is_a_form(person, item, delegation):
    page = person("chair", script=False)
    page.goto(LIVE)
    type_note(page, "Plain note")
    new(page).get_by_label("Delegation").fill("ch")
    new(page).get_by_role("button", name="Add the note").click()
    page.locator("#notes textarea[name=text]").fill("Plain note, changed")
    page.locator("#notes").get_by_role("button", name="Save").click()
    expect(page.locator("#notes .wg-state")).to_contain_text(SAVED)
    page.locator("#notes").get_by_role("button", name="Remove").click()
    page.get_by_text("1 removed note").click()
    page.get_by_role("button", name="Restore").click()
    expect(page.locator("#notes textarea[name=text]")).to_have_value("Plain note, changed")
    page.get_by_text("Move to another item").click()
    page.locator("#notes").get_by_label("Agenda item").select_option(label="2 Sample second item")
    page.get_by_role("button", name="Move the note").click()
    expect(page.get_by_text("The note stands under “Sample second item” now.")).to_be_visible()
    expect(page.locator("#notes > li")).to_have_count(0)
    assert Note.objects.get().delegation == delegation
