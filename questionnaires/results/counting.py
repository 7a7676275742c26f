"""The figures of one question, as they may be published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from icoca_portal.lib import small_numbers
from questionnaires import kinds
from questionnaires.results.reading import Asked, Record

#: Cells beside the choices of a question.
BLANK, NOT_ASKED, REST, ANSWERED = "=blank", "=not-asked", "=rest", "=answered"
#: Kinds of which it is counted who answered, and of some the figures below besides.
ANSWERED_OR_NOT = (
    "short_text", "long_text", "number", "date", "ranking", "multiple", "file", "table", "email", "url", "confirmation",
)  # fmt: skip

Cell = dict[str, Any]


@dataclass
class Counted:
    """What is published of a question, and what of it is left out (a figure each).

    `reason` says why nothing at all is shown: ``few`` (too few were asked), ``edition`` (an edition asked all but a
    few, or only a few), ``condition`` (who was asked tells how they answered another question). `complete` holds the
    numbers by cell where no figure of the first table is left out, for the questions that depend on it.
    """

    total: int | None = None
    reason: str = ""
    tables: list[dict[str, Any]] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)
    left_out: int = 0
    complete: Mapping[str, int] | None = None
    answered: int = 0

    @property
    def is_hidden(self) -> bool:
        return bool(self.reason)


def count(question: Asked, record: Record, threshold: int, before: Mapping[int, Counted]) -> Counted:
    """Count the answers to a question. `before` holds the questions that stand before it, which its condition is about.

    `small_numbers` decides what of it is shown.
    """
    found = [voice.question(question.id) for voice in record.voices]
    asked = [given for given in found if given is not None and given.kind == question.kind]
    values = [given.answer for given in asked if given.answer is not None]
    result = Counted(answered=len(values))
    if small_numbers.is_small(len(record.voices), threshold) or not record.voices:
        result.reason = "few"
        return result
    everybody = len(record.voices)
    if threshold > 1 and question.is_conditional:
        if not _is_told_by_others(question, record, before):
            result.reason = "condition"
            return result
        result.total, unasked = len(asked), 0
    else:
        elsewhere = set(record.editions) - set(question.editions)
        unasked = everybody - len(asked) if elsewhere else 0
        result.total = everybody if elsewhere or not question.is_conditional else len(asked)
        if unasked and (small_numbers.is_small(unasked, threshold) or small_numbers.is_small(len(asked), threshold)):
            result.reason = "edition"
            return result
    if not result.total:
        result.reason = "few"
        return result
    _Counting(question, values, result, threshold, unasked).count()
    return result


class _Counting:
    """One count under way."""

    def __init__(self, question: Asked, values: list[Any], result: Counted, threshold: int, unasked: int) -> None:
        self.question, self.raw, self.values = question, question.raw, values
        self.result, self.threshold, self.unasked = result, threshold, unasked
        self.total = result.total or 0

    def count(self) -> None:
        match self.question.kind:
            case "yes_no":
                self.row(_cells("yes", "no"), Counter(self.values))
            case "scale":
                self.row(_cells(*map(str, kinds.SCALE)), Counter(str(value) for value in self.values))
                self.mean()
            case "single":
                self.row(self.choices(), Counter(value["choice"] or BLANK for value in self.values))
            case "multiple" if self.raw.get("max_choices") == 1:
                self.row(self.choices(), Counter(key for value in self.values for key in value["choices"]))
            case "matrix":
                for row in self.raw["rows"]:
                    self.row(self.choices(), Counter(value.get(row["key"], BLANK) for value in self.values), row)
            case "country":
                self.by_name(Counter(self.values))
            case kind if kind in ANSWERED_OR_NOT:
                self.row(_cells(ANSWERED), Counter({ANSWERED: len(self.values)}))
                self.more(kind)

    def more(self, kind: str) -> None:
        match kind:
            case "multiple":
                self.several()
            case "ranking":
                self.ranks()
            case "number":
                numbers = [number for value in self.values if (number := kinds.parse_number(value)) is not None]
                self.middle(numbers, lambda some: _plain(sum(some) / len(some)))
            case "date":
                days = [day.toordinal() for value in self.values if (day := kinds.parse_day(value))]
                self.middle(days, lambda some: date.fromordinal(round(sum(some) / len(some))).isoformat())

    def choices(self) -> list[Cell]:
        cells: list[Cell] = [dict(choice) for choice in self.raw["choices"]]
        return [*cells, {"key": kinds.OTHER}] if self.raw["other"] else cells

    def row(self, cells: list[Cell], counts: Mapping[str, int], row: Any = None) -> None:
        """A count by cells that exclude each other; who gave no answer and who was not asked are cells besides."""
        numbers = [counts.get(cell["key"], 0) for cell in cells]
        if self.question.optional:
            cells = [*cells, {"key": BLANK}]
            numbers.append(self.total - self.unasked - sum(numbers))
        if self.unasked:
            cells, numbers = [*cells, {"key": NOT_ASKED}], [*numbers, self.unasked]
        published = small_numbers.shown(numbers, self.threshold)
        if len(cells) == 1:
            published = list(numbers)  # it is the total
        if row is None and None not in published:
            self.result.complete = {cell["key"]: number for cell, number in zip(cells, numbers, strict=True)}
        self.table(cells, published, row)

    def table(self, cells: list[Cell], published: Sequence[int | None], row: Any = None, overlap: bool = False) -> None:
        self.result.left_out += sum(number is None for number in published)
        self.result.tables.append(
            {
                "row": row,
                "overlap": overlap,
                "cells": [{**cell, "count": number} for cell, number in zip(cells, published, strict=True)],
            }
        )

    def mean(self) -> None:
        """The mean of a scale follows from its counts; with one of them left out it would help to find it."""
        if self.result.complete is not None and self.values:
            self.result.figures["mean"] = _plain(Decimal(sum(self.values)) / len(self.values), "0.1")
        elif self.values:
            self.result.left_out += 1

    def several(self) -> None:
        cells = self.choices()
        counts = Counter(key for value in self.values for key in value["choices"])
        told = next(cell["count"] for cell in self.result.tables[0]["cells"] if cell["key"] == ANSWERED)
        known = [told] if told is not None else small_numbers.possible(len(self.values), self.total, self.threshold)
        published = small_numbers.shown_of_several(
            [counts[cell["key"]] for cell in cells],
            len(self.values),
            known,
            self.threshold,
            self.raw.get("min_choices"),
            self.raw.get("max_choices"),
        )
        self.table(cells, published, overlap=True)

    def by_name(self, counts: Mapping[str, int]) -> None:
        """Names with enough answers each; all others, and who gave none, together in a cell that is large enough."""
        kept = {name: n for name, n in counts.items() if not small_numbers.is_small(n, self.threshold)}
        rest = self.total - sum(kept.values())
        while kept and rest and small_numbers.is_small(rest, self.threshold):
            rest += kept.pop(min(kept, key=lambda name: (kept[name], name)))
        if len(kept) == 1 and not rest and self.threshold > 1:
            kept, rest = {}, self.total
        order = sorted(kept, key=lambda name: (-kept[name], name))
        cells: list[Cell] = [{"key": name} for name in order]
        self.result.left_out += len(set(counts) - set(kept)) - (not kept)
        if rest:
            cells.append({"key": REST})
        # Alone, the rest is the total, and says nothing.
        self.table(cells, [*(kept[name] for name in order), *([rest if kept else None] if rest else [])])

    def ranks(self) -> None:
        keys = [choice["key"] for choice in self.raw["choices"]]
        whole = [value for value in self.values if set(value) == set(keys)]
        sums = [sum(value[key] for value in whole) for key in keys]
        if not small_numbers.ranks_may_be_shown(sums, len(whole), len(keys), self.threshold):
            self.result.left_out += len(keys) if whole else 0
            return
        means = [Decimal(total) / len(whole) for total in sums]
        order = sorted(range(len(keys)), key=lambda place: (means[place], place))
        self.result.figures["ranks"] = [
            {**self.raw["choices"][place], "mean": _plain(means[place], "0.1")} for place in order
        ]

    def middle(self, values: Sequence[Any], mean: Callable[[Sequence[Any]], str]) -> None:
        found = small_numbers.middle(values, self.threshold, mean)
        if found is not None:
            self.result.figures["middle"] = dict(zip(("lower", "centre", "upper"), found, strict=True))
        elif values:
            self.result.left_out += 1


def _cells(*keys: str) -> list[Cell]:
    return [{"key": key} for key in keys]


def _plain(number: Decimal, step: str = "0.01") -> str:
    """A figure as text, rounded half up as people do."""
    rounded = Decimal(number).quantize(Decimal(step), ROUND_HALF_UP)
    return str(rounded) if step == "0.1" else format(rounded.normalize(), "f")


#: Kinds whose first table has a cell for each value that a condition may name.
TELLING = ("yes_no", "single", "scale")


def _is_told_by_others(question: Asked, record: Record, before: Mapping[int, Counted]) -> bool:
    """Whether published figures already say how many were asked a conditional question.

    Its condition is about one other question, which every edition asks, whose figures are all shown and have a cell for
    whatever the condition tests. Else the number of those asked would be a figure of its own, about the answers to
    another question or to several at once.
    """
    condition = question.condition
    if condition is None or set(record.editions) - set(question.editions):
        return False
    tests = condition["tests"]
    parents = {test["question"] for test in tests}
    if len(parents) != 1:
        return False
    other = next((asked for asked in record.questions if asked.id in parents), None)
    if other is None or set(record.editions) - set(other.editions):
        return False
    counted = before.get(other.id)
    if counted is None or counted.complete is None:
        return False
    return other.kind in TELLING or (
        other.kind in ANSWERED_OR_NOT and all(test["is"] in ("answered", "blank") for test in tests)
    )
