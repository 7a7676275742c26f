"""The Board at its browsers: tagging words, keys, search, and two directors at one conclusion."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from questionnaires.models import Conclusion, Passage, Questionnaire
from tests import factories
from tests.questionnaires.board import make_questionnaire, submit

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "First 😀 the audit.\nThen the audit again, and more."

# Selects letters of an answer as a mouse would, counted in UTF-16 as browsers do.
SELECT = """([node, words, nth]) => {
  const text = node.textContent;
  let start = -1;
  for (let n = 0; n <= nth; n += 1) start = text.indexOf(words, start + 1);
  const place = (offset) => {
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    for (let left = offset; walker.nextNode(); left -= walker.currentNode.length) {
      if (left <= walker.currentNode.length) return [walker.currentNode, left];
    }
  };
  const range = document.createRange();
  range.setStart(...place(start));
  range.setEnd(...place(start + words.length));
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}"""


@pytest.fixture
def questionnaire(db) -> Questionnaire:
    return make_questionnaire()


def test_words_are_selected_in_an_answer_and_put_under_a_theme(person, questionnaire, director):
    submit(questionnaire, "Sample A", long_text=TEXT)
    question = factories.question_of(questionnaire, "long_text")
    page = person("director")
    page.goto(f"/questionnaires/sample-plan/review/{question.pk}/")
    row = page.locator("#d-sample-a")
    answer = row.locator("[data-answer]")

    page.evaluate(SELECT, [answer.element_handle(), "the audit", 1])
    expect(row.get_by_label("Words of the answer")).to_have_value("the audit")
    row.get_by_label("Theme", exact=True).fill("Timely audits")
    row.get_by_role("button", name="Put them under the theme").click()

    expect(page.get_by_text("The words stand under “Timely audits”.")).to_be_visible()
    passage = Passage.objects.get()
    assert passage.start == TEXT.rindex("the audit")
    expect(row.locator("mark.wg-passage")).to_have_text("the audit")
    page.evaluate(SELECT, [answer.element_handle(), "audit again", 0])
    expect(row.get_by_label("Words of the answer")).to_have_value("audit again")
    row.get_by_label("Theme", exact=True).fill("Repetition")
    row.get_by_role("button", name="Put them under the theme").click()
    expect(row.locator("mark.wg-passage.is-several")).to_have_text("audit")
    assert Passage.objects.latest("pk").start == TEXT.index("audit again")


def test_without_script_words_are_copied_into_the_field(person, questionnaire, director):
    submit(questionnaire, "Sample A", long_text=TEXT)
    page = person("director", script=False)
    page.goto("/questionnaires/sample-plan/review/by/sample-a/")
    question = factories.question_of(questionnaire, "long_text")
    row = page.locator(f"#q-{question.pk}")
    row.get_by_text("Tag words").click()
    row.get_by_label("Words of the answer").fill("not in it")
    row.get_by_label("Theme", exact=True).fill("Timely audits")
    row.get_by_role("button", name="Put them under the theme").click()
    expect(page.get_by_role("heading", name="The words are not tagged")).to_be_visible()
    expect(row.get_by_label("Words of the answer")).to_have_value("not in it")
    row.get_by_label("Words of the answer").fill("Then the audit")
    row.get_by_role("button", name="Put them under the theme").click()
    expect(row.locator("mark.wg-passage")).to_have_text("Then the audit")


def test_keys_go_on_and_back_but_not_while_somebody_types(person, questionnaire, director):
    for letter in "ABC":
        submit(questionnaire, f"Sample {letter}")
    page = person("director")
    page.goto("/questionnaires/sample-plan/review/by/sample-a/")
    heading = page.get_by_role("heading", level=1)
    expect(page.locator("[data-keys]")).to_be_visible()

    page.keyboard.press("j")
    expect(heading).to_have_text("Sample B")
    page.keyboard.press("n")
    expect(heading).to_have_text("Sample C")
    page.keyboard.press("k")
    expect(heading).to_have_text("Sample B")
    page.get_by_text("Add a remark").first.click()
    field = page.get_by_label("Remark", exact=True).first
    field.press_sequentially("jnkp")
    expect(field).to_have_value("jnkp")
    expect(heading).to_have_text("Sample B")
    page.get_by_role("button", name="Switch the keys off").click()
    page.keyboard.press("p")
    page.get_by_role("button", name="Switch the keys on").click()
    expect(heading).to_have_text("Sample B")
    page.keyboard.press("/")
    expect(heading).to_have_text("Search in the answers")


def test_a_search_leads_to_the_answer(person, questionnaire, director):
    submit(questionnaire, "Sample A", long_text="La sécurité des audits")
    question = factories.question_of(questionnaire, "long_text")
    page = person("director")
    page.goto("/questionnaires/sample-plan/review/search/")
    page.get_by_label("Words").fill("securite")
    page.get_by_role("button", name="Search").click()

    expect(page.locator("mark")).to_have_text("sécurité")
    page.get_by_role("link", name="Sample A").click()
    expect(page.locator(f"#q-{question.pk} [data-answer]")).to_have_text("La sécurité des audits")


def test_the_arrow_of_the_editors_menu_needs_no_typeface(person, questionnaire, director):
    page = person("director")
    page.goto("/questionnaires/sample-plan/review/objectives/0/conclusion/")
    menu = page.locator(".prose-menubar__selected")
    expect(menu).to_be_visible()
    assert menu.evaluate("node => getComputedStyle(node, '::after').content") == '""'


def test_two_directors_at_one_conclusion_lose_neither_text(person, questionnaire, director):
    colleague = factories.UserFactory(name="Sample colleague")
    factories.DirectorshipFactory(user=colleague)
    address = "/questionnaires/sample-plan/review/objectives/0/conclusion/"
    mine, theirs = person("director"), person(colleague)
    for page in (mine, theirs):
        page.goto(address)
        expect(page.get_by_role("textbox", name="Conclusion")).to_be_visible()
    theirs.get_by_role("textbox", name="Conclusion").fill("What they conclude")
    theirs.get_by_role("button", name="Store the conclusion").click()
    expect(theirs.get_by_text("What they conclude")).to_be_visible()
    mine.get_by_role("textbox", name="Conclusion").fill("What I conclude")
    mine.get_by_role("button", name="Store the conclusion").click()

    quotes = mine.locator(".wg-versions blockquote")
    expect(quotes.first).to_have_text("What they conclude")
    expect(quotes.last).to_have_text("What I conclude")
    assert Conclusion.objects.get().text == "<p>What they conclude</p>"
    mine.get_by_role("textbox", name="Conclusion").fill("What we both conclude")
    mine.get_by_role("button", name="Write mine over it").click()
    expect(mine.get_by_text("What we both conclude")).to_be_visible()
    assert Conclusion.objects.get().history.count() == 2
