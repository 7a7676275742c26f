"""Days of the Working Group: a registry's day begins and ends at midnight in Geneva, wherever the reader sits."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone


def geneva() -> ZoneInfo:
    """The zone of the group's place (`settings.TIME_ZONE`), whatever zone is active for the reader."""
    return ZoneInfo(settings.TIME_ZONE)


def today() -> date:
    """Today in Geneva."""
    return timezone.localdate(timezone=geneva())
