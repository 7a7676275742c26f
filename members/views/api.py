"""The page that says how programs read the register."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from members.api import VERSION, showing
from members.api.contents import at
from members.api.middleware import SECONDS_KEPT


@require_GET
def read_api(request: HttpRequest) -> HttpResponse:
    """How programs read the register: made from the same description that they read (OpenAPI)."""
    context = {
        "version": VERSION,
        "base": at(""),
        "openapi": at("openapi.json"),
        "resources": showing.resources(),
        "statuses": showing.statuses(),
        "problem_example": showing.problem_example(),
        "most": settings.API_REQUESTS_PER_MINUTE,
        "seconds_kept": SECONDS_KEPT,
        "members_address": at("members"),
    }
    return render(request, "members/read_api.html", context)
