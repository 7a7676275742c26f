"""The pages that put the apps together: front page and desk, health, errors, and the few words every site owes."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from icoca_portal import home as home_page
from icoca_portal.context_processors import THEME_COOKIE, THEMES
from icoca_portal.lib.parking import typed_in
from icoca_portal.lib.visits import is_visit
from icoca_portal.outbox.models import Message, Tick
from members.operations import note_desk_visit
from members.signing_in import person_of

logger = logging.getLogger(__name__)


@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """The public front page; for somebody signed in, their desk: what waits for them, and by when.

    That they were there is noted, so that the next time it can say what is new since; a browser that fetches the page
    before anybody asks for it, or only its head, was not there.
    """
    if not request.user.is_authenticated:
        return render(request, "front.html", home_page.front_page(request.user))
    person, now = person_of(request), timezone.now()
    desk = home_page.desk_of(person, request.GET)
    if is_visit(request):
        note_desk_visit(by=person, seen_at=desk["seen_at"], now=now)
    return render(request, "desk.html", desk)


@require_GET
def contact(request: HttpRequest) -> HttpResponse:
    """Whom to write to."""
    return render(request, "contact.html")


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """What the portal keeps of people, and who reads it."""
    return render(request, "privacy.html", {"session_hours": settings.SESSION_COOKIE_AGE // 3600})


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    """What the portal promises to people who read and type in other ways."""
    return render(request, "accessibility.html")


@require_http_methods(["GET", "POST"])
def choose_appearance(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the system says; kept in a cookie of this browser for a year."""
    if request.method == "POST":
        back = request.POST.get("next", "")
        safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
        response = redirect(back if safe else "choose_appearance")
        choice = request.POST.get("theme", "")
        if choice in THEMES:
            response.set_cookie(
                THEME_COOKIE,
                choice,
                max_age=timedelta(days=365),
                secure=settings.SECURE_HTTPS,
                httponly=True,
                samesite="Lax",
            )
        else:
            response.delete_cookie(THEME_COOKIE)
        messages.success(request, _("The appearance is changed in this browser."))
        return response
    return render(request, "choose_appearance.html", {"chosen": request.COOKIES.get(THEME_COOKIE, "")})


@require_GET
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """For a load balancer: 200 while database, migrations, mail queue and clock are well, else 503. Says no more."""
    state: dict[str, Any] = {"database": "ok", "migrations": "ok", "mail": "ok", "clock": "ok"}
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            state["migrations"] = "missing"
        if Message.objects.overdue(timezone.now()).exists():
            state["mail"] = "late"
        if not Tick.objects.is_running(timezone.now()):
            state["clock"] = "stopped"
    except DatabaseError:
        logger.exception("The health check could not ask the database")
        state = {"database": "unreachable", "migrations": "unknown", "mail": "unknown", "clock": "unknown"}
    return JsonResponse(state, status=200 if set(state.values()) == {"ok"} else 503)


# Errors. Each page says what happened, what is kept and what to do; none needs the database.
def _error(request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    context |= {"status": status, "request_id": getattr(request, "id", ""), "moment": timezone.now()}
    return render(request, f"errors/{status}.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be read."""
    return _error(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: it exists, but not for this role. A sentence given to PermissionDenied is shown."""
    reason = str(exception.args[0]) if exception is not None and exception.args else ""
    return _error(request, 403, reason=reason, typed=typed_in(request))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, or nothing for this reader."""
    return _error(request, 404, typed=typed_in(request))


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. The page is rendered without user, session and database, any of which may be what failed."""
    context = {
        "status": 500,
        "request_id": getattr(request, "id", ""),
        "moment": timezone.now(),
        "secretariat_email": settings.SECRETARIAT_EMAIL,
        "sample_site": False,
    }
    try:
        page = render_to_string("errors/500.html", context)
    except Exception:  # whatever broke the page may break this one too; then a sentence must do
        logger.exception("The page for errors could not be rendered")
        sentence = _("This page could not be shown. The fault is ours. Quote %(code)s to the secretariat.")
        return HttpResponse(sentence % {"code": context["request_id"]}, status=500, content_type="text/plain")
    return HttpResponse(page, status=500)
