"""Files that are not opened, each with a sentence that says what to do."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from icoca_portal.lib.office import LARGEST_PART, MOST_PARTS, OLE_START
from questionnaires.exceptions import FormNotRead
from questionnaires.word import open_form
from tests.questionnaires.word.forms import form, replaced, rewritten

TYPES = "[Content_Types].xml"
RELATIONS = "word/_rels/document.xml.rels"
LINK = '<Relationship Id="rId900" Type="{kind}" Target="{target}" {mode}/></Relationships>'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def told(data: bytes) -> str:
    with pytest.raises(FormNotRead) as refusal:
        open_form(data)
    return str(refusal.value)


def linked(kind: str, target: str, mode: str = "") -> bytes:
    link = LINK.format(kind=f"{OFFICE}/{kind}", target=target, mode=mode)
    return replaced(form(), "</Relationships>", link, RELATIONS)


def put(name: str, content: bytes) -> bytes:
    return rewritten(form(), lambda _name, body: body, **{name: content})


def with_part(name: str, change: Callable[[bytes], bytes]) -> bytes:
    return rewritten(form(), lambda found, body: change(body) if found == name else body)


def without(name: str) -> bytes:
    return rewritten(form(), lambda found, body: None if found == name else body)


def doubled() -> bytes:
    stream = io.BytesIO(form())
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("WORD/document.xml", "<x/>")
    return stream.getvalue()


def encrypted_entries() -> bytes:
    data = bytearray(form())
    place = data.rindex(b"PK\x01\x02")
    data[place + 8] |= 1
    return bytes(data)


def odt(kind: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", "<x/>")
    return stream.getvalue()


def lying_bomb() -> bytes:
    """A part that says it is small, and is not."""
    bomb = with_part("word/document.xml", lambda body: body + b" " * (LARGEST_PART + 10))
    with zipfile.ZipFile(io.BytesIO(bomb)) as archive:
        size = archive.getinfo("word/document.xml").file_size
    small = (1000).to_bytes(4, "little")
    return bomb.replace(size.to_bytes(4, "little"), small)


DTD = b'<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
HEAD = b"standalone='yes'?>"


def declared(body: bytes, addition: bytes) -> bytes:
    head, _sep, rest = body.partition(b"?>")
    return head + b"?>" + addition + rest


FILES = {
    "empty": (lambda: b"", "The file is empty"),
    "a pdf": (lambda: b"%PDF-1.7 sample", "This is a PDF"),
    "an old Word file": (lambda: OLE_START + b"\0" * 512, "old Word (.doc)"),
    "with a password": (
        lambda: OLE_START + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le") + b"\0\0",
        "protected by a password",
    ),
    "entries with a password": (encrypted_entries, "protected by a password"),
    "rich text": (lambda: rb"{\rtf1 sample}", "(.rtf)"),
    "a page": (lambda: b"<html><body>sample", "This is no Word document"),
    "an OpenDocument text": (lambda: odt("text"), "save it as .docx"),
    "an OpenDocument sheet": (lambda: odt("spreadsheet"), "This is no Word document"),
    "cut short": (lambda: form()[:-100], "damaged or incomplete"),
    "half of it": (lambda: form()[: len(form()) // 2], "damaged or incomplete"),
    "a broken part": (lambda: with_part("word/document.xml", lambda body: body[:-40]), "damaged or incomplete"),
    "no body": (lambda: with_part("word/document.xml", lambda body: b"<x/>"), "damaged or incomplete"),
    "no document": (lambda: without("word/document.xml"), "This is no Word document"),
    "no types": (lambda: without(TYPES), "This is no Word document"),
    "no relations": (lambda: without("_rels/.rels"), "This is no Word document"),
    "a sheet": (
        lambda: replaced(form(), "wordprocessingml.document.main", "spreadsheetml.sheet.main", TYPES),
        "This is no Word document",
    ),
    "a template": (
        lambda: replaced(form(), "wordprocessingml.document.main", "wordprocessingml.template.main", TYPES),
        "a Word template (.dotx)",
    ),
    "a macro type": (
        lambda: replaced(
            form(),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            "application/vnd.ms-word.document.macroEnabled.main+xml",
            TYPES,
        ),
        "carries macros",
    ),
    "a macro": (lambda: put("word/vbaProject.bin", b"sample"), "carries macros"),
    "a control that runs": (lambda: put("word/activeX/activeX1.xml", b"<x/>"), "carries macros"),
    "an embedded file": (lambda: put("word/embeddings/oleObject1.bin", b"sample"), "another file inside"),
    "a linked object": (lambda: linked("oleObject", "x.bin"), "embedded object"),
    "a picture from elsewhere": (
        lambda: linked("image", "https://portal.example/x.png", 'TargetMode="External"'),
        "from another address",
    ),
    "a template from elsewhere": (
        lambda: linked("attachedTemplate", "//portal.example/x.dotm", 'TargetMode="External"'),
        "from another address",
    ),
    "a document type": (
        lambda: with_part("word/document.xml", lambda body: declared(body, DTD)),
        "in a way that Word does not write",
    ),
    "an entity in the types": (
        lambda: with_part(TYPES, lambda body: declared(body, DTD)),
        "in a way that Word does not write",
    ),
    "UTF-16": (
        lambda: with_part(
            "word/document.xml",
            lambda body: body.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        ),
        "in a way that Word does not write",
    ),
    "UTF-16 without a mark": (
        lambda: with_part("word/document.xml", lambda body: declared(body, DTD).decode().encode("utf-16-be")),
        "in a way that Word does not write",
    ),
    "another encoding": (
        lambda: with_part("word/styles.xml", lambda body: b'<?xml version="1.0" encoding="UTF-7"?><x/>'),
        "in a way that Word does not write",
    ),
    "a part twice": (doubled, "in a way that Word does not write"),
    "a way out of the file": (lambda: put("../evil.xml", b"<x/>"), "in a way that Word does not write"),
    "a part from the root": (lambda: put("/etc/evil.xml", b"<x/>"), "in a way that Word does not write"),
    "too many parts": (
        lambda: rewritten(form(), lambda _n, body: body, **{f"word/x{n}.bin": b"" for n in range(MOST_PARTS)}),
        "unpacks to more than is taken",
    ),
    "a bomb": (lambda: put("word/media/bomb.bin", b"\0" * (60 * 1024 * 1024)), "unpacks to more than is taken"),
    "a part that is too large": (
        lambda: with_part("word/document.xml", lambda body: body + b" " * LARGEST_PART),
        "unpacks to more than is taken",
    ),
    "a part that says it is small": (lying_bomb, "damaged or incomplete"),
}


@pytest.mark.parametrize("name", list(FILES))
def test_it_is_refused_and_the_sentence_says_why(name) -> None:
    make, sentence = FILES[name]
    assert sentence in told(make())


def test_over_the_limit(settings) -> None:
    settings.MAX_UPLOAD_BYTES = 1024 * 1024
    assert "The file has 2 MB; the limit is 1 MB" in told(b"PK" + b"\0" * (1024 * 1024))


def test_nothing_of_the_machine_is_read_by_an_entity() -> None:
    body = replaced(form({"long_text": "marker"}), "marker", "&x;")
    assert "root:" not in told(body)


def test_links_that_only_a_reader_follows_are_harmless() -> None:
    assert open_form(linked("hyperlink", "https://portal.example/", 'TargetMode="External"')).body is not None


@pytest.mark.parametrize("cut", range(0, 4000, 397))
def test_no_damage_is_more_than_a_refusal(cut) -> None:
    """Whatever bytes are wrong, there is a sentence for the sender, or the file can be read all the same."""
    data = bytearray(form())
    for place in range(cut, len(data), 4001):
        data[place] ^= 0xFF
    try:
        opened = open_form(bytes(data))
    except FormNotRead:
        return
    assert opened.body is not None
