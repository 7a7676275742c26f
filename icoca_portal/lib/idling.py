"""How long a session lasts: `settings.SESSION_COOKIE_AGE` seconds after its person last did something.

Opening a page and sending a form are acts; what a page asks by itself, such as who else is here, is none. So that an
act costs no write, the end is moved at most once in `EVERY` seconds, and is never promised later than it is: the page
counts from when it was moved. Stock Django moves it only when something is put into the session.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

MOVED = "end_moved_at"
EVERY = 300
HEADER = "X-Session-Seconds"


def not_an_act(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a view that a page asks by itself: it does not make the session last longer."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs)

    asked.not_an_act = True  # type: ignore[attr-defined]
    return asked


def seconds_left(request: HttpRequest) -> int:
    """How long the session lasts from now if its person does nothing more; 0 for a visitor."""
    if not hasattr(request, "session") or not hasattr(request, "user") or not request.user.is_authenticated:
        return 0
    now = int(time.time())
    return max(request.session.get(MOVED, now) + settings.SESSION_COOKIE_AGE - now, 0)


class IdlingMiddleware:
    """Move the end of a session when its person does something, and tell the page's script where it stands.

    Stands after the session and authentication middleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.headers.get("HX-Request") == "true" and (seconds := seconds_left(request)):
            response[HEADER] = str(seconds)
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any) -> None:
        if getattr(view, "not_an_act", False) or not request.user.is_authenticated:
            return
        if time.time() - request.session.get(MOVED, 0) >= EVERY:
            move_end(request)


def move_end(request: HttpRequest) -> None:
    """Let the session last its whole length from now on."""
    request.session[MOVED] = int(time.time())


@not_an_act
@never_cache
@require_POST
def keep_session(request: HttpRequest) -> HttpResponse:
    """The person is still there: the session lasts so many `seconds` from now, as the answer says. 401 if it ended."""
    if not request.user.is_authenticated:
        return JsonResponse({"seconds": 0}, status=401)
    move_end(request)
    return JsonResponse({"seconds": settings.SESSION_COOKIE_AGE})
