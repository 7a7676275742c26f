"""What the API is, for programs: the OpenAPI document, from which the page for people is made too."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from members.api import ROOT, shapes
from members.api.problems import MEDIA_TYPE
from members.api.resources import api

_TEXT = {"schema": {"type": "string"}}
_SAID = {
    "200": "What was asked for.",
    "304": "What the client has is still so (If-None-Match). Without content.",
    "400": "The request could not be read at all.",
    "404": "There is nothing: no such organisation, a page after the last, or a day that is still to come.",
    "405": "Another method than GET, HEAD or OPTIONS.",
    "422": "A parameter cannot be answered: “errors” names it. Parameters that are not known are refused as well, and "
    "so are those given twice.",
    "429": "Too many requests from this address; Retry-After says in how many seconds to ask again.",
}
_KEPT = {
    "ETag": {"description": "Stands for this very answer; send it back as `If-None-Match`.", "required": True, **_TEXT},
    "Cache-Control": {"description": "How long it may be kept without asking again.", "required": True, **_TEXT},
}
_HEADERS = {
    "200": _KEPT,
    "304": _KEPT,
    "405": {"Allow": {"description": "The methods that there are.", "required": True, **_TEXT}},
    "429": {
        "Retry-After": {
            "description": "In how many seconds to ask again.",
            "required": True,
            "schema": {"type": "integer", "minimum": 1},
        }
    },
}


@cache
def description() -> dict[str, Any]:
    """The OpenAPI document."""
    made: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="")))
    _clean(made)
    text = json.dumps(made)
    schemas: dict[str, Any] = made["components"]["schemas"]
    # Parameters stand on their own; what they were read with is nobody's.
    made["components"]["schemas"] = {name: each for name, each in schemas.items() if f'schemas/{name}"' in text}
    for name, schema in made["components"]["schemas"].items():
        if "example" in schema:
            # In the order in which fields are answered, which pydantic would make that of the alphabet.
            schema["example"] = getattr(shapes, name).model_config["json_schema_extra"]["example"]
    made["servers"] = [{"url": f"{settings.PORTAL_ADDRESS}{ROOT.rstrip('/')}"}]
    for operations in made["paths"].values():
        for operation in operations.values():
            for parameter in operation["parameters"]:
                # In the schema they are a list, as OpenAPI has them; of the parameter itself they are none.
                parameter.pop("examples", None)
            for status, answer in operation["responses"].items():
                answer["description"] = _SAID[status]
                if status in _HEADERS:
                    answer["headers"] = _HEADERS[status]
                if int(status) >= 400:
                    answer["content"] = {MEDIA_TYPE: answer["content"].pop("application/json")}
    return made


def _clean(part: Any) -> None:
    """Leave out the titles that are made of names: they say nothing more."""
    if isinstance(part, dict):
        if "type" in part or "anyOf" in part or "$ref" in part:
            part.pop("title", None)
        for name, each in part.items():
            if name not in ("example", "examples"):
                _clean(each)
    elif isinstance(part, list):
        for each in part:
            _clean(each)


def read_openapi(request: HttpRequest) -> HttpResponse:
    """The document as it is published."""
    return HttpResponse(json.dumps(description(), ensure_ascii=False), content_type="application/json")
