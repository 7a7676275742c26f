"""How the portal writes a moment: with its place, and with the reader's own hour where that differs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from icoca_portal.lib.days import geneva


def city(zone: ZoneInfo) -> str:
    """The place a zone is named after: ``Europe/Stockholm`` gives ``Stockholm``; Geneva stands for its own zone."""
    if zone.key == geneva().key:
        return _("Geneva")
    return zone.key.rsplit("/", 1)[-1].replace("_", " ")


def zone_named(name: str) -> ZoneInfo:
    """The zone of that name; Geneva's if this machine's zone data does not know it (any more)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # the last for a name that is a folder of zones
        return geneva()


@contextmanager
def as_read_by(person: Any) -> Iterator[None]:
    """In the language and the zone of a person: what is written to them meanwhile is theirs to read."""
    with translation.override(person.language), timezone.override(zone_named(person.time_zone)):
        yield


def offset(local: datetime) -> str:
    """How far a local moment is from UTC, as people write it: ``UTC−4``, ``UTC+5:30``, ``UTC``. `local` is aware."""
    minutes = round((local.utcoffset() or timedelta()).total_seconds() / 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")


def comes_twice(local: datetime) -> bool:
    """Whether the clock of its zone shows this hour twice, as it does in the night in which summer time ends."""
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def in_geneva(moment: datetime) -> str:
    """``Monday 30 April 2018, 18:00 Geneva``. `moment` must be aware. An hour that comes twice has its offset."""
    local = timezone.localtime(moment, geneva())
    written = _("%(weekday)s %(day)s, %(hour)s Geneva") % {
        "weekday": date_format(local, "l"),
        "day": date_format(local, "DATE_FORMAT"),
        "hour": date_format(local, "TIME_FORMAT"),
    }
    return f"{written} ({offset(local)})" if comes_twice(local) else written


def to_the_second(moment: datetime) -> str:
    """``Monday 30 April 2018, 18:00:07 Geneva (16:00:07 UTC)``, as a receipt says it. `moment` must be aware."""
    local = timezone.localtime(moment, geneva())
    return _("%(weekday)s %(day)s, %(hour)s Geneva (%(universal)s UTC)") % {
        "weekday": date_format(local, "l"),
        "day": date_format(local, "DATE_FORMAT"),
        "hour": date_format(local, "H:i:s"),
        "universal": moment.astimezone(UTC).strftime("%H:%M:%S"),
    }


def in_zone(moment: datetime, zone: Any = None) -> str:
    """What a Geneva moment is for a reader elsewhere, as a sentence; empty for a reader in Geneva's own zone.

    `zone` is a ZoneInfo; default: the active one. Names the day too when it is another one there, and the offset from
    UTC, which is what changes on the days when clocks do.
    """
    zone = zone or timezone.get_current_timezone()
    if not isinstance(zone, ZoneInfo) or zone.key == geneva().key:
        return ""
    here, there = timezone.localtime(moment, geneva()), timezone.localtime(moment, zone)
    place, hour = city(zone), date_format(there, "TIME_FORMAT")
    if here.utcoffset() == there.utcoffset():
        return _("%(hour)s is the same hour in %(place)s.") % {"hour": hour, "place": place}
    if here.date() == there.date():
        return _("That is %(hour)s in %(place)s (%(offset)s).") % {
            "hour": hour,
            "place": place,
            "offset": offset(there),
        }
    return _("That is %(weekday)s %(day)s, %(hour)s in %(place)s (%(offset)s).") % {
        "weekday": date_format(there, "l"),
        "day": date_format(there, "DATE_FORMAT"),
        "hour": hour,
        "place": place,
        "offset": offset(there),
    }


def in_both(moment: datetime, zone: Any = None) -> str:
    """A moment as it stands inside a sentence: ``Monday 30 April 2018, 18:00 Geneva (12:00 New York, UTC−4)``; with the
    day where it is another one there. For a reader in Geneva's zone, or one with the same hour, Geneva alone.

    `moment` must be aware; `zone` is a ZoneInfo, default: the active one.
    """
    zone = zone or timezone.get_current_timezone()
    here, there = timezone.localtime(moment, geneva()), timezone.localtime(moment, zone)
    if not isinstance(zone, ZoneInfo) or here.utcoffset() == there.utcoffset():
        return in_geneva(moment)
    parts = {
        "geneva": in_geneva(moment),
        "weekday": date_format(there, "l"),
        "day": date_format(there, "DATE_FORMAT"),
        "hour": date_format(there, "TIME_FORMAT"),
        "place": city(zone),
        "offset": offset(there),
    }
    if here.date() == there.date():
        return _("%(geneva)s (%(hour)s %(place)s, %(offset)s)") % parts
    return _("%(geneva)s (%(weekday)s %(day)s, %(hour)s %(place)s, %(offset)s)") % parts
