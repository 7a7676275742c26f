"""Summaries of the past as people wrote them: the same text in Word, Markdown and plain text."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

TITLES = (
    "Update from the Executive Director on the Sample Plan",
    "Discussion and feedback",
    "Any other business",
)
MARKDOWN = """# Chair’s Summary of the ninth exchange

Date: 6 June 2018

Place: Geneva

Chair: Sample Chair (Sample State)

The exchange was attended by 15 Montreux Document participants and the Executive Director.

## 1. Update from the Executive Director on the Sample Plan

The Executive Director described the plan. It has objectives:

1. government membership;
2. client engagement;
   - in writing;
   - and [on the site](https://www.sample.example/plan);
3. certification.

## 2. Discussion and feedback

One Montreux Document participant asked a **sample** question.

> Quoted sample words.

| What | How many |
|------|----------|
| Companies | 93 |

## 3. Any other business

The next meeting is *to be confirmed*.
"""
TEXT = """CHAIR'S SUMMARY
Ninth exchange of the Working Group

Date: 6 June 2018
Place: Geneva
Chair: Sample Chair (Sample State)
The exchange was attended by 15 Montreux Document participants.

1. Update from the Executive Director on the Sample Plan

The Executive Director described the plan, in a paragraph that is long enough to be
broken by the width of the page. It has objectives:

1. government membership;
2. client engagement;
   - in writing;
3. certification.

2. Discussion and feedback

One Montreux Document participant asked a sample question.

3. Any other business

The next meeting is to be confirmed.
"""


def saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def add_link(paragraph: Any, text: str, address: str) -> None:
    identity = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), identity)
    run = OxmlElement("w:r")
    words = OxmlElement("w:t")
    words.text = text
    run.append(words)
    link.append(run)
    paragraph._p.append(link)


def word(how: str) -> bytes:
    """A summary whose titles are set `how`: ``styled``, ``typed``, ``counted``, in ``bold``, in ``capitals``."""
    document = Document()
    document.sections[0].header.paragraphs[0].text = "Sample head of the pages"
    document.add_paragraph("Chair’s Summary", style="Title")
    for line in ("Ninth exchange of the Working Group", "Geneva, 6 June 2018", "Chair: Sample Chair"):
        document.add_paragraph(line)
    document.add_paragraph("The exchange was attended by 15 Montreux Document participants.")
    _title(document, how, 1)
    document.add_paragraph("The Executive Director described the plan. It has these objectives:")
    for text in ("government membership;", "client engagement;", "certification."):
        document.add_paragraph(text, style="List Number 2" if how == "counted" else "List Number")
    document.add_paragraph("A nested sample", style="List Bullet 2")
    _title(document, how, 2)
    paragraph = document.add_paragraph("One Montreux Document participant asked a ")
    paragraph.add_run("sample").bold = True
    paragraph.add_run(" question, see ")
    add_link(paragraph, "the site", "https://www.sample.example/plan")
    document.add_paragraph("Quoted sample words.", style="Quote")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Companies", "93"
    _title(document, how, 3)
    document.add_paragraph("The next meeting is to be confirmed.")
    return saved(document)


def _title(document: Any, how: str, number: int) -> None:
    title = TITLES[number - 1]
    match how:
        case "styled":
            document.add_heading(title, level=1)
        case "typed":
            document.add_paragraph(f"{number}. {title}")
        case "counted":
            document.add_paragraph(title, style="List Number")
        case "bold":
            document.add_paragraph().add_run(title).bold = True
        case "capitals":
            document.add_paragraph(f"{number}) {title.upper()}")
