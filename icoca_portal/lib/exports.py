"""Files of figures and lists: spreadsheets and CSV in which no cell is ever a formula."""

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain, count
from typing import IO, TypeVar

import xlsxwriter
from django.conf import settings
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, override

from .richtext import printable

#: A spreadsheet reads a cell that begins so as a formula, also after blanks.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
JSON = "application/json"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"

#: What Excel holds in one cell, and in the name of a sheet.
MAX_CELL = 32_767
MAX_SHEET_NAME = 31
#: From here on Excel rounds a whole number; it is then written as text.
MAX_NUMBER = 10**15
#: Column widths are taken from this many rows: rows are written as they come, and never held together.
ROWS_MEASURED = 50

#: Blanks and invisible characters, which a spreadsheet passes over, do not hide the start of a formula.
_FORMULA = re.compile(rf"[\s\u200b-\u200f\u2060\ufeff]*?[{re.escape(''.join(FORMULA_STARTS))}]")
_FORBIDDEN_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")

AnyResponse = TypeVar("AnyResponse", bound=HttpResponseBase)

Cell = object
Sheet = tuple[str, Sequence[object], Iterable[Sequence[Cell]]]


def write_xlsx(sheets: Iterable[Sheet]) -> bytes:
    """A workbook of (name, headers, rows). Texts stay texts whatever they begin with; numbers, dates and truth values
    keep their kind; a moment loses its time zone, so give it in the zone that the header names.

    Rows may be an iterator: they are written as they come.
    """
    stream = io.BytesIO()
    write_xlsx_to(stream, sheets)
    return stream.getvalue()


def xlsx_file(sheets: Iterable[Sheet]) -> IO[bytes]:
    """The workbook as a file on the disk, at its start, which goes when it is closed: for many rows."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    write_xlsx_to(file, sheets)
    file.seek(0)
    return file


def write_xlsx_to(stream: IO[bytes], sheets: Iterable[Sheet]) -> None:
    """Write the workbook to an open file."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
        "nan_inf_to_errors": True,
        "default_date_format": "yyyy-mm-dd hh:mm",
    }
    with xlsxwriter.Workbook(stream, options) as workbook:
        formats = {
            "header": workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"}),
            "text": workbook.add_format({"text_wrap": True, "valign": "top"}),
            "other": workbook.add_format({"valign": "top"}),
            "date": workbook.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
            "moment": workbook.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top"}),
        }
        names: set[str] = set()
        written = 0
        for name, headers, rows in sheets:
            worksheet = workbook.add_worksheet(_sheet_name(name, names))
            _write_sheet(worksheet, formats, [str(header) for header in headers], iter(rows))
            written += 1
        if not written:
            workbook.add_worksheet(_sheet_name("", names))


def _write_sheet(
    worksheet: xlsxwriter.worksheet.Worksheet,
    formats: dict[str, xlsxwriter.format.Format],
    headers: list[str],
    rows: Iterator[Sequence[Cell]],
) -> None:
    measured = [row for _, row in zip(range(ROWS_MEASURED), rows, strict=False)]
    for column, header in enumerate(headers):
        longest = max([len(header), *(len(str(row[column])) for row in measured if column < len(row))])
        worksheet.set_column(column, column, min(max(longest + 2, 8), 60))
    worksheet.freeze_panes(1, 0)
    worksheet.repeat_rows(0)
    worksheet.set_landscape()
    worksheet.set_paper(9)
    worksheet.fit_to_pages(1, 0)
    for column, header in enumerate(headers):
        worksheet.write_string(0, column, _cell_text(header), formats["header"])
    for number, row in enumerate(chain(measured, rows), start=1):
        for column, value in enumerate(row):
            _write_cell(worksheet, formats, number, column, value)


def _write_cell(
    worksheet: xlsxwriter.worksheet.Worksheet,
    formats: dict[str, xlsxwriter.format.Format],
    row: int,
    column: int,
    value: Cell,
) -> None:
    match value:
        case None | "":
            return
        case bool():
            worksheet.write_boolean(row, column, value, formats["other"])
        case int() | float() | Decimal() if abs(float(value)) < MAX_NUMBER:
            worksheet.write_number(row, column, value, formats["other"])
        case datetime():
            worksheet.write_datetime(row, column, value, formats["moment"])
        case date():
            worksheet.write_datetime(row, column, value, formats["date"])
        case time():
            worksheet.write_string(row, column, value.isoformat("minutes"), formats["text"])
        case _:
            worksheet.write_string(row, column, _cell_text(str(value)), formats["text"])


def _cell_text(text: str) -> str:
    return printable(text)[:MAX_CELL]


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name Excel accepts: none of ``[]:*?/\\``, no apostrophe at its ends, at most 31 units of UTF-16, not yet taken
    whatever the case, and not "History", which Excel keeps for itself."""
    base = _FORBIDDEN_IN_SHEET_NAME.sub(" ", " ".join(printable(str(name)).split())).strip(" '")
    base = _shorten(base, MAX_SHEET_NAME).strip(" '") or "Sheet"
    if base.lower() == "history":
        base = f"{base} 1"
    chosen = base
    for number in count(2):
        if chosen.lower() not in taken:
            break
        chosen = f"{_shorten(base, MAX_SHEET_NAME - len(f' {number}'))} {number}"
    taken.add(chosen.lower())
    return chosen


def _shorten(text: str, units: int) -> str:
    return text.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore")


def write_csv(headers: Sequence[object], rows: Iterable[Sequence[Cell]]) -> bytes:
    """CSV in UTF-8 with a byte order mark, by which Excel knows the encoding. A text that a spreadsheet could read as a
    formula gets an apostrophe before it; numbers stay as they are."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([_csv_cell(header) for header in headers])
    writer.writerows([_csv_cell(value) for value in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig", "ignore")


def csv_lines(headers: Sequence[object], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The same CSV, line by line as the rows come."""
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    encoding = "utf-8-sig"
    for row in chain([headers], rows):
        writer.writerow([_csv_cell(value) for value in row])
        yield line.getvalue().encode(encoding, "ignore")
        encoding = "utf-8"
        line.seek(0)
        line.truncate()


def _csv_cell(value: Cell) -> object:
    if value is None:
        return ""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return value
    text = str(value).replace("\x00", "")
    return f"'{text}" if _FORMULA.match(text.lstrip("'")) else text


def from_csv_cell(text: str) -> str:
    """The text of a cell of our CSV: without the apostrophe that stands before what begins like a formula."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text.lstrip("'")) else text


def in_this_language(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Pieces that are made after the view, and its middleware, are done: in the language that was chosen by then."""
    language = get_language() or settings.LANGUAGE_CODE
    while True:
        with override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def stream(pieces: Iterable[bytes], filename: str, content_type: str) -> StreamingHttpResponse:
    """A file to save whose content is made while it is sent, so that it never stands in memory whole."""
    response = StreamingHttpResponse(in_chunks(pieces), content_type=content_type)
    return _to_save(response, filename)


def in_chunks(pieces: Iterable[bytes], size: int = 64 * 1024) -> Iterator[bytes]:
    """The pieces put together to about `size` bytes each: a line is too little to send alone."""
    held: list[bytes] = []
    length = 0
    for piece in pieces:
        held.append(piece)
        length += len(piece)
        if length >= size:
            yield b"".join(held)
            held, length = [], 0
    if held:
        yield b"".join(held)


def send_file(file: IO[bytes], filename: str, content_type: str) -> FileResponse:
    """An open file to save; closed when it was sent."""
    return _to_save(FileResponse(file, content_type=content_type), filename)


def download(content: bytes, filename: str, content_type: str) -> HttpResponse:
    """A file to save: never shown in the browser, its type never guessed, its name in any script."""
    response = _to_save(HttpResponse(content, content_type=content_type), filename)
    response["Content-Length"] = str(len(content))
    return response


def _to_save(response: AnyResponse, filename: str) -> AnyResponse:
    name = " ".join(printable(filename).replace("/", "-").replace("\\", "-").split()) or "download"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response
