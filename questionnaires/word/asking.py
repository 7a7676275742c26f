"""What a form says around a question: what its answer has to be like, and when it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from questionnaires.editions import EditionContent, FrozenQuestion
from questionnaires.kinds import OTHER, country_name


def hints(question: FrozenQuestion, content: EditionContent) -> list[str]:
    """The lines under a question, most important first."""
    lines = []
    if question.condition:
        when = condition_text(question.condition, content)
        if when:
            lines.append(_("Answer only if %(condition)s.") % {"condition": when})
    if question.help:
        lines.append(question.help)
    lines += [line for line in (_how(question), _how_long(question)) if line]
    if question.files:
        lines.append(_("Files are attached to this answer on the portal."))
    return lines


def _how(question: FrozenQuestion) -> str:
    """How the box is filled in."""
    match question.kind:
        case "single" | "yes_no" | "scale":
            return _("Tick one.")
        case "multiple":
            return _how_many(question)
        case "ranking":
            return _("Write 1 beside the first, 2 beside the next, and so on up to %(count)d.") % {
                "count": len(question.choices)
            }
        case "matrix":
            return _("Tick one in each row.")
        case "date":
            return _("Day, month and year, for example 30.11.2018.")
        case "number":
            return _("A number in figures, in %(unit)s.") % {"unit": question.unit} if question.unit else ""
        case "country":
            return _("The name of the country, or its two letters by ISO 3166.")
        case "table":
            return _("One row for each. Add rows as you need them.")
        case _:
            return ""


def _how_many(question: FrozenQuestion) -> str:
    least, most = question.min_choices, question.max_choices
    if least and most and least != most:
        return _("Tick %(least)d to %(most)d.") % {"least": least, "most": most}
    if least and most:
        return _("Tick %(count)d.") % {"count": least}
    if least:
        return _("Tick at least %(count)d.") % {"count": least}
    if most:
        return _("Tick at most %(count)d.") % {"count": most}
    return _("Tick all that apply.")


def _how_long(question: FrozenQuestion) -> str:
    if not question.words:
        return ""
    return ngettext("Up to %(words)d word.", "Up to %(words)d words.", question.words) % {"words": question.words}


def condition_text(condition: Mapping[str, Any], content: EditionContent) -> str:
    """A condition in words: “3.1 is “Yes” and 3.4 is answered”; empty where what it asks about was removed."""
    parts = []
    for test in condition["tests"]:
        question = content.by_id.get(test["question"])
        if question is not None:
            parts.append(_test(test, question))
    joint = _(" or ") if condition.get("match") == "any" else _(" and ")
    return joint.join(parts)


def _test(test: Mapping[str, Any], question: FrozenQuestion) -> str:
    values = [_label(question, str(value)) for value in test.get("values", ())]
    said = {"number": question.number, "values": _(" or ").join(f"“{value}”" for value in values)}
    match test["is"]:
        case "answered":
            return _("%(number)s is answered") % said
        case "blank":
            return _("%(number)s is left blank") % said
        case "one_of":
            return _("%(number)s is %(values)s") % said
        case "none_of":
            return _("%(number)s is not %(values)s") % said
        case "at_least":
            return _("%(number)s is at least %(value)s") % {**said, "value": test["values"][0]}
        case _:
            return _("%(number)s is at most %(value)s") % {**said, "value": test["values"][0]}


def _label(question: FrozenQuestion, value: str) -> str:
    match question.kind:
        case "yes_no":
            return {"yes": _("Yes"), "no": _("No")}.get(value, value)
        case "country":
            return country_name(value)
        case "confirmation":
            return _("Confirmed")
        case _:
            return _("Other") if value == OTHER else question.label_of(value)
