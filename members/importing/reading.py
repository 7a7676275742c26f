"""Reading a file of the registry: bytes in, tables of cells out. Nothing is compared with what is stored.

What is wrong with the file as a whole (it is no table, a column is unknown) refuses it, with every fault named. What
is wrong with a cell is found later, line by line (`members.importing.planning`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from icoca_portal.lib.office import OLE_START
from members.importing.columns import BY_NAME, EXPLAINED, SHEETS, Column, Sheet, head
from members.importing.csvs import read_csv
from members.importing.raw import MOST_LINES, FileNotRead, RawSheet, Unreadable, too_long
from members.importing.values import text_of
from members.importing.workbooks import read_workbook

#: Characters of one cell: what Excel holds.
LONGEST_CELL = 32_767
#: Faults of a file that are named; a file with more is another kind of file.
MOST_FAULTS = 20


@dataclass(frozen=True)
class Line:
    """A line of a table: its number in the file, from 1, and its cells by the word of their column.

    `faults` are those of reading it: the word of the column, and a sentence.
    """

    number: int
    cells: dict[str, Any]
    faults: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Table:
    """A sheet that was read: what it holds, the columns it has, and its lines."""

    sheet: Sheet
    columns: tuple[Column, ...]
    lines: list[Line] = field(default_factory=list)


def read(content: bytes, *, holds: str = "") -> list[Table]:
    """The tables of a file, in the order of `SHEETS`. `holds` names what a CSV holds; empty: its columns say.

    Raises FileNotRead.
    """
    limit = settings.MAX_UPLOAD_BYTES
    if not content.strip(b"\x00\r\n\t ,;\xef\xbb\xbf\xff\xfe"):
        raise FileNotRead(_("The file is empty."))
    if len(content) > limit:
        raise FileNotRead(
            _("The file has %(size)d MB; the limit is %(limit)d MB.")
            % {"size": -(-len(content) // 1024**2), "limit": limit // 1024**2}
        )
    if content.startswith(b"PK"):
        return _with_lines(_tables(read_workbook(content)))
    if content.startswith(OLE_START):
        raise FileNotRead(
            _(
                "This is a file of an old Excel (.xls), or it is protected by a password. "
                "Save it as .xlsx or CSV, without password."
            )
        )
    if content.startswith((b"%PDF-", b"{\\rtf")):
        raise FileNotRead(_("This is no table. Send a workbook (.xlsx) or CSV."))
    return _with_lines([_csv_table(read_csv(content), holds)])


def _with_lines(tables: list[Table]) -> list[Table]:
    if not any(table.lines for table in tables):
        raise FileNotRead(_("The file has the heads of its columns, and no line below them."))
    return tables


# Workbooks


def _tables(sheets: Iterable[RawSheet]) -> list[Table]:
    tables: dict[str, Table] = {}
    faults: list[str] = []
    known = {head(sheet.name): sheet for sheet in SHEETS}
    count = 0
    for raw in sheets:
        if head(raw.name) == head(EXPLAINED):
            continue
        sheet = known.get(head(raw.name))
        rows = iter(raw.rows)
        first = next(_filled(rows), None)
        if first is None:
            continue
        if sheet is None:
            faults.append(
                _("“%(name)s” is no sheet of the registry. Its sheets are: %(sheets)s.")
                % {"name": raw.name, "sheets": ", ".join(BY_NAME)}
            )
            continue
        try:
            table = _table(sheet, first[1], rows, count, where=raw.name)
        except FileNotRead as refused:
            faults += refused.faults
            continue
        if sheet.name in tables:
            faults.append(_("Two sheets are called “%(name)s”.") % {"name": sheet.name})
        tables[sheet.name] = table
        count += len(table.lines)
    if faults:
        raise FileNotRead(*faults[:MOST_FAULTS])
    if not tables:
        raise FileNotRead(_("The file is empty."))
    return [tables[sheet.name] for sheet in SHEETS if sheet.name in tables]


def _filled(rows: Iterator[tuple[int, Sequence[Any]]]) -> Iterator[tuple[int, Sequence[Any]]]:
    """The rows in which something stands."""
    return (row for row in rows if any(cell is not None and cell != "" for cell in row[1]))


def _table(
    sheet: Sheet, heads: Sequence[Any], rows: Iterator[tuple[int, Sequence[Any]]], before: int, *, where: str
) -> Table:
    """A sheet whose head has been read. `before` is how many lines the file had so far."""
    columns = _columns(sheet, heads, where)
    lines: list[Line] = []
    for number, cells in _filled(rows):
        if before + len(lines) >= MOST_LINES:
            raise too_long()
        lines.append(_line(number, cells, columns))
    return Table(sheet, tuple(column for column in columns if column), lines)


def _columns(sheet: Sheet, heads: Sequence[Any], where: str) -> list[Column | None]:
    """The columns in the order of the file; None for one without a head. Raises FileNotRead."""
    words = [text_of(cell) if not isinstance(cell, Unreadable) else "" for cell in heads]
    columns = [sheet.by_word.get(head(word)) for word in words]
    faults = [
        _("“%(column)s” is no column of “%(sheet)s”. Its columns are: %(columns)s.")
        % {"column": word[:60], "sheet": where, "columns": ", ".join(sheet.words)}
        for word, column in zip(words, columns, strict=True)
        if word and column is None
    ]
    there = [column.word for column in columns if column]
    faults += [
        _("“%(sheet)s” has the column “%(column)s” twice.") % {"sheet": where, "column": word}
        for word in dict.fromkeys(there)
        if there.count(word) > 1
    ]
    missing = min(([word for word in words if word not in there] for words in sheet.found_by), key=len)
    if missing:
        faults.append(_("“%(sheet)s” lacks columns: %(columns)s.") % {"sheet": where, "columns": ", ".join(missing)})
    if faults:
        raise FileNotRead(*faults[:MOST_FAULTS])
    return columns


def _line(number: int, cells: Sequence[Any], columns: Sequence[Column | None]) -> Line:
    found: dict[str, Any] = {}
    faults: list[tuple[str, str]] = []
    for place, cell in enumerate(cells):
        column = columns[place] if place < len(columns) else None
        if column is None:
            if isinstance(cell, Unreadable) or text_of(cell):
                faults.append(("", _("Cell %(place)d has no column above it.") % {"place": place + 1}))
        elif isinstance(cell, Unreadable):
            faults.append((column.word, cell.why))
        elif isinstance(cell, str) and (bad := _unreadable(cell)):
            faults.append((column.word, bad))
        else:
            found[column.word] = cell
    return Line(number, found, tuple(faults))


def _unreadable(text: str) -> str:
    """What is wrong with the letters of a cell; empty if nothing is."""
    if len(text) > LONGEST_CELL:
        return _("The cell holds more than %(count)d characters.") % {"count": LONGEST_CELL}
    if any(letter < " " and letter not in "\t\r\n" for letter in text) or "\x7f" in text:
        return _("The cell holds a character that no text has.")
    return ""


# CSV


def _csv_table(raw: RawSheet, holds: str) -> Table:
    rows = iter(raw.rows)
    first = next(_filled(rows), None)
    if first is None:
        raise FileNotRead(_("The file is empty."))
    sheet = BY_NAME[holds] if holds in BY_NAME else _sheet_with(first[1])
    return _table(sheet, first[1], rows, 0, where=sheet.name)


def _sheet_with(heads: Sequence[Any]) -> Sheet:
    """What a CSV holds, by its heads: the kind to which the fewest are unknown.

    Of several the one of which a new record could be made, and of those the one that needs most. Raises FileNotRead
    where that leaves a choice.
    """
    words = [head(cell) for cell in heads if text_of(cell)]
    unknown = {sheet: sum(word not in sheet.by_word for word in words) for sheet in SHEETS}
    fewest = min(unknown.values())
    left = [sheet for sheet in SHEETS if unknown[sheet] == fewest]
    if len(left) > 1:
        whole = [sheet for sheet in left if not _missing(sheet, words)]
        left = sorted(whole, key=lambda sheet: -len(sheet.needed))
    if not left or fewest >= len(words):
        raise FileNotRead(
            _("The columns do not say what the CSV holds. Choose it in the form. The first line is: %(heads)s")
            % {"heads": ", ".join(text_of(cell)[:40] for cell in heads[:20])}
        )
    return left[0]


def _missing(sheet: Sheet, words: Sequence[str]) -> bool:
    there = {sheet.by_word[word].word for word in words if word in sheet.by_word}
    return any(column.word not in there for column in sheet.needed)
