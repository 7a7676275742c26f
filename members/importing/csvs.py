"""CSV as the programs of this world write it: their letters, what they put between cells, line breaks in cells."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from icoca_portal.lib.exports import from_csv_cell
from members.importing.columns import SHEETS, head
from members.importing.raw import MOST_CELLS, FileNotRead, RawSheet, too_wide


def read_csv(content: bytes) -> RawSheet:
    """The lines of a CSV, read as they are asked for. Raises FileNotRead, also while they are read."""
    text = decoded(content).removeprefix("\ufeff")
    if "\x00" in text:
        raise FileNotRead(_("This is no table. Send a workbook (.xlsx) or CSV."))
    separator, text, skipped = _separator(text)
    return RawSheet("", _rows(text, separator, skipped))


def _rows(text: str, separator: str, skipped: int) -> Iterator[tuple[int, Sequence[Any]]]:
    try:
        yield from _csv_rows(text, separator, skipped)
    except csv.Error as error:
        raise FileNotRead(
            _("The CSV cannot be read: a quotation mark is not closed, or stands alone (%(fault)s).") % {"fault": error}
        ) from error


def decoded(content: bytes) -> str:
    """The text, in UTF-8, UTF-16 or Windows-1252, which programs for tables still write. Raises FileNotRead."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return _with(content, encoding)
    start = content[:400]
    if start[1::2].count(0) > len(start) // 4:
        return _with(content, "utf-16-le")
    if start[::2].count(0) > len(start) // 4:
        return _with(content, "utf-16-be")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _with(content, "cp1252")


def _with(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileNotRead(_("The letters of the file cannot be read. Save it as UTF-8, then send it.")) from error


def _separator(text: str) -> tuple[str, str, int]:
    """What stands between cells, the text without a line that says so, and how many lines that were.

    Excel may write a first line `sep=;`. Otherwise it is the sign that makes the most known heads of the first line.
    """
    line, _end, rest = text.partition("\n")
    if line.strip().lower().startswith("sep=") and len(line.strip()) == 5:
        return line.strip()[4], rest, 1
    words = {word for sheet in SHEETS for word in sheet.by_word}
    first = next((each for each in text.splitlines() if each.strip()), "")

    def known(separator: str) -> int:
        return sum(head(cell.strip(' "')) in words for cell in first.split(separator))

    return max((";", ",", "\t"), key=lambda separator: (known(separator), first.count(separator))), text, 0


def _csv_rows(text: str, separator: str, skipped: int) -> Iterator[tuple[int, Sequence[Any]]]:
    """The rows, each with the number of the line of the file on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1 + skipped
    for row in reader:
        if len(row) > MOST_CELLS:
            raise too_wide(begins)
        yield begins, [from_csv_cell(cell) for cell in row]
        begins = reader.line_num + 1 + skipped
