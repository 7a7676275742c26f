"""Who supports the Montreux Document, from when to when."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from members.models import Organisation, Participation, User
from members.operations import dated
from members.operations.registry import lock_organisation


@transaction.atomic
def record_participation(
    organisation: Organisation, *, valid_from: date, source: str, by: User, valid_to: date | None = None
) -> Participation:
    """Record that an organisation supports the Montreux Document from a day on.

    Raises DatesOverlap, EndsBeforeItBegins.
    """
    lock_organisation(organisation.pk)
    return dated.record(
        Participation(
            organisation=organisation, valid_from=valid_from, valid_to=valid_to, source=source, recorded_by=by
        ),
        beside=Participation.objects.filter(organisation=organisation),
    )


@transaction.atomic
def end_participation(row: Participation, *, on: date, source: str, by: User) -> Participation:
    """Record that the participation ended: the row is superseded by one with the end.

    Raises AlreadyEnded, EndsBeforeItBegins.
    """
    lock_organisation(row.organisation_id)
    return dated.end(
        row, on=on, source=source, by=by, beside=Participation.objects.filter(organisation=row.organisation_id)
    )


@transaction.atomic
def correct_participation(
    row: Participation, *, valid_from: date, valid_to: date | None, source: str, by: User
) -> Participation:
    """Put right the days of a participation: the wrong row stays, superseded.

    Raises AlreadyEnded (superseded before), DatesOverlap, EndsBeforeItBegins.
    """
    lock_organisation(row.organisation_id)
    return dated.supersede(
        row,
        {"valid_from": valid_from, "valid_to": valid_to, "source": source},
        by=by,
        beside=Participation.objects.filter(organisation=row.organisation_id),
    )
