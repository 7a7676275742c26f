"""What differs between two texts of a summary, part by part and paragraph by paragraph. Pure functions."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from icoca_portal.lib.richtext import blocks_to_text
from icoca_portal.lib.wording import changes_marked
from meetings.texts import NumberedPart, Paragraph, SummaryText


@dataclass(frozen=True)
class Change:
    """A paragraph that changed: its number in the former and in the present text (None where it has none), and its
    words with what went out as `del` and what came in as `ins`."""

    before: int | None
    after: int | None
    html: SafeString
    only_form: bool = False


@dataclass(frozen=True)
class PartDifference:
    """A part with its changes, none where it stayed as it was. `heading` may hold marks."""

    heading: SafeString
    changes: Sequence[Change]
    heading_changed: bool = False

    @property
    def changed(self) -> bool:
        return bool(self.changes) or self.heading_changed


def differences(old: SummaryText, new: SummaryText) -> list[PartDifference]:
    """The parts of both texts in the order of the new one, with what changed in each."""
    found = [PartDifference(SafeString(), list(_title_lines(old, new)))]
    found = [one for one in found if one.changed]
    keys = [part.number or part.title for part in old.parts], [part.number or part.title for part in new.parts]
    for tag, a, b, c, d in difflib.SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if tag == "equal":
            pairs: Iterator[tuple[NumberedPart | None, NumberedPart | None]] = zip(
                old.parts[a:b], new.parts[c:d], strict=True
            )
        else:
            pairs = zip_longest(old.parts[a:b], new.parts[c:d])
        found += [_part(before, after) for before, after in pairs]
    return found


def _title_lines(old: SummaryText, new: SummaryText) -> Iterator[Change]:
    lines = [[f"{label}: {text}" if label else text for label, text in text.title_lines] for text in (old, new)]
    for tag, a, b, c, d in difflib.SequenceMatcher(None, lines[0], lines[1], autojunk=False).get_opcodes():
        if tag != "equal":
            for before, after in zip_longest(lines[0][a:b], lines[1][c:d], fillvalue=""):
                yield Change(None, None, changes_marked(before, after))


def _part(old: NumberedPart | None, new: NumberedPart | None) -> PartDifference:
    before, after = (part.heading if part else "" for part in (old, new))
    heading = conditional_escape(after) if before == after else changes_marked(before, after)
    changes = list(_paragraphs(old.paragraphs if old else [], new.paragraphs if new else []))
    return PartDifference(heading, changes, heading_changed=before != after)


def _paragraphs(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> Iterator[Change]:
    texts = [[blocks_to_text(list(paragraph.blocks)) for paragraph in paragraphs] for paragraphs in (old, new)]
    for tag, a, b, c, d in difflib.SequenceMatcher(None, texts[0], texts[1], autojunk=False).get_opcodes():
        if tag == "equal":
            for before, after in zip(old[a:b], new[c:d], strict=True):
                if before.blocks != after.blocks:
                    text = blocks_to_text(list(after.blocks))
                    yield Change(before.number, after.number, format_html("{}", text), only_form=True)
            continue
        for before_text, after_text, i in zip_longest(texts[0][a:b], texts[1][c:d], range(max(b - a, d - c))):
            yield Change(
                old[a + i].number if i < b - a else None,
                new[c + i].number if i < d - c else None,
                changes_marked(before_text or "", after_text or ""),
            )
