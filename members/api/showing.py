"""The OpenAPI document as its page shows it: one resource after the other, with what to ask and what is answered."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from members.api.contents import at
from members.api.description import description

#: What the example of each resource asks; in the order of the page.
ASKED: dict[str, dict[str, str]] = {
    "list_members": {"as_of": "2018-06-06", "pillar": "industry", "status": "certified"},
    "read_member": {},
    "list_participants": {"as_of": "2018-06-06", "region": "africa"},
    "list_figures": {"as_of": "2018-06-06", "known": "then"},
    "list_figures_over_time": {"as_of": "2018-06-06"},
    "list_standards": {},
    "list_countries": {},
    "list_terms": {},
    "read_start": {},
}
MOST_CHOICES = 10


@dataclass(frozen=True)
class Parameter:
    """What may be asked. `kind` says in words what is written, `choices` what there is to choose from."""

    name: str
    description: str
    kind: str
    choices: list[str]
    default: str


@dataclass(frozen=True)
class Field:
    """A field of an answer, with the name of the fields inside of it."""

    name: str
    description: str
    inside: str


@dataclass(frozen=True)
class Part:
    """The fields of an answer, or of something in it."""

    name: str
    description: str
    fields: list[Field]


@dataclass(frozen=True)
class Resource:
    """An address with what it takes and gives."""

    name: str
    path: str
    summary: str
    description: str
    parameters: list[Parameter]
    address: str
    """An example of it."""
    example: str
    """What is answered, as JSON."""
    parts: list[Part]


@dataclass(frozen=True)
class Status:
    """A status that every address may answer with."""

    code: str
    description: str


def resources() -> list[Resource]:
    """What can be read, in the order of the page."""
    made = description()
    found = {operations["get"]["operationId"]: (path, operations["get"]) for path, operations in made["paths"].items()}
    return [_resource(name, *found[name]) for name in [*ASKED, *(found.keys() - ASKED.keys())]]


def statuses() -> list[Status]:
    """The statuses, which are the same everywhere."""
    answers = description()["paths"]["/members"]["get"]["responses"]
    return [Status(code, answer["description"]) for code, answer in answers.items()]


def problem_example() -> str:
    """A problem object."""
    return _shown(_schema("Problem")["example"])


def _resource(name: str, path: str, operation: dict[str, Any]) -> Resource:
    asked = ASKED.get(name, {})
    examples = {
        each["name"]: each["schema"].get("examples", [""])[0]
        for each in operation["parameters"]
        if each["in"] == "path"
    }
    address = at(path.lstrip("/").format(**examples)) + (f"?{urlencode(asked)}" if asked else "")
    schema_name = _name_in(operation["responses"]["200"]["content"]["application/json"]["schema"])
    return Resource(
        name=name,
        path=path,
        summary=operation["summary"],
        description=operation["description"],
        parameters=[_parameter(each) for each in operation["parameters"]],
        address=address,
        example=_shown(_schema(schema_name)["example"]),
        parts=[_part(each) for each in _within(schema_name)],
    )


def _parameter(given: dict[str, Any]) -> Parameter:
    schema = given["schema"]
    choices = schema.get("enum", [])
    if len(choices) > MOST_CHOICES:
        kind = _("One of %(count)d codes") % {"count": len(choices)}
        choices = []
    elif choices:
        kind = _("One of")
    elif schema.get("format") == "date":
        kind = _("A day")
    elif schema["type"] == "integer":
        kind = _("A number from %(least)d to %(most)d") % {"least": schema["minimum"], "most": schema["maximum"]}
    else:
        kind = _("A text of at most %(count)d characters") % {"count": schema["maxLength"]}
    return Parameter(given["name"], given["description"], kind, choices, str(schema.get("default", "")))


def _schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = description()["components"]["schemas"][name]
    return found


def _name_in(schema: dict[str, Any]) -> str:
    """The schema that a field refers to, itself or as what its list or its object holds; "" for none."""
    for each in (schema, schema.get("items", {}), schema.get("additionalProperties", {})):
        if isinstance(each, dict):
            if "$ref" in each:
                return str(each["$ref"]).rpartition("/")[2]
            if "items" in each and each is not schema and "$ref" in each["items"]:
                return str(each["items"]["$ref"]).rpartition("/")[2]
    return ""


@cache
def _within(name: str) -> tuple[str, ...]:
    """A schema and those inside of it, each once, from the outside."""
    found = [name]
    for each in found:
        inside = [_name_in(schema) for schema in _schema(each)["properties"].values()]
        found += [other for other in inside if other and other not in found]
    return tuple(found)


def _part(name: str) -> Part:
    schema = _schema(name)
    fields = [
        Field(field, given.get("description", ""), _name_in(given)) for field, given in schema["properties"].items()
    ]
    return Part(name, schema["description"], fields)


def _shown(example: Any) -> str:
    return json.dumps(example, ensure_ascii=False, indent=2)
