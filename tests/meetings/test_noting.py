"""Notes, decisions and the speakers' list as operations: nothing that was typed is lost, nothing is there twice."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from meetings import operations
from meetings.exceptions import (
    DecisionChangedMeanwhile,
    ItemOfAnotherMeeting,
    MeetingInAnotherState,
    NoteChangedMeanwhile,
    NoteEmpty,
    SpeakerInAnotherState,
    SpeakerMissing,
)
from meetings.models import Decision, Meeting, Note, SpeakerTurn
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(meeting):
    return meeting.items.first()


@pytest.fixture
def other(db):
    return factories.UserFactory(name="Sample Other Officer")


def write(item, by, text="Sample text", key=None, version=0, **more):
    return operations.write_note(item, key=key or uuid4(), version=version, text=text, by=by, **more)


def texts(item):
    return [note.text for note in item.notes.standing()]


# Notes


def test_the_same_note_sent_twice_is_one(item, officer):
    key = uuid4()
    first, again = write(item, officer, key=key), write(item, officer, key=key)
    assert (first.pk, again.version, Note.objects.count()) == (again.pk, 1, 1)


def test_a_writer_types_on_after_a_lost_answer(item, officer):
    key = uuid4()
    write(item, officer, "One", key=key)
    note = write(item, officer, "One and two", key=key, version=0)
    assert (note.text, note.version, Note.objects.count()) == ("One and two", 2, 1)


def test_what_a_colleague_saved_meanwhile_is_not_written_over(item, officer, other):
    note = write(item, officer, "One")
    write(item, other, "Theirs", key=note.key, version=1)
    with pytest.raises(NoteChangedMeanwhile) as refusal:
        write(item, officer, "Mine", key=note.key, version=1)
    assert refusal.value.note.text == "Theirs"
    assert texts(item) == ["Theirs"]


def test_a_shorter_text_of_ones_own_other_window_is_not_written_over(item, officer):
    note = write(item, officer, "One and two")
    write(item, officer, "One, two and three", key=note.key, version=1)
    with pytest.raises(NoteChangedMeanwhile):
        write(item, officer, "Another text", key=note.key, version=1)


def test_the_same_text_of_two_people_is_no_conflict(item, officer, other):
    note = write(item, officer, "One")
    write(item, other, "Same", key=note.key, version=1)
    assert write(item, officer, "Same", key=note.key, version=1).version == 2


def test_each_text_is_kept_and_can_be_had_again(item, officer, other):
    note = write(item, officer, "First")
    write(item, other, "Second", key=note.key, version=1)
    assert [(row.version, row.text, row.by) for row in note.revisions.all()] == [
        (1, "First", officer),
        (2, "Second", other),
    ]
    restored = operations.restore_note_version(note, version=1, by=officer)
    assert (restored.text, restored.version) == ("First", 3)
    assert [row.text for row in note.revisions.all()] == ["First", "Second", "First"]


def test_typing_on_is_one_thought_in_the_history(item, officer):
    key = uuid4()
    for version, text in enumerate(("The", "The text", "The text goes on", "The text went on")):
        note = write(item, officer, text, key=key, version=version)
    assert [row.text for row in note.revisions.all()] == ["The text goes on", "The text went on"]
    assert note.version == 4


def test_a_new_note_needs_a_word_and_an_old_one_may_be_emptied(item, officer):
    with pytest.raises(NoteEmpty):
        write(item, officer, " \r\n ")
    note = write(item, officer, "Word")
    assert write(item, officer, "", key=note.key, version=1).text == ""
    assert note.revisions.first().text == "Word"


def test_lines_end_in_one_way(item, officer):
    assert write(item, officer, " One\r\ntwo\r\n").text == "One\ntwo"


def test_an_intervention_has_who_spoke(item, officer, delegation):
    note = write(item, officer, kind=Note.Kind.QUESTION, delegation=delegation, speaker=" Sample Person ")
    assert (note.who, note.is_intervention) == ("Switzerland, Sample Person", True)
    assert note.revisions.get().who == "Switzerland, Sample Person"


def test_a_removed_note_can_be_restored_and_keeps_its_place(item, officer):
    one, two = write(item, officer, "One"), write(item, officer, "Two")
    operations.remove_note(one, by=officer)
    assert texts(item) == ["Two"]
    operations.remove_note(one, by=officer)
    operations.restore_note(one, by=officer)
    assert texts(item) == ["One", "Two"]
    assert two.revisions.count() == 1


def test_who_types_into_a_removed_note_brings_it_back(item, officer, other):
    note = write(item, officer, "One")
    operations.remove_note(note, by=other)
    write(item, officer, "One and more", key=note.key, version=1)
    assert texts(item) == ["One and more"]


def test_notes_change_places(item, officer):
    notes = [write(item, officer, text) for text in ("One", "Two", "Three")]
    operations.move_note(notes[2], up=True, by=officer)
    assert texts(item) == ["One", "Three", "Two"]
    operations.move_note(notes[0], up=True, by=officer)
    operations.move_note(notes[0], up=False, by=officer)
    assert texts(item) == ["Three", "One", "Two"]


def test_a_note_moves_to_another_item_of_the_meeting_alone(meeting, item, officer):
    note, second = write(item, officer), meeting.items.last()
    operations.move_note_to_item(note, item=second, by=officer)
    assert (texts(item), texts(second)) == ([], ["Sample text"])
    with pytest.raises(ItemOfAnotherMeeting):
        operations.move_note_to_item(note, item=factories.AgendaItemFactory(), by=officer)


def test_the_history_of_a_note_says_where_it_stood(meeting, item, officer, other):
    note, second = write(item, officer), meeting.items.last()
    moved = operations.move_note_to_item(note, item=second, by=other)
    assert operations.move_note_to_item(note, item=second, by=other).version == moved.version == 2
    assert (moved.changed_by, moved.text) == (other, "Sample text")
    assert [(row.version, row.under, row.by) for row in note.revisions.all()] == [
        (1, item.title, officer),
        (2, second.title, other),
    ]
    # The very person who moved it types on: the text before the move stays one of its own.
    write(second, other, "Sample text goes on", key=note.key, version=2)
    assert [(row.text, row.under) for row in note.revisions.all()] == [
        ("Sample text", item.title),
        ("Sample text goes on", second.title),
    ]


def test_texts_from_before_get_where_they_stood_when_the_note_moves(meeting, item, officer):
    note = write(item, officer)
    note.revisions.update(under="")
    operations.move_note_to_item(note, item=meeting.items.last(), by=officer)
    assert [row.under for row in note.revisions.all()] == ["Sample item 1", "Sample item 2"]


def test_who_writes_in_a_note_while_it_is_moved_goes_on(meeting, item, officer, other):
    note = write(item, officer, "One")
    operations.move_note_to_item(note, item=meeting.items.last(), by=other)
    written = write(item, officer, "Another text", key=note.key, version=1)
    assert (written.text, written.item) == ("Another text", meeting.items.last())
    with pytest.raises(NoteChangedMeanwhile):
        write(item, other, "Of an older text", key=note.key, version=2)


def test_a_removed_note_is_restored_where_it_was_moved(meeting, item, officer):
    note, second = write(item, officer), meeting.items.last()
    operations.remove_note(note, by=officer)
    operations.move_note_to_item(note, item=second, by=officer)
    assert texts(second) == []
    operations.restore_note(note, by=officer)
    assert texts(second) == ["Sample text"]


def test_a_key_of_another_meeting_writes_nothing_there(item, officer):
    note = write(factories.AgendaItemFactory(), officer, "Elsewhere")
    with pytest.raises(ItemOfAnotherMeeting):
        write(item, officer, "Here", key=note.key, version=1)


@pytest.mark.parametrize("state", [Meeting.State.CLOSED, Meeting.State.CANCELLED])
def test_after_the_meeting_is_closed_nothing_is_written(meeting, item, officer, delegation, state):
    note = write(item, officer)
    decision = operations.record_decision(meeting, key=uuid4(), text="Sample", by=officer)
    turn = operations.ask_for_floor(meeting, name="Sample", by=officer)
    Meeting.objects.update(state=state)
    for act in (
        lambda: write(item, officer),
        lambda: operations.remove_note(note, by=officer),
        lambda: operations.restore_note(note, by=officer),
        lambda: operations.restore_note_version(note, version=1, by=officer),
        lambda: operations.move_note(note, up=True, by=officer),
        lambda: operations.move_note_to_item(note, item=meeting.items.last(), by=officer),
        lambda: operations.record_decision(meeting, key=uuid4(), text="Sample", by=officer),
        lambda: operations.change_decision(decision, version=1, text="Other", by=officer),
        lambda: operations.remove_decision(decision, by=officer),
        lambda: operations.restore_decision_version(decision, version=1, by=officer),
        lambda: operations.give_floor(turn, by=officer),
        lambda: operations.ask_for_floor(meeting, name="Other", by=officer),
        lambda: operations.tick_attendance(meeting, delegation, by=officer),
        lambda: operations.untick_attendance(meeting, delegation, by=officer),
    ):
        with pytest.raises(MeetingInAnotherState):
            act()
    assert texts(item) == ["Sample text"]


# Decisions


def test_a_decision_is_written_once_changed_by_version_and_restored(meeting, item, officer, other):
    key = uuid4()
    decision = operations.record_decision(meeting, key=key, text="Sample", item=item, by=officer)
    assert operations.record_decision(meeting, key=key, text="Sample", item=item, by=officer) == decision
    operations.change_decision(decision, version=1, text="Theirs", by=other)
    with pytest.raises(DecisionChangedMeanwhile) as refusal:
        operations.change_decision(decision, version=1, text="Mine", by=officer)
    assert refusal.value.decision.text == "Theirs"
    operations.remove_decision(decision, by=officer)
    assert not Decision.objects.standing().exists()
    operations.restore_decision(decision, by=officer)
    assert Decision.objects.standing().get().text == "Theirs"


def test_each_text_of_a_decision_is_kept_and_can_be_had_again(meeting, item, officer, other):
    decision = operations.record_decision(meeting, key=uuid4(), text="First", item=item, by=officer)
    operations.change_decision(decision, version=1, text="Second", by=other)
    operations.change_decision(decision, version=2, text="Second", by=officer)
    operations.remove_decision(decision, by=officer)
    restored = operations.restore_decision_version(decision, version=1, by=officer)
    assert (restored.text, restored.version, restored.removed_at) == ("First", 3, None)
    assert [(row.version, row.text, row.by) for row in decision.revisions.all()] == [
        (1, "First", officer),
        (2, "Second", other),
        (3, "First", officer),
    ]
    assert operations.restore_decision_version(decision, version=1, by=other).version == 3


def test_a_decision_needs_words_and_an_item_of_its_meeting(meeting, officer):
    with pytest.raises(NoteEmpty):
        operations.record_decision(meeting, key=uuid4(), text=" ", by=officer)
    with pytest.raises(ItemOfAnotherMeeting):
        operations.record_decision(meeting, key=uuid4(), text="Sample", item=factories.AgendaItemFactory(), by=officer)


# The speakers' list


def order(meeting):
    return [str(turn) for turn in meeting.speaker_turns.waiting()]


def test_the_list_keeps_its_order_and_nobody_waits_twice(meeting, officer, delegation):
    operations.ask_for_floor(meeting, delegation=delegation, by=officer)
    second = operations.ask_for_floor(meeting, name="Sample Guest", by=officer)
    operations.ask_for_floor(meeting, delegation=delegation, by=officer)
    assert order(meeting) == ["Switzerland", "Sample Guest"]
    operations.move_turn(second, up=True, by=officer)
    assert order(meeting) == ["Sample Guest", "Switzerland"]
    operations.move_turn(second, up=True, by=officer)
    assert order(meeting) == ["Sample Guest", "Switzerland"]
    with pytest.raises(SpeakerMissing):
        operations.ask_for_floor(meeting, name=" ", by=officer)


def test_one_speaks_at_a_time_and_the_time_is_taken(meeting, officer):
    first, second = (operations.ask_for_floor(meeting, name=name, by=officer) for name in ("One", "Two"))
    with time_machine.travel(timezone.now(), tick=False) as clock:
        operations.give_floor(first, by=officer)
        clock.shift(timedelta(minutes=4, seconds=5))
        operations.give_floor(second, by=officer)
        clock.shift(timedelta(seconds=30))
        operations.end_turn(second, by=officer)
        operations.end_turn(second, by=officer)
    assert [turn.taken for turn in SpeakerTurn.objects.all()] == ["4:05", "0:30"]
    with pytest.raises(SpeakerInAnotherState):
        operations.give_floor(first, by=officer)


def test_who_waits_withdraws_and_who_spoke_does_not(meeting, officer):
    turn, spoke = (operations.ask_for_floor(meeting, name=name, by=officer) for name in ("One", "Two"))
    operations.withdraw_turn(turn, by=officer)
    operations.withdraw_turn(turn, by=officer)
    assert order(meeting) == ["Two"]
    with pytest.raises(SpeakerInAnotherState):
        operations.end_turn(spoke, by=officer)
    operations.give_floor(spoke, by=officer)
    for act in (operations.withdraw_turn, lambda turn, by: operations.move_turn(turn, up=True, by=by)):
        with pytest.raises(SpeakerInAnotherState):
            act(spoke, by=officer)


# Attendance


def test_attendance_is_ticked_once_moved_online_and_unticked(meeting, officer, delegation):
    operations.tick_attendance(meeting, delegation, by=officer, person_name="Sample Person")
    row = operations.tick_attendance(meeting, delegation, by=officer, mode="online")
    assert (meeting.attendance.count(), row.mode, row.person_name) == (1, "online", "Sample Person")
    operations.add_attendance(meeting, capacity="chair", delegation=delegation, by=officer)
    operations.untick_attendance(meeting, delegation, by=officer)
    assert [row.capacity for row in meeting.attendance.all()] == ["chair"]


def test_a_guest_stands_in_the_list_once(meeting, officer):
    for _again in range(2):
        operations.add_attendance(
            meeting, capacity="guest", name="Sample Guest", organisation="Sample Forum", by=officer
        )
    row = meeting.attendance.get()
    assert row.who == "Sample Guest, Sample Forum"
    operations.remove_attendance(row, by=officer)
    assert not meeting.attendance.exists()
