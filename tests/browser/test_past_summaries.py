"""A summary of the past is brought in: read, corrected by hand by two people, saved as the record of its meeting."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from playwright.sync_api import Page, expect

from meetings.models import Meeting, PastSummary, WorkingGroup
from tests import factories
from tests.browser.looking import look
from tests.meetings import past

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/meetings/import/"
THEIRS, MINE = "Sample words of the colleague", "Sample words of mine"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def group(delegation) -> WorkingGroup:
    return factories.WorkingGroupFactory()


@pytest.fixture
def officer(secretariat):
    """A second one of the secretariat."""
    colleague = factories.UserFactory(is_staff=True)
    colleague.groups.set(secretariat.groups.all())
    TOTP.activate(colleague, "JBSWY3DPEHPK3PXP")
    return colleague


def read(page: Page, name: str, content: bytes) -> None:
    page.goto(PAGE)
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    page.get_by_role("button", name="Read the file").click()


def item(page: Page, number: int):
    return page.locator(f"#item-{number - 1}")


def text(page: Page, number: int, place: int = 0):
    return item(page, number).locator("textarea").nth(place)


def titles() -> list[str]:
    return [one["title"] for one in PastSummary.objects.get().understood["items"]]


@pytest.mark.parametrize(("script", "width"), [(True, 1280), (False, 360)])
def test_the_whole_way(person, group, script, width):
    page = person("secretariat", script=script, width=width)
    read(page, "paper.pdf", b"%PDF-1.7")
    expect(page.get_by_role("alert")).to_contain_text("The file was not read")
    faults = look(page, "a file that was not read") if script else []
    read(page, "ninth.docx", past.word("styled"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Correct what was understood")
    expect(page.get_by_label("Number of the meeting")).to_have_value("9")
    expect(page.get_by_label("Date", exact=True)).to_have_value("2018-06-06")
    faults += look(page, "what was understood") if script else []

    # A paragraph that is a title, an item that is none, a paragraph of another item: what was typed goes along.
    page.get_by_label("Place").fill("Bern")
    text(page, 2).fill("A sample title")
    item(page, 2).get_by_role("button", name="A title: begin an item here").first.click()
    assert titles()[2] == "A sample title"
    expect(page.get_by_label("Place")).to_have_value("Bern")
    item(page, 3).get_by_role("button", name="No title: join to the item before").click()
    assert titles() == list(past.TITLES)
    item(page, 3).get_by_role("button", name=re.compile("^To the item before")).first.click()
    expect(item(page, 2).locator("textarea").last).to_have_value("The next meeting is to be confirmed.")
    item(page, 2).get_by_role("button", name="To the item after").last.click()
    expect(text(page, 3)).to_have_value("The next meeting is to be confirmed.")

    # It waits on the list until it is saved.
    page.goto(PAGE)
    faults += look(page, "a text that waits") if script else []
    page.get_by_role("link", name="ninth.docx").click()
    text(page, 1).fill("The Executive Director described the corrected plan.")
    page.get_by_label("Readers of the meeting, if it is made").select_option("public")
    page.get_by_role("button", name="Save as the record of the meeting").click()
    expect(page.get_by_text("The ninth exchange is recorded, with its summary.")).to_be_visible()
    meeting = Meeting.objects.get()
    assert (meeting.number, meeting.place) == (9, "Bern")
    assert "the corrected plan" in meeting.summary.parts.all()[0].text
    page.goto(PAGE)
    expect(page.get_by_role("region", name="Brought in")).to_contain_text("ninth.docx")
    faults += look(page, "a text that was brought in") if script else []
    assert not faults, "\n".join(faults)


def test_two_people_correct_one_text_and_neither_loses_a_word(person, group, officer):
    mine = person("secretariat")
    read(mine, "ninth.md", past.MARKDOWN.encode())
    theirs = person(officer)
    theirs.goto(mine.url)
    text(theirs, 2).fill(THEIRS)
    theirs.get_by_role("button", name="Store the corrections").last.click()
    expect(theirs.get_by_text("The corrections are stored.")).to_be_visible()
    text(mine, 2).fill(MINE)
    mine.get_by_role("button", name="Store the corrections").last.click()
    box = mine.get_by_role("alert")
    expect(box).to_contain_text("What you typed stands below.")
    box.locator("summary").click()
    expect(box.get_by_text(THEIRS)).to_be_visible()
    expect(text(mine, 2)).to_have_value(MINE)
    assert not look(mine, "two corrections of one text")
    text(mine, 2).fill(f"{THEIRS}. {MINE}.")
    mine.get_by_role("button", name="Store the corrections").last.click()
    expect(mine.get_by_text("The corrections are stored.")).to_be_visible()
    assert PastSummary.objects.get().understood["items"][1]["blocks"][0]["html"] == f"{THEIRS}. {MINE}."


def test_what_is_missing_is_said_and_what_was_typed_stays(person, group):
    page = person("secretariat")
    read(page, "ninth.md", past.MARKDOWN.encode())
    page.get_by_label("Number of the meeting").fill("")
    text(page, 1).fill(MINE)
    page.get_by_role("button", name="Save as the record of the meeting").click()
    expect(page.get_by_role("alert")).to_contain_text("Not saved")
    expect(text(page, 1)).to_have_value(MINE)
    assert not look(page, "a record that lacks its number")
    assert not Meeting.objects.exists()


def test_a_key_in_a_line_stores_and_does_nothing_else(person, group):
    """The first button of a form is what the key of the line presses: it must not move a paragraph."""
    page = person("secretariat")
    read(page, "ninth.md", past.MARKDOWN.encode())
    page.get_by_label("Place").fill("Bern")
    page.get_by_label("Place").press("Enter")
    expect(page.get_by_text("The corrections are stored.")).to_be_visible()
    assert titles() == list(past.TITLES)
    assert PastSummary.objects.get().understood["place"] == "Bern"


def test_a_text_is_given_up(person, group):
    page = person("secretariat")
    read(page, "ninth.md", past.MARKDOWN.encode())
    page.get_by_role("button", name="Give this text up").click()
    expect(page.get_by_text("ninth.md was given up. No meeting has changed.")).to_be_visible()
    assert not Meeting.objects.exists()
