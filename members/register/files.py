"""The register to take along: exactly what the page shows, with the same search and filters, however many rows.

Rows are read some at a time while the file is written. No cell is a formula.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import IO, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from icoca_portal.lib.exports import csv_lines, in_chunks, in_this_language, xlsx_file
from icoca_portal.lib.regions import REGIONS
from icoca_portal.lib.sealing import canonical
from members.models import CompanyProfile, Membership, Organisation, Pillar
from members.register.rows import Register, Row, country_name, state_in_words


def register_csv(register: Register) -> Iterator[bytes]:
    """One line a member, with the names of things in the active language; days as ISO 8601."""
    return in_this_language(in_chunks(csv_lines(_headers(), _lines(register))))


def register_workbook(register: Register) -> IO[bytes]:
    """The same as a workbook of one sheet, as an open file."""
    return xlsx_file([(_("Register"), _headers(), _lines(register))])


def register_json(register: Register) -> Iterator[bytes]:
    """One JSON object: the day, what was asked for, and the members, with the keys of things and not their names.

    It is the same in every language.
    """
    asked = register.asked
    head = {
        "format": 1,
        "as_of": asked.day.isoformat(),
        "exported_at": timezone.now().isoformat(timespec="seconds"),
        "filters": {**asked.filters, **({"q": asked.q} if asked.q else {})},
    }
    yield canonical(head)[:-1].encode() + b',"members":['
    page = _pages()
    for place, row in enumerate(register):
        yield (b",\n" if place else b"\n") + canonical({**facts_of(row), "page": page(row)}).encode(
            "utf-8", "surrogatepass"
        )
    yield b"]}\n"


def _headers() -> list[str]:
    return [
        _("Name"),
        _("Kind"),
        _("Pillar"),
        _("Category"),
        _("Since"),
        _("Country code"),
        _("Country"),
        _("Region"),
        pgettext("where a company works", "Works"),
        _("State"),
        _("Certified to"),
        _("Page"),
    ]


def _lines(register: Register) -> Iterator[list[Any]]:
    """The cells of each row. What things are called is asked once a file: of 100,000 rows it took most of the time."""
    kinds, pillars, categories, works = (
        {value: str(label) for value, label in choices}
        for choices in (
            Organisation.Kind.choices,
            Pillar.choices,
            Membership.Category.choices,
            CompanyProfile.Environment.choices,
        )
    )
    regions = {key: str(label) for key, label in REGIONS.items()}
    country, state, page = cache(country_name), cache(state_in_words), _pages()
    for row in register:
        membership = row.membership
        yield [
            row.organisation.name,
            kinds[row.organisation.kind],
            pillars[membership.pillar],
            categories[membership.category],
            membership.valid_from,
            row.country_code,
            country(row.country_code),
            regions.get(row.region_key, ""),
            works.get(row.works_key, ""),
            state(row.certified, row.reviewed, membership.category),
            ", ".join(row.standards),
            page(row),
        ]


def facts_of(row: Row) -> dict[str, Any]:
    """What machines read of a row, by the keys of things; the same in every language."""
    membership = row.membership
    return {
        "name": row.organisation.name,
        "kind": row.organisation.kind,
        "pillar": membership.pillar,
        "category": membership.category,
        "since": membership.valid_from.isoformat(),
        "country": row.country_code or None,
        "region": row.region_key or None,
        "works": row.works_key or None,
        "certified": row.certified,
        "under_review": row.reviewed,
        "certified_to": row.standards,
    }


def _pages() -> Callable[[Row], str]:
    """A function that gives the address of a row's page."""
    before, after = reverse("members:read_member", args=["slug"]).rsplit("slug", 1)
    return lambda row: f"{settings.PORTAL_ADDRESS}{before}{row.organisation.slug}{after}"
