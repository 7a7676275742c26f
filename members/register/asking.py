"""What an address asks of the register. Nothing typed raises: what is no choice is as if it were not there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries import countries

from icoca_portal.lib.days import today
from icoca_portal.lib.paging import page_number
from icoca_portal.lib.regions import REGIONS
from members.models import CompanyProfile, Membership, Pillar

PER_PAGE = 25
#: What the name of a region is where none is known.
NO_REGION = "unknown"


class Status(models.TextChoices):
    """Where a company stands with its certification. It may be certified, and under review for another standard."""

    CERTIFIED = "certified", _("Certified")
    REVIEW = "review", _("Under review")
    NEITHER = "neither", pgettext_lazy("certification", "Neither")


class Sort(models.TextChoices):
    """What the register is sorted by."""

    NAME = "name", _("Name")
    SINCE = "since", _("Since")
    COUNTRY = "country", _("Country")

    @classmethod
    def choices_both_ways(cls) -> list[tuple[str, Any]]:
        """Every order with its name as an address has it."""
        return [
            ("name", _("Name")),
            ("-name", _("Name, backwards")),
            ("since", _("Since: earliest first")),
            ("-since", _("Since: latest first")),
            ("country", _("Country")),
            ("-country", _("Country, backwards")),
        ]


#: The filters, in the order of the form.
FILTERS = ("pillar", "status", "category", "country", "region", "standard", "works")


@dataclass(frozen=True)
class Asked:
    """A day, a search and filters; empty texts filter nothing."""

    day: date
    q: str = ""
    pillar: str = ""
    status: str = ""
    category: str = ""
    country: str = ""
    region: str = ""
    standard: str = ""
    works: str = ""
    sort: str = Sort.NAME.value
    backwards: bool = False
    page: int = 1
    per_page: int = PER_PAGE
    day_refused: bool = False
    """A day was asked for that is none, or still to come; the register is that of today."""

    @classmethod
    def read(cls, data: Mapping[str, str]) -> Asked:
        """What an address or a form says."""
        day = _day(data.get("as_of", ""))
        sort = data.get("sort", "")
        return cls(
            day=day or today(),
            day_refused=bool(data.get("as_of")) and day is None,
            q=" ".join(data.get("q", "").replace("\x00", "")[:100].split()),
            pillar=_one_of(Pillar.values, data.get("pillar")),
            status=_one_of(Status.values, data.get("status")),
            category=_one_of(Membership.Category.values, data.get("category")),
            country=_one_of(countries.countries, data.get("country", "").upper()),
            region=_one_of([*REGIONS, NO_REGION], data.get("region")),
            standard=data.get("standard", "").replace("\x00", "")[:30].strip(),
            works=_one_of(CompanyProfile.Environment.values, data.get("works")),
            sort=_one_of(Sort.values, sort.removeprefix("-")) or Sort.NAME.value,
            backwards=sort.startswith("-") and sort[1:] in Sort.values,
            page=page_number(data),
        )

    @property
    def is_today(self) -> bool:
        return self.day == today()

    @property
    def filters(self) -> dict[str, str]:
        """The filters that are set."""
        return {name: value for name in FILTERS if (value := getattr(self, name))}

    @property
    def narrows(self) -> bool:
        """Whether less than the whole register of the day is asked for."""
        return bool(self.q or self.filters)

    @property
    def sorted_by(self) -> str:
        """The order, as an address names it."""
        return f"-{self.sort}" if self.backwards else self.sort

    def query(self, **changes: Any) -> str:
        """The part of an address behind the question mark that asks for this, without what goes without saying."""
        said: dict[str, Any] = {
            "q": self.q,
            **self.filters,
            "as_of": "" if self.is_today else self.day.isoformat(),
            "sort": "" if self.sorted_by == Sort.NAME else self.sorted_by,
            "page": "",
        } | changes
        return urlencode({name: value for name, value in said.items() if value not in ("", None)})


def _day(text: str) -> date | None:
    """A day that has come, or None."""
    try:
        day = parse_date(text.strip())
    except ValueError:
        return None
    return day if day is not None and day <= today() else None


def _one_of(values: Any, text: str | None) -> str:
    return text if text and text in values else ""
