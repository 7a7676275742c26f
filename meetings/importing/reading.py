"""A file as pieces: Word, Markdown or text, in whatever letters it was saved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from icoca_portal.lib.office import OLE_START
from icoca_portal.lib.refusals import Refusal
from icoca_portal.lib.richtext import ADDRESS, printable
from icoca_portal.lib.uploads import WORD
from icoca_portal.lib.word.opening import WordRefused, open_word
from icoca_portal.lib.word.pieces import Piece, pieces_of

TEXT, MARKDOWN = "text/plain", "text/markdown"
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
_LOOKS_LIKE_MARKDOWN = re.compile(r"^#{1,6} +\S|\]\(https?://|\*\*\S[^*\n]*\S\*\*", re.MULTILINE)


class NotRead(Refusal):
    """The file is none that can be brought in, or it is damaged or unsafe."""


def read(content: bytes, name: str) -> tuple[str, list[Piece]]:
    """The media type of a file, known by its content, and its pieces. Raises NotRead with what to do."""
    if not content.strip():
        raise NotRead(_("The file is empty."))
    if content.startswith((b"PK", OLE_START, b"%PDF-")) or content.lstrip()[:5].lower() == b"{\\rtf":
        try:
            return WORD, pieces_of(open_word(content, everything=True))
        except WordRefused as refused:
            raise NotRead(str(refused)) from refused
    text = _decoded(content)
    if text.lstrip()[:200].lower().startswith(("<!doctype", "<html", "<?xml", "#!")):
        raise NotRead(_("This is no text. Send a Word document (.docx), Markdown or plain text."))
    ending = name.lower().rpartition(".")[2]
    if ending in ("md", "markdown") or (ending != "txt" and _LOOKS_LIKE_MARKDOWN.search(text)):
        return MARKDOWN, list(_pieces_of_markdown(text))
    return TEXT, list(_pieces_of_text(text))


def _decoded(content: bytes) -> str:
    """The text of UTF-8, UTF-16 with its mark, or Windows-1252; a byte that this leaves open is read as Latin-1."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            text = content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise NotRead(_("The text is damaged. Save it again as UTF-8, then send it.")) from error
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = "".join(
                bytes([byte]).decode("cp1252", "ignore") or bytes([byte]).decode("latin-1") for byte in content
            )
    if _CONTROL.search(text):
        raise NotRead(_("This is no text. Send a Word document (.docx), Markdown or plain text."))
    return printable(text)


# Markdown

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_MARKDOWN.normalizeLink = lambda url: url  # type: ignore[method-assign]
_MARKDOWN.normalizeLinkText = lambda url: url  # type: ignore[method-assign, assignment]


def _pieces_of_markdown(text: str) -> Iterator[Piece]:
    references: dict[str, object] = {}
    tokens = _MARKDOWN.parse(text, references)
    yield from _Markdown(tokens).pieces()
    found = dict(references.get("references") or {})  # type: ignore[call-overload]
    rows = list(found.items())
    rows += [(row.get("label", ""), row) for row in references.get("duplicate_refs") or []]  # type: ignore[attr-defined]
    for label, row in rows:
        words = " ".join(part for part in (label, row.get("href", ""), row.get("title", "")) if part)
        yield Piece("beside", escape(words, quote=False), note=_("Address of a link"))


class _Markdown:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.beside: list[Piece] = []

    def pieces(self) -> Iterator[Piece]:
        """Lists: `stack` holds for each open one whether it counts; `number` is that of the item that begins."""
        stack: list[tuple[bool, str]] = []
        quotes, number, begins, heading, lists = 0, "", False, None, 0
        row: list[str] | None = None
        for token in self.tokens:
            match token.type:
                case "ordered_list_open" | "bullet_list_open":
                    lists += 1
                    if not stack:
                        current = lists
                    stack.append((token.type.startswith("ordered"), str(current)))
                case "ordered_list_close" | "bullet_list_close":
                    stack.pop()
                case "list_item_open":
                    number, begins = token.info, True
                case "blockquote_open":
                    quotes += 1
                case "blockquote_close":
                    quotes -= 1
                case "heading_open":
                    heading = int(token.tag[1:])
                case "heading_close":
                    heading = None
                case "tr_open":
                    row = []
                case "tr_close":
                    yield Piece("row", " | ".join(cell for cell in row or [] if cell))
                    row = None
                case "inline":
                    html = self.inline(token.children or [])
                    if row is not None:
                        row.append(html)
                    elif heading is not None:
                        yield Piece("heading", html, heading, strong=True)
                    elif stack and begins:
                        ordered, list_id = stack[-1]
                        begins = False
                        yield Piece("item", html, len(stack) - 1, number, ordered, _all_strong(html), list_id)
                    else:
                        yield Piece("quote" if quotes else "p", html, strong=_all_strong(html))
                case "fence" | "code_block":
                    lines = [token.info, *token.content.splitlines()]
                    yield Piece("p", "<br>".join(escape(line, quote=False) for line in lines if line.strip()))
            yield from self.beside
            self.beside = []

    def inline(self, tokens: Sequence[Token]) -> str:
        html: list[str] = []
        closings: list[str] = []
        for token in tokens:
            match token.type:
                case "strong_open" | "em_open":
                    html.append(f"<{token.tag}>")
                case "strong_close" | "em_close":
                    html.append(f"</{token.tag}>")
                case "softbreak":
                    html.append(" ")
                case "hardbreak":
                    html.append("<br>")
                case "link_open":
                    address, title = str(token.attrs.get("href", "")), str(token.attrs.get("title", ""))
                    known = bool(ADDRESS.fullmatch(address))
                    html.append(f'<a href="{escape(address)}">' if known else "")
                    closings.append("</a>" if known else "")
                    if address and not known:
                        self._tell(address, _("Address of a link"))
                    if title:
                        self._tell(title, _("Title of a link"))
                case "link_close":
                    html.append(closings.pop())
                case "image":
                    said = (token.content, token.attrs.get("src", ""), token.attrs.get("title", ""))
                    self._tell(" ".join(str(part) for part in said if part), _("Picture"))
                case _:
                    html.append(escape(token.content, quote=False))
        return "".join(html).strip()

    def _tell(self, text: str, note: str) -> None:
        self.beside.append(Piece("beside", escape(text, quote=False), note=note))


def _all_strong(html: str) -> bool:
    return html.startswith("<strong>") and html.endswith("</strong>") and html.count("<strong>") == 1


# Plain text

_BULLET = re.compile(r"^(\s*)(?:[-*•·▪◦–—]|o(?=\s))\s+(.*)$")
_NUMBER = re.compile(r"^(\s*)(\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]\s+(.*)$")
_LABELLED = re.compile(r"^\s*[^\s:][^:.;]{1,40}\s?:\s+\S")
#: A line shorter than this ends because its writer ended it, not because the page did.
FULL_LINE = 55


def _pieces_of_text(text: str) -> Iterator[Piece]:
    """Blank lines part paragraphs; a line that begins with a mark or a number, is set in capitals, or follows a short
    line begins one too. Lines that only the width of the page broke are put together again."""
    held: list[str] = []
    for block in re.split(r"\n[ \t]*\n", text):
        for line in block.split("\n"):
            if not line.strip():
                continue
            if held and _begins(line, held[-1]):
                yield _piece_of_lines(held)
                held = []
            held.append(line)
        if held:
            yield _piece_of_lines(held)
            held = []


def _begins(line: str, before: str) -> bool:
    if _BULLET.match(line) or _NUMBER.match(line) or _LABELLED.match(line):
        return True
    if in_capitals(line) != in_capitals(before):
        return True
    is_continued = bool(_BULLET.match(before) or _NUMBER.match(before)) and line.startswith((" ", "\t"))
    return len(before.strip()) < FULL_LINE and not is_continued


def in_capitals(text: str) -> bool:
    """Whether a line is set in capitals, as headings once were."""
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) > 3 and all(letter == letter.upper() for letter in letters)


def _piece_of_lines(lines: Sequence[str]) -> Piece:
    bullet, number = _BULLET.match(lines[0]), _NUMBER.match(lines[0])
    rest = [line.strip() for line in lines[1:]]
    if bullet:
        html = escape(" ".join([bullet[2].strip(), *rest]), quote=False)
        return Piece("item", html, _depth(bullet[1]), list_id="text")
    if number:
        html = escape(" ".join([number[3].strip(), *rest]), quote=False)
        return Piece("item", html, _depth(number[1]), number[2], ordered=True, list_id="text")
    if lines[0].lstrip().startswith(">"):
        return Piece("quote", escape(" ".join(line.strip().lstrip("> ") for line in lines), quote=False))
    return Piece("p", escape(" ".join([lines[0].strip(), *rest]), quote=False))


def _depth(indent: str) -> int:
    return min(len(indent.expandtabs(4)) // 2, 8)
