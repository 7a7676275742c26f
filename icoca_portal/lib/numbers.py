"""Whole numbers that a form or an address names: a version, a key, a place in a list. Nothing typed raises."""

from __future__ import annotations

from collections.abc import Mapping

#: The figures of the largest number that every column of either database takes.
FIGURES = 9


def whole_number(text: str | None, *, figures: int = FIGURES) -> int | None:
    """The number of a text of at most `figures` plain figures; None for everything else.

    Not for what people write as numbers: signs, blanks, separators and the figures of other scripts are no number here.
    """
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= figures else None


def number_in(data: Mapping[str, str], name: str, *, figures: int = FIGURES) -> int:
    """The number that a form or an address gives under a name; 0, which no row has, if it gives none."""
    return whole_number(data.get(name), figures=figures) or 0
