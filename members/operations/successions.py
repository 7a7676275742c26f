"""Out of whom an organisation came: mergers, takeovers, divisions; recorded, corrected and struck out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from members.exceptions import Circle
from members.models import Organisation, Succession, User
from members.operations import dated
from members.operations.registry import lock_organisation


@transaction.atomic
def record_succession(
    organisation: Organisation,
    *,
    predecessor: Organisation,
    valid_from: date,
    source: str,
    by: User,
    kind: str = Succession.Kind.SUCCESSION,
) -> Succession:
    """Record that an organisation came out of another on a day. What the predecessor is a member of stays as it is.

    Raises DatesOverlap (recorded already), Circle (somebody would come out of themselves), Merged.
    """
    row = Succession(
        organisation=organisation,
        predecessor=predecessor,
        kind=kind,
        valid_from=valid_from,
        source=source,
        recorded_by=by,
    )
    lock_successions(row)
    refuse_circle(row)
    return dated.record(row, beside=same_succession(row))


@transaction.atomic
def correct_succession(row: Succession, *, by: User, **changes: Any) -> Succession:
    """Put right the predecessor, the kind or the day; `source` is among `changes`.

    Raises AlreadyEnded (superseded before), DatesOverlap, Circle, Merged.
    """
    meant = Succession(organisation_id=row.organisation_id, predecessor=changes.get("predecessor", row.predecessor))
    lock_successions(meant)
    refuse_circle(meant)
    return dated.supersede(row, changes, by=by, beside=same_succession(meant))


def lock_successions(row: Succession) -> None:
    """Lock both organisations and all that came out of each other with them, so that no two rows make a circle."""
    ends = {row.organisation_id, row.predecessor_id}
    for pk in sorted({*ends, *_related(ends)}):
        if pk in ends:
            lock_organisation(pk)
        else:
            Organisation.objects.select_for_update(of=("self",)).get(pk=pk)


def same_succession(row: Succession) -> Any:
    """The rows of the same two organisations: one is in force at a time."""
    return Succession.objects.filter(organisation=row.organisation_id, predecessor=row.predecessor_id)


def refuse_circle(row: Succession) -> None:
    """Raises Circle, with the names, where the predecessor came out of the successor."""
    came_from: dict[int, int] = {}
    found = {row.predecessor_id}
    while found:
        if row.organisation_id in found:
            raise Circle(
                _("%(names)s: an organisation would have come out of itself.") % {"names": _names(row, came_from)}
            )
        rows = Succession.objects.filter(superseded_at=None, organisation__in=found)
        pairs = list(rows.values_list("organisation", "predecessor"))
        found = {predecessor for _organisation, predecessor in pairs} - came_from.keys()
        came_from |= {predecessor: organisation for organisation, predecessor in pairs if predecessor in found}


def _names(row: Succession, came_from: dict[int, int]) -> str:
    """The circle, from the successor by way of each predecessor back to it."""
    way = [row.organisation_id]
    while way[0] != row.predecessor_id:
        way.insert(0, came_from[way[0]])
    way.insert(0, row.organisation_id)
    names = dict(Organisation.objects.filter(pk__in=way).values_list("pk", "name"))
    return " ← ".join(f"“{names[pk]}”" for pk in way)


def _related(ends: Iterable[int]) -> set[int]:
    """All organisations that successions in force connect with these."""
    seen: set[int] = set()
    found = set(ends)
    while found:
        seen |= found
        rows = Succession.objects.filter(
            Q(organisation__in=found) | Q(predecessor__in=found), superseded_at=None
        ).values_list("organisation", "predecessor")
        found = {pk for pair in rows for pk in pair} - seen
    return seen
