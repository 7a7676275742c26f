"""What stands on a person's desk: the shapes in which every app reports it to the home page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.days import day_of, geneva, today
from icoca_portal.lib.moments import in_geneva


class Stage(StrEnum):
    """How near a thing is, in the order in which a desk shows them."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"
    UNDATED = "undated"

    @property
    def label(self) -> Any:
        return {
            Stage.OVERDUE: _("Overdue"),
            Stage.TODAY: _("Today"),
            Stage.WEEK: _("This week"),
            Stage.LATER: _("Later"),
            Stage.UNDATED: _("Without a date"),
        }[self]


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for a person.

    `due` is a day in Geneva or an aware moment, or None where nothing is set. `action` is the label of the link that
    does it (a verb: "Approve the summary"), empty where there is only something to read under `url`. `kind` names what
    it is (``approve_summary``, ``read_agenda``), so that a page can sort or count them. `happens` says that its day is
    not the last on which it can be done, but the one on which it takes place. `row` is what it is about, for the app
    that reported it and says more of those that are shown.
    """

    title: str
    url: str
    kind: str
    due: date | datetime | None = None
    detail: str = ""
    action: str = ""
    happens: bool = False
    row: Any = field(default=None, compare=False, repr=False)

    @property
    def due_moment(self) -> datetime | None:
        """When it is due: a day is over at its midnight in Geneva."""
        if self.due is None or isinstance(self.due, datetime):
            return self.due
        return datetime.combine(self.due, time.max, tzinfo=geneva())

    @property
    def due_day(self) -> date | None:
        """The day in Geneva on which it is due."""
        return day_of(self.due) if isinstance(self.due, datetime) else self.due

    def stage_at(self, now: datetime) -> Stage:
        """How near it is at a moment (aware). A week ends with its Sunday, in Geneva."""
        due, day = self.due_moment, self.due_day
        if due is None or day is None:
            return Stage.UNDATED
        if due < now:
            return Stage.OVERDUE
        present = day_of(now)
        if day == present:
            return Stage.TODAY
        sunday = present + timedelta(days=6 - present.weekday())
        return Stage.WEEK if day <= sunday else Stage.LATER


@dataclass(frozen=True)
class Entry:
    """Something on a day in Geneva, for the calendar: `what` says what the day is to the thing of the title."""

    day: date
    title: str
    url: str
    what: str
    moment: datetime | None = None

    @property
    def hour(self) -> str:
        """``18:00 Geneva``; the day too, where the hour falls on another one there; empty without an hour."""
        if self.moment is None:
            return ""
        if day_of(self.moment) != self.day:
            return in_geneva(self.moment)
        hour = date_format(timezone.localtime(self.moment, geneva()), "TIME_FORMAT")
        return gettext("%(hour)s Geneva") % {"hour": hour}

    @classmethod
    def of(cls, thing: Waiting, what: str) -> Entry | None:
        """That of a thing that waits; None without a day."""
        moment = thing.due if isinstance(thing.due, datetime) else None
        return cls(thing.due_day, thing.title, thing.url, what, moment) if thing.due_day else None


@dataclass(frozen=True)
class Circulation:
    """Something that went out and comes back: what it is (`kind` in words), how far it is, until when."""

    kind: Any
    title: str
    url: str
    state: str
    due: datetime | None = None
    tags: tuple[tuple[str, str], ...] = ()
    """What needs somebody: the look's class of a sign, and its words."""


@dataclass(frozen=True)
class New:
    """Something that came: a paper, a circular, what the person was told of. `formats` are names and addresses of its
    files."""

    at: datetime
    title: str
    url: str
    symbol: str = ""
    note: str = ""
    formats: tuple[tuple[str, str], ...] = ()
    is_new: bool = False

    @property
    def day(self) -> date:
        """The day in Geneva on which it came."""
        return day_of(self.at)


@dataclass
class Desk:
    """What one app has for a desk."""

    waiting: list[Waiting] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    circulations: list[Circulation] = field(default_factory=list)
    news: list[New] = field(default_factory=list)


def by_due(things: Iterable[Waiting]) -> list[Waiting]:
    """The first due first, what has no date last; in the order given where they are equal."""
    far = datetime.max.replace(tzinfo=geneva())
    return sorted(things, key=lambda thing: thing.due_moment or far)


def days_until(due: datetime) -> int:
    """In how many days, in Geneva, a moment lies; less than 0 where its day has passed."""
    return (day_of(due) - today()).days
