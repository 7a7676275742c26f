"""The agenda as it is read: its items numbered, with the hours that follow from their minutes. Pure functions.

Numbers come from here and from nowhere else: 1, 2, 2.1, 2.2, 3. Any other business is the last item, whatever its
place among the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meetings.models import AgendaItem

DAY = 24 * 60


@dataclass(frozen=True)
class OutlinedItem:
    """An item with its number (``2``, ``2.1``) and when it begins, in the zone of the meeting; None if not known."""

    item: AgendaItem
    number: str
    depth: int
    """0 for an item, 1 for a sub-item."""
    begins: time | None = None

    @property
    def heading(self) -> str:
        """``2.1 Discussion and feedback``."""
        return f"{self.number} {self.item.title}"


def outline(items: Iterable[AgendaItem], begins: time | None = None) -> list[OutlinedItem]:
    """The items of one meeting in the order in which they are read, sub-items under theirs.

    `begins`: when the meeting does. Asks the database nothing: of a parent only its key is looked at, and a sub-item
    whose item is not among those given stands as an item of its own.
    """
    rows = sorted(items, key=lambda item: (item.position, item.pk or 0))
    given = {item.pk for item in rows}
    tops = [item for item in rows if item.parent_id is None or item.parent_id not in given]
    # Any other business comes last; sorting keeps the order of the others.
    tops.sort(key=lambda item: item.kind == "aob")
    under: dict[int | None, list[AgendaItem]] = {}
    for item in rows:
        if item.parent_id in given:
            under.setdefault(item.parent_id, []).append(item)
    numbered: list[tuple[AgendaItem, str, int]] = []
    for number, top in enumerate(tops, start=1):
        numbered.append((top, str(number), 0))
        numbered += [(item, f"{number}.{place}", 1) for place, item in enumerate(under.get(top.pk, []), start=1)]
    hours = hours_of([(item.starts_at, item.minutes, depth) for item, _number, depth in numbered], begins)
    return [
        OutlinedItem(item, number, depth, hour) for (item, number, depth), hour in zip(numbered, hours, strict=True)
    ]


def numbers(items: Iterable[AgendaItem]) -> dict[int, str]:
    """The number of each item of a meeting, by its key."""
    return {line.item.pk: line.number for line in outline(items)}


def hours_of(rows: Sequence[tuple[time | None, int | None, int]], begins: time | None) -> list[time | None]:
    """When each item begins, from its hour, its minutes and its depth: at the hour that was given for it, else when
    the one before it ends. An agenda that plans no minutes has no hours but those given."""
    if not any(minutes for _given, minutes, _depth in rows):
        return [given for given, _minutes, _depth in rows]
    found: list[time | None] = []
    clock = _minute(begins)
    ends_with_subs: int | None = None
    for place, (given, minutes, depth) in enumerate(rows):
        if depth == 0 and ends_with_subs is not None:
            clock = ends_with_subs
        if depth == 0:
            ends_with_subs = None
        if given is not None:
            clock = _minute(given)
        found.append(_hour(clock))
        if depth == 0 and place + 1 < len(rows) and rows[place + 1][2] == 1:
            # The minutes of an item hold those of its sub-items, which begin when it does.
            ends_with_subs = _later(clock, minutes)
        else:
            clock = _later(clock, minutes)
    return found


def _minute(hour: time | None) -> int | None:
    return None if hour is None else hour.hour * 60 + hour.minute


def _later(clock: int | None, minutes: int | None) -> int | None:
    return None if clock is None or not minutes else clock + minutes


def _hour(clock: int | None) -> time | None:
    # A day has its end: what would be after midnight has no hour.
    return time(clock // 60, clock % 60) if clock is not None and clock < DAY else None
