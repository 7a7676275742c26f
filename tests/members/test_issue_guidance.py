"""Guidance in the administration: prepared in versions, issued, sealed from then on; what is refused on the way."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from members import operations
from members.exceptions import AlreadyIssued
from members.models import Guidance, GuidanceFile
from tests import factories

pytestmark = pytest.mark.django_db

SAID = {"label": "1", "dated": "2018-06-01", "change_note": ""}


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    """Files of a test go away with it."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def guidance() -> Guidance:
    return factories.GuidanceFactory(title="Sample guidance")


def of(step, *args):
    return reverse(f"admin:members_guidance_{step}", args=args)


def send(officer, version, name="sample.txt", content=b"Sample", form="Manual"):
    address = of("add_guidance_file", version.guidance_id, version.pk)
    return officer.post(address, {"upload": SimpleUploadedFile(name, content), "form": form, "language": "en"})


def said(response):
    return response.content.decode()


def test_a_version_is_prepared_issued_and_stays(officer, guidance, client):
    assert officer.post(of("add_guidance_version", guidance.pk), SAID).status_code == 302
    version = guidance.versions.get()
    address = of("issue_guidance_version", guidance.pk, version.pk)
    refused = officer.post(address)
    assert refused.status_code == 422
    assert "issued with a file" in said(refused)
    assert send(officer, version).status_code == 302
    assert client.get(guidance.get_absolute_url()).status_code == 404
    assert officer.post(address).status_code == 302
    version.refresh_from_db()
    assert version.issued_by.email == "secretariat@sample.example"
    assert client.get(guidance.get_absolute_url()).status_code == 200
    # Sealed from then on, whatever page was still open.
    file = version.files.get()
    for step, sent in (
        (of("issue_guidance_version", guidance.pk, version.pk), {}),
        (of("change_guidance_version", guidance.pk, version.pk), {**SAID, "label": "2"}),
        (of("remove_guidance_file", guidance.pk, version.pk, file.pk), {}),
    ):
        assert officer.post(step, sent).status_code == 422
    assert "stays as it is" in said(send(officer, version, form="Another"))
    assert GuidanceFile.objects.get() == file
    page = said(officer.get(of("change", guidance.pk)))
    assert "Issued" in page
    assert of("add_guidance_file", guidance.pk, version.pk) not in page


def test_a_file_is_looked_into_and_a_second_of_its_kind_refused(officer, guidance, settings):
    version = operations.add_guidance_version(guidance, label="1", dated=date(2018, 6, 1))
    for name, content, words in (
        ("manual.pdf", b"MZ\x90\x00 not a pdf", "This type of file is not taken"),
        ("manual.pdf", b"", "The file is empty"),
        ("manual.html", b"<script>alert(1)</script>\x00", "This type of file is not taken"),
    ):
        refused = send(officer, version, name, content)
        assert refused.status_code == 422
        assert words in said(refused)
    settings.MAX_UPLOAD_BYTES = 3
    assert "the limit is" in said(send(officer, version))
    settings.MAX_UPLOAD_BYTES = 20 * 1024**2
    assert send(officer, version, "دليل.txt").status_code == 302
    assert "Remove that file first" in said(send(officer, version, content=b"Another"))
    file = version.files.get()
    assert file.original_name == "دليل.txt"
    assert officer.post(of("remove_guidance_file", guidance.pk, version.pk, file.pk)).status_code == 302
    assert not version.files.exists()
    assert send(officer, version, content=b"Another").status_code == 302


def test_an_old_page_of_a_version_overwrites_nobody(officer, guidance):
    version = operations.add_guidance_version(guidance, label="1", dated=date(2018, 6, 1))
    address = of("change_guidance_version", guidance.pk, version.pk)
    seen = officer.get(address).context["form"].initial["seen"]
    assert officer.post(address, {**SAID, "change_note": "Theirs", "seen": seen}).status_code == 302
    refused = officer.post(address, {**SAID, "change_note": "Mine", "seen": seen})
    assert refused.status_code == 422
    assert "Mine" in said(refused)
    version.refresh_from_db()
    assert version.change_note == "Theirs"
    assert "has a version" in said(officer.post(of("add_guidance_version", guidance.pk), SAID))


def test_the_address_stays_once_something_is_issued(officer, guidance, secretariat):
    version = operations.add_guidance_version(guidance, label="1", dated=date(2018, 6, 1))
    send(officer, version)
    operations.issue_guidance_version(version, by=secretariat)
    with pytest.raises(AlreadyIssued):
        operations.issue_guidance_version(version, by=secretariat)
    guidance.refresh_from_db()
    typed = {"title": "Sample another title", "slug": "elsewhere", "about": "", "seen_version": guidance.version,
             "versions-TOTAL_FORMS": 1, "versions-INITIAL_FORMS": 1, "versions-0-id": version.pk}  # fmt: skip
    assert officer.post(of("change", guidance.pk), typed).status_code == 302
    stored = Guidance.objects.get()
    assert (stored.title, stored.slug) == ("Sample another title", guidance.slug)
