"""A questionnaire from its first word to the Board's remark and the secretariat's spreadsheet: all by clicking."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from icoca_portal.lib.days import today
from questionnaires.models import Questionnaire, Remark, Submission

pytestmark = pytest.mark.django_db(transaction=True)


def build(page: Page) -> None:
    """A questionnaire with one section of two questions, opened."""
    page.goto("/admin/questionnaires/questionnaire/add/")
    page.get_by_label("Title:").first.fill("Sample questions")
    page.get_by_label("Code:").fill("SQ18")
    page.get_by_label("Day").fill((today() + timedelta(days=10)).isoformat())
    page.get_by_label("Hour, Geneva").fill("18:00")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_contain_text("Write its questions")
    page.get_by_role("link", name="Add a section").click()
    page.get_by_label("English, title").fill("Sample section")
    page.get_by_role("button", name="Save the section").click()
    page.get_by_role("link", name="Add a question at the end").click()
    form = page.locator("[data-open-form]")
    form.get_by_label("Kind", exact=True).select_option("scale")
    expect(form.get_by_text("Choices", exact=True)).to_be_hidden()
    expect(form.get_by_label("English, 1 means")).to_be_visible()
    form.get_by_label("English, question").fill("How important is it?")
    form.get_by_label("An answer is required").check()
    form.get_by_role("button", name="Save the question").click()
    expect(page.locator("[data-question]")).to_contain_text("How important is it?")
    page.get_by_role("link", name="Add a question below").click()
    form.get_by_label("English, question").fill("What is missing?")
    form.get_by_role("button", name="Save the question").click()
    expect(page.locator("[data-question]")).to_have_count(2)
    page.get_by_role("link", name="Open the questionnaire…").click()
    expect(page.locator("#content")).to_contain_text("2")
    page.get_by_role("button", name="Open the questionnaire").click()
    expect(page.locator(".messagelist .success")).to_contain_text("open")


def answer(page: Page) -> None:
    """The focal point answers and submits."""
    page.goto("/")
    page.get_by_role("link", name="Start your response").click()
    page.get_by_role("link", name="Sample section").click()
    page.get_by_role("radio", name="5").check()
    page.get_by_label("What is missing?").fill("Sample: a sample answer")
    page.get_by_role("button", name="Save and check your answers").click()
    page.get_by_label("I submit on behalf of Switzerland").check()
    page.get_by_role("button", name="Submit the response").click()
    expect(page.get_by_role("heading", name="Your response is submitted")).to_be_visible()


def remark(page: Page) -> None:
    """A director reads the responses side by side and remarks on one."""
    page.goto("/questionnaires/")
    page.get_by_role("link", name="Sample questions").first.click()
    page.get_by_role("link", name="responses").first.click()
    page.locator(".wg-matrix").get_by_role("link", name="Switzerland").click()
    page.get_by_text("Add a remark").last.click()
    page.get_by_role("textbox", name="Remark").last.fill("Sample remark")
    page.get_by_role("button", name="Write the remark").last.click()
    expect(page.locator(".wg-thread")).to_contain_text("Sample remark")


def test_from_the_first_word_to_the_spreadsheet(person, delegation):
    officer = person("secretariat")
    build(officer)
    assert Questionnaire.objects.get(code="SQ18").state == "open"
    answer(person("focal_point"))
    assert Submission.objects.get().is_intact
    remark(person("director"))
    assert Remark.objects.get().text == "Sample remark"
    officer.get_by_role("link", name="Who has answered").click()
    expect(officer.locator("#content")).to_contain_text("SQ18-ch-1")
    officer.goto("/questionnaires/sample-questions/review/")
    expect(officer.locator("main")).not_to_contain_text("Sample remark")
    with officer.expect_download() as waiting:
        officer.get_by_role("link", name="Excel").or_(officer.get_by_role("link", name="XLSX")).first.click()
    with ZipFile(BytesIO(Path(waiting.value.path()).read_bytes())) as book:
        words = "".join(book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/"))
    assert "Sample: a sample answer" in words
    assert "Sample remark" not in words
