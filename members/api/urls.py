"""Addresses below /members/api/v1/. What is not among them is a problem object too (`middleware`)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from members.api.description import description, read_openapi
from members.api.problems import refused
from members.api.resources import api

View = Callable[..., HttpResponse]


def strict(view: View, known: frozenset[str]) -> View:
    """The same view, which refuses parameters that it does not know, and those that are given twice.

    Passed over, a filter with a slip in its name would answer with everything.
    """
    known_names = ", ".join(sorted(known)) or "none"

    @wraps(view)
    def answer(request: HttpRequest, **parts: Any) -> HttpResponse:
        errors = []
        for name, values in request.GET.lists():
            if name not in known:
                errors.append((name, f"There is no such parameter here; there are: {known_names}."))
            elif len(values) > 1:
                errors.append((name, "It is given more than once."))
        return refused(errors) if errors else view(request, **parts)

    return answer


def _parameters() -> dict[str, frozenset[str]]:
    """The names of the parameters of each address."""
    return {
        address: frozenset(each["name"] for each in operations["get"]["parameters"] if each["in"] == "query")
        for address, operations in description()["paths"].items()
    }


def _addresses() -> list[URLPattern]:
    """Ninja's addresses, made strict; without the second name that it gives the first of them."""
    parameters = _parameters()
    found = []
    for pattern in api.urls[0]:
        route = str(pattern.pattern)
        known = parameters.pop("/" + re.sub(r"<\w+:(\w+)>", r"{\1}", route), None)
        if isinstance(pattern, URLPattern) and known is not None:
            found.append(path(route, strict(pattern.callback, known), name=pattern.name))
    return found


app_name = "api"
urlpatterns = [*_addresses(), path("openapi.json", strict(read_openapi, frozenset()), name="read_openapi")]
