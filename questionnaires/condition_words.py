"""An “ask only if” in words, for the designer, the preview and the comparison of editions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from questionnaires.editions import EditionContent, FrozenQuestion


def in_words(
    condition: Mapping[str, Any] | None, name_of: Callable[[int], str], label_of: Callable[[int, str], str]
) -> str:
    """The condition as a sentence, empty for a question that is always asked.

    `name_of` gives what a question is called (its number), `label_of` what one of its answers is.
    """
    if not condition or not condition.get("tests"):
        return ""
    parts = [_test(test, name_of(test["question"]), label_of) for test in condition["tests"]]
    joined = (_(" or ") if condition.get("match") == "any" else _(" and ")).join(parts)
    return _("Asked only if %(tests)s.") % {"tests": joined}


def _test(test: Mapping[str, Any], name: str, label_of: Callable[[int, str], str]) -> str:
    values = test.get("values", [])
    labels = _(" or ").join(label_of(test["question"], value) for value in values)
    match test["is"]:
        case "answered":
            return _("%(question)s is answered") % {"question": name}
        case "blank":
            return _("%(question)s is not answered") % {"question": name}
        case "one_of":
            return _("%(question)s is %(values)s") % {"question": name, "values": labels}
        case "none_of":
            return _("%(question)s is answered, but not with %(values)s") % {"question": name, "values": labels}
        case "at_least":
            return _("%(question)s is at least %(limit)s") % {"question": name, "limit": values[0]}
        case _:
            return _("%(question)s is at most %(limit)s") % {"question": name, "limit": values[0]}


def condition_in(question: FrozenQuestion, content: EditionContent) -> str:
    """The condition of a frozen question in words, with the numbers and labels of its edition."""

    def name(pk: int) -> str:
        other = content.by_id.get(pk)
        return other.number if other else "–"

    def label(pk: int, key: str) -> str:
        other = content.by_id.get(pk)
        if other is None:
            return key
        words = {"yes": _("Yes"), "no": _("No"), "other": _("Other")}
        found = other.label_of(key)
        return words.get(key, key) if found == key else found

    return in_words(question.condition, name, label)
