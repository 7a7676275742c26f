"""Search in everything about meetings."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from icoca_portal.lib.paging import page_number
from meetings import finding
from meetings.models import Meeting, WorkingGroup
from meetings.querysets import is_insider


@require_GET
@never_cache
def search_meetings(request: HttpRequest) -> HttpResponse:
    """What holds the words of ``q`` and exists for the reader; the address says all of it, so that it can be shared."""
    typed = request.GET.get("q", "")[:300]
    filters = finding.Filters.read(request.GET)
    found = finding.search(request.user, typed, filters, page_number(request.GET))
    years = Meeting.objects.visible_to(request.user).exclude(date=None).order_by("-date__year")
    context: dict[str, Any] = {
        "q": typed,
        "filters": filters,
        "found": found,
        "pages": found.pages,
        "inside": is_insider(request.user),
        "kinds": finding.kinds_for(request.user),
        "groups": WorkingGroup.objects.visible_to(request.user),
        "years": list(years.values_list("date__year", flat=True).distinct()),
        "languages": settings.LANGUAGES,
    }
    return render(request, "meetings/search_meetings.html", context)
