"""Days of the Working Group: a registry's day begins and ends at midnight in Geneva, wherever the reader sits."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Func, IntegerField
from django.utils import timezone


def geneva() -> ZoneInfo:
    """The zone of the group's place (`settings.TIME_ZONE`), whatever zone is active for the reader."""
    return ZoneInfo(settings.TIME_ZONE)


def today() -> date:
    """Today in Geneva."""
    return timezone.localdate(timezone=geneva())


class YearOf(Func):
    """The year of a day, read by the database itself: for `__year` SQLite calls Python, once for each row."""

    template = "EXTRACT(YEAR FROM %(expressions)s)::integer"
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="CAST(substr(%(expressions)s, 1, 4) AS integer)", **context)
