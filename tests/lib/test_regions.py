"""The regions of States."""

from __future__ import annotations

import pytest
from django_countries import countries

from icoca_portal.lib.regions import CODES, REGIONS, region_of


def test_every_country_is_in_one_region_but_antarctica():
    known = [code for codes in CODES.values() for code in codes]
    assert len(known) == len(set(known))
    assert {code for code, _name in countries} - set(known) == {"AQ"}
    assert set(REGIONS) == set(CODES)


@pytest.mark.parametrize(
    ("code", "region"),
    [
        ("ch", "europe"),
        ("US", "americas"),
        ("cy", "asia"),
        ("gh", "africa"),
        ("AU", "oceania"),
        ("osce", ""),
        (None, ""),
    ],
)
def test_a_code_has_its_region(code, region):
    assert region_of(code) == region
