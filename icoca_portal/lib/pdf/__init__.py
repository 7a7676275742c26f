"""Papers as tagged PDF (PDF/UA-1), set by Typst with the shipped fonts. It reads no other file and no network."""

import json
import logging
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.utils import translation
from django.utils.translation import gettext as _

from .. import richtext, sealing
from ..papers import Answers, Body, Facts, Paper, Paragraphs, RichText, Seal, Silence, Table, Text, single_line
from ..richtext import Block
from .glyphs import FONTS, MISSING, replace_missing

logger = logging.getLogger(__name__)

TEMPLATE = Path(__file__).parent / "paper.typ"
#: Families tried in this order after the face of the paper.
FALLBACKS = ("Source Sans 3", "Noto Naskh Arabic", "DejaVu Sans", "Droid Sans Fallback")

_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_](?:[a-z]{4}[-_])?([a-z]{2})\b)?", re.IGNORECASE)
#: A word this long may be wider than its column. Scripts that break anywhere start above U+2FFF.
_LONG_WORD = re.compile(r"[\x21-\x7e\u00a1-\u1fff]{28,}")
_CHUNK = re.compile(r"\S{20}(?=\S{4})")
#: Typst breaks an address itself, except within a name, and an invisible character spoils an address that is copied.
_CHUNK_OF_ADDRESS = re.compile(r"\w{50}(?=\w{4})")


def write_pdf(paper: Paper) -> bytes:
    """The paper as PDF/UA-1: tagged, titled, in its language, with its fonts inside.

    The same paper gives the same bytes. A character that no shipped font holds is printed as □ and a note says so.
    Should Typst refuse the standard all the same, a plain tagged PDF is made and a warning logged, for a delegate must
    never be without the paper.
    """
    inputs = {"paper": json.dumps(_Payload(paper).as_dict(), ensure_ascii=False)}
    compiler = typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=_fonts(), sys_inputs=inputs)
    try:
        return _single(compiler.compile(format="pdf", pdf_standards="ua-1"))
    except typst.TypstError as error:
        logger.warning("A paper could not be made as PDF/UA-1: %s", error.message)
    return _single(compiler.compile(format="pdf"))


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Read once and shared: a ``Compiler`` must not be used by two threads, its fonts may be."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def _single(document: bytes | list[bytes] | None) -> bytes:
    if not isinstance(document, bytes):
        raise TypeError("Typst gave no PDF")
    return document


class _Payload:
    """What the template reads: plain JSON, every text harmless and printable."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.missing = False

    def as_dict(self) -> dict[str, Any]:
        paper = self.paper
        language = _LANGUAGE.match(paper.language)
        lang, region = language.groups() if language else ("en", None)
        with translation.override(paper.language):
            meta = [self._pair(pair) for pair in paper.plain_meta]
            title = self._text(paper.title, breakable=False) or _("Paper")
            parts = self._parts()
            return {
                "lang": lang.lower(),
                "region": region and region.lower(),
                "direction": paper.direction,
                "fallbacks": FALLBACKS,
                "margin_column": paper.margin_column,
                "title": title,
                "running_title": title if len(title) <= 80 else title[:79].rstrip() + "…",
                "symbol": meta[0][1] if meta else "",
                "meta": meta,
                "readers": paper.readers and self._pair(paper.readers),
                "lead": self._text(paper.lead),
                "parts": parts,
                "footer": self._text(paper.footer),
                "sample": paper.sample,
                "labels": self._labels(),
                "missing": self.missing,
            }

    def _labels(self) -> dict[str, str]:
        return {
            "sample": _("Sample data"),
            "sample_note": _("Not everything in this paper is real."),
            "unanswered": _("Not answered"),
            "reference": _("Reference number"),
            "seal": _("Seal (SHA-256)"),
            "missing": _("%(box)s stands for a character that could not be printed.") % {"box": MISSING},
        }

    def _pair(self, pair: tuple[Text, object]) -> tuple[str, str]:
        label, value = pair
        return self._text(label), self._text(value)

    def _parts(self) -> list[dict[str, Any]]:
        parts = []
        headed = False
        for part in self.paper.parts:
            heading = self._text(part.heading)
            # PDF/UA-1 refuses a skipped level: below the title alone a heading in the text is of the second level.
            headed = headed or bool(heading)
            parts.append(
                {
                    "heading": heading,
                    "number": self._text(part.number, breakable=False),
                    "level": 3 if headed else 2,
                    "body": [self._body(body) for body in part.body],
                }
            )
        return parts

    def _body(self, body: Body) -> dict[str, Any]:
        match body:
            case RichText():
                return {"kind": "rich", "blocks": self._blocks(body.blocks)}
            case Paragraphs():
                items = [(self._text(number), self._blocks(blocks)) for number, blocks in body.items]
                return {"kind": "paragraphs", "items": items}
            case Answers():
                answers = [
                    (self._text(number), self._text(question), self._answer(answer), self._text(note))
                    for number, question, answer, note in body.items
                ]
                return {"kind": "answers", "items": answers}
            case Facts():
                return {"kind": "facts", "items": [self._pair(pair) for pair in body.items]}
            case Table():
                return self._table(body)
            case Seal():
                return {
                    "kind": "seal",
                    "reference": self._text(body.reference),
                    "digest": [self._text(group) for group in sealing.groups(body.digest)],
                    "sealed_text": self._text(body.sealed_text),
                }

    def _answer(self, answer: Text | Table | Silence) -> dict[str, Any]:
        match answer:
            case Table():
                return self._table(answer)
            case Silence():
                return {"kind": "silence", "why": self._text(answer.why)}
            case _:
                return {"kind": "rich", "blocks": self._plain(answer)}

    def _table(self, table: Table) -> dict[str, Any]:
        return {
            "kind": "table",
            "caption": self._text(table.caption),
            "headers": [self._text(header) for header in table.headers],
            "rows": [[self._text(cell) for cell in row] for row in table.rows],
            "widths": table.weights,
            "numeric": table.numeric,
        }

    def _plain(self, text: Text) -> list[Block]:
        return self._blocks(richtext.to_blocks(richtext.from_text(str(text))))

    def _blocks(self, blocks: Sequence[Block]) -> list[Any]:
        return [self._block(block) for block in blocks]

    def _block(self, block: Block) -> dict[str, Any]:
        if "runs" in block:
            return {
                **block,
                "runs": [run if run.get("br") else {**run, "text": self._piece(run["text"])} for run in block["runs"]],
            }
        if "items" in block:
            return {**block, "items": [self._blocks(item) for item in block["items"]]}
        return {**block, "blocks": self._blocks(block.get("blocks", ()))}

    def _text(self, value: object, *, breakable: bool = True) -> str:
        return self._piece(single_line(value), breakable=breakable)

    def _piece(self, text: str, *, breakable: bool = True) -> str:
        shown = replace_missing(text)
        self.missing = self.missing or (shown != text and shown.count(MISSING) > text.count(MISSING))
        return _LONG_WORD.sub(_with_breaks, shown) if breakable else shown


def _with_breaks(word: re.Match[str]) -> str:
    """A long word with invisible places where a line may end."""
    chunk = _CHUNK_OF_ADDRESS if "://" in word[0] else _CHUNK
    return chunk.sub(lambda found: found[0] + "\u200b", word[0])
