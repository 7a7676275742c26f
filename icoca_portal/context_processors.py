"""What every page knows: the kind of site, the theme, whom to write to."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

THEMES = ("light", "dark")
THEME_COOKIE = "theme"


def portal(request: HttpRequest) -> dict[str, Any]:
    """`sample_site`, `theme` (``light``, ``dark`` or empty: follow the system), `secretariat_email`, `place`."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    match = getattr(request, "resolver_match", None)
    return {
        "sample_site": settings.SAMPLE_SITE,
        "theme": theme if theme in THEMES else "",
        "secretariat_email": settings.SECRETARIAT_EMAIL,
        "room": match.view_name.split(":")[0] if match and match.view_name else "",
    }
