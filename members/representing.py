"""Who speaks for whom today: people for organisations that apply to the Association, or belong to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Exists

from icoca_portal.lib.days import today
from icoca_portal.lib.prepared import given, given_day
from members.models import Organisation, Representative, User


def represents_today() -> Exists:
    """Whether the person of a session speaks for any organisation: asked with the person, for most do not."""
    rows = Representative.objects.as_of(given_day("day")).filter(user=given("user"))
    return Exists(rows.order_by())


def organisations_of(user: Any) -> Sequence[Organisation]:
    """The organisations that the person speaks for today (Geneva), by name: one query, kept with the user; none where
    the person was read with the word that there are none."""
    if not user.is_authenticated or not user.is_active or getattr(user, "represents_today", None) is False:
        return ()
    # getattr and setattr, not __dict__: the user of a request is a wrapper around the one that keeps it.
    kept: Sequence[Organisation] | None = getattr(user, "_represented", None)
    if kept is None:
        rows = Representative.objects.as_of(today()).filter(user=user).select_related("organisation")
        kept = user._represented = tuple({row.organisation_id: row.organisation for row in rows}.values())
    return kept


def is_representative(user: Any) -> bool:
    """Whether the person speaks for any organisation today."""
    known: bool | None = getattr(user, "represents_today", None)
    return bool(organisations_of(user)) if known is None else bool(user.is_active and known)


def people_of(organisations: Iterable[int], *, day: date | None = None) -> dict[int, list[User]]:
    """Who speaks for organisations on a day (Geneva; default: today) and has an open account, by name.

    Organisations go in and out by their keys; one for which nobody speaks is left out. One query.
    """
    rows = Representative.objects.as_of(day or today()).filter(
        organisation__in=set(organisations), user__in=User.objects.active()
    )
    found: dict[int, dict[int, User]] = defaultdict(dict)
    for row in rows.select_related("user").order_by("user__name", "pk"):
        found[row.organisation_id][row.user_id] = row.user
    return {organisation: list(people.values()) for organisation, people in found.items()}
