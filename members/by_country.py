"""Who supports the Montreux Document and who belongs to the Association, by country, on any day.

The same rows are counted as in `members.figures`, and each member counts to the country that the register says
(`MembershipQuerySet.with_country`), so that the columns add up to the figures of the day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Count, Exists, OuterRef
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from icoca_portal.lib.fulltext import fold
from icoca_portal.lib.world import world
from members.figures import AsOf
from members.figures.participants import BODY, country_code
from members.models import Certificate, Membership, Organisation, Participation, Pillar
from members.register.rows import country_name


class Layer(models.TextChoices):
    """What the map shows. Those of one pillar are named as its figure is (`members.industry`)."""

    ALL = "", gettext_lazy("Participants and members")
    PARTICIPANTS = "participants", gettext_lazy("Participants")
    INDUSTRY = "industry", gettext_lazy("Companies")
    CIVIL_SOCIETY = "civil-society", Pillar.CIVIL_SOCIETY.label
    GOVERNMENT = "government", pgettext_lazy("members", "Governments")

    @property
    def columns(self) -> tuple[str, ...]:
        """What its table holds of each country."""
        return {
            Layer.ALL: ("since", "industry", "civil_society", "government", "certified"),
            Layer.PARTICIPANTS: ("since",),
            Layer.INDUSTRY: ("industry", "certified"),
            Layer.CIVIL_SOCIETY: ("civil_society",),
            Layer.GOVERNMENT: ("government",),
        }[self]

    @property
    def pillar(self) -> str:
        """The pillar that it shows, as rows name it; "" for more or less than one."""
        return self.value.replace("-", " ") if self.value and self is not Layer.PARTICIPANTS else ""


@dataclass(frozen=True)
class Country:
    """What there is in a country on the day. Without a code: those whose country nobody recorded."""

    code: str
    name: str
    participants: int = 0
    since: date | None = None
    """Since when it supports the Montreux Document."""
    slug: str = ""
    """Of the participant, where the reader may know it."""
    industry: int = 0
    civil_society: int = 0
    government: int = 0
    certified: int = 0

    @property
    def members(self) -> int:
        return self.industry + self.civil_society + self.government

    def number(self, layer: Layer) -> int:
        """How many there are of what a layer shows."""
        if layer is Layer.ALL:
            return self.members
        return self.participants if layer is Layer.PARTICIPANTS else int(getattr(self, layer.columns[0]))

    def is_on(self, layer: Layer) -> bool:
        """Whether a layer shows something of it."""
        return bool(self.number(layer) or (layer is Layer.ALL and self.participants))

    @property
    def words(self) -> str:
        """All of it in a line."""
        said = []
        if self.since:
            said.append(_("participant since %(day)s") % {"day": date_format(self.since, "DATE_FORMAT")})
        for number, text in (
            (self.industry, ngettext("%(count)d company", "%(count)d companies", self.industry)),
            (
                self.civil_society,
                ngettext("%(count)d civil-society member", "%(count)d civil-society members", self.civil_society),
            ),
            (self.government, ngettext("%(count)d government", "%(count)d governments", self.government)),
            (self.certified, ngettext("%(count)d certified", "%(count)d certified", self.certified)),
        ):
            if number:
                said.append(text % {"count": number})
        return _("%(country)s: %(facts)s") % {"country": self.name, "facts": ", ".join(said)}


@dataclass(frozen=True)
class Supporter:
    """A participant: where it is ("" for an international organisation), since when; what the reader may know of it."""

    code: str
    is_state: bool
    name: str
    slug: str
    since: date


def supporters_of(asked: AsOf, user: Any) -> list[Supporter]:
    """Who supported the Montreux Document on the day, in the order of joining.

    Without name and address who only counted because of a mistake that was corrected since, and is public no more.
    """
    public = Organisation.objects.visible_to(user).filter(pk=OuterRef("organisation"))
    rows = (
        Participation.objects.as_of(asked.day, known=asked.known)
        .annotate(place=country_code("organisation__"), public=Exists(public))
        .order_by("valid_from", "organisation__name")
        .values_list("place", "organisation__kind", "organisation__name", "organisation__slug", "public", "valid_from")
    )
    return [
        Supporter(
            code="" if kind == BODY else _known(place),
            is_state=kind != BODY,
            name=name if public else "",
            slug=slug if public else "",
            since=since,
        )
        for place, kind, name, slug, public, since in rows
    ]


def countries_of(asked: AsOf, supporters: Iterable[Supporter]) -> list[Country]:
    """What there is in each country on the day, by name; last those that have no country on record."""
    certifying = Certificate.objects.certifying(asked.day, known=asked.known)
    cells = (
        Membership.objects.as_of(asked.day, known=asked.known)
        .members()
        .with_country(asked.day, known=asked.known)
        .annotate(certified=Exists(certifying.filter(organisation=OuterRef("organisation"))))
        .order_by()
        .values_list("country", "pillar", "certified")
        .annotate(number=Count("pk"))
    )
    counts: Counter[tuple[str, str]] = Counter()
    for code, pillar, certified, number in cells:
        place = _known(code)
        counts[place, pillar] += number
        counts[place, "certified"] += number if certified else 0
    states: dict[str, list[Supporter]] = {}
    for supporter in supporters:
        if supporter.is_state:
            states.setdefault(supporter.code, []).append(supporter)
    codes = {code for code, _what in counts} | states.keys()
    found = [_country(code, states.get(code, []), counts) for code in codes]
    return sorted(found, key=lambda country: (not country.code, fold(country.name)))


def _known(code: str) -> str:
    """The code, if it is a country's."""
    return code if code in world().points or country_name(code) else ""


def _country(code: str, states: list[Supporter], counts: Counter[tuple[str, str]]) -> Country:
    first = states[0] if states and code else None
    return Country(
        code=code,
        name=(country_name(code) or (first.name if first else "") or code) if code else _("No country on record"),
        participants=len(states),
        since=first.since if first else None,
        slug=first.slug if first else "",
        industry=counts[code, Pillar.INDUSTRY.value],
        civil_society=counts[code, Pillar.CIVIL_SOCIETY.value],
        government=counts[code, Pillar.GOVERNMENT.value],
        certified=counts[code, "certified"],
    )


def in_order(countries: Iterable[Country], sort: str) -> list[Country]:
    """The countries by a column: the earliest participants first, of numbers the largest; those of no country last."""
    if sort == "country":
        return list(countries)
    if sort == "since":
        return sorted(countries, key=lambda each: (not each.code, each.since or date.max))
    return sorted(countries, key=lambda each: (not each.code, -getattr(each, sort)))
