"""The manners of the API: what holds for every address below it, whatever is there."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from hashlib import blake2b

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from icoca_portal.lib.limits import Limit
from members.api import ROOT
from members.api.problems import MEDIA_TYPE, problem
from members.signing_in import client_address

METHODS = ("GET", "HEAD", "OPTIONS")
#: How long an answer may be kept without asking again.
SECONDS_KEPT = 60
#: What addresses of the next version are told from: the network of one household or office.
IPV6_PREFIX = 64

GetResponse = Callable[[HttpRequest], HttpResponse]


class PublicApiMiddleware:
    """Everybody is nobody to the API: it reads no cookie and no language, sets none, and answers all the same.

    It stands outside of sessions, languages and sign-in, so that nothing of them happens. Reading alone is allowed,
    from pages of any origin, so many times a minute for each address (`settings.API_REQUESTS_PER_MINUTE`; 0: without
    limit). Answers carry an ETag and may be kept by any cache; what is no answer is a problem object.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        # Made here, before the server forks: one for all its processes.
        self.limit = Limit()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(ROOT):
            return self.get_response(request)
        request.COOKIES = {}
        for name in ("HTTP_COOKIE", "HTTP_ACCEPT_LANGUAGE"):
            request.META.pop(name, None)
        method = request.method
        response = self._answer(request)
        response.cookies.clear()
        # The same for everybody: what sessions and languages said does not hold.
        for name in ("Vary", "Content-Language"):
            del response[name]
        if response.content:
            response["Content-Length"] = str(len(response.content))
            if method == "HEAD":
                response.content = b""
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Retry-After"
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if request.method == "OPTIONS":
            return HttpResponse(
                status=204,
                headers={
                    "Allow": ", ".join(METHODS),
                    "Access-Control-Allow-Methods": "GET, HEAD",
                    "Access-Control-Allow-Headers": "If-None-Match",
                    "Access-Control-Max-Age": "86400",
                },
            )
        if request.method not in METHODS:
            response = problem(405, "The register is read only: use GET.")
            response["Allow"] = ", ".join(METHODS)
            return response
        if wait := self._wait(request):
            response = problem(429, f"Too many requests from this address. Ask again in {wait} seconds.")
            response["Retry-After"] = str(wait)
            return response
        request.method = "GET"
        return _complete(request, self.get_response(request))

    def _wait(self, request: HttpRequest) -> int:
        """How many seconds this client has to wait; 0 lets it in."""
        most = settings.API_REQUESTS_PER_MINUTE
        return self.limit.take(_client(request), most) if most else 0


def _client(request: HttpRequest) -> str:
    """Where a request comes from, as the limits of sign-in see it; of IPv6 the network, of which one client has all."""
    try:
        found = ipaddress.ip_address(client_address(request) or "")
    except ValueError:
        return "unknown"
    if found.version == 6:
        return str(ipaddress.ip_network((found, IPV6_PREFIX), strict=False))
    return str(found)


def _complete(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """An answer with its ETag, or 304 if the client has it; anything else as a problem object."""
    if response.status_code == 200:
        etag = quote_etag(blake2b(response.content, digest_size=16).hexdigest())
        response["ETag"] = etag
        response["Cache-Control"] = f"public, max-age={SECONDS_KEPT}"
        response = get_conditional_response(request, etag=etag, response=response) or response
    if response.status_code < 400:
        return response
    if response["Content-Type"].partition(";")[0] != MEDIA_TYPE:
        response = problem(response.status_code, _sentence(request, response.status_code))
    return response


def _sentence(request: HttpRequest, status: int) -> str:
    """What happened, where the portal's pages would have said it."""
    if status == 404:
        return f"There is nothing at this address. What there is stands at {settings.PORTAL_ADDRESS}{ROOT}."
    if status == 412:
        return "What the request names in If-Match has changed."
    if status < 500:
        return "The request could not be read."
    return f"The fault is ours. Quote the code {getattr(request, 'id', '')} to the secretariat."
