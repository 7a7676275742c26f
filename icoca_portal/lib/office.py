"""A package of Office (.docx, .xlsx) that somebody sent: what it may be made of, and why it is refused.

Nothing of it is trusted. Its parts are read with a limit, by a parser that follows no entity and no address; anything
that could run, fetch or unpack without end refuses the whole file. The reasons are words (`unsafe`, `macros` …) of
which whoever opens the file has sentences for the sender.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from lxml import etree

from icoca_portal.lib.refusals import Refusal

MOST_PARTS = 2000
#: In bytes, unpacked: of one part that is read, and of all parts together.
LARGEST_PART = 24 * 1024 * 1024
LARGEST_WHOLE = 200 * 1024 * 1024
#: No document packs better than this over a megabyte; what does is made to burst.
DENSEST, DENSE_FROM = 400, 1024 * 1024
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
OFFICE = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
#: What a file may point to outside of itself without anything being fetched when it is opened.
HARMLESS_LINKS = ("hyperlink",)
RUNS = ("vbaproject", "macroenabled", "macrosheet", "activex")


class Package:
    """The parts of an open file. `main_kind` is the content type of the part that holds the document, `template_kind`
    that of a template; `largest_part` is what one part may unpack to, in bytes.
    """

    main_kind = ""
    template_kind = ""
    largest_part = LARGEST_PART

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.parts = {part.filename: part for part in archive.infolist() if not part.is_dir()}

    def refused(self, reason: str) -> Refusal:
        """The refusal of a reason, with a sentence for the sender."""
        raise NotImplementedError

    def check_parts(self) -> None:
        """Refuse what no document is made of: before anything is unpacked."""
        infos = self.archive.infolist()
        names = [info.filename for info in infos]
        if "mimetype" in names and "[Content_Types].xml" not in names:
            self.refuse_open_document()
        if len(infos) > MOST_PARTS:
            raise self.refused("too much")
        if any(info.flag_bits & 1 for info in infos):
            raise self.refused("protected")
        # Office tells parts apart without regard to capitals.
        if len({name.lower() for name in names}) < len(names):
            raise self.refused("unsafe")
        for name in names:
            if ".." in PurePosixPath(name).parts or name.startswith("/") or "\\" in name or ":" in name:
                raise self.refused("unsafe")
        if sum(info.file_size for info in infos) > LARGEST_WHOLE:
            raise self.refused("too much")
        for info in infos:
            dense = info.file_size > DENSE_FROM and info.file_size > DENSEST * max(info.compress_size, 1)
            if dense or (info.filename.lower().endswith((".xml", ".rels")) and info.file_size > self.largest_part):
                raise self.refused("too much")
        if any(word in name.lower() for name in names for word in RUNS):
            raise self.refused("macros")
        if any("/embeddings/" in f"/{name.lower()}" for name in names):
            raise self.refused("file inside")

    def refuse_open_document(self) -> None:
        """Raise the refusal of a file of another office."""
        raise self.refused("other kind")

    def types(self) -> dict[str, str]:
        """The content types that the file declares, by part; those by extension stand under ``.xml`` and the like."""
        if "[Content_Types].xml" not in self.parts:
            raise self.refused("other kind")
        tree = self.parse("[Content_Types].xml")
        found = {}
        for element in tree.iter(f"{{{TYPES}}}Override", f"{{{TYPES}}}Default"):
            kind = element.get("ContentType", "")
            if any(word in kind.lower() for word in RUNS):
                raise self.refused("macros")
            if "oleobject" in kind.lower():
                raise self.refused("object inside")
            name = element.get("PartName", "").lstrip("/") or "." + element.get("Extension", "").lower()
            found[name] = kind
        return found

    def main_part(self, types: Mapping[str, str]) -> str:
        """The part that holds the document, as the file's relations say; the content type must agree."""
        targets = [
            link.get("Target", "").lstrip("/")
            for link in self.relations("_rels/.rels")
            if link.get("Type") in tuple(f"{office}/officeDocument" for office in OFFICE)
        ]
        if len(targets) != 1 or targets[0] not in self.parts:
            raise self.refused("other kind")
        main = targets[0]
        kind = types.get(main) or types.get("." + main.rsplit(".", 1)[-1].lower(), "")
        if kind and kind == self.template_kind:
            raise self.refused("template")
        if kind != self.main_kind:
            raise self.refused("other kind")
        return main

    def check_links(self) -> None:
        """Refuse a file that would fetch something when it is opened, or run something when it is clicked."""
        for name in self.parts:
            if not name.lower().endswith(".rels"):
                continue
            for link in self.relations(name):
                kind = link.get("Type", "").rsplit("/", 1)[-1]
                if kind.lower() in ("oleobject", "package", "control", "vbaproject", "activexcontrolbinary"):
                    raise self.refused("object inside")
                if link.get("TargetMode", "").lower() == "external" and kind not in HARMLESS_LINKS:
                    raise self.refused("outside")

    def read(self, name: str) -> bytes:
        """The bytes of a part; a part may unpack to more than it says, so they are counted."""
        with self.archive.open(self.parts[name]) as part:
            content = part.read(self.largest_part + 1)
        if len(content) > self.largest_part:
            raise self.refused("too much")
        return content

    def read_xml(self, name: str) -> bytes:
        """The bytes of a part that is XML in UTF-8, without a word to the parser that reads it."""
        content = self.read(name)
        # Another encoding would hide the words that are looked for here; Office writes UTF-8.
        declared = re.match(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)", content[:200])
        if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content[:200]:
            raise self.refused("unsafe")
        if declared and declared[1].lower() not in (b"utf-8", b"us-ascii"):
            raise self.refused("unsafe")
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise self.refused("unsafe")
        return content

    def parse(self, name: str) -> Any:
        """The tree of a part."""
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
            remove_pis=True,
        )  # fmt: skip
        tree = etree.fromstring(self.read_xml(name), parser)
        if tree.getroottree().docinfo.internalDTD is not None:
            raise self.refused("unsafe")
        return tree

    def relations(self, name: str) -> list[Any]:
        """The relations that a part of relations holds; none if the file lacks it."""
        return list(self.parse(name).iter(f"{{{RELATIONS}}}Relationship")) if name in self.parts else []
