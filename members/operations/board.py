"""Who sits on the Association's Board, from when to when."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from members.models import Directorship, User
from members.operations import dated


@transaction.atomic
def record_directorship(
    *,
    person_name: str,
    pillar: str,
    valid_from: date,
    source: str,
    by: User,
    user: User | None = None,
    is_chair: bool = False,
    valid_to: date | None = None,
) -> Directorship:
    """Record a seat on the Board. A person sits once at a time. Raises DatesOverlap, EndsBeforeItBegins."""
    row = Directorship(
        person_name=person_name,
        pillar=pillar,
        user=user,
        is_chair=is_chair,
        valid_from=valid_from,
        valid_to=valid_to,
        source=source,
        recorded_by=by,
    )
    return dated.record(row, beside=same_director(row))


@transaction.atomic
def end_directorship(row: Directorship, *, on: date, source: str, by: User) -> Directorship:
    """Record that a seat was left. Raises AlreadyEnded, EndsBeforeItBegins."""
    return dated.end(row, on=on, source=source, by=by, beside=same_director(row))


@transaction.atomic
def correct_directorship(row: Directorship, *, by: User, **changes: Any) -> Directorship:
    """Put right any field of a directorship; `source` is among `changes`. The wrong row stays, superseded.

    Raises AlreadyEnded (superseded before), DatesOverlap, EndsBeforeItBegins.
    """
    return dated.supersede(row, changes, by=by, beside=same_director(row))


def same_director(row: Directorship) -> Any:
    """The rows of the same person: of the account (which is locked), or, without one, of the name."""
    if row.user_id is None:
        return Directorship.objects.filter(user=None, person_name=row.person_name)
    User.objects.select_for_update().get(pk=row.user_id)
    return Directorship.objects.filter(user=row.user_id)
