"""The kinds of question: how each reads what was posted, what its value is, what is wrong with it, how it is shown.

A value is JSON, null when blank:

===========  ==========================================================================
short_text   text                                        long_text  text
yes_no       ``"yes"`` or ``"no"``                       scale      1 to 5
single       ``{"choice": key, "other": text}``          multiple   ``{"choices": [keys], "other": text}``
number       the text as typed                           date       the text as typed, ``YYYY-MM-DD`` from a date field
ranking      ``{key: rank as typed}``                    matrix     ``{row key: column key}``
file         ``[{"attachment": id, "name", "size", "sha256"}]``
===========  ==========================================================================

Reading never refuses: a draft keeps what was typed, also when it is not a number yet (nothing typed
is lost). What is wrong is said by `problems`, beside the field and before submission.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from questionnaires.editions import FrozenQuestion

SCALE = (1, 2, 3, 4, 5)
OTHER = "other"
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

Pairs = list[tuple[str, str]]


def typed(data: QueryDict, name: str) -> str:
    """One posted text: newlines as ``\\n``, without what PostgreSQL cannot store, and without space around it."""
    text = data.get(name, "").replace("\r\n", "\n").replace("\r", "\n")
    return UNSTORABLE.sub("", text).strip()


def typed_line(data: QueryDict, name: str) -> str:
    """One posted text of a field of one line. A browser would drop its line ends, and join the words beside them."""
    return " ".join(typed(data, name).split("\n"))


def words(text: str) -> int:
    """How many words a text has. Scripts without spaces count their letters, as their own word processors do."""
    count = 0
    for chunk in text.split():
        letters = sum(1 for letter in chunk if "\u3040" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7af")
        count += letters or 1
    return count


class Kind:
    """What all kinds share. `name` is the base of the posted names: ``q12``."""

    def names(self, question: FrozenQuestion, name: str) -> list[str]:
        """Every name that the fields of this question post."""
        return [name]

    def read(self, question: FrozenQuestion, data: QueryDict, name: str) -> Any:
        """The value that was posted, null when blank. Choices that the question does not offer are dropped."""
        return typed(data, name) or None

    def pairs(self, question: FrozenQuestion, value: Any, name: str) -> Pairs:
        """The names and values that the fields would post for this value: the inverse of `read`."""
        return [] if value is None else [(name, str(value))]

    def problems(self, question: FrozenQuestion, value: Any) -> list[str]:
        """What stops a submission, each as a sentence that says what to do. A blank value has none but “required”."""
        return []

    def show(self, question: FrozenQuestion, value: Any) -> str:
        """The value as a reader sees it, in plain text."""
        return "" if value is None else str(value)


class Text(Kind):
    def problems(self, question: FrozenQuestion, value: Any) -> list[str]:
        if question.words and (count := words(value)) > question.words:
            over = count - question.words
            return [
                ngettext("Shorten the answer by %(over)d word.", "Shorten the answer by %(over)d words.", over)
                % {"over": over}
            ]
        return []


class Line(Text):
    def read(self, question: FrozenQuestion, data: QueryDict, name: str) -> Any:
        return typed_line(data, name) or None


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
        if OTHER in value["choices"] and not value["other"]:
            return [_("Write what “other” is.")]
        if value["other"] and OTHER not in value["choices"]:
            return [_("Choose “other” for the text that stands there, or remove the text.")]
        return []

    def show(self, question: FrozenQuestion, value: Any) -> str:
        return "" if value is None else _show_choices(question, value["choices"], value["other"])


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


def parse_number(text: str) -> Decimal | None:
    """The number that somebody typed: spaces and apostrophes between figures, point or comma before the decimals.

    None too for ``1,000`` and ``1.000``, which some people read as a thousand and others as one.
    """
    compact = re.sub(r"[\s'’\u00a0\u202f]", "", text).replace("\u2212", "-")
    if compact.count(",") == 1 and "." not in compact:
        compact = compact.replace(",", ".")
    if re.fullmatch(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}", compact):
        return None
    if not re.fullmatch(r"[+-]?[0-9]{1,14}(\.[0-9]{1,6})?", compact):
        return None
    try:
        return Decimal(compact)
    except InvalidOperation:  # pragma: no cover - the pattern above leaves nothing that Decimal refuses
        return None


class Number(Kind):
    def read(self, question: FrozenQuestion, data: QueryDict, name: str) -> Any:
        return typed_line(data, name) or None

    def problems(self, question: FrozenQuestion, value: Any) -> list[str]:
        number = parse_number(value)
        if number is None:
            return [_("Write a number in figures, for example 1000 or 12.5, without a point or comma for thousands.")]
        if question.minimum is not None and number < Decimal(question.minimum):
            return [_("Write a number not below %(limit)s.") % {"limit": question.minimum}]
        if question.maximum is not None and number > Decimal(question.maximum):
            return [_("Write a number not above %(limit)s.") % {"limit": question.maximum}]
        return []

    def show(self, question: FrozenQuestion, value: Any) -> str:
        if value is None:
            return ""
        number = parse_number(value)
        text = value if number is None else number_format(number, force_grouping=True)
        return f"{text} {question.unit}".strip()


def parse_day(text: str) -> date | None:
    """The day that a date field posted or that somebody typed (``2018-11-30`` or ``30.11.2018``)."""
    match = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text)
    figures = match.groups() if match else None
    if figures is None and (match := re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", text)):
        figures = match.groups()[::-1]
    if figures is None:
        return None
    try:
        return date(*map(int, figures))
    except ValueError:
        return None


class Day(Kind):
    def read(self, question: FrozenQuestion, data: QueryDict, name: str) -> Any:
        return typed_line(data, name) or None

    def problems(self, question: FrozenQuestion, value: Any) -> list[str]:
        return [] if parse_day(value) else [_("Write a date as day, month and year, for example 30.11.2018.")]

    def show(self, question: FrozenQuestion, value: Any) -> str:
        if value is None:
            return ""
        day = parse_day(value)
        return date_format(day, "DATE_FORMAT") if day else value


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
        missing = [row.label for row in question.rows if row.key not in value]
        if question.required and missing:
            return [_("Choose one answer in each row; missing: %(rows)s.") % {"rows": ", ".join(missing)}]
        return []

    def show(self, question: FrozenQuestion, value: Any) -> str:
        cells = value or {}
        return "; ".join(
            f"{row.label}: {question.label_of(cells[row.key])}" for row in question.rows if row.key in cells
        )


class File(Kind):
    """The value is written by the operation that stores the file; what a form posts is the file that stands there."""

    def read(self, question: FrozenQuestion, data: QueryDict, name: str) -> Any:
        return None

    def names(self, question: FrozenQuestion, name: str) -> list[str]:
        return [name, f"{name}-remove"]

    def pairs(self, question: FrozenQuestion, value: Any, name: str) -> Pairs:
        return []

    def show(self, question: FrozenQuestion, value: Any) -> str:
        return ", ".join(file["name"] for file in value or ())


KINDS: Mapping[str, Kind] = {
    "short_text": Line(),
    "long_text": Text(),
    "yes_no": YesNo(),
    "single": Single(),
    "multiple": Multiple(),
    "scale": Scale(),
    "number": Number(),
    "date": Day(),
    "ranking": Ranking(),
    "matrix": Matrix(),
    "file": File(),
}


def kind_of(question: FrozenQuestion) -> Kind:
    return KINDS[question.kind]


def show(question: FrozenQuestion, value: Any) -> str:
    """The value as plain text for a reader; empty when blank."""
    return kind_of(question).show(question, value)
