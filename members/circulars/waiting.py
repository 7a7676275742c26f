"""What waits for the secretariat among the circulars: for the front page of the administration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from members.circulars.delivery import TO_DECIDE, Counts, count_standings_of, with_standing
from members.models import Circular, CircularRecipient

State = Circular.State
#: So many of each are named.
NAMED = 10


@dataclass(frozen=True)
class Waiting:
    """The circulars that wait: returned to whoever wrote them, for a colleague's approval, because they are held back,
    for their hour, on their way, or with letters on which somebody decides (`troubled`)."""

    returned: list[Circular]
    submitted: list[Circular]
    held: list[Circular]
    to_come: list[Circular]
    on_the_way: list[tuple[Circular, Counts]]
    troubled: list[tuple[Circular, Counts]]

    def __bool__(self) -> bool:
        return bool(self.returned or self.submitted or self.held or self.to_come or self.on_the_way or self.troubled)


def secretariat_day(user: Any, now: datetime | None = None) -> Waiting | None:
    """What waits now; None for whoever does not read circulars. Four queries."""
    if not user.has_perm("members.view_circular"):
        return None
    now = now or timezone.now()
    under_way = Circular.objects.filter(
        Q(state__in=[State.SUBMITTED, State.QUEUED]) | Q(state=State.DRAFT) & ~Q(held_why="")
    )
    rows: list[Any] = list(
        under_way.select_related("corrects").prefetch_related("texts").order_by("send_at", "pk")[: 5 * NAMED]
    )
    troubled = Circular.objects.filter(pk__in=with_trouble(now)).select_related("corrects").prefetch_related("texts")
    wrong: list[Any] = list(troubled.order_by("-released_at", "-pk")[:NAMED])
    released = [row for row in rows if row.released_at is not None]
    counts = count_standings_of({*released, *wrong}, now)
    for row in (*rows, *wrong):
        row.called = called(row)
    return Waiting(
        returned=[row for row in rows if row.state == State.DRAFT],
        submitted=[row for row in rows if row.state == State.SUBMITTED],
        held=[row for row in rows if row.state == State.QUEUED and row.released_at is None and row.held_why],
        to_come=[row for row in rows if row.state == State.QUEUED and row.released_at is None and not row.held_why],
        on_the_way=[(row, counts[row.pk]) for row in released if row not in wrong],
        troubled=[(row, counts[row.pk]) for row in wrong],
    )


def with_trouble(now: datetime) -> QuerySet[Any]:
    """The circulars of which a letter waits for a decision, by their keys."""
    rows = with_standing(CircularRecipient.objects.all(), now).filter(standing__in=TO_DECIDE)
    return rows.order_by().values("circular")


def called(circular: Circular) -> str:
    """Its number and subject, or its subject alone before it has one."""
    text = circular.text_in(get_language() or "")
    parts = (circular.symbol, text.subject if text else "")
    return ": ".join(part for part in parts if part) or str(circular)
