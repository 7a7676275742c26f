"""What every bare view asks and writes: rows as tuples, moments and JSON as the database holds them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.template import Context, Engine

GENEVA = ZoneInfo("Europe/Zurich")
ENGINE = Engine(dirs=[str(Path(__file__).parent / "templates")])
ROLES = {"focal point": "Focal point", "contributor": "Contributor", "reader": "Reader"}

PERSON = """
SELECT d.delegation_id, d.role, o.name, o.code, o.id,
       EXISTS (SELECT 1 FROM members_directorship b WHERE b.user_id = %s AND b.superseded_at IS NULL
               AND b.valid_from <= %s AND (b.valid_to IS NULL OR b.valid_to > %s))
FROM (SELECT 1 AS one) AS anybody
LEFT JOIN members_delegate d ON d.user_id = %s AND d.valid_from <= %s AND (d.valid_to IS NULL OR d.valid_to > %s)
LEFT JOIN members_delegation n ON n.id = d.delegation_id
LEFT JOIN members_organisation o ON o.id = n.organisation_id
"""


def one(sql: str, parameters: Any) -> tuple[Any, ...] | None:
    """The first row of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row


def rows(sql: str, parameters: Any) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def run(sql: str, parameters: Any) -> None:
    """A statement that changes something."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def run_many(sql: str, parameters: Any) -> None:
    """The same statement for several rows."""
    with connection.cursor() as cursor:
        cursor.executemany(sql, parameters)


def locking() -> str:
    """What locks the rows of a SELECT; SQLite has locked the whole database when the transaction began."""
    return " FOR UPDATE" if connection.vendor == "postgresql" else ""


def stored(moment: datetime) -> Any:
    """A moment as a parameter."""
    return connection.ops.adapt_datetimefield_value(moment)


def moment(value: datetime) -> datetime:
    """A moment as it was stored; SQLite has no zones, and holds UTC."""
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def latest(deadline: datetime, extended: Any) -> datetime:
    """Until when a delegation may answer; `extended` is a moment as a subquery gives it, or None."""
    if isinstance(extended, str):
        extended = datetime.fromisoformat(extended)
    return max(moment(deadline), moment(extended)) if extended else moment(deadline)


def value_of(text: Any) -> Any:
    """A JSON column."""
    return json.loads(text) if isinstance(text, str) else text


def day() -> date:
    """Today in Geneva."""
    return datetime.now(GENEVA).date()


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def day_of(value: Any) -> str:
    """``6 June 2018``; SQLite gives a day as a text."""
    found = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{found.day} {found:%B %Y}" if found else "To be confirmed"


def person(request: HttpRequest) -> dict[str, Any]:
    """Who asks, and what they are today: one query."""
    user = request.user
    if not user.is_authenticated:
        raise PermissionDenied
    now = day()
    row = one(PERSON, [user.pk, now, now, user.pk, now, now])
    assert row is not None
    delegation, role, name, code, organisation, is_director = row
    return {
        "id": user.pk,
        "person": user.name,
        "delegation": delegation,
        "is_director": bool(is_director),
        "role_key": role,
        "name": name or user.name,
        "role": ROLES.get(role, "Director of the Board"),
        "code": code or str(organisation),
    }


def in_geneva(value: datetime) -> str:
    """``Monday 30 April 2018, 18:00 Geneva``."""
    local = value.astimezone(GENEVA)
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M} Geneva"


def saved(value: datetime) -> str:
    """``Saved 14:02``."""
    local = value.astimezone(GENEVA)
    if local.date() == day():
        return f"Saved {local:%H:%M}"
    return f"Saved {local.day} {local:%B, %H:%M}"


def page(name: str, context: Mapping[str, Any]) -> HttpResponse:
    """A template, filled in."""
    return HttpResponse(ENGINE.get_template(name).render(Context(context)))


def found(row: tuple[Any, ...] | None) -> tuple[Any, ...]:
    """The row, else 404."""
    if row is None:
        raise Http404
    return row
