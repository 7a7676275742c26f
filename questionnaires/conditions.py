"""“Ask only if”: which questions of an edition are asked, given what was answered. Pure functions.

A condition is ``{"match": "all" | "any", "tests": [{"question": id, "is": test, "values": [...]}]}``, null for a
question that is always asked. The tests:

==================  ================================================================================
``answered``        there is an answer                        ``blank``  there is none
``one_of``          the answer, or one of its choices, is among `values`: choice keys (``other`` for that one),
                    ``yes``/``no``, steps of a scale as texts, country codes, ``yes`` for a confirmation
``none_of``         there is an answer, and nothing of it is among `values`
``at_least``        the number, step or count of choices is not below ``values[0]``
``at_most``         … is not above it
==================  ================================================================================

A condition looks back only, at questions that stand before it, so that a delegate meets no question that a later answer
takes away. An answer to a question that is not asked counts as blank: it stays in the draft, and is asked of nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from questionnaires.editions import EditionContent, FrozenQuestion
from questionnaires.kinds import parse_number

TESTS = ("answered", "blank", "one_of", "none_of", "at_least", "at_most")


def asked(content: EditionContent, values: Mapping[int, Any]) -> frozenset[int]:
    """The ids of the questions that are asked, given the values by question id."""
    if not content.has_conditions:
        return frozenset(content.by_id)
    found: set[int] = set()
    for question in content:
        if question.condition is None or _holds(question.condition, content, values, found):
            found.add(question.id)
    return frozenset(found)


def reasons(content: EditionContent, values: Mapping[int, Any]) -> dict[int, tuple[FrozenQuestion, ...]]:
    """For each question that is not asked: the questions whose answers decide so, in the order of the condition."""
    before = asked(content, values)
    found: dict[int, tuple[FrozenQuestion, ...]] = {}
    for question in content:
        if question.id in before or question.condition is None:
            continue
        others = {
            test["question"]: content.by_id[test["question"]]
            for test in question.condition["tests"]
            if test["question"] in content.by_id and not _holds({"tests": [test]}, content, values, before)
        }
        found[question.id] = tuple(others.values())
    return found


def _holds(
    condition: Mapping[str, Any], content: EditionContent, values: Mapping[int, Any], before: Iterable[int]
) -> bool:
    results = []
    for test in condition["tests"]:
        other = content.by_id.get(test["question"])
        if other is None:
            continue  # it was removed; what it decided is decided no more
        value = values.get(other.id) if other.id in before else None
        results.append(_passes(test, other, value))
    if not results:
        return True
    return any(results) if condition.get("match") == "any" else all(results)


def _passes(test: Mapping[str, Any], question: FrozenQuestion, value: Any) -> bool:
    match test["is"]:
        case "answered":
            return value is not None
        case "blank":
            return value is None
        case "one_of":
            return bool(_keys(question, value) & set(test["values"]))
        case "none_of":
            return value is not None and not _keys(question, value) & set(test["values"])
        case "at_least" | "at_most":
            size, limit = _size(question, value), parse_number(str(test["values"][0]))
            if size is None or limit is None:
                return False
            return size >= limit if test["is"] == "at_least" else size <= limit
        case _:
            return False


def _keys(question: FrozenQuestion, value: Any) -> set[str]:
    """What an answer chose."""
    if value is None:
        return set()
    match question.kind:
        case "single":
            return {value["choice"]} if value["choice"] else set()
        case "multiple":
            return set(value["choices"])
        case _:
            return {str(value)}


def _size(question: FrozenQuestion, value: Any) -> Decimal | None:
    if value is None:
        return None
    match question.kind:
        case "scale":
            return Decimal(value)
        case "multiple":
            return Decimal(len(value["choices"]))
        case "number":
            return parse_number(value)
        case _:
            return None
