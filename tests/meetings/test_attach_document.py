"""attach_document and read_document: what is taken, who gets it, and how."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from icoca_portal.lib.uploads import UploadRefused
from meetings import operations
from meetings.exceptions import DocumentThereAlready
from meetings.models import Document, Meeting, Step, Visibility
from tests import factories

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%sample\n"
WORD_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType="application/{kind}+xml"/></Types>'
)
DOCX = "vnd.openxmlformats-officedocument.wordprocessingml.document.main"
DOCM = "vnd.ms-word.document.macroEnabled.main"


def zipped(**parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def word(kind=DOCX, **more):
    return zipped(**{"[Content_Types].xml": WORD_TYPES.format(kind=kind), "word/document.xml": "<x/>", **more})


def attach(meeting, officer, name, content, **more):
    upload = SimpleUploadedFile(name, content)
    return operations.attach_document(meeting, upload=upload, title="Sample paper", by=officer, **more)


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [("paper.pdf", PDF, "PDF"), ("paper.docx", word(), "Word"), ("figures.csv", b"a,b\r\n1,2\r\n", "CSV")],
    ids=["pdf", "word", "csv"],
)
def test_a_paper_is_stored_under_a_random_name(meeting, officer, name, content, shown):
    document = attach(meeting, officer, name, content, symbol="ICoCA-WG/9/2")
    assert document.format == shown
    assert (document.original_name, document.size) == (name, len(content))
    assert name not in document.file.name
    assert "." not in document.file.name
    with document.file.open() as stored:
        assert stored.read() == content
    assert Step.objects.get().what == Step.What.DOCUMENT_ATTACHED


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("program.pdf", b"MZ\x90\x00\x03\x00\x00\x00 a program"),
        ("page.txt", b"<html><script>alert(1)</script>"),
        ("macro.docx", word(DOCM)),
        ("macro.docx", word(**{"word/vbaProject.bin": "x"})),
        ("archive.docx", zipped(**{"a.txt": "x"})),
        ("broken.docx", word()[:60]),
        ("empty.pdf", b""),
    ],
    ids=["program", "page", "macro type", "macro part", "other zip", "truncated", "empty"],
)
def test_what_could_run_is_refused_whatever_its_name(meeting, officer, name, content, settings):
    with pytest.raises(UploadRefused) as refusal:
        attach(meeting, officer, name, content)
    assert str(refusal.value)
    assert not Document.objects.exists()
    assert not any(path.is_file() for path in settings.MEDIA_ROOT.rglob("*"))


def test_too_large_a_file_is_refused_with_the_limit(meeting, officer, settings):
    settings.MAX_UPLOAD_BYTES = 1024 * 1024
    with pytest.raises(UploadRefused, match="1 MB"):
        attach(meeting, officer, "large.pdf", PDF + b"x" * 1024 * 1024)


def test_a_file_whose_row_is_refused_does_not_stay(meeting, officer, settings):
    attach(meeting, officer, "paper.pdf", PDF, symbol="ICoCA-WG/9/2")
    with pytest.raises(DocumentThereAlready):
        attach(meeting, officer, "other.pdf", PDF, symbol="ICoCA-WG/9/2")
    assert len([path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]) == 1


def test_a_document_is_saved_never_shown(meeting, officer, client_of):
    document = attach(meeting, officer, "paper.pdf", PDF, visibility=Visibility.PUBLIC)
    response = client_of("visitor").get(document.get_absolute_url())
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"] == 'attachment; filename="paper.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "private" in response["Cache-Control"]
    assert response["Content-Length"] == str(len(PDF))


@pytest.mark.parametrize(
    ("visibility", "readers"),
    [
        (Visibility.PUBLIC, {"visitor", "reader", "director", "chair", "secretariat"}),
        (Visibility.PARTICIPANTS, {"reader", "director", "chair", "secretariat"}),
        (Visibility.SECRETARIAT, {"chair", "secretariat"}),
    ],
)
@pytest.mark.parametrize("who", ["visitor", "reader", "director", "chair", "secretariat"])
def test_a_document_exists_for_its_readers(meeting, officer, client_of, who, visibility, readers):
    document = attach(meeting, officer, "paper.pdf", PDF, visibility=visibility)
    client = client_of(who)
    response = client.get(document.get_absolute_url())
    assert response.status_code == (200 if who in readers else 404)
    if who in readers:
        assert b"".join(response.streaming_content) == PDF
    assert ("Sample paper" in client.get("/meetings/icoca/9/").content.decode()) is (who in readers)


def test_a_public_document_of_a_closed_meeting_is_not_public(meeting, officer, client_of):
    document = attach(meeting, officer, "paper.pdf", PDF, visibility=Visibility.PUBLIC)
    Meeting.objects.update(visibility=Visibility.PARTICIPANTS)
    assert client_of("visitor").get(document.get_absolute_url()).status_code == 404


def test_a_document_is_found_at_its_own_meeting_only(meeting, officer, client_of):
    document = attach(meeting, officer, "paper.pdf", PDF, visibility=Visibility.PUBLIC)
    factories.MeetingFactory(number=8, visibility=Visibility.PUBLIC)
    assert client_of("visitor").get(f"/meetings/icoca/8/documents/{document.pk}/").status_code == 404


def test_a_lost_file_is_a_404(meeting, officer, client_of):
    document = attach(meeting, officer, "paper.pdf", PDF, visibility=Visibility.PUBLIC)
    document.file.storage.delete(document.file.name)
    assert client_of("visitor").get(document.get_absolute_url()).status_code == 404
