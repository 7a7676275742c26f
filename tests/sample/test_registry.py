"""The Association of the sample has the figures that the ninth exchange was told, and other ones on other days."""

from __future__ import annotations

import csv
from datetime import date
from typing import Any

import pytest

from icoca_portal.sample import participants
from members import figures
from members.models import Membership
from tests import factories

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


def said(day: date, **known: Any) -> dict[str, int]:
    return {figure.key: figure.value for figure in figures.figures(day, **known)}


def test_the_figures_of_the_ninth_exchange(sample: None) -> None:
    found = said(NINTH)
    assert {key: found[key] for key in TOLD} == TOLD
    then = said(NINTH, known=figures.AsOf.known_then(NINTH).known)
    assert {key: then[key] for key in TOLD} == TOLD
    iraq = Membership.objects.as_of(NINTH).filter(organisation__country="IQ", pillar="civil society")
    assert [(row.valid_from.year, row.valid_from.month) for row in iraq] == [(2018, 4)] * 2


@pytest.mark.parametrize(
    "day", [date(2008, 9, 16), date(2008, 9, 17), date(2013, 5, 3), date(2016, 7, 8), date(2024, 1, 1)]
)
def test_who_supported_the_document_on_other_days_is_what_the_list_says(db: None, day: date) -> None:
    with participants.LIST.open(encoding="utf-8", newline="") as file:
        kinds = [row["kind"] for row in csv.DictReader(file) if row["participant_since"] <= day.isoformat()]
    participants.load(by=factories.UserFactory())
    for known in (None, figures.AsOf.known_then(day).known):
        found = said(day, known=known)
        assert found["participants.states"] == kinds.count("state")
        assert found["participants.organisations"] == len(kinds) - kinds.count("state")


def test_what_became_known_late_is_missing_from_what_was_known_then(sample: None) -> None:
    day = date(2016, 7, 8)
    now, then = said(day), said(day, known=figures.AsOf.known_then(day).known)
    assert now["members.civil-society"] == then["members.civil-society"] + 1
    # The notice of one company came after the day; the row that it corrected counts it as a member still.
    assert now["members.industry"] < then["members.industry"]
