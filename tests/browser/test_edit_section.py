"""A section in a browser: questions appear at once, tables grow, files go up side by side, nothing typed is lost."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Response, expect

from questionnaires import operations
from questionnaires.models import Answer, Question, Questionnaire
from tests import factories
from tests.browser.looking import look

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def questions(delegation) -> dict[str, Question]:
    """Section 1 asks whether, then how (with files) if so, and a table; section 2 asks only if there is a “how”."""
    questionnaire = Questionnaire.objects.create(
        title="Sample of conditions",
        slug="conditions",
        code="CO",
        deadline=timezone.now() + timedelta(days=9),
        translations={"fr": {"title": "Exemple de conditions"}},
    )
    one, two, three = (factories.SectionFactory(questionnaire=questionnaire, position=n) for n in (1, 2, 3))
    made: dict[str, Any] = {
        "whether": factories.QuestionFactory(section=one, position=1, kind="yes_no", text="Sample: do you?")
    }
    made["how"] = factories.QuestionFactory(
        section=one,
        position=2,
        text="Sample: how?",
        word_limit=150,
        takes_files=True,
        condition={"match": "all", "tests": [{"question": made["whether"].pk, "is": "one_of", "values": ["yes"]}]},
        translations={"fr": {"text": "Exemple : comment ?"}},
    )
    made["table"] = factories.QuestionFactory(section=one, position=3, kind="table", max_rows=3)
    made["files"] = factories.QuestionFactory(section=one, position=4, kind="file")
    made["then"] = factories.QuestionFactory(
        section=two,
        position=1,
        text="Sample: and then?",
        condition={"match": "all", "tests": [{"question": made["how"].pk, "is": "answered", "values": []}]},
    )
    made["last"] = factories.QuestionFactory(section=three, position=1, kind="country", text="Sample: where?")
    operations.open_questionnaire(questionnaire, by=factories.UserFactory())
    return made


ADDRESS = "/questionnaires/conditions/response/1/"


def block(page: Page, question: Question):
    return page.locator(f"#q-{question.pk}")


def paper(name: str, content: bytes = b"A sample note"):
    return {"name": name, "mimeType": "text/plain", "buffer": content}


def picture(page: Page, name: str) -> None:
    """For a person to look at, where a folder is given."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def test_questions_appear_and_go_at_once_and_what_was_typed_stays(person, questions):
    page = person("focal_point")
    page.goto(ADDRESS)
    how, button = block(page, questions["how"]), page.locator("[data-next]")
    expect(how).to_be_hidden()
    expect(button).to_have_text("Save and go to section 3")

    whether = block(page, questions["whether"])
    whether.get_by_label("Yes").check()
    expect(how).to_be_visible()
    how.locator(".wg-fields textarea").fill("Three sample words")
    how.locator(".wg-fields textarea").blur()
    expect(how.locator(".wg-state")).to_contain_text("3 of 150 words")
    expect(button).to_have_text("Save and go to section 2")
    expect(page.locator('[data-section="2"] [data-not-asked]')).to_be_hidden()
    picture(page, "section")

    whether.get_by_label("No", exact=True).check()
    expect(how).to_be_hidden()
    expect(button).to_have_text("Save and go to section 3")
    whether.get_by_label("Yes").check()
    expect(how.locator(".wg-fields textarea")).to_have_value("Three sample words")
    assert Answer.objects.get(question=questions["how"]).value == "Three sample words"


def test_typing_goes_on_in_a_field_while_others_appear(person, questions):
    page = person("focal_point")
    page.goto(ADDRESS)
    cell = block(page, questions["table"]).get_by_role("textbox", name="What 1")
    block(page, questions["whether"]).get_by_label("Yes").check()
    cell.press_sequentially("Sample paper", delay=10)
    expect(block(page, questions["how"])).to_be_visible()
    expect(cell).to_have_value("Sample paper")
    expect(cell).to_be_focused()


def test_quotation_is_offered_once_there_is_a_text(person, questions):
    page = person("focal_point")
    page.goto(ADDRESS)
    block(page, questions["whether"]).get_by_label("Yes").check()
    how = block(page, questions["how"])
    expect(how.get_by_label("In published results")).to_be_hidden()
    how.locator(".wg-fields textarea").fill("Sample words")
    how.locator(".wg-fields textarea").blur()
    how.get_by_label("In published results").select_option("Quote without our name")
    expect(how.locator(".wg-quotation [role=status]")).to_have_text("Saved")
    assert Answer.objects.get(question=questions["how"]).quote == "unnamed"
    page.context.set_offline(True)
    how.get_by_label("In published results").select_option("Quote with our name")
    expect(how.locator(".wg-quotation [role=status]")).to_contain_text("Not saved.")
    page.context.set_offline(False)


def test_a_table_grows_and_shrinks_at_once(person, questions):
    page = person("focal_point")
    page.goto(ADDRESS)
    table = block(page, questions["table"])
    table.get_by_role("textbox", name="What 1").fill("First")
    table.get_by_role("button", name="Add a row").click()
    table.get_by_role("button", name="Add a row").click()
    expect(table.get_by_role("button", name="Add a row")).to_be_hidden()
    table.get_by_role("textbox", name="How many 3").fill("20180606")
    # What stood in the table earlier may be on its way, too: wait for the answer to this text.
    with page.expect_response(lambda answer: is_saved(answer) and "20180606" in sent(answer)):
        table.get_by_role("textbox", name="How many 3").blur()
    picture(page, "table")
    page.reload()
    assert Answer.objects.get(question=questions["table"]).value == [{"what": "First"}, {"how-many": "20180606"}]
    expect(table.get_by_role("textbox", name="How many 2")).to_have_value("20180606")
    # The rows are numbered anew where they are stored: the page's own copy is the same answer all the same.
    expect(table.locator(".wg-state")).to_contain_text("Saved")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('wg-draft')).length") == 0

    with page.expect_response(lambda answer: is_saved(answer) and "First" not in sent(answer)):
        table.get_by_role("button", name=re.compile("Remove.*row 1")).click()
    page.reload()
    expect(table.get_by_role("textbox", name="How many 1")).to_have_value("20180606")
    assert Answer.objects.get(question=questions["table"]).value == [{"how-many": "20180606"}]


def is_saved(answer: Response) -> bool:
    return answer.request.method == "POST" and answer.status == 200 and "presence" not in answer.url


def sent(answer: Response) -> str:
    return (answer.request.post_data_buffer or b"").decode(errors="replace")


def test_a_table_typed_without_a_line_comes_back(person, questions):
    page = person("focal_point")
    page.goto(ADDRESS)
    table = block(page, questions["table"])
    page.context.set_offline(True)
    table.get_by_role("button", name="Add a row").click()
    table.get_by_role("textbox", name="What 2").fill("Kept in the browser")
    table.get_by_role("textbox", name="What 2").blur()
    expect(table.locator(".wg-state")).to_contain_text("Not saved")
    page.context.set_offline(False)
    page.reload()
    expect(table.get_by_role("textbox", name="What 2")).to_have_value("Kept in the browser")
    table.get_by_role("button", name="Save again").click()
    expect(table.locator(".wg-state")).to_contain_text("Saved")


def test_files_go_up_side_by_side_and_each_says_what_became_of_it(person, questions):
    page = person("focal_point")
    page.goto(ADDRESS)
    files = block(page, questions["files"])
    files.locator("input[type=file]").set_input_files(
        [paper("one.txt"), paper("two.txt", b"Another"), paper("bad.pdf", b"MZ\x90\x00 no"), paper("empty.txt", b"")]
    )
    for name in ("one.txt", "two.txt"):
        expect(files.get_by_role("link", name=name)).to_be_visible()
    expect(files.locator(".wg-uploads")).to_contain_text("This type of file is not taken.")
    expect(files.locator(".wg-uploads")).to_contain_text("The file is empty.")
    expect(files.locator(".wg-state")).to_contain_text("Saved")
    picture(page, "files")

    files.get_by_role("button", name=re.compile("Remove.*one.txt")).click()
    expect(files.get_by_role("link", name="one.txt")).to_have_count(0)
    assert [file["name"] for file in Answer.objects.get(question=questions["files"]).value] == ["two.txt"]
    page.context.set_offline(True)
    files.locator("input[type=file]").set_input_files(paper("lost.txt"))
    expect(files.locator(".wg-uploads")).to_contain_text("Not attached: no connection.")
    page.context.set_offline(False)


def test_a_file_beside_a_text_is_no_conflict_for_who_types(person, questions):
    page = person("focal_point")
    page.goto(ADDRESS)
    block(page, questions["whether"]).get_by_label("Yes").check()
    how = block(page, questions["how"])
    how.locator(".wg-fields textarea").fill("Begun")
    how.locator("input[type=file]").set_input_files(paper("beside.txt"))
    expect(how.get_by_role("link", name="beside.txt")).to_be_visible()
    how.locator(".wg-fields textarea").fill("Begun, and typed on")
    how.locator(".wg-fields textarea").blur()
    expect(how.locator(".wg-state")).to_contain_text("Saved")
    page.reload()
    expect(how.locator(".wg-fields textarea")).to_have_value("Begun, and typed on")
    expect(how.get_by_role("link", name="beside.txt")).to_be_visible()
    picture(page, "beside")


def test_without_javascript_files_rows_and_questions_come_with_save(person, questions):
    page = person("focal_point", script=False)
    page.goto(ADDRESS)
    block(page, questions["whether"]).get_by_label("Yes").check()
    block(page, questions["table"]).get_by_role("textbox", name="What 1").fill("First")
    block(page, questions["files"]).locator("input[type=file]").set_input_files([paper("one.txt"), paper("two.txt")])
    block(page, questions["table"]).get_by_role("button", name="Add a row").click()
    expect(block(page, questions["table"]).get_by_role("textbox", name="What 2")).to_be_visible()
    expect(block(page, questions["files"]).get_by_role("link", name="two.txt")).to_be_visible()
    expect(block(page, questions["how"])).to_be_visible()
    block(page, questions["files"]).get_by_role("button", name=re.compile("Remove.*one.txt")).click()
    expect(block(page, questions["files"]).get_by_role("link", name="one.txt")).to_have_count(0)


def test_a_removed_question_keeps_its_text_on_the_page_and_in_the_browser(person, questions, focal_point):
    page = person("focal_point")
    page.goto(ADDRESS)
    block(page, questions["whether"]).get_by_label("Yes").check()
    how = block(page, questions["how"])
    expect(how).to_be_visible()
    Question.objects.filter(pk=questions["how"].pk).update(removed_at=timezone.now())
    Question.objects.filter(pk=questions["then"].pk).update(removed_at=timezone.now())
    operations.publish_edition(Questionnaire.objects.get(), by=focal_point)

    how.locator(".wg-fields textarea").fill("Typed too late")
    how.locator(".wg-fields textarea").blur()

    expect(how.locator(".wg-state")).to_contain_text("asked no more")
    expect(how.locator(".wg-fields textarea")).to_have_value("Typed too late")
    assert "Typed too late" in page.evaluate("Object.values(localStorage).join(' ')")


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (360, True)])
def test_the_language_of_the_questions_is_switched(person, questions, width, dark):
    page = person("focal_point", width=width, dark=dark)
    page.goto(ADDRESS)
    page.get_by_role("link", name="Français").click()
    block(page, questions["whether"]).get_by_label("Yes").check()
    expect(page.get_by_text("Exemple : comment ?")).to_be_visible()
    picture(page, f"french-{width}")
    faults = look(page, "a section")
    for name in ("", "check/"):
        page.goto(f"/questionnaires/conditions/response/{name}")
        expect(page.locator("h1")).to_be_visible()
        picture(page, f"{'check' if name else 'tasks'}-{width}")
        faults += look(page, name or "tasks")
    page.goto("/questionnaires/conditions/")
    picture(page, f"about-{width}")
    assert faults + look(page, "about") == []
