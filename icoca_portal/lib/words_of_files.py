"""The words of a file that somebody sent, so that it can be searched: PDF, Word, Excel, OpenDocument and plain text.

A file is read in a process of its own with a limit of time and memory (`words_of`): whatever is wrong with it, the
worker goes on. Not read are comments and what was struck out under revision, and nothing is fetched from elsewhere.

Run as ``python -m icoca_portal.lib.words_of_files TYPE``, it reads the file from the standard input and writes its
words in UTF-8. Django is not loaded there.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from lxml import etree

#: Seconds that one file may take.
SECONDS = 40
#: Bytes of memory that reading it may take, where the system can hold a process to it.
MEMORY = 1024 * 1024 * 1024
#: The letters kept of a file: what is beyond is not found.
LETTERS = 400_000
#: A part of an Office file that unpacks to more is passed over.
LARGEST_PART = 60 * 1024 * 1024

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPEN_DOCUMENTS = (
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
)
READ = ("application/pdf", WORD, EXCEL, *OPEN_DOCUMENTS, "text/plain", "text/csv")

#: Elements of OpenDocument that hold what somebody remarked or struck out.
REMARKS = ("annotation", "tracked-changes")

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff]")
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")
_HYPHEN = re.compile(r"(\w)[\u00ad\u2010-]\n(?=[a-zà-ÿ])")


class Unreadable(Exception):
    """The file is damaged, locked by a password, or took longer or more memory than it may."""


def words_of(file: IO[bytes], media_type: str) -> str:
    """The words of a file, at most `LETTERS` letters; "" for a type that holds none, such as a picture.

    Raises Unreadable. May take `SECONDS`, so it is never called while somebody waits for a page.
    """
    if media_type not in READ:
        return ""
    # Where the project stands, whatever the worker's folder is.
    root = str(Path(__file__).resolve().parents[2])
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__, media_type],
            input=file.read(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
            cwd=root,
            env={**os.environ, "PYTHONPATH": root, "PYTHONIOENCODING": "utf-8"},
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable(f"took longer than {SECONDS} seconds") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise Unreadable(said[-1][:300] if said else f"ended with {done.returncode}")
    return done.stdout.decode("utf-8", "replace")


def read_words(content: bytes, media_type: str) -> str:
    """The words of a file's content, read in this process; raises whatever its reader raises."""
    reader = {"application/pdf": _of_pdf, WORD: _of_word, EXCEL: _of_excel, **dict.fromkeys(OPEN_DOCUMENTS, _of_open)}
    pieces = reader.get(media_type, _of_text)(content)
    kept, length = [], 0
    for piece in pieces:
        kept.append(piece)
        length += len(piece) + 1
        if length > LETTERS:
            break
    return tidy("\n".join(kept))


def tidy(text: str) -> str:
    """The text without control characters, blank lines and words broken at the end of a line."""
    text = _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _HYPHEN.sub(r"\1", text)
    return _LINES.sub("\n", _BLANKS.sub(" ", text)).strip()[:LETTERS]


def _of_text(content: bytes) -> Iterator[str]:
    yield content.decode("utf-8-sig", "replace")


def _of_pdf(content: bytes) -> Iterator[str]:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        reader.decrypt("")  # locked against changes alone, as many are; else the pages raise
    for page in reader.pages:
        yield page.extract_text()


def _of_word(content: bytes) -> Iterator[str]:
    yield from _paragraphs(content, r"word/(document|footnotes|endnotes)\.xml", ("p",), "t")


def _of_excel(content: bytes) -> Iterator[str]:
    yield from _paragraphs(content, r"xl/(sharedStrings|worksheets/[^/]+)\.xml", ("si", "is"), "t")


def _of_open(content: bytes) -> Iterator[str]:
    yield from _paragraphs(content, r"content\.xml", ("p", "h"), None)


def _paragraphs(content: bytes, parts: str, paragraphs: tuple[str, ...], text: str | None) -> Iterator[str]:
    """The texts of each paragraph in the parts of an Office file: of its elements `text`, or all that it holds."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.infolist():
            if not re.fullmatch(parts, part.filename) or part.file_size > LARGEST_PART:
                continue
            tree = etree.fromstring(archive.read(part), parser)
            for paragraph in tree.iter(*(f"{{*}}{name}" for name in paragraphs)):
                yield "".join(_texts(paragraph, text))


def _texts(paragraph: etree._Element, name: str | None) -> Iterator[str]:
    if name is None:
        yield from _all_text(paragraph)
        return
    for node in paragraph.iter("{*}t", "{*}tab", "{*}br", "{*}cr"):
        yield (node.text or "") if etree.QName(node).localname == name else " "


def _all_text(node: etree._Element) -> Iterator[str]:
    """What a paragraph holds, without the remarks that hang on it; nothing of a paragraph inside a remark."""
    if any(etree.QName(above).localname in REMARKS for above in node.iterancestors()):
        return
    yield node.text or ""
    for child in node:
        # An entity that was not unfolded is a child without a name.
        if isinstance(child.tag, str) and etree.QName(child).localname not in REMARKS:
            yield from _all_text(child)
        yield child.tail or ""


def _hold_to_limits() -> None:
    try:
        import resource
    except ImportError:  # not on every system; the time limit holds everywhere
        return
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    if sys.platform != "darwin":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def main() -> int:
    """Read the file at the standard input. Returns the exit status; says in one line what was wrong."""
    _hold_to_limits()
    try:
        words = read_words(sys.stdin.buffer.read(), sys.argv[1])
    except Exception as error:  # whatever a damaged file makes its reader raise
        sys.stderr.write(f"{type(error).__name__}: {error}".splitlines()[0])
        return 1
    sys.stdout.buffer.write(words.encode("utf-8", "replace"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
