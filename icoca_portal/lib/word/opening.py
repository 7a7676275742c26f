"""Opening a Word file that somebody sent: what it may hold, and why it is refused.

Nothing of it is trusted. The parts that are read are read with a limit, by a parser that follows no entity and no
address; anything that could run, fetch or unpack without end refuses the whole file, with a sentence that says what to
do. python-docx is not used: it would parse every part that the file names. An app that can say more of what to do than
`SENTENCES` does has sentences of its own, by the refusal's `reason`.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.office import ENCRYPTED, OLE_START, Package
from icoca_portal.lib.refusals import Refusal
from icoca_portal.lib.uploads import DAMAGED
from icoca_portal.lib.word.controls import CUSTOM_PROPERTIES, VARIANTS, W

#: Heads and feet of pages that are read.
MOST_BESIDE = 60
OPEN_TEXT = b"application/vnd.oasis.opendocument.text"
WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TEMPLATE_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
STRICT_W = "http://purl.oclc.org/ooxml/wordprocessingml/main"


SENTENCES: dict[str, str | Promise] = {
    "empty": _("The file is empty. Save it again, then send it."),
    "too large": _("The file has %(size)d MB; the limit is %(limit)d MB. Take pictures out of it, then send it."),
    "damaged": _("The file is damaged or incomplete. Open it in Word, save it again as .docx, and send that."),
    "old word": _("This is a file of an old Word (.doc). Open it, save it as .docx, and send that."),
    "pdf": _("This is a PDF, which cannot be read back. Send the text as a Word document (.docx)."),
    "rtf": _("This is a rich text file (.rtf). Open it, save it as .docx, and send that."),
    "no word": _("This is no Word document. Open it in Word, save it as .docx, and send that."),
    "protected": _("The file is protected by a password. Open it, take the password off, save it, and send that."),
    "unsafe": _(
        "The file is built in a way that Word does not write, and is not opened. "
        "Open it in Word, save it as .docx, and send that."
    ),
    "too much": _("The file unpacks to more than is taken. Copy its text into a new document, and send that."),
    "file inside": _("The file holds another file inside (an embedded object). Remove it, save, and send it again."),
    "object inside": _("The file holds an embedded object. Remove it, save, and send it again."),
    "open document": _(
        "This is an OpenDocument text (.odt). Open it, save it as .docx (a Word document), and send that."
    ),
    "template": _("This is a Word template (.dotx). Save it as a document (.docx), and send that."),
    "outside": _(
        "The file takes a template, a picture or a text from another address. "
        "Copy its text into a new document, and send that."
    ),
    "macros": _(
        "The file carries macros, or controls that run. "
        "Save it as a Word document without macros (.docx), and send that."
    ),
    "strict": _("The file is saved as “Strict Open XML”. Save it as an ordinary Word document (.docx), and send that."),
}


class WordRefused(Refusal):
    """The file is not one that is opened here. `reason` is a key of `SENTENCES`; `facts` fill its sentence."""

    def __init__(self, reason: str, **facts: int) -> None:
        super().__init__(str(SENTENCES[reason]) % facts if facts else str(SENTENCES[reason]))
        self.reason, self.facts = reason, facts


@dataclass(frozen=True)
class Opened:
    """What is read of a file: its text, what its styles and lists are, its own word on where it comes from."""

    body: Any
    styles: Any | None
    numbering: Any | None
    properties: Mapping[str, str]
    foot: str
    links: Mapping[str, str] = field(default_factory=dict)
    """The addresses that the text points to, by the relation's name."""
    others: Mapping[str, list[Any]] = field(default_factory=dict)
    """With `everything`: header, footer, footnotes, endnotes, comments, as trees."""


def open_word(content: bytes, *, everything: bool = False) -> Opened:
    """The parts of a .docx that are read; `everything`: also what stands beside the text. Raises WordRefused."""
    check_word_size(len(content))
    _check_kind(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _Package(archive).open(everything)
    except WordRefused:
        raise
    except zipfile.BadZipFile as error:
        raise _damaged() from error
    except (*DAMAGED, MemoryError, RecursionError, KeyError, UnicodeError) as error:
        raise _damaged() from error


def _damaged() -> WordRefused:
    return WordRefused("damaged")


def check_word_size(size: int) -> None:
    """Refuse a file of so many bytes: an empty one, or one over `settings.MAX_UPLOAD_BYTES`."""
    if size == 0:
        raise WordRefused("empty")
    if size > settings.MAX_UPLOAD_BYTES:
        raise WordRefused("too large", size=-(-size // 1024**2), limit=settings.MAX_UPLOAD_BYTES // 1024**2)


def _check_kind(content: bytes) -> None:
    """Refuse what is no .docx at all, each kind in its own words."""
    if content.startswith(OLE_START):
        if ENCRYPTED in content:
            raise WordRefused("protected")
        raise WordRefused("old word")
    if content.startswith(b"%PDF-"):
        raise WordRefused("pdf")
    if content.lstrip()[:5].lower() == b"{\\rtf":
        raise WordRefused("rtf")
    if not content.startswith(b"PK"):
        raise WordRefused("no word")


class _Package(Package):
    main_kind = WORD_MAIN
    template_kind = TEMPLATE_MAIN

    def refused(self, reason: str) -> WordRefused:
        return WordRefused("no word" if reason == "other kind" else reason)

    def open(self, everything: bool) -> Opened:
        self.check_parts()
        main = self.main_part(self.types())
        self.check_links()
        relations = self._relations_of(main)
        document = self.parse(main)
        body = document.find(f"{{{W}}}body")
        if body is None:
            raise _strict() if document.tag == f"{{{STRICT_W}}}document" else _damaged()
        return Opened(
            body=body,
            styles=self._parse_related(relations, "styles"),
            numbering=self._parse_related(relations, "numbering"),
            properties=self._custom_properties(),
            foot=self._foot(relations),
            links=self._links(main),
            others=self._others(relations) if everything else {},
        )

    def refuse_open_document(self) -> None:
        with self.archive.open("mimetype") as part:
            kind = part.read(200)
        raise WordRefused("open document" if kind.startswith(OPEN_TEXT) else "no word")

    # Reading parts

    def _relations_of(self, part: str) -> dict[str, list[str]]:
        """The parts that a part points to, by the last word of the relation's kind."""
        folder, _slash, file = part.rpartition("/")
        found: dict[str, list[str]] = {}
        for link in self.relations(f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"):
            if link.get("TargetMode", "").lower() == "external":
                continue
            target = link.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}" if folder else target
            found.setdefault(link.get("Type", "").rsplit("/", 1)[-1], []).append(path)
        return found

    def _parse_related(self, relations: Mapping[str, list[str]], kind: str) -> Any | None:
        path = next((path for path in relations.get(kind, ()) if path in self.parts), None)
        return self.parse(path) if path else None

    def _links(self, part: str) -> dict[str, str]:
        folder, _slash, file = part.rpartition("/")
        rows = self.relations(f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels")
        return {
            row.get("Id", ""): row.get("Target", "")
            for row in rows
            if row.get("TargetMode", "").lower() == "external" and row.get("Type", "").endswith("/hyperlink")
        }

    def _others(self, relations: Mapping[str, list[str]]) -> dict[str, list[Any]]:
        kinds = ("header", "footer", "footnotes", "endnotes", "comments")
        return {
            kind: [self.parse(path) for path in relations.get(kind, ())[:MOST_BESIDE] if path in self.parts]
            for kind in kinds
        }

    def _foot(self, relations: Mapping[str, list[str]]) -> str:
        """The text of the feet of pages."""
        feet = [self.parse(path) for path in relations.get("footer", ())[:20] if path in self.parts]
        return " ".join("".join(text.text or "" for text in foot.iter(f"{{{W}}}t")) for foot in feet)

    def _custom_properties(self) -> dict[str, str]:
        path = next(
            (
                link.get("Target", "").lstrip("/")
                for link in self.relations("_rels/.rels")
                if link.get("Type", "").endswith("/custom-properties")
            ),
            "",
        )
        if path not in self.parts:
            return {}
        rows = self.parse(path).iter(f"{{{CUSTOM_PROPERTIES}}}property")
        texts = {row.get("name", ""): row.find(f"{{{VARIANTS}}}lpwstr") for row in rows}
        return {name: text.text or "" for name, text in texts.items() if text is not None}


def _strict() -> WordRefused:
    return WordRefused("strict")
