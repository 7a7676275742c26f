"""Which messages: due, overdue, uncertain, waiting for a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from icoca_portal.outbox.models import Message, Tick  # noqa: F401  (only name the querysets' row types)

#: After this long in state "sending" no worker is at it any more: one message takes at most a few EMAIL_TIMEOUTs.
UNCERTAIN_AFTER = timedelta(minutes=10)

#: A due message that has waited this long shows that no worker is running, or that it cannot keep up.
OVERDUE_AFTER = timedelta(minutes=5)


#: A clock that has not ticked for this long shows that no worker is running, or that a job hangs.
STOPPED_AFTER = timedelta(minutes=5)


class TickQuerySet(models.QuerySet["Tick"]):
    """The one row that says when the clock last ran."""

    def is_running(self, moment: datetime) -> bool:
        """Whether the clock has ticked within five minutes of ``moment`` (aware). ``/health/`` asks this."""
        return self.filter(ticked_at__gte=moment - STOPPED_AFTER).exists()


class MessageQuerySet(models.QuerySet["Message"]):
    """Rows of the mail queue. Every ``moment`` is an aware datetime."""

    def due_at(self, moment: datetime) -> MessageQuerySet:
        """Queued messages whose next attempt has come, the longest waiting first."""
        return self.filter(state="queued", next_attempt_at__lte=moment).order_by("next_attempt_at", "pk")

    def overdue(self, moment: datetime) -> MessageQuerySet:
        """Due messages that no worker has taken for five minutes. ``/health/`` asks this."""
        return self.filter(state="queued", next_attempt_at__lt=moment - OVERDUE_AFTER)

    def uncertain(self, moment: datetime) -> MessageQuerySet:
        """Taken by a worker that never said how it ended: it died, or the line was cut while the message was passed on.

        Whether the mail server accepted the message is not known, so nothing sends it again by itself.
        """
        return self.filter(_uncertain(moment))

    def needs_attention(self, moment: datetime) -> MessageQuerySet:
        """Failed, returned and uncertain messages that nobody has decided on. The admin's front page shows these."""
        return self.filter(Q(state__in=["failed", "returned"]) | _uncertain(moment), settled_at=None)


def _uncertain(moment: datetime) -> Q:
    """The last error is only written on a row that stays in "sending" when its outcome is known to be unknown."""
    return Q(state="sending") & (Q(taken_at__lt=moment - UNCERTAIN_AFTER) | ~Q(last_error=""))
