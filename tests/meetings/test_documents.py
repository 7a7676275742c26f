"""Symbols, versions, readers and languages of documents: the operations, the page, the archive of all of them."""

import io
import threading
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from icoca_portal.lib.archives import Archive, safe_name
from meetings import operations
from meetings.desk import latest_papers
from meetings.exceptions import DocumentChangedMeanwhile, DocumentReplaced, DocumentThereAlready, SymbolMissing
from meetings.models import Document, Step, Visibility
from meetings.symbols import Placing, in_order, next_suffix
from tests import factories
from tests.counting import queries

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%sample\n"
PAGE = "/meetings/icoca/9/documents/"
ATTACH = f"{PAGE}attach/"
ALL = "/meetings/icoca/9/documents.zip"


def attach(meeting, by, name="paper.pdf", content=PDF, title="Sample paper", **more):
    more = {"placing": Placing.NEW, "visibility": Visibility.PUBLIC, **more}
    return operations.attach_document(meeting, upload=SimpleUploadedFile(name, content), title=title, by=by, **more)


def archived(response):
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def page(client, address=PAGE):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def fields(**more):
    return {"placing": "new", "language": "en", "visibility": "participants", **more}


# Symbols


def test_the_agenda_keeps_number_one_and_each_paper_gets_the_next(meeting, officer):
    assert [attach(meeting, officer).symbol for _ in range(3)] == ["ICoCA-WG/9/2", "ICoCA-WG/9/3", "ICoCA-WG/9/4"]


def test_a_symbol_that_was_typed_is_counted(meeting, officer):
    attach(meeting, officer, placing=Placing.NONE, symbol="ICoCA-WG/9/7/Add.1")
    assert attach(meeting, officer).symbol == "ICoCA-WG/9/8"


def test_what_hangs_on_a_paper_is_counted_by_its_kind(meeting, officer):
    paper = attach(meeting, officer)
    first = attach(meeting, officer, placing=Placing.ADDENDUM, to=paper)
    second = attach(meeting, officer, placing=Placing.ADDENDUM, to=first)
    mended = attach(meeting, officer, placing=Placing.CORRIGENDUM, to=second)
    revised = attach(meeting, officer, placing=Placing.REVISION, to=paper)
    assert [row.symbol for row in (first, second, mended, revised)] == [
        "ICoCA-WG/9/2/Add.1", "ICoCA-WG/9/2/Add.2", "ICoCA-WG/9/2/Add.2/Corr.1", "ICoCA-WG/9/2/Rev.1",
    ]  # fmt: skip
    assert {row.number for row in (first, second, mended, revised)} == {2}


def test_a_language_version_shares_the_symbol_and_takes_no_number(meeting, officer):
    paper = attach(meeting, officer)
    french = attach(meeting, officer, placing=Placing.LANGUAGE, to=paper, language="fr")
    assert french.symbol == paper.symbol
    assert attach(meeting, officer).symbol == "ICoCA-WG/9/3"
    with pytest.raises(DocumentThereAlready, match="new version"):
        attach(meeting, officer, placing=Placing.LANGUAGE, to=paper, language="fr")


def test_nothing_hangs_on_a_paper_without_a_symbol_or_of_another_meeting(meeting, officer):
    loose = attach(meeting, officer, placing=Placing.NONE)
    other = attach(factories.MeetingFactory(number=8), officer)
    for to in (loose, other, None):
        with pytest.raises(SymbolMissing):
            attach(meeting, officer, placing=Placing.ADDENDUM, to=to)


@settings(deadline=None)
@given(st.lists(st.sampled_from([Placing.ADDENDUM, Placing.REVISION, Placing.CORRIGENDUM]), max_size=8))
def test_symbols_that_were_given_are_never_given_again(placings):
    taken = ["ICoCA-WG/9/2"]
    for placing in placings:
        taken.append(next_suffix(taken[-1], placing, taken))
    assert len(set(taken)) == len(taken)


def test_symbols_are_sorted_as_they_are_counted():
    symbols = ["X/9/10", "X/9/2/Add.1", "", "X/9/2", "X/9/2/Add.10", "X/9/2/Add.2"]
    assert sorted(symbols, key=in_order) == ["X/9/2", "X/9/2/Add.1", "X/9/2/Add.2", "X/9/2/Add.10", "X/9/10", ""]


@pytest.mark.django_db(transaction=True)
def test_two_who_upload_at_once_get_two_numbers(meeting, officer):
    begin, given_symbols, faults = threading.Barrier(4), [], []

    def upload():
        try:
            begin.wait()
            given_symbols.append(attach(meeting, officer).symbol)
        except Exception as fault:  # told by the test, in its own thread
            faults.append(fault)
        finally:
            connection.close()

    people = [threading.Thread(target=upload) for _ in range(4)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert not faults
    assert sorted(given_symbols) == [f"ICoCA-WG/9/{number}" for number in (2, 3, 4, 5)]


# Versions


def test_a_new_version_takes_the_place_and_the_old_one_stays_readable(meeting, officer, client_of):
    item = meeting.items.first()
    old = attach(meeting, officer, items=[item])
    new = attach(meeting, officer, content=PDF + b"2", placing=Placing.VERSION, to=old, change_note="Sample mending")
    old.refresh_from_db()
    assert (new.symbol, new.version, new.replaces, old.is_current) == (old.symbol, 2, old, False)
    assert list(new.items.all()) == [item]
    assert Step.objects.last().what == Step.What.DOCUMENT_REPLACED
    text = page(client_of("visitor"))
    assert "Sample mending" in text
    assert "Version 1" in text
    response = client_of("visitor").get(old.get_absolute_url())
    assert b"".join(response.streaming_content) == PDF
    assert "version 1, replaced" in response["Content-Disposition"]
    assert archived(client_of("visitor").get(ALL)).read("ICoCA-WG-9-2 Sample paper (en).pdf") == PDF + b"2"


def test_what_was_replaced_is_not_replaced_again(meeting, officer):
    old = attach(meeting, officer)
    attach(meeting, officer, placing=Placing.VERSION, to=old)
    with pytest.raises(DocumentReplaced):
        attach(meeting, officer, placing=Placing.VERSION, to=old)
    assert Document.objects.count() == 2


def test_until_its_moment_a_new_version_leaves_no_trace(meeting, officer, client_of):
    old = attach(meeting, officer, title="Sample first")
    later = timezone.now() + timedelta(hours=1)
    new = attach(
        meeting, officer, title="Sample hidden second", content=PDF + b"2", placing=Placing.VERSION, to=old,
        readable_from=later, change_note="Hidden mending",
    )  # fmt: skip
    for who in ("visitor", "reader", "director"):
        client = client_of(who)
        for address in (PAGE, "/meetings/icoca/9/"):
            text = page(client, address)
            assert "Sample first" in text
            assert "Hidden mending" not in text
            assert "Sample hidden second" not in text
        assert client.get(new.get_absolute_url()).status_code == 404
        opened = client.get(old.get_absolute_url())
        assert b"".join(opened.streaming_content) == PDF
        assert opened["Content-Disposition"] == 'attachment; filename="paper.pdf"'
        with archived(client.get(ALL)) as archive:
            assert archive.namelist() == ["ICoCA-WG-9-2 Sample first (en).pdf"]
            assert archive.read(archive.namelist()[0]) == PDF
    assert "Readable from" in page(client_of("secretariat"))
    Document.objects.filter(pk=new.pk).update(readable_from=timezone.now())
    assert "Sample hidden second" in page(client_of("visitor"))


def test_a_version_that_only_the_secretariat_reads_hides_none_of_the_others(meeting, officer, client_of):
    first = attach(meeting, officer, title="Sample first")
    hidden = attach(
        meeting, officer, title="Sample hidden", content=PDF + b"2", placing=Placing.VERSION, to=first,
        visibility=Visibility.SECRETARIAT,
    )  # fmt: skip
    third = attach(meeting, officer, title="Sample third", content=PDF + b"3", placing=Placing.VERSION, to=hidden)
    assert (third.version, third.lineage, hidden.lineage) == (3, first.pk, first.pk)
    client = client_of("visitor")
    for address in (PAGE, "/meetings/icoca/9/"):
        text = page(client, address)
        assert "Sample third" in text
        assert "Sample hidden" not in text
    assert "Version 1" in page(client)
    with archived(client.get(ALL)) as archive:
        assert archive.namelist() == ["ICoCA-WG-9-2 Sample third (en).pdf"]
    opened = client.get(first.get_absolute_url())
    assert b"".join(opened.streaming_content) == PDF
    assert "version 1, replaced" in opened["Content-Disposition"]
    assert [paper.title for paper in latest_papers(AnonymousUser())] == ["Sample third"]


def test_an_item_names_the_version_that_participants_have(planned, officer, client_of):
    item = planned.items.get()
    first = attach(planned, officer, title="Sample first", items=[item])
    operations.convene_meeting(planned, by=officer)
    moment = timezone.now() + timedelta(days=1)
    second = attach(
        planned, officer, title="Sample second", content=PDF + b"2", placing=Placing.VERSION, to=first,
        readable_from=moment,
    )  # fmt: skip
    assert operations.changes_since_circulated(planned) == []
    address = "/meetings/icoca/10/"
    assert first.get_absolute_url() in page(client_of("reader"), address)
    with time_machine.travel(moment + timedelta(seconds=1)):
        assert second.get_absolute_url() in page(client_of("reader"), address)
        assert operations.changes_since_circulated(planned)
    # Taken off the item, it is named in none of its versions.
    operations.change_document(
        second, title="Sample second", language="en", visibility="public", readable_from=moment, items=[],
        seen=second.fingerprint, by=officer,
    )  # fmt: skip
    assert any("Sample first" in sentence for sentence in operations.changes_since_circulated(planned))


# Readers


def change(client, document, **more):
    address = f"{PAGE}{document.pk}/change/"
    form = client.get(address).context["form"]
    data = fields(title=document.title, visibility=document.visibility, seen=form.initial["seen"]) | more
    return client.post(address, data)


def test_a_change_of_readers_is_a_step_and_reaches_earlier_versions(meeting, officer, client_of):
    old = attach(meeting, officer)
    new = attach(meeting, officer, placing=Placing.VERSION, to=old)
    response = change(client_of("secretariat"), new, visibility="secretariat")
    assert response.status_code == 302
    step = Step.objects.last()
    assert step.what == Step.What.DOCUMENT_READERS
    assert "Public → Secretariat and chair" in step.note
    for row in (old, new):
        assert client_of("reader").get(row.get_absolute_url()).status_code == 404
        assert b"".join(client_of("chair").get(row.get_absolute_url()).streaming_content) == PDF


def test_another_moment_of_a_version_to_come_takes_nothing_back(meeting, officer, client_of):
    old = attach(meeting, officer)
    new = attach(meeting, officer, placing=Placing.VERSION, to=old, readable_from=timezone.now() + timedelta(hours=1))
    client = client_of("secretariat")
    assert change(client, new, readable_from_0="2030-07-01", readable_from_1="18:00").status_code == 302
    assert b"".join(client_of("visitor").get(old.get_absolute_url()).streaming_content) == PDF
    # To hold back what can be read takes it back, with what came before it.
    assert change(client, new, readable_from_0="", readable_from_1="").status_code == 302
    new.refresh_from_db()
    assert change(client, new, readable_from_0="2030-07-01", readable_from_1="18:00").status_code == 302
    for row in (old, new):
        assert client_of("visitor").get(row.get_absolute_url()).status_code == 404


def test_a_version_held_back_with_the_one_before_it_moves_with_it(meeting, officer, client_of):
    later = timezone.now() + timedelta(hours=1)
    old = attach(meeting, officer, readable_from=later)
    new = attach(meeting, officer, placing=Placing.VERSION, to=old, readable_from=later)
    change(client_of("secretariat"), new, readable_from_0="2030-07-01", readable_from_1="18:00")
    with time_machine.travel(later + timedelta(seconds=1)):
        assert client_of("visitor").get(old.get_absolute_url()).status_code == 404


def test_the_moment_is_typed_in_geneva_time(meeting, officer, client_of):
    document = attach(meeting, officer)
    change(client_of("secretariat"), document, readable_from_0="2030-07-01", readable_from_1="18:00")
    document.refresh_from_db()
    assert document.readable_from.isoformat() == "2030-07-01T16:00:00+00:00"
    assert "18:00 Geneva" in page(client_of("secretariat"))


def test_a_title_alone_is_another_step(meeting, officer, client_of):
    document = attach(meeting, officer)
    assert change(client_of("secretariat"), document, title="Sample other title").status_code == 302
    assert Step.objects.last().what == Step.What.DOCUMENT_CHANGED
    document.refresh_from_db()
    assert (document.title, document.visibility) == ("Sample other title", Visibility.PUBLIC)


def test_a_change_on_an_old_page_is_refused(meeting, officer, client_of):
    document = attach(meeting, officer)
    client = client_of("secretariat")
    seen = client.get(f"{PAGE}{document.pk}/change/").context["form"].initial["seen"]
    change(client, document, title="Sample theirs")
    response = client.post(f"{PAGE}{document.pk}/change/", fields(title="Sample mine", seen=seen))
    assert response.status_code == 409
    assert "Sample mine" in response.content.decode()
    document.refresh_from_db()
    assert document.title == "Sample theirs"
    with pytest.raises(DocumentChangedMeanwhile):
        operations.change_document(
            document, title="x", language="en", visibility="public", readable_from=None, items=[], seen=seen, by=officer
        )


@pytest.mark.parametrize("who", ["visitor", "reader", "focal_point", "director", "chair"])
def test_the_screens_are_the_secretariats(meeting, officer, client_of, who):
    document = attach(meeting, officer)
    client = client_of(who)
    for address in (ATTACH, f"{PAGE}{document.pk}/change/"):
        outcome = 302 if who == "visitor" else 403
        assert client.get(address).status_code == outcome
        assert client.post(address, fields(title="x")).status_code == outcome
    assert "Attach documents" not in page(client)
    assert Document.objects.count() == 1


# Several at once


def test_what_is_refused_says_why_and_the_others_stay(meeting, client_of):
    files = [
        SimpleUploadedFile("first_paper.pdf", PDF),
        SimpleUploadedFile("program.pdf", b"MZ\x90\x00\x03\x00"),
        SimpleUploadedFile("second.txt", b"Sample text"),
    ]
    item = meeting.items.first()
    response = client_of("secretariat").post(ATTACH, fields(files=files, items=[item.pk]))
    assert response.status_code == 422
    text = response.content.decode()
    assert "program.pdf: This type of file is not taken." in text
    rows = Document.objects.order_by("symbol")
    assert [(row.symbol, row.title) for row in rows] == [("ICoCA-WG/9/2", "first paper"), ("ICoCA-WG/9/3", "second")]
    assert list(rows[0].items.all()) == [item]
    assert "Item 1 Sample item 1" in page(client_of("reader"))


def test_the_script_is_answered_with_a_line_for_its_file(meeting, client_of):
    client = client_of("secretariat")
    header = {"HX-Request": "true"}
    response = client.post(ATTACH, fields(files=[factories.upload()], title="Sample own title"), headers=header)
    assert response.status_code == 200
    assert "Attached: ICoCA-WG/9/2 Sample own title" in response.content.decode()
    response = client.post(ATTACH, fields(files=[SimpleUploadedFile("x.pdf", b"MZ\x90\x00\x03\x00")]), headers=header)
    assert response.status_code == 422
    assert "Not attached: x.pdf. This type of file is not taken." in response.content.decode()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (fields(), "Choose a file first."),
        (fields(files=["x"], placing="addendum"), "Choose the paper to which the file belongs."),
    ],
    ids=["no file", "to nothing"],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(meeting, client_of, sent, words):
    data = sent | {"title": "Sample typed"}
    if "files" in sent:
        data["files"] = [factories.upload()]
    response = client_of("secretariat").post(ATTACH, data)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert "Sample typed" in response.content.decode()


# The page and the archive


@pytest.mark.parametrize("who", ["visitor", "reader", "chair", "secretariat"])
def test_everybody_gets_an_archive_of_what_they_may_read(meeting, officer, client_of, who):
    allowed = {
        "public": ("visitor", "reader", "chair", "secretariat"),
        "participants": ("reader", "chair", "secretariat"),
        "secretariat": ("chair", "secretariat"),
    }
    for visibility in allowed:
        attach(meeting, officer, title=f"Sample for {visibility}", visibility=visibility)
    attach(meeting, officer, title="Sample later", readable_from=timezone.now() + timedelta(days=1))
    client = client_of(who)
    text = page(client)
    response = client.get(ALL)
    length = int(response["Content-Length"])
    content = b"".join(response.streaming_content)
    assert len(content) == length
    names = " ".join(zipfile.ZipFile(io.BytesIO(content)).namelist())
    for visibility, readers in allowed.items():
        assert (f"Sample for {visibility}" in names) is (who in readers)
        assert (f"Sample for {visibility}" in text) is (who in readers)
    assert ("Sample later" in names) is (who in ("chair", "secretariat"))
    assert ("Sample later" in text) is (who in ("chair", "secretariat"))


def test_an_archive_of_nothing_is_not_there(meeting, client_of):
    assert client_of("visitor").get(ALL).status_code == 404
    assert "Download all" not in page(client_of("visitor"))


def test_a_file_that_is_lost_leaves_the_others_in_the_archive(meeting, officer, client_of):
    lost = attach(meeting, officer, title="Sample lost")
    attach(meeting, officer, title="Sample kept")
    lost.file.storage.delete(lost.file.name)
    assert archived(client_of("visitor").get(ALL)).namelist() == ["ICoCA-WG-9-3 Sample kept (en).pdf"]


def test_the_page_takes_as_many_queries_for_thirty(meeting, officer, client_of):
    client = client_of("secretariat")
    attach(meeting, officer, items=[meeting.items.first()])
    few = queries(client, PAGE)
    rows = [
        factories.DocumentFactory(meeting=meeting, symbol=f"ICoCA-WG/9/{number}", visibility="public")
        for number in range(3, 32)
    ]
    for row in rows:
        row.items.set(meeting.items.all())
    assert queries(client, PAGE) == few
    assert few <= 12


@settings(deadline=None)
@given(st.lists(st.text(min_size=0, max_size=150), max_size=6))
def test_names_in_an_archive_are_safe_and_unique(names):
    archive = Archive()
    for name in names:
        archive.add(b"x", name)
    paths = archive.names
    assert len({path.lower() for path in paths}) == len(names)
    for path in paths:
        assert not set(path) & set('<>:"/\\|?*\x00\n')
        assert path.strip(" .") == path or path.startswith(" ") is False
        assert 0 < len(path) <= 130
    content = archive.response("x.zip").getvalue()
    assert zipfile.ZipFile(io.BytesIO(content)).namelist() == paths


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("ICoCA-WG/9/2: plan?.pdf", "ICoCA-WG-9-2- plan-.pdf"),
        ("CON.txt", "_CON.txt"),
        ("../../etc/passwd", "-..-etc-passwd"),
        ("ends. ", "ends"),
        ("", "file"),
        ("Rapport été.docx", "Rapport été.docx"),
    ],
)
def test_a_name_is_made_safe(name, safe):
    assert safe_name(name) == safe
