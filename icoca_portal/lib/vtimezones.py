"""Time zones as calendar files carry them (RFC 5545, VTIMEZONE), with a yearly rule where the zone has one.

Outlook reads the rule and nothing else; a list of days, as libraries write it, is lost on it. Google and Apple know
the zone by its name and take its rules from their own tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

#: Where the one offset of a zone without changes begins.
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST = -1


@dataclass(frozen=True)
class Change:
    """A change of the clocks: at `at`, on the clock as it was before, from an offset to another."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str

    @property
    def is_forward(self) -> bool:
        """Whether the clocks go forward, to summer time."""
        return self.after > self.before

    def weeks(self) -> set[int]:
        """Which weekday of its month it is: the second one is 2; the last one is -1 too."""
        found = {(self.at.day - 1) // 7 + 1}
        if (self.at + timedelta(days=7)).month != self.at.month:
            found.add(LAST)
        return found


def vtimezone(zone: ZoneInfo, years: Iterable[int]) -> Timezone:
    """The rules of the zone for events in these years."""
    first, last = min(years), max(years)
    # The changes of the year before say what holds on the first of January.
    by_year = [_changes(zone, year) for year in range(first - 1, last + 1)]
    component = Timezone()
    component.add("tzid", zone.key)
    changes = [change for year in by_year for change in year]
    if not changes:
        moment = datetime(first, 1, 1, tzinfo=zone)
        offset = moment.utcoffset() or timedelta()
        component.add_component(_observance(Change(ALWAYS, offset, offset, moment.tzname() or zone.key)))
        return component
    rules = _yearly(by_year)
    if rules:
        for change, rule in rules:
            component.add_component(_observance(change, rule))
        return component
    start = datetime(first - 1, 1, 1, tzinfo=zone)
    offset = start.utcoffset() or timedelta()
    component.add_component(_observance(Change(ALWAYS, offset, offset, start.tzname() or zone.key)))
    for change in changes:
        component.add_component(_observance(change))
    return component


@lru_cache(maxsize=1024)
def _changes(zone: ZoneInfo, year: int) -> list[Change]:
    """The changes of the clocks in a year, to the minute. Kept: a year of a zone is looked through once a process."""
    found = []
    day = datetime(year, 1, 1, tzinfo=UTC)
    while day.year == year:
        after = day + timedelta(days=1)
        old, new = _offset(zone, day), _offset(zone, after)
        if old != new:
            found.append(_change(zone, day, after, old, new))
        day = after
    return found


def _change(zone: ZoneInfo, start: datetime, end: datetime, old: timedelta, new: timedelta) -> Change:
    """The change between two moments in UTC, found by halving."""
    while end - start > timedelta(minutes=1):
        middle = start + timedelta(minutes=int((end - start).total_seconds() // 120))
        if _offset(zone, middle) == old:
            start = middle
        else:
            end = middle
    name = end.astimezone(zone).tzname() or zone.key
    return Change(end + old, old, new, name)


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _yearly(by_year: list[list[Change]]) -> list[tuple[Change, dict[str, object]]]:
    """The two changes of the first year with the rules by which they come again each year; empty if there are none."""
    if any(len(changes) != 2 for changes in by_year):
        return []
    found: list[tuple[Change, dict[str, object]]] = []
    for same in zip(*by_year, strict=True):
        first = same[0]
        weeks = set.intersection(*(change.weeks() for change in same))
        kept = {(c.at.month, c.at.weekday(), c.at.time(), c.before, c.after) for c in same}
        if len(kept) != 1 or not weeks:
            return []
        week = LAST if LAST in weeks else min(weeks)
        rule = {"freq": "yearly", "bymonth": first.at.month, "byday": f"{week}{WEEKDAYS[first.at.weekday()]}"}
        found.append((first, rule))
    return found


def _observance(change: Change, rule: dict[str, object] | None = None) -> TimezoneDaylight | TimezoneStandard:
    component = TimezoneDaylight() if change.is_forward else TimezoneStandard()
    component.add("tzname", change.name)
    component.add("dtstart", change.at.replace(tzinfo=None))  # on the clock of the zone
    component.add("tzoffsetfrom", change.before)
    component.add("tzoffsetto", change.after)
    if rule:
        component.add("rrule", rule)
    return component
