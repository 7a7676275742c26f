"""Opening a Word file that somebody sent: what it may hold, and why it is refused.

Nothing of it is trusted. The parts that are read are read with a limit, by a parser that follows no entity and no
address; anything that could run, fetch or unpack without end refuses the whole file, with a sentence that says what to
do. python-docx is not used: it would parse every part that the file names. An app that can say more of what to do than
`SENTENCES` does has sentences of its own, by the refusal's `reason`.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from lxml import etree

from icoca_portal.lib.refusals import Refusal
from icoca_portal.lib.uploads import DAMAGED
from icoca_portal.lib.word.controls import CUSTOM_PROPERTIES, VARIANTS, W

MOST_PARTS = 2000
#: In bytes, unpacked: of one part that is read, and of all parts together.
LARGEST_PART = 24 * 1024 * 1024
LARGEST_WHOLE = 200 * 1024 * 1024
#: No document packs better than this over a megabyte; what does is made to burst.
DENSEST, DENSE_FROM = 400, 1024 * 1024
#: Heads and feet of pages that are read.
MOST_BESIDE = 60
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
OFFICE = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TEMPLATE_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
STRICT_W = "http://purl.oclc.org/ooxml/wordprocessingml/main"
#: What a file may point to outside of itself without anything being fetched when it is opened.
HARMLESS_LINKS = ("hyperlink",)
RUNS = ("vbaproject", "macroenabled", "macrosheet", "activex")


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
        if b"E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e" in content:
            raise _protected()
        raise WordRefused("old word")
    if content.startswith(b"%PDF-"):
        raise WordRefused("pdf")
    if content.lstrip()[:5].lower() == b"{\\rtf":
        raise WordRefused("rtf")
    if not content.startswith(b"PK"):
        raise WordRefused("no word")


def _protected() -> WordRefused:
    return WordRefused("protected")


def _unsafe() -> WordRefused:
    return WordRefused("unsafe")


def _too_much() -> WordRefused:
    return WordRefused("too much")


class _Package:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.parts = {part.filename: part for part in archive.infolist() if not part.is_dir()}

    def open(self, everything: bool) -> Opened:
        self._check_parts()
        types = self._types()
        main = self._main_part(types)
        self._check_links()
        relations = self._relations_of(main)
        document = self._parse(main)
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

    # What a file may be made of

    def _check_parts(self) -> None:
        infos = self.archive.infolist()
        names = [info.filename for info in infos]
        if "mimetype" in names and "[Content_Types].xml" not in names:
            self._refuse_open_document()
        if len(infos) > MOST_PARTS:
            raise _too_much()
        if any(info.flag_bits & 1 for info in infos):
            raise _protected()
        # Office tells parts apart without regard to capitals.
        if len({name.lower() for name in names}) < len(names):
            raise _unsafe()
        for name in names:
            if ".." in PurePosixPath(name).parts or name.startswith("/") or "\\" in name or ":" in name:
                raise _unsafe()
        if sum(info.file_size for info in infos) > LARGEST_WHOLE:
            raise _too_much()
        for info in infos:
            dense = info.file_size > DENSE_FROM and info.file_size > DENSEST * max(info.compress_size, 1)
            if dense or (info.filename.lower().endswith((".xml", ".rels")) and info.file_size > LARGEST_PART):
                raise _too_much()
        if any(word in name.lower() for name in names for word in RUNS):
            raise _macros()
        if any("/embeddings/" in f"/{name.lower()}" for name in names):
            raise WordRefused("file inside")

    def _refuse_open_document(self) -> None:
        with self.archive.open("mimetype") as part:
            kind = part.read(200)
        if kind.startswith(b"application/vnd.oasis.opendocument.text"):
            raise WordRefused("open document")
        raise _other_office()

    def _types(self) -> dict[str, str]:
        """The content types that the file declares, by part; those by extension stand under ``.xml`` and the like."""
        if "[Content_Types].xml" not in self.parts:
            raise WordRefused("no word")
        tree = self._parse("[Content_Types].xml")
        found = {}
        for element in tree.iter(f"{{{TYPES}}}Override", f"{{{TYPES}}}Default"):
            kind = element.get("ContentType", "")
            if any(word in kind.lower() for word in RUNS):
                raise _macros()
            if "oleobject" in kind.lower():
                raise WordRefused("object inside")
            name = element.get("PartName", "").lstrip("/") or "." + element.get("Extension", "").lower()
            found[name] = kind
        return found

    def _main_part(self, types: Mapping[str, str]) -> str:
        """The part that holds the document, as the file's relations say; the content type must agree."""
        targets = [
            link.get("Target", "").lstrip("/")
            for link in self._relations("_rels/.rels")
            if link.get("Type") in tuple(f"{office}/officeDocument" for office in OFFICE)
        ]
        if len(targets) != 1 or targets[0] not in self.parts:
            raise _other_office()
        main = targets[0]
        kind = types.get(main) or types.get("." + main.rsplit(".", 1)[-1].lower(), "")
        if kind == TEMPLATE_MAIN:
            raise WordRefused("template")
        if kind != WORD_MAIN:
            raise _other_office()
        return main

    def _check_links(self) -> None:
        """Refuse a file that would fetch something when it is opened, or run something when it is clicked."""
        for name in self.parts:
            if not name.lower().endswith(".rels"):
                continue
            for link in self._relations(name):
                kind = link.get("Type", "").rsplit("/", 1)[-1]
                if kind.lower() in ("oleobject", "package", "control", "vbaproject", "activexcontrolbinary"):
                    raise WordRefused("object inside")
                if link.get("TargetMode", "").lower() == "external" and kind not in HARMLESS_LINKS:
                    raise WordRefused("outside")

    # Reading parts

    def _read(self, name: str) -> bytes:
        """The bytes of a part; a part may unpack to more than it says, so they are counted."""
        with self.archive.open(self.parts[name]) as part:
            content = part.read(LARGEST_PART + 1)
        if len(content) > LARGEST_PART:
            raise _too_much()
        return content

    def _parse(self, name: str) -> Any:
        content = self._read(name)
        # Another encoding would hide the words that are looked for here; Office writes UTF-8.
        declared = re.match(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)", content[:200])
        if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content[:200]:
            raise _unsafe()
        if declared and declared[1].lower() not in (b"utf-8", b"us-ascii"):
            raise _unsafe()
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise _unsafe()
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
            remove_pis=True,
        )  # fmt: skip
        tree = etree.fromstring(content, parser)
        if tree.getroottree().docinfo.internalDTD is not None:
            raise _unsafe()
        return tree

    def _relations(self, name: str) -> list[Any]:
        return list(self._parse(name).iter(f"{{{RELATIONS}}}Relationship")) if name in self.parts else []

    def _relations_of(self, part: str) -> dict[str, list[str]]:
        """The parts that a part points to, by the last word of the relation's kind."""
        folder, _slash, file = part.rpartition("/")
        found: dict[str, list[str]] = {}
        for link in self._relations(f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"):
            if link.get("TargetMode", "").lower() == "external":
                continue
            target = link.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}" if folder else target
            found.setdefault(link.get("Type", "").rsplit("/", 1)[-1], []).append(path)
        return found

    def _parse_related(self, relations: Mapping[str, list[str]], kind: str) -> Any | None:
        path = next((path for path in relations.get(kind, ()) if path in self.parts), None)
        return self._parse(path) if path else None

    def _links(self, part: str) -> dict[str, str]:
        folder, _slash, file = part.rpartition("/")
        rows = self._relations(f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels")
        return {
            row.get("Id", ""): row.get("Target", "")
            for row in rows
            if row.get("TargetMode", "").lower() == "external" and row.get("Type", "").endswith("/hyperlink")
        }

    def _others(self, relations: Mapping[str, list[str]]) -> dict[str, list[Any]]:
        kinds = ("header", "footer", "footnotes", "endnotes", "comments")
        return {
            kind: [self._parse(path) for path in relations.get(kind, ())[:MOST_BESIDE] if path in self.parts]
            for kind in kinds
        }

    def _foot(self, relations: Mapping[str, list[str]]) -> str:
        """The text of the feet of pages."""
        feet = [self._parse(path) for path in relations.get("footer", ())[:20] if path in self.parts]
        return " ".join("".join(text.text or "" for text in foot.iter(f"{{{W}}}t")) for foot in feet)

    def _custom_properties(self) -> dict[str, str]:
        path = next(
            (
                link.get("Target", "").lstrip("/")
                for link in self._relations("_rels/.rels")
                if link.get("Type", "").endswith("/custom-properties")
            ),
            "",
        )
        if path not in self.parts:
            return {}
        rows = self._parse(path).iter(f"{{{CUSTOM_PROPERTIES}}}property")
        texts = {row.get("name", ""): row.find(f"{{{VARIANTS}}}lpwstr") for row in rows}
        return {name: text.text or "" for name, text in texts.items() if text is not None}


def _macros() -> WordRefused:
    return WordRefused("macros")


def _other_office() -> WordRefused:
    return WordRefused("no word")


def _strict() -> WordRefused:
    return WordRefused("strict")
