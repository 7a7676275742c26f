"""read_agenda, revise_agenda and adopt_agenda: what is circulated is sealed, and every change has its number."""

from datetime import date, time, timedelta

import pytest

from icoca_portal.lib.days import today
from icoca_portal.outbox.models import Message
from meetings import operations
from meetings.exceptions import AgendaAlreadyAdopted, AgendaNotCirculated, AgendaUnchanged
from meetings.models import AgendaRevision, FollowUp, Meeting, Step, Visibility
from tests import factories
from tests.counting import queries

pytestmark = pytest.mark.django_db
PAGE, MEETING = "/meetings/icoca/10/agenda/", "/meetings/icoca/10/"


def body(response):
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def convened(planned, officer):
    """The tenth exchange, convened, with two items and a sub-item."""
    first = planned.items.get()
    planned.items.update(title="Sample opening", minutes=10)
    factories.AgendaItemFactory(meeting=planned, position=2, title="Sample discussion", presenter="Sample Speaker")
    factories.AgendaItemFactory(meeting=planned, position=3, title="Sample detail", parent=planned.items.last())
    Meeting.objects.update(starts_at=time(15), ends_at=time(17))
    assert first.pk
    return operations.convene_meeting(planned, by=officer)


def test_convening_circulates_the_first_text_sealed(convened, officer):
    revision = AgendaRevision.objects.get()
    assert (revision.number, revision.issued_by) == (0, officer)
    assert [item["number"] for item in revision.text["items"]] == ["1", "2", "2.1"]
    assert revision.text["meeting"]["starts_at"] == "15:00"


def test_readers_have_what_was_circulated_until_the_next_text(convened, officer, client_of):
    convened.items.filter(title="Sample opening").update(title="Sample welcome")
    for who in ("reader", "director", "secretariat"):
        page = body(client_of(who).get(MEETING))
        assert "Sample opening" in page
        assert ("Sample welcome" in page) is (who == "secretariat")
    operations.revise_agenda(convened, by=officer)
    page = body(client_of("reader").get(MEETING))
    assert "Sample welcome" in page
    assert "Sample opening" not in page
    assert "Rev.1" in page


def test_a_revision_says_what_changed(convened, officer, focal_point):
    items = {item.title: item for item in convened.items.all()}
    items["Sample opening"].minutes = 20
    items["Sample opening"].save()
    convened.items.filter(title="Sample discussion").update(
        title="Sample exchange of views", presenter="Another Speaker"
    )
    items["Sample detail"].delete()
    factories.AgendaItemFactory(meeting=convened, position=9, title="Sample newcomer")
    revised = operations.revise_agenda(convened, by=officer, note="As the sample chair asked.")
    assert revised.revision == "Rev.1"
    text = Message.objects.get(key__startswith="agenda.revised", recipient=focal_point.email).text
    for words in (
        "1 Sample opening. Time planned: 10 minutes → 20 minutes",
        "2 Sample exchange of views. Title: Sample discussion → Sample exchange of views",
        "Introduced by: Sample Speaker → Another Speaker",
        "New: 3 Sample newcomer",
        "Taken out: 2.1 Sample detail",
        "As the sample chair asked.",
        PAGE,
    ):
        assert words in text
    assert Step.objects.filter(what=Step.What.AGENDA_REVISED, note__startswith="Rev.1").exists()


def test_an_item_that_was_moved_is_said_to_be_moved_and_no_other(convened, officer, client_of):
    convened.items.filter(title="Sample opening").update(position=9)
    operations.revise_agenda(convened, by=officer)
    comparison = client_of("reader").get(PAGE).context["comparison"]
    assert comparison.sentences == ["Moved: 2 Sample opening (it was 1)"] or comparison.sentences == [
        "Moved: 1 Sample discussion (it was 2)"
    ]


def test_a_revision_that_changes_nothing_is_refused(convened, officer):
    with pytest.raises(AgendaUnchanged):
        operations.revise_agenda(convened, by=officer)
    assert AgendaRevision.objects.count() == 1


def test_revisions_that_follow_one_another_have_their_numbers_and_one_message(convened, officer, focal_point):
    for number in (1, 2):
        convened.items.filter(position=1).update(title=f"Sample wording {number}")
        assert operations.revise_agenda(convened, by=officer).revision == f"Rev.{number}"
    message = Message.objects.get(key__startswith="agenda.revised")
    assert "Rev.2" in message.subject
    assert "Sample wording 1 → Sample wording 2" in message.text
    assert "→ Sample wording 1\n" in message.text


def test_a_message_is_in_the_language_of_its_reader(convened, officer, focal_point):
    type(focal_point).objects.filter(pk=focal_point.pk).update(language="fr")
    convened.items.filter(position=1).update(minutes=30)
    operations.revise_agenda(convened, by=officer)
    assert Message.objects.get(key__startswith="agenda.revised").language == "fr"


def test_what_is_adopted_is_what_was_circulated(convened, officer):
    convened.items.filter(position=1).update(title="Sample wording that nobody has read")
    with pytest.raises(AgendaNotCirculated):
        operations.adopt_agenda(convened, by=officer)
    operations.revise_agenda(convened, by=officer)
    assert operations.adopt_agenda(convened, by=officer).agenda_note == "Rev.1, adopted"
    with pytest.raises(AgendaAlreadyAdopted):
        operations.revise_agenda(convened, by=officer)


def test_an_agenda_of_the_past_is_sealed_when_it_is_adopted(meeting, officer):
    operations.adopt_agenda(meeting, by=officer)
    assert [item["title"] for item in AgendaRevision.objects.get().text["items"]] == ["Sample item 1", "Sample item 2"]


def test_a_revision_of_a_day_that_is_past_tells_nobody(convened, officer, focal_point):
    Meeting.objects.update(date=date(2018, 6, 6), state=Meeting.State.HELD)
    convened.items.filter(position=1).update(title="Sample wording")
    Message.objects.all().delete()
    operations.revise_agenda(convened, by=officer)
    assert not Message.objects.exists()


def test_any_two_texts_are_compared(convened, officer, client_of):
    for wording in ("Sample second wording", "Sample third wording"):
        convened.items.filter(position=1).update(title=wording)
        operations.revise_agenda(convened, by=officer)
    client = client_of("reader")
    assert client.get(PAGE).context["comparison"].sentences == [
        "1 Sample third wording. Title: Sample second wording → Sample third wording"
    ]
    for address in (f"{PAGE}?from=0&to=2", f"{PAGE}?from=2&to=0"):
        assert client.get(address).context["comparison"].sentences == [
            "1 Sample third wording. Title: Sample opening → Sample third wording"
        ]
    for address in (f"{PAGE}?from=9&to=x", f"{PAGE}?to=next", f"{PAGE}?from=&to="):
        assert client.get(address).status_code == 200


def test_what_is_not_circulated_is_for_the_secretariat_and_the_chair(convened, client_of):
    convened.items.filter(position=1).update(title="Sample unread wording")
    for who in ("reader", "focal_point", "director"):
        assert "Sample unread wording" not in body(client_of(who).get(f"{PAGE}?to=next"))
    for who in ("chair", "secretariat"):
        for address in (MEETING, PAGE):
            page = body(client_of(who).get(address))
            assert "Not circulated yet" in page
            assert "Sample unread wording" in page
        assert client_of(who).get(f"{PAGE}?from=0&to=next").context["comparison"].changed


def test_papers_and_follow_ups_are_for_those_who_read_them(convened, officer, client_of):
    Meeting.objects.update(visibility=Visibility.PUBLIC)
    item = convened.items.get(position=1)
    papers = {
        readers: factories.DocumentFactory(meeting=convened, title=f"Sample paper, {readers}", visibility=readers)
        for readers in Visibility.values
    }
    item.documents.set(papers.values())
    item.follow_ups.add(factories.FollowUpFactory(meeting__number=9, what="Sample thing taken up"))
    revision = operations.revise_agenda(convened, by=officer).agenda_revisions.last()
    assert "Sample paper, secretariat" not in revision.content
    visitor = body(client_of("visitor").get(PAGE))
    assert "Sample paper, public" in visitor
    assert "Sample paper, participants" not in visitor
    assert "Sample thing taken up" not in visitor
    reader = body(client_of("reader").get(PAGE))
    assert "Sample paper, participants" in reader
    assert "Sample thing taken up" in reader
    assert papers["participants"].get_absolute_url() in reader


def test_a_paper_that_was_replaced_leads_to_the_one_in_its_place(convened, officer, client_of):
    old = factories.DocumentFactory(meeting=convened, title="Sample first version")
    convened.items.get(position=1).documents.add(old)
    operations.revise_agenda(convened, by=officer)
    type(old).objects.filter(pk=old.pk).update(replaced_at=old.uploaded_at)
    new = factories.DocumentFactory(meeting=convened, title="Sample second version", replaces=old)
    page = body(client_of("reader").get(PAGE))
    assert new.get_absolute_url() in page
    assert "Sample first version" not in page


def test_the_hours_stand_with_the_items(convened, client_of):
    page = body(client_of("reader").get(PAGE))
    assert "15:00" in page
    assert "15:10" in page


@pytest.mark.parametrize(
    ("visibility", "who", "status"),
    [
        ("participants", "visitor", 404),
        ("secretariat", "reader", 404),
        ("secretariat", "chair", 200),
        ("public", "visitor", 200),
    ],
)
def test_the_page_exists_for_the_readers_of_the_meeting(convened, client_of, visibility, who, status):
    Meeting.objects.update(visibility=visibility)
    assert client_of(who).get(PAGE).status_code == status


def test_before_it_is_circulated_the_page_shows_the_items(planned, client_of):
    assert planned.items.get().title in body(client_of("reader").get(PAGE))


@pytest.mark.parametrize("who", ["visitor", "focal_point", "chair", "secretariat"])
def test_the_page_takes_as_many_queries_for_thirty(convened, officer, client_of, who):
    Meeting.objects.update(visibility=Visibility.PUBLIC)
    client = client_of(who)
    few = queries(client, PAGE)
    for number in range(29):
        item = factories.AgendaItemFactory(meeting=convened, position=10 + number)
        item.documents.add(factories.DocumentFactory(meeting=convened, visibility="public"))
        item.follow_ups.add(
            FollowUp.objects.create(meeting=convened, what=f"Sample {number}", due=today() + timedelta(1))
        )
        operations.revise_agenda(convened, by=officer)
    convened.items.filter(position=1).update(title="Not circulated")
    assert queries(client, PAGE) == few
    assert few <= 12
