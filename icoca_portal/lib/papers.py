"""What an official paper holds, whatever file it becomes. The PDF and the Word writer each take a ``Paper``.

Nothing here formats: dates, names and labels arrive as the reader shall see them, in the language of the paper.
Every text may come from a user; the writers make it harmless.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import richtext
from .richtext import Block

#: What a user reads: a text, or one that gettext translates when it is written.
Text = str | Promise

#: The label of the pair in ``Paper.meta`` that says who reads the paper. The writers set it apart, as a stamp.
READERS = _("Readers")


@dataclass(frozen=True)
class RichText:
    """Running text, from ``richtext.to_blocks``."""

    blocks: Sequence[Block]


@dataclass(frozen=True)
class Paragraphs:
    """Numbered paragraphs, the number hanging in the margin. Each item is (number, blocks)."""

    items: Sequence[tuple[Text | int, Sequence[Block]]]


@dataclass(frozen=True)
class Table:
    """A table with one row of headers, repeated on every page. Each row has as many cells as there are headers."""

    headers: Sequence[Text]
    rows: Sequence[Sequence[object]]
    caption: Text = ""

    @property
    def weights(self) -> list[int]:
        """The share of the width for each column, by its longest text; none counts for more than forty letters."""
        longest = [len(str(header)) for header in self.headers]
        for row in self.rows:
            longest = [max(length, len(str(cell))) for length, cell in zip(longest, row, strict=True)]
        return [min(length + 2, 40) for length in longest]

    @property
    def numeric(self) -> list[bool]:
        """For each column whether all its cells are numbers, which are set flush at the end."""
        return [
            bool(self.rows) and all(isinstance(row[column], int | float | Decimal) for row in self.rows)
            for column in range(len(self.headers))
        ]


@dataclass(frozen=True)
class Silence:
    """Why a question has no answer, in place of the words “not answered”."""

    why: Text


@dataclass(frozen=True)
class Answers:
    """Questions with what was answered. Each item is (number, question, answer, note).

    An answer is plain text, a table, or why there is none; an empty one is printed as not answered, an empty note not
    at all.
    """

    items: Sequence[tuple[Text | int, Text, Text | Table | Silence, Text]]


@dataclass(frozen=True)
class Facts:
    """Labels with their values."""

    items: Sequence[tuple[Text, object]]


@dataclass(frozen=True)
class Seal:
    """The seal of a record: its reference number, its SHA-256 in hexadecimal, and who sealed it when."""

    reference: Text
    digest: str
    sealed_text: Text = ""


Body = RichText | Paragraphs | Table | Answers | Facts | Seal


@dataclass(frozen=True)
class Part:
    """A part of a paper under its own heading. Without a heading it follows on the part before it."""

    heading: Text
    number: Text | int = ""
    body: Sequence[Body] = ()


@dataclass(frozen=True)
class Paper:
    """An official paper.

    ``language`` is a code such as ``en`` or ``pt-br``; labels the writers add are in that language. ``meta`` is the
    line above the title, at most four pairs of label and value; the pair labelled ``READERS`` becomes the stamp.
    ``footer`` stands beside the page number. ``sample`` puts the words "Sample data" on every page.
    """

    title: Text
    language: str = "en"
    direction: Literal["ltr", "rtl"] = "ltr"
    meta: Sequence[tuple[Text, object]] = ()
    lead: Text = ""
    parts: Sequence[Part] = ()
    footer: Text = ""
    sample: bool = False

    @property
    def plain_meta(self) -> list[tuple[Text, object]]:
        """The pairs above the title without the one that says who reads the paper."""
        return [pair for pair in self.meta if str(pair[0]) != str(READERS)]

    @property
    def readers(self) -> tuple[Text, object] | None:
        """The pair that says who reads the paper."""
        return next((pair for pair in self.meta if str(pair[0]) == str(READERS)), None)

    @property
    def longest_number(self) -> int:
        """The length of the longest number that hangs in the margin."""
        numbers = [part.number for part in self.parts]
        for part in self.parts:
            for body in part.body:
                if isinstance(body, Paragraphs | Answers):
                    numbers.extend(item[0] for item in body.items)
        return max((len(str(number)) for number in numbers), default=0)

    @property
    def margin_column(self) -> float:
        """The width in millimetres of the column in which the numbers hang."""
        return min(max(12.0, 4 + 2.4 * self.longest_number), 28.0)


def single_line(value: object) -> str:
    """A value as a paper shows it in one line; nothing at all for None."""
    return "" if value is None else " ".join(richtext.printable(str(value)).split())
