"""What is asked of the registry, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format

from icoca_portal.lib.days import geneva
from members.figures.counting import Counts, Row, counts_of


@dataclass(frozen=True)
class AsOf:
    """A day (Geneva) of which figures are asked; `known`: only what the portal knew by that moment; None: known now.

    `counts` holds what was counted already, where several figures or days are asked at once (`together`).
    """

    day: date
    known: datetime | None = None
    counts: Counts | None = field(default=None, compare=False, repr=False)

    @classmethod
    def known_then(cls, day: date) -> AsOf:
        """The day as it was known when it ended, at midnight in Geneva."""
        return cls(day, datetime.combine(day + timedelta(days=1), time.min, geneva()))

    @property
    def then(self) -> bool:
        """Whether later knowledge is left out."""
        return self.known is not None

    @property
    def words(self) -> dict[str, str]:
        """The day as sentences name it."""
        return {"day": date_format(self.day, "DATE_FORMAT")}

    def counted(self, name: str) -> list[Row]:
        """A named count of the day (members.figures.counting)."""
        return self.counts.of(self, name) if self.counts else counts_of(self, name)


def together(*asks: AsOf, names: Collection[str] | None = None) -> list[AsOf]:
    """The same days, counted in one query when the first figure of any of them is asked for.

    Where few figures are needed, `names` are the counts that they rest on; no other can be asked for then.
    """
    counts = Counts(asks, names)
    return [replace(asked, counts=counts) for asked in asks]


@dataclass(frozen=True)
class Figure:
    """A figure of a day: a stable key, what it counts, how many, and the sentence that says so.

    `unit` follows the number where it is no count ("%"). `rows` gives the organisations behind it, if there are any;
    where `permission` is set, for those alone who hold it.
    """

    key: str
    label: str
    value: int
    sentence: str
    unit: str = ""
    rows: Callable[[], QuerySet[Any]] | None = field(default=None, compare=False)
    permission: str = field(default="", compare=False)

    def may_be_seen_by(self, user: Any) -> bool:
        """Whether there are organisations behind the figure that this reader may see."""
        return self.rows is not None and (not self.permission or user.has_perm(self.permission))

    @property
    def shown(self) -> str:
        """The number as readers see it, with its unit."""
        return f"{self.value}\N{NO-BREAK SPACE}{self.unit}" if self.unit else str(self.value)


Source = Callable[[AsOf], Iterable[Figure]]

_sources: list[Source] = []


def register(source: Source) -> Source:
    """Add a function that gives figures. Returns it, so that it can be a decorator. Twice counts once."""
    if source not in _sources:
        _sources.append(source)
    return source


def figures(day: date, known: datetime | None = None) -> list[Figure]:
    """All figures of the day (Geneva), as known now or by a moment, in the active language."""
    return figures_of(AsOf(day, known))


def figures_of(asked: AsOf) -> list[Figure]:
    """All figures of what is asked, in the active language."""
    if asked.counts is None:
        (asked,) = together(asked)
    return [figure for source in _sources for figure in source(asked)]


def behind(key: str, asked: AsOf, user: Any) -> tuple[Figure, QuerySet[Any]] | None:
    """A figure and the organisations that it counts; None where there is no such figure, or not for this reader."""
    for figure in figures_of(asked):
        if figure.key == key and figure.rows and figure.may_be_seen_by(user):
            return figure, figure.rows()
    return None
