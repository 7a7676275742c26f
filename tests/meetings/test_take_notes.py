"""The note-taker's screen: for the secretariat and the chair alone, without a script as with one, two at a time."""

from uuid import uuid4

import pytest

from meetings import operations
from meetings.models import Attendance, Decision, FollowUp, Meeting, Note, Registration, SpeakerTurn
from tests import factories
from tests.counting import queries

pytestmark = pytest.mark.django_db
LIVE, ROLL = "/meetings/icoca/9/live/", "/meetings/icoca/9/live/attendance/"
CHANGES = f"{LIVE}changes/"
SECRETS = ("Sample secret note", "Sample secret decision", "Sample secret speaker", "Sample secret beginning")
OTHERS = ("reader", "contributor", "focal_point", "other_focal_point", "director")
SCRIPT = {"HTTP_HX_REQUEST": "true"}


def body(response):
    return response.content.decode()


@pytest.fixture
def item(meeting):
    Meeting.objects.update(has_speakers_list=True)
    meeting.refresh_from_db()
    return meeting.items.first()


@pytest.fixture
def noted(meeting, item, officer, delegation):
    """An intervention, with an earlier text; a decision; somebody who waits for the floor."""
    key = uuid4()
    operations.write_note(item, key=key, version=0, text=SECRETS[3], by=officer)
    note = operations.write_note(
        item, key=key, version=1, text=SECRETS[0], kind="question", delegation=delegation, by=officer
    )
    operations.record_decision(meeting, key=uuid4(), text=SECRETS[1], item=item, by=officer)
    operations.ask_for_floor(meeting, name=SECRETS[2], item=item, by=officer)
    return note


def form(item, text="Sample text", key=None, version=0, **more):
    return {"item": item.pk, "key": key or uuid4(), "version": version, "text": text, "kind": "note"} | more


# Who reads it


@pytest.mark.parametrize("who", ["chair", "secretariat", "superuser"])
def test_the_secretariat_and_the_chair_read_it(noted, client_of, who):
    client = client_of(who)
    page = body(client.get(LIVE))
    assert all(secret in page for secret in SECRETS[:3])
    assert SECRETS[3] in body(client.get(f"{LIVE}notes/{noted.pk}/history/"))
    assert f'href="{LIVE}"' in body(client.get("/meetings/icoca/9/"))


@pytest.mark.parametrize("who", OTHERS)
def test_insiders_are_refused_everywhere(noted, client_of, who):
    client = client_of(who)
    addresses = (LIVE, CHANGES, f"{CHANGES}?known=&speakers=x", ROLL, f"{LIVE}notes/{noted.pk}/history/")
    for address in (*addresses, f"{LIVE}decisions/{Decision.objects.get().pk}/history/"):
        for more in ({}, SCRIPT):
            response = client.get(address, **more)
            assert response.status_code == 403
            assert not any(secret in body(response) for secret in SECRETS)
    page = body(client.get("/meetings/icoca/9/"))
    assert LIVE not in page
    assert not any(secret in page for secret in SECRETS)


@pytest.mark.parametrize("who", OTHERS)
def test_insiders_write_nothing(noted, item, client_of, who):
    client, turn, decision = client_of(who), SpeakerTurn.objects.get(), Decision.objects.get()
    for address in (
        "notes/", f"notes/{noted.pk}/move/", f"notes/{noted.pk}/remove/", f"notes/{noted.pk}/restore/",
        f"notes/{noted.pk}/history/restore/", f"decisions/{decision.pk}/history/restore/",
        "decisions/", f"decisions/{decision.pk}/change/",
        f"decisions/{decision.pk}/remove/", f"decisions/{decision.pk}/restore/", "follow-ups/", "speakers/",
        f"speakers/{turn.pk}/give/", f"speakers/{turn.pk}/withdraw/", "attendance/tick/", "attendance/add/",
    ):  # fmt: skip
        data = form(item, what="Sample", key=noted.key, version=2, go="up")
        assert client.post(f"{LIVE}{address}", data).status_code == 403, address
    noted.refresh_from_db()
    assert (noted.text, Note.objects.count(), FollowUp.objects.count()) == (SECRETS[0], 1, 0)


def test_a_visitor_signs_in_and_a_poll_is_told_nothing(noted, client_of):
    client = client_of("visitor")
    assert client.get(LIVE).url.startswith("/accounts/login/")
    assert not any(secret in body(client.get(CHANGES, **SCRIPT)) for secret in SECRETS)


def test_a_hidden_meeting_is_not_there(noted, client_of):
    Meeting.objects.update(visibility="secretariat")
    assert client_of("focal_point").get(LIVE).status_code == 404
    assert client_of("chair").get(LIVE).status_code == 200


def test_the_chair_of_another_group_is_refused(noted, client_of):
    other = factories.WorkingGroupFactory(name="Sample group", slug="sample", symbol="S-WG")
    client = client_of(factories.OfficeFactory(working_group=other).user)
    assert (client.get(LIVE).status_code, client.get(CHANGES).status_code) == (403, 403)


def test_a_note_of_another_meeting_is_not_there(noted, item, client_of, planned):
    client = client_of("secretariat")
    assert client.post(f"/meetings/icoca/10/live/notes/{noted.pk}/remove/").status_code == 404
    assert client.post("/meetings/icoca/10/live/notes/", form(item)).status_code == 404


# Without a script


def test_a_note_is_written_as_a_plain_form(item, client_of, delegation):
    client = client_of("chair")
    data = form(item, "Sample intervention", kind="question", delegation="ch", speaker="Sample Person")
    response = client.post(f"{LIVE}notes/", data, follow=True)
    again = client.post(f"{LIVE}notes/", data, follow=True)
    note = Note.objects.get()
    assert (note.delegation, note.kind, note.speaker) == (delegation, "question", "Sample Person")
    assert "Sample intervention" in body(response)
    assert again.status_code == 200


def test_who_is_no_delegation_is_noted_as_the_speaker(item, client_of):
    response = client_of("chair").post(f"{LIVE}notes/", form(item, delegation="Sample Committee"), follow=True)
    assert Note.objects.get().speaker == "Sample Committee"
    assert "is no delegation on the list" in body(response)


def test_two_texts_stand_side_by_side(noted, item, client_of):
    client = client_of("secretariat")
    data = form(item, "Text of mine", key=noted.key, version=1)
    response = client.post(f"{LIVE}notes/", data)
    assert response.status_code == 409
    assert "Two versions" in body(response)
    assert "Text of mine" in body(response)
    assert SECRETS[0] in body(response)
    noted.refresh_from_db()
    assert noted.text == SECRETS[0]


@pytest.mark.parametrize(("pick", "text"), [("mine", "Text of mine"), ("theirs", SECRETS[0]), ("merged", "Both texts")])
def test_one_of_two_texts_is_kept_or_both_together(noted, item, client_of, delegation, pick, text):
    data = form(item, "Text of mine", key=noted.key, version=1, theirs=2, pick=pick, merged="Both texts")
    client_of("secretariat").post(f"{LIVE}notes/", data)
    noted.refresh_from_db()
    assert noted.text == text
    assert SECRETS[0] in [row.text for row in noted.revisions.all()]
    if pick == "theirs":
        assert noted.delegation == delegation


def test_a_choice_over_a_text_that_changed_again_is_asked_for_again(noted, item, client_of, officer):
    operations.write_note(item, key=noted.key, version=2, text="Third text", by=officer)
    data = form(item, "Text of mine", key=noted.key, version=1, theirs=2, pick="mine")
    response = client_of("secretariat").post(f"{LIVE}notes/", data)
    assert response.status_code == 409
    assert "Third text" in body(response)


def test_an_empty_note_is_refused_and_who_spoke_stays_typed(item, client_of):
    response = client_of("secretariat").post(f"{LIVE}notes/", form(item, " ", speaker="Sample Person"))
    assert response.status_code == 422
    assert "Sample Person" in body(response)


def test_notes_are_moved_removed_and_restored(noted, item, client_of, officer):
    second = operations.write_note(item, key=uuid4(), version=0, text="Second", by=officer)
    client = client_of("chair")
    client.post(f"{LIVE}notes/{second.pk}/move/", {"go": "up", "item": item.pk})
    assert [note.pk for note in item.notes.standing()] == [second.pk, noted.pk]
    page = client.post(f"{LIVE}notes/{second.pk}/remove/", {"item": item.pk}, follow=True)
    assert "1 removed note" in body(page)
    client.post(f"{LIVE}notes/{second.pk}/restore/", {"item": item.pk})
    assert item.notes.standing().count() == 2
    client.post(f"{LIVE}notes/{noted.pk}/history/restore/", {"version": 1})
    noted.refresh_from_db()
    assert noted.text == SECRETS[3]


def test_a_closed_meeting_is_read_and_takes_nothing(noted, item, client_of):
    Meeting.objects.update(state="closed")
    client = client_of("secretariat")
    page = body(client.get(LIVE))
    assert SECRETS[0] in page
    assert "<textarea" not in page.split("wg-live-part")[0]
    response = client.post(f"{LIVE}notes/", form(item, "Too late"), follow=True)
    assert "This step is for a meeting that is" in body(response)
    assert "Too late" in body(response) or response.status_code == 422
    assert Note.objects.count() == 1


def test_a_note_goes_to_another_item_as_a_plain_form(meeting, noted, item, client_of):
    client, second = client_of("chair"), meeting.items.last()
    page = body(client.get(LIVE))
    assert f'<option value="{second.pk}">2 Sample item 2</option>' in page
    assert f'<option value="{item.pk}">' not in page
    address = f"{LIVE}notes/{noted.pk}/move/"
    left = client.post(address, {"item": item.pk, "to": second.pk}, follow=True)
    assert left.redirect_chain[-1][0] == f"{LIVE}?item={item.pk}"
    assert "The note stands under “Sample item 2” now." in body(left)
    assert SECRETS[0] not in body(left)
    assert SECRETS[0] in body(client.get(f"{LIVE}?item={second.pk}"))
    history = body(client.get(f"{LIVE}notes/{noted.pk}/history/"))
    assert "under “Sample item 1”" in history
    assert "under “Sample item 2”" in history


def test_the_script_is_told_that_a_note_went_and_the_other_page_gets_it(meeting, noted, item, client_of):
    client, second = client_of("secretariat"), meeting.items.last()
    moved = client.post(f"{LIVE}notes/{noted.pk}/move/", {"item": item.pk, "to": second.pk}, **SCRIPT)
    assert (moved.status_code, body(moved)) == (204, "")
    noted.refresh_from_db()
    fresh = body(client.get(f"{CHANGES}?item={second.pk}&known=", **SCRIPT))
    assert f'data-order="{noted.key} "' in fresh
    assert f'<option value="{item.pk}">' in fresh
    assert 'data-order=""' in body(client.get(f"{CHANGES}?item={item.pk}&known={noted.pk}:2&agenda=x", **SCRIPT))


def test_a_note_goes_to_no_item_of_another_meeting_and_nowhere_without_one(noted, item, planned, client_of):
    client, elsewhere = client_of("secretariat"), planned.items.get()
    for to in (elsewhere.pk, 0, "", "x"):
        response = client.post(f"{LIVE}notes/{noted.pk}/move/", {"item": item.pk, "to": to})
        assert response.status_code == 404
    Meeting.objects.filter(pk=item.meeting_id).update(state=Meeting.State.CLOSED)
    second = item.meeting.items.last()
    refused = client.post(f"{LIVE}notes/{noted.pk}/move/", {"item": item.pk, "to": second.pk}, **SCRIPT)
    assert refused.status_code == 409
    assert "Move to another item" not in body(client.get(LIVE))
    noted.refresh_from_db()
    assert noted.item == item


def test_what_a_saved_note_answers_has_the_other_items(meeting, item, client_of):
    answer = client_of("chair").post(f"{LIVE}notes/", form(item), **SCRIPT)
    assert f'<option value="{meeting.items.last().pk}">' in body(answer)


def test_the_earlier_texts_of_a_decision_are_read_and_restored(noted, item, client_of, officer):
    client, decision = client_of("chair"), Decision.objects.get()
    operations.change_decision(decision, version=1, text="Text of now", by=officer)
    address = f"{LIVE}decisions/{decision.pk}/history/"
    assert f'href="{address}"' in body(client.get(LIVE))
    page = body(client.get(address))
    assert page.index("Text of now") < page.index(SECRETS[1])
    assert page.count("Restore this text") == 1
    assert client.post(f"{address}restore/", {"version": 7}).status_code == 404
    restored = client.post(f"{address}restore/", {"version": 1})
    assert restored.url == f"{LIVE}?item={item.pk}#decisions"
    decision.refresh_from_db()
    assert (decision.text, decision.version) == (SECRETS[1], 3)
    Meeting.objects.update(state=Meeting.State.CLOSED)
    assert "Restore this text" not in body(client.get(address))
    assert f'href="{address}"' in body(client.get(LIVE))


def test_a_decision_of_another_meeting_has_no_history_here(noted, planned, client_of):
    address = f"/meetings/icoca/10/live/decisions/{Decision.objects.get().pk}/history/"
    assert client_of("chair").get(address).status_code == 404


def test_the_history_takes_as_many_queries_for_thirty(meeting, noted, client_of):
    client, decision = client_of("secretariat"), Decision.objects.get()
    address = f"{LIVE}decisions/{decision.pk}/history/"
    few = queries(client, address)
    for number in range(1, 30):
        by = factories.UserFactory()
        operations.change_decision(decision, version=number, text=f"Sample {number}", by=by)
    assert queries(client, address) == few <= 12


def test_the_administration_reads_decisions_and_changes_none(noted, client_of, officer):
    client, decision = client_of("secretariat"), Decision.objects.get()
    operations.change_decision(decision, version=1, text="Text of now", by=officer)
    address = f"/admin/meetings/decision/{decision.pk}/change/"
    few, few_in_the_list = queries(client, address), queries(client, "/admin/meetings/decision/")
    page = body(client.get(address))
    assert SECRETS[1] in page
    assert "Text of now" in page
    assert client.post(address, {"text": "Sample"}).status_code == 403
    for number in range(2, 31):
        by = factories.UserFactory()
        operations.change_decision(decision, version=number, text=f"Sample {number}", by=by)
        operations.record_decision(noted.item.meeting, key=uuid4(), text="Sample", item=noted.item, by=by)
    assert queries(client, address) == few <= 12
    assert queries(client, "/admin/meetings/decision/") == few_in_the_list <= 12


def test_decisions_are_recorded_changed_and_both_texts_shown(noted, item, client_of, officer):
    client = client_of("chair")
    decision = Decision.objects.get()
    operations.change_decision(decision, version=1, text="Text of theirs", by=officer)
    response = client.post(f"{LIVE}decisions/{decision.pk}/change/", {"version": 1, "text": "Text of mine"})
    assert response.status_code == 409
    assert "Text of mine" in body(response)
    assert "Text of theirs" in body(response)
    client.post(f"{LIVE}decisions/{decision.pk}/change/", {"version": 2, "text": "Text of mine"})
    client.post(f"{LIVE}decisions/", form(item, "Another decision"))
    assert {row.text for row in Decision.objects.all()} == {"Text of mine", "Another decision"}
    client.post(f"{LIVE}decisions/{decision.pk}/remove/", {"item": item.pk})
    assert "1 removed decision" in body(client.get(LIVE))
    client.post(f"{LIVE}decisions/{decision.pk}/restore/", {"item": item.pk})
    assert Decision.objects.standing().count() == 2


def test_a_follow_up_is_captured_in_place(item, client_of, delegation):
    client = client_of("chair")
    data = {"item": item.pk, "what": "Sample duty", "delegation": "Switzerland", "due": "2030-01-31"}
    assert "Sample duty" in body(client.post(f"{LIVE}follow-ups/", data, follow=True))
    row = FollowUp.objects.get()
    assert (row.item, row.delegation, row.due.isoformat()) == (item, delegation, "2030-01-31")
    refused = client.post(f"{LIVE}follow-ups/", data | {"delegation": "Atlantis", "what": "Kept words"})
    assert refused.status_code == 422
    assert "Kept words" in body(refused)


def test_the_speakers_list_from_asking_to_an_intervention(item, client_of, delegation):
    client = client_of("chair")
    client.post(f"{LIVE}speakers/", {"item": item.pk, "delegation": "CH"})
    client.post(f"{LIVE}speakers/", {"item": item.pk, "delegation": "Sample Committee"})
    first, second = SpeakerTurn.objects.all()
    assert (first.delegation, second.name) == (delegation, "Sample Committee")
    client.post(f"{LIVE}speakers/{second.pk}/move/", {"go": "up"})
    client.post(f"{LIVE}speakers/{second.pk}/give/")
    client.post(f"{LIVE}speakers/{second.pk}/end/")
    client.post(f"{LIVE}speakers/{first.pk}/give/")
    page = body(client.get(f"{LIVE}?item={item.pk}&turn={first.pk}"))
    assert "Has the floor" in page
    assert "1 has spoken" in page
    new = page.split("data-new data-prefilled")[1].split("</form>")[0]
    assert 'name="delegation" list="delegations" autocomplete="off" maxlength="200" value="Switzerland"' in new
    told = client.post(f"{LIVE}speakers/{second.pk}/withdraw/", follow=True)
    assert "does not wait for the floor any more" in body(told)


def test_no_speakers_list_where_the_chair_wants_none(meeting, client_of):
    assert "Speakers’ list" not in body(client_of("chair").get(LIVE))


def test_attendance_is_ticked_off_with_who_is_registered(meeting, item, client_of, delegation, focal_point):
    Registration.objects.create(
        meeting=meeting, delegation=delegation, person_name="Sample Head", mode="online", registered_by=focal_point,
        dietary_needs="Sample need",
    )  # fmt: skip
    other = factories.DelegationFactory(organisation__name="Sample Land")
    client = client_of("chair")
    page = body(client.get(ROLL))
    assert "Sample Head" in page
    assert "Sample need" not in page
    client.post(f"{ROLL}tick/", {"tick": f"{delegation.pk}:online"})
    client.post(f"{ROLL}tick/", {"tick": f"{other.pk}:in person"})
    assert meeting.attendance.get(delegation=delegation).person_name == "Sample Head"
    assert "1 of them online" in body(client.get(ROLL))
    client.post(f"{ROLL}tick/", {"tick": f"{other.pk}:"})
    client.post(f"{ROLL}add/", {"capacity": "guest", "name": "Sample Guest", "mode": "online"})
    assert meeting.attendance.count() == 2
    guest = Attendance.objects.get(capacity="guest")
    assert "Sample Guest" in body(client.get(ROLL))
    client.post(f"{ROLL}{guest.pk}/remove/")
    refused = client.post(f"{ROLL}add/", {"capacity": "guest"}, follow=True)
    assert "Choose a delegation, or name a guest" in body(refused)
    assert meeting.attendance.count() == 1


# With the script


def test_the_script_gets_the_note_and_its_version(item, client_of):
    client, key = client_of("chair"), uuid4()
    first = client.post(f"{LIVE}notes/", form(item, "One", key=key), **SCRIPT)
    assert first.status_code == 200
    assert 'data-version="1"' in body(first)
    assert 'data-version="2"' in body(client.post(f"{LIVE}notes/", form(item, "One two", key=key, version=1), **SCRIPT))
    assert client.post(f"{LIVE}notes/", form(item, ""), **SCRIPT).status_code == 422


def test_a_poll_brings_what_differs_and_nothing_else(noted, item, client_of, officer):
    client = client_of("secretariat")
    known = f"{noted.pk}:2"
    assert client.get(f"{CHANGES}?item={item.pk}&known={known}", **SCRIPT).status_code == 204
    second = operations.write_note(item, key=uuid4(), version=0, text="Sample second note", by=officer)
    page = body(client.get(f"{CHANGES}?item={item.pk}&known={known}&speakers=old", **SCRIPT))
    assert "Sample second note" in page
    assert SECRETS[0] not in page
    assert SECRETS[2] in page
    assert f'data-order="{noted.key} {second.key} "' in page


def test_acts_of_the_script_are_answered_without_a_page(noted, item, client_of):
    client = client_of("chair")
    assert client.post(f"{LIVE}notes/{noted.pk}/remove/", **SCRIPT).status_code == 204
    refused = client.post(f"{LIVE}speakers/", {}, **SCRIPT)
    assert (refused.status_code, body(refused)) == (409, "Choose a delegation, or write a name.")


# Queries


@pytest.mark.parametrize("address", [LIVE, CHANGES, ROLL])
@pytest.mark.parametrize("who", ["chair", "secretariat"])
def test_as_many_queries_for_thirty(meeting, item, client_of, officer, who, address):
    client = client_of(who)
    fill(meeting, item, officer, 1)
    few = queries(client, f"{address}?known=x")
    fill(meeting, item, officer, 29)
    assert queries(client, f"{address}?known=x") == few
    assert few <= 12


def fill(meeting, item, officer, count):
    for number in range(count):
        delegation = factories.DelegationFactory()
        factories.AgendaItemFactory(meeting=meeting, position=10 + number)
        operations.write_note(item, key=uuid4(), version=0, text="Sample", delegation=delegation, by=officer)
        removed = operations.write_note(item, key=uuid4(), version=0, text="Sample", by=officer)
        operations.remove_note(removed, by=officer)
        operations.record_decision(meeting, key=uuid4(), text="Sample", item=item, by=factories.UserFactory())
        operations.open_follow_up(meeting, what=f"Sample {number}", delegation=delegation, item=item, by=officer)
        operations.ask_for_floor(meeting, delegation=delegation, by=officer)
        operations.tick_attendance(meeting, delegation, by=officer)
        operations.add_attendance(meeting, capacity="guest", delegation=delegation, by=officer)
