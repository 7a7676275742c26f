"""A representative sends the self-assessment of their member, from the desk on, without JavaScript on a telephone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from icoca_portal.lib.days import today
from members.models import SelfAssessment
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_whole_way(person, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    member = factories.MembershipFactory(organisation__name="Sample Harbour Guarding").organisation
    assessment = factories.SelfAssessmentFactory(organisation=member, due_on=today() + timedelta(days=9))
    representative = factories.RepresentativeFactory(organisation=member).user
    page = person(representative, script=False, width=360)
    page.goto("/")
    expect(page.get_by_role("heading", name="Send the self-assessment 2026 of Sample Harbour Guarding")).to_be_visible()
    page.get_by_role("link", name="Send the self-assessment", exact=True).click()
    page.get_by_role("button", name="Send the self-assessment").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a file.")
    file = {"name": "assessment.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00 a program"}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Send the self-assessment").click()
    expect(page.get_by_role("alert")).to_contain_text("This type of file is not taken")
    page.locator("input[type=file]").set_input_files(
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"Sample"}
    )
    page.get_by_role("button", name="Send the self-assessment").click()
    expect(page.get_by_role("status")).to_contain_text("Received. The file is with the secretariat.")
    expect(page.get_by_role("link", name="notes.txt")).to_be_visible()
    page.get_by_role("link", name="Self-assessments").click()
    expect(page.get_by_text("Received on")).to_be_visible()
    assert SelfAssessment.objects.get(pk=assessment.pk).received_on == today()
