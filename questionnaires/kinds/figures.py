"""Numbers and dates, as people type them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from questionnaires.editions import FrozenQuestion
from questionnaires.kinds.base import Kind, typed_line


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
    def limits(self, question: FrozenQuestion) -> str:
        lowest, highest = question.minimum, question.maximum
        if lowest is not None and highest is not None:
            return _("From %(lowest)s to %(highest)s.") % {"lowest": lowest, "highest": highest}
        if lowest is not None:
            return _("Not below %(limit)s.") % {"limit": lowest}
        return "" if highest is None else _("Not above %(limit)s.") % {"limit": highest}

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
