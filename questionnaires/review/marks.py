"""Passages of an answer: where words stand in it, and the text with its passages marked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from icoca_portal.lib.fulltext import fold, fold_with_places

Place = tuple[int, int]


def marked(text: str, passages: Iterable[tuple[int, int, str]]) -> SafeString:
    """The text escaped, with each passage (from, to, theme) in ``<mark>``. Where passages overlap, a mark holds what
    they share and names all their themes, so that marks never cross."""
    inside = [(max(start, 0), min(end, len(text)), name) for start, end, name in passages if start < len(text)]
    edges = sorted({0, len(text), *(place for start, end, _name in inside for place in (start, end))})
    pieces = []
    for start, end in pairwise(edges):
        themes = [name for first, last, name in inside if first <= start and end <= last]
        piece: str = escape(text[start:end])
        if themes:
            several = " is-several" if len(themes) > 1 else ""
            piece = f'<mark class="wg-passage{several}" title="{escape(", ".join(themes))}">{piece}</mark>'
        pieces.append(piece)
    return mark_safe("".join(pieces))  # noqa: S308


def place_of(passage: str, text: str, start: int | None = None, end: int | None = None) -> Place | None:
    """Where the passage stands in the text: from `start` to `end` if its words stand there, else where they stand
    first; None if nowhere.

    Line ends and spaces count alike, and a letter is the same whether its accent is part of it or stands apart. A place
    never parts a letter from its accent.
    """
    named = start is not None and end is not None and 0 <= start < end <= len(text)
    if named and _even(text[start:end]) == _even(passage):
        return _whole(text, *_trimmed(text, start or 0, end or 0))
    wanted = passage.strip()
    if not fold(wanted).strip():  # nothing, or an accent without its letter
        return None
    found = text.find(wanted)
    if found >= 0:
        return _whole(text, found, found + len(wanted))
    return _loosely(wanted, text)


def _even(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _trimmed(text: str, start: int, end: int) -> Place:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())


def _loosely(wanted: str, text: str) -> Place | None:
    words = fold_with_places(wanted)[0].split()
    folded, places = fold_with_places(text)
    if not words:
        return None
    found = re.search(r"\s+".join(map(re.escape, words)), folded)
    if found is None:
        return None
    return _whole(text, places[found.start()], places[found.end() - 1] + 1)


def _whole(text: str, start: int, end: int) -> Place:
    """The place widened to whole letters: with accents, joiners and what they join."""
    while start > 0 and _hangs_on(text, start):
        start -= 1
    while end < len(text) and _hangs_on(text, end):
        end += 1
    return start, end


def _hangs_on(text: str, place: int) -> bool:
    letter = text[place]
    joined = "\u200d" in (letter, text[place - 1])  # 👩‍💻 is three signs
    return joined or unicodedata.category(letter).startswith("M") or "\U0001f3fb" <= letter <= "\U0001f3ff"
