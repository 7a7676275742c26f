"""Files as a delegate sends them in the tests of the pages."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document
from docx.oxml.ns import qn

from icoca_portal.lib.exports import DOCX
from questionnaires.models import Question, WordUpload
from tests.questionnaires.answering import address

UPLOAD = address("upload_form")


def table_of(document: Any, question: Question) -> Any:
    """The table of a question in a form opened with python-docx."""
    key = f"[Q{question.pk}]"
    return next(table for table in document.tables if table.cell(0, 0).text.strip() == key)


def typed(data: bytes, *answers: tuple[Question, str]) -> bytes:
    """The form with texts typed into the boxes of questions, as somebody does in Word."""
    document = Document(io.BytesIO(data))
    for question, text in answers:
        cell = table_of(document, question).rows[0].cells[-1]
        for paragraph in cell.paragraphs[1:]:
            paragraph._element.getparent().remove(paragraph._element)
        first = cell.paragraphs[0]
        for run in list(first.runs):
            run._element.getparent().remove(run._element)
        lines = text.split("\n")
        first.add_run(lines[0])
        for line in lines[1:]:
            cell.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def ticked(data: bytes, question: Question, *places: int) -> bytes:
    """The form with exactly these boxes of a question ticked."""
    document = Document(io.BytesIO(data))
    boxes = list(
        table_of(document, question)._element.iter("{http://schemas.microsoft.com/office/word/2010/wordml}checked")
    )
    for place, box in enumerate(boxes):
        box.set("{http://schemas.microsoft.com/office/word/2010/wordml}val", str(int(place in places)))
        control = next(parent for parent in box.iterancestors() if parent.tag == qn("w:sdt"))
        next(control.iter(qn("w:t"))).text = "☒" if place in places else "☐"
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def sent(data: bytes, name: str = "form.docx") -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile(name, data, DOCX)}


def send(browser: Client, data: bytes, name: str = "form.docx") -> WordUpload:
    """Upload a form that is taken, and the row that it became."""
    reply = browser.post(UPLOAD, sent(data, name))
    assert reply.status_code == 302, reply.text
    return WordUpload.objects.get(pk=int(reply["Location"].rstrip("/").rsplit("/", 1)[-1]))


def form_of(browser: Client) -> bytes:
    """The form with the draft, as a delegate downloads it."""
    return bytes(browser.get(address("export_form")).content)


Sender = Callable[..., WordUpload]
