"""The portal's addresses, and some that fail as real ones may."""

from __future__ import annotations

from typing import NoReturn

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from icoca_portal.lib.parking import csrf_failure
from icoca_portal.urls import handler400, handler403, handler404, handler500
from icoca_portal.urls import urlpatterns as portal

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

FAULTS = {
    400: SuspiciousOperation("Sample"),
    403: PermissionDenied("Only the focal point submits. Ask Sample Delegate One."),
    404: Http404(),
    500: RuntimeError("Sample fault"),
}


def fail(request: HttpRequest, status: int) -> NoReturn:
    """Fail with this status."""
    raise FAULTS[status]


def fail_csrf(request: HttpRequest) -> HttpResponse:
    """What a form with an old token meets."""
    return csrf_failure(request)


urlpatterns = [*portal, path("fails/<int:status>/", fail), path("fails/csrf/", fail_csrf)]
