"""Several files as one archive (.zip), sent while it is put together, with its size told beforehand."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterator

from django.db.models.fields.files import FieldFile
from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from zipstream import ZipStream

from icoca_portal.lib.richtext import printable

ZIP = "application/zip"
CHUNK = 256 * 1024
LONGEST_NAME = 120
#: What Windows forbids in names, and what separates folders on one system or the other.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
#: Names of devices, which Windows does not let a file have, with any ending.
_DEVICES = re.compile(r"(?i)^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)")


def safe_name(name: str) -> str:
    """A name that Windows, macOS and Linux all take: no separator, no sign that one of them forbids, no device, at most
    ``LONGEST_NAME`` letters with its ending."""
    plain = " ".join(_FORBIDDEN.sub("-", unicodedata.normalize("NFC", printable(name))).split()).rstrip(" .")
    stem, dot, ending = plain.rpartition(".")
    if not dot or not stem.strip(" .") or len(ending) > 8 or " " in ending:
        stem, dot, ending = plain, "", ""
    stem = stem.strip(" .")[: LONGEST_NAME - len(dot + ending)].strip(" .") or "file"
    whole = f"{stem}{dot}{ending}"
    return f"_{whole}" if _DEVICES.match(whole) else whole


class Archive:
    """An archive in the making. Nothing of a stored file is read before the archive is sent.

    `names` are the paths in it, in their order; two that differ in capitals alone would be one file on many disks.
    """

    def __init__(self) -> None:
        self.names: list[str] = []
        self._taken: set[str] = set()
        self._stream = ZipStream(compress_type=zipfile.ZIP_STORED, sized=True)

    def add(self, content: bytes, name: str, folder: str = "") -> str:
        """Put a file of these bytes in. Returns its path in the archive."""
        path = self._path(name, folder)
        self._stream.add(content, path)
        return path

    def add_stored(self, file: FieldFile, size: int, name: str, folder: str = "") -> str:
        """Put a stored file of `size` bytes in. Returns its path; an empty text when the storage does not have it."""
        if not file.name or not file.storage.exists(file.name) or file.storage.size(file.name) != size:
            return ""
        path = self._path(name, folder)
        self._stream.add(_pieces(file), path, size=size)
        return path

    def response(self, name: str) -> StreamingHttpResponse:
        """The archive as a file to save; its size is exact."""
        size = len(self._stream)
        response = StreamingHttpResponse(self._stream, content_type=ZIP)
        response["Content-Length"] = str(size)
        disposition = content_disposition_header(as_attachment=True, filename=safe_name(name))
        response["Content-Disposition"] = disposition or "attachment"
        response["X-Content-Type-Options"] = "nosniff"
        return response

    def _path(self, name: str, folder: str) -> str:
        name = safe_name(name)
        stem, dot, ending = name.rpartition(".")
        if not stem:
            stem, dot, ending = name, "", ""
        path, number = f"{folder}{name}", 1
        while path.lower() in self._taken:
            number += 1
            path = f"{folder}{stem} ({number}){dot}{ending}"
        self._taken.add(path.lower())
        self.names.append(path)
        return path


def _pieces(file: FieldFile) -> Iterator[bytes]:
    with file.storage.open(str(file.name), "rb") as content:
        while piece := content.read(CHUNK):
            yield piece
