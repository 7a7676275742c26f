"""Search in everything about meetings: what is found, by whom, that it stays true, and that nothing typed breaks it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document as WordDocument

from icoca_portal.lib.days import today
from meetings import finding, operations
from meetings.models import (
    AgendaItem,
    ChairsSummary,
    Decision,
    Document,
    DocumentWords,
    Entry,
    FollowUp,
    Meeting,
    Note,
    Visibility,
)
from tests import factories
from tests.counting import queries
from tests.meetings.test_admin import change
from tests.meetings.test_admin import typed as sent_by

pytestmark = pytest.mark.django_db
PAGE = reverse("meetings:search_meetings")
Browser = Callable[..., Client]


def found_by(browser: Client, typed: str = "", **filters: str) -> list[tuple[str, str]]:
    """Kind and title of what is found."""
    found = browser.get(PAGE, {"q": typed, **filters}).context["found"]
    return [(hit.entry.kind, hit.entry.title) for hit in found.hits]


def note_under(item: AgendaItem, text: str, **more: object) -> Note:
    by = factories.UserFactory()
    note = Note.objects.create(item=item, text=text, noted_by=by, changed_by=by, **more)
    finding.index(note)
    return note


def test_each_kind_is_found_by_those_who_read_it(meeting, delegation, client_of, officer) -> None:
    item = meeting.items.first()
    AgendaItem.objects.filter(pk=item.pk).update(title="Wordless", record="<p>Zebra of the record</p>")
    factories.FollowUpFactory(meeting=meeting, what="Zebra to follow")
    factories.DocumentFactory(meeting=meeting, title="Zebra paper", visibility=Visibility.PUBLIC)
    factories.DocumentFactory(meeting=meeting, title="Zebra kept back", visibility=Visibility.SECRETARIAT)
    factories.AgendaItemFactory(meeting=meeting, position=3, title="Zebra item", record="")
    note_under(item, "Zebra was said", delegation=delegation)
    Decision.objects.create(meeting=meeting, text="Zebra decided", recorded_by=officer)
    Meeting.objects.filter(pk=meeting.pk).update(title="Zebra subject")
    finding.index_meeting(meeting)

    public = {"meeting", "item", "document"}
    inside = {"record", "note", "decision"}
    for who, expected in {
        "visitor": public,
        "focal_point": public | {"follow-up"},
        "director": public | {"follow-up"},
        "chair": public | {"follow-up"} | inside,
        "secretariat": public | {"follow-up"} | inside,
    }.items():
        titles = found_by(client_of(who), "zebra")
        assert {kind for kind, _title in titles} == expected, who
        assert ("document", "Zebra kept back") in titles or who not in ("chair", "secretariat")
        assert ("document", "Zebra kept back") not in titles or who in ("chair", "secretariat")


def test_the_words_are_marked_whatever_their_ending_accents_and_language(client_of, meeting) -> None:
    factories.FollowUpFactory(meeting=meeting, what="Les <b>sociétés</b> certifiées", who="The certified companies")
    finding.index_meeting(meeting)
    browser = client_of("focal_point")

    assert "<mark>sociétés</mark>" in browser.get(PAGE, {"q": "societe"}).text
    assert "The certified <mark>companies</mark>" in browser.get(PAGE, {"q": "company"}).text
    assert "Les &lt;b&gt;" in browser.get(PAGE, {"q": "societe"}).text
    assert found_by(browser, '"certified companies"') == [("follow-up", "Les <b>sociétés</b> certifiées")]
    assert found_by(browser, '"companies certified"') == []


def test_a_meeting_is_found_by_its_name_in_each_language_its_symbol_and_its_chair(client_of, meeting) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(chair_name="Sample Presiding")
    finding.index_meeting(meeting)

    for typed in ("ninth exchange", "neuvième", "ICoCA-WG/9", "presiding", "6 June 2018", "juin", "Geneva"):
        assert "meeting" in {kind for kind, _title in found_by(client_of("visitor"), typed)}, typed


def test_the_way_to_join_online_is_not_searched(client_of, meeting) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(online_link="https://join.example/zebra", online_note="code zebra")
    finding.index_meeting(meeting)

    assert found_by(client_of("secretariat"), "zebra") == []


def test_a_document_is_found_by_title_at_once_and_by_its_words_when_they_are_read(client_of, meeting, officer) -> None:
    file = WordDocument()
    file.add_paragraph("A gnu stands in the text")
    upload = SimpleUploadedFile("paper.docx", b"")
    file.save(upload.file)
    upload.size = upload.file.tell()
    operations.attach_document(
        meeting, upload=upload, title="Sample paper", symbol="ICoCA-WG/9/4", visibility=Visibility.PUBLIC, by=officer
    )
    browser = client_of("visitor")
    expected = [("document", "ICoCA-WG/9/4 Sample paper")]

    assert found_by(browser, "ICoCA-WG/9/4") == found_by(browser, "sample paper") == expected
    assert found_by(browser, "gnu") == []
    assert finding.read_documents(timezone.now()) == 1
    assert found_by(browser, "gnu") == expected
    assert finding.read_documents(timezone.now()) == 0


def test_a_file_that_cannot_be_read_is_found_by_its_title_and_not_tried_again(client_of, meeting, capsys) -> None:
    document = factories.DocumentFactory(
        meeting=meeting, title="Broken paper", media_type="application/pdf", visibility=Visibility.PUBLIC
    )
    finding.index(document)

    assert finding.read_documents(timezone.now()) == 1
    assert finding.read_documents(timezone.now()) == 0
    assert DocumentWords.objects.get().outcome == "unreadable"
    assert found_by(client_of("visitor"), "broken") == [("document", "Broken paper")]
    call_command("rebuild_search", "--read-again")
    assert "1 documents were read" in capsys.readouterr().out


def test_a_document_to_come_is_found_from_its_moment_on(client_of, meeting) -> None:
    moment = timezone.now() + timedelta(days=1)
    document = factories.DocumentFactory(
        meeting=meeting, title="Zebra", visibility=Visibility.PUBLIC, readable_from=moment
    )
    finding.index(document)

    assert found_by(client_of("visitor"), "zebra") == []
    assert found_by(client_of("secretariat"), "zebra") == [("document", "Zebra")]
    with time_machine.travel(moment + timedelta(seconds=1)):
        assert found_by(client_of("visitor"), "zebra") == [("document", "Zebra")]


def version(meeting, title: str, replaces: Document | None = None, **more) -> Document:
    """A version of a public document, as the operation leaves it."""
    if replaces:
        Document.objects.filter(pk=replaces.pk).update(replaced_at=timezone.now())
    row = factories.DocumentFactory(
        meeting=meeting, title=title, replaces=replaces, **{"visibility": Visibility.PUBLIC} | more
    )
    finding.index(row)
    return row


def test_an_older_version_of_a_document_is_not_found(client_of, meeting) -> None:
    old = version(meeting, "Zebra old")
    new = version(meeting, "Zebra new", old)
    for who in ("visitor", "secretariat"):
        assert found_by(client_of(who), "zebra") == [("document", "Zebra new")]

    version(meeting, "Gnu", new)
    assert found_by(client_of("visitor"), "zebra") == []


def test_an_older_version_is_found_until_the_newer_one_may_be_read(client_of, meeting) -> None:
    moment = timezone.now() + timedelta(days=1)
    old = version(meeting, "Zebra old")
    new = version(meeting, "Zebra new", old, readable_from=moment)
    assert found_by(client_of("visitor"), "zebra") == [("document", "Zebra old")]
    assert found_by(client_of("reader"), "zebra") == [("document", "Zebra old")]
    assert found_by(client_of("chair"), "zebra") == [("document", "Zebra new")]
    with time_machine.travel(moment + timedelta(seconds=1)):
        assert found_by(client_of("visitor"), "zebra") == [("document", "Zebra new")]
        assert found_by(client_of("reader"), "zebra") == [("document", "Zebra new")]

    version(meeting, "Zebra third", new)
    assert found_by(client_of("visitor"), "zebra") == [("document", "Zebra third")]


def test_a_version_for_others_takes_the_place_for_them_alone(client_of, meeting) -> None:
    version(meeting, "Zebra inside", version(meeting, "Zebra public"), visibility=Visibility.PARTICIPANTS)
    assert found_by(client_of("visitor"), "zebra") == [("document", "Zebra public")]
    assert found_by(client_of("reader"), "zebra") == [("document", "Zebra inside")]


def test_a_step_of_a_meeting_is_found_and_forgotten_at_once(client_of, planned, officer) -> None:
    operations.convene_meeting(planned, by=officer)
    planned.items.update(title="Gnu")
    operations.revise_agenda(planned, by=officer)
    assert [kind for kind, _title in found_by(client_of("reader"), "gnu")] == ["item"]

    operations.move_meeting(planned, by=officer, reason="Sample", date=today() + timedelta(days=40), place="Zebrafield")
    assert [kind for kind, _title in found_by(client_of("reader"), "zebrafield")] == ["meeting"]
    operations.move_meeting(planned, by=officer, reason="Sample", date=today() + timedelta(days=41), place="Bern")
    assert found_by(client_of("reader"), "zebrafield") == []


def test_a_meeting_that_is_prepared_is_found_at_once(client_of, meeting, officer) -> None:
    meeting.items.filter(position=1).update(title="Zebra", is_standing=True)
    upcoming = operations.prepare_next_meeting(meeting, by=officer)
    found = client_of("reader").get("/meetings/search/?q=zebra").content.decode()
    assert upcoming.get_absolute_url() in found
    assert Entry.objects.filter(meeting=upcoming, kind="meeting").exists()


def test_a_note_is_found_under_the_item_to_which_it_went(client_of, meeting, officer) -> None:
    first, second = meeting.items.all()
    note = operations.write_note(first, key=uuid4(), version=0, text="Zebra", by=officer)
    assert found_by(client_of("chair"), "zebra") == [("note", "Sample item 1")]
    operations.move_note_to_item(note, item=second, by=officer)
    assert found_by(client_of("chair"), "zebra") == [("note", "Sample item 2")]


def test_an_earlier_text_of_a_decision_is_not_found(client_of, meeting, officer) -> None:
    decision = operations.record_decision(meeting, key=uuid4(), text="Zebra", by=officer)
    operations.change_decision(decision, version=1, text="Gnu", by=officer)
    assert found_by(client_of("chair"), "zebra") == []
    operations.restore_decision_version(decision, version=1, by=officer)
    assert [kind for kind, _title in found_by(client_of("chair"), "zebra")] == ["decision"]


def test_a_summary_is_found_as_each_reader_has_it(client_of, draft: ChairsSummary, chair) -> None:
    draft.parts.update(text="<p>Zebra in the draft</p>")
    finding.index_meeting(draft.meeting)
    assert found_by(client_of("focal_point"), "zebra") == []
    assert [kind for kind, _title in found_by(client_of("chair"), "zebra")] == ["draft"]

    adopted = operations.approve_summary(draft, by=chair)
    operations.publish_summary(adopted, by=chair)
    assert [kind for kind, _title in found_by(client_of("visitor"), "zebra")] == ["summary"]
    assert "draft" not in {kind for kind, _title in found_by(client_of("chair"), "zebra")}

    reopened = operations.reopen_summary(adopted, by=chair)
    reopened.parts.update(text="<p>Gnu in the correction</p>")
    finding.index_meeting(draft.meeting)
    assert found_by(client_of("visitor"), "gnu") == []
    assert [kind for kind, _title in found_by(client_of("visitor"), "zebra")] == ["summary"]
    assert [kind for kind, _title in found_by(client_of("secretariat"), "gnu")] == ["draft"]


def test_what_was_removed_is_not_found(client_of, meeting, officer) -> None:
    note = note_under(meeting.items.first(), "Zebra")
    decision = Decision.objects.create(meeting=meeting, text="Zebra", recorded_by=officer)
    finding.index(decision)
    browser = client_of("secretariat")
    assert len(found_by(browser, "zebra")) == 2

    for row in (note, decision):
        type(row).objects.filter(pk=row.pk).update(removed_at=timezone.now())
    assert found_by(browser, "zebra") == []
    finding.index_meeting(meeting)
    assert not Entry.objects.filter(kind__in=["note", "decision"]).exists()


def test_another_groups_chair_finds_what_participants_find(client_of, meeting, chair) -> None:
    elsewhere = factories.WorkingGroupFactory(name="Another", slug="another", symbol="AN")
    note_under(factories.AgendaItemFactory(meeting__working_group=elsewhere, record=""), "Zebra")

    assert found_by(client_of("chair"), "zebra") == []
    assert len(found_by(client_of("secretariat"), "zebra")) == 1


def test_filters_narrow_and_list_without_words(client_of, meeting, planned) -> None:
    other = factories.WorkingGroupFactory(name="Another", slug="another", symbol="AN")
    factories.MeetingFactory(working_group=other, number=1, title="Sample elsewhere")
    AgendaItem.objects.filter(meeting=meeting).update(presenter="Sample Presenter", record="")
    factories.DocumentFactory(meeting=meeting, title="Sample en français", language="fr")
    finding.rebuild()
    browser = client_of("focal_point")

    assert {kind for kind, _title in found_by(browser, "sample", kind="item")} == {"item"}
    assert found_by(browser, "sample", group="another") == [
        ("meeting", "First exchange of the Working Group: Sample elsewhere")
    ]
    assert found_by(browser, "", language="fr") == [("document", "Sample en français")]
    assert {kind for kind, _title in found_by(browser, "", presenter="presenter")} == {"item"}
    assert found_by(browser, "sample", year="2017") == []
    of_2018 = found_by(browser, "", year="2018", group="icoca")
    assert len(of_2018) == 4
    assert of_2018 != found_by(browser, "", year="2018")
    for nonsense in ({"kind": "x"}, {"year": "99999"}, {"year": "٢٠١٨"}, {"language": "xx"}, {"order": "x"}):
        assert found_by(browser, "sample", **nonsense) == found_by(browser, "sample")


def test_a_kind_that_the_reader_has_none_of_is_neither_offered_nor_found(client_of, meeting) -> None:
    note_under(meeting.items.first(), "Zebra")
    page = client_of("focal_point").get(PAGE, {"q": "zebra", "kind": "note"})

    assert page.context["found"].pages.total == 0
    assert 'value="note"' not in page.text
    assert 'value="note"' in client_of("chair").get(PAGE).text


def test_what_differs_is_mended_by_the_clock_in_small_bites(client_of, meeting) -> None:
    for number in range(20, 33):
        factories.MeetingFactory(number=number, title=f"Zebra {number}")
    browser = client_of("focal_point")

    finding.mend(timezone.now())
    assert 0 < browser.get(PAGE, {"q": "zebra"}).context["found"].pages.total < 13
    finding.mend(timezone.now())
    assert browser.get(PAGE, {"q": "zebra"}).context["found"].pages.total == 13
    Meeting.objects.filter(number=25).update(title="Gnu")
    for _bite in range(2):
        finding.mend(timezone.now())
    assert len(found_by(browser, "gnu")) == 1
    assert finding.mend(timezone.now()) == 0


def test_a_save_in_the_administration_is_found_at_once(client_of, meeting) -> None:
    browser = client_of("secretariat")
    answer = browser.post(change(meeting), sent_by(browser.get(change(meeting))) | {"title": "Zebra subject"})

    assert answer.status_code == 302
    assert [kind for kind, _title in found_by(client_of("visitor"), "zebra")] == ["meeting"]


def test_it_says_what_to_do_when_nothing_is_found_or_asked(client_of, meeting) -> None:
    finding.rebuild()
    visitor = client_of("visitor")

    assert "Write a word" in visitor.get(PAGE).text
    assert "Nothing that you may read holds all of “nowhere”" in visitor.get(PAGE, {"q": "nowhere"}).text
    assert "What participants alone read is found after signing in." in visitor.get(PAGE, {"q": "nowhere"}).text
    assert "Search in everything" in visitor.get(PAGE, {"q": "sample", "year": "2001"}).text
    assert "signing in" not in client_of("reader").get(PAGE, {"q": "nowhere"}).text
    assert PAGE in visitor.get(reverse("meetings:list_meetings")).text


@pytest.mark.parametrize("name", ["q", "presenter", "group", "kind", "page", "language", "year"])
@pytest.mark.parametrize("typed", ["\x00", '"', "* OR -", "<script>", "a" * 2000, "%", "NEAR(", "é\u0301'", "\ud800"])
def test_nothing_that_can_be_typed_breaks_the_page(client_of, meeting, name, typed) -> None:
    finding.index_meeting(meeting)

    answer = client_of("focal_point").get(PAGE, {"q": "sample", name: typed.encode("utf-8", "surrogatepass")})

    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_pages_turn_and_queries_do_not_grow(client_of, meeting) -> None:
    browser, used = client_of("chair"), []
    for many in (1, 24):
        for number in range(many):
            factories.FollowUpFactory(meeting=meeting, what=f"Zebra {many} {number}")
            note_under(meeting.items.first(), f"Zebra {many} {number}")
        finding.index_meeting(meeting)
        used.append(queries(browser, f"{PAGE}?q=zebra&year=2018"))

    assert used[0] == used[1] <= 12
    text = browser.get(PAGE, {"q": "zebra", "year": "2018"}).text
    assert "50 places found" in text
    assert "Page 1 of 3" in text
    assert "q=zebra&amp;year=2018&amp;page=2" in text
    assert len(found_by(browser, "zebra", page="3")) == 10
    assert len(found_by(browser, "zebra", page="99")) == 10


def test_the_command_compares_everything(meeting, capsys) -> None:
    factories.FollowUpFactory(meeting=meeting)
    call_command("rebuild_search")

    assert FollowUp.objects.count() == Entry.objects.filter(kind="follow-up").count()
    assert "0 documents were read" in capsys.readouterr().out
    call_command("rebuild_search")
    assert "0 entries differed" in capsys.readouterr().out
