"""The regions of participants: the five macro regions of the United Nations' list M49 (“Standard country or area codes
for statistical use”, unstats.un.org/unsd/methodology/m49), by ISO 3166-1 code. International organisations are a group
of their own.

Taiwan is not on that list and stands with Eastern Asia here; Antarctica is in no region.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.db import models
from django.utils.translation import gettext_lazy as _

from members.models import Organisation


class Region(models.TextChoices):
    """Where a participant is, for choosing and for reading lists."""

    AFRICA = "africa", _("Africa")
    AMERICAS = "americas", _("Americas")
    ASIA = "asia", _("Asia")
    EUROPE = "europe", _("Europe")
    OCEANIA = "oceania", _("Oceania")
    ORGANISATIONS = "organisations", _("International organisations")
    UNKNOWN = "unknown", _("No country on record")


_CODES = {
    Region.AFRICA: (
        "DZ AO BJ BW IO BF BI CV CM CF TD KM CG CD CI DJ EG GQ ER SZ ET TF GA GM GH GN GW KE LS LR LY MG MW ML MR MU "
        "YT MA MZ NA NE NG RE RW SH ST SN SC SL SO ZA SS SD TG TN UG TZ EH ZM ZW"
    ),
    Region.AMERICAS: (
        "AI AG AR AW BS BB BZ BM BO BQ BV BR CA KY CL CO CR CU CW DM DO EC SV FK GF GL GD GP GT GY HT HN JM MQ MX MS "
        "NI PA PY PE PR BL KN LC MF PM VC SX GS SR TT TC US UY VE VG VI"
    ),
    Region.ASIA: (
        "AF AM AZ BH BD BT BN KH CN CY GE HK IN ID IR IQ IL JP JO KZ KW KG LA LB MO MY MV MN MM NP KP OM PK PS PH QA "
        "KR SA SG LK SY TW TJ TH TL TR TM AE UZ VN YE"
    ),
    Region.EUROPE: (
        "AX AL AD AT BY BE BA BG HR CZ DK EE FO FI FR DE GI GR GG VA HU IS IE IM IT JE LV LI LT LU MT MD MC ME NL MK "
        "NO PL PT RO RU SM RS SK SI ES SJ SE CH UA GB"
    ),
    Region.OCEANIA: "AS AU CX CC CK FJ PF GU HM KI MH FM NR NC NZ NU NF MP PW PG PN WS SB TK TO TV UM VU WF",
}

REGION_OF_COUNTRY: Mapping[str, Region] = MappingProxyType(
    {code: region for region, codes in _CODES.items() for code in codes.split()}
)


def region_of(organisation: Organisation) -> Region:
    """The region of an organisation, by its country; a State without one on record by its code."""
    if organisation.kind == Organisation.Kind.INTERNATIONAL_ORGANISATION:
        return Region.ORGANISATIONS
    code = organisation.country.code or (organisation.code or "").upper()
    return REGION_OF_COUNTRY.get(code, Region.UNKNOWN)
