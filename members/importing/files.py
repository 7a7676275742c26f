"""The registry as files, in the columns that the import reads: what is in force, the empty template, a list of fates.

Rows are read some at a time while the file is written, so that memory does not grow with the registry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from icoca_portal.lib.exports import csv_lines, in_this_language, xlsx_file
from members.importing.columns import EXPLAINED, SHEETS, Sheet
from members.models import ImportedLine, Organisation, RegistryImport

#: Rows read at once.
AT_ONCE = 2000


def registry_csv(sheet: Sheet) -> Iterator[bytes]:
    """The records of a kind that are in force."""
    return csv_lines(sheet.words, rows_of(sheet))


def registry_workbook() -> IO[bytes]:
    """All kinds, a sheet each, and one that explains them, as an open file."""
    return xlsx_file([*((sheet.name, sheet.words, rows_of(sheet)) for sheet in SHEETS), _explained()])


def template_workbook() -> IO[bytes]:
    """The same without records."""
    return xlsx_file([*((sheet.name, sheet.words, []) for sheet in SHEETS), _explained()])


def rows_of(sheet: Sheet) -> Iterator[list[Any]]:
    """The cells of each record in force, in the order in which they were entered."""
    rows = _records(sheet)
    fields = [column.field for column in sheet.columns]
    return ([_cell(row, name) for name in fields] for row in rows.iterator(chunk_size=AT_ONCE))


def _records(sheet: Sheet) -> Any:
    rows: Any = sheet.model._default_manager.order_by("pk")
    if sheet.model is Organisation:
        return rows.filter(merged_into=None)
    if sheet.is_dated:
        rows = rows.filter(superseded_at=None)
    # What a merged entry still holds stands with the entry that it became.
    rows = rows.filter(organisation__merged_into=None)
    return rows.select_related(*(column.field for column in sheet.columns if column.refers))


def _cell(row: Any, name: str) -> Any:
    value = getattr(row, name)
    if isinstance(value, Organisation):
        return value.slug
    if name == "works_in":
        return " ".join(sorted(country.code for country in value))
    if name in ("country", "headquarters", "standard"):
        return value.code
    return value


def _explained() -> tuple[str, list[str], list[list[str]]]:
    heads = [_("Sheet"), _("Column"), _("Needed"), _("What it holds")]
    rows = []
    for sheet in SHEETS:
        rows.append([sheet.name, "", "", str(sheet.text)])
        rows += [
            [sheet.name, column.word, _("yes") if column.needed else "", str(column.text)] for column in sheet.columns
        ]
    return EXPLAINED, heads, rows


def fates_csv(registry_import: RegistryImport) -> Iterator[bytes]:
    """The fate of each line of an import: one line of the CSV for each thing to be said of it, refusals first."""
    heads = [
        _("Sheet"),
        _("Line"),
        _("Fate"),
        _("About"),
        _("Column"),
        _("Why refused, or note"),
        pgettext("value", "Before"),
        pgettext("value", "After"),
    ]
    return in_this_language(csv_lines(heads, _fates(registry_import.lines.order_by("position"))))


def _fates(lines: Any) -> Iterator[list[Any]]:
    for line in refused_first(lines).iterator(chunk_size=AT_ONCE):
        start = [line.sheet, line.number, line.get_fate_display(), line.about]
        said: Iterable[list[Any]] = [
            *([column, why, "", ""] for column, why in line.said.get("faults", ())),
            *([column, "", before, after] for column, before, after in line.said.get("changes", ())),
            *(["", note, "", ""] for note in line.said.get("notes", ())),
        ]
        for rest in said or [["", "", "", ""]]:
            yield [*start, *rest]


def refused_first(lines: Any) -> Any:
    """The lines of an import in the order in which they are read: those that stop it, what it writes, the rest."""
    from django.db.models import Case, When

    order = {fate: place for place, fate in enumerate(ImportedLine.Fate.values)}
    return lines.order_by(Case(*(When(fate=fate, then=place) for fate, place in order.items())), "position")
