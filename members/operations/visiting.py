"""When people are at their desk."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Case, F, When

from members.models import DeskVisit, User

#: A visit ends with a pause of this length.
PAUSE = timedelta(minutes=30)
#: A visit is written down again only after this long, so that reading does not write on every page.
GRAIN = timedelta(minutes=1)


def begins_anew(seen_at: datetime | None, now: datetime) -> bool:
    """Whether somebody who was last seen at `seen_at` begins another visit at `now` (both aware)."""
    return seen_at is not None and seen_at <= now - PAUSE


def note_desk_visit(*, by: User, seen_at: datetime | None, now: datetime) -> None:
    """That the person is at their desk. `seen_at` is what was read of the visit noted last, None of none.

    A visit that begins after a pause moves the one before it to `before`. At most one statement, and none within a
    minute; two windows at once move it once.
    """
    if seen_at is None:
        DeskVisit.objects.bulk_create([DeskVisit(user=by, seen_at=now)], ignore_conflicts=True)
    elif seen_at <= now - GRAIN:
        before = Case(When(seen_at__lte=now - PAUSE, then=F("seen_at")), default=F("before"))
        DeskVisit.objects.filter(user=by, seen_at__lte=now - GRAIN).update(before=before, seen_at=now)
