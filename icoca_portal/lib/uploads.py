"""Files that people send: known by their content, never by their name, and never able to run."""

from __future__ import annotations

import hashlib
import lzma
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

import puremagic
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from lxml import etree

from icoca_portal.lib.refusals import Refusal


class UploadRefused(Refusal):
    """The file is too large, empty, damaged, or of a type that is not taken."""


@dataclass(frozen=True)
class CheckedUpload:
    """What is known of an accepted file. `name` has no path and the extension of its real type; `size` is in bytes."""

    name: str
    media_type: str
    size: int
    sha256: str


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPEN_TEXT = "application/vnd.oasis.opendocument.text"
OPEN_SHEET = "application/vnd.oasis.opendocument.spreadsheet"
EXTENSIONS = {
    "application/pdf": ".pdf",
    WORD: ".docx",
    EXCEL: ".xlsx",
    OPEN_TEXT: ".odt",
    OPEN_SHEET: ".ods",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "text/plain": ".txt",
    "text/csv": ".csv",
}
#: What the look calls each type.
FORMATS: dict[str, str | Promise] = {
    "application/pdf": "PDF",
    WORD: "Word",
    EXCEL: "Excel",
    OPEN_TEXT: "OpenDocument",
    OPEN_SHEET: "OpenDocument",
    "image/png": gettext_lazy("Picture"),
    "image/jpeg": gettext_lazy("Picture"),
    "text/plain": gettext_lazy("Text"),
    "text/csv": "CSV",
}
MAIN_PARTS = {
    f"{WORD}.main+xml": WORD,
    f"{EXCEL}.main+xml": EXCEL,
}
MOST_PARTS = 2000
MOST_UNPACKED = 200 * 1024 * 1024
LARGEST_LISTING = 1024 * 1024
# What Python's reader of zip files raises on damaged ones, as found by feeding it damaged ones.
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    etree.XMLSyntaxError,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f]")


def check_upload(upload: UploadedFile) -> CheckedUpload:
    """What the file really is. Reads it once and leaves it at its beginning.

    Raises UploadRefused with a sentence for the sender when it is empty, over `settings.MAX_UPLOAD_BYTES`, not one of
    the types taken, damaged, or carries macros.
    """
    size = upload.size or 0
    if size == 0:
        raise UploadRefused(_("The file is empty."))
    if size > settings.MAX_UPLOAD_BYTES:
        raise UploadRefused(
            _("The file has %(size)d MB; the limit is %(limit)d MB.")
            % {"size": -(-size // 1024**2), "limit": settings.MAX_UPLOAD_BYTES // 1024**2}
        )
    upload.seek(0)
    seal = hashlib.sha256()
    for chunk in upload.chunks():
        seal.update(chunk)
    upload.seek(0)
    media_type = _type_of(upload, upload.name or "")
    upload.seek(0)
    return CheckedUpload(_safe_name(upload.name or "", media_type), media_type, size, seal.hexdigest())


def _refuse_type() -> UploadRefused:
    return UploadRefused(
        _(
            "This type of file is not taken. "
            "Send a PDF, a Word, Excel or OpenDocument file, a PNG or JPEG picture, or text."
        )
    )


def _type_of(file: BinaryIO | UploadedFile, name: str) -> str:
    head = file.read(4096)
    if head.startswith(b"PK\x03\x04"):
        file.seek(0)
        return _type_of_zip(file)
    try:
        found = {match.mime_type for match in puremagic.magic_string(head)}
    except puremagic.PureError:
        found = set()
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    for picture, start in (("image/png", b"\x89PNG\r\n\x1a\n"), ("image/jpeg", b"\xff\xd8\xff")):
        if picture in found and head.startswith(start):
            return picture
    return _type_of_text(file, name)


def _type_of_text(file: BinaryIO | UploadedFile, name: str) -> str:
    """Plain text only: UTF-8, no control characters, nothing that a browser or a shell would read as a program."""
    file.seek(0)
    content = file.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # Spreadsheets still save CSV in the letters of their system: a text, and its sender can mend it.
        if content.startswith((b"\xff\xfe", b"\xfe\xff")) or not CONTROL.search(content.decode("latin-1")):
            raise UploadRefused(_("The text is not in UTF-8. Save it as UTF-8, then send it.")) from error
        raise _refuse_type() from error
    if CONTROL.search(text) or text.lstrip()[:200].lower().startswith(("<", "#!", "{\\rtf")):
        raise _refuse_type()
    return "text/csv" if name.lower().endswith(".csv") else "text/plain"


def _type_of_zip(file: BinaryIO | UploadedFile) -> str:
    """Word, Excel or OpenDocument without macros. A zip of anything else is refused, whatever it is called."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            names = [part.filename for part in parts]
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise UploadRefused(_("The file unpacks to more than is taken."))
            # Office tells parts apart without regard to capitals.
            if len({name.lower() for name in names}) < len(parts):
                raise _refuse_type()
            if any(".." in PurePosixPath(n).parts or n.startswith("/") for n in names):
                raise _refuse_type()
            if any(part.flag_bits & 1 for part in parts):
                raise UploadRefused(_("The file is protected by a password. Send it without."))
            if any("vbaproject" in n.lower() or n.startswith(("Basic/", "Scripts/")) for n in names):
                raise UploadRefused(_("The file carries macros. Save it without them, then send it."))
            if "[Content_Types].xml" in names:
                return _office_type(archive)
            if "mimetype" in names:
                with archive.open("mimetype") as listing:
                    media_type = listing.read(200).decode("ascii", "replace").strip()
                if media_type in (OPEN_TEXT, OPEN_SHEET):
                    return media_type
    except DAMAGED as error:
        raise UploadRefused(_("The file is damaged and cannot be read.")) from error
    raise _refuse_type()


def _office_type(archive: zipfile.ZipFile) -> str:
    with archive.open("[Content_Types].xml") as listing:
        content = listing.read(LARGEST_LISTING)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise _refuse_type()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    tree = etree.fromstring(content, parser)
    # In another encoding than UTF-8 those words look different; the parser knows them all.
    if tree.getroottree().docinfo.internalDTD is not None or content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refuse_type()
    kinds = {element.get("ContentType", "") for element in tree.iter("{*}Override", "{*}Default")}
    if any(word in kind.lower() for kind in kinds for word in ("macroenabled", "vbaproject")):
        raise UploadRefused(_("The file carries macros. Save it without them, then send it."))
    for main, media_type in MAIN_PARTS.items():
        if main in kinds:
            return media_type
    raise _refuse_type()


def _safe_name(name: str, media_type: str) -> str:
    """The name without path and control characters, at most 120 letters, with the extension of the real type."""
    plain = "".join(letter for letter in name.replace("\\", "/").rsplit("/", 1)[-1] if letter.isprintable())
    extension = EXTENSIONS[media_type]
    stem = plain.rsplit(".", 1)[0] if "." in plain.strip(".") else plain
    if media_type == "image/jpeg" and plain.lower().endswith(".jpeg"):
        extension = ".jpeg"
    return f"{stem.strip(' .')[:110] or 'file'}{extension}"


def format_of(media_type: str) -> str:
    """What the look calls a type: ``PDF``, ``Word``."""
    return str(FORMATS.get(media_type, _("File")))
