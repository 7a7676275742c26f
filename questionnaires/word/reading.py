"""What stands in a form that came back: per question a value, or why it could not be read; and all that was left out.

A table is known by its key (``[Q17]`` in a first cell), else by the tag of a control in it, else by a bookmark, else by
the question above it; what is known by none of them is reported. Only the outermost tables count, since people put
tables into their answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from lxml import etree

from icoca_portal.lib.word.opening import Opened
from icoca_portal.lib.word.text import Cell, Reader, Tally, W, blocks, cells_of
from questionnaires.editions import EditionContent, FrozenQuestion
from questionnaires.word import marks
from questionnaires.word.values import Labels, folded, understand

FORMAT = 1
#: The paper's own tables, above the questions, are written in this style.
OWN_STYLE = "paper label"
#: So much of a text that nobody can place is shown.
LONGEST_EXCERPT = 2000
#: And so many of such texts.
MOST_EXCERPTS = 50


@dataclass
class Read:
    """What was read for one question: a value (null: blank), or the code of why there is none.

    `about` holds the words that the issue is about, `left_over` words in the boxes that no value holds.
    """

    value: Any = None
    issue: str = ""
    about: str = ""
    left_over: str = ""


@dataclass
class Reading:
    """All that was read of a file; `as_json` and `from_json` are inverse.

    `answers` is by question. `unknown` are keys of questions that the editions do not have; `unmatched` texts of tables
    that belong to no question.
    """

    answers: dict[int, Read] = field(default_factory=dict)
    unknown: dict[int, str] = field(default_factory=dict)
    unmatched: list[str] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    origin: marks.Origin | None = None

    def as_json(self) -> dict[str, Any]:
        origin = self.origin
        return {
            "format": FORMAT,
            "answers": {str(question): asdict(read) for question, read in self.answers.items()},
            "unknown": {str(question): text for question, text in self.unknown.items()},
            "unmatched": self.unmatched,
            "tally": asdict(self.tally),
            "origin": None
            if origin is None
            else {
                "questionnaire": origin.questionnaire,
                "edition": origin.edition,
                "response": origin.response,
                "written_at": origin.written_at.isoformat(),
                "versions": None
                if origin.versions is None
                else {str(question): version for question, version in origin.versions.items()},
            },
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Reading:
        """Raises ValueError on a format that this module does not know."""
        if content.get("format") != FORMAT:
            raise ValueError(f"unknown format {content.get('format')!r} of a form that was read")
        raw = content["origin"]
        origin = None
        if raw is not None:
            versions = raw["versions"]
            origin = marks.Origin(
                questionnaire=raw["questionnaire"],
                edition=raw["edition"],
                response=raw["response"],
                written_at=datetime.fromisoformat(raw["written_at"]),
                versions=None if versions is None else {int(pk): version for pk, version in versions.items()},
            )
        return cls(
            answers={int(pk): Read(**read) for pk, read in content["answers"].items()},
            unknown={int(pk): text for pk, text in content["unknown"].items()},
            unmatched=list(content["unmatched"]),
            tally=Tally(**content["tally"]),
            origin=origin,
        )


def origin_of(opened: Opened) -> marks.Origin | None:
    """What the file says of itself."""
    return marks.Origin.read(opened.properties, opened.foot)


def read_form(opened: Opened, contents: Sequence[EditionContent]) -> Reading:
    """Read the answers. The first of `contents` says which questions there are, and of what kind; all of them, in
    other languages and editions, how their choices may be worded."""
    return _FormReader(opened, contents).read()


@dataclass
class _Table:
    """The rows of one question as they stand in the file, each without the cell of the key."""

    question: int | None
    rows: list[list[Cell]]

    @property
    def text(self) -> str:
        rows = (" ".join(cell.one_line for cell in row).strip() for row in self.rows)
        return "\n".join(row for row in rows if row)[:LONGEST_EXCERPT]


class _FormReader:
    def __init__(self, opened: Opened, contents: Sequence[EditionContent]) -> None:
        self.opened = opened
        self.contents = contents
        self.known = contents[0].by_id
        self.others = {pk for content in contents for pk in content.by_id} - set(self.known)
        self.reader = Reader(opened)
        self.by_label = self._labels()

    def read(self) -> Reading:
        reading = Reading(tally=self.reader.tally, origin=origin_of(self.opened))
        found: dict[int, list[_Table]] = {}
        for table in self._tables():
            pk = table.question
            if pk is None:
                if table.text and len(reading.unmatched) < MOST_EXCERPTS:
                    reading.unmatched.append(table.text)
            elif pk in self.known:
                found.setdefault(pk, []).append(table)
            elif (table.text or pk in self.others) and len(reading.unknown) < MOST_EXCERPTS:
                reading.unknown[pk] = table.text
        for pk, question in self.known.items():
            if pk in found:
                reading.answers[pk] = self._answer(question, found[pk])
        return reading

    def _answer(self, question: FrozenQuestion, tables: Sequence[_Table]) -> Read:
        labels = Labels(question, self.contents)
        reads = []
        for table in tables:
            result = understand(question, table.rows, labels)
            read = Read(result.value, result.issue, result.about, "\n".join(result.left_over)[:LONGEST_EXCERPT])
            if read not in reads:
                reads.append(read)
        if len(reads) > 1:
            # A table that was copied and left empty says nothing.
            filled = [read for read in reads if read.value is not None or read.issue]
            if len(filled) == 1:
                return filled[0]
            return Read(issue="twice", about="\n\n".join(table.text for table in tables)[:LONGEST_EXCERPT])
        return reads[0]

    def _labels(self) -> dict[str, int]:
        """Questions by their text, folded, where no other question has the same."""
        found: dict[str, set[int]] = {}
        for content in self.contents:
            for question in content:
                found.setdefault(folded(question.text), set()).add(question.id)
        return {label: next(iter(pks)) for label, pks in found.items() if len(pks) == 1}

    def _tables(self) -> Iterable[_Table]:
        above: list[str] = []
        for element in blocks(self.opened.body):
            if element.tag == f"{W}p":
                text = " ".join(line.text for line in self.reader.paragraph(element)).strip()
                if text:
                    above.append(text)
                continue
            yield from self._parts_of(element, above)
            above = []

    def _parts_of(self, element: etree._Element, above: Sequence[str]) -> Iterable[_Table]:
        """The questions of one table: more than one where somebody deleted the line between two of them."""
        current: _Table | None = None
        label = self._known_by_label(above)
        for number, row in enumerate(self.reader.rows(element)):
            cells = [self.reader.cell(cell) for cell in cells_of(row)]
            if not cells:
                continue
            if number == 0 and cells[0].style.lower() == OWN_STYLE:
                return
            key = marks.KEY.search(cells[0].text)
            marked = self._known_by_marks(cells)
            if key is not None or current is None:
                if current is not None:
                    yield current
                pk = int(key[1]) if key is not None else marked
                current = _Table(pk if pk is not None else label, [])
                label = None
            elif current.question is None:
                current.question = marked
            # The first cell is that of the key, in every row.
            current.rows.append(cells[1:] if len(cells) > 1 else [])
        if current is not None:
            yield current

    def _known_by_marks(self, cells: Sequence[Cell]) -> int | None:
        """The question that the tags or the bookmarks in a row name, if they name one alone."""
        tagged = {read[0] for cell in cells for tag in cell.tags if (read := marks.read_tag(tag)) is not None}
        if len(tagged) == 1:
            return tagged.pop()
        names = (marks.BOOKMARK.fullmatch(name) for cell in cells for name in cell.bookmarks)
        marked = {int(match[1]) for match in names if match is not None}
        return marked.pop() if len(marked) == 1 else None

    def _known_by_label(self, above: Sequence[str]) -> int | None:
        """The question whose text stands above the table, with or without its number and a note behind it."""
        for text in reversed(above[-6:]):
            whole = folded(text)
            if whole in self.by_label:
                return self.by_label[whole]
            head, _space, rest = whole.partition(" ")
            if head.replace(".", "").isdigit():
                whole = rest
            for label in (whole, whole.rpartition(" (")[0]):
                if label in self.by_label:
                    return self.by_label[label]
        return None
