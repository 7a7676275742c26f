"""A file of the registry in the browser: sent, refused, mended, looked at and applied."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from members.models import Organisation
from tests.browser.looking import look

pytestmark = pytest.mark.django_db(transaction=True)


def a_csv(*rows: str) -> Any:
    return {"name": "sample list.csv", "mimeType": "text/csv", "buffer": "\n".join(rows).encode()}


def test_a_file_is_sent_mended_and_applied(person, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    page = person("secretariat")
    faults = []
    page.goto(reverse("admin:members_registryimport_add"))
    page.get_by_text("Memberships: memberships").click()
    faults += look(page, "what a file holds")
    page.locator("#id_file").set_input_files(a_csv("name;kind;colour", "Sample guarding;company;red"))
    page.get_by_label("Source").fill("Sample list of May")
    page.get_by_role("button", name="Check the file").click()
    expect(page.locator(".errorlist")).to_contain_text("“colour” is no column")
    expect(page.get_by_label("Source")).to_have_value("Sample list of May")
    faults += look(page, "a refused file")
    page.locator("#id_file").set_input_files(a_csv("name;kind;website", "Sample guarding;company;sample.example"))
    page.get_by_role("button", name="Check the file").click()
    expect(page.locator(".wg-lines")).to_contain_text("Sample guarding")
    assert not Organisation.objects.filter(name="Sample guarding").exists()
    faults += look(page, "an import to be applied")
    page.get_by_role("button", name="Apply the import").click()
    expect(page.locator(".messagelist")).to_contain_text("The import is applied.")
    faults += look(page, "an import that is applied")
    page.get_by_role("link", name="Sample guarding").click()
    expect(page.get_by_label("Website")).to_have_value("https://sample.example")
    assert not faults, "\n".join(faults)
