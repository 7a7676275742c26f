"""What every request and response gets: an id for the logs, and a policy on the browser's devices."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from icoca_portal.logs import request_id

GetResponse = Callable[[HttpRequest], HttpResponse]
# Without letters and figures that are confused on the telephone: people read this code aloud.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def new_request_id() -> str:
    """A short code such as ``K7F-204Q`` that an error page shows and the log carries."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{code[:4]}-{code[4:]}"


class RequestIdMiddleware:
    """Give the request an id (`request.id`), the log records of it the same id, and the response an `X-Request-Id`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = new_request_id()  # type: ignore[attr-defined]
        token = request_id.set(request.id)  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-Id"] = request.id  # type: ignore[attr-defined]
        return response


class PermissionsPolicyMiddleware:
    """Send `settings.PERMISSIONS_POLICY`: the portal asks for no camera, place or payment."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return response
