"""Many rows of the registry at once: the checks of the single operations over what would stand afterwards, and writing.

A single operation checks what it writes against what stands. Of a batch only the outcome counts: two rows may change
places, or one begin where the other now ends, whichever comes first. So the checks are made over the rows that would be
in force in the end, with the same functions; and nothing is written unless all of them hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from icoca_portal.lib.dated import DatedRow
from icoca_portal.lib.refusals import Refusal
from members.models import Certificate, Membership, Organisation, OtherName, User
from members.operations.dated import overlap_with
from members.operations.registry import uncovered

#: Rows written by one statement.
AT_ONCE = 500


@dataclass(frozen=True)
class Conflict:
    """Why a row of the batch cannot stand: in which field of it, and beside which other row."""

    row: Any
    field: str
    refusal: Refusal
    other: Any = None


def conflicts(
    rows: Mapping[type[Any], Sequence[Any]], is_written: Callable[[Any], bool], *, with_memberships: bool = True
) -> Iterator[Conflict]:
    """What stands in the way of the rows of one organisation that a batch writes.

    `rows` are those that would be in force, by model; `is_written` says of a row whether the batch writes it. What
    stood before is not judged. Without `with_memberships` nobody asks whether certificates have the one that they need.
    """
    for model, own in rows.items():
        if model is Certificate:
            for standard in {row.standard_id for row in own}:
                yield from _overlaps([row for row in own if row.standard_id == standard], is_written)
        else:
            yield from _overlaps(own, is_written)
    if not with_memberships:
        return
    memberships, certificates = rows.get(Membership, ()), rows.get(Certificate, ())
    blamed = next((row for row in memberships if is_written(row)), None)
    for row, refusal in uncovered(memberships, certificates):
        if is_written(row):
            yield Conflict(row, "valid_from", refusal)
        elif blamed is not None:
            yield Conflict(blamed, "valid_to", refusal, row)


def _overlaps(rows: Sequence[DatedRow], is_written: Callable[[Any], bool]) -> Iterator[Conflict]:
    """Rows that share a day with one that begins before them, which is the one that ends last."""
    last: DatedRow | None = None
    for row in sorted(rows, key=lambda each: each.valid_from):
        if last is not None and (last.valid_to is None or last.valid_to > row.valid_from):
            if is_written(row):
                yield Conflict(row, "valid_from", overlap_with(last), last)
            elif is_written(last):
                yield Conflict(last, "valid_to", overlap_with(row), row)
        if last is None or (last.valid_to is not None and (row.valid_to is None or row.valid_to > last.valid_to)):
            last = row


# Writing. Whoever calls these is atomic, holds the locks of the organisations, and has found no conflict.


def add_organisations(rows: Sequence[Organisation], *, by: User, reason: str) -> None:
    """Store new organisations, with their history."""
    _with_history(bulk_create_with_history, rows, Organisation, by=by, reason=reason)


def change_organisations(rows: Sequence[Organisation], fields: Sequence[str], *, by: User, reason: str) -> None:
    """Store what was changed in organisations, with their history, and raise their versions.

    A page that was opened before is then stale, and says who saved last.
    """
    for row in rows:
        row.version += 1
    if rows:
        bulk_update_with_history(
            list(rows), Organisation, [*fields, "version"], batch_size=AT_ONCE, default_user=by,
            default_change_reason=reason[:100],
        )  # fmt: skip
        LogEntry.objects.log_actions(by.pk, list(rows), CHANGE, change_message=reason, single_object=False)


def add_names(rows: Sequence[OtherName], *, by: User, reason: str) -> None:
    _with_history(bulk_create_with_history, rows, OtherName, by=by, reason=reason)


def change_names(rows: Sequence[OtherName], *, by: User, reason: str) -> None:
    if rows:
        bulk_update_with_history(
            list(rows), OtherName, ["name", "kind", "until"], batch_size=AT_ONCE, default_user=by,
            default_change_reason=reason[:100],
        )  # fmt: skip


def _with_history(write: Any, rows: Sequence[Any], model: type[Any], *, by: User, reason: str) -> None:
    if rows:
        write(list(rows), model, batch_size=AT_ONCE, default_user=by, default_change_reason=reason[:100])


def record_rows(
    model: type[Any], new: Sequence[Any], replaced: Sequence[tuple[Any, Any]], *, by: User, at: datetime
) -> None:
    """Record new rows, and put others in the place of rows in force: `replaced` are pairs of the old and the new one.

    All are known from the same moment on.
    """
    olds = [old for old, _new in replaced]
    for start in range(0, len(olds), AT_ONCE):
        # First out of force, so that no constraint sees both rows; the reference follows when the new row has its key.
        keys = [old.pk for old in olds[start : start + AT_ONCE]]
        model.objects.filter(pk__in=keys).update(superseded_at=at)
    made = [*new, *(row for _old, row in replaced)]
    for row in made:
        row.recorded_at, row.recorded_by = at, by
    model.objects.bulk_create(made, batch_size=AT_ONCE)
    for old, row in replaced:
        old.superseded_at, old.superseded_by = at, row
    # The rows are there: this writes one column of each, many times faster than `bulk_update`.
    model.objects.bulk_create(
        olds, batch_size=AT_ONCE, update_conflicts=True, unique_fields=["pk"], update_fields=["superseded_by"]
    )
