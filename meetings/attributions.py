"""Interventions are never attributed in a summary. This finds the names by which one could be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from icoca_portal.lib.richtext import to_text
from meetings.models import Attendance
from members.models import Organisation, Participation

if TYPE_CHECKING:
    from meetings.models import ChairsSummary

#: Letters shown on either side of a name.
AROUND = 60
#: Endings that people leave off a State's name.
TAILS = (" of America", " of Great Britain and Northern Ireland")


@dataclass(frozen=True)
class Attribution:
    """A name in a part of a summary: which part, which name, and the words around it."""

    part: str
    name: str
    excerpt: str


def summary_attributions(summary: ChairsSummary) -> list[Attribution]:
    """The names of participants, and of the people who spoke for them, that stand in the parts of a summary.

    The title lines are not looked at: the chair's country stands there. A name found need not be an attribution (a
    country may be where a review takes place); a person decides. A participant is looked for under its name in the
    register, its country's name and an organisation's code, whatever the case of the letters.
    """
    pattern = _pattern(_names_of_participants() | _names_of_representatives(summary))
    if pattern is None:
        return []
    found = []
    for part in summary.parts.all():
        for text in (part.title, to_text(part.text)):
            found += [Attribution(str(part), match[0], _around(text, match)) for match in pattern.finditer(text)]
    return found


def _names_of_participants() -> set[str]:
    rows = Organisation.objects.filter(pk__in=Participation.objects.filter(superseded_at=None).values("organisation"))
    names: set[str] = set()
    for organisation in rows:
        names |= {organisation.name, str(getattr(organisation.country, "name", ""))}
        if organisation.kind == Organisation.Kind.INTERNATIONAL_ORGANISATION and organisation.code:
            names.add(organisation.code)
    shortened = {name.removesuffix(tail) for name in names for tail in TAILS}
    return {name for name in names | shortened if len(name) > 1}


def _names_of_representatives(summary: ChairsSummary) -> set[str]:
    """The people present for a participant; several may stand in one row, with commas or semicolons between."""
    rows = summary.meeting.attendance.filter(capacity=Attendance.Capacity.PARTICIPANT).values_list(
        "person_name", flat=True
    )
    return {name.strip() for row in rows for name in re.split(r"[;,]", row) if len(name.strip()) > 3}


def _pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    # The longest first: "United States of America" before "United States".
    ordered = sorted(names, key=lambda name: (-len(name), name))
    if not ordered:
        return None
    words = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in ordered)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


def _around(text: str, match: re.Match[str]) -> str:
    start, end = max(match.start() - AROUND, 0), min(match.end() + AROUND, len(text))
    return f"{'…' if start else ''}{' '.join(text[start:end].split())}{'…' if end < len(text) else ''}"
