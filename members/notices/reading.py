"""Which notices are there for a person: pure reading."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from members import things
from members.models import Notice, User
from members.notices.registry import kinds


def new_notices(user: User, since: datetime | None, limit: int) -> list[Notice]:
    """What a person was told of since a moment (aware; None: ever), newest first, at most `limit`: only what is about
    things that exist for them now, and no reminders, for what those remind of waits on the desk itself. One query.
    """
    return list(shown_on_desk(user).new_since(since).order_by("-happened_at", "-pk")[:limit])


def shown_on_desk(user: User) -> Any:
    """The notices that a person finds on the desk, those taken back among them."""
    reminders = [kind.key for kind in kinds() if kind.reminds]
    return Notice.objects.filter(things.shown_to(user), user=user).exclude(kind__in=reminders)


def in_sight(user: User, notices: Sequence[Notice]) -> list[Notice]:
    """Those about nothing in particular, or about things that exist for the person. What no app knows does not."""
    rows = list(notices)
    seen = things.visible(user, {row.about for row in rows if row.about})
    return [row for row in rows if not row.about or row.about in seen]
