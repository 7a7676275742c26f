"""move_meeting and prepare_next_meeting; the agenda and the facts of a convened meeting on the screen."""

from datetime import date, time, timedelta

import pytest

from icoca_portal.lib.days import today
from icoca_portal.outbox.models import Message
from meetings import operations
from meetings.exceptions import DateNoteMissing, HoursWrong, MeetingDateNotToCome, NextMeetingExists, NothingMoved
from meetings.models import AgendaItem, FollowUp, Meeting, Step
from tests import factories
from tests.meetings.test_admin import act, body, change, typed

pytestmark = pytest.mark.django_db
State = Meeting.State
LINK = "https://meet.sample.example/only-for-participants"


@pytest.fixture
def convened(planned, officer):
    Meeting.objects.update(starts_at=time(15), ends_at=time(17), online_link=LINK, online_note="Code 1234")
    return operations.convene_meeting(planned, by=officer)


@pytest.fixture
def facts(convened):
    """The facts as they are, as `move_meeting` takes them."""
    names = ("date", "date_note", "starts_at", "ends_at", "time_zone", "place", "mode")
    return {name: getattr(convened, name) for name in names}


def test_the_delegates_are_told_what_it_was_and_what_it_is_and_why(convened, facts, officer, focal_point, delegation):
    Message.objects.all().delete()
    moved = operations.move_meeting(
        convened, by=officer, reason="The sample hall is closed.", **facts | {"starts_at": time(14), "place": "Lisbon"}
    )
    assert (moved.state, moved.starts_at, moved.place, moved.revision) == (State.CONVENED, time(14), "Lisbon", "Rev.1")
    text = Message.objects.get(key__startswith="meeting.moved").text
    for words in (
        "15:00–17:00, Geneva → 14:00–17:00",
        "Geneva → Lisbon",
        "The sample hall is closed.",
        LINK,
        "Code 1234",
    ):
        assert words in text
    note = Step.objects.get(what=Step.What.MOVED).note
    assert "Geneva → Lisbon" in note
    assert "The sample hall is closed." in note


def test_moving_circulates_no_item_that_was_not(convened, facts, officer, client_of):
    convened.items.update(title="Sample wording that nobody has read")
    operations.move_meeting(convened, by=officer, reason="Sample", **facts | {"place": "Lisbon"})
    page = body(client_of("reader").get("/meetings/icoca/10/agenda/"))
    assert "Lisbon" in page
    assert "nobody has read" not in page
    assert operations.changes_since_circulated(Meeting.objects.get(pk=convened.pk))


def test_a_meeting_put_off_is_planned_again(convened, facts, officer, focal_point):
    off = operations.move_meeting(
        convened, by=officer, reason="Sample", **facts | {"date": None, "date_note": "In autumn"}
    )
    assert (off.state, off.date, off.starts_at, off.when) == (State.PLANNED, None, None, "In autumn")
    message = Message.objects.get(key__startswith="meeting.moved")
    assert message.subject.startswith("Put off")
    assert "In autumn" in message.text
    assert LINK not in message.text
    Meeting.objects.update(date=today() + timedelta(days=60))
    again = operations.convene_meeting(off, by=officer)
    assert (again.state, again.agenda_revision) == (State.CONVENED, 2)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({}, NothingMoved),
        ({"date": None, "date_note": " "}, DateNoteMissing),
        ({"date": date(2018, 6, 6)}, MeetingDateNotToCome),
        ({"ends_at": time(9)}, HoursWrong),
        ({"starts_at": None}, HoursWrong),
    ],
)
def test_what_cannot_be_is_refused(convened, facts, officer, changes, refusal):
    with pytest.raises(refusal):
        operations.move_meeting(convened, by=officer, reason="Sample", **facts | changes)
    assert not Step.objects.filter(what=Step.What.MOVED).exists()


def test_the_screen_of_a_convened_meeting_does_not_move_it(convened, client_of):
    client = client_of("secretariat")
    response = client.get(change(convened))
    assert "Move the meeting" in body(response)
    data = typed(response) | {"date": "2099-01-01", "place": "Elsewhere", "title": "Another sample subject"}
    assert client.post(change(convened), data).status_code == 302
    after = Meeting.objects.get(pk=convened.pk)
    assert (after.date, after.place, after.title) == (convened.date, "Geneva", "Another sample subject")
    assert after.calendar_sequence == convened.calendar_sequence + 1


def test_what_differs_is_looked_at_before_it_is_done(convened, facts, client_of, focal_point):
    client = client_of("secretariat")
    data = {name: value or "" for name, value in facts.items()} | {"place": "Lisbon", "reason": "Sample reason"}
    shown = client.post(act(convened, "move_meeting"), data)
    assert "Geneva → Lisbon" in body(shown)
    assert Meeting.objects.get(pk=convened.pk).place == "Geneva"
    data["looked_at"] = shown.context["form"]["looked_at"].value()
    # Something else was typed after the look: it is shown again.
    assert client.post(act(convened, "move_meeting"), data | {"place": "Oslo"}).status_code == 200
    assert client.post(act(convened, "move_meeting"), data).status_code == 302
    assert Meeting.objects.get(pk=convened.pk).place == "Lisbon"
    assert Message.objects.filter(key__startswith="meeting.moved").count() == 1


def test_the_link_to_join_is_for_participants(convened, client_of):
    Meeting.objects.update(visibility="public")
    for who in ("reader", "director", "chair", "secretariat"):
        assert LINK in body(client_of(who).get("/meetings/icoca/10/"))
    for address in ("/meetings/icoca/10/", "/meetings/icoca/10/agenda/", "/meetings/", "/meetings/calendar.ics", "/"):
        assert LINK not in client_of("visitor").get(address).content.decode()
    assert LINK not in convened.agenda_revisions.get().content


def test_languages_are_chosen_on_the_screen(convened, client_of):
    client = client_of("secretariat")
    data = typed(client.get(change(convened))) | {"languages": ["pt", "fr"]}
    assert client.post(change(convened), data).status_code == 302
    assert "French, Portuguese" in body(client_of("reader").get("/meetings/icoca/10/"))


# The items on the screen


def test_sub_items_are_made_and_ordered_on_the_screen(planned, client_of):
    client = client_of("secretariat")
    data = typed(client.get(change(planned)))
    for number, (title, under, kind) in enumerate(
        [
            ("Sample debate", "", "item"),
            ("Sample detail", "above", "item"),
            ("Other business", "", "aob"),
            ("Sample last", "", "item"),
        ],
        start=1,
    ):
        data |= {
            f"items-{number}-position": number + 1,
            f"items-{number}-title": title,
            f"items-{number}-under": under,
            f"items-{number}-kind": kind,
            f"items-{number}-meeting": planned.pk,
        }
    data["items-TOTAL_FORMS"] = "5"
    response = client.post(change(planned), data)
    assert response.status_code == 302, response.context["errors"]
    rows = {item.title: item for item in planned.items.all()}
    assert rows["Sample detail"].parent == rows["Sample debate"]
    assert [item.title for item in planned.items.all()][1:] == [
        "Sample debate",
        "Sample detail",
        "Sample last",
        "Other business",
    ]
    # The item is moved first: its sub-item comes along.
    data = typed(client.get(change(planned)))
    for number in range(5):
        if data[f"items-{number}-title"] == "Sample debate":
            data[f"items-{number}-position"] = "1"
    assert client.post(change(planned), data).status_code == 302
    assert [item.title for item in planned.items.all()][:2] == ["Sample debate", "Sample detail"]
    assert AgendaItem.objects.get(title="Sample detail").parent == rows["Sample debate"]


def test_an_item_goes_with_its_sub_items_or_they_find_another(planned, client_of):
    top = planned.items.get()
    AgendaItem.objects.filter(pk=top.pk).update(title="Sample top")
    factories.AgendaItemFactory(meeting=planned, position=2, parent=top, title="Sample sub")
    client = client_of("secretariat")
    data = typed(client.get(change(planned)))
    alone = client.post(change(planned), data | {"items-0-DELETE": "on"})
    assert "The item that it stands under is deleted." in body(alone)
    assert client.post(change(planned), data | {"items-0-DELETE": "on", "items-1-DELETE": "on"}).status_code == 302
    assert not planned.items.exists()


def test_an_item_on_which_something_hangs_stays(planned, client_of):
    factories.FollowUpFactory(meeting=planned, item=planned.items.get())
    client = client_of("secretariat")
    response = client.post(change(planned), typed(client.get(change(planned))) | {"items-0-DELETE": "on"})
    assert response.status_code == 200
    assert "notes, decisions or follow-ups stand under it" in body(response)


def test_the_first_item_stands_under_none(planned, client_of):
    client = client_of("secretariat")
    response = client.post(change(planned), typed(client.get(change(planned))) | {"items-0-under": "above"})
    assert "There is no item above it." in body(response)


def test_of_an_adopted_agenda_the_records_change_alone(convened, officer, client_of):
    operations.adopt_agenda(convened, by=officer)
    title = convened.items.get().title
    client = client_of("secretariat")
    data = typed(client.get(change(convened))) | {
        "items-0-title": "Changed", "items-0-record": "<p>Said so</p>", "items-0-DELETE": "on",
    }  # fmt: skip
    assert client.post(change(convened), data).status_code == 302
    item = convened.items.get()
    assert (item.title, item.record) == (title, "<p>Said so</p>")


def test_the_screen_says_what_is_not_circulated(convened, client_of):
    convened.items.update(title="Sample unread wording")
    client = client_of("secretariat")
    for address in (change(convened), act(convened, "revise_agenda")):
        assert "Sample unread wording" in body(client.get(address))
    assert "Not circulated yet:" in body(client.get(change(convened)))


# The next meeting


def test_the_next_meeting_takes_over_what_is_open_and_standing(meeting, officer, secretariat):
    Meeting.objects.update(chair_name="Ian McKay", languages=["en", "fr"])
    standing = factories.AgendaItemFactory(
        meeting=meeting, position=3, title="Sample report", is_standing=True, minutes=20
    )
    factories.AgendaItemFactory(meeting=meeting, position=4, title="Sample figures", is_standing=True, parent=standing)
    factories.AgendaItemFactory(meeting=meeting, position=5, title="Sample one-off", parent=standing)
    opened = factories.FollowUpFactory(meeting=meeting)
    earlier = factories.FollowUpFactory(meeting__number=3, state=FollowUp.State.IN_PROGRESS)
    factories.FollowUpFactory(meeting=meeting, state=FollowUp.State.DONE)
    upcoming = operations.prepare_next_meeting(meeting, by=officer)
    assert (upcoming.number, upcoming.state, upcoming.date, upcoming.chair_name) == (
        10,
        State.PLANNED,
        None,
        "Ian McKay",
    )
    assert upcoming.languages == ["en", "fr"]
    items = list(upcoming.items.all())
    assert [(item.title, item.kind) for item in items] == [
        ("Adoption of the agenda", "adoption"),
        ("Approval of the Chair’s Summary of the ninth exchange", "summary"),
        ("Follow-ups of earlier meetings", "follow-ups"),
        ("Sample report", "item"),
        ("Sample figures", "item"),
        ("Any other business", "aob"),
    ]
    assert set(items[2].follow_ups.all()) == {opened, earlier}
    assert items[4].parent == items[3]
    assert items[3].record == ""


def test_the_next_meeting_is_prepared_once(meeting, officer, secretariat, client_of):
    client = client_of("secretariat")
    assert client.post(act(meeting, "prepare_next_meeting")).status_code == 302
    upcoming = Meeting.objects.get(number=10)
    for row, what, note in (
        (meeting, "Next meeting prepared", "Tenth exchange"),
        (upcoming, "Meeting prepared", "From the ninth exchange"),
    ):
        page = body(client.get(change(row)))
        assert what in page
        assert note in page
        assert row.steps.last().by == secretariat
    with pytest.raises(NextMeetingExists):
        operations.prepare_next_meeting(meeting, by=officer)
    refused = client.post(act(meeting, "prepare_next_meeting"))
    assert refused.status_code == 409
    assert change(upcoming) in refused.content.decode()
    page = body(client.get(change(meeting)))
    assert change(upcoming) in page
    assert "Prepare the next meeting" not in page


def test_without_a_follow_up_there_is_no_item_for_them(meeting, officer):
    upcoming = operations.prepare_next_meeting(meeting, by=officer)
    assert not upcoming.items.filter(kind="follow-ups").exists()
