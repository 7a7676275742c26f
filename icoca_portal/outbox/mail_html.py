"""HTML as mail programs take it: each element carries its own style, since many of them throw style sheets away.

The colours are those of ``static/css/tokens.css``, light here, dark in the ``<style>`` of ``emails/mail.html``.
Each paragraph finds its own direction (``dir="auto"``), so that an Arabic sentence in an English mail reads from the
right, and the other way round.
"""

from __future__ import annotations

import re
from html import escape
from typing import Final

import nh3

from icoca_portal.lib import richtext

SANS: Final = "'Source Sans 3','Segoe UI',system-ui,-apple-system,'Helvetica Neue',Arial,'Noto Sans Arabic',sans-serif"
SERIF: Final = "'Source Serif 4',Charter,Georgia,'Times New Roman','Noto Naskh Arabic',serif"
INK, INK_2, LAKE, RULE = "#12222a", "#3f525b", "#0b5566", "#cdd8da"

#: For the template.
STYLES: Final = {"sans": SANS, "serif": SERIF, "ink": INK, "ink_2": INK_2, "lake": LAKE, "rule": RULE}

_BREAK = "overflow-wrap:anywhere;word-break:break-word"
_TEXT = f"margin:0 0 16px;text-align:start;{_BREAK}"
#: What each element of the text carries. A direction stands where the words are: a list or quotation would find none,
#: since those inside it with a direction of their own are passed over. So items, not lists, make room for their marks,
#: on the side where they begin; Outlook knows the left side only.
_CARRIED: Final = {
    "p": {"dir": "auto", "style": _TEXT},
    "h3": {
        "dir": "auto",
        "style": f"margin:24px 0 8px;font-family:{SERIF};font-size:20px;line-height:1.3;font-weight:600;"
        f"text-align:start;{_BREAK}",
    },
    "ul": {"style": "margin:0 0 16px;padding:0"},
    "ol": {"style": "margin:0 0 16px;padding:0"},
    "li": {"dir": "auto", "style": f"margin:0 0 6px 26px;margin-inline:26px 0;text-align:start;{_BREAK}"},
    "blockquote": {
        "style": "margin:0 0 16px;padding:0;padding-inline-start:16px;"
        f"border-inline-start:3px solid {RULE};color:{INK_2}",
    },
    "a": {"style": f"color:{LAKE};text-decoration:underline;{_BREAK}"},
    "strong": {"style": "font-weight:600"},
}
_HEADING = re.compile(r"<(/?)h3\b")
_ADDRESS = re.compile(r"https?://[^\s<>\"“”«»]+|[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_AFTER_ADDRESS = ".,;:!?…'’*"


def styled(html: str) -> str:
    """Rich text (`lib.richtext`), cleaned, each element with its style and direction."""
    tags = set(richtext.ALLOWED_TAGS)
    html = nh3.clean(
        richtext.clean(html),
        tags=tags,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        set_tag_attribute_values={tag: dict(carried) for tag, carried in _CARRIED.items()},
        link_rel=None,
    )
    return _HEADING.sub(r"<\1h2", html)  # the subject is the first heading; none is left out below it


def from_text(text: str) -> str:
    """Plain text: a blank line ends a paragraph, lines are kept, addresses of pages and of people become links."""
    paragraphs = re.split(r"\n[ \t]*\n\s*", richtext.printable(text).strip("\n"))
    lines = (("<br>".join(_linked(line.rstrip()) for line in each.split("\n"))) for each in paragraphs if each.strip())
    return styled("".join(f"<p>{each}</p>" for each in lines))


def _linked(line: str) -> str:
    """The line, escaped, with its addresses as links."""
    parts, done = [], 0
    for found in _ADDRESS.finditer(line):
        address = _without_what_follows(found[0])
        target = address if "://" in address else f"mailto:{address}"
        parts += [escape(line[done : found.start()]), f'<a href="{escape(target)}">{escape(address)}</a>']
        done = found.start() + len(address)
    return "".join([*parts, escape(line[done:])])


def _without_what_follows(address: str) -> str:
    """The address without the full stop or bracket of the sentence that it ends."""
    while address[-1] in _AFTER_ADDRESS or (address[-1] == ")" and address.count("(") < address.count(")")):
        address = address[:-1]
    return address
