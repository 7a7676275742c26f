"""What a question of each kind needs: its choices, rows and columns, as they stand in its form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from questionnaires.design_forms.translating import first_language, one_line, other_languages
from questionnaires.models import Question

# Which kinds a field of a question is about; the fields that are not here are about all.
KINDS_OF_FIELD: Mapping[str, tuple[str, ...]] = {
    "choices": ("single", "multiple", "ranking", "matrix"),
    "rows": ("matrix",),
    "columns": ("table",),
    "has_other": ("single", "multiple"),
    "min_choices": ("multiple",),
    "max_choices": ("multiple",),
    "max_rows": ("table",),
    "low_label": ("scale",),
    "high_label": ("scale",),
    "word_limit": ("short_text", "long_text"),
    "minimum": ("number",),
    "maximum": ("number",),
    "unit": ("number",),
    "takes_files": tuple(kind for kind in Question.Kind.values if kind != "file"),
}
LISTS = ("choices", "rows", "columns")
KEY = re.compile(r"[\w-]{1,80}")
LONGEST_LABEL = 300
# What may stand in a column of a table (see `questionnaires.kinds`), the usual one first.
COLUMN_WORDS = {
    "text": _("Text"),
    "number": _("Number"),
    "date": _("Date"),
    "yes_no": _("Yes or no"),
    "country": _("Country"),
}
WORDS: Mapping[str, tuple[Any, Any, Any]] = {
    "choices": (_("Choices"), _("Add a choice"), _("Choice")),
    "rows": (_("Rows"), _("Add a row"), _("Row")),
    "columns": (_("Columns"), _("Add a column"), _("Column")),
}


@dataclass
class Row:
    """A choice, a row or a column as it stands in the form. `labels` are its other languages."""

    key: str = ""
    label: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    type: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.label and not any(self.labels.values())

    @property
    def translated(self) -> list[tuple[str, str, str]]:
        """Each other language with its name and what stands there."""
        return [(code, name, self.labels.get(code, "")) for code, name in other_languages()]

    @property
    def stored(self) -> dict[str, Any]:
        labels = {code: label for code, label in self.labels.items() if label}
        return {
            "key": self.key,
            "label": self.label,
            **({"labels": labels} if labels else {}),
            **({"type": self.type} if self.type else {}),
        }


@dataclass
class RowList:
    """The rows of one list in the form, with its words and what is wrong with it."""

    name: str
    title: Any
    add: Any
    item: Any
    rows: list[Row]
    typed: bool = False
    error: str = ""

    @property
    def kinds(self) -> str:
        return " ".join(KINDS_OF_FIELD[self.name])


def row_of(choice: Mapping[str, Any]) -> Row:
    """A stored choice, row or column."""
    return Row(choice["key"], choice["label"], dict(choice.get("labels", {})), choice.get("type", ""))


def row_list(name: str, stored: Sequence[Mapping[str, Any]], posted: QueryDict) -> RowList:
    """The list as it was posted, and where it was not as it is stored, with lines to fill in."""
    if f"{name}-label" in posted:
        return RowList(name, *WORDS[name], rows=_typed_rows(name, stored, posted), typed=True)
    rows = [row_of(choice) for choice in stored]
    rows += [Row() for _blank in range(1 if rows else 2)]
    return RowList(name, *WORDS[name], rows=rows)


def _typed_rows(name: str, stored: Sequence[Mapping[str, Any]], posted: QueryDict) -> list[Row]:
    def column(part: str) -> list[str]:
        return [one_line(text)[:LONGEST_LABEL] for text in posted.getlist(f"{name}-{part}")]

    codes = [code for code, _name in other_languages()]
    columns = [column(f"label-{code}") for code in codes]
    known = {choice["key"]: choice.get("labels", {}) for choice in stored}
    rows: list[Row] = []
    for key, label, kind, *labels in zip_longest(
        column("key"), column("label"), column("type"), *columns, fillvalue=""
    ):
        key = key if KEY.fullmatch(key) and all(row.key != key for row in rows) else ""
        others = {code: text for code, text in known.get(key, {}).items() if code not in codes}
        type_ = (kind if kind in COLUMN_WORDS else next(iter(COLUMN_WORDS))) if name == "columns" else ""
        rows.append(Row(key, label, others | dict(zip(codes, labels, strict=True)), type_))
    return rows


def list_error(rows: Sequence[Row]) -> str:
    """What is wrong with the rows of a list."""
    labels = [row.label.casefold() for row in rows if not row.is_blank]
    if "" in labels:
        return gettext("Write each label in %(language)s too.") % {"language": first_language()[1]}
    if len(set(labels)) < len(labels):
        return gettext("Give each label once.")
    return ""


def listed(rows: Iterable[Row]) -> str:
    """The rows as an officer reads them, one a line."""
    lines = [" / ".join(text for text in (row.label, *row.labels.values()) if text) for row in rows]
    return "\n".join(lines) or gettext("(empty)")
