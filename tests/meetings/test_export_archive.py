"""A whole meeting as one archive: what the public, insiders and those who work on it find in theirs."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from meetings import operations
from meetings.models import Meeting, Note, Registration, Visibility
from meetings.symbols import Placing
from tests import factories

pytestmark = pytest.mark.django_db
ADDRESS = "/meetings/icoca/9/archive.zip"
SECRETS = {
    "note": "Secret words of a note",
    "record": "Secret words of a record",
    "secretariat": "Secret paper of the secretariat",
    "later": "Secret paper of tomorrow",
    "link": "https://secret.sample.example/join",
    "needs": "Secret allergy",
    "draft": "Secret words of a draft",
}


@pytest.fixture
def full(meeting, published, officer, delegation):
    """The ninth exchange with a thing of each kind, and a secret in each."""
    first = meeting.items.first()
    first.record = f"<p>{SECRETS['record']}</p>"
    first.save()
    Meeting.objects.filter(pk=meeting.pk).update(online_link=SECRETS["link"])
    Note.objects.create(
        item=first, kind="question", delegation=delegation, text=SECRETS["note"], noted_by=officer, changed_by=officer
    )
    factories.AttendanceFactory(meeting=meeting, delegation=delegation, person_name="Sample Person Present")
    factories.FollowUpFactory(meeting=meeting, what="Sample follow-up of the archive")
    Registration.objects.create(
        meeting=meeting, delegation=delegation, person_name="Sample Registered", dietary_needs=SECRETS["needs"],
        registered_by=officer,
    )  # fmt: skip
    for title, visibility, moment in (
        ("Sample public paper", Visibility.PUBLIC, None),
        ("Sample inside paper", Visibility.PARTICIPANTS, None),
        (SECRETS["secretariat"], Visibility.SECRETARIAT, None),
        (SECRETS["later"], Visibility.PUBLIC, timezone.now() + timedelta(days=1)),
    ):
        operations.attach_document(
            meeting, upload=SimpleUploadedFile("paper.txt", title.encode()), title=title, placing=Placing.NEW,
            visibility=visibility, readable_from=moment, by=officer,
        )  # fmt: skip
    part = operations.reopen_summary(published.summary, by=officer).parts.first()
    part.text = f"<p>{SECRETS['draft']}</p>"
    part.save()
    meeting.refresh_from_db()
    return meeting


def archive(client):
    response = client.get(ADDRESS)
    content = b"".join(response.streaming_content)
    assert response["Content-Length"] == str(len(content))
    assert response["Content-Disposition"] == 'attachment; filename="ICoCA-WG-9.zip"'
    opened = zipfile.ZipFile(io.BytesIO(content))
    assert opened.testzip() is None
    return opened


def everything(opened):
    """All texts in an archive, those inside of Word files too."""
    texts = []
    for name in opened.namelist():
        content = opened.read(name)
        if name.endswith(".docx"):
            content = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml")
        texts += [name, content.decode("utf-8", "ignore")]
    return "\n".join(texts)


PUBLIC = {
    "1 agenda/ICoCA-WG-9-1 agenda.pdf",
    "1 agenda/ICoCA-WG-9-1 agenda.docx",
    "2 documents/ICoCA-WG-9-2 Sample public paper (en).txt",
    "3 summary/ICoCA-WG-9-Summary.pdf",
    "3 summary/ICoCA-WG-9-Summary.docx",
    "3 summary/ICoCA-WG-9-Summary.json",
    "meeting.json",
    "README.txt",
}
INSIDE = PUBLIC | {
    "2 documents/ICoCA-WG-9-3 Sample inside paper (en).txt",
    "ICoCA-WG-9 participants.pdf",
    "ICoCA-WG-9 participants.csv",
}
WORKING = INSIDE | {
    "2 documents/ICoCA-WG-9-4 Secret paper of the secretariat (en).txt",
    "2 documents/ICoCA-WG-9-5 Secret paper of tomorrow (en).txt",
}


@pytest.mark.parametrize(
    ("who", "names", "made_for"),
    [
        ("visitor", PUBLIC, "public"),
        ("other_focal_point", INSIDE, "insiders"),
        ("reader", INSIDE, "insiders"),
        ("director", INSIDE, "insiders"),
        ("chair", WORKING, "secretariat and chair"),
        ("secretariat", WORKING, "secretariat and chair"),
    ],
)
def test_everybody_gets_what_they_may_read(full, client_of, who, names, made_for):
    opened = archive(client_of(who))
    assert set(opened.namelist()) == names
    content = json.loads(opened.read("meeting.json"))
    assert (content["format"], content["version"], content["made_for"]) == ("icoca-portal/meeting", 1, made_for)
    found = everything(opened)
    works_on_it = made_for == "secretariat and chair"
    for kind in ("note", "record", "secretariat", "later"):
        assert (SECRETS[kind] in found) is works_on_it, kind
    assert (SECRETS["link"] in found) is (made_for != "public")
    assert ("Sample Person Present" in found) is (made_for != "public")
    assert ("Sample follow-up of the archive" in found) is (made_for != "public")
    assert SECRETS["needs"] not in found
    assert SECRETS["draft"] not in found
    assert ("notes" in content) is works_on_it
    registered = [row["person"] for row in content.get("registrations", [])]
    assert registered == (["Sample Registered"] if works_on_it or who == "reader" else [])


def test_the_sealed_text_is_there_byte_for_byte(full, published, client_of):
    opened = archive(client_of("visitor"))
    sealed = opened.read("3 summary/ICoCA-WG-9-Summary.json")
    assert hashlib.sha256(sealed).hexdigest() == published.sha256
    assert published.sha256 in opened.read("README.txt").decode()
    listed = {row["file"]: row["sha256"] for row in json.loads(opened.read("meeting.json"))["documents"]}
    for path, sha256 in listed.items():
        assert hashlib.sha256(opened.read(path)).hexdigest() == sha256


def test_corrigenda_stand_beside_the_original(full, published, officer, chair, client_of):
    summary = published.summary
    operations.approve_summary(summary, by=chair)
    operations.publish_summary(summary, by=officer, corrects="A sample correction.")
    names = archive(client_of("visitor")).namelist()
    assert "3 summary/ICoCA-WG-9-Summary.pdf" in names
    assert "3 summary/ICoCA-WG-9-Summary-Corr.1.pdf" in names


def test_a_meeting_with_nothing_yet_has_its_facts(planned, client_of):
    planned.items.all().delete()
    response = client_of("reader").get("/meetings/icoca/10/archive.zip")
    opened = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert set(opened.namelist()) == {"meeting.json", "README.txt"}
    assert client_of("visitor").get("/meetings/icoca/10/archive.zip").status_code == 404
