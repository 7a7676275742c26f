"""A paragraph as people correct it in a plain field.

Marks are ``**bold**``, ``*italic*``, ``[words](https://address)`` and the end of a line. Nothing else is a
mark, so that a text pasted into the field stays as it is.
"""

from __future__ import annotations

import re
from html import escape, unescape
from html.parser import HTMLParser

from markdown_it import MarkdownIt

from icoca_portal.lib.richtext import ADDRESS, printable

_MARKS = MarkdownIt("zero").enable(["emphasis", "link", "escape", "newline"])
# Word by word: an underscore inside a name is no mark, and emphasis is written with stars alone.
_SPECIAL = re.compile(r"([\\*\[\]])|(?<!\w)(_)|(_)(?!\w)")


_AWKWARD = re.compile(r"[\s()<>\\]|^$")


class _ToMarks(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "strong":
            self.parts.append("**")
        elif tag == "em":
            self.parts.append("*")
        elif tag == "br":
            self.parts.append("\n")
        elif tag == "a":
            self.addresses.append(dict(attrs).get("href") or "")
            self.parts.append("[")

    def handle_endtag(self, tag: str) -> None:
        if tag == "strong":
            self.parts.append("**")
        elif tag == "em":
            self.parts.append("*")
        elif tag == "a" and self.addresses:
            address = self.addresses.pop()
            self.parts.append(f"](<{address}>)" if _AWKWARD.search(address) else f"]({address})")

    def handle_data(self, data: str) -> None:
        self.parts.append(_SPECIAL.sub(lambda found: f"\\{found[0]}", data))


def to_marks(html: str) -> str:
    """The HTML of a paragraph (inline tags alone) as a text with marks."""
    parser = _ToMarks()
    parser.feed(html)
    parser.close()
    return "".join(parser.parts)


def from_marks(text: str) -> str:
    """A text with marks as HTML. What is no mark is a word."""
    text = printable(text).strip()
    if not text:
        return ""
    html = []
    open_links: list[bool] = []
    for token in _MARKS.parseInline(text)[0].children or []:
        match token.type:
            case "strong_open" | "em_open":
                html.append(f"<{token.tag}>")
            case "strong_close" | "em_close":
                html.append(f"</{token.tag}>")
            case "softbreak" | "hardbreak":
                html.append("<br>")
            case "link_open":
                address = unescape(str(token.attrs.get("href", "")))
                open_links.append(bool(ADDRESS.fullmatch(address)))
                html.append(f'<a href="{escape(address)}">' if open_links[-1] else "")
            case "link_close":
                html.append("</a>" if open_links.pop() else "")
            case _:
                html.append(escape(token.content, quote=False))
    return "".join(html)
