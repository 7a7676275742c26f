"""Keeping the entries of the search true to what they are about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone, translation

from meetings.finding import texts
from meetings.finding.texts import Kind, Words
from meetings.models import Decision, Document, Entry, FollowUp, Meeting, Note

#: How many meetings the clock compares at a time.
BITE = 10
FIELDS = ["meeting", "title", "text", "language", "date", "presenter", "anchor"]
COMPARED = ["meeting_id", *FIELDS[1:]]

#: What of a single thing is kept: its meeting, the kinds of its entries, and their words.
_SINGLE: dict[type, tuple[Callable[[Any], Meeting], str, Callable[[Any], Iterable[Words]]]] = {
    Note: (lambda note: note.item.meeting, Kind.NOTE, texts.of_note),
    Decision: (lambda decision: decision.meeting, Kind.DECISION, texts.of_decision),
    Document: (lambda document: document.meeting, Kind.DOCUMENT, texts.of_document),
    FollowUp: (lambda follow_up: follow_up.meeting, Kind.FOLLOW_UP, texts.of_follow_up),
}


def index(row: Note | Decision | Document | FollowUp) -> None:
    """Bring the entry of one thing up to date, in the transaction of what has changed it. Two or three queries.

    What was removed is no longer found.
    """
    meeting_of, kind, words_of = _SINGLE[type(row)]
    meeting = meeting_of(row)
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        _write(meeting, Entry.objects.filter(kind=kind, object_id=row.pk), words_of(row))


def index_meeting(meeting: Meeting) -> int:
    """Bring all entries of a meeting up to date, and write only what differs. Returns how many entries that were.

    About fifteen queries, whatever hangs on the meeting.
    """
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        # The entries are locked before the things are read: a change that commits meanwhile is either seen here, or
        # waits for these locks and writes after.
        entries = list(Entry.objects.filter(meeting=meeting).select_for_update().order_by("pk"))
        fresh = Meeting.objects.select_related("working_group", "chair_organisation").get(pk=meeting.pk)
        changed = _write(fresh, entries, texts.of_everything(fresh))
        Entry.objects.filter(kind=Kind.MEETING, object_id=fresh.pk).update(compared_at=timezone.now())
    return changed


def _write(meeting: Meeting, stored: Iterable[Entry], wanted: Iterable[Words]) -> int:
    """Make the stored entries hold the words: only what differs is written."""
    left = {(entry.kind, entry.object_id): entry for entry in stored}
    changed = []
    for words in wanted:
        entry = Entry(
            kind=words.kind,
            object_id=words.object_id,
            meeting=meeting,
            title=words.title,
            text=words.text,
            language=words.language,
            date=meeting.date,
            presenter=words.presenter,
            anchor=words.anchor,
        )
        known = left.pop((words.kind, words.object_id), None)
        if known is None or any(getattr(known, name) != getattr(entry, name) for name in COMPARED):
            changed.append(entry)
    if changed:
        Entry.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["kind", "object_id"], update_fields=FIELDS
        )
    if left:
        Entry.objects.filter(pk__in=[entry.pk for entry in left.values()]).delete()
    return len(changed) + len(left)


def mend(now: datetime) -> int:
    """A job of the clock: compare a bite of meetings, first those that have no entry, then those that were compared
    longest ago, so that whatever changed a text in passing is found in time. Returns how many entries differed."""
    own = Entry.objects.filter(kind=Kind.MEETING, object_id=OuterRef("pk"))
    missing = list(Meeting.objects.filter(~Exists(own)).order_by("pk")[:BITE])
    longest = Entry.objects.filter(kind=Kind.MEETING).order_by(F("compared_at").asc(nulls_first=True), "pk")
    due = [entry.meeting for entry in longest.select_related("meeting")[: BITE - len(missing)]]
    return sum(index_meeting(meeting) for meeting in [*missing, *due])


def rebuild() -> int:
    """Compare every meeting at once. Returns how many entries differed."""
    return sum(index_meeting(meeting) for meeting in Meeting.objects.order_by("pk").iterator(chunk_size=100))
