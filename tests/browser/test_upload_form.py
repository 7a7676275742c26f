"""Word out, Word in: the form is taken, filled in elsewhere, sent back, looked at, and taken over."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from questionnaires import operations
from questionnaires.models import Answer, AnswerRevision
from questionnaires.operations import Change
from tests import factories
from tests.browser.looking import look
from tests.factories import question_of
from tests.questionnaires.word.uploads import ticked, typed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("script", "width"), [(True, 1280), (False, 360)])
def test_the_whole_way(person, delegation, contributor, script, width):
    questionnaire = factories.QuestionnaireFactory()
    factories.ResponseFactory(questionnaire=questionnaire, delegation=delegation, by=contributor)
    long_text, short_text = question_of(questionnaire, "long_text"), question_of(questionnaire, "short_text")
    single, number = question_of(questionnaire, "single"), question_of(questionnaire, "number")
    page = person("focal_point", script=script, width=width)
    page.goto(f"/questionnaires/{questionnaire.slug}/response/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Form with your answers, Word").click()
    form = Path(download.value.path()).read_bytes()

    filled = typed(
        form, (long_text, "Sample long answer\nthat the capital wrote anew"), (short_text, "Capital’s short answer")
    )
    filled = ticked(typed(filled, (number, "a dozen")), single, 0, 2)
    # Meanwhile a colleague works on the portal.
    change = Change(short_text.pk, "Colleague’s short answer", 1)
    operations.save_answers(questionnaire, delegation, [change], by=contributor)

    page.get_by_role("link", name="Send a filled-in form").click()
    page.get_by_label("Filled-in form").set_input_files(
        {"name": "notes.odt", "mimeType": "application/octet-stream", "buffer": b"Sample"}
    )
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("alert")).to_contain_text("This is no Word document")
    page.get_by_label("Filled-in form").set_input_files(
        {"name": "form.docx", "mimeType": "application/octet-stream", "buffer": filled}
    )
    page.get_by_role("button", name="Read the file").click()

    expect(page.get_by_role("heading", name="Read from form.docx")).to_be_visible()
    changed = page.get_by_role("region", name="1.2 Sample question, long text?")
    expect(changed).to_contain_text("that the capital wrote anew")
    expect(changed.get_by_role("checkbox")).to_be_checked()
    two = page.get_by_role("region", name="1.1 Sample question, short text?")
    expect(two).to_contain_text("Colleague’s short answer")
    expect(two).to_contain_text("Capital’s short answer")
    expect(two.get_by_role("checkbox")).not_to_be_checked()
    expect(page.get_by_text("Several are ticked where one is asked for.")).to_be_visible()
    expect(page.get_by_text("Write a number in figures")).to_be_visible()
    faults = look(page, "what was read") if script else []  # axe itself is a script
    page.get_by_role("region", name="Sample question, number?").get_by_role("checkbox").uncheck()
    page.get_by_role("button", name="Take the ticked answers").click()

    expect(page.get_by_text("1 answer of form.docx is saved.")).to_be_visible()
    assert Answer.objects.get(question=long_text).value == "Sample long answer\nthat the capital wrote anew"
    assert AnswerRevision.objects.get(answer__question=long_text, version=2).origin == "uploaded"
    assert Answer.objects.get(question=short_text).value == "Colleague’s short answer"
    assert Answer.objects.get(question=number).version == 1
    page.get_by_role("link", name="Send a filled-in form").click()
    expect(page.get_by_text("Settled by")).to_be_visible()
    assert faults + (look(page, "what was sent before") if script else []) == []
