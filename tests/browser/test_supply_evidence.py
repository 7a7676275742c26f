"""The applicant's way in a browser: from the desk to the line, a file, a return with a reason, and the file again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from icoca_portal.lib.days import today
from members import operations
from tests import factories
from tests.browser.looking import look

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("script", [True, False])
def test_a_line_is_supplied_returned_and_supplied_again(
    person, applicant, representative, secretariat, settings, tmp_path, script
):
    settings.MEDIA_ROOT = tmp_path
    factories.DeadlineRuleFactory(length=30)
    for number in range(30):
        title = "Sample statute النظام" if number == 11 else f"Sample line {number}"
        factories.RequirementFactory(pillar="civil society", title=title, position=number, explanation="Sample " * 20)
    application = operations.receive_application(
        applicant, kind="membership", pillar="civil society", received_on=today(), source="Sample", by=secretariat
    )
    page = person("representative", width=360, script=script)
    page.goto("/")
    page.get_by_role("link", name="Open the application").click()
    row = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Sample statute النظام"))
    expect(row).to_contain_text("Missing")
    files = [
        {"name": f"{name}.txt", "mimeType": "text/plain", "buffer": b"Sample"} for name in ("النظام الأساسي", "Annex")
    ]
    row.get_by_label("Files").set_input_files(files)
    row.get_by_label("Note to the secretariat").fill("Sample: with its annex")
    row.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status").first).to_contain_text("Received for “Sample statute النظام”")
    expect(row.get_by_role("link", name="النظام الأساسي.txt")).to_be_visible()
    expect(row).to_contain_text("Supplied")
    line = application.checks.get(requirement__title__startswith="Sample statute")
    operations.return_check(line, reason="Sample: sign it.", version=line.version, by=secretariat)
    page.reload()
    expect(row).to_contain_text("Sample: sign it.")
    row.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a file, or write a note.")
    faults = look(page, "a refused sending") if script else []
    row.get_by_label("Files").set_input_files(files[:1])
    with page.expect_download() as caught:
        row.get_by_role("link", name="Annex.txt").click()
    assert caught.value.suggested_filename == "Annex.txt"
    row.get_by_role("button", name="Send").click()
    expect(row).to_contain_text("Supplied")
    assert not faults, "\n".join(faults)
