"""The Association of the sample has the figures that the ninth exchange was told, and other ones on other days."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from members import figures
from members.models import Membership

NINTH = date(2018, 6, 6)
TOLD = {
    "members.industry": 93,
    "companies.land": 51,
    "companies.sea": 16,
    "companies.both": 26,
    "companies.countries": 34,
    "companies.small": 77,
    "members.civil-society": 26,
    "members.government": 7,
    "certified": 13,
    "applications.certification": 6,
    "applications.membership": 30,
    "participants.states": 54,
    "participants.organisations": 3,
}
#: From the list of participants: how many States and organisations supported the Montreux Document on a day.
SUPPORT = {
    date(2008, 9, 16): (0, 0),
    date(2008, 9, 17): (17, 0),
}


@pytest.fixture
def registry(sample: None) -> None:
    """The sample, loaded."""


def said(day: date, **known: Any) -> dict[str, int]:
    return {figure.key: figure.value for figure in figures.figures(day, **known)}


def test_the_figures_of_the_ninth_exchange(registry: None) -> None:
    found = said(NINTH)
    assert {key: found[key] for key in TOLD} == TOLD
    then = said(NINTH, known=figures.AsOf.known_then(NINTH).known)
    assert {key: then[key] for key in TOLD} == TOLD
    iraq = Membership.objects.as_of(NINTH).filter(organisation__country="IQ", pillar="civil society")
    assert [(row.valid_from.year, row.valid_from.month) for row in iraq] == [(2018, 4)] * 2
