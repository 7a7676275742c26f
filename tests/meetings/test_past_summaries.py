"""Bringing in the past: upload, correct on the screen, save as the record of a meeting, or give up."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from icoca_portal.outbox.models import Message
from meetings import correcting, operations
from meetings.exceptions import ImportIncomplete, MeetingHasSummary, MeetingIsAnother, MeetingNotYetTakenPlace
from meetings.importing import from_marks, understand, words_of
from meetings.models import AgendaItem, ChairsSummary, Meeting, PastSummary, PublishedSummary, Step, Visibility
from tests import factories
from tests.counting import queries
from tests.meetings import past

pytestmark = pytest.mark.django_db
PAGE = "/meetings/import/"
EMPTY = {"number": "1", "title": "Sample", "written": "", "agenda": True, "blocks": []}


@pytest.fixture
def group(db):
    return factories.WorkingGroupFactory()


@pytest.fixture
def row(group, officer) -> PastSummary:
    """The ninth exchange as Markdown, read."""
    return bring_in(group, officer)


def bring_in(group, by, text=past.MARKDOWN, name="ninth.md"):
    return operations.upload_past_summary(group, SimpleUploadedFile(name, text.encode()), by=by)


def save(row, by, **more):
    more = {"was_published": False, "visibility": Visibility.PUBLIC, **more}
    return operations.save_past_summary(row, seen_version=row.version, by=by, **more)


def typed(row):
    """What a browser sends from the screen of this text, without the buttons."""
    text = row.understood
    data = {name: "" if text[name] is None else text[name] for name in ("number", "date", "place", "title", "chair")}
    data |= {"participants": text["participants"] or "", "language": text["language"], "seen_version": row.version}
    data |= {"heads": len(text["head"]), "items": len(text["items"])}
    for place, line in enumerate(text["head"]):
        data |= {f"head-{place}-text": line["text"], f"head-{place}-use": ",".join(line["use"])}
        data |= {f"head-{place}-keep": "on"} if line["keep"] else {}
        data |= {f"head-{place}-note": line["note"]} if line["note"] else {}
    for item in correcting.shown(text):
        start = f"item-{item['place']}-"
        data |= {f"{start}number": item["number"], f"{start}title": item["title"], f"{start}written": item["written"]}
        data |= {f"{start}blocks": len(item["blocks"])} | ({f"{start}agenda": "on"} if item["agenda"] else {})
        for block in item["blocks"]:
            name = f"b-{item['place']}-{block['place']}-"
            data |= {f"{name}text": block["marks"], f"{name}kind": block["choice"], f"{name}note": block["note"]}
            data |= {f"{name}number": block["number"]}
    return data


def correct(client, row, do="save", **more):
    row.refresh_from_db()
    response = client.post(f"{PAGE}{row.pk}/", typed(row) | {"do": do} | more)
    row.refresh_from_db()
    return response


def titles(row):
    return [item["title"] for item in row.understood["items"]]


# Upload


def test_a_file_is_read_and_shown_and_no_meeting_changes(group, client_of):
    client = client_of("secretariat")
    upload = SimpleUploadedFile("ninth.docx", past.word("styled"))
    response = client.post(PAGE, {"working_group": group.pk, "file": upload}, follow=True)
    text = response.content.decode()
    for words in (*past.TITLES, "2018-06-06", "Sample Chair", "Quoted sample words.", "Sample head of the pages"):
        assert words in text
    assert not Meeting.objects.exists()
    row = PastSummary.objects.get()
    assert row.original_name == "ninth.docx"
    stored = client.get(f"{PAGE}{row.pk}/file/")
    assert len(b"".join(stored.streaming_content)) == int(stored["Content-Length"]) == row.size


def test_every_word_is_on_the_page(row, client_of):
    text = client_of("secretariat").get(f"{PAGE}{row.pk}/").content.decode().replace("\\", "")
    for words in words_of(row.understood):
        for word in words.replace("<", " <").split():
            if word.isalnum():
                assert word in text


def test_the_same_file_waits_once(group, row, officer):
    assert bring_in(group, officer) == row


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("macro.docx", b"PK\x03\x04 broken", "damaged"),
        ("paper.pdf", b"%PDF-1.7", "PDF"),
        ("page.html", b"<html><script>x</script>", "no text"),
        ("empty.txt", b"", "empty"),
    ],
)
def test_what_is_not_read_changes_nothing(group, client_of, settings, name, content, words):
    response = client_of("secretariat").post(
        PAGE, {"working_group": group.pk, "file": SimpleUploadedFile(name, content)}
    )
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not PastSummary.objects.exists()
    assert not any(path.is_file() for path in settings.MEDIA_ROOT.rglob("*"))


def test_too_large_a_file_is_refused(group, client_of, settings):
    settings.MAX_UPLOAD_BYTES = 1024 * 1024
    upload = SimpleUploadedFile("large.txt", b"word " * 300_000)
    response = client_of("secretariat").post(PAGE, {"working_group": group.pk, "file": upload})
    assert "larger than 1 MB" in response.content.decode()


@pytest.mark.parametrize("who", ["visitor", "reader", "focal_point", "director", "chair"])
def test_the_past_is_the_secretariats(row, client_of, who):
    client, outcome = client_of(who), 302 if who == "visitor" else 403
    for address in (PAGE, f"{PAGE}{row.pk}/", f"{PAGE}{row.pk}/file/"):
        assert client.get(address).status_code == outcome
    for address in (PAGE, f"{PAGE}{row.pk}/", f"{PAGE}{row.pk}/discard/"):
        assert client.post(address, {"do": "record"}).status_code == outcome
    assert "Bring in the past" not in client.get("/meetings/").content.decode()
    row.refresh_from_db()
    assert (row.version, row.saved_at, row.discarded_at) == (1, None, None)


# Correcting


def test_what_is_corrected_is_stored(row, client_of):
    more = {"place": "Bern", "b-1-0-text": "One **sample** <script>participant</script> [asked](https://x.example)."}
    response = correct(client_of("secretariat"), row, **more)
    assert response.status_code == 302
    assert row.understood["place"] == "Bern"
    assert row.understood["items"][1]["blocks"][0]["html"] == (
        'One <strong>sample</strong> &lt;script&gt;participant&lt;/script&gt; <a href="https://x.example">asked</a>.'
    )


def test_paragraphs_move_and_lines_become_titles(row, client_of):
    client = client_of("secretariat")
    correct(client, row, "after-0-0")
    assert "described the plan" in row.understood["items"][1]["blocks"][0]["html"]
    correct(client, row, "before-1-0")
    assert "described the plan" in row.understood["items"][0]["blocks"][-1]["html"]
    correct(client, row, "split-1-0")
    assert titles(row)[2] == "One Montreux Document participant asked a sample question."
    correct(client, row, "join-2")
    assert len(row.understood["items"]) == 3
    before = titles(row)
    line = next(place for place, line in enumerate(row.understood["head"]) if "attended" in line["text"])
    correct(client, row, f"head-{line}")
    assert titles(row)[1:] == before
    assert "attended by 15" in titles(row)[0]


def test_what_is_typed_is_stored_before_a_step(row, client_of):
    correct(client_of("secretariat"), row, "split-0-0", **{"b-0-0-text": "Sample new title", "place": "Bern"})
    assert titles(row)[1] == "Sample new title"
    assert row.understood["place"] == "Bern"


def test_a_stale_screen_is_refused_and_shows_both(row, client_of):
    client = client_of("secretariat")
    mine = typed(row) | {"do": "save", "b-1-0-text": "Sample words of mine"}
    correct(client, row, **{"b-1-0-text": "Sample words of theirs"})
    response = client.post(f"{PAGE}{row.pk}/", mine)
    assert response.status_code == 409
    assert "Sample words of mine" in response.content.decode()
    assert "Sample words of theirs" in response.content.decode()
    row.refresh_from_db()
    assert row.understood["items"][1]["blocks"][0]["html"] == "Sample words of theirs"


STEPS = ("after-0-0", "before-1-0", "split-1-1", "join-1", "head-0", "before-0-0", "x-9-9", "after-99-0")


@settings(deadline=None)
@given(st.lists(st.sampled_from(STEPS), max_size=8))
def test_no_step_loses_a_word(steps):
    text = understand(past.MARKDOWN.encode(), "a.md")[1]
    # A link that becomes part of a title, and marks that become letters, are looked for by their words.
    wanted = set(" ".join(words_of(text)).replace("<", " <").split())
    for step in steps:
        text, _anchor = correcting.moved(text, step)
    found = " ".join(words_of(text))
    assert not {word for word in wanted if word.isalnum() and word not in found}


def test_a_structure_survives_its_own_form(row):
    again = correcting.typed({name: str(value) for name, value in typed(row).items()})
    assert again["head"] == row.understood["head"]
    assert [[from_marks(x["marks"]) for x in item["blocks"]] for item in correcting.shown(again)] == [
        [from_marks(x["marks"]) for x in item["blocks"]] for item in correcting.shown(row.understood)
    ]


# Saving


def test_a_draft_is_made_with_its_meeting_and_agenda(row, client_of):
    response = correct(client_of("secretariat"), row, "record", visibility="public")
    assert response.status_code == 302
    meeting = Meeting.objects.get()
    assert (meeting.number, str(meeting.date), meeting.place) == (9, "2018-06-06", "Geneva")
    assert (meeting.state, meeting.visibility, meeting.participants_counted) == ("closed", "public", 15)
    assert [item.title for item in meeting.items.all()] == list(past.TITLES)
    summary = meeting.summary
    assert summary.state == ChairsSummary.State.DRAFT
    assert "Date: 6 June 2018" in summary.title_lines
    assert "attended by 15" in summary.title_lines
    parts = list(summary.parts.all())
    assert [part.item.title for part in parts] == list(past.TITLES)
    assert "<ol><li><p>government membership;</p></li>" in parts[0].text
    assert Step.objects.filter(what=Step.What.SUMMARY_IMPORTED, note="ninth.md").exists()
    assert not Message.objects.exists()
    assert row.meeting == meeting
    assert client_of("visitor").get("/meetings/icoca/9/summary/").status_code == 404
    assert correct(client_of("secretariat"), row).status_code == 409


def test_what_was_published_is_sealed_with_the_note_that_it_was_brought_in(row, client_of):
    correct(client_of("secretariat"), row, "record", visibility="public", was_published="on")
    published = PublishedSummary.objects.get()
    content = json.loads(published.content)
    assert published.is_intact
    assert content["brought_in"]["file"] == "ninth.md"
    assert content["brought_in"]["sha256"] == row.sha256
    text = client_of("visitor").get("/meetings/icoca/9/summary/").content.decode()
    assert "This text was published at its time." in text
    assert "Approved by the chair" not in text
    assert "Quoted sample words." in text
    assert not Message.objects.exists()


def test_a_meeting_that_is_there_is_filled_and_keeps_what_it_has(row, officer):
    meeting = factories.MeetingFactory(number=9, place="Sample place", title="", participants_counted=12)
    item = factories.AgendaItemFactory(meeting=meeting, position=1, title=past.TITLES[1])
    save(row, officer)
    meeting.refresh_from_db()
    assert (meeting.place, meeting.participants_counted, meeting.chair_name) == (
        "Sample place", 12, "Sample Chair (Sample State)"
    )  # fmt: skip
    assert AgendaItem.objects.get() == item
    assert [part.item for part in meeting.summary.parts.all()] == [None, item, None]


def test_a_record_is_not_made_twice_nor_of_another_day(row, officer):
    meeting = factories.MeetingFactory(number=9, date="2018-06-07")
    with pytest.raises(MeetingIsAnother, match="7 June 2018"):
        save(row, officer)
    Meeting.objects.filter(pk=meeting.pk).update(date="2018-06-06")
    factories.ChairsSummaryFactory(meeting=meeting)
    with pytest.raises(MeetingHasSummary):
        save(row, officer)
    row.refresh_from_db()
    assert row.saved_at is None


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"number": None}, ImportIncomplete),
        ({"date": "2999-01-01"}, MeetingNotYetTakenPlace),
        ({"items": []}, ImportIncomplete),
        (
            {"items": [{"number": "1", "title": "Sample", "written": "", "agenda": True, "blocks": []}]},
            ImportIncomplete,
        ),
    ],
    ids=["no number", "to come", "no item", "no text"],
)
def test_what_is_missing_is_said_and_nothing_is_made(row, officer, change, refusal):
    row = operations.correct_past_summary(row, row.understood | change, seen_version=1, by=officer)
    with pytest.raises(refusal):
        save(row, officer)
    assert not Meeting.objects.exists()


def test_what_is_given_up_makes_nothing_and_the_file_stays(row, client_of):
    client = client_of("secretariat")
    assert client.post(f"{PAGE}{row.pk}/discard/").status_code == 302
    assert not Meeting.objects.exists()
    assert b"".join(client.get(f"{PAGE}{row.pk}/file/").streaming_content) == past.MARKDOWN.encode()
    assert correct(client, row, "record").status_code == 409
    assert "Given up" in client.get(PAGE).content.decode()


def test_the_list_takes_as_many_queries_for_thirty(group, officer, client_of):
    client = client_of("secretariat")
    bring_in(group, officer)
    few = queries(client, PAGE)
    for number in range(29):
        bring_in(group, officer, f"{past.MARKDOWN}\n{number}")
    assert queries(client, PAGE) == few
    assert few <= 12
