"""Two days beside each other: each figure on both, and who joined and left the Association between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Window
from django.db.models.functions import RowNumber

from members.figures.asking import AsOf, Figure
from members.models import Membership, Organisation, Pillar

MOST_NAMES = 50
"""Of those that joined or left, in one pillar."""


@dataclass(frozen=True)
class Compared:
    """A figure on two days. None where it is left out on one of them."""

    figure: Figure
    earlier: str | None
    later: str | None
    difference: int | None

    @property
    def size(self) -> int:
        """The difference without its sign."""
        return abs(self.difference or 0)

    @property
    def signed(self) -> str:
        """The difference with its sign, none for 0; percentages differ by points, which the page says."""
        if not self.difference:
            return "0"
        sign = "+" if self.difference > 0 else "\N{MINUS SIGN}"
        return f"{sign}{self.size}"


def compared(earlier: Iterable[Figure], later: Iterable[Figure]) -> list[Compared]:
    """Each figure of either day, under the label of the later one.

    A count that only one day has is 0 on the other: nobody was of that standard or region. A share that one day lacks
    is left out there, not 0.
    """
    before = {figure.key: figure for figure in earlier}
    after = {figure.key: figure for figure in later}
    return [_compared(figure, before.get(key), after.get(key)) for key, figure in {**before, **after}.items()]


def _compared(figure: Figure, before: Figure | None, after: Figure | None) -> Compared:
    if figure.unit and not (before and after):
        return Compared(figure, before.shown if before else None, after.shown if after else None, None)
    difference = (after.value if after else 0) - (before.value if before else 0)
    return Compared(figure, before.shown if before else "0", after.shown if after else "0", difference)


@dataclass
class Moved:
    """Organisations of a pillar that joined, or left: how many, and the first of them by name."""

    number: int = 0
    organisations: list[dict[str, str]] = field(default_factory=list)

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.number - len(self.organisations)


@dataclass(frozen=True)
class Movement:
    """Who joined and who left in one pillar."""

    pillar: Pillar
    joined: Moved
    left: Moved


def movements(earlier: AsOf, later: AsOf, user: Any) -> list[Movement]:
    """Who is a member on the later day alone, and who on the earlier alone, as far as this reader may know them."""
    joined, left = _only(later, earlier, user), _only(earlier, later, user)
    return [
        Movement(pillar, joined.get(pillar.value, Moved()), left.get(pillar.value, Moved()))
        for pillar in (Pillar.INDUSTRY, Pillar.CIVIL_SOCIETY, Pillar.GOVERNMENT)
        if pillar.value in joined or pillar.value in left
    ]


def _members(asked: AsOf) -> Any:
    return Membership.objects.as_of(asked.day, known=asked.known).members()


def _only(asked: AsOf, other: AsOf, user: Any) -> dict[str, Moved]:
    """By pillar, the members on one day that are none on the other."""
    there_too = _members(other).filter(organisation=OuterRef("organisation"))
    seen = Organisation.objects.visible_to(user).filter(pk=OuterRef("organisation"))
    rows = (
        _members(asked)
        .filter(~Exists(there_too), Exists(seen))
        .annotate(
            place=Window(RowNumber(), partition_by=["pillar"], order_by=["organisation__name", "pk"]),
            number=Window(Count("pk"), partition_by=["pillar"]),
        )
        .filter(place__lte=MOST_NAMES)
        .order_by("pillar", "place")
        .values("pillar", "number", name=F("organisation__name"), slug=F("organisation__slug"))
    )
    found: dict[str, Moved] = {}
    for row in rows:
        moved = found.setdefault(row["pillar"], Moved(row["number"]))
        moved.organisations.append({"name": row["name"], "slug": row["slug"]})
    return found
