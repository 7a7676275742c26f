"""Search in everything about meetings."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from icoca_portal.lib.days import YearOf
from icoca_portal.lib.paging import page_number
from icoca_portal.lib.prepared import Prepared
from meetings import finding
from meetings.models import Meeting, WorkingGroup
from meetings.querysets import is_insider
from meetings.readers import Reader, values_of

_GROUPS: Prepared[WorkingGroup] = Prepared(lambda reader: WorkingGroup.objects.visible_to(reader))
_YEARS: Prepared[tuple[int]] = Prepared(
    lambda reader: (
        Meeting.objects.visible_to(reader)
        .exclude(date=None)
        .annotate(year=YearOf("date"))
        .order_by("-year")
        .values_list("year")
        .distinct()
    )
)


@require_GET
@never_cache
def search_meetings(request: HttpRequest) -> HttpResponse:
    """What holds the words of ``q`` and exists for the reader; the address says all of it, so that it can be shared."""
    typed = request.GET.get("q", "")[:300]
    filters = finding.Filters.read(request.GET)
    found = finding.search(request.user, typed, filters, page_number(request.GET))
    reader = Reader.of(request.user)
    context: dict[str, Any] = {
        "q": typed,
        "filters": filters,
        "found": found,
        "pages": found.pages,
        "inside": is_insider(request.user),
        "kinds": tuple(finding.kinds_for(request.user)),
        "groups": _GROUPS.all(reader),
        "years": tuple(year for (year,) in _YEARS.all(reader, **values_of(request.user))),
        "languages": settings.LANGUAGES,
    }
    return render(request, "meetings/search_meetings.html", context)
