"""Tables: rows that the delegation adds, each with typed cells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from questionnaires.editions import Choice, FrozenQuestion
from questionnaires.kinds.base import Kind, Pairs
from questionnaires.kinds.choosing import Country, YesNo
from questionnaires.kinds.figures import Day, Number
from questionnaires.kinds.texts import Line

MOST_ROWS = 30
_CELLS: Mapping[str, tuple[str, Kind]] = {
    "text": ("short_text", Line()),
    "number": ("number", Number()),
    "date": ("date", Day()),
    "yes_no": ("yes_no", YesNo()),
    "country": ("country", Country()),
}
COLUMN_TYPES = tuple(_CELLS)


def most_rows(question: FrozenQuestion) -> int:
    """How many rows a table takes."""
    return question.max_rows or MOST_ROWS


class Table(Kind):
    """Cells are posted as ``q12-cell-<row>-<column key>``. Rows without any text are no rows."""

    def names(self, question: FrozenQuestion, name: str) -> list[str]:
        return [cell_name(name, row, column) for row in range(most_rows(question)) for column in question.columns]

    def read(self, question: FrozenQuestion, data: QueryDict, name: str) -> Any:
        rows = [self._row(question, data, name, number) for number in row_numbers(data, name)]
        return [row for row in rows if row] or None

    def _row(self, question: FrozenQuestion, data: QueryDict, name: str, number: int) -> dict[str, str]:
        if data.get("go") == f"drop-{question.id}-{number}":
            return {}
        cells = {
            column.key: kind.read(asked, data, cell_name(name, number, column))
            for column, asked, kind in cells_of(question)
        }
        return {key: text for key, text in cells.items() if text is not None}

    def pairs(self, question: FrozenQuestion, value: Any, name: str) -> Pairs:
        return [
            (f"{name}-cell-{number}-{key}", text) for number, row in enumerate(value or ()) for key, text in row.items()
        ]

    def problems(self, question: FrozenQuestion, value: Any) -> list[str]:
        found = []
        if (over := len(value) - most_rows(question)) > 0:
            found.append(ngettext("Remove %(over)d row.", "Remove %(over)d rows.", over) % {"over": over})
        for number, row in enumerate(value, 1):
            for column, asked, kind in cells_of(question):
                if column.key in row:
                    place = _("Row %(number)d, %(column)s:") % {"number": number, "column": column.label}
                    found += [f"{place} {sentence}" for sentence in kind.problems(asked, row[column.key])]
        return found

    def limits(self, question: FrozenQuestion) -> str:
        most = question.max_rows
        return ngettext("Up to %(most)d row.", "Up to %(most)d rows.", most) % {"most": most} if most else ""

    def show(self, question: FrozenQuestion, value: Any) -> str:
        """One line a row, numbered, each cell behind the label of its column."""
        lines = []
        for number, row in enumerate(value or (), 1):
            shown = [
                (column.label, kind.show(asked, row.get(column.key))) for column, asked, kind in cells_of(question)
            ]
            lines.append(f"{number}. " + "; ".join(f"{label}: {text}" for label, text in shown if text))
        return "\n".join(lines)


def row_numbers(data: QueryDict, name: str) -> list[int]:
    """The numbers of the rows that were posted, in order, those without any text too."""
    pattern = re.compile(rf"{re.escape(name)}-cell-([0-9]{{1,3}})-")
    return sorted({int(match[1]) for key in data if (match := pattern.match(key))})


def cell_name(name: str, row: int | str, column: Choice) -> str:
    return f"{name}-cell-{row}-{column.key}"


def cells_of(question: FrozenQuestion) -> list[tuple[Choice, FrozenQuestion, Kind]]:
    """Each column, with the question that one of its cells asks and the kind that reads it."""
    plain = replace(question, required=False, words=None, minimum=None, maximum=None, unit="")
    return [
        (column, replace(plain, kind=_CELLS[column.type][0]), _CELLS[column.type][1]) for column in question.columns
    ]


def shown_rows(question: FrozenQuestion, value: Any) -> list[list[str]]:
    """The rows of a table as a reader sees them, a text for each column."""
    cells = cells_of(question)
    return [[kind.show(asked, row.get(column.key)) for column, asked, kind in cells] for row in value or ()]
