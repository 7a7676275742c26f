"""A circular from nothing to its letters: fields put in by a button, recipients seen, the letter in its frame, sent."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from icoca_portal.outbox.models import Message
from members.models import Circular
from tests.browser.looking import look

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_circular_is_written_looked_at_and_sent(person, secretariat, focal_point, other_focal_point):
    page = person("secretariat")
    page.goto("/admin/members/circular/add/")
    page.get_by_role("button", name="Begin the draft").click()

    subject = page.get_by_label("Subject, English")
    subject.fill("Sample for ")
    page.get_by_text("Fields that hold something else for each recipient").click()
    page.get_by_role("button", name="Insert {delegation}").click()
    expect(subject).to_have_value("Sample for {delegation}")
    text = page.get_by_role("textbox", name="Text, English")
    text.click()
    text.press_sequentially("Dear ")
    page.get_by_role("button", name="Insert {name}").click()
    expect(text).to_have_text("Dear {name}")

    people = page.get_by_role("checkbox", name="Focal point").first
    expect(people).to_be_hidden()
    page.get_by_label("All participants", exact=True).check()
    expect(people).to_be_checked()
    page.get_by_label("Add files").set_input_files(
        {"name": "sample.txt", "mimeType": "text/plain", "buffer": b"Sample"}
    )
    page.get_by_role("button", name="See who gets it").click()
    expect(page.get_by_text("2 letters to 2 organisations.")).to_be_visible()
    expect(page.get_by_role("cell", name=other_focal_point.email, exact=True)).to_be_visible()

    page.get_by_role("link", name="See it").first.click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text(re.compile("^Dear Sample (Other )?Focal Point$"))).to_be_visible()
    assert not look(page, "the letter in its frame")
    page.get_by_role("link", name="Back to the circular").click()
    expect(page.get_by_role("rowheader", name="sample.txt")).to_be_visible()

    page.get_by_role("button", name="Send the circular").click()
    expect(page.get_by_text("2 people of 2 delegations and organisations")).to_be_visible()
    page.get_by_role("button", name="Send the circular").dblclick()
    expect(page.get_by_text(re.compile("is on its way|approved already"))).to_be_visible()
    assert Message.objects.count() == 2
    circular = Circular.objects.get()
    page.goto(f"/admin/members/circular/{circular.pk}/change/")
    expect(page.get_by_label("Subject, English")).to_have_count(0)
    assert not look(page, "a circular that was sent")
