"""The papers that delegates take along: agenda, summary and list of participants as files."""

import csv
import io
import zipfile

import page
import pytest
from django.test import override_settings
from docx import Document as WordDocument

from meetings.models import Meeting, Visibility
from tests import factories
from tests.lib.pdf_reading import text_of

pytestmark = pytest.mark.django_db
PAGE = "/meetings/icoca/9/"


def accessible_text(response):
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    report = page.validate_pdf_bytes(response.content, profile="ua1")
    assert report.is_compliant, [(failure.rule_id, failure.message) for failure in report.failures]
    return text_of(response.content)


def word_text(response):
    assert response.status_code == 200
    assert zipfile.is_zipfile(io.BytesIO(response.content))
    document = WordDocument(io.BytesIO(response.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


@pytest.fixture
def full(meeting):
    """The meeting with everything on its agenda."""
    meeting.chair_name, meeting.starts_at, meeting.ends_at = "Ian McKay", "15:00", "17:00"
    meeting.save()
    meeting.items.update(presenter="Sample Presenter", note="Sample note #[ *x* ]", minutes=20)
    return meeting


def test_the_agenda_is_an_accessible_pdf(full, client_of):
    text = accessible_text(client_of("visitor").get(f"{PAGE}agenda.pdf"))
    for words in (
        "Agenda of the ninth exchange",
        "Sample item 2",
        "Sample Presenter",
        "#[ *x* ]",
        "ICoCA-WG/9/1",
        "15:00",
    ):
        assert words in text


def test_the_agenda_is_a_word_file(full, client_of):
    text = word_text(client_of("visitor").get(f"{PAGE}agenda.docx"))
    assert "Sample item 1" in text
    assert "Sample Presenter" in text


def test_an_agenda_without_items_is_a_paper_too(client_of):
    factories.MeetingFactory(number=9, visibility="public", date=None, date_note="Later")
    assert "No item yet" in accessible_text(client_of("visitor").get(f"{PAGE}agenda.pdf"))


def test_the_record_is_on_no_paper(full, client_of):
    full.items.update(record="<p>The very sample record.</p>")
    assert "The very sample record." not in accessible_text(client_of("chair").get(f"{PAGE}agenda.pdf"))


@pytest.mark.parametrize("name", ["agenda.pdf", "agenda.docx", "participants.pdf", "participants.csv", "meeting.ics"])
def test_papers_of_a_closed_meeting_do_not_exist_for_a_visitor(meeting, client_of, name):
    Meeting.objects.update(visibility=Visibility.PARTICIPANTS)
    assert client_of("visitor").get(PAGE + name).status_code == 404
    assert client_of("reader").get(PAGE + name).status_code == 200


def test_the_published_summary_is_an_accessible_pdf_with_its_seal(published, client_of):
    text = accessible_text(client_of("visitor").get(f"{PAGE}summary.pdf"))
    assert "Chair’s Summary of the ninth exchange" in text
    assert "sample question" in text
    assert published.sha256[:8] in text
    assert published.sha256[:8] in word_text(client_of("visitor").get(f"{PAGE}summary.docx"))


def test_a_draft_says_on_paper_that_it_is_one(draft, client_of):
    draft.parts.filter(number="1").update(text="<ul><li>A list first</li></ul><h3>Heading</h3><p>Then text</p>")
    text = accessible_text(client_of("chair").get(f"{PAGE}summary.pdf"))
    assert "Draft" in text
    assert "Secretariat and chair" in text
    assert "A list first" in text
    assert "Then text" in word_text(client_of("chair").get(f"{PAGE}summary.docx"))


def test_the_list_of_participants_is_for_insiders(meeting, client_of, delegation):
    factories.AttendanceFactory(meeting=meeting, delegation=delegation, person_name="Sample Person")
    for who in ("reader", "other_focal_point", "chair", "director", "secretariat"):
        assert "Switzerland" in accessible_text(client_of(who).get(f"{PAGE}participants.pdf"))
    for name in ("participants.pdf", "participants.csv"):
        response = client_of("visitor").get(PAGE + name)
        assert response.status_code == 302
        assert "/accounts/login/" in response["Location"]


def test_an_account_without_a_place_does_not_get_the_list(meeting, rf, secretariat_group):
    """Such a person is signed out before a view is reached; the permission holds on its own."""
    nobody = factories.UserFactory()
    assert not nobody.has_perm("meetings.read_attendance", meeting)
    assert nobody.has_perm("meetings.read_meeting", meeting)


def test_an_empty_list_of_participants_is_a_paper(meeting, client_of):
    accessible_text(client_of("reader").get(f"{PAGE}participants.pdf"))


def test_the_csv_holds_no_formula(meeting, client_of, delegation):
    factories.AttendanceFactory(meeting=meeting, delegation=delegation, person_name="=HYPERLINK(1)")
    response = client_of("reader").get(f"{PAGE}participants.csv")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0] == ["Capacity", "Organisation", "Represented by", "Present"]
    assert rows[1] == ["Montreux Document participant", "Switzerland", "'=HYPERLINK(1)", "In person"]
    assert "attachment" in response["Content-Disposition"]


@override_settings(SAMPLE_SITE=True)
def test_sample_papers_say_so(meeting, client_of):
    assert "Sample data" in accessible_text(client_of("visitor").get(f"{PAGE}agenda.pdf"))
