"""“Ask only if” written a second time, slowly and from the words of the documentation, to check the portal's against.

It reads the canonical JSON as it stands and asks each question anew, by going back to those before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any


def asked(content: Mapping[str, Any], values: Mapping[int, Any]) -> set[int]:
    """The ids of the questions of a frozen questionnaire that are asked, given the values by question id."""
    order = [question for section in content["sections"] for question in section["questions"]]
    return {question["id"] for place, question in enumerate(order) if _is_asked(order, place, values)}


def _is_asked(order: list[dict[str, Any]], place: int, values: Mapping[int, Any]) -> bool:
    condition = order[place]["condition"]
    if not condition:
        return True
    outcomes = []
    for test in condition["tests"]:
        other = next((number for number, question in enumerate(order) if question["id"] == test["question"]), None)
        if other is None:
            continue
        # A condition looks back only, and what is not asked counts as blank.
        counts = other < place and _is_asked(order, other, values)
        outcomes.append(_outcome(test, order[other]["kind"], values.get(test["question"]) if counts else None))
    if not outcomes:
        return True
    return True in outcomes if condition["match"] == "any" else False not in outcomes


def _outcome(test: Mapping[str, Any], kind: str, value: Any) -> bool:
    if test["is"] == "answered":
        return value is not None
    if test["is"] == "blank":
        return value is None
    if value is None:
        return False
    if test["is"] in ("one_of", "none_of"):
        hit = any(key in test["values"] for key in _chosen(kind, value))
        return hit if test["is"] == "one_of" else not hit
    size = _size(kind, value)
    if size is None:
        return False
    limit = Decimal(test["values"][0])
    return size >= limit if test["is"] == "at_least" else size <= limit


def _chosen(kind: str, value: Any) -> list[str]:
    if kind == "single":
        return [value["choice"]] if value["choice"] else []
    if kind == "multiple":
        return list(value["choices"])
    return [str(value)]


def _size(kind: str, value: Any) -> Decimal | None:
    if kind == "multiple":
        return Decimal(len(value["choices"]))
    if kind == "scale":
        return Decimal(value)
    if kind == "number":
        try:
            return Decimal(value)
        except InvalidOperation:
            return None
    return None
