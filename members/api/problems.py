"""What the API answers where it cannot give what was asked: a problem object (RFC 9457) that says what to do."""

from __future__ import annotations

import json
from collections.abc import Iterable
from http import HTTPStatus
from itertools import islice

from django.http import HttpResponse

MEDIA_TYPE = "application/problem+json"
#: Of a request with hundreds of wrong parameters, so many are named.
MOST_NAMED = 10


class DoesNotExist(Exception):
    """Nothing is there. `parameter` names what asked for it, if it was a parameter."""

    def __init__(self, detail: str, parameter: str = "") -> None:
        super().__init__(detail)
        self.detail, self.parameter = detail, parameter


def problem(status: int, detail: str, errors: Iterable[tuple[str, str]] = ()) -> HttpResponse:
    """An answer that says what is wrong, in all and parameter by parameter."""
    content = {
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": [{"parameter": parameter, "message": message} for parameter, message in errors],
    }
    return HttpResponse(
        json.dumps(content, ensure_ascii=False),
        status=status,
        content_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store"},
    )


def refused(errors: Iterable[tuple[str, str]]) -> HttpResponse:
    """422: parameters that cannot be answered, each with what is wrong with it."""
    found = list(islice(errors, MOST_NAMED))
    detail = " ".join(f"{parameter}: {message}" for parameter, message in found)
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, found)
