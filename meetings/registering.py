"""Who was invited to a meeting, what they replied and whom they registered: pure reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from icoca_portal.lib.mornings import days_due
from meetings.models import Invitation, Meeting, Registration, RegistrationChange
from meetings.models.meetings import AttendanceMode
from members.audience import by_delegation, delegates_of
from members.models import Delegate, Delegation, Notice
from members.regions import Region, region_of
from members.things import reference_of

#: Who of a delegation is told of an invitation: those who register. The others see it on the meeting's page.
TOLD = (Delegate.Role.FOCAL_POINT,)
#: So many days before the deadline, in their own morning, focal points that have not replied are reminded.
REMINDER_DAYS = 3
#: Nobody is reminded twice within this time by hand, and nobody by the clock who was reminded by hand on its day.
PAUSE = timedelta(hours=1)
SAME_DAY = timedelta(hours=12)
#: Dietary and access needs are deleted so long after the day of the meeting.
NEEDS_KEPT = timedelta(days=30)

NEEDS = ("dietary_needs", "access_needs")


@dataclass(frozen=True)
class Row:
    """A delegation on the board: its invitation, the people it has registered, and who of it is told."""

    invitation: Invitation
    people: list[Registration] = field(default_factory=list)
    focal_points: list[Delegate] = field(default_factory=list)

    @property
    def delegation(self) -> Delegation:
        return self.invitation.delegation

    @property
    def region(self) -> Region:
        return region_of(self.delegation.organisation)

    @property
    def in_person(self) -> int:
        return sum(person.mode == AttendanceMode.IN_PERSON for person in self.people)

    @property
    def online(self) -> int:
        return sum(person.mode == AttendanceMode.ONLINE for person in self.people)

    @property
    def has_replied(self) -> bool:
        return self.invitation.reply != Invitation.Reply.NONE


@dataclass(frozen=True)
class Expected:
    """A delegation that is expected at a meeting, with its people: the head first, then as they were registered."""

    delegation: Delegation
    people: list[Registration]

    @property
    def mode(self) -> str:
        """Online if all of its people are; else in person, as for a delegation that has named nobody yet."""
        online = bool(self.people) and all(person.mode == AttendanceMode.ONLINE for person in self.people)
        return AttendanceMode.ONLINE if online else AttendanceMode.IN_PERSON

    @property
    def names(self) -> str:
        """``Ada Sample, Ben Sample``: the people as they stand in the attendance."""
        return ", ".join(person.person_name for person in self.people)


def board(meeting: Meeting) -> list[Row]:
    """Every invited delegation by name. Three queries, however many there are."""
    invitations = list(meeting.invitations.select_related("delegation__organisation", "replied_by", "meeting"))
    people = _people_of(meeting)
    told = by_delegation(delegates_of([row.delegation_id for row in invitations], TOLD))
    return [Row(row, people.get(row.delegation_id, []), told.get(row.delegation_id, [])) for row in invitations]


def counts(rows: Iterable[Row]) -> Counter[str]:
    """How many delegations attend, decline and have not replied, and how many people come in person and online."""
    found: Counter[str] = Counter()
    for row in rows:
        found[row.invitation.reply] += 1
        found["in_person"] += row.in_person
        found["online"] += row.online
    return found


def expected(meeting: Meeting) -> list[Expected]:
    """The delegations that said they attend, by name, with whom they registered. Two queries."""
    people = _people_of(meeting)
    attending = meeting.invitations.filter(reply=Invitation.Reply.ATTENDS).select_related("delegation__organisation")
    return [Expected(row.delegation, people.get(row.delegation_id, [])) for row in attending]


def names_registered(meeting: Meeting) -> dict[int, str]:
    """The people of each delegation, by its primary key: ``Ada Sample, Ben Sample``. One query."""
    return {
        delegation: ", ".join(person.person_name for person in people)
        for delegation, people in _people_of(meeting).items()
    }


def people_registered(meeting: Meeting) -> list[Registration]:
    """Everybody who is registered and has not been withdrawn: by delegation, the head first. One query."""
    rows = meeting.registrations.standing().select_related("delegation__organisation")
    return sorted(rows, key=lambda row: (row.delegation.organisation.name, *_place(row)))


def _people_of(meeting: Meeting) -> dict[int, list[Registration]]:
    found: dict[int, list[Registration]] = {}
    for row in people_registered(meeting):
        found.setdefault(row.delegation_id, []).append(row)
    return found


def _place(row: Registration) -> tuple[bool, int]:
    return row.capacity != Registration.Capacity.HEAD, row.pk


def needs_counted(people: Iterable[Registration]) -> list[tuple[Any, list[tuple[str, int]]]]:
    """How often each need is named, the most frequent first: one list for what is eaten, one for access.

    The same words in other letters or with other blanks are the same need.
    """
    people = list(people)
    found = []
    for name in NEEDS:
        texts = [" ".join(text.split()) for person in people if (text := getattr(person, name).strip())]
        first = {text.casefold(): text for text in reversed(texts)}
        counted = Counter(text.casefold() for text in texts)
        rows = sorted(((first[key], number) for key, number in counted.items()), key=lambda row: (-row[1], row[0]))
        column: Any = Registration._meta.get_field(name)
        found.append((column.verbose_name, rows))
    return found


# Reminders


def reminder_key(meeting: Meeting, occasion: str) -> str:
    """The key of a reminder, which is what keeps it from being sent twice to a person."""
    return f"registration-due:{meeting.pk}:{occasion}"


def _reminders_queued(meeting: Meeting) -> dict[int, list[tuple[str, datetime]]]:
    """By user: the occasions on which they were reminded, and when."""
    found: dict[int, list[tuple[str, datetime]]] = {}
    rows = Notice.objects.filter(about=reference_of("meeting", meeting.pk), kind="registration_due")
    for user, key, at in rows.values_list("user", "key", "happened_at"):
        found.setdefault(user, []).append((key.removeprefix(reminder_key(meeting, "")), at))
    return found


def to_remind(meeting: Meeting, now: datetime, only: Collection[int] | None = None) -> list[Row]:
    """Whom a reminder by hand would reach: delegations (of `only`, by primary key; default: all) that have not replied
    and still may, each with those of its focal points who were not reminded within the hour."""
    if not meeting.takes_registrations_at(now):
        return []
    queued = _reminders_queued(meeting)
    recently = {user for user, rows in queued.items() if any(at > now - PAUSE for _occasion, at in rows)}
    found = []
    for row in board(meeting):
        people = [delegate for delegate in row.focal_points if delegate.user_id not in recently]
        if people and not row.has_replied and (only is None or row.delegation.pk in only):
            found.append(Row(row.invitation, row.people, people))
    return found


def reminders_due(now: datetime) -> Iterator[tuple[Invitation, Delegate, str]]:
    """Which focal point is to be reminded `now` of which invitation, and the occasion that stands in the key.

    Due from 08:00 in their own zone on the day that is `REMINDER_DAYS` before the deadline, counted there, until that
    day ends. Whoever was invited since that hour, or was reminded by hand within twelve hours, is not.
    """
    coming = Meeting.objects.filter(state=Meeting.State.CONVENED, date__gte=(now - timedelta(days=2)).date())
    for meeting in coming.select_related("working_group"):
        closes = meeting.registration_closes
        if closes is None or not meeting.takes_registrations_at(now):
            continue
        # Wherever one sits, the days counted differ by one at most.
        if (closes - now) / timedelta(days=1) > REMINDER_DAYS + 1.1:
            continue
        occasion, queued = f"clock:{closes.isoformat()}", _reminders_queued(meeting)
        for row in board(meeting):
            if row.has_replied:
                continue
            for delegate in row.focal_points:
                if days_due(closes, row.invitation.invited_at, delegate.user.time_zone, now) != REMINDER_DAYS:
                    continue
                before = queued.get(delegate.user_id, [])
                if not any(at > now - SAME_DAY or name == occasion for name, at in before):
                    yield row.invitation, delegate, occasion


# What changed, in words

LATE = "late"
FIELDS: dict[str, Any] = {
    "person_name": gettext_lazy("name"),
    "function": gettext_lazy("function"),
    "email": gettext_lazy("e-mail"),
    "capacity": gettext_lazy("capacity"),
    "mode": gettext_lazy("in person or online"),
    "reply": gettext_lazy("reply"),
    "note": gettext_lazy("note"),
    "needs": gettext_lazy("needs"),
}


CHOICES: dict[str, Any] = {
    "capacity": Registration.Capacity.choices,
    "mode": AttendanceMode.choices,
    "reply": Invitation.Reply.choices,
}


@dataclass(frozen=True)
class Changed:
    """A fact that another one replaced, as a reader sees both; empty where there was or is none."""

    label: str
    before: str
    after: str


def changed_values(change: RegistrationChange) -> list[Changed]:
    """What a change replaced, field by field, in the reader's language. Needs never stand among it."""
    found = []
    for name, before, after in change.values:
        choices = dict(CHOICES.get(name, ()))
        shown = [str(choices.get(value, value)) for value in (before, after)]
        found.append(Changed(str(FIELDS[name]), *shown))
    return found


def change_in_words(change: RegistrationChange) -> str:
    """What a change says besides its kind and its values: that needs changed, and whether it came late.

    Stored are the names of the fields, so that each reader has them in their language. Changes noted before there were
    values name every field so, with the earlier name of a person.
    """
    parts = [part for part in change.detail.split("\n") if part]
    words = [str(FIELDS[part]) for part in parts if part in FIELDS]
    before = next((part.partition(":")[2] for part in parts if part.startswith("before:")), "")
    sentences = []
    if words:
        listed = ", ".join(words)
        sentences.append(pgettext("fields that changed", "Changed: %(fields)s.") % {"fields": listed})
    if before:
        sentences.append(_("Before: %(name)s.") % {"name": before})
    if LATE in parts:
        sentences.append(_("After the deadline."))
    return " ".join(sentences)
