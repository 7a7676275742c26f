"""The text of a Word file as its reader means it: what is tracked as deleted, hidden, or a remark, is left out.

Everything left out is counted, so that the sender can be told. Boxes that people tick stand among the words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from icoca_portal.lib.word.opening import Opened

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MARKUP = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

TICKED = frozenset("☒☑✓✔✗✘🗹🗷⊠")
UNTICKED = frozenset("☐□▢◻⬜")
#: What the fonts of symbols hold where Word inserts a tick box as a symbol.
SYMBOLS = {"F0FE": True, "F0FD": True, "F0FC": True, "F052": True, "F0A8": False, "F06F": False, "F0A3": False}
#: Tables inside tables inside tables: nobody writes deeper, and nothing may recurse without end.
DEEPEST = 40
BETWEEN_CELLS = " | "


@dataclass(frozen=True)
class Box:
    """A box that is ticked or not; `tag` is that of its control, empty where the file has lost it.

    `sign` is how it is drawn, which in a text is a letter like any other.
    """

    ticked: bool
    tag: str = ""
    sign: str = ""

    def __str__(self) -> str:
        return self.sign or ("☒" if self.ticked else "☐")


@dataclass
class Line:
    """A line of text, with the boxes in it. `mark` is the bullet or number of a list, with its indent."""

    items: list[str | Box] = field(default_factory=list)
    mark: str = ""

    @property
    def text(self) -> str:
        return self.mark + "".join(item for item in self.items if isinstance(item, str))

    @property
    def boxes(self) -> list[Box]:
        return [item for item in self.items if isinstance(item, Box)]

    @property
    def whole(self) -> str:
        """The text with the boxes drawn, as somebody sees it."""
        return self.mark + "".join(str(item) for item in self.items)


@dataclass
class Tally:
    """What was found in a file besides its plain text."""

    insertions: int = 0
    deletions: int = 0
    comments: int = 0
    hidden: int = 0
    footnotes: int = 0
    pictures: int = 0


@dataclass
class Cell:
    lines: list[Line]
    tags: list[str]
    bookmarks: list[str]
    style: str
    """The name of the style of its first paragraph."""

    @property
    def text(self) -> str:
        """The lines of the cell, without empty ones before and after."""
        return "\n".join(line.whole.rstrip() for line in self.lines).strip()

    @property
    def one_line(self) -> str:
        return " ".join(self.text.split())


class Reader:
    """Walks through one file, counting as it goes. Lists count on through the file, as in Word."""

    def __init__(self, opened: Opened) -> None:
        self.styles = Styles(opened.styles)
        self.lists = Lists(opened.numbering)
        self.tally = Tally()
        self.tags: list[str] = []
        self.bookmarks: list[str] = []

    # Blocks

    def lines(self, container: Any, depth: int = 0) -> list[Line]:
        """The lines of everything that stands in a cell or body."""
        found: list[Line] = []
        joined = False
        for element in blocks(container):
            if element.tag == f"{W}tbl":
                found += self._nested(element, depth)
                joined = False
                continue
            lines = self.paragraph(element, depth)
            if joined and found:
                # The mark between two paragraphs is tracked as deleted: they are one.
                found[-1].items += lines[0].items
                lines = lines[1:]
            found += lines
            joined = _mark_is_deleted(element)
        return found

    def _nested(self, table: Any, depth: int) -> list[Line]:
        if depth >= DEEPEST:
            return []
        found = []
        for row in self.rows(table):
            cells = [" ".join(line.whole.strip() for line in self.lines(cell, depth + 1)) for cell in cells_of(row)]
            text = BETWEEN_CELLS.join(cell.strip() for cell in cells)
            if text.strip(BETWEEN_CELLS):
                found.append(Line([text]))
        return found

    def rows(self, table: Any) -> Iterator[Any]:
        """The rows of a table that are not tracked as deleted."""
        for row in unwrapped(table, f"{W}tr"):
            properties = row.find(f"{W}trPr")
            if properties is not None and properties.find(f"{W}del") is not None:
                self.tally.deletions += 1
                continue
            if properties is not None and properties.find(f"{W}ins") is not None:
                self.tally.insertions += 1
            yield row

    def cell(self, element: Any) -> Cell:
        """One cell, whole."""
        self.tags, self.bookmarks = [], []
        lines = self.lines(element)
        first = next(element.iter(f"{W}p"), None)
        return Cell(lines, self.tags, self.bookmarks, self.styles.name_of(first))

    # Paragraphs and what stands in them

    def paragraph(self, element: Any, depth: int = 0) -> list[Line]:
        """The lines of a paragraph: one, and one more for every line break in it."""
        lines = [Line()]
        hidden = self.styles.hides(element, "pPr/pStyle")
        self._inline(element, lines, hidden, depth)
        if any(line.items for line in lines):
            lines[0].mark = self.lists.mark(element, self.styles)
        return lines

    def _inline(self, parent: Any, lines: list[Line], hidden: bool, depth: int) -> None:
        if depth > DEEPEST * 2:
            return
        for child in parent:
            tag = child.tag
            if tag == f"{W}r":
                self._run(child, lines, hidden)
            elif tag in (f"{W}ins", f"{W}moveTo"):
                self.tally.insertions += 1
                self._inline(child, lines, hidden, depth + 1)
            elif tag in (f"{W}del", f"{W}moveFrom"):
                self.tally.deletions += 1
            elif tag == f"{W}sdt":
                self._control(child, lines, hidden, depth)
            elif tag == f"{W}bookmarkStart":
                self.bookmarks.append(child.get(f"{W}name", ""))
            elif tag == f"{MARKUP}AlternateContent":
                self.tally.pictures += 1
            elif tag == f"{MATH}t":
                lines[-1].items.append(child.text or "")
            elif tag not in (f"{W}pPr", f"{W}sdtPr", f"{W}rPr", f"{W}rt"):
                # Links, smart tags, fields, directions, formulas: their words are words of the text.
                self._inline(child, lines, hidden, depth + 1)

    def _control(self, element: Any, lines: list[Line], hidden: bool, depth: int) -> None:
        properties = element.find(f"{W}sdtPr")
        content = element.find(f"{W}sdtContent")
        tag = value_of(properties, "tag")
        if tag:
            self.tags.append(tag)
        box = properties.find(f"{W14}checkbox") if properties is not None else None
        if box is not None:
            lines[-1].items.append(Box(self._is_ticked(box, content, depth), tag))
        elif content is not None and not (properties is not None and is_on(properties.find(f"{W}showingPlcHdr"))):
            self._inline(content, lines, hidden, depth + 1)

    def _is_ticked(self, box: Any, content: Any, depth: int) -> bool:
        """What the box shows counts, since a tracked change alters that alone; else what the control says."""
        shown = [Line()]
        if content is not None:
            self._inline(content, shown, False, depth + 1)
        boxes = [found for line in shown for found in line.boxes]
        if boxes:
            return boxes[-1].ticked
        state = box.find(f"{W14}checked")
        return state is not None and state.get(f"{W14}val", "1") in ("1", "true", "on")

    def _run(self, run: Any, lines: list[Line], hidden: bool) -> None:
        properties = run.find(f"{W}rPr")
        vanish = properties.find(f"{W}vanish") if properties is not None else None
        hidden = is_on(vanish) if vanish is not None else hidden or self.styles.hides(run, "rPr/rStyle")
        if hidden:
            if any(text.text for text in run.iter(f"{W}t")):
                self.tally.hidden += 1
            return
        for child in run:
            name = child.tag.removeprefix(W)
            match name:
                case "t":
                    lines[-1].items += _with_boxes(child.text or "")
                case "tab" | "ptab":
                    lines[-1].items.append("\t")
                case "br" | "cr":
                    lines.append(Line())
                case "noBreakHyphen":
                    lines[-1].items.append("\u2011")
                case "sym":
                    ticked = SYMBOLS.get(child.get(f"{W}char", "").upper())
                    if ticked is not None:
                        lines[-1].items.append(Box(ticked))
                case "fldChar":
                    box = child.find(f"{W}ffData/{W}checkBox")
                    if box is not None:
                        state = box.find(f"{W}checked")
                        state = box.find(f"{W}default") if state is None else state
                        lines[-1].items.append(Box(is_on(state)))
                case "commentReference":
                    self.tally.comments += 1
                case "footnoteReference" | "endnoteReference":
                    self.tally.footnotes += 1
                case "drawing" | "pict" | "object":
                    self.tally.pictures += 1
                case "ruby":
                    for base in child.iter(f"{W}rubyBase"):
                        self._inline(base, lines, hidden, 0)
            if child.tag == f"{MARKUP}AlternateContent":
                self.tally.pictures += 1


def _with_boxes(text: str) -> list[str | Box]:
    items: list[str | Box] = []
    for letter in text.replace("\r\n", " ").replace("\n", " ").replace("\r", " "):
        if letter in TICKED or letter in UNTICKED:
            items.append(Box(letter in TICKED, sign=letter))
        elif items and isinstance(items[-1], str):
            items[-1] += letter
        else:
            items.append(letter)
    return items


def unwrapped(container: Any, *tags: str) -> Iterator[Any]:
    """The children with these tags, also those inside of controls and other wrappers."""
    for child in container:
        if child.tag in tags:
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins", f"{W}moveTo"):
            yield from unwrapped(child, *tags)


def blocks(container: Any) -> Iterator[Any]:
    return unwrapped(container, f"{W}p", f"{W}tbl")


def cells_of(row: Any) -> Iterator[Any]:
    return unwrapped(row, f"{W}tc")


def value_of(properties: Any, name: str) -> str:
    element = properties.find(f"{W}{name}") if properties is not None else None
    return element.get(f"{W}val", "") if element is not None else ""


def is_on(element: Any) -> bool:
    """Whether a switch is there and not turned off."""
    return element is not None and element.get(f"{W}val", "1") not in ("0", "false", "off")


def _mark_is_deleted(paragraph: Any) -> bool:
    marks = paragraph.find(f"{W}pPr/{W}rPr")
    return marks is not None and (marks.find(f"{W}del") is not None or marks.find(f"{W}moveFrom") is not None)


class Styles:
    """The names of styles, and which of them hide text or make lists."""

    def __init__(self, tree: Any | None) -> None:
        self.rows = {row.get(f"{W}styleId", ""): row for row in tree.iter(f"{W}style")} if tree is not None else {}
        self._hidden: dict[str, bool] = {}

    def name_of(self, paragraph: Any) -> str:
        row = self.rows.get(value_of(paragraph.find(f"{W}pPr"), "pStyle")) if paragraph is not None else None
        name = row.find(f"{W}name") if row is not None else None
        return name.get(f"{W}val", "") if name is not None else ""

    def chain(self, style: str) -> Iterator[Any]:
        """A style, and those it is based on."""
        seen = set()
        while style in self.rows and style not in seen:
            seen.add(style)
            yield self.rows[style]
            style = value_of(self.rows[style], "basedOn")

    def outline_of(self, paragraph: Any) -> int | None:
        """The level of a heading, from 1, as the paragraph or its style has it; None for what is no heading."""
        properties = paragraph.find(f"{W}pPr")
        own = properties.find(f"{W}outlineLvl") if properties is not None else None
        rows = [own, *(row.find(f"{W}pPr/{W}outlineLvl") for row in self.chain(value_of(properties, "pStyle")))]
        found = next((row for row in rows if row is not None), None)
        level = found.get(f"{W}val", "") if found is not None else ""
        return int(level) + 1 if level in "012345678" and level else None

    def is_set(self, style: str, name: str) -> bool:
        """Whether a style, or what it is based on, switches on bold (``b``) or italics (``i``)."""
        switches = (row.find(f"{W}rPr/{W}{name}") for row in self.chain(style))
        return is_on(next((switch for switch in switches if switch is not None), None))

    def hides(self, element: Any, path: str) -> bool:
        outer, inner = path.split("/")
        style = value_of(element.find(f"{W}{outer}"), inner)
        if style not in self._hidden:
            switches = (row.find(f"{W}rPr/{W}vanish") for row in self.chain(style))
            self._hidden[style] = is_on(next((switch for switch in switches if switch is not None), None))
        return self._hidden[style]

    def numbering(self, style: str) -> Any | None:
        rows = (row.find(f"{W}pPr/{W}numPr") for row in self.chain(style))
        return next((row for row in rows if row is not None), None)


class Lists:
    """The marks of lists: a dash for a bullet, figures or letters that count on."""

    def __init__(self, tree: Any | None) -> None:
        self.formats: dict[tuple[str, int], str] = {}
        self.counts: dict[str, dict[int, int]] = {}
        if tree is None:
            return
        kinds = {
            row.get(f"{W}abstractNumId", ""): {
                _level(level.get(f"{W}ilvl", "0")): value_of(level, "numFmt") for level in row.iter(f"{W}lvl")
            }
            for row in tree.iter(f"{W}abstractNum")
        }
        for row in tree.iter(f"{W}num"):
            for level, kind in kinds.get(value_of(row, "abstractNumId"), {}).items():
                self.formats[row.get(f"{W}numId", ""), level] = kind

    def mark(self, paragraph: Any, styles: Styles) -> str:
        """What stands before a paragraph, with its indent: a dash, or a figure and a full stop."""
        number, list_id, level, ordered = self.place(paragraph, styles)
        if not list_id:
            return ""
        return "  " * level + (f"{number}. " if ordered else "– ")

    def place(self, paragraph: Any, styles: Styles) -> tuple[str, str, int, bool]:
        """Its number, the list it stands in (empty: none), how deep, and whether the list counts."""
        nowhere = "", "", 0, False
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return nowhere
        numbering = properties.find(f"{W}numPr")
        if numbering is None:
            numbering = styles.numbering(value_of(properties, "pStyle"))
        number = value_of(numbering, "numId")
        if numbering is None or number in ("", "0"):
            return nowhere
        level = _level(value_of(numbering, "ilvl"))
        kind = self.formats.get((number, level), "")
        if kind == "none":
            return nowhere
        if kind in ("", "bullet"):
            return "", number, level, False
        counts = self.counts.setdefault(number, {})
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        counts[level] = counts.get(level, 0) + 1
        return _counted(counts[level], kind), number, level, True


def _level(text: str) -> int:
    return min(int(text), 8) if text.isascii() and text.isdigit() else 0


def _counted(count: int, kind: str) -> str:
    match kind:
        case "lowerLetter" | "upperLetter" if count <= 26:
            letter = chr(ord("a") + count - 1)
            return letter.upper() if kind == "upperLetter" else letter
        case "lowerRoman" | "upperRoman":
            pairs = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
            text, rest = "", min(count, 399)
            for size, letters in pairs:
                text += letters * (rest // size)
                rest %= size
            return text.upper() if kind == "upperRoman" else text
        case _:
            return str(count)
