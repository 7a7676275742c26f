"""Whether a request is somebody looking at a page."""

from __future__ import annotations

from django.http import HttpRequest

_PURPOSES = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
_AHEAD = ("prefetch", "prerender", "preview")


def is_visit(request: HttpRequest) -> bool:
    """Whether a person looks at the page now: no program that asks for its head, no browser that fetches ahead."""
    said = " ".join(request.headers.get(name, "") for name in _PURPOSES).lower()
    return request.method == "GET" and not any(word in said for word in _AHEAD)
