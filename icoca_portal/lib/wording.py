"""Two wordings of a text beside each other, with what differs between them. Pure functions."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

# Longer texts are shown side by side without marks: comparing them would take longer than reading them.
MOST_WORDS_COMPARED = 3000


def marked(theirs: str, mine: str) -> tuple[SafeString, SafeString]:
    """Both texts with what differs between them in `mark`, word by word."""
    # The end of a line is a word of its own, so that it does not make one of those beside it.
    left, right = (text.replace("\n", " \n ").split(" ") for text in (theirs, mine))
    if len(left) + len(right) > MOST_WORDS_COMPARED:
        return conditional_escape(theirs), conditional_escape(mine)
    codes = difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes()

    def side(words: list[str], spans: Iterable[tuple[bool, int, int]]) -> SafeString:
        parts = [(same, " ".join(words[start:end])) for same, start, end in spans if end > start]
        # A text that is blank has nothing to mark.
        return format_html_join(
            " ", "{}", ((text if same else format_html("<mark>{}</mark>", text),) for same, text in parts if text)
        )

    return (
        side(left, [(tag == "equal", a, b) for tag, a, b, _c, _d in codes]),
        side(right, [(tag == "equal", c, d) for tag, _a, _b, c, d in codes]),
    )


def changes_marked(before: str, after: str) -> SafeString:
    """The text after a change, with what came in as `ins` and what went out as `del`, word by word."""
    old, new = before.split(" ") if before else [], after.split(" ") if after else []
    if len(old) + len(new) > MOST_WORDS_COMPARED:
        return conditional_escape(after)
    parts: list[SafeString] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(conditional_escape(" ".join(new[c:d])))
            continue
        if b > a:
            parts.append(format_html("<del>{}</del>", " ".join(old[a:b])))
        if d > c:
            parts.append(format_html("<ins>{}</ins>", " ".join(new[c:d])))
    return format_html_join(" ", "{}", ((part,) for part in parts))


@dataclass(frozen=True)
class Reworded:
    """Something that reads differently now. `language` is named where it is written in several."""

    label: str
    before: str
    after: str
    language: str = ""

    @cached_property
    def marks(self) -> tuple[SafeString, SafeString]:
        """Both texts with what differs marked, word by word."""
        return marked(self.before, self.after)

    @property
    def sentence(self) -> str:
        """``Date: 6 June 2018 → 7 June 2018``, for a message."""
        nothing = _("(nothing)")
        return _("%(label)s: %(before)s → %(after)s") % {
            "label": self.label,
            "before": self.before or nothing,
            "after": self.after or nothing,
        }
