"""Months side by side, as a calendar on a page shows them: weeks from Monday to Sunday, drawn by the server."""

from __future__ import annotations

import re
from calendar import Calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format

from icoca_portal.lib.days import months_later

#: The years that an address may ask for.
YEARS = range(2000, 2101)
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")


@dataclass(frozen=True)
class Months:
    """So many months, from that of `first` (its first day) on."""

    first: date
    count: int = 3

    @classmethod
    def asked(cls, text: str, day: date, count: int = 3) -> Months:
        """Those from ``2026-12`` on; from the month of `day` where the text names no month."""
        found = _MONTH.fullmatch(text)
        if found and int(found[1]) in YEARS and 1 <= int(found[2]) <= 12:
            day = date(int(found[1]), int(found[2]), 1)
        return cls(day.replace(day=1), count)

    @property
    def end(self) -> date:
        """The first day after them."""
        return months_later(self.first, self.count)

    @property
    def earlier(self) -> str:
        """The name of the months before, as `asked` reads it; empty where there are none."""
        return _name(months_later(self.first, -self.count))

    @property
    def later(self) -> str:
        """The name of the months after; empty where there are none."""
        return _name(self.end)

    def holds(self, day: date) -> bool:
        return self.first <= day < self.end

    def __iter__(self) -> Iterator[date]:
        """The first day of each."""
        return (months_later(self.first, number) for number in range(self.count))


def weeks(month: date) -> list[list[date | None]]:
    """The weeks of a month, from Monday to Sunday; None for the days of its neighbours."""
    found = Calendar(firstweekday=0).monthdatescalendar(month.year, month.month)
    return [[day if day.month == month.month else None for day in week] for week in found]


def weekdays() -> list[tuple[str, str]]:
    """Monday to Sunday, short and in full, in the reader's language."""
    monday = date(2024, 1, 1)
    days = [monday.replace(day=number) for number in range(1, 8)]
    return [(date_format(day, "D"), date_format(day, "l")) for day in days]


def _name(month: date) -> str:
    return f"{month:%Y-%m}" if month.year in YEARS else ""
