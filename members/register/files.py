"""The register to take along: exactly what the page shows, with the same search and filters, however many rows.

Rows are read some at a time while the file is written. No cell is a formula.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from icoca_portal.lib.exports import csv_lines, in_this_language, xlsx_file
from icoca_portal.lib.sealing import canonical
from members.register.rows import Register, Row


def register_csv(register: Register) -> Iterator[bytes]:
    """One line a member, with the names of things in the active language; days as ISO 8601."""
    return in_this_language(csv_lines(_headers(), map(_cells, register)))


def register_workbook(register: Register) -> IO[bytes]:
    """The same as a workbook of one sheet, as an open file."""
    return xlsx_file([(_("Register"), _headers(), map(_cells, register))])


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
    for place, row in enumerate(register):
        yield (b",\n" if place else b"\n") + canonical(_facts(row)).encode("utf-8", "surrogatepass")
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


def _cells(row: Row) -> list[Any]:
    membership = row.membership
    return [
        row.organisation.name,
        row.organisation.get_kind_display(),
        membership.get_pillar_display(),
        membership.get_category_display(),
        membership.valid_from,
        row.country_code,
        row.country,
        row.region,
        row.works,
        row.state,
        ", ".join(row.standards),
        _page(row),
    ]


def _facts(row: Row) -> dict[str, Any]:
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
        "page": _page(row),
    }


def _page(row: Row) -> str:
    return settings.PORTAL_ADDRESS + reverse("members:read_member", args=[row.organisation.slug])
