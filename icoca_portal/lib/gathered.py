"""Several lists of rows, of several tables, read by one query.

For a page that shows a little of many tables, where each list by itself would be a query:

    read = gather(
        visits=(DeskVisit.objects.filter(user=user), "seen_at", "before"),
        notices=(newest(Notice.objects.filter(user=user), "-happened_at", limit=20), "title", "happened_at"),
    )
    for title, happened_at in read["notices"]: …

Each list is an ordinary queryset, so the rules that say which rows exist stay where they are. The rows come as tuples
of the fields named, in no order: SQLite orders nothing inside a query of several tables.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import CharField, DateField, DateTimeField, Field, QuerySet, TimeField, Value
from django.db.models.functions import JSONArray
from django.utils.dateparse import parse_datetime

Row = tuple[Any, ...]
Part = tuple[Any, ...]
"""A queryset, and the names of the fields to read."""


def newest(rows: QuerySet[Any], *order: str, limit: int) -> QuerySet[Any]:
    """The first `limit` rows in this order, as a queryset that `gather` can take."""
    return rows.model._default_manager.filter(pk__in=rows.order_by(*order).values("pk")[:limit])


def gather(**parts: Part) -> dict[str, list[Row]]:
    """The rows of each part, by its name. One query; none where there is no part."""
    found: dict[str, list[Row]] = {name: [] for name in parts}
    readers = {name: [_reader(rows, field) for field in fields] for name, (rows, *fields) in parts.items()}
    queries = [
        rows.order_by().values_list(Value(name, output_field=CharField()), JSONArray(*fields))
        for name, (rows, *fields) in parts.items()
    ]
    if not queries:
        return found
    first, *others = queries
    for name, values in first.union(*others, all=True):
        found[name].append(
            tuple(
                value if read is None or value is None else read(value)
                for read, value in zip(readers[name], values, strict=True)
            )
        )
    return found


def _reader(rows: QuerySet[Any], name: str) -> Callable[[Any], Any] | None:
    """What makes a value of the field of what JSON has of it; None where JSON has it as it is."""
    field = _field(rows, name)
    if isinstance(field, DateTimeField):
        return _moment
    if isinstance(field, DateField):
        return date.fromisoformat
    return time.fromisoformat if isinstance(field, TimeField) else None


def _field(rows: QuerySet[Any], name: str) -> Field[Any, Any]:
    if name in rows.query.annotations:
        return rows.query.annotations[name].output_field
    model: Any = rows.model
    field: Any = None
    for part in name.split("__"):
        field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        model = field.related_model
    return field


def _moment(text: str) -> datetime:
    moment = parse_datetime(text)
    if moment is None:
        raise ValueError(f"{text!r} is no moment")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
