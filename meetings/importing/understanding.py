"""Pieces understood as a summary: what the head says, which lines are titles of items, what stands under each.

Titles are found by what they have in common: the level of a heading, numbers that count on, bold type, capitals. The
first of these that finds some decides, so that a numbered list under an item does not tear it apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from typing import Any

from django.utils.translation import gettext as _

from icoca_portal.lib.richtext import clean
from icoca_portal.lib.word.pieces import Piece
from meetings.importing.facts import facts_of, labelled, language_of
from meetings.importing.reading import in_capitals, read

#: What a paragraph may be. ``beside`` stands in its place on the screen, and is not taken over.
KINDS = ("p", "h3", "bullet", "number", "quote", "beside")
LONGEST_TITLE, LONGEST_LINE = 200, 200
_TYPED = re.compile(
    r"^\s*(?:(?:agenda\s+)?item|point(?:\s+de\s+l[’']ordre\s+du\s+jour)?|section)?\s*(?:n[o°]\.?\s*)?"
    r"(\d{1,2}|[IVX]{1,5})\s*(?:[.):]|[-–—]\s)\s*(\S.*)$",
    re.IGNORECASE,
)
_ROMAN = {"i": 1, "v": 5, "x": 10}
_LINK = re.compile(r'<a href="([^"]*)"')


def understand(content: bytes, name: str) -> tuple[str, dict[str, Any]]:
    """The media type of a file, and what it says as a summary: see `understood`. Raises NotRead."""
    media_type, pieces = read(content, name)
    return media_type, understood(pieces)


def understood(pieces: Sequence[Piece]) -> dict[str, Any]:
    """What is shown, corrected and saved: facts; ``head``, its lines (`text`, `keep`: printed as a title line, `use`:
    the facts that were read from it); ``items`` with `number`, `title`, `written` (the title as it was, where that says
    more), `agenda` (an item of the agenda, or a part of the text alone) and `blocks` (`kind`, `html`, `level`,
    `number`, `note`)."""
    pieces = [piece for piece in pieces if piece.text or piece.note]
    titles = _titles(pieces)
    first = min(titles, default=_end_of_head(pieces))
    lines, opening = _head(pieces[:first])
    prose = [piece.text for piece in opening if piece.kind == "p"]
    prose += [piece.text for piece in pieces[first : first + 6] if piece.kind == "p"]
    facts, uses = facts_of([piece.text for piece in lines if piece.kind != "beside"], prose)
    items = []
    if opening:
        items.append(_item("", _("Introduction"), agenda=False) | {"blocks": [_block(piece) for piece in opening]})
    if not titles and len(pieces) > first:
        items.append(_item("", _("Text of the summary"), agenda=False))
    for place, piece in enumerate(pieces[first:], start=first):
        if place in titles:
            number, title = titles[place]
            items.append(_item(number, title) | {"written": _written(piece, number, title)})
            items[-1]["blocks"] += [
                {"kind": "beside", "html": address, "note": _("Address of a link"), "level": 0, "number": ""}
                for address in _LINK.findall(piece.html)
            ]
        else:
            items[-1]["blocks"].append(_block(piece))
    remaining = iter(uses)
    return {
        "number": facts.number,
        "date": facts.date,
        "place": facts.place[:120],
        "title": facts.title[:250],
        "chair": facts.chair[:150],
        "participants": facts.participants,
        "language": language_of(" ".join(piece.text for piece in pieces)),
        "head": [_head_line(piece, next(remaining) if piece.kind != "beside" else set()) for piece in lines],
        "items": items,
    }


# The head


def _end_of_head(pieces: Sequence[Piece]) -> int:
    """Where there is no title: the head ends with the first paragraph of some length."""
    for place, piece in enumerate(pieces[:15]):
        if piece.kind != "beside" and (len(piece.text) > LONGEST_LINE or piece.kind in ("item", "row", "quote")):
            return place
    return min(len(pieces), 3) if len(pieces) <= 15 else 3


def _head(pieces: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """The short lines at the beginning, and from the first longer paragraph on what opens the text."""
    for place, piece in enumerate(pieces):
        is_text = piece.kind in ("item", "quote", "row") or len(piece.text) > LONGEST_LINE
        if is_text and piece.kind != "beside" and piece.kind != "heading":
            return list(pieces[:place]), list(pieces[place:])
    return list(pieces), []


def _head_line(piece: Piece, used: set[str]) -> dict[str, Any]:
    links = " ".join(f"({unescape(address)})" for address in _LINK.findall(piece.html))
    text = " ".join(part for part in (piece.number, piece.text, links) if part)
    label, _words = labelled(piece.text)
    consumed = bool(used & {"number", "date", "place", "chair", "title"}) or label in ("place", "chair", "title")
    is_title = piece.kind == "heading" or piece.strong or in_capitals(piece.text)
    keep = piece.kind != "beside" and not consumed and not (is_title and ":" not in text)
    return {"text": text, "keep": keep, "use": sorted(used), "note": piece.note}


# Items


def _item(number: str, title: str, *, agenda: bool = True) -> dict[str, Any]:
    return {"number": number, "title": title, "written": "", "agenda": agenda, "blocks": []}


def _written(piece: Piece, number: str, title: str) -> str:
    """The title as it was written, where more stood there than its number and itself."""
    written = piece.text
    return "" if written == title or re.fullmatch(rf"\W*{re.escape(number)}\W*{re.escape(title)}", written) else written


def _block(piece: Piece) -> dict[str, Any]:
    kind = {"item": "number" if piece.ordered else "bullet", "row": "p", "heading": "h3"}.get(piece.kind, piece.kind)
    return {"kind": kind, "html": piece.html, "level": piece.level if piece.kind == "item" else 0,
            "number": piece.number, "note": piece.note}  # fmt: skip


def _titles(pieces: Sequence[Piece]) -> dict[int, tuple[str, str]]:
    """Where the titles of items stand: number and words of each, by place."""
    for find in (_by_level, _by_number, _by_type):
        if found := find(pieces):
            return found
    return {}


def _number_and_title(piece: Piece) -> tuple[str, str]:
    """The number of a piece, counted by its list or typed, and its words without it."""
    if typed := _TYPED.match(piece.text):
        return _figures(typed[1]), typed[2].strip()
    return (_figures(piece.number), piece.text) if piece.ordered else ("", piece.text)


def _figures(number: str) -> str:
    if number.isdecimal():
        return str(int(number))
    letters = number.lower()
    if not letters or set(letters) - set(_ROMAN):
        return number
    values = [_ROMAN[letter] for letter in letters]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return str(sum(-value if value < following else value for value, following in pairs))


def _by_level(pieces: Sequence[Piece]) -> dict[int, tuple[str, str]]:
    """Headings of the highest level that is used for more than the title of the whole."""
    headings = [
        (place, piece)
        for place, piece in enumerate(pieces)
        if piece.kind == "heading" and piece.level > 0 and len(piece.text) <= LONGEST_TITLE
    ]
    levels = [piece.level for _place, piece in headings]
    for level in sorted(set(levels)):
        wanted = [(place, piece) for place, piece in headings if piece.level <= level]
        same = [(place, piece) for place, piece in wanted if piece.level == level]
        opens = not any(piece.kind in ("p", "item") and len(piece.text) > 60 for piece in pieces[: same[0][0]])
        is_title_of_all = len(same) == 1 and opens and any(other > level for other in levels)
        if not is_title_of_all:
            skipped = {place for place, piece in wanted if piece.level < level and place < same[0][0]}
            return {place: _number_and_title(piece) for place, piece in wanted if place not in skipped}
    return {}


def _by_number(pieces: Sequence[Piece]) -> dict[int, tuple[str, str]]:
    """Short lines whose numbers count on from 1, each with a text below it, all set alike."""
    worded = [(place, piece) for place, piece in enumerate(pieces) if piece.kind != "beside"]
    candidates: dict[int, tuple[int, str]] = {}
    for place, piece in worded:
        number, title = _number_and_title(piece)
        is_line = piece.kind in ("p", "item", "heading") and piece.level == 0 and len(title) <= LONGEST_TITLE
        if number.isdecimal() and is_line and title and not title.endswith((";", ",")):
            candidates[place] = (int(number), title)
    order = [place for place, _piece in worded]
    following = {place: order[index + 1] for index, place in enumerate(order[:-1])}
    best: dict[int, tuple[str, str]] = {}
    for start in [place for place, (number, _title) in candidates.items() if number == 1]:
        chosen = _counting_on(pieces, candidates, following, start)
        if len(chosen) > len(best):
            best = chosen
    return best


def _counting_on(
    pieces: Sequence[Piece], candidates: dict[int, tuple[int, str]], following: dict[int, int], start: int
) -> dict[int, tuple[str, str]]:
    chosen: dict[int, tuple[str, str]] = {}
    wanted, look = 1, _look(pieces[start])
    for place, (number, title) in candidates.items():
        below = following.get(place)
        has_text = below is None or below not in candidates or candidates[below][0] == 1
        alike = _look(pieces[place]) == look
        if place >= start and number == wanted and alike and (has_text or look[0]):
            chosen[place] = (str(number), title)
            wanted += 1
    # One number alone is a title only if it is set like one.
    return chosen if len(chosen) > 1 or look[0] else {}


def _look(piece: Piece) -> tuple[bool, bool, str]:
    """How a line is set: in bold or capitals, in a list of Word, in which."""
    stands_out = piece.strong or in_capitals(piece.text)
    return stands_out, piece.kind == "item", piece.list_id if piece.list_id != "text" else ""


def _by_type(pieces: Sequence[Piece]) -> dict[int, tuple[str, str]]:
    """Short lines in bold or in capitals with a text below them; those that open the whole are its head."""
    worded = [(place, piece) for place, piece in enumerate(pieces) if piece.kind != "beside"]
    found: dict[int, tuple[str, str]] = {}
    for index, (place, piece) in enumerate(worded[:-1]):
        below = worded[index + 1][1]
        stands_out = piece.strong or in_capitals(piece.text)
        is_text = below.kind != "p" or not (below.strong or in_capitals(below.text) or labelled(below.text)[0])
        is_line = piece.kind == "p" and len(piece.text) <= LONGEST_TITLE and not labelled(piece.text)[0]
        if stands_out and is_line and is_text and (index or len(below.text) > LONGEST_TITLE):
            found[place] = _number_and_title(piece)
    return found


# What is made of it


def part_html(blocks: Iterable[dict[str, Any]]) -> str:
    """The blocks of an item as the text of a part of the summary, lists put together; what is beside is left out."""
    html: list[str] = []
    open_lists: list[str] = []

    def close(depth: int) -> None:
        while len(open_lists) > depth:
            html.append(f"</li></{open_lists.pop()}>")

    for block in blocks:
        kind, words = block["kind"], block["html"]
        if kind == "beside" or not words.strip():
            continue
        if kind not in ("bullet", "number"):
            close(0)
            html.append(f"<blockquote><p>{words}</p></blockquote>" if kind == "quote" else f"<{kind}>{words}</{kind}>")
            continue
        tag, depth = ("ol" if kind == "number" else "ul"), min(int(block["level"]), len(open_lists)) + 1
        close(depth)
        if len(open_lists) == depth and open_lists[-1] != tag:
            close(depth - 1)
        if len(open_lists) == depth:
            html.append(f"</li><li><p>{words}</p>")
        else:
            html.append(f"<{tag}><li><p>{words}</p>")
            open_lists.append(tag)
    close(0)
    return clean("".join(html))


def heading_lines(understood_text: dict[str, Any]) -> list[str]:
    """The lines of the head that are printed as title lines."""
    return [line["text"] for line in understood_text["head"] if line["keep"] and line["text"]]


def words_of(understood_text: dict[str, Any]) -> Iterator[str]:
    """Every text that is shown of it, with the addresses of links."""
    for line in understood_text["head"]:
        yield from (line["text"], line["note"])
    for item in understood_text["items"]:
        yield from (item["number"], item["title"], item["written"])
        for block in item["blocks"]:
            yield from (block["number"], unescape(block["html"]), block["note"])
