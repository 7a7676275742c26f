"""A Word file as a row of pieces: paragraphs, headings, items of lists, quotations, rows of tables, each as HTML.

For texts that nobody here wrote: every word of the file is in some piece. What stands beside the text (heads and feet
of pages, notes, remarks, what is tracked as deleted, text boxes, pictures) becomes a piece of its own kind that says
what it is. `icoca_portal.lib.word.text` reads forms, where such things are left out and counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Any

from django.utils.translation import gettext as _

from icoca_portal.lib.richtext import ADDRESS, printable
from icoca_portal.lib.word.opening import Opened
from icoca_portal.lib.word.text import DEEPEST, MARKUP, MATH, Lists, Styles, W, cells_of, is_on, unwrapped, value_of

RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
QUOTES = re.compile(r"quot|citation|zitat", re.IGNORECASE)
TITLES = re.compile(r"^(?:sub)?title$|^titre$|^titel$", re.IGNORECASE)
LAST_LEVEL = 9


@dataclass
class Piece:
    """A piece of a text as it was written. `html` has inline tags alone.

    `note` says what a piece of the kind ``beside`` is. `level` is that of a heading (0: the title of the whole), or how
    deep an item of a list stands (from 0).
    """

    kind: str  # p, heading, item, quote, row, beside
    html: str
    level: int = 0
    number: str = ""
    ordered: bool = False
    strong: bool = False
    list_id: str = ""
    note: str = ""

    @property
    def text(self) -> str:
        """Its words without tags."""
        return " ".join(unescape(_TAGS.sub("", self.html.replace("<br>", " "))).split())


_TAGS = re.compile(r"</?(?:em|strong|a)(?: [^>]*)?>")


def pieces_of(opened: Opened) -> list[Piece]:
    """The pieces of an opened file (with `everything`), in reading order; what belongs to pages stands around it."""
    return list(_Walker(opened).walk())


@dataclass
class _Inline:
    """What a paragraph holds: its words with their marks, and what hangs on it."""

    runs: list[tuple[str, bool, bool, str]] = field(default_factory=list)  # html, strong, em, address
    beside: list[Piece] = field(default_factory=list)

    def add(self, text: str, strong: bool = False, em: bool = False, address: str = "") -> None:
        text = printable(text)
        if text:
            html = escape(text, quote=False)
            if self.runs and self.runs[-1][1:] == (strong, em, address):
                html = self.runs.pop()[0] + html
            self.runs.append((html, strong, em, address))

    def line(self) -> None:
        self.runs.append(("<br>", False, False, ""))

    @property
    def is_strong(self) -> bool:
        worded = [strong for html, strong, _em, _address in self.runs if html.strip() and html != "<br>"]
        return bool(worded) and all(worded)

    @property
    def html(self) -> str:
        return "".join(_marked(*run) for run in self.runs).strip()


def _marked(html: str, strong: bool, em: bool, address: str) -> str:
    if not html.strip():
        return html
    if em:
        html = f"<em>{html}</em>"
    if strong:
        html = f"<strong>{html}</strong>"
    return f'<a href="{escape(address)}">{html}</a>' if address else html


class _Walker:
    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.styles = Styles(opened.styles)
        self.lists = Lists(opened.numbering)
        self.notes = {
            kind: {row.get(f"{W}id", ""): row for tree in opened.others.get(kind, ()) for row in tree}
            for kind in ("footnotes", "endnotes", "comments")
        }
        self.told: set[str] = set()
        self.used: set[tuple[str, str]] = set()

    def walk(self) -> Iterator[Piece]:
        yield from self._of_pages("header", _("Head of the pages"))
        yield from self._blocks(self.opened.body, 0)
        for kind in self.notes:
            for name in self.notes[kind]:
                if (kind, name) not in self.used:
                    yield from self._note(kind, name)
        yield from self._of_pages("footer", _("Foot of the pages"))

    def _of_pages(self, kind: str, note: str) -> Iterator[Piece]:
        for tree in self.opened.others.get(kind, ()):
            for piece in self._blocks(tree, 0):
                if piece.text and piece.html not in self.told:
                    self.told.add(piece.html)
                    yield Piece("beside", piece.html, note=note)

    # Blocks

    def _blocks(self, container: Any, depth: int) -> Iterator[Piece]:
        for child in container:
            tag = child.tag
            if tag == f"{W}p":
                yield from self._paragraph(child, depth)
            elif tag == f"{W}tbl":
                yield from self._table(child, depth)
            elif tag == f"{W}altChunk":
                yield Piece("beside", "", note=_("Another file stands here, which is not read"))
            elif tag in (f"{W}sectPr", f"{W}sdtPr", f"{W}sdtEndPr", f"{W}tcPr") or not isinstance(tag, str):
                continue
            elif depth < DEEPEST and tag in _HOLDERS:
                yield from self._blocks(child, depth + 1)
            else:
                inline = _Inline()
                self._walk(child, inline, depth + 1, False, "")
                if inline.html:
                    yield Piece("beside", inline.html, note=_("Not understood"))
                yield from inline.beside

    def _table(self, table: Any, depth: int) -> Iterator[Piece]:
        if depth >= DEEPEST:
            yield Piece("beside", escape(_words(table), quote=False), note=_("Not understood"))
            return
        for row in unwrapped(table, f"{W}tr"):
            texts, beside = [], []
            for cell in cells_of(row):
                pieces = list(self._blocks(cell, depth + 1))
                beside += [piece for piece in pieces if piece.kind == "beside"]
                words = (_with_number(piece) for piece in pieces if piece.kind != "beside" and piece.html)
                texts.append("<br>".join(words))
            if any(texts):
                yield Piece("row", " | ".join(text for text in texts if text))
            yield from beside

    def _paragraph(self, paragraph: Any, depth: int) -> Iterator[Piece]:
        inline = _Inline()
        self._walk(paragraph, inline, depth, False, "")
        html = inline.html
        if html:
            yield self._kind_of(paragraph, html, inline.is_strong)
        yield from inline.beside

    def _kind_of(self, paragraph: Any, html: str, strong: bool) -> Piece:
        name = self.styles.name_of(paragraph)
        number, list_id, level, ordered = self.lists.place(paragraph, self.styles)
        heading = self.styles.outline_of(paragraph)
        if heading is None and TITLES.match(name):
            heading = 0
        if heading is not None:
            return Piece("heading", html, heading, number, ordered, strong, list_id)
        if list_id:
            return Piece("item", html, level, number, ordered, strong, list_id)
        if QUOTES.search(name):
            return Piece("quote", html, strong=strong)
        return Piece("p", html, strong=strong)

    # What stands in a paragraph

    def _walk(self, parent: Any, inline: _Inline, depth: int, strong: bool, address: str) -> None:
        if depth > DEEPEST * 2:
            inline.add(_words(parent))
            return
        for child in parent:
            tag = child.tag
            if not isinstance(tag, str) or tag in _SILENT:
                continue
            if tag == f"{W}r":
                self._run(child, inline, depth, address, parent)
            elif tag == f"{W}hyperlink":
                target = self.opened.links.get(child.get(f"{RELATIONS}id", ""), "").strip()
                if target and not ADDRESS.fullmatch(target):
                    inline.beside.append(Piece("beside", escape(target, quote=False), note=_("Address of a link")))
                    target = ""
                self._walk(child, inline, depth + 1, strong, target)
            elif tag in (f"{W}del", f"{W}moveFrom"):
                if words := _words(child):
                    inline.beside.append(
                        Piece("beside", escape(printable(words), quote=False), note=_("Tracked as deleted"))
                    )
            elif tag == f"{MATH}t":
                inline.add(child.text or "")
            else:
                self._walk(child, inline, depth + 1, strong, address)

    def _run(self, run: Any, inline: _Inline, depth: int, address: str, paragraph: Any) -> None:
        properties = run.find(f"{W}rPr")
        strong = self._is(properties, "b", paragraph, run)
        em = self._is(properties, "i", paragraph, run)
        hidden = properties is not None and is_on(properties.find(f"{W}vanish"))
        target = _Inline() if hidden else inline
        for child in run:
            name = child.tag.removeprefix(W) if isinstance(child.tag, str) else ""
            if name == "t":
                target.add(_one_line(child.text or ""), strong, em, address)
            elif name == "delText":
                inline.beside.append(
                    Piece("beside", escape(printable(child.text or ""), quote=False), note=_("Tracked as deleted"))
                )
            elif name in ("tab", "ptab"):
                target.add(" ", strong, em, address)
            elif name in ("br", "cr"):
                target.line()
            elif name == "noBreakHyphen":
                target.add("\u2011", strong, em, address)
            elif name in ("footnoteReference", "endnoteReference", "commentReference"):
                kind = {"f": "footnotes", "e": "endnotes", "c": "comments"}[name[0]]
                identity = child.get(f"{W}id", "")
                if kind != "comments":
                    target.add(f" [{identity}]")
                inline.beside += list(self._note(kind, identity))
            elif name in ("drawing", "pict", "object") or child.tag == f"{MARKUP}AlternateContent":
                inline.beside += list(self._drawn(child, depth))
            elif name == "ruby":
                self._walk(child, target, depth + 1, strong, address)
        if hidden and target.html:
            inline.beside.append(Piece("beside", target.html, note=_("Hidden text")))

    def _is(self, properties: Any, name: str, paragraph: Any, run: Any) -> bool:
        own = properties.find(f"{W}{name}") if properties is not None else None
        if own is not None:
            return is_on(own)
        return self.styles.is_set(value_of(properties, "rStyle"), name) or self.styles.is_set(
            value_of(paragraph.find(f"{W}pPr"), "pStyle"), name
        )

    def _note(self, kind: str, identity: str) -> Iterator[Piece]:
        row = self.notes[kind].get(identity)
        if row is None or (kind, identity) in self.used:
            return
        self.used.add((kind, identity))
        said = {"footnotes": _("Footnote"), "endnotes": _("Endnote"), "comments": _("Remark")}[kind]
        for piece in self._blocks(row, 1):
            if piece.html:
                yield Piece("beside", _with_number(piece), note=f"{said} {identity}".strip())

    def _drawn(self, element: Any, depth: int) -> Iterator[Piece]:
        """What stands in a drawing: the text of its boxes, once, and what the picture is said to show."""
        choice = element.find(f"{MARKUP}Choice")
        element = element if choice is None else choice
        boxes = list(element.iter(f"{W}txbxContent"))
        for box in boxes:
            if depth < DEEPEST:
                for piece in self._blocks(box, depth + 2):
                    yield Piece("beside", _with_number(piece), note=piece.note or _("Text box"))
        said = [row.get("descr") or row.get("title") or "" for row in element.iter(f"{DRAWING}docPr")]
        if not boxes or any(said):
            yield Piece("beside", escape(printable(" ".join(said)), quote=False), note=_("Picture"))


#: Around blocks without being one.
_HOLDERS = frozenset(
    W + name
    for name in (
        "sdt", "sdtContent", "customXml", "ins", "moveTo", "footnote", "endnote", "comment", "txbxContent"
    )
)  # fmt: skip
_SILENT = frozenset(
    W + name
    for name in (
        "pPr", "rPr", "sdtPr", "sdtEndPr", "proofErr", "bookmarkStart", "bookmarkEnd", "rt", "fldData"
    )
)  # fmt: skip


def _with_number(piece: Piece) -> str:
    return f"{piece.number} {piece.html}".strip() if piece.ordered else piece.html


def _one_line(text: str) -> str:
    return text.replace("\r\n", " ").replace("\n", " ").replace("\r", " ")


def _words(element: Any) -> str:
    return "".join(text.text or "" for text in element.iter(f"{W}t", f"{W}delText"))
