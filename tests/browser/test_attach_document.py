"""Papers are attached to an item of the agenda: several at once, one that is refused, a lost line, and no script."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from icoca_portal.lib.days import today
from meetings.models import Document, Meeting
from tests import factories
from tests.browser.looking import look

pytestmark = pytest.mark.django_db(transaction=True)
MEETING = "/meetings/icoca/10/"
ATTACH = f"{MEETING}documents/attach/"
PDF = b"%PDF-1.7\n%sample\n"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def meeting(delegation) -> Meeting:
    meeting = factories.MeetingFactory(number=10, date=today() + timedelta(days=30), state="convened")
    for number in (1, 2):
        factories.AgendaItemFactory(meeting=meeting, position=number, title=f"Sample item {number}")
    return meeting


def choose(page: Page, **files: bytes) -> None:
    """Choose files, by their names without the ending."""
    page.locator("input[type=file]").set_input_files(
        [FilePayload(name=f"{name}.pdf", mimeType="application/pdf", buffer=content) for name, content in files.items()]
    )


def attach(page: Page) -> None:
    page.get_by_role("button", name="Attach the files").click()


def test_papers_stand_under_their_item_for_those_who_read_it(person, meeting):
    page = person("secretariat")
    page.goto(f"{MEETING}documents/")
    page.get_by_role("link", name="Attach documents").click()
    choose(page, Sample_figures=PDF, notes=PDF + b"2")
    titles = page.get_by_role("listitem").get_by_label("Title")
    expect(titles.first).to_have_value("Sample figures")
    titles.last.fill("Sample notes of the secretariat")
    page.get_by_label("2 Sample item 2").check()
    assert not look(page, "files that were chosen")
    attach(page)
    page.wait_for_url(f"**{MEETING}documents/")
    expect(page.get_by_role("link", name="Sample notes of the secretariat").first).to_be_visible()
    assert not look(page, "documents that were attached")
    rows = Document.objects.order_by("number")
    assert [(row.title, row.symbol) for row in rows] == [
        ("Sample figures", "ICoCA-WG/10/2"), ("Sample notes of the secretariat", "ICoCA-WG/10/3"),
    ]  # fmt: skip
    assert {item.position for row in rows for item in row.items.all()} == {2}

    reader = person("reader", width=360)
    reader.goto(MEETING)
    papers = reader.get_by_role("list", name="Documents of item 2")
    expect(papers.get_by_role("link")).to_have_count(2)
    expect(reader.get_by_role("list", name="Documents of item 1")).to_have_count(0)
    assert not look(reader, "papers of an item")
    with reader.expect_download() as download:
        papers.get_by_role("link").first.click()
    assert Path(download.value.path()).read_bytes() == PDF


def test_one_that_is_refused_leaves_the_others_and_says_why(person, meeting):
    page = person("secretariat")
    page.goto(ATTACH)
    choose(page, good=PDF, bad=b"MZ\x90\x00\x03\x00" * 20)
    attach(page)
    expect(page.locator("[data-refused]")).to_contain_text("Not attached: bad.pdf.")
    expect(page.locator("[data-attached]")).to_contain_text("good")
    assert not look(page, "a file that was refused")
    assert Document.objects.get().title == "good"


def test_without_a_connection_the_file_and_its_title_wait_to_be_sent_again(person, meeting):
    page = person("secretariat")
    page.goto(ATTACH)
    choose(page, first=PDF, second=PDF + b"2")
    page.get_by_role("listitem").get_by_label("Title").first.fill("Typed title")
    page.get_by_label("1 Sample item 1").check()
    page.context.set_offline(True)
    attach(page)
    expect(page.get_by_text("Not attached: no connection.")).to_have_count(2)
    expect(page.get_by_role("listitem").get_by_label("Title").first).to_have_value("Typed title")
    assert not Document.objects.exists()
    assert not look(page, "files that were not sent")
    page.context.set_offline(False)
    attach(page)
    page.wait_for_url(f"**{MEETING}documents/")
    assert [row.title for row in Document.objects.order_by("number")] == ["Typed title", "second"]
    assert {item.position for row in Document.objects.all() for item in row.items.all()} == {1}


def test_a_form_without_a_file_says_what_is_missing(person, meeting):
    page = person("secretariat")
    page.goto(ATTACH)
    attach(page)
    expect(page.get_by_role("alert")).to_contain_text("Choose a file first.")
    assert not look(page, "no file was chosen")


def test_the_paper_gets_another_item_afterwards(person, meeting):
    page = person("secretariat")
    page.goto(ATTACH)
    choose(page, paper=PDF)
    page.get_by_label("1 Sample item 1").check()
    attach(page)
    page.wait_for_url(f"**{MEETING}documents/")
    page.get_by_role("link", name="Change (English, PDF)").click()
    page.get_by_label("1 Sample item 1").uncheck()
    page.get_by_label("2 Sample item 2").check()
    assert not look(page, "a document that is changed")
    page.get_by_role("button", name="Change the document").click()
    page.goto(MEETING)
    expect(page.get_by_role("list", name="Documents of item 2")).to_contain_text("paper")
    expect(page.get_by_role("list", name="Documents of item 1")).to_have_count(0)


def test_without_a_script_the_form_sends_them_all_at_once(person, meeting):
    page = person("secretariat", script=False, width=360)
    page.goto(ATTACH)
    choose(page, one=PDF, two=PDF + b"2", bad=b"MZ\x90\x00\x03\x00" * 20)
    page.get_by_label("2 Sample item 2").check()
    attach(page)
    expect(page.get_by_role("alert")).to_contain_text("bad.pdf")
    page.goto(MEETING)
    expect(page.get_by_role("list", name="Documents of item 2").get_by_role("link")).to_have_count(2)
