"""The figures of a day as their page shows them: the main numbers, and charts of what belongs together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from icoca_portal.lib.charts import Bars
from members.figures.asking import AsOf, Figure
from members.figures.registry import sizes
from members.models import Application, CompanyProfile, Pillar
from members.regions import Region

Address = Callable[[Figure], str]
"""Where the rows behind a figure are read; "" where there are none for this reader."""


@dataclass(frozen=True)
class Main:
    """One of the main numbers: what stands under it, and what it is linked with."""

    number: str
    parts: list[tuple[str, str]]
    """Words, each with the address that it leads to."""


@dataclass(frozen=True)
class Shown:
    """The figures of a day, ready to print."""

    main: list[Main]
    charts: list[Bars]
    sizes_left_out: bool
    """Whether a size by revenue is not shown, because too few companies have it."""


def shown(asked: AsOf, found: Iterable[Figure], address_of: Address) -> Shown:
    """What the page of a day shows of its figures."""
    by_key = {figure.key: figure for figure in found}
    charts = [
        _places_of_work(by_key, address_of),
        _reviews(by_key, address_of),
        *(chart for chart in (_by_size(asked, by_key, address_of),) if chart.rows),
        _by_pillar(by_key, address_of),
        *(chart for chart in (_by_standard(by_key, address_of), _by_region(by_key, address_of)) if chart.rows),
        _board(by_key, address_of),
    ]
    return Shown(_main(by_key, address_of), charts, any(row.share is None for row in sizes(asked)))


def _main(by_key: dict[str, Figure], address_of: Address) -> list[Main]:
    companies, countries = by_key["members.industry"], by_key["companies.countries"]
    civil, governments = by_key["members.civil-society"], by_key["members.government"]
    certified = by_key["certified"]

    def part(figure: Figure, words: str) -> tuple[str, str]:
        return words, address_of(figure)

    of_companies = [part(companies, ngettext("member company", "member companies", companies.value))]
    if countries.value:
        words = ngettext("in %(count)d country", "in %(count)d countries", countries.value)
        of_companies.append(part(countries, words % {"count": countries.value}))
    return [
        Main(companies.shown, of_companies),
        Main(civil.shown, [part(civil, ngettext("civil-society member", "civil-society members", civil.value))]),
        Main(
            governments.shown,
            [part(governments, ngettext("government member", "government members", governments.value))],
        ),
        Main(certified.shown, [part(certified, ngettext("certified company", "certified companies", certified.value))]),
    ]


def _bars(caption: str, rows: Iterable[tuple[str, Figure]], address_of: Address) -> Bars:
    rows = list(rows)
    return Bars(
        caption,
        [(label, figure.value, figure.shown) for label, figure in rows],
        addresses=[address_of(figure) for _label, figure in rows],
    )


def _places_of_work(by_key: dict[str, Figure], address_of: Address) -> Bars:
    companies = by_key["members.industry"].value
    caption = ngettext("Where the member company works", "Where the %(count)d companies work", companies)
    rows = [(str(place.label), by_key[f"companies.{place.value}"]) for place in CompanyProfile.Environment]
    return _bars(caption % {"count": companies}, rows, address_of)


def _reviews(by_key: dict[str, Figure], address_of: Address) -> Bars:
    rows = [(str(kind.label), by_key[f"applications.{kind.value}"]) for kind in Application.Kind]
    return _bars(_("Applications under review"), rows, address_of)


def _by_size(asked: AsOf, by_key: dict[str, Figure], address_of: Address) -> Bars:
    rows: list[tuple[str, float, str]] = []
    addresses = []
    for row in sizes(asked):
        figure = by_key.get(f"companies.{row.size.value}")
        rows.append(
            (row.label, figure.value if figure else 0, figure.shown if figure else pgettext("a figure", "left out"))
        )
        addresses.append(address_of(figure) if figure else "")
    return Bars(_("Companies by revenue"), rows, maximum=100, addresses=addresses)


def _by_pillar(by_key: dict[str, Figure], address_of: Address) -> Bars:
    order = (Pillar.INDUSTRY, Pillar.CIVIL_SOCIETY, Pillar.GOVERNMENT)
    rows = [(str(pillar.label), by_key[f"members.{pillar.value.replace(' ', '-')}"]) for pillar in order]
    more = [(by_key[key].label, by_key[key]) for key in ("affiliates", "observers") if key in by_key]
    caption = _("Members by pillar, affiliates and observers") if more else _("Members by pillar")
    return _bars(caption, [*rows, *more], address_of)


def _by_standard(by_key: dict[str, Figure], address_of: Address) -> Bars:
    start = "certified."
    rows = [(key.removeprefix(start), figure) for key, figure in by_key.items() if key.startswith(start)]
    return _bars(_("Certified companies by standard"), rows, address_of)


def _by_region(by_key: dict[str, Figure], address_of: Address) -> Bars:
    keys = {region: f"participants.{region.value}" for region in Region}
    rows = [(str(region.label), by_key[key]) for region, key in keys.items() if key in by_key and by_key[key].value]
    return _bars(_("Participants by region"), rows, address_of)


def _board(by_key: dict[str, Figure], address_of: Address) -> Bars:
    rows = [(str(pillar.label), by_key[f"board.{pillar.value}"]) for pillar in Pillar]
    return _bars(_("Board of Directors by pillar"), rows, address_of)
