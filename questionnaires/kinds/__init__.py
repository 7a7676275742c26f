"""The kinds of question: how each reads what was posted, what its value is, what is wrong with it, how it is shown.

A value is JSON, null when blank:

===========  ==========================================================================
short_text   text                                        long_text  text
yes_no       ``"yes"`` or ``"no"``                       scale      1 to 5
single       ``{"choice": key, "other": text}``          multiple   ``{"choices": [keys], "other": text}``
number       the text as typed                           date       the text as typed, ``YYYY-MM-DD`` from a date field
ranking      ``{key: rank as typed}``                    matrix     ``{row key: column key}``
email        the text as typed                           url        the text as typed
country      the ISO code, ``"CH"``                      confirmation  ``"yes"``
table        ``[{column key: text as typed}]``: rows without any text are dropped, cells without one left out
file         ``[{"attachment": id, "name", "size", "sha256"}]``
===========  ==========================================================================

Reading never refuses: a draft keeps what was typed, also when it is not a number yet (nothing typed
is lost). What is wrong is said by `problems`, beside the field and before submission.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from questionnaires.editions import FrozenQuestion
from questionnaires.kinds.base import UNSTORABLE, Kind, Pairs, typed, typed_line, words
from questionnaires.kinds.choosing import (
    OTHER,
    SCALE,
    Confirmation,
    Country,
    Matrix,
    Multiple,
    Ranking,
    Scale,
    Single,
    YesNo,
    country_name,
    country_names,
)
from questionnaires.kinds.figures import Day, Number, parse_day, parse_number
from questionnaires.kinds.tables import (
    COLUMN_TYPES,
    MOST_ROWS,
    Table,
    cell_name,
    cells_of,
    most_rows,
    row_numbers,
    shown_rows,
)
from questionnaires.kinds.texts import Email, File, Line, Text, WebAddress

__all__ = [
    "COLUMN_TYPES",
    "KINDS",
    "MOST_ROWS",
    "OTHER",
    "SCALE",
    "UNSTORABLE",
    "Kind",
    "Pairs",
    "cell_name",
    "cells_of",
    "country_name",
    "country_names",
    "kind_of",
    "most_rows",
    "parse_day",
    "parse_number",
    "row_numbers",
    "show",
    "shown_rows",
    "stored_pairs",
    "typed",
    "typed_line",
    "words",
]

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
    "table": Table(),
    "email": Email(),
    "url": WebAddress(),
    "country": Country(),
    "confirmation": Confirmation(),
}


def kind_of(question: FrozenQuestion) -> Kind:
    return KINDS[question.kind]


def show(question: FrozenQuestion, value: Any) -> str:
    """The value as plain text for a reader; empty when blank."""
    return kind_of(question).show(question, value)


def stored_pairs(question: FrozenQuestion, value: Any) -> str:
    """A stored value as posted names and values in JSON: the page drops its own copy only if these are the same."""
    return json.dumps(kind_of(question).pairs(question, value, f"q{question.id}"), ensure_ascii=False)
