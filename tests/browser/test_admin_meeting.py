"""The secretariat holds a whole meeting on one screen, and its summary finds its way to the public: all by clicking."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect

from meetings.models import AgendaItem, ChairsSummary, Meeting, PublishedSummary, Visibility
from members.models import User
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def item(page: Page, title: str) -> Locator:
    """The row of the agenda whose title field holds this."""
    for row in page.locator("#items-group .inline-related:not(.empty-form):not(.tabular)").all():
        if row.locator("input[name$='-title']").input_value() == title:
            return row
    raise AssertionError(f"no item {title!r}")


def add_item(page: Page, title: str) -> Locator:
    page.locator("#items-group .add-row a, #items-group a.addlink").first.click()
    row = page.locator("#items-group .inline-related:not(.empty-form):not(.tabular)").last
    row.locator("input[name$='-title']").fill(title)
    return row


def save(page: Page) -> None:
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def titles(meeting: Meeting) -> list[str]:
    return list(meeting.items.values_list("title", flat=True))


@pytest.fixture
def colleague(secretariat_group, secretariat) -> User:
    """A second officer of the secretariat."""
    user = factories.UserFactory(email="second@sample.example", name="Sample Second Officer", is_staff=True)
    user.groups.add(secretariat_group)
    factory = secretariat.authenticator_set.get()
    user.authenticator_set.create(type=factory.type, data=factory.data)
    return user


@pytest.fixture
def meeting(db) -> Meeting:
    """The ninth exchange: public, planned, on a day that is past, with three items."""
    meeting = factories.MeetingFactory(number=9, date=date(2018, 6, 6), visibility=Visibility.PUBLIC)
    for position, title in enumerate(("First", "Second", "Third"), start=1):
        factories.AgendaItemFactory(meeting=meeting, position=position, title=title, record="")
    return meeting


@pytest.fixture
def screen(person: Callable[..., Page], meeting: Meeting) -> Callable[..., Page]:
    """A function that opens the meeting's screen as somebody."""

    def open_as(who: str | User = "secretariat", **options: object) -> Page:
        page = person(who, **options)
        page.goto(f"/admin/meetings/meeting/{meeting.pk}/change/")
        return page

    return open_as


def test_a_meeting_is_built_on_one_screen(person, db):
    factories.WorkingGroupFactory()
    page = person("secretariat")
    page.goto("/admin/")
    page.get_by_role("link", name="Meetings", exact=True).last.click()
    page.locator(".object-tools a.addlink").click()
    page.get_by_label("Working group:").select_option(label="Working Group on the ICoCA")
    page.get_by_label("Number:").first.fill("9")
    page.get_by_label("What it is about:").fill("Sample subject")
    page.locator("#id_date").fill("2018-06-06")
    for title in ("Update", "Governance", "Any other business"):
        add_item(page, title)
    save(page)
    assert titles(Meeting.objects.get(number=9)) == ["Update", "Governance", "Any other business"]


def test_items_are_put_in_order_with_the_keyboard(screen, meeting):
    page = screen()
    up = item(page, "Third").locator(".order-up")
    up.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#items-group .order-said")).to_have_text("Row 2 of 3")
    expect(item(page, "Third").locator(".order-up")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#items-group .order-said")).to_have_text("Row 1 of 3")
    save(page)
    assert titles(meeting) == ["Third", "First", "Second"]


def test_items_are_put_in_order_with_the_mouse(screen, meeting):
    page = screen()
    handle, target = item(page, "Third").locator(".order-handle"), item(page, "First")
    handle.scroll_into_view_if_needed()
    # Dragged over the second, then the first: the rows give way one after the other.
    handle.hover()
    page.mouse.down()
    for title in ("Second", "First"):
        box = item(page, title).bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 40, box["y"] + 10, steps=4)
    page.mouse.up()
    expect(page.locator("#items-group .order-said")).to_have_text("Row 1 of 3")
    expect(target).to_be_visible()
    save(page)
    assert titles(meeting) == ["Third", "First", "Second"]


def test_a_record_is_written_in_the_editor(screen, meeting):
    page = screen()
    row = item(page, "First")
    box = row.get_by_role("textbox", name="Record")
    box.click()
    page.keyboard.type("One participant asked ")
    row.get_by_role("button", name="bold").click()
    page.keyboard.type("when")
    page.keyboard.press("Control+b")
    page.keyboard.press("Enter")
    row.get_by_role("button", name="unordered list").click()
    page.keyboard.type("one")
    page.keyboard.press("Enter")
    page.keyboard.type("two")
    save(page)
    record = AgendaItem.objects.get(meeting=meeting, title="First").record
    assert record == (
        "<p>One participant asked <strong>when</strong></p><ul><li><p>one</p></li><li><p>two</p></li></ul>"
    )
    expect(item(page, "First").get_by_role("textbox", name="Record").locator("strong")).to_have_text("when")


def test_without_javascript_the_screen_saves_too(screen, meeting):
    page = screen(script=False)
    page.locator("#id_items-0-record").fill("<p>Plain <strong>record</strong></p><script>alert(1)</script>")
    page.locator("#id_items-0-position").fill("3")
    page.get_by_label("Place:").fill("Sample place")
    save(page)
    assert titles(meeting) == ["Second", "Third", "First"]
    record = AgendaItem.objects.get(meeting=meeting, title="First").record
    assert "<strong>record</strong>" in record
    assert "script" not in record
    meeting.refresh_from_db()
    assert meeting.place == "Sample place"


def test_two_secretaries_at_once_lose_nothing(screen, meeting, colleague):
    mine, theirs = screen(), screen(colleague)
    theirs.get_by_label("Place:").fill("Place of the colleague")
    item(theirs, "Second").locator("input[name$='-title']").fill("Title of the colleague")
    save(theirs)
    mine.get_by_label("Place:").fill("Place of mine")
    mine.get_by_role("button", name="Save and continue editing").click()
    panel = mine.locator("#stale")
    expect(panel.get_by_role("heading", name="Two versions")).to_be_visible()
    for words in ("Sample Second Officer", "Place of the colleague", "Place of mine", "Title of the colleague"):
        expect(panel).to_contain_text(words)
    expect(mine.get_by_label("Place:")).to_have_value("Place of mine")
    meeting.refresh_from_db()
    assert meeting.place == "Place of the colleague"
    panel.get_by_role("button", name="Save mine over it").click()
    expect(mine.locator(".messagelist .success")).to_be_visible()
    meeting.refresh_from_db()
    assert meeting.place == "Place of mine"
    assert titles(meeting) == ["First", "Second", "Third"]


def test_from_the_records_to_what_the_public_reads(screen, person, meeting, chair):
    AgendaItem.objects.filter(meeting=meeting).update(record="<p>One participant asked a sample question.</p>")
    officer = screen()
    for step in ("Record the meeting as held", "Draft the summary"):
        officer.get_by_role("button", name=step).click()
        officer.get_by_role("button", name=step).click()
        expect(officer.locator(".messagelist .success")).to_be_visible()
    expect(officer.get_by_role("heading", level=1)).to_contain_text("Chair’s Summary of the ninth exchange")
    visitor = person("visitor")
    assert visitor.goto("/meetings/icoca/9/summary/").status == 404
    chairing = person("chair")
    chairing.goto("/")
    chairing.get_by_role("link", name="Read and approve").click()
    chairing.get_by_role("button", name="Approve the summary").click()
    expect(chairing.locator(".wg-messages")).to_contain_text("adopted")
    assert visitor.goto("/meetings/icoca/9/summary/").status == 404
    officer.reload()
    publish = officer.get_by_role("link", name="Publish the summary").or_(
        officer.get_by_role("button", name="Publish the summary")
    )
    publish.click()
    officer.get_by_role("button", name="Publish the summary").click()
    expect(officer.locator(".messagelist .success")).to_contain_text("published")
    visitor.goto("/meetings/icoca/9/")
    visitor.get_by_role("link", name="summary").first.click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Chair’s Summary")
    expect(visitor.locator("main")).to_contain_text("One participant asked a sample question.")
    assert PublishedSummary.objects.get().is_intact
    assert Meeting.objects.get(pk=meeting.pk).summary.state == ChairsSummary.State.PUBLISHED
