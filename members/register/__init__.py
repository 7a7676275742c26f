"""The public register: who belonged to the Association on a day, found by name and by what they are; and one of them.

Nothing here is the secretariat's alone: what anybody may read is the same for everybody, and no revenue, no application
for membership and no source is read at all.
"""

from members.register.asking import FILTERS, PER_PAGE, Asked, Sort, Status
from members.register.entries import Entry, entry_of
from members.register.files import facts_of, register_csv, register_json, register_workbook
from members.register.rows import Choice, Register, Row

__all__ = [
    "FILTERS",
    "PER_PAGE",
    "Asked",
    "Choice",
    "Entry",
    "Register",
    "Row",
    "Sort",
    "Status",
    "entry_of",
    "facts_of",
    "register_csv",
    "register_json",
    "register_workbook",
]
