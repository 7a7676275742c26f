"""The words of a file, whatever it is, and that none stops the worker."""

from __future__ import annotations

import io
import zipfile

import pytest
import typst
from docx import Document

from icoca_portal.lib import words_of_files
from icoca_portal.lib.words_of_files import EXCEL, OPEN_DOCUMENTS, WORD, Unreadable, read_words, words_of

OPEN_TEXT = (
    '<o:d xmlns:o="urn:o" xmlns:t="urn:t"><t:tracked-changes><t:p>struck</t:p></t:tracked-changes>'
    "<t:h>A heading</t:h><t:p>One <t:span>two</t:span><o:annotation><t:p>remark</t:p></o:annotation> three</t:p></o:d>"
)


def packed(**parts: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


def word_file() -> bytes:
    document, file = Document(), io.BytesIO()
    document.add_heading("A heading")
    document.add_paragraph("Réunion\tof the group")
    document.add_table(1, 2).cell(0, 1).text = "in a cell"
    document.save(file)
    return file.getvalue()


def test_a_pdf_is_read_in_a_process_of_its_own():
    content = typst.compile("= A heading\nThe words, sécurité.".encode())

    assert words_of(io.BytesIO(content), "application/pdf") == "A heading\nThe words, sécurité."


def test_word_is_read_with_its_tables():
    assert words_of(io.BytesIO(word_file()), WORD) == "A heading\nRéunion of the group\nin a cell"


def test_open_document_is_read_without_remarks_and_what_was_struck_out():
    assert read_words(packed(**{"content.xml": OPEN_TEXT}), OPEN_DOCUMENTS[0]) == "A heading\nOne two three"


def test_a_spreadsheet_is_read_by_its_texts():
    shared = '<sst xmlns="urn:x"><si><t>One cell</t></si><si><r><t>An</t></r><r><t>other</t></r></si></sst>'

    assert read_words(packed(**{"xl/sharedStrings.xml": shared}), EXCEL) == "One cell\nAnother"


@pytest.mark.parametrize("media_type", ["text/plain", "text/csv"])
def test_text_is_taken_as_it_is_without_signs_that_no_database_takes(media_type):
    content = "\ufeffOne\x00\r\n\r\n  two,  \x02three certi\u00ad\nfication".encode()

    assert read_words(content, media_type) == "One\ntwo, three certification"


def test_a_picture_has_no_words_and_is_not_opened():
    assert words_of(io.BytesIO(b"\x89PNG"), "image/png") == ""


@pytest.mark.parametrize("media_type", ["application/pdf", WORD, OPEN_DOCUMENTS[1]])
@pytest.mark.parametrize("content", [b"", b"%PDF-1.4 nonsense", b"PK\x03\x04 nonsense"])
def test_a_damaged_file_is_unreadable_and_nothing_else(media_type, content):
    with pytest.raises(Unreadable):
        words_of(io.BytesIO(content), media_type)


def test_entities_are_not_unfolded():
    bomb = '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><d xmlns:t="urn:t"><t:p>x&b;y</t:p></d>'

    assert "aaaa" not in read_words(packed(**{"content.xml": bomb}), OPEN_DOCUMENTS[0])


def test_a_file_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(words_of_files, "SECONDS", 0.01)

    with pytest.raises(Unreadable, match="took longer"):
        words_of(io.BytesIO(b"text"), "text/plain")


def test_a_long_text_is_cut(monkeypatch):
    monkeypatch.setattr(words_of_files, "LETTERS", 10)

    assert read_words(b"0123456789 and more", "text/plain") == "0123456789"
