"""Cells as they stand in a file, whatever it is of; and the refusal of a file as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from icoca_portal.lib.refusals import Refusal

#: Cells of one line, and lines of all sheets together.
MOST_CELLS = 100
MOST_LINES = 50_000


class FileNotRead(Refusal):
    """The file cannot be read as one of the registry. `faults` are sentences for whoever sent it."""

    def __init__(self, *faults: str) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Unreadable:
    """A cell of which there is nothing to read; `why` is a sentence."""

    why: str


@dataclass(frozen=True)
class RawSheet:
    """Pairs of the number of a line, from 1, and its cells. `name` is empty in a CSV."""

    name: str
    rows: Iterable[tuple[int, Sequence[Any]]]


def too_long() -> FileNotRead:
    """The refusal of a file with so many lines."""
    return FileNotRead(_("The file has more than %(count)d lines. Send it in several files.") % {"count": MOST_LINES})


def too_wide(number: int) -> FileNotRead:
    """The refusal of a file with so many cells in a line."""
    return FileNotRead(_("Line %(line)d has more than %(count)d cells.") % {"line": number, "count": MOST_CELLS})
