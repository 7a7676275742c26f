"""The register of a day: its rows, a page at a time, and how many there are of each choice of each filter.

One query counts everything: it groups the members by all that they are filtered by, and gives as many rows as there are
different combinations, however many members there are. What was searched for, and the standard, narrow it beforehand;
the rest is added up from it, so that a choice is counted under all filters but its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django_countries import countries

from icoca_portal.lib.fulltext import fold
from icoca_portal.lib.regions import CODES, REGIONS, region_of
from members.models import (
    ApplicationStatus,
    Certificate,
    CompanyProfile,
    Membership,
    Organisation,
    OtherName,
    Pillar,
)
from members.regions import Region
from members.register.asking import FILTERS, NO_REGION, Asked, Sort, Status

#: Rows that a file reads at once.
CHUNK = 500
_GROUPED = ("pillar", "category", "country", "works", "certified", "reviewed")


def country_name(code: str) -> str:
    """The name of a country in the active language; empty for none."""
    return str(countries.name(code)) if code else ""


def state_in_words(certified: bool, reviewed: bool, category: str) -> str:
    """Where a member stands with certification; of one that does not, the category."""
    said = [str(Status.CERTIFIED.label)] if certified else []
    said += [_("Under review for certification")] if reviewed else []
    return ", ".join(said) or str(Membership.Category(category).label)


@dataclass(frozen=True)
class Choice:
    """One choice of a filter, with how many members it would leave."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Row:
    """One line of the register."""

    membership: Membership
    """With its organisation; `country`, `works`, `certified` and `reviewed` stand on it as the day had them."""
    also: tuple[OtherName, ...] = ()
    """The other names under which it was found."""

    @property
    def organisation(self) -> Organisation:
        return self.membership.organisation

    @property
    def country(self) -> str:
        return country_name(self._asked("country"))

    @property
    def country_code(self) -> str:
        return str(self._asked("country"))

    @property
    def region_key(self) -> str:
        return region_of(self.country_code)

    @property
    def works_key(self) -> str:
        return str(self._asked("works"))

    @property
    def works(self) -> str:
        return str(CompanyProfile.Environment(self.works_key).label) if self.works_key else ""

    @property
    def certified(self) -> bool:
        return bool(self._asked("certified"))

    @property
    def reviewed(self) -> bool:
        return bool(self._asked("reviewed"))

    @property
    def standards(self) -> list[str]:
        """What it is certified to on the day."""
        return sorted({row.standard.code for row in cast(Any, self.organisation).certifying})

    @property
    def state(self) -> str:
        """Where it stands, in words."""
        return state_in_words(self.certified, self.reviewed, self.membership.category)

    def _asked(self, name: str) -> Any:
        return getattr(self.membership, name)


class _Counted(Paginator):
    """Pages of a list whose length is known."""

    def __init__(self, rows: Any, per_page: int, total: int) -> None:
        super().__init__(rows, per_page)
        self.total = total

    @property
    def count(self) -> int:
        return self.total


class Register:
    """What an address asks for. It is read when it is asked, each thing once."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked

    def __iter__(self) -> Iterator[Row]:
        """All rows that are asked for, in their order, some at a time."""
        return map(Row, self._complete(self._in_order).iterator(chunk_size=CHUNK))

    # Counts

    @cached_property
    def total(self) -> int:
        """How many rows are asked for."""
        return sum(count for cell, count in self._cells if not self._refusing(cell))

    @cached_property
    def by_category(self) -> Counter[str]:
        """How many of those asked for are members, affiliates and observers."""
        found: Counter[str] = Counter()
        for cell, count in self._cells:
            if not self._refusing(cell):
                found[cell["category"]] += count
        return found

    @cached_property
    def choices(self) -> dict[str, list[Choice]]:
        """The choices of each filter with their counts under the others; those that leave nobody are left out."""
        counts: dict[str, Counter[str]] = {name: Counter() for name in FILTERS if name != "standard"}
        for cell, count in self._cells:
            refusing = self._refusing(cell)
            for name, counter in counts.items():
                if refusing <= {name}:
                    for value in _values(cell, name):
                        counter[value] += count
        counts["standard"] = self._standards
        return {
            "pillar": self._listed("pillar", Pillar.choices, counts),
            "status": self._listed("status", Status.choices, counts),
            "category": self._listed("category", Membership.Category.choices, counts),
            "country": self._listed("country", self._countries(counts["country"]), counts),
            "region": self._listed("region", _regions(), counts),
            "standard": self._listed("standard", [(code, code) for code in sorted(counts["standard"])], counts),
            "works": self._listed("works", CompanyProfile.Environment.choices, counts),
        }

    def _listed(self, name: str, known: Iterable[tuple[str, Any]], counts: dict[str, Counter[str]]) -> list[Choice]:
        chosen = getattr(self.asked, name)
        found = [
            Choice(value, str(label), counts[name][value])
            for value, label in known
            if counts[name][value] or value == chosen
        ]
        if chosen and chosen not in [choice.value for choice in found]:
            found.append(Choice(chosen, country_name(chosen) if name == "country" else chosen, 0))
        return found

    @staticmethod
    def _countries(counts: Counter[str]) -> list[tuple[str, str]]:
        named = [(code, country_name(code)) for code in counts if code]
        return sorted(named, key=lambda pair: fold(pair[1]))

    @cached_property
    def _standards(self) -> Counter[str]:
        """How many of those that all other filters leave are certified to each standard."""
        rows = Certificate.objects.certifying(self.asked.day)
        if self.asked.q or self.asked.filters.keys() - {"standard"}:
            rows = rows.filter(organisation__in=self._chosen(without="standard").values("organisation"))
        found = rows.values("standard__code").annotate(count=Count("organisation", distinct=True)).order_by()
        return Counter({row["standard__code"]: row["count"] for row in found})

    @cached_property
    def _cells(self) -> list[tuple[dict[str, Any], int]]:
        """How many there are of each combination of what is filtered by, among those searched for."""
        rows = self._certified_to(self._named(_of_day(self.asked)), self.asked.standard)
        found = rows.values(*_GROUPED).annotate(count=Count("pk")).order_by()
        return [(row, row["count"]) for row in found]

    def _refusing(self, cell: dict[str, Any]) -> set[str]:
        """The filters that leave a combination out."""
        return {
            name
            for name, value in self.asked.filters.items()
            if name != "standard" and value not in _values(cell, name)
        }

    # Rows

    @cached_property
    def page(self) -> Page[Any]:
        """The page asked for, or the last there is."""
        paginator = _Counted(self._in_order.values_list("pk", flat=True), self.asked.per_page, self.total)
        page = paginator.get_page(self.asked.page)
        # What only the shown rows need is asked for these alone: sorting would ask it for all.
        keys = list(page.object_list) if self.total else []
        found = {row.pk: row for row in self._complete(_of_day(self.asked).filter(pk__in=keys))} if keys else {}
        memberships = [found[key] for key in keys if key in found]
        names = self._found_by(memberships)
        page.object_list = [Row(row, tuple(names.get(row.organisation_id, ()))) for row in memberships]
        return page

    @property
    def _in_order(self) -> QuerySet[Any]:
        """The memberships asked for, in the order asked for."""
        name = F("organisation__folded")
        if self.asked.sort == Sort.SINCE:
            order: list[Any] = [F("valid_from")]
        elif self.asked.sort == Sort.COUNTRY:
            order = [self._place_of_country(), F("country")]
        else:
            order = [name]
        turned = [each.desc() if self.asked.backwards else each.asc() for each in order]
        return self._chosen().order_by(*turned, *([name] if self.asked.sort != Sort.NAME else []), "pk")

    def _complete(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The same with their organisations, and with what certifies each on the day."""
        certifying = Certificate.objects.certifying(self.asked.day).select_related("standard")
        return rows.select_related("organisation").prefetch_related(
            Prefetch("organisation__certificates", certifying, to_attr="certifying")
        )

    def _place_of_country(self) -> Any:
        """Where the name of its country stands in the alphabet of the reader; without a country last."""
        codes = {cell["country"] for cell, _count in self._cells}
        places = enumerate(code for code, _name in self._countries(Counter(codes)))
        whens = [When(country=code, then=Value(place)) for place, code in places]
        return Case(*whens, default=Value(len(codes) + 1))

    def _found_by(self, memberships: list[Any]) -> dict[int, list[OtherName]]:
        """The other names of these that hold what was searched for, where their own name does not."""
        words = fold(self.asked.q).split()
        missing = [
            row.organisation_id for row in memberships if not all(word in fold(row.organisation.name) for word in words)
        ]
        found: dict[int, list[OtherName]] = {}
        if not missing:
            return found
        for other in OtherName.objects.filter(organisation__in=missing).order_by("name"):
            if all(word in fold(other.name) for word in words):
                found.setdefault(other.organisation_id, []).append(other)
        return found

    # What is asked, in the database

    def _chosen(self, without: str = "") -> QuerySet[Any]:
        """The memberships that the search and the filters leave, but for one filter."""
        rows = self._named(_of_day(self.asked))
        for name, value in self.asked.filters.items():
            if name == without:
                continue
            rows = self._certified_to(rows, value) if name == "standard" else rows.filter(_condition(name, value))
        return rows

    def _named(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those with every word in their name, or in another name of theirs."""
        words = fold(self.asked.q).split()
        if not words:
            return rows
        own, other = Q(), Q()
        for word in words:
            own &= Q(organisation__folded__contains=word)
            other &= Q(folded__contains=word)
        # Found once, and not looked up for each member.
        return rows.filter(own | Q(organisation__in=OtherName.objects.filter(other).values("organisation")))

    def _certified_to(self, rows: QuerySet[Any], code: str) -> QuerySet[Any]:
        if not code:
            return rows
        valid = Certificate.objects.certifying(self.asked.day).filter(standard__code=code)
        return rows.filter(Exists(valid.filter(organisation=OuterRef("organisation"))))


def _of_day(asked: Asked) -> QuerySet[Any]:
    """The memberships of the day, each with its country, where it works, and how it stands with certification."""
    day = asked.day
    certifying = Certificate.objects.certifying(day).filter(organisation=OuterRef("organisation"))
    reviewing = ApplicationStatus.objects.reviewing_certification(day)
    return (
        Membership.objects.as_of(day)
        .with_country(day)
        .annotate(
            works=Coalesce(F("profile__environment"), Value(""), output_field=CharField()),
            certified=Exists(certifying),
            reviewed=Exists(reviewing.filter(application__organisation=OuterRef("organisation"))),
        )
    )


def _values(cell: dict[str, Any], name: str) -> tuple[str, ...]:
    """What a combination is for a filter."""
    if name == "region":
        return (region_of(cell["country"]) or NO_REGION,)
    if name == "status":
        found = [Status.CERTIFIED.value] if cell["certified"] else []
        found += [Status.REVIEW.value] if cell["reviewed"] else []
        return tuple(found) or (Status.NEITHER.value,)
    return (cell[name],)


def _condition(name: str, value: str) -> Q:
    """The same, asked in the database."""
    if name == "region":
        everywhere = frozenset().union(*CODES.values())
        return Q(country__in=CODES[value]) if value in CODES else ~Q(country__in=everywhere)
    if name == "status":
        return {
            Status.CERTIFIED.value: Q(certified=True),
            Status.REVIEW.value: Q(reviewed=True),
            Status.NEITHER.value: Q(certified=False, reviewed=False),
        }[value]
    return Q(**{name: value})


def _regions() -> list[tuple[str, Any]]:
    return [*REGIONS.items(), (NO_REGION, Region.UNKNOWN.label)]
