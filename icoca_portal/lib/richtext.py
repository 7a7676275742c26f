"""Rich text: cleaned HTML for the pages, and a small tree of blocks from which the PDF and Word writers work.

A block is JSON-able. Its shapes:

* ``{"type": "p" | "h3", "runs": [run, …]}``, never without text;
* ``{"type": "ul" | "ol", "items": [[block, …], …]}``, each item with at least one block;
* ``{"type": "quote", "blocks": [block, …]}``.

A run is ``{"text": "…"}`` with, where they apply, ``"strong": True``, ``"em": True`` and ``"href": "https://…"``, or
``{"br": True}``, a line break inside its paragraph. Lists and quotations stand at most ``MAX_DEPTH`` inside each other;
what is nested deeper is kept as further items of the innermost list. Headings inside lists and quotations become
paragraphs in bold, since a heading there breaks the outline of a paper.
"""

import re
import unicodedata
from html import escape
from html.parser import HTMLParser
from itertools import pairwise
from typing import Literal, NotRequired, TypedDict

import nh3

MAX_DEPTH = 8
#: PDF/UA refuses addresses over about 2,000 characters, and Word drops them over 2,079.
MAX_ADDRESS = 1900

ALLOWED_TAGS = frozenset({"p", "h3", "ul", "ol", "li", "em", "strong", "a", "br", "blockquote"})
ADDRESS = re.compile(r"(?:https?://|mailto:)\S+", re.IGNORECASE)

_RENAMED = {"b": "strong", "i": "em", "h1": "h3", "h2": "h3", "h4": "h3", "h5": "h3", "h6": "h3"}
#: Dropped as tags, but they end a line: without a paragraph in their place, the words on both sides would run together.
_PARAGRAPHS = ("div", "section", "article", "header", "footer", "main", "aside", "address", "pre", "figure",
               "figcaption", "table", "tr", "caption", "dl", "dt", "dd", "fieldset", "form")  # fmt: skip
_CELLS = ("td", "th", "option")
_RENAMED |= dict.fromkeys(_PARAGRAPHS, "p")
_KNOWN_TAGS = ALLOWED_TAGS | set(_RENAMED) | set(_CELLS)
_RENAMED_TAG = re.compile(rf"<(/?)({'|'.join(sorted(_RENAMED, key=len, reverse=True))})>")
_CELL_TAG = re.compile(rf"</?(?:{'|'.join(_CELLS)})>")

_LINE_ENDS = str.maketrans({"\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"})
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr(plane * 0x10000 + last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
_SPACES = re.compile(r"[ \t\n\r\f]+")


class Run(TypedDict, total=False):
    text: str
    strong: bool
    em: bool
    href: str
    br: bool


class Block(TypedDict):
    type: Literal["p", "h3", "ul", "ol", "quote"]
    runs: NotRequired[list[Run]]
    items: NotRequired[list[list["Block"]]]
    blocks: NotRequired[list["Block"]]


def printable(text: str) -> str:
    """The text without control characters, lone surrogates and non-characters, composed (NFC), lines ended by ``\\n``.

    XML 1.0 forbids these characters, and PDF/UA-1 cannot hold them. Tabs and line ends stay.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_LINE_ENDS)
    return unicodedata.normalize("NFC", _UNPRINTABLE.sub("", text))


def one_line(text: str) -> str:
    """The text with every line break, tab and control character turned into a space, and spaces made single."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def clean(html: str) -> str:
    """The HTML reduced to the tags a paper knows; safe to mark as safe in a template.

    Other tags go and their text stays, except that of scripts and styles. ``<b>``, ``<i>`` and other headings become
    ``<strong>``, ``<em>`` and ``<h3>``. A link keeps an http, https or mailto address and nothing else.
    Cleaning what is clean changes nothing.
    """
    known = nh3.clean(printable(html), tags=set(_KNOWN_TAGS), attributes={"a": {"href"}}, link_rel=None)
    known = _CELL_TAG.sub(" ", known)
    known = _RENAMED_TAG.sub(lambda match: f"<{match[1]}{_RENAMED[match[2]]}>", known)
    cleaned = known
    # A tag moved by the parser (a link in a link, a paragraph in a heading) may settle only in the second pass.
    for _ in range(3):
        before = cleaned
        cleaned = nh3.clean(
            cleaned,
            tags=set(ALLOWED_TAGS),
            attributes={"a": {"href"}},
            attribute_filter=_keep_attribute,
            url_schemes={"http", "https", "mailto"},
            link_rel=None,
        ).replace("<p></p>", "")
        if cleaned == before:
            break
    return cleaned


def _keep_attribute(tag: str, attribute: str, value: str) -> str | None:
    value = value.strip()
    return value if ADDRESS.fullmatch(value) else None


def to_blocks(html: str) -> list[Block]:
    """The blocks of a rich text, cleaned first. An address over ``MAX_ADDRESS`` loses its link."""
    builder = _Builder()
    builder.feed(clean(html))
    builder.close()
    return builder.finish()


def from_text(text: str) -> str:
    """Plain text as HTML: a blank line ends a paragraph, a line end becomes ``<br>``, everything else is escaped."""
    paragraphs = re.split(r"\n[ \t]*\n\s*", printable(text).strip())
    return "".join(
        f"<p>{'<br>'.join(escape(line.strip(), quote=False) for line in paragraph.split(chr(10)))}</p>"
        for paragraph in paragraphs
        if paragraph.strip()
    )


def to_text(html: str) -> str:
    """The text of a rich text for mail and for counting: paragraphs apart by blank lines, lists with marks, links with
    their address in brackets where the words do not say it."""
    return blocks_to_text(to_blocks(html))


def blocks_to_text(blocks: list[Block]) -> str:
    """As ``to_text``, from blocks."""
    return "\n\n".join(_block_text(block) for block in blocks)


def _block_text(block: Block) -> str:
    if block["type"] == "quote":
        return "\n".join(f"> {line}".rstrip() for line in blocks_to_text(block["blocks"]).split("\n"))
    if block["type"] in ("ul", "ol"):
        lines = []
        for number, item in enumerate(block["items"], start=1):
            mark = f"{number}. " if block["type"] == "ol" else "- "
            text = "\n".join(_block_text(child) for child in item)
            lines.append(mark + text.replace("\n", "\n" + " " * len(mark)))
        return "\n".join(lines)
    return "".join(_run_text(run) for run in block["runs"])


def _run_text(run: Run) -> str:
    if run.get("br"):
        return "\n"
    address = run.get("href", "")
    shown = address.removeprefix("mailto:")
    return f"{run['text']} ({shown})" if shown and shown not in run["text"] else run["text"]


class _Builder(HTMLParser):
    """Turns the well-formed output of ``clean`` into blocks. It does not recurse, so depth cannot harm it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root: list[Block] = []
        #: Where new blocks go: a list of blocks, or a list block that waits for its next item.
        self.targets: list[list[Block] | Block] = [self.root]
        self.depth = 0
        self.capped: list[bool] = []
        self.runs: list[Run] = []
        self.strong = self.em = self.heading = 0
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        match tag:
            case "strong":
                self.strong += 1
            case "em":
                self.em += 1
            case "a":
                address = dict(attrs).get("href") or ""
                self.addresses.append(address if len(address) <= MAX_ADDRESS else "")
            case "br":
                self.runs.append({"br": True})
            case "p":
                self._end_paragraph()
            case "h3":
                self._end_paragraph()
                self.heading += 1
            case "ul" | "ol":
                self._end_paragraph()
                self._open({"type": "ul" if tag == "ul" else "ol", "items": []})
            case "blockquote":
                self._end_paragraph()
                self._open({"type": "quote", "blocks": []})
            case "li":
                self._end_paragraph()
                holder = next((target for target in reversed(self.targets) if isinstance(target, dict)), None)
                if holder is None:
                    self.targets.append(self.root)
                else:
                    item: list[Block] = []
                    holder["items"].append(item)
                    self.targets.append(item)

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "strong":
                self.strong -= 1
            case "em":
                self.em -= 1
            case "a":
                self.addresses.pop()
            case "p":
                self._end_paragraph()
            case "h3":
                self._end_paragraph()
                self.heading -= 1
            case "ul" | "ol" | "blockquote":
                self._end_paragraph()
                self.targets.pop()
                if not self.capped.pop():
                    self.depth -= 1
            case "li":
                self._end_paragraph()
                self.targets.pop()

    def handle_data(self, data: str) -> None:
        text = _SPACES.sub(" ", data)
        if not self.runs or self.runs[-1].get("br") or self.runs[-1]["text"].endswith(" "):
            text = text.lstrip(" ")
        if not text:
            return
        run: Run = {"text": text}
        if self.strong:
            run["strong"] = True
        if self.em:
            run["em"] = True
        if self.addresses and self.addresses[-1]:
            run["href"] = self.addresses[-1]
        last = self.runs[-1] if self.runs else None
        if last and not last.get("br") and {**last, "text": ""} == {**run, "text": ""}:
            last["text"] += text
        else:
            self.runs.append(run)

    def finish(self) -> list[Block]:
        self._end_paragraph()
        return _without_empty(self.root)

    def _open(self, block: Block) -> None:
        if self.depth >= MAX_DEPTH:
            self.capped.append(True)
            self.targets.append(self.targets[-1])
            return
        self.depth += 1
        self.capped.append(False)
        self._blocks(for_nested=True).append(block)
        self.targets.append(block["blocks"] if block["type"] == "quote" else block)

    def _blocks(self, *, for_nested: bool = False) -> list[Block]:
        """The list that takes the next block. Matter that stands in a list outside its items makes an item of its own,
        or, when it is a list itself, goes into the item before it."""
        target = self.targets[-1]
        if isinstance(target, list):
            return target
        if not (for_nested and target["items"]):
            target["items"].append([])
        return target["items"][-1]

    def _end_paragraph(self) -> None:
        runs, self.runs = self.runs, []
        while runs and (runs[-1].get("br") or not runs[-1]["text"].rstrip(" ")):
            runs.pop()
        while runs and runs[0].get("br"):
            runs.pop(0)
        if not runs:
            return
        runs[-1]["text"] = runs[-1]["text"].rstrip(" ")
        for run, following in pairwise(runs):
            if following.get("br") and not run.get("br"):
                run["text"] = run["text"].rstrip(" ")
        runs = [run for run in runs if run.get("br") or run["text"]]
        kind: Literal["p", "h3"] = "p"
        if self.heading and self.depth:
            for run in runs:
                if not run.get("br"):
                    run["strong"] = True
        elif self.heading:
            kind = "h3"
        self._blocks().append({"type": kind, "runs": runs})


def _without_empty(blocks: list[Block]) -> list[Block]:
    kept = []
    for block in blocks:
        if "items" in block:
            block["items"] = [item for item in (_without_empty(item) for item in block["items"]) if item]
        elif "blocks" in block:
            block["blocks"] = _without_empty(block["blocks"])
        if block.get("runs") or block.get("items") or block.get("blocks"):
            kept.append(block)
    return kept
