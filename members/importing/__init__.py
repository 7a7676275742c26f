"""The registry from and to files: CSV, one kind of record each, and workbooks with a sheet a kind.

`read` makes tables of a file, `plan` says what they would do to the registry; neither writes anything. What is written,
`members.operations.import_registry` writes. `files` are the export and the template, in the same columns.
"""

from members.importing.columns import BY_NAME, SHEETS, Column, Sheet
from members.importing.planning import Plan, PlannedLine, plan
from members.importing.raw import MOST_LINES, FileNotRead
from members.importing.reading import read

__all__ = ["BY_NAME", "MOST_LINES", "SHEETS", "Column", "FileNotRead", "Plan", "PlannedLine", "Sheet", "plan", "read"]
