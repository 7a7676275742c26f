"""What all dated rows share: they are recorded, ended, superseded; never rewritten.

Whoever calls these holds the lock of what the row is about (the organisation, the person), and is atomic.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _

from icoca_portal.lib.dated import DatedRow
from members.exceptions import AlreadyEnded, DatesOverlap, EndsBeforeItBegins, NotStruckOut
from members.models import User

Row = TypeVar("Row", bound=DatedRow)

#: What a row says of itself: since when it is known, and what became of it.
KNOWN = ("recorded_at", "recorded_by", "superseded_at", "superseded_by", "struck_because", "struck_by")


def record(row: Row, *, beside: Any, at: datetime | None = None) -> Row:
    """Write a new row, known from `at` (default: now) on. `beside` are the rows it may share no day with.

    Raises DatesOverlap, EndsBeforeItBegins.
    """
    row.recorded_at = at or timezone.now()
    refuse_backwards(row.valid_from, row.valid_to)
    other = beside.overlapping(row.valid_from, row.valid_to).first()
    if other:
        raise overlap_with(other)
    row.save(force_insert=True)
    return row


def end(row: Row, *, on: date, source: str, by: User, beside: Any) -> Row:
    """Put a row with an end in the place of one without. Raises AlreadyEnded, EndsBeforeItBegins."""
    stored = lock_in_force(row)
    if stored.valid_to is not None:
        raise AlreadyEnded(_("“%(row)s” ended on %(day)s.") % {"row": stored, "day": stored.valid_to})
    return supersede(stored, {"valid_to": on, "source": source}, by=by, beside=beside)


def give_way(rows: Any, *, on: date, source: str, by: User) -> None:
    """End the open one of these rows, if it began before, on the day on which the next begins."""
    before = rows.filter(superseded_at=None, valid_to=None, valid_from__lt=on).first()
    if before:
        end(before, on=on, source=source, by=by, beside=rows)


def supersede(row: Row, changes: dict[str, Any], *, by: User, beside: Any) -> Row:
    """Put a row in the place of another: the old one stays, with the moment until which it was what the portal knew."""
    stored = lock_in_force(row)
    now = timezone.now()
    new = successor_of(stored, changes)
    new.recorded_by = by
    # First out of force, so that no constraint sees both rows; the reference follows when the new row has its key.
    stored.superseded_at = now
    stored.save(update_fields=["superseded_at"])
    record(new, beside=beside, at=now)
    stored.superseded_by = new
    stored.save(update_fields=["superseded_by"])
    return new


def successor_of(row: Row, changes: dict[str, Any]) -> Row:
    """A new row, not stored yet, that says what `row` says but for the changes."""
    new = copied(row)
    for name, value in changes.items():
        setattr(new, name, value)
    return new


def strike_out(row: Row, *, because: str, by: User, before: Any = None) -> Row:
    """Put a row out of force that was recorded by mistake, with nothing in its place. Raises AlreadyEnded.

    It stays what the portal knew until now; `because` says what the mistake was. Of the rows `before`, the one that
    ended when this one began goes on in its days: it had given way.
    """
    stored = lock_in_force(row)
    stored.superseded_at = timezone.now()
    stored.struck_because, stored.struck_by = because, by
    stored.save(update_fields=["superseded_at", "struck_because", "struck_by"])
    gave_way = None if before is None else before.filter(superseded_at=None, valid_to=stored.valid_from).first()
    if gave_way:
        supersede(gave_way, {"valid_to": stored.valid_to}, by=by, beside=before)
    return stored


def restore(row: Row, changes: dict[str, Any], *, by: User, beside: Any, before: Any = None) -> Row:
    """Record anew what was struck out, as it was or with `changes`. The struck row stays as it is.

    Of the rows `before`, the one that went on in its days gives way again. Raises NotStruckOut, and what `record`
    raises: another row may have taken the days.
    """
    stored = type(row)._default_manager.get(pk=row.pk)
    if not stored.struck_because:
        raise NotStruckOut(_("“%(row)s” was not struck out. Open the page again.") % {"row": stored})
    new = successor_of(stored, changes)
    new.recorded_by = by
    went_on = None
    if before is not None:
        went_on = before.filter(superseded_at=None, valid_from__lt=new.valid_from, valid_to=new.valid_to).first()
    refuse_backwards(new.valid_from, new.valid_to)
    if went_on:
        supersede(went_on, {"valid_to": new.valid_from}, by=by, beside=before)
    return record(new, beside=beside)


def copied(row: Row) -> Row:
    """A new row, not stored, that says the same of the same days."""
    return type(row)(**_facts_of(row))


def _facts_of(row: Row) -> dict[str, Any]:
    """What a row says and from when to when, without who recorded or superseded it."""
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key and field.name not in KNOWN
    }


def lock_in_force(row: Row) -> Row:
    """The stored row, locked. Raises AlreadyEnded if it was superseded meanwhile."""
    stored = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if stored.superseded_at:
        raise AlreadyEnded(_("“%(row)s” was corrected meanwhile. Open the page again.") % {"row": stored})
    return stored


def refuse_backwards(valid_from: date, valid_to: date | None) -> None:
    """Raises EndsBeforeItBegins."""
    if valid_to is not None and valid_to <= valid_from:
        raise EndsBeforeItBegins(_("The end must be after the beginning, %(day)s.") % {"day": valid_from})


def overlap_with(other: DatedRow) -> DatesOverlap:
    """The refusal of a row that would share a day with this one."""
    return DatesOverlap(
        _("“%(row)s” holds on some of these days, from %(day)s. End or correct that row first.")
        % {"row": other, "day": other.valid_from}
    )
