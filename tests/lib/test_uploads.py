"""Files that people send: known by their content, refused with a sentence, never a crash."""

from __future__ import annotations

import hashlib
import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterable

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from icoca_portal.lib.uploads import WORD, UploadRefused, check_upload
from icoca_portal.lib.word import write_docx

from .papers_of_the_tests import rich

PDF = b"%PDF-1.7\nSample paper\n%%EOF\n"
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x03\x00\x08\xfc\x02\xfe\xa7\x9a\xa0\xa0\x00\x00\x00\x00IEND\xaeB`\x82"
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\x00" * 64 + b"\xff\xd9"
DOCX = write_docx(rich("<p>Sample text</p>"))
LISTING = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    f'<Override PartName="/word/document.xml" ContentType="{WORD}.main+xml"/>%s</Types>'
)
MACROS = (
    '<Override PartName="/word/plain.bin" ContentType="application/vnd.ms-office.vbaProject"/>',
    '<Default Extension="docm" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>',
)


def refused(content: bytes, name: str = "sample.docx") -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(UploadRefused) as refusal:
        check_upload(SimpleUploadedFile(name, content))
    return str(refusal.value)


def zipped(parts: Iterable[tuple[str, bytes | str]], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(target, "w", compression) as archive:
        warnings.simplefilter("ignore")  # zipfile warns of the duplicates that a test asks for
        for name, content in parts:
            archive.writestr(name, content)
    return target.getvalue()


def word(extra: str = "", *parts: tuple[str, bytes | str]) -> bytes:
    return zipped([("[Content_Types].xml", LISTING % extra), ("word/document.xml", "<document/>"), *parts])


def workbook() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.add_worksheet().write_string(0, 0, "Sample")
    return target.getvalue()


def open_document(kind: str) -> bytes:
    return zipped([("mimetype", f"application/vnd.oasis.opendocument.{kind}"), ("content.xml", "<office/>")])


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("paper.pdf", PDF, "paper.pdf"),
        ("paper.docx", DOCX, "paper.docx"),
        ("small.docx", word(), "small.docx"),
        ("table.xlsx", workbook(), "table.xlsx"),
        ("text.odt", open_document("text"), "text.odt"),
        ("table.ods", open_document("spreadsheet"), "table.ods"),
        ("seal.png", PNG, "seal.png"),
        ("photo.JPEG", JPEG, "photo.jpeg"),
        ("photo.jpg", JPEG, "photo.jpg"),
        ("notes.txt", "Notes, 中文, العربية 😀\r\n".encode(), "notes.txt"),
        ("notes.txt", b"\xef\xbb\xbfNotes", "notes.txt"),
        ("figures.csv", b"name;figure\r\nSample;1\r\n", "figures.csv"),
        ("figures.CSV", b"name,figure\n", "figures.csv"),
    ],
)
def test_the_types_that_are_taken(name: str, content: bytes, expected: str) -> None:
    upload = SimpleUploadedFile(name, content, "application/x-msdownload")

    checked = check_upload(upload)

    assert checked.name == expected
    assert checked.size == len(content)
    assert checked.media_type != "application/x-msdownload"
    assert upload.read() == content


def test_the_seal_is_that_of_the_whole_file() -> None:
    content = PDF.ljust(3_000_000, b" ")
    assert check_upload(SimpleUploadedFile("paper.pdf", content)).sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("name", ["holiday.pdf", "holiday.docx", "holiday.png", "holiday.txt", "holiday.csv"])
@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + b"\x00" * 200,
        b"\x7fELF\x02\x01\x01" + b"\x00" * 200,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
        b"Rar!\x1a\x07\x01\x00" + b"\x00" * 50,
        b"GIF89a\x01\x00\x01\x00\x80\x00\x00",
        b"#!/bin/sh\necho sample\n",
        b"{\\rtf1\\ansi Sample}",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"  \n\t<!DOCTYPE html><script>alert(1)</script>",
        b"\xef\xbb\xbf<html>",
        b'<?xml version="1.0"?><x/>',
        b"text\x00text",
    ],
)
def test_the_name_makes_no_type(name: str, content: bytes) -> None:
    assert refused(content, name).startswith("This type of file is not taken.")


def test_nothing_and_too_much_are_refused(settings) -> None:
    assert refused(b"") == "The file is empty."
    limit = settings.MAX_UPLOAD_BYTES
    assert refused(PDF.ljust(limit + 1, b" "), "paper.pdf") == "The file has 21 MB; the limit is 20 MB."
    assert check_upload(SimpleUploadedFile("paper.pdf", PDF.ljust(limit, b" "))).size == limit


@pytest.mark.parametrize(
    "content",
    ["Zürich".encode("utf-16"), b"\xfe\xff" + "Zürich".encode("utf-16-be"), "Zürich;1\r\n".encode("cp1252")],
)
def test_a_text_in_other_letters_is_refused_with_what_to_do(content: bytes) -> None:
    assert refused(content, "figures.csv") == "The text is not in UTF-8. Save it as UTF-8, then send it."


@pytest.mark.parametrize(
    "content",
    [
        word("", ("word/vbaProject.bin", b"\x00")),
        word("", ("word/VBAPROJECT.BIN", b"\x00")),
        *(word(extra) for extra in MACROS),
        word(
            MACROS[0].upper().replace("<OVERRIDE PARTNAME", "<Override PartName").replace("CONTENTTYPE", "ContentType")
        ),
        zipped([("mimetype", "application/vnd.oasis.opendocument.text"), ("Basic/Standard/script-lb.xml", "x")]),
        zipped([("mimetype", "application/vnd.oasis.opendocument.text"), ("Scripts/python/a.py", "x")]),
    ],
)
def test_macros_are_refused(content: bytes) -> None:
    assert refused(content) == "The file carries macros. Save it without them, then send it."


@pytest.mark.parametrize(
    "content",
    [
        zipped([("sample.exe", b"MZ")]),
        zipped([("mimetype", "application/zip")]),
        zipped([("[Content_Types].xml", "<Types/>")]),
        word("", ("word/document.xml", "<second/>")),
        word("", ("word/Document.xml", "<second/>")),
        word("", ("../../etc/passwd", "x")),
        word("", ("/etc/passwd", "x")),
        zipped([("[Content_Types].xml", '<!DOCTYPE Types [<!ENTITY x "y">]>' + LISTING.split("?>", 1)[1] % "")]),
        zipped(
            [("[Content_Types].xml", ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>').encode("utf-16-le"))]
        ),
        zipped([("[Content_Types].xml", (LISTING % "").replace("UTF-8", "UTF-16").encode("utf-16"))]),
    ],
)
def test_a_zip_of_anything_else_is_refused(content: bytes) -> None:
    assert refused(content).startswith("This type of file is not taken.")


def test_too_many_parts_are_refused() -> None:
    parts = [(f"word/{number}.xml", b"") for number in range(2000)]
    assert refused(word("", *parts)) == "The file unpacks to more than is taken."


def test_a_bomb_that_says_so_is_refused() -> None:
    million = b"\0" * 1024 * 1024
    assert refused(word("", ("word/media/a.bin", million * 201))) == "The file unpacks to more than is taken."


def test_a_bomb_that_lies_about_its_size_is_never_unpacked() -> None:
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    raw = packed.compress(b"<" + b" " * 50_000_000) + packed.flush()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", raw)
    content = bytearray(target.getvalue())
    # Say that the stored bytes are deflated, and that they unpack to ten.
    for signature, method, size in ((b"PK\x03\x04", 8, 22), (b"PK\x01\x02", 10, 24)):
        at = content.index(signature)
        struct.pack_into("<H", content, at + method, 8)
        struct.pack_into("<I", content, at + size, 10)
    assert refused(bytes(content)) == "The file is damaged and cannot be read."


def test_a_listing_without_end_is_read_only_so_far() -> None:
    content = zipped([("[Content_Types].xml", (LISTING % "").replace("</Types>", " " * 3_000_000 + "</Types>"))])
    assert refused(content) == "The file is damaged and cannot be read."


def test_entities_that_multiply_are_refused() -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 20}">' for n in range(1, 9))
    bomb = f'<!DOCTYPE T [<!ENTITY l0 "{"x" * 100}">{levels}]><T>&l8;</T>'
    disguised = f'<?xml version="1.0" encoding="UTF-16"?>{bomb}'.encode("utf-16-le")
    assert refused(zipped([("[Content_Types].xml", bomb)])).startswith("This type of file is not taken.")
    assert refused(zipped([("[Content_Types].xml", disguised)])) == "The file is damaged and cannot be read."


def test_a_password_is_refused_with_what_to_do() -> None:
    content = bytearray(word())
    for at in (content.index(b"PK\x03\x04") + 6, content.index(b"PK\x01\x02") + 8):
        content[at] |= 1
    assert refused(bytes(content)) == "The file is protected by a password. Send it without."


def taken_or_refused(content: bytes) -> str:
    """The type of a file that is taken, or the sentence with which it is refused; any other end is a crash."""
    try:
        return check_upload(SimpleUploadedFile("sample", content)).media_type
    except UploadRefused as refusal:
        return str(refusal)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=200)
@given(
    places=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=6),
    cut=st.integers(0, 10**6) | st.just(0),
    compression=st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]),
)
@example(places=[(0, 80)], cut=30, compression=zipfile.ZIP_DEFLATED)
def test_a_damaged_file_is_taken_or_refused_and_never_crashes(
    places: list[tuple[int, int]], cut: int, compression: int
) -> None:
    content = bytearray(zipped([("[Content_Types].xml", LISTING % ""), ("word/ü.xml", "<d/>")], compression))
    for at, value in places:
        content[4 + at % (len(content) - 4)] = value
    content = content[: len(content) - cut % len(content)] if cut else content
    assert taken_or_refused(bytes(content))


@settings(deadline=None, max_examples=200)
@given(
    content=st.binary(min_size=1, max_size=300),
    head=st.sampled_from([b"", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"]),
)
def test_any_bytes_are_taken_or_refused(content: bytes, head: bytes) -> None:
    assert taken_or_refused(head + content)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\sample\\paper.pdf", "paper.pdf"),
        ("paper\u202efdp.exe", "paperfdp.pdf"),
        ("paper\r\nSet-Cookie: a=b.pdf", "paperSet-Cookie: a=b.pdf"),
        ("paper\x00.pdf", "paper.pdf"),
        ("paper.pdf.exe", "paper.pdf.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("...", "file.pdf"),
        ("  .pdf", "file.pdf"),
        ("Übersicht 中文 😀.pdf", "Übersicht 中文 😀.pdf"),
        ("x" * 400 + ".pdf", "x" * 110 + ".pdf"),
    ],
)
def test_the_name_is_made_harmless(name: str, expected: str) -> None:
    upload = SimpleUploadedFile("sample", PDF)
    # What a hostile client sends; Django's own cleaning may be passed by other handlers.
    upload.__dict__["_name"] = name
    assert check_upload(upload).name == expected
