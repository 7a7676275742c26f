"""Symbols of papers: ``ICoCA-WG/9/2``, and what hangs on one: ``/Add.1``, ``/Rev.1``, ``/Corr.1``.

The agenda is always the first paper of a meeting, so a new one begins at 2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

FIRST_NUMBER = 2
#: Of the column, less what another suffix takes.
LONGEST = 60


class Placing(TextChoices):
    """Where a paper that is added stands among the papers of its meeting."""

    NEW = "new", _("A new paper, with the next number")
    ADDENDUM = "addendum", _("An addendum (Add.) to …")
    REVISION = "revision", _("A revision (Rev.) of …")
    CORRIGENDUM = "corrigendum", _("A corrigendum (Corr.) to …")
    LANGUAGE = "language", _("Another language or format of …")
    VERSION = "version", _("A new version of the file of …")
    NONE = "none", _("A paper without a symbol")


SUFFIXES = {Placing.ADDENDUM: "Add", Placing.REVISION: "Rev", Placing.CORRIGENDUM: "Corr"}
#: These stand beside a paper that is there.
BESIDE = (*SUFFIXES, Placing.LANGUAGE, Placing.VERSION)


def number_in(symbol: str, meeting_symbol: str) -> int | None:
    """The number of the paper in its symbol: 2 in ``ICoCA-WG/9/2/Add.1``; None where it follows another pattern."""
    found = re.match(rf"{re.escape(meeting_symbol)}/(\d{{1,4}})(?:/|$)", symbol)
    return int(found[1]) if found else None


def next_number(numbers: Iterable[int | None]) -> int:
    """The number after all of these."""
    return max([FIRST_NUMBER - 1, *(number for number in numbers if number)]) + 1


def next_suffix(symbol: str, placing: Placing, taken: Iterable[str]) -> str:
    """The symbol of the next addendum to, revision of or corrigendum to a paper. A revision of Rev.1 is Rev.2 of the
    same paper; a corrigendum to Add.1 hangs on that."""
    word = SUFFIXES[placing]
    base = re.sub(rf"/{word}\.\d+$", "", symbol)
    pattern = re.compile(rf"{re.escape(base)}/{word}\.(\d+)(?:/|$)")
    used = [int(found[1]) for found in map(pattern.match, taken) if found]
    return f"{base}/{word}.{max([0, *used]) + 1}"


def in_order(symbol: str) -> list[tuple[int, str]]:
    """The key by which symbols are sorted: 10 comes after 2, and a paper before what hangs on it. None come last."""
    pieces = re.split(r"(\d+)", symbol or "\uffff")
    return [(int(piece), "") if piece.isdecimal() else (-1, piece) for piece in pieces if piece]
