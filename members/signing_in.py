"""Counting failed sign-ins on every path (django-axes), and what somebody sees who failed too often."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from members.models import User

#: Recovery codes alone are none: they stand in for a factor that was lost.
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def person_of(request: HttpRequest) -> User:
    """The person behind a request that is known to be signed in."""
    return cast(User, request.user)


def client_address(request: HttpRequest) -> str | None:
    """The network address that a request comes from, past as many proxies as `PROXY_COUNT` says; None if unknown."""
    try:
        address: str = get_adapter().get_client_ip(request)
    except PermissionDenied:
        return None
    return address


def username_of(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The address that a sign-in is for, in small letters, whichever path it takes; empty if it names none."""
    known: dict[str, Any] = credentials or {}
    named = known.get("username") or known.get("email") or request.POST.get("login") or request.POST.get("email") or ""
    return str(named).strip().lower()


def may_try(request: HttpRequest, address: str) -> bool:
    """Whether a sign-in for `address` from this place may be tried, or was failed too often lately."""
    return bool(AxesProxyHandler.is_allowed(request, {"username": address}))


def record_failure(request: HttpRequest, address: str) -> None:
    """Count a failed step that Django's own authentication does not see: a wrong code, a wrong second factor."""
    user_login_failed.send(sender=__name__, credentials={"username": address}, request=request)


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """The page for somebody who failed too often (429): when to try again, and what else works."""
    cool_off = get_cool_off(request)
    attempt = (
        AccessAttempt.objects.filter(
            username=username_of(request, credentials), ip_address=getattr(request, "axes_ip_address", None)
        )
        .order_by("-attempt_time")
        .first()
    )
    until = (attempt.attempt_time if attempt else timezone.now()) + cool_off
    page = render(
        request, "account/locked_out.html", {"until": until, "limit": settings.AXES_FAILURE_LIMIT}, status=429
    )
    page["Retry-After"] = str(max(1, int((until - timezone.now()).total_seconds()) + 1))
    return page
