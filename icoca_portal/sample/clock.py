"""The day on which something of the sample happened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta, tzinfo
from unittest import mock

from django.utils import timezone

from icoca_portal.lib.days import geneva
from icoca_portal.outbox.models import Message, State


@contextmanager
def happening(moment: datetime) -> Iterator[None]:
    """Let operations believe that it is `moment` (aware), so that what was long ago carries its own dates, those that
    the columns fill in by themselves too. Mail about it stands in the log as sent at that moment: nobody gets it today.
    For loading alone: the clock of the whole process is another one meanwhile.
    """

    class OneOfThese(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, datetime)  # Django asks it what a moment is

    class Standing(datetime, metaclass=OneOfThese):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return moment.astimezone(tz)

    # Not `timezone.now` itself: the columns hold that function since they were made.
    with mock.patch.object(timezone, "datetime", Standing):
        yield
    Message.objects.filter(state=State.QUEUED, queued_at=moment).update(
        state=State.SENT, attempts=1, taken_at=moment, sent_at=moment
    )


@contextmanager
def known_on(day: date) -> Iterator[None]:
    """Let what is recorded inside be known from the afternoon of a day on."""
    with happening(datetime.combine(day, time(15), geneva())):
        yield


def at(days: int, hour: int = 10) -> datetime:
    """An hour in Geneva so many days from the day of the loading (before: negative), whatever happens meanwhile."""
    return datetime.combine(datetime.now(geneva()).date() + timedelta(days=days), time(hour), tzinfo=geneva())
