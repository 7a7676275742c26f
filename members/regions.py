"""The regions of participants: those of `icoca_portal.lib.regions`; international organisations are a group of their
own, and so are States without a country on record.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib import regions
from members.models import Organisation


class Region(models.TextChoices):
    """Where a participant is, for choosing and for reading lists."""

    AFRICA = regions.AFRICA, regions.REGIONS[regions.AFRICA]
    AMERICAS = regions.AMERICAS, regions.REGIONS[regions.AMERICAS]
    ASIA = regions.ASIA, regions.REGIONS[regions.ASIA]
    EUROPE = regions.EUROPE, regions.REGIONS[regions.EUROPE]
    OCEANIA = regions.OCEANIA, regions.REGIONS[regions.OCEANIA]
    ORGANISATIONS = "organisations", _("International organisations")
    UNKNOWN = "unknown", _("No country on record")


def region_of(organisation: Organisation) -> Region:
    """The region of an organisation, by its country; a State without one on record by its code."""
    if organisation.kind == Organisation.Kind.INTERNATIONAL_ORGANISATION:
        return Region.ORGANISATIONS
    country: Any = organisation.country
    return region_of_code(country.code or organisation.code)


def region_of_code(code: str | None) -> Region:
    """The region of a State, by its ISO code."""
    found = regions.region_of(code)
    return Region(found) if found else Region.UNKNOWN
