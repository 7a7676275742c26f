"""What figures rest on, counted for any number of days in one question to the database.

Each count is written once, for one day, and named:

    @counted("memberships")
    def _memberships(asked: AsOf) -> Counted:
        return counts_by(Membership.objects.as_of(asked.day, known=asked.known), "category", "pillar")

`Counts` puts all of them together with UNION ALL, for all days that a page speaks of. So a page of figures takes one
query, however many figures and days it shows, and every part of it is a plain GROUP BY that its indexes serve.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Count, F, IntegerField, QuerySet, Value

if TYPE_CHECKING:
    from members.figures.asking import AsOf

Row = tuple[str, str, str, int]
"""Up to three marks that the counted rows share, "" where there is none, and how many they are."""
Counted = QuerySet[Any, dict[str, Any]]
Tally = Callable[["AsOf"], Counted]

MARKS = ("mark_1", "mark_2", "mark_3")

_tallies: dict[str, Tally] = {}


def counted(name: str) -> Callable[[Tally], Tally]:
    """Give a count of a day its name, under which `AsOf.counted` finds it."""

    def add(tally: Tally) -> Tally:
        _tallies[name] = tally
        return tally

    return add


def counts_by(rows: QuerySet[Any], *marks: Any, count: Count | None = None) -> Counted:
    """How many rows share each combination of up to three marks (fields or expressions of text)."""
    blank = Value("", output_field=CharField())
    given = [F(mark) if isinstance(mark, str) else mark for mark in marks]
    named = dict(zip(MARKS, [*given, *[blank] * (len(MARKS) - len(given))], strict=True))
    return rows.order_by().values(**named).annotate(number=count or Count("pk"))


class Counts:
    """The named counts of some days, read once, when the first is asked for."""

    def __init__(self, asks: Iterable[AsOf], names: Collection[str] | None = None) -> None:
        """`names` are those that will be asked for; None: any."""
        self._asks = list(asks)
        self._names = names
        self._rows: dict[tuple[int, str], list[Row]] | None = None

    def of(self, asked: AsOf, name: str) -> list[Row]:
        """The count of that name, of one of the days. Raises ValueError for another day."""
        if self._rows is None:
            self._rows = self._read()
        return self._rows.get((self._asks.index(asked), name), [])

    def _read(self) -> dict[tuple[int, str], list[Row]]:
        parts = [
            tally(asked)
            .annotate(day=Value(place, output_field=IntegerField()), name=Value(name, output_field=CharField()))
            .values_list("day", "name", *MARKS, "number")
            for place, asked in enumerate(self._asks)
            for name, tally in _tallies.items()
            if self._names is None or name in self._names
        ]
        found: dict[tuple[int, str], list[Row]] = {}
        first, *others = parts
        for place, name, *row in first.union(*others, all=True):
            found.setdefault((place, name), []).append(tuple(row))
        return found


def counts_of(asked: AsOf, name: str) -> list[Row]:
    """One count of one day, by itself."""
    return list(_tallies[name](asked).values_list(*MARKS, "number"))
