"""What makes a Word file a form: check boxes, dates, bookmarks, and properties that say what the file is.

Only what survives another word processor: controls stand in a line of text (those around a whole paragraph get lost),
and no text that somebody types stands in one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import count
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx.document import Document as DocumentFile
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn

UNTICKED, TICKED = "☐", "☒"
#: Word drops a tag that is longer.
LONGEST_TAG = 64
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
CUSTOM_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
VARIANTS = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
CUSTOM_PROPERTIES_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
CUSTOM_PROPERTIES_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
#: The identifier that every custom property of an Office file has.
FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
#: Word shows and keeps no longer text in a property.
LONGEST_PROPERTY = 255


def make(tag: str, *children: Any, **attributes: object) -> Any:
    """An element of a Word file, with its attributes and children."""
    element = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), str(value))
    element.extend(children)
    return element


class Controls:
    """Makes controls and bookmarks, each with a number of its own in the file."""

    def __init__(self) -> None:
        self.numbers = count(1)

    def check_box(self, tag: str, title: str, *, ticked: bool) -> Any:
        """A box that a click ticks, to stand in a line before its label."""
        glyph = TICKED if ticked else UNTICKED
        return parse_xml(
            f'<w:sdt xmlns:w="{W}" xmlns:w14="{W14}"><w:sdtPr>{self._heading(tag, title)}'
            f'<w14:checkbox><w14:checked w14:val="{int(ticked)}"/>'
            f'<w14:checkedState w14:val="{ord(TICKED):04X}" w14:font="MS Gothic"/>'
            f'<w14:uncheckedState w14:val="{ord(UNTICKED):04X}" w14:font="MS Gothic"/></w14:checkbox></w:sdtPr>'
            '<w:sdtContent><w:r><w:rPr><w:rFonts w:ascii="MS Gothic" w:hAnsi="MS Gothic" w:eastAsia="MS Gothic"/>'
            f"</w:rPr><w:t>{glyph}</w:t></w:r></w:sdtContent></w:sdt>"
        )

    def date(self, tag: str, title: str, *, day: date | None, prompt: str) -> Any:
        """A day to choose from a calendar, or to type as day, month, year; `prompt` stands there while it is empty."""
        full = f' w:fullDate="{day.isoformat()}T00:00:00Z"' if day else ""
        shown = f"{day.day:02d}.{day.month:02d}.{day.year:04d}" if day else prompt
        showing = "" if day else "<w:showingPlcHdr/>"
        return parse_xml(
            f'<w:sdt xmlns:w="{W}"><w:sdtPr>{self._heading(tag, title)}{showing}'
            f'<w:date{full}><w:dateFormat w:val="dd.MM.yyyy"/><w:lid w:val="en-GB"/>'
            '<w:storeMappedDataAs w:val="date"/><w:calendar w:val="gregorian"/></w:date></w:sdtPr>'
            f'<w:sdtContent><w:r><w:t xml:space="preserve">{escape(shown)}</w:t></w:r>'
            "</w:sdtContent></w:sdt>"
        )

    def _heading(self, tag: str, title: str) -> str:
        return (
            f"<w:alias w:val={quoteattr(title[:LONGEST_TAG])}/><w:tag w:val={quoteattr(tag[:LONGEST_TAG])}/>"
            f'<w:id w:val="{next(self.numbers)}"/>'
        )

    def bookmark(self, name: str) -> tuple[Any, Any]:
        """Where a bookmark begins and ends."""
        number = next(self.numbers)
        return make("bookmarkStart", id=number, name=name), make("bookmarkEnd", id=number)


def set_custom_properties(document: DocumentFile, properties: Mapping[str, str]) -> None:
    """Texts that travel with the file and are seen in its properties."""
    rows = "".join(
        f'<property fmtid="{FORMAT_ID}" pid="{number}" name={quoteattr(name)}>'
        f"<vt:lpwstr>{escape(value[:LONGEST_PROPERTY])}</vt:lpwstr></property>"
        for number, (name, value) in enumerate(properties.items(), 2)
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<Properties xmlns="{CUSTOM_PROPERTIES}" xmlns:vt="{VARIANTS}">{rows}</Properties>'
    )
    package = document.part.package
    part = Part(PackURI("/docProps/custom.xml"), CUSTOM_PROPERTIES_TYPE, content.encode(), package)
    package.relate_to(part, CUSTOM_PROPERTIES_RELATION)
