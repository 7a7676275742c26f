"""The public registry at its largest: what is measured, beside each piece the same work done by hand, and the files.

Before anything is measured, what the hand-written SQL finds is compared with what the portal shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from members.figures import AsOf, figures_of
from members.models import Membership
from members.register import Asked, Register
from tests.benchmarks import asking, exporting, registry
from tests.benchmarks.asking import Browser
from tests.benchmarks.bare import registry_pages
from tests.benchmarks.exporting import Taken
from tests.benchmarks.large import AIM, Case
from tests.benchmarks.registry import COMMON, RARE

#: A day on which about a tenth of those of today were members.
EARLY = date(2007, 1, 15)
DAYS = (EARLY, date(2018, 6, 6))
NARROWED = {"pillar": "industry", "status": "certified", "country": "CH", "sort": "-since"}
ASKED: dict[str, dict[str, str]] = {
    "register, first page": {},
    "register, three filters": NARROWED,
    "register of an early day": {"as_of": EARLY.isoformat()},
    "search, a word in few names": {"q": RARE.lower()},
    "search, a word in every third name": {"q": COMMON.lower()},
    "search, two words with an accent": {"q": f"zenith {COMMON.lower()}"},
}
#: MiB by which a process may grow more while it writes a file of ten times as many rows.
MORE_MEMORY = 16


def cases(organisations: int = registry.ORGANISATIONS) -> Iterator[Case]:
    """Fill the database, compare, and give the work one by one, each to be measured before the next is asked for."""
    filled = registry.fill(organisations)
    print(f"{filled.organisations:,} organisations with {filled.dated_rows:,} dated rows.", flush=True)
    compare()
    yield from work(organisations)


def work(organisations: int = registry.ORGANISATIONS) -> Iterator[Case]:
    """What is measured in a registry that was filled."""
    portal, bare = Browser(asking.portal(), None), Browser(asking.bare(), None)

    def case(name: str, path: str, aim: float | None = AIM) -> Case:
        return Case(name, portal.getting(f"/{path}"), bare.getting(f"/bare/{path}"), aim=aim)

    day = "members/statistics/?as_of=2018-06-06"
    yield case("statistics, known today", day)
    yield case("statistics, known then", f"{day}&known=then")
    for name, query in ASKED.items():
        yield case(name, f"members/?{urlencode(query)}")
    # A few rows by an index: what these take is templates and translations, however large the registry is.
    yield case("one member", f"members/bench-{organisations // 2 + 1}/", None)
    yield case("participants", "members/participants/", None)


def compare() -> None:
    """Raises AssertionError where the SQL by hand finds anything else than the portal."""
    for day in DAYS:
        for asked in (AsOf(day), AsOf.known_then(day)):
            ours = {figure.key: figure.value for figure in figures_of(asked)}
            _same(registry_pages.figures(day, asked.known), ours, f"figures of {asked}")
    for name, query in ASKED.items():
        _compare_register(name, query)


def _compare_register(name: str, query: Mapping[str, str]) -> None:
    found, ours = registry_pages.Register(query).read(), Register(Asked.read(query))
    _same(found["total"], ours.total, f"{name}: how many")
    for of, choices in ours.choices.items():
        shown = {choice.value: choice.count for choice in choices if choice.count}
        # A country that is not known is no choice.
        theirs = {value: number for value, number in found["counts"][of].items() if number and value}
        _same(theirs, shown, f"{name}: choices of {of}")
    rows = [
        (row.organisation.name, row.membership.valid_from.isoformat(), row.country, row.works, row.state, row.standards)
        for row in ours.page
    ]
    theirs_too = [
        (row["name"], str(row["since"]), row["country"], row["works"], row["state"], row["codes"])
        for row in found["rows"]
    ]
    _same(theirs_too, rows, f"{name}: rows")
    figures = {figure.key: figure.value for figure in figures_of(AsOf(ours.asked.day))}
    head = {"countries": figures["companies.countries"], "certified": figures["certified"]}
    _same({key: found["head"].get((key, ""), 0) for key in head}, head, f"{name}: head")


def _same(theirs: object, ours: object, what: str) -> None:
    if theirs != ours:
        raise AssertionError(f"{what}\nby hand: {theirs}\nportal:  {ours}")


@dataclass(frozen=True)
class File:
    """A file of so many rows, taken from the portal and from the bare view."""

    form: str
    rows: int
    portal: Taken
    bare: Taken

    @property
    def ratio(self) -> float:
        """The portal's speed as a part of the bare view's."""
        return self.bare.seconds / self.portal.seconds

    @property
    def faults(self) -> list[str]:
        """What is wrong, as a few words each."""
        found = []
        if (self.portal.status, self.bare.status) != (200, 200):
            found.append(f"answered {self.portal.status}, the bare view {self.bare.status}")
        if self.form == "csv" and self.portal.sha256 != self.bare.sha256:
            found.append("not the same as by hand")
        return found


def files() -> Iterator[File]:
    """The register of an early day and of today, as CSV and as a workbook."""
    for form in ("csv", "xlsx"):
        for query in (f"?as_of={EARLY.isoformat()}", ""):
            rows = Membership.objects.as_of(Asked.read({"as_of": EARLY.isoformat()} if query else {}).day).count()
            path = f"members/members.{form}{query}"
            ours, theirs = exporting.take_apart("portal", f"/{path}"), exporting.take_apart("bare", f"/bare/{path}")
            yield File(form, rows, ours, theirs)
