"""Workbooks (.xlsx): opened as nobody's friend, read sheet by sheet with the values that Excel shows.

`icoca_portal.lib.office` refuses what is dangerous and has read every part by then; openpyxl reads the cells without
formulas, links or drawings.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

import openpyxl
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icoca_portal.lib.office import Package
from icoca_portal.lib.refusals import Refusal
from icoca_portal.lib.uploads import DAMAGED, EXCEL
from members.importing.raw import MOST_CELLS, MOST_LINES, FileNotRead, RawSheet, Unreadable, too_long, too_wide

SENTENCES: dict[str, str | Promise] = {
    "damaged": gettext_lazy(
        "The file is damaged or incomplete. Open it in Excel, save it again as .xlsx, and send that."
    ),
    "other kind": gettext_lazy("This is no workbook. Send a workbook (.xlsx) or CSV."),
    "protected": gettext_lazy("The file is protected by a password. Take the password off, save it, and send that."),
    "unsafe": gettext_lazy(
        "The file is built in a way that Excel does not write, and is not opened. "
        "Open it in Excel, save it as .xlsx, and send that."
    ),
    "too much": gettext_lazy(
        "The file unpacks to more than is taken. Copy its cells into a new workbook, and send that."
    ),
    "file inside": gettext_lazy(
        "The file holds another file inside (an embedded object). Remove it, save, and send it again."
    ),
    "object inside": gettext_lazy("The file holds an embedded object. Remove it, save, and send it again."),
    "outside": gettext_lazy(
        "The file takes values or pictures from another file or address. Copy its cells as values, and send that."
    ),
    "macros": gettext_lazy(
        "The file carries macros, or controls that run. Save it as .xlsx without them, and send that."
    ),
    "template": gettext_lazy("This is an Excel template (.xltx). Save it as a workbook (.xlsx), and send that."),
}

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z0-9:$]{1,20})"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")


class _Workbook(Package):
    main_kind = f"{EXCEL}.main+xml"
    template_kind = EXCEL.replace(".sheet", ".template") + ".main+xml"
    largest_part = 100 * 1024 * 1024

    def refused(self, reason: str) -> Refusal:
        return FileNotRead(str(SENTENCES[reason]))


def read_workbook(content: bytes) -> list[RawSheet]:
    """The sheets of a workbook, in its order. Raises FileNotRead."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            has_formulas = _check(_Workbook(archive))
        return _sheets(content, has_formulas)
    except FileNotRead:
        raise
    except (*DAMAGED, MemoryError, RecursionError, KeyError, UnicodeError) as error:
        raise FileNotRead(str(SENTENCES["damaged"])) from error


def _check(package: _Workbook) -> bool:
    """Refuse what is dangerous, and cells that are merged, of which only one holds what all show.

    Every part is read whole, so that nothing unpacks to more than was counted. Returns whether a cell holds a formula.
    """
    package.check_parts()
    package.main_part(package.types())
    package.check_links()
    has_formulas = False
    for name in package.parts:
        if not name.lower().endswith((".xml", ".rels", ".vml")):
            continue
        content = package.read_xml(name)
        if "/worksheets/" in name:
            if merged := _MERGED.search(content):
                raise FileNotRead(
                    _("The cells %(cells)s are merged: which of them the value belongs to is not clear. Split them.")
                    % {"cells": merged[1].decode("ascii")}
                )
            has_formulas = has_formulas or bool(_FORMULA.search(content))
    return has_formulas


def _sheets(content: bytes, has_formulas: bool) -> list[RawSheet]:
    with warnings.catch_warnings():
        # openpyxl warns of everything that it does not keep, and nothing is kept.
        warnings.simplefilter("ignore")
        try:
            values = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            formulas = (
                openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False) if has_formulas else None
            )
            sheets = []
            for place, sheet in enumerate(values.worksheets):
                beside = formulas.worksheets[place] if formulas else None
                sheets.append(RawSheet(sheet.title, list(_rows(sheet, beside))))
        except FileNotRead:
            raise
        except Exception as error:
            # A reader of files that others wrote raises whatever comes to it; for the sender it is one thing.
            raise FileNotRead(str(SENTENCES["damaged"])) from error
    return sheets


def _rows(sheet: Any, formulas: Any | None) -> Iterator[tuple[int, Sequence[Any]]]:
    """The rows in which something stands, each with its number. What the file says of its size is not believed."""
    sheet.reset_dimensions()
    beside: Iterator[Any] = iter(())
    if formulas is not None:
        formulas.reset_dimensions()
        beside = iter(formulas.iter_rows())
    count = 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        written = next(beside, ())
        while row and row[-1].value is None and (len(written) < len(row) or written[len(row) - 1].data_type != "f"):
            row = row[:-1]
        if not row:
            continue
        if len(row) > MOST_CELLS:
            raise too_wide(number)
        count += 1
        if count > MOST_LINES + 1:
            raise too_long()
        yield number, [_cell(cell, written[place] if place < len(written) else None) for place, cell in enumerate(row)]


def _cell(cell: Any, written: Any | None) -> Any:
    """The value that Excel shows. A formula that was never worked out shows nothing, and is no empty cell."""
    if cell.value is None and written is not None and written.data_type == "f":
        return Unreadable(_("The cell holds a formula without a value. Open the file in Excel and save it."))
    if cell.data_type == "e":
        return Unreadable(_("The cell holds an error, %(error)s.") % {"error": cell.value})
    return cell.value
