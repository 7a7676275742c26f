"""The note-taker's screen: what stands on it, and what of it has changed since a page was shown.

A page is made of regions, each with a stamp of what it shows; a page that asks again names the stamps and the versions
of the notes that it has, and gets what differs. So nothing depends on clocks, or on the order in which things are
stored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from meetings.agendas import OutlinedItem, outline
from meetings.models import (
    AgendaItem,
    Attendance,
    Decision,
    FollowUp,
    Invitation,
    Meeting,
    Note,
    Registration,
    SpeakerTurn,
)
from meetings.registering import people_registered
from members.models import Delegation, Organisation

REGIONS = ("agenda", "speakers", "decisions", "agreed", "removed")


@dataclass(frozen=True)
class Line:
    """An item of the agenda with how much was noted under it."""

    outlined: OutlinedItem
    notes: int

    @property
    def item(self) -> AgendaItem:
        """The item itself."""
        return self.outlined.item


@dataclass
class Screen:
    """What stands on the screen of a meeting with one item open; `item` is None while there is no agenda."""

    meeting: Meeting
    lines: list[Line]
    item: AgendaItem | None

    @cached_property
    def line(self) -> Line | None:
        """The line of the item that is open."""
        return next((line for line in self.lines if self.item and line.item.pk == self.item.pk), None)

    @cached_property
    def all_notes(self) -> list[Note]:
        """Every note of the item, those that were removed too."""
        notes = Note.objects.filter(item=self.item).select_related("delegation__organisation", "changed_by")
        return list(notes)

    @property
    def notes(self) -> list[Note]:
        """The notes that stand, in their order."""
        return [note for note in self.all_notes if note.removed_at is None]

    @property
    def removed(self) -> list[Note]:
        """The notes that were removed, and can be restored."""
        return [note for note in self.all_notes if note.removed_at is not None]

    @cached_property
    def all_decisions(self) -> list[Decision]:
        """Every decision under the item, those that were removed too."""
        return list(Decision.objects.filter(item=self.item, meeting=self.meeting).select_related("recorded_by"))

    @property
    def decisions(self) -> list[Decision]:
        """The decisions that stand."""
        return [row for row in self.all_decisions if row.removed_at is None]

    @property
    def removed_decisions(self) -> list[Decision]:
        """The decisions that were removed, and can be restored."""
        return [row for row in self.all_decisions if row.removed_at is not None]

    @cached_property
    def follow_ups(self) -> list[FollowUp]:
        """What was agreed under the item."""
        rows = FollowUp.objects.filter(item=self.item, meeting=self.meeting)
        return list(rows.select_related("delegation__organisation"))

    @cached_property
    def turns(self) -> list[SpeakerTurn]:
        """The speakers' list without those who withdrew; nothing where the chair wants none."""
        if not self.meeting.has_speakers_list:
            return []
        rows = SpeakerTurn.objects.filter(meeting=self.meeting, withdrawn_at=None)
        return list(rows.select_related("delegation__organisation"))

    @property
    def speaking(self) -> SpeakerTurn | None:
        """Who has the floor."""
        return next((turn for turn in self.turns if turn.speaks), None)

    @property
    def waiting(self) -> list[SpeakerTurn]:
        """Who waits for the floor, in order."""
        return [turn for turn in self.turns if turn.waits]

    @property
    def spoken(self) -> list[SpeakerTurn]:
        """Who has spoken, the last one first."""
        rows = [turn for turn in self.turns if turn.ended_at]
        return sorted(rows, key=lambda turn: turn.ended_at or turn.asked_at, reverse=True)

    # A short text a region, which differs when what the region shows does. Each is asked for where its region stands.

    @property
    def agenda_stamp(self) -> str:
        """Of the agenda with its numbers of notes."""
        return stamp((line.item.pk, line.outlined.heading, line.notes) for line in self.lines)

    @property
    def speakers_stamp(self) -> str:
        """Of the speakers' list."""
        return stamp((turn.pk, turn.position, str(turn), turn.began_at, turn.ended_at) for turn in self.turns)

    @property
    def decisions_stamp(self) -> str:
        """Of the decisions, and those that were removed."""
        return stamp((row.pk, row.version, row.removed_at is None) for row in self.all_decisions)

    @property
    def agreed_stamp(self) -> str:
        """Of the follow-ups."""
        return stamp((row.pk, row.version) for row in self.follow_ups)

    @property
    def removed_stamp(self) -> str:
        """Of the notes that were removed."""
        return stamp((note.pk, note.version) for note in self.removed)

    @property
    def known(self) -> str:
        """The notes that stand, with their versions: ``12:3,13:1``."""
        return ",".join(f"{note.pk}:{note.version}" for note in self.notes)

    def notes_unlike(self, known: str) -> list[Note]:
        """The notes of which a page that names those it has lacks the text."""
        there = set(known.split(","))
        return [note for note in self.notes if f"{note.pk}:{note.version}" not in there]

    def regions_unlike(self, stamps: dict[str, str]) -> list[str]:
        """The regions that a page with these stamps shows otherwise than they are."""
        now = {name: getattr(self, f"{name}_stamp") for name in REGIONS if name in stamps}
        return [name for name, value in now.items() if stamps[name] != value]


def stamp(parts: Iterable[Any]) -> str:
    """Twelve figures for what the parts are."""
    return hashlib.sha256(repr(list(parts)).encode()).hexdigest()[:12]


def screen_of(meeting: Meeting, chosen: str = "") -> Screen:
    """The screen of a meeting with the item whose key was `chosen`, else the first one. One query; the others come
    as the screen is shown."""
    standing = Count("notes", filter=Q(notes__removed_at=None))
    lines = [
        Line(outlined, outlined.item.standing_notes)  # type: ignore[attr-defined]
        for outlined in outline(meeting.items.annotate(standing_notes=standing))
    ]
    items = [line.item for line in lines]
    item = next((item for item in items if str(item.pk) == chosen), items[0] if items else None)
    return Screen(meeting, lines, item)


# Attendance


@dataclass(frozen=True)
class Present:
    """A delegation, whom it has registered, and whether it takes part."""

    delegation: Delegation
    registered: tuple[Registration, ...]
    row: Attendance | None

    @property
    def mode(self) -> str:
        """``in person``, ``online``, or an empty text."""
        return self.row.mode if self.row else ""


@dataclass(frozen=True)
class Roll:
    """Everybody who may take part in a meeting, and who does."""

    expected: list[Present]
    """Delegations that said they attend or have registered somebody, and those that take part."""
    others: list[Present]
    """The other participants of that day."""
    guests: list[Attendance]
    """Everybody in another capacity."""

    @property
    def present(self) -> int:
        """How many delegations take part."""
        return sum(row.row is not None for row in self.expected)

    @property
    def online(self) -> int:
        """How many of them take part online."""
        return sum(row.mode == "online" for row in self.expected)

    @property
    def stamp(self) -> str:
        """A short text, which differs when the roll does."""
        rows = [(row.delegation.pk, row.mode, len(row.registered)) for row in [*self.expected, *self.others]]
        return stamp([*rows, *((row.pk, row.mode) for row in self.guests)])


def roll_of(meeting: Meeting) -> Roll:
    """Who is registered, who takes part, who might. Three queries."""
    registered: dict[int, list[Registration]] = {}
    for person in people_registered(meeting):
        registered.setdefault(person.delegation_id, []).append(person)
    rows = list(Attendance.objects.filter(meeting=meeting).select_related("delegation__organisation"))
    capacity = Attendance.Capacity.PARTICIPANT
    present = {row.delegation_id: row for row in rows if row.capacity == capacity}
    attends = Invitation.objects.filter(meeting=meeting, delegation=OuterRef("pk"), reply=Invitation.Reply.ATTENDS)
    delegations = (
        Delegation.objects.annotate(attends=Exists(attends))
        .filter(
            Q(organisation__in=Organisation.objects.participants(meeting.date))
            | Q(attends=True)
            | Q(pk__in=[pk for pk in {*registered, *present} if pk])
        )
        .select_related("organisation")
        .order_by("organisation__name")
    )
    expected: list[Present] = []
    others: list[Present] = []
    for delegation in delegations:
        row = Present(delegation, tuple(registered.get(delegation.pk, ())), present.get(delegation.pk))
        comes = row.registered or row.row or delegation.attends
        (expected if comes else others).append(row)
    return Roll(expected, others, guests=[row for row in rows if row.capacity != capacity])
