"""A document that is not ours to trust, or has its own style, shown inside one of our pages: a mail as it will be sent.

It stands in a frame of its own, at an address of its own, under a policy of its own: no script, no form, nothing
fetched from anywhere, and shown nowhere but in the portal's own pages. The page around it keeps the portal's policy,
and only learns that it may hold such a frame.
"""

from __future__ import annotations

from typing import TypeVar

from csp.constants import SELF
from django.http import HttpResponse
from django.http.response import HttpResponseBase

#: Styles stand in the document, as mail programs want them; pictures stand in it too, or there are none.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; base-uri 'none'; sandbox"
)

AnyResponse = TypeVar("AnyResponse", bound=HttpResponseBase)


def in_a_frame(html: str) -> HttpResponse:
    """The document itself, for the address that the frame names."""
    response = HttpResponse(html)
    response["Content-Security-Policy"] = POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def with_a_frame(response: AnyResponse) -> AnyResponse:
    """The page around it. The frame says ``sandbox`` as well, and has a title."""
    response._csp_update = {"frame-src": [SELF]}  # type: ignore[attr-defined]
    return response
