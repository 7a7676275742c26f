"""The map of participants and members by country on any day, the table that says the same, and its file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET
from django_countries import countries as known_countries

from icoca_portal.lib.exports import CSV, download, write_csv
from icoca_portal.lib.world import Drawing, Place
from members.by_country import Country, Layer, Supporter, countries_of, in_order, supporters_of
from members.figures import figures_of
from members.models import Membership
from members.register import Asked as OfRegister
from members.register.asking import NO_REGION
from members.views.statistics import Asked as OfDay
from members.views.statistics import ask, page_of, refuse

#: From how many on a country is filled in a stronger colour.
STEPS = (1, 2, 5, 10)


@dataclass(frozen=True)
class Asked:
    """A day and how it is known, as the statistics ask; what the map shows, and by what its table is sorted."""

    of_day: OfDay
    layer: Layer
    sort: str

    @classmethod
    def read(cls, request: HttpRequest) -> Asked:
        """What an address says; what is no choice is as if it were not there."""
        show, sort = request.GET.get("show", ""), request.GET.get("sort", "")
        layer = Layer(show) if show in Layer.values else Layer.ALL
        return cls(ask(request), layer, sort if sort in layer.columns else "country")

    @property
    def more(self) -> dict[str, str]:
        """What an address says besides the day; "" for what goes without saying."""
        return {"show": self.layer.value, "sort": "" if self.sort == "country" else self.sort}

    def query(self, **changes: str) -> str:
        """The part of an address behind the question mark."""
        more = urlencode({name: value for name, value in (self.more | changes).items() if value})
        return f"{self.of_day.query}&{more}" if more else self.of_day.query

    def rows(self, supporters: Iterable[Supporter]) -> list[Country]:
        """The countries of which the map shows something, in the order asked for."""
        found = countries_of(self.of_day.as_of, supporters)
        return in_order([country for country in found if country.is_on(self.layer)], self.sort)


@require_GET
def read_map(request: HttpRequest) -> HttpResponse:
    """Who supports the Montreux Document and who belongs to the Association, on a map and in a table."""
    asked = Asked.read(request)
    supporters = supporters_of(asked.of_day.as_of, request.user)
    rows = asked.rows(supporters)
    address = _addresses(asked)
    bodies = [each for each in supporters if not each.is_state and each.name and "since" in asked.layer.columns]
    context = page_of(
        asked.of_day,
        layer=asked.layer,
        layers=[(each, f"?{asked.query(show=each.value, sort='')}") for each in Layer],
        kept={name: value for name, value in asked.more.items() if value},
        drawing=Drawing(_places(rows, asked.layer, address)),
        legend=_legend(rows, asked.layer),
        rows=[(row, address(row), _cells(row, asked.layer)) for row in rows],
        columns=_columns(asked),
        sums=_cells(_sum_of(rows), asked.layer),
        bodies=bodies,
        has_table=bool(rows or bodies),
        figures=_figures(asked),
        file=asked.query(),
    )
    return render(request, "members/read_map.html", context)


@require_GET
def export_map(request: HttpRequest) -> HttpResponse:
    """The table beside the map as CSV, with the code of each country. A day that is none is refused (400)."""
    asked = Asked.read(request)
    if refusal := refuse(asked.of_day):
        return refusal
    titles = [_("Code"), *(title for _name, title in _titles(asked.layer))]
    rows = asked.rows(supporters_of(asked.of_day.as_of, request.user))
    content = write_csv(titles, ([row.code, row.name, *_values(row, asked.layer)] for row in rows))
    return download(content, f"map-{asked.of_day.as_of.day.isoformat()}.csv", CSV)


# What the map shows


def _places(rows: Iterable[Country], layer: Layer, address: Callable[[Country], str]) -> Iterable[Place]:
    """The countries as the map draws them."""
    for row in rows:
        yield Place(
            code=row.code,
            step=_step(row.number(layer), layer),
            words=row.words,
            address=address(row),
            dotted=layer is Layer.ALL and bool(row.participants),
        )


def _step(number: int, layer: Layer) -> str:
    """The class that fills a country."""
    if layer is Layer.PARTICIPANTS:
        return "wg-step-all"
    return f"wg-step-{sum(number >= step for step in STEPS)}"


def _legend(rows: Iterable[Country], layer: Layer) -> list[tuple[str, str]]:
    """The steps that occur, in words."""
    if layer is Layer.PARTICIPANTS:
        return [(_step(1, layer), _("Participant of the Montreux Document"))]
    there = {_step(row.number(layer), layer) for row in rows if row.code and row.number(layer)}
    found = []
    for first, following in zip(STEPS, (*STEPS[1:], None), strict=True):
        if following is None:
            words = _("%(count)d members and more") % {"count": first}
        elif following - first == 1:
            words = ngettext("%(count)d member", "%(count)d members", first) % {"count": first}
        else:
            words = _("%(first)d to %(last)d members") % {"first": first, "last": following - 1}
        if _step(first, layer) in there:
            found.append((_step(first, layer), words))
    return found


def _addresses(asked: Asked) -> Callable[[Country], str]:
    """Where a country leads: to its members in the register of the day, else to the participant; "" to nowhere."""
    layer, day = asked.layer, asked.of_day.as_of.day

    def address(row: Country) -> str:
        if layer is not Layer.PARTICIPANTS and row.number(layer):
            place = {"country": row.code} if row.code in known_countries.countries else {"region": NO_REGION}
            chosen = {"category": Membership.Category.MEMBER.value, "pillar": layer.pillar, **place}
            return f"{reverse('members:list_members')}?{OfRegister(day).query(**chosen)}#register"
        return reverse("members:read_member", args=[row.slug]) if row.slug else ""

    return address


def _figures(asked: Asked) -> dict[str, int]:
    """The figures of the day that head the map: those of the statistics."""
    found = {figure.key: figure.value for figure in figures_of(asked.of_day.as_of)}
    return {
        "states": found["participants.states"],
        "organisations": found["participants.organisations"],
        "companies": found["members.industry"],
        "countries": found["companies.countries"],
        "civil_society": found["members.civil-society"],
        "governments": found["members.government"],
    }


# The table


def _titles(layer: Layer) -> list[tuple[str, str]]:
    """The columns of the table: how an address names each, and its title."""
    titles = {
        "since": _("Participant since"),
        "industry": Layer.INDUSTRY.label,
        "civil_society": Layer.CIVIL_SOCIETY.label,
        "government": Layer.GOVERNMENT.label,
        "certified": _("Certified"),
    }
    return [("country", _("Country")), *((name, str(titles[name])) for name in layer.columns)]


def _columns(asked: Asked) -> list[dict[str, str]]:
    """The heads of the columns, with the address by which the table is sorted so."""
    return [
        {
            "title": title,
            "address": f"?{asked.query(sort='' if name == 'country' else name)}#table",
            "sorted": ("ascending" if name in ("country", "since") else "descending") if name == asked.sort else "",
        }
        for name, title in _titles(asked.layer)
    ]


def _values(row: Country, layer: Layer) -> list[Any]:
    """What the table holds of a country, but for its name."""
    return [row.since if name == "since" else getattr(row, name) for name in layer.columns]


def _cells(row: Country, layer: Layer) -> list[dict[str, Any]]:
    """The same for the page: a day or a number; of participants whose country nobody recorded how many they are."""
    cells = []
    for name in layer.columns:
        if name == "since":
            cells.append({"day": row.since, "participants": 0 if row.since else row.participants})
        else:
            cells.append({"number": getattr(row, name)})
    return cells


def _sum_of(rows: Iterable[Country]) -> Country:
    """All of them together."""
    numbers = ("participants", "industry", "civil_society", "government", "certified")
    listed = list(rows)
    return Country("", "", **{name: sum(getattr(row, name) for row in listed) for name in numbers})
