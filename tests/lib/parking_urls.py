"""The portal's addresses and three pages that keep what they are sent."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_POST

from icoca_portal.urls import urlpatterns as portal_addresses

RECEIVED: list[dict[str, list[str]]] = []
STATUS = [200]


@login_required
def note(request: HttpRequest) -> HttpResponse:
    """A form for people who are signed in."""
    if request.method == "POST":
        RECEIVED.append(dict(request.POST.lists()))
    return HttpResponse("note", status=STATUS[0])


@require_POST
def public_note(request: HttpRequest) -> HttpResponse:
    """A form for everybody, to see what its CSRF check does."""
    RECEIVED.append(dict(request.POST.lists()))
    return HttpResponse("taken")


urlpatterns: list[Any] = [
    path("note/", note, name="note"),
    path("public-note/", public_note, name="public_note"),
    path("accounts/something/", note, name="account_something"),
    *portal_addresses,
]
