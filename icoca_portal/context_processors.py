"""What every page knows: the kind of site, the theme, whom to write to."""

from __future__ import annotations

from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from icoca_portal.home import you_are
from icoca_portal.lib.days import geneva
from icoca_portal.lib.idling import seconds_left
from icoca_portal.lib.moments import city
from members.signing_in import person_of

THEMES = ("light", "dark")
THEME_COOKIE = "theme"


def portal(request: HttpRequest) -> dict[str, Any]:
    """What `base.html` needs.

    `theme` is ``light``, ``dark`` or empty (follow the system); `own_place` the reader's place where it keeps other
    hours than Geneva; `you_are` the reader's standing in words; `room` the app whose page this is; `session_seconds`
    how long the session lasts from now.
    """
    theme = request.COOKIES.get(THEME_COOKIE, "")
    match = getattr(request, "resolver_match", None)
    return {
        "sample_site": settings.SAMPLE_SITE,
        "theme": theme if theme in THEMES else "",
        "secretariat_email": settings.SECRETARIAT_EMAIL,
        "own_place": _own_place(),
        # Called by the template that shows it: for most people it costs a query.
        "you_are": partial(you_are, person_of(request)) if hasattr(request, "user") else "",
        "session_seconds": seconds_left(request),
        "room": match.view_name.split(":")[0] if match and match.view_name else "",
    }


def _own_place() -> str:
    zone = timezone.get_current_timezone()
    is_elsewhere = isinstance(zone, ZoneInfo) and zone.key != geneva().key
    return city(zone) if is_elsewhere else ""
