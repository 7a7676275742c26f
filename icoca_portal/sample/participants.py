"""The participants of the Montreux Document with the days since which they support it, and a delegation for each."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

from django.utils.text import slugify

from icoca_portal.lib.days import geneva
from icoca_portal.sample.clock import happening
from members import operations
from members.models import Delegation, Organisation, User

LIST = Path(__file__).parent / "data" / "participants.csv"
SOURCE = "Sample load from the public list of participants"
#: International organisations have no ISO code: they go by their short names.
SHORT_NAMES = {
    "European Union": "EU",
    "Organization for Security and Co-operation in Europe": "OSCE",
    "North Atlantic Treaty Organization": "NATO",
}


def rows() -> Iterator[tuple[str, str, str, date]]:
    """Name, code, kind and first day of each participant on the list."""
    with LIST.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            code = row["iso2"] or SHORT_NAMES[row["name"]]
            yield row["name"], code, row["kind"], date.fromisoformat(row["participant_since"])


def load(*, by: User) -> int:
    """Record the participants that are missing, by their code. Returns how many were made.

    One that is there stays as it is, whatever its name, its days and its people have become.
    """
    there = set(Organisation.objects.values_list("code", flat=True))
    made = 0
    for name, code, kind, since in rows():
        if code in there:
            continue
        organisation = Organisation.objects.create(
            name=name,
            slug=slugify(name),
            code=code,
            kind=kind,
            country=code if kind == Organisation.Kind.STATE else "",
        )
        # Known on that very day, so that the sample answers what was known then.
        with happening(datetime.combine(since, time(12), geneva())):
            operations.record_participation(organisation, valid_from=since, source=SOURCE, by=by)
        Delegation.objects.create(organisation=organisation)
        made += 1
    return made
