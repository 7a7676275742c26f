"""Summaries of the past: what a file says, understood as a summary. Pure: bytes in, a structure out, no database.

`understand` reads a Word file, Markdown or text that nobody here wrote. Every word of it stands somewhere in what comes
out: as a fact, a line of the heading, a title, a paragraph of an item, or in a box that says that it is not
understood.
"""

from meetings.importing.marks import from_marks, to_marks
from meetings.importing.reading import NotRead, read
from meetings.importing.understanding import KINDS, heading_lines, part_html, understand, words_of

__all__ = [
    "KINDS",
    "NotRead",
    "from_marks",
    "heading_lines",
    "part_html",
    "read",
    "to_marks",
    "understand",
    "words_of",
]
