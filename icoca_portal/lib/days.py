"""Days of the Working Group: a registry's day begins and ends at midnight in Geneva, wherever the reader sits."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Func, IntegerField
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


def geneva() -> ZoneInfo:
    """The zone of the group's place (`settings.TIME_ZONE`), whatever zone is active for the reader."""
    return ZoneInfo(settings.TIME_ZONE)


def today() -> date:
    """Today in Geneva."""
    return timezone.localdate(timezone=geneva())


def day_of(moment: datetime) -> date:
    """The day in Geneva on which a moment (aware) lies."""
    return timezone.localdate(moment, geneva())


def months_later(day: date, months: int) -> date:
    """The same day so many months later; the last one of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def period_in_words(first: date, last: date | None = None, *, day_known: bool = True) -> str:
    """``5 June 2018``, ``5 June 2018 to 9 June 2018``; ``June 2018`` where the month alone is known."""
    form = "DATE_FORMAT" if day_known else "YEAR_MONTH_FORMAT"
    said = [date_format(day, form) for day in (first, last) if day]
    if len(set(said)) == 1:
        return said[0]
    return _("%(first)s to %(last)s") % {"first": said[0], "last": said[1]}


class YearOf(Func):
    """The year of a day, read by the database itself: for `__year` SQLite calls Python, once for each row."""

    template = "EXTRACT(YEAR FROM %(expressions)s)::integer"
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="CAST(substr(%(expressions)s, 1, 4) AS integer)", **context)
