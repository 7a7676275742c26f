"""What is written down while a meeting sits: notes and interventions, decisions, the speakers' list.

Nothing that was saved is lost: a note keeps each text it had, a removed note can be put back, and a text that was
written over an older one than is stored is refused, with both.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings import finding
from meetings.exceptions import (
    DecisionChangedMeanwhile,
    ItemOfAnotherMeeting,
    NoteChangedMeanwhile,
    NoteEmpty,
    SpeakerInAnotherState,
    SpeakerMissing,
)
from meetings.models import AgendaItem, Decision, DecisionRevision, Meeting, Note, NoteRevision, SpeakerTurn
from meetings.operations.shared import locked_meeting
from members.models import Delegation, User

State = Meeting.State
#: While it is prepared, while it sits, and until it is closed: notes are tidied up after a meeting.
NOTED_IN = (State.PLANNED, State.CONVENED, State.HELD)


# Notes


@transaction.atomic
def write_note(
    item: AgendaItem,
    *,
    key: UUID,
    version: int,
    text: str,
    by: User,
    kind: str = Note.Kind.NOTE,
    delegation: Delegation | None = None,
    speaker: str = "",
) -> Note:
    """Make the note that has this `key`, or save a text over the one it has. `version` is that of the text the writer
    started from, 0 for a new note.

    The same request sent twice makes one note. A writer who types on after an answer was lost goes on with the own
    text; whoever else saved meanwhile is not written over. A note that was removed meanwhile comes back with the text.

    Raises MeetingInAnotherState, NoteEmpty (a new note without a word), NoteChangedMeanwhile, ItemOfAnotherMeeting.
    """
    locked_meeting(item.meeting, *NOTED_IN)
    said = {"kind": kind, "delegation": delegation, "speaker": speaker.strip()[:200], "text": tidy(text)}
    note = Note.objects.select_for_update(of=("self",)).filter(key=key).first()
    if note is None:
        return _new_note(item, key, said, by)
    if note.item.meeting_id != item.meeting_id:
        raise ItemOfAnotherMeeting(_("This note belongs to another meeting."))
    changed = any(getattr(note, name) != value for name, value in said.items())
    if not changed and note.removed_at is None:
        return note
    types_on = note.changed_by_id == by.pk and str(said["text"]).startswith(note.text)
    if changed and version != note.version and not types_on and not _reads_as_in(note, version):
        raise NoteChangedMeanwhile(
            _("A colleague saved this note while you were writing. Nothing is lost: both texts stand here."), note
        )
    return _change_note(note, by, **said)


def _reads_as_in(note: Note, version: int) -> bool:
    """Whether the note says what that version of it said: it was only put under another item since."""
    kept = note.revisions.filter(version=version).first()
    return kept is not None and (kept.text, kept.who, kept.kind) == (note.text, note.who[:400], note.kind)


def tidy(text: str) -> str:
    """A text as it is stored: one sign for the end of a line, no space around."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _new_note(item: AgendaItem, key: UUID, said: dict[str, Any], by: User) -> Note:
    if not said["text"]:
        raise NoteEmpty(_("Write a text first."))
    now = timezone.now()
    last = item.notes.aggregate(last=Max("position"))["last"] or 0
    note = Note.objects.create(
        item=item, key=key, position=last + 1, noted_at=now, noted_by=by, changed_at=now, changed_by=by, **said
    )
    _keep_revision(note)
    finding.index(note)
    return note


def _change_note(note: Note, by: User, **changes: Any) -> Note:
    for name, value in changes.items():
        setattr(note, name, value)
    note.version += 1
    note.removed_at = None
    note.changed_at, note.changed_by = timezone.now(), by
    note.save()
    _keep_revision(note)
    finding.index(note)
    return note


def _keep_revision(note: Note) -> None:
    """Keep the text as a version of its own. What the same person merely typed on takes the place of its beginning:
    nothing is lost, and the history has a row a thought, not a row a second."""
    row = {
        "text": note.text,
        "who": note.who[:400],
        "kind": note.kind,
        "under": note.item.title,
        "at": note.changed_at,
        "by": note.changed_by,
    }
    last = note.revisions.last()
    if (
        last is not None
        and last.by_id == note.changed_by_id
        and (last.who, last.kind, last.under) == (row["who"], row["kind"], row["under"])
        and note.text.startswith(last.text)
    ):
        note.revisions.filter(pk=last.pk).update(version=note.version, **row)
    else:
        NoteRevision.objects.create(note=note, version=note.version, **row)
    finding.index(note)


@transaction.atomic
def remove_note(note: Note, *, by: User) -> Note:
    """Take a note off its item; it is kept and can be restored. Raises MeetingInAnotherState."""
    note = _locked_note(note)
    if note.removed_at is None:
        note.removed_at, note.changed_at, note.changed_by = timezone.now(), timezone.now(), by
        note.save(update_fields=["removed_at", "changed_at", "changed_by"])
        finding.index(note)
    return note


@transaction.atomic
def restore_note(note: Note, *, by: User) -> Note:
    """Put a removed note back in its place. Raises MeetingInAnotherState."""
    note = _locked_note(note)
    if note.removed_at is not None:
        note.removed_at, note.changed_at, note.changed_by = None, timezone.now(), by
        note.save(update_fields=["removed_at", "changed_at", "changed_by"])
        finding.index(note)
    return note


@transaction.atomic
def restore_note_version(note: Note, *, version: int, by: User) -> Note:
    """Give a note a text back that it had; the one it has now stays among its versions. Who spoke stays as it is now.

    Raises MeetingInAnotherState, NoteRevision.DoesNotExist.
    """
    note = _locked_note(note)
    kept = note.revisions.get(version=version)
    if (kept.text, kept.kind) == (note.text, note.kind) and note.removed_at is None:
        return note
    return _change_note(note, by, text=kept.text, kind=kept.kind)


@transaction.atomic
def move_note(note: Note, *, up: bool, by: User) -> Note:
    """Change places with the note before it, or after it; the first and the last stay. Raises MeetingInAnotherState."""
    note = _locked_note(note)
    rows = list(Note.objects.select_for_update(of=("self",)).standing().filter(item=note.item_id))
    _swap(rows, note, up)
    return note


@transaction.atomic
def move_note_to_item(note: Note, *, item: AgendaItem, by: User) -> Note:
    """Put a note under another item of the same meeting, at its end. Its history says where it stood, and since when
    it stands where it does. Whoever is writing in it meanwhile goes on.

    Raises MeetingInAnotherState, ItemOfAnotherMeeting.
    """
    note = _locked_note(note)
    if item.meeting_id != note.item.meeting_id:
        raise ItemOfAnotherMeeting(_("This item belongs to another meeting."))
    if item.pk == note.item_id:
        return note
    # Texts from before it was kept under what they stood: it never stood elsewhere as far as is known.
    note.revisions.filter(under="").update(under=note.item.title)
    note.item, note.position = item, (item.notes.aggregate(last=Max("position"))["last"] or 0) + 1
    note.version += 1
    note.changed_at, note.changed_by = timezone.now(), by
    note.save(update_fields=["item", "position", "version", "changed_at", "changed_by"])
    _keep_revision(note)
    return note


def _locked_note(note: Note) -> Note:
    locked_meeting(note.item.meeting, *NOTED_IN)
    return Note.objects.select_for_update(of=("self",)).select_related("item__meeting").get(pk=note.pk)


def _swap(rows: list[Any], row: Any, up: bool) -> None:
    """Give `rows` the positions 1 to n in their order, with `row` one place earlier or later."""
    order = [other.pk for other in rows]
    if row.pk not in order:
        return
    here = order.index(row.pk)
    there = here - 1 if up else here + 1
    if 0 <= there < len(rows):
        rows[here], rows[there] = rows[there], rows[here]
    for number, other in enumerate(rows, start=1):
        if other.position != number:
            type(other)._base_manager.filter(pk=other.pk).update(position=number)


# Decisions


@transaction.atomic
def record_decision(meeting: Meeting, *, key: UUID, text: str, by: User, item: AgendaItem | None = None) -> Decision:
    """Write down what the meeting decided, under an item or for the whole. The same `key` twice is one decision.

    Raises MeetingInAnotherState, NoteEmpty, ItemOfAnotherMeeting.
    """
    locked_meeting(meeting, *NOTED_IN)
    require_item_of(meeting, item)
    if not tidy(text):
        raise NoteEmpty(_("Write a text first."))
    decision, made = Decision.objects.get_or_create(
        key=key, defaults={"meeting": meeting, "item": item, "text": tidy(text), "recorded_by": by}
    )
    if decision.meeting_id != meeting.pk:
        raise ItemOfAnotherMeeting(_("This decision belongs to another meeting."))
    if made:
        _keep_decision(decision)
    finding.index(decision)
    return decision


@transaction.atomic
def change_decision(decision: Decision, *, version: int, text: str, by: User) -> Decision:
    """Give a decision another text; the one it had is kept. `version` is the one that the writer had read.

    Raises MeetingInAnotherState, NoteEmpty, DecisionChangedMeanwhile.
    """
    decision = _locked_decision(decision)
    if not tidy(text):
        raise NoteEmpty(_("Write a text first. To take the decision off, remove it."))
    if decision.text == tidy(text):
        return decision
    if decision.version != version:
        raise DecisionChangedMeanwhile(
            _("A colleague changed this decision while you were writing. Both texts stand here."), decision
        )
    return _reword(decision, tidy(text), by)


@transaction.atomic
def restore_decision_version(decision: Decision, *, version: int, by: User) -> Decision:
    """Give a decision a text back that it had; the one it has now stays among its versions. One that was removed comes
    back with it.

    Raises MeetingInAnotherState, DecisionRevision.DoesNotExist.
    """
    decision = _locked_decision(decision)
    kept = decision.revisions.get(version=version)
    if kept.text == decision.text and decision.removed_at is None:
        return decision
    decision.removed_at = None
    return _reword(decision, kept.text, by)


def _reword(decision: Decision, text: str, by: User) -> Decision:
    decision.text, decision.version = text, decision.version + 1
    decision.recorded_at, decision.recorded_by = timezone.now(), by
    decision.save()
    _keep_decision(decision)
    finding.index(decision)
    return decision


def _keep_decision(decision: Decision) -> None:
    """Keep the text as a version of its own."""
    DecisionRevision.objects.create(
        decision=decision,
        version=decision.version,
        text=decision.text,
        at=decision.recorded_at,
        by=decision.recorded_by,
    )


@transaction.atomic
def remove_decision(decision: Decision, *, by: User) -> Decision:
    """Take a decision off the list; it is kept and can be restored. Raises MeetingInAnotherState."""
    decision = _locked_decision(decision)
    decision.removed_at = decision.removed_at or timezone.now()
    decision.save(update_fields=["removed_at"])
    finding.index(decision)
    return decision


@transaction.atomic
def restore_decision(decision: Decision, *, by: User) -> Decision:
    """Put a removed decision back. Raises MeetingInAnotherState."""
    decision = _locked_decision(decision)
    decision.removed_at = None
    decision.save(update_fields=["removed_at"])
    finding.index(decision)
    return decision


def _locked_decision(decision: Decision) -> Decision:
    locked_meeting(decision.meeting, *NOTED_IN)
    return Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)


def require_item_of(meeting: Meeting, item: AgendaItem | None) -> None:
    """Raises ItemOfAnotherMeeting unless the item, if there is one, is on the agenda of the meeting."""
    if item is not None and item.meeting_id != meeting.pk:
        raise ItemOfAnotherMeeting(_("This item belongs to another meeting."))


# The speakers' list


@transaction.atomic
def ask_for_floor(
    meeting: Meeting,
    *,
    by: User,
    delegation: Delegation | None = None,
    name: str = "",
    item: AgendaItem | None = None,
) -> SpeakerTurn:
    """Put a delegation, or somebody by name, at the end of the speakers' list. Who waits on it already stays there.

    Raises MeetingInAnotherState, SpeakerMissing, ItemOfAnotherMeeting.
    """
    locked_meeting(meeting, *NOTED_IN)
    require_item_of(meeting, item)
    name = name.strip()[:200]
    if delegation is None and not name:
        raise SpeakerMissing(_("Choose a delegation, or write a name."))
    waiting = meeting.speaker_turns.waiting().filter(delegation=delegation, name=name).first()
    if waiting is not None:
        return waiting
    last = meeting.speaker_turns.aggregate(last=Max("position"))["last"] or 0
    return SpeakerTurn.objects.create(meeting=meeting, item=item, delegation=delegation, name=name, position=last + 1)


@transaction.atomic
def move_turn(turn: SpeakerTurn, *, up: bool, by: User) -> SpeakerTurn:
    """Change places with the one who waits before, or after. Raises MeetingInAnotherState, SpeakerInAnotherState."""
    turn = _locked_turn(turn, waiting=True)
    rows = list(SpeakerTurn.objects.select_for_update(of=("self",)).filter(meeting=turn.meeting_id))
    # Only among those who wait: who has spoken keeps a place that nobody looks at any more.
    waits = [row for row in rows if row.waits]
    spoken = [row for row in rows if not row.waits]
    here = [row.pk for row in waits].index(turn.pk)
    there = here - 1 if up else here + 1
    if 0 <= there < len(waits):
        waits[here], waits[there] = waits[there], waits[here]
    for number, row in enumerate([*spoken, *waits], start=1):
        if row.position != number:
            SpeakerTurn.objects.filter(pk=row.pk).update(position=number)
    return turn


@transaction.atomic
def give_floor(turn: SpeakerTurn, *, by: User) -> SpeakerTurn:
    """Let who waits speak, from this moment; who has the floor has spoken. Twice is once.

    Raises MeetingInAnotherState, SpeakerInAnotherState.
    """
    turn = _locked_turn(turn)
    if turn.speaks:
        return turn
    _require_waiting(turn)
    now = timezone.now()
    SpeakerTurn.objects.filter(meeting=turn.meeting_id, began_at__isnull=False, ended_at=None).update(ended_at=now)
    turn.began_at = now
    turn.save(update_fields=["began_at"])
    return turn


@transaction.atomic
def end_turn(turn: SpeakerTurn, *, by: User) -> SpeakerTurn:
    """Note that who has the floor has spoken. Twice is once. Raises MeetingInAnotherState, SpeakerInAnotherState."""
    turn = _locked_turn(turn)
    if turn.began_at is None:
        raise SpeakerInAnotherState(_("This speaker does not have the floor."))
    if turn.ended_at is None:
        turn.ended_at = timezone.now()
        turn.save(update_fields=["ended_at"])
    return turn


@transaction.atomic
def withdraw_turn(turn: SpeakerTurn, *, by: User) -> SpeakerTurn:
    """Take who waits off the list. Twice is once. Raises MeetingInAnotherState, SpeakerInAnotherState."""
    turn = _locked_turn(turn)
    if turn.withdrawn_at is None:
        _require_waiting(turn)
        turn.withdrawn_at = timezone.now()
        turn.save(update_fields=["withdrawn_at"])
    return turn


def _locked_turn(turn: SpeakerTurn, *, waiting: bool = False) -> SpeakerTurn:
    """The row, fresh. Every step on the list locks the meeting first, so that one of them is taken at a time."""
    locked_meeting(turn.meeting, *NOTED_IN)
    turn = SpeakerTurn.objects.select_for_update(of=("self",)).get(pk=turn.pk)
    if waiting:
        _require_waiting(turn)
    return turn


def _require_waiting(turn: SpeakerTurn) -> None:
    if not turn.waits:
        raise SpeakerInAnotherState(_("This speaker does not wait for the floor any more."))
