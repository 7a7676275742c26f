"""The few tags that every page uses: icons of the look, moments with their place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from icoca_portal.lib import moments, sealing

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """One of the look's six small strokes, always beside a word and silent for screen readers."""
    return format_html('<svg class="wg-icon" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.filter
def in_geneva(moment: datetime | None) -> str:
    """``Monday 30 April 2018, 18:00 Geneva``."""
    return moments.in_geneva(moment) if moment else ""


@register.filter
def to_the_second(moment: datetime | None) -> str:
    """``Monday 30 April 2018, 18:00:07 Geneva (16:00:07 UTC)``."""
    return moments.to_the_second(moment) if moment else ""


@register.filter
def in_my_zone(moment: datetime | None) -> str:
    """The same moment in the reader's own zone, as a sentence; empty where it is Geneva's."""
    return moments.in_zone(moment) if moment else ""


@register.filter
def grouped_seal(digest: str) -> str:
    """A seal in groups of eight figures."""
    return sealing.grouped(digest)


@register.filter
def at(found: Mapping[Any, Any], key: Any) -> Any:
    """What stands under a key; an empty text if nothing does. For what one query found for all rows of a page."""
    return found.get(key, "") if found else ""
