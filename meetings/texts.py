"""The text of a summary as numbered paragraphs: the page, the PDF and the Word file count them alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from icoca_portal.lib.richtext import Block, Run, to_blocks

if TYPE_CHECKING:
    from meetings.models import ChairsSummary, PublishedSummary, SummaryRound


@dataclass(frozen=True)
class Paragraph:
    """A numbered paragraph with the list or quotation that hangs on it. A heading, or a list at the start, has none."""

    number: int | None
    blocks: Sequence[Block]

    @property
    def opening(self) -> SafeString:
        """The numbered paragraph itself, as HTML inside its paragraph."""
        return runs_to_html(self.blocks[0]["runs"]) if self.number else SafeString()

    @property
    def rest(self) -> SafeString:
        """What follows it, as HTML blocks."""
        return blocks_to_html(self.blocks[1:] if self.number else self.blocks)


@dataclass(frozen=True)
class NumberedPart:
    """A part of a summary with its paragraphs, numbered through the whole summary."""

    number: str
    title: str
    paragraphs: Sequence[Paragraph]

    @property
    def anchor(self) -> str:
        """The part's address on the page."""
        return f"s{self.number}" if self.number else f"p{self.paragraphs[0].number}" if self.paragraphs else "s"

    @property
    def heading(self) -> str:
        """``2 Discussion and feedback``."""
        return f"{self.number} {self.title}".strip()


def numbered_parts(parts: Iterable[Mapping[str, str]]) -> list[NumberedPart]:
    """Parts (`number`, `title`, `text` as HTML) with their paragraphs numbered from 1 through the whole text."""
    counter = count(1)
    return [
        NumberedPart(part["number"], part["title"], list(_paragraphs(to_blocks(part["text"]), counter)))
        for part in parts
    ]


def paragraph_count(parts: Iterable[Mapping[str, str]]) -> int:
    """How many numbered paragraphs the parts have together."""
    return sum(paragraph.number is not None for part in numbered_parts(parts) for paragraph in part.paragraphs)


def _paragraphs(blocks: Sequence[Block], counter: Iterator[int]) -> Iterator[Paragraph]:
    number: int | None = None
    held: list[Block] = []
    for block in blocks:
        # A heading opens a group that is not numbered; a list or a quotation belongs to the paragraph before it.
        if block["type"] in ("p", "h3"):
            if held:
                yield Paragraph(number, held)
            number, held = (next(counter) if block["type"] == "p" else None), [block]
        else:
            held.append(block)
    if held:
        yield Paragraph(number, held)


def runs_to_html(runs: Sequence[Run]) -> SafeString:
    """The words of a paragraph as HTML. Addresses were limited to http, https and mailto when the text was cleaned."""
    return mark_safe("".join(_run_to_html(run) for run in runs))  # noqa: S308 (each run is escaped)


def _run_to_html(run: Run) -> SafeString:
    if run.get("br"):
        return mark_safe("<br>")
    html = conditional_escape(run["text"])
    if run.get("em"):
        html = format_html("<em>{}</em>", html)
    if run.get("strong"):
        html = format_html("<strong>{}</strong>", html)
    if run.get("href"):
        html = format_html('<a href="{}">{}</a>', run["href"], html)
    return html


def blocks_to_html(blocks: Sequence[Block]) -> SafeString:
    """Blocks as HTML."""
    return mark_safe("".join(_block_to_html(block) for block in blocks))  # noqa: S308 (each block is escaped)


def _block_to_html(block: Block) -> SafeString:
    if block["type"] in ("ul", "ol"):
        items = format_html_join("", "<li>{}</li>", ((blocks_to_html(item),) for item in block["items"]))
        return format_html("<{0}>{1}</{0}>", block["type"], items)
    if block["type"] == "quote":
        return format_html("<blockquote>{}</blockquote>", blocks_to_html(block["blocks"]))
    return format_html("<{0}>{1}</{0}>", block["type"], runs_to_html(block["runs"]))


def title_pairs(lines: str) -> list[tuple[str, str]]:
    """Title lines as pairs of label and text; a line without a colon has no label."""
    pairs = []
    for line in lines.splitlines():
        label, _colon, text = (piece.strip() for piece in line.partition(":"))
        if text:
            pairs.append((label, text))
        elif label:
            pairs.append(("", line.strip().rstrip(":")))
    return pairs


@dataclass(frozen=True)
class SummaryText:
    """The text of a summary as a page or a paper shows it, whether it is still a draft or was published.

    `published` is the sealed row that it was read from, `circulated` the round in which it was put under silence; both
    None for a draft.
    """

    title: str
    symbol: str
    language: str
    title_lines: Sequence[tuple[str, str]]
    parts: Sequence[NumberedPart]
    published: PublishedSummary | None = None
    circulated: SummaryRound | None = None

    def state(self, summary: ChairsSummary) -> str:
        """What the page and the paper say of this text: published, or where its circulation stands."""
        if self.published:
            return str(summary.State.PUBLISHED.label)
        if self.circulated and self.circulated.outcome != self.circulated.Outcome.OPEN:
            return str(self.circulated.get_outcome_display())
        return str(summary.get_state_display())


def text_of_round(summary_round: SummaryRound) -> SummaryText:
    """The text as it was circulated; the draft behind it is not looked at."""
    content = summary_round.text
    with translation.override(settings.LANGUAGE_CODE):
        title = str(summary_round.summary)
    return SummaryText(
        title=title,
        symbol=str(summary_round),
        language=settings.LANGUAGE_CODE,
        title_lines=[(label, text) for label, text in content["title_lines"]],
        parts=numbered_parts(content["parts"]),
        circulated=summary_round,
    )


def text_of_draft(summary: ChairsSummary) -> SummaryText:
    """The text as it is being written, in the language of the portal's records."""
    parts = [{"number": part.number, "title": part.title, "text": part.text} for part in summary.parts.all()]
    with translation.override(settings.LANGUAGE_CODE):
        title = str(summary)
    return SummaryText(
        title, summary.symbol, settings.LANGUAGE_CODE, title_pairs(summary.title_lines), numbered_parts(parts)
    )


def text_of_publication(published: PublishedSummary) -> SummaryText:
    """The text as it was sealed; the draft behind it is not looked at."""
    content = published.text
    return SummaryText(
        title=content["title"],
        symbol=content["symbol"],
        language=content["language"],
        title_lines=[(label, text) for label, text in content["title_lines"]],
        parts=numbered_parts(content["parts"]),
        published=published,
    )
