"""Two days beside each other: each figure on both, and who joined and left the Association between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Window
from django.db.models.functions import RowNumber

from members.figures.asking import AsOf, Figure
from members.figures.registry import SMALLEST_SHOWN
from members.models import CompanyProfile, Membership, Organisation, Pillar, Size

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


SIZES = frozenset(f"companies.{size.value}" for size in Size)
"""The keys of the shares by size."""


def sizes_disclose(earlier: AsOf, later: AsOf) -> bool:
    """Whether the shares by size of both days beside each other would tell a size: so few companies are counted to
    another size on the other day, or on one of them only, that the move of a share is theirs."""

    def changed(here: AsOf, there: AsOf) -> Any:
        of_other_day = _sized(there).filter(organisation=OuterRef("organisation"), size=OuterRef("size"))
        return _sized(here).filter(~Exists(of_other_day)).order_by().values("organisation")

    companies = changed(earlier, later).union(changed(later, earlier))[:SMALLEST_SHOWN]
    return 0 < len(companies) < SMALLEST_SHOWN


def _sized(asked: AsOf) -> Any:
    """The profiles that the shares by size count."""
    return CompanyProfile.objects.of_member_companies(asked.day, known=asked.known).exclude(size="")


def without_sizes(figures: Iterable[Figure]) -> list[Figure]:
    """The figures without the shares by size."""
    return [figure for figure in figures if figure.key not in SIZES]


def compared(earlier: Iterable[Figure], later: Iterable[Figure], *, sizes: bool = True) -> list[Compared]:
    """Each figure of either day, under the label of the later one; the shares by size are left out unless `sizes`.

    A count that only one day has is 0 on the other: nobody was of that standard or region. A share that one day lacks
    is left out there, not 0.
    """
    before = {figure.key: figure for figure in earlier}
    after = {figure.key: figure for figure in later}
    return [
        Compared(figure, None, None, None)
        if key in SIZES and not sizes
        else _compared(figure, before.get(key), after.get(key))
        for key, figure in {**before, **after}.items()
    ]


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
