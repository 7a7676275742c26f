"""Choices: one or several, on a scale, by rank, by row, a country, a tick."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_countries import countries

from questionnaires.editions import FrozenQuestion
from questionnaires.kinds.base import Kind, Pairs, typed, typed_line

SCALE = (1, 2, 3, 4, 5)
OTHER = "other"


class YesNo(Kind):
    def read(self, question: FrozenQuestion, data: QueryDict, name: str) -> Any:
        value = typed(data, name)
        return value if value in ("yes", "no") else None

    def show(self, question: FrozenQuestion, value: Any) -> str:
        return {"yes": _("Yes"), "no": _("No")}.get(value, "")


class Single(Kind):
    def names(self, question: FrozenQuestion, name: str) -> list[str]:
        return [name, f"{name}-other"] if question.other else [name]

    def read(self, question: FrozenQuestion, data: QueryDict, name: str) -> Any:
        choice = typed(data, name)
        other = typed_line(data, f"{name}-other") if question.other else ""
        if choice not in {c.key for c in question.choices} and not (choice == OTHER and question.other):
            choice = ""
        return {"choice": choice, "other": other} if choice or other else None

    def pairs(self, question: FrozenQuestion, value: Any, name: str) -> Pairs:
        pairs = [(name, value["choice"])] if value and value["choice"] else []
        return pairs + ([(f"{name}-other", value["other"])] if value and value["other"] else [])

    def problems(self, question: FrozenQuestion, value: Any) -> list[str]:
        if not _all_offered(question, [value["choice"]]):
            return [_("Choose again: what was chosen is not offered any more.")]
        if not value["choice"]:
            return [_("Choose “other” for the text that stands there, or remove the text.")]
        if value["choice"] == OTHER and not value["other"]:
            return [_("Write what “other” is.")]
        if value["choice"] != OTHER and value["other"]:
            return [_("Choose “other” for the text that stands there, or remove the text.")]
        return []

    def show(self, question: FrozenQuestion, value: Any) -> str:
        if value is None:
            return ""
        return _show_choices(question, [value["choice"]] if value["choice"] else [], value["other"])


class Multiple(Single):
    def read(self, question: FrozenQuestion, data: QueryDict, name: str) -> Any:
        chosen = set(data.getlist(name))
        keys = [choice.key for choice in question.choices if choice.key in chosen]
        if question.other and OTHER in chosen:
            keys.append(OTHER)
        other = typed_line(data, f"{name}-other") if question.other else ""
        return {"choices": keys, "other": other} if keys or other else None

    def pairs(self, question: FrozenQuestion, value: Any, name: str) -> Pairs:
        if value is None:
            return []
        pairs = [(name, key) for key in value["choices"]]
        return pairs + ([(f"{name}-other", value["other"])] if value["other"] else [])

    def problems(self, question: FrozenQuestion, value: Any) -> list[str]:
        if not _all_offered(question, value["choices"]):
            return [_("Choose again: something that was chosen is not offered any more.")]
        if OTHER in value["choices"] and not value["other"]:
            return [_("Write what “other” is.")]
        if value["other"] and OTHER not in value["choices"]:
            return [_("Choose “other” for the text that stands there, or remove the text.")]
        chosen, fewest, most = len(value["choices"]), question.min_choices, question.max_choices
        if fewest and chosen < fewest:
            return [_("Choose at least %(fewest)d; you chose %(chosen)d.") % {"fewest": fewest, "chosen": chosen}]
        if most and chosen > most:
            return [_("Choose at most %(most)d; you chose %(chosen)d.") % {"most": most, "chosen": chosen}]
        return []

    def limits(self, question: FrozenQuestion) -> str:
        fewest, most = question.min_choices, question.max_choices
        if fewest and most:
            if fewest == most:
                return _("Choose %(count)d.") % {"count": most}
            return _("Choose %(fewest)d to %(most)d.") % {"fewest": fewest, "most": most}
        if fewest:
            return _("Choose at least %(fewest)d.") % {"fewest": fewest}
        return _("Choose at most %(most)d.") % {"most": most} if most else ""

    def show(self, question: FrozenQuestion, value: Any) -> str:
        return "" if value is None else _show_choices(question, value["choices"], value["other"])


def _all_offered(question: FrozenQuestion, keys: Iterable[str]) -> bool:
    """Whether these choices, blank ones apart, are among those of the question; a newer edition may offer fewer."""
    offered = {choice.key for choice in question.choices} | ({OTHER} if question.other else set())
    return {key for key in keys if key} <= offered


def _show_choices(question: FrozenQuestion, keys: list[str], other: str) -> str:
    labels = [question.label_of(key) for key in keys if key != OTHER]
    if other:
        labels.append(_("Other: %(text)s") % {"text": other})
    elif OTHER in keys:
        labels.append(_("Other"))
    return "; ".join(labels)


class Scale(Kind):
    def read(self, question: FrozenQuestion, data: QueryDict, name: str) -> Any:
        value = typed(data, name)
        return int(value) if value in {str(step) for step in SCALE} else None

    def show(self, question: FrozenQuestion, value: Any) -> str:
        if value is None:
            return ""
        meaning = {SCALE[0]: question.low, SCALE[-1]: question.high}.get(value, "")
        return f"{value} ({meaning})" if meaning else str(value)


class Ranking(Kind):
    def names(self, question: FrozenQuestion, name: str) -> list[str]:
        return [f"{name}-rank-{choice.key}" for choice in question.choices]

    def read(self, question: FrozenQuestion, data: QueryDict, name: str) -> Any:
        allowed = {str(rank) for rank in range(1, len(question.choices) + 1)}
        ranks = {choice.key: typed(data, f"{name}-rank-{choice.key}") for choice in question.choices}
        kept = {key: int(rank) for key, rank in ranks.items() if rank in allowed}
        return kept or None

    def pairs(self, question: FrozenQuestion, value: Any, name: str) -> Pairs:
        return [(f"{name}-rank-{key}", str(rank)) for key, rank in (value or {}).items()]

    def problems(self, question: FrozenQuestion, value: Any) -> list[str]:
        if not _all_offered(question, value):
            return [_("Rank again: something that was ranked is not offered any more.")]
        if len(set(value.values())) < len(value):
            return [_("Give each rank once.")]
        if len(value) < len(question.choices):
            return [_("Rank all %(count)d, or none.") % {"count": len(question.choices)}]
        return []

    def show(self, question: FrozenQuestion, value: Any) -> str:
        ranked = sorted((value or {}).items(), key=lambda pair: pair[1])
        return "; ".join(f"{rank}. {question.label_of(key)}" for key, rank in ranked)


class Matrix(Kind):
    def names(self, question: FrozenQuestion, name: str) -> list[str]:
        return [f"{name}-row-{row.key}" for row in question.rows]

    def read(self, question: FrozenQuestion, data: QueryDict, name: str) -> Any:
        columns = {choice.key for choice in question.choices}
        cells = {row.key: typed(data, f"{name}-row-{row.key}") for row in question.rows}
        kept = {row: column for row, column in cells.items() if column in columns}
        return kept or None

    def pairs(self, question: FrozenQuestion, value: Any, name: str) -> Pairs:
        return [(f"{name}-row-{row}", column) for row, column in (value or {}).items()]

    def problems(self, question: FrozenQuestion, value: Any) -> list[str]:
        if not _all_offered(question, [value[row.key] for row in question.rows if row.key in value]):
            return [_("Choose again: something that was chosen is not offered any more.")]
        missing = [row.label for row in question.rows if row.key not in value]
        if question.required and missing:
            return [_("Choose one answer in each row; missing: %(rows)s.") % {"rows": ", ".join(missing)}]
        return []

    def show(self, question: FrozenQuestion, value: Any) -> str:
        cells = value or {}
        return "; ".join(
            f"{row.label}: {question.label_of(cells[row.key])}" for row in question.rows if row.key in cells
        )


class Country(Kind):
    """The value is the ISO 3166 code; readers see the name in their own language."""

    def read(self, question: FrozenQuestion, data: QueryDict, name: str) -> Any:
        code = typed(data, name).upper()
        return code if code in countries.countries else None

    def show(self, question: FrozenQuestion, value: Any) -> str:
        return "" if value is None else country_name(value)


def country_name(code: str) -> str:
    """The name in the active language; the code itself for one that no country has any more."""
    return str(countries.name(code)) or code


def country_names() -> tuple[tuple[str, str], ...]:
    """Codes and names, in the order of the names in the active language."""
    return _country_names(get_language() or "")


@lru_cache(maxsize=16)
def _country_names(language: str) -> tuple[tuple[str, str], ...]:
    # Sorting 250 names by the rules of a language takes longer than the rest of a page.
    return tuple((code, str(name)) for code, name in countries)


class Confirmation(Kind):
    """A tick under a statement; without it the question is blank."""

    def read(self, question: FrozenQuestion, data: QueryDict, name: str) -> Any:
        return "yes" if typed(data, name) == "yes" else None

    def show(self, question: FrozenQuestion, value: Any) -> str:
        return _("Confirmed") if value == "yes" else ""
