"""The elements of a Word file that python-docx has no words for, each put where the schema wants it."""

from __future__ import annotations

from itertools import count
from typing import Any

from docx.document import Document as DocumentFile
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import Table as DocxTable
from docx.text.paragraph import Paragraph

from ..richtext import MAX_DEPTH

# The face for Arabic and Hebrew, which Word and LibreOffice have or replace by its like on every system.
COMPLEX = "Times New Roman"
STEP = Mm(6)

# What follows in the schema's order; Word refuses a file whose elements stand otherwise.
_PARAGRAPH_ORDER = (
    "shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi "
    "adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection "
    "textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange"
)
_TABLE_ORDER = (
    "tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook"
)
AFTER_BORDERS = tuple(f"w:{name}" for name in _PARAGRAPH_ORDER.split())
AFTER_BIDI_VISUAL = tuple(f"w:{name}" for name in _TABLE_ORDER.split())
AFTER_INDENT = AFTER_BIDI_VISUAL[AFTER_BIDI_VISUAL.index("w:tblBorders") :]
AFTER_TABLE_BORDERS = AFTER_INDENT[1:]
AFTER_SHADING = AFTER_BORDERS[1:]
AFTER_BIDI = AFTER_BORDERS[AFTER_BORDERS.index("w:bidi") + 1 :]
AFTER_RTL = ("w:cs", "w:em", "w:lang", "w:eastAsianLayout", "w:specVanish", "w:oMath")


class Lists:
    """One numbering for marks, one for numbers, and a fresh instance per list, so that each counts from 1."""

    MARKS = ("•", "–")

    def __init__(self, document: DocumentFile, margin: int) -> None:
        self.numbering: Any = document.part.numbering_part.element
        self.margin = margin
        used = (int(element.get(qn("w:abstractNumId"))) for element in self.numbering.findall(qn("w:abstractNum")))
        self.identifiers = count(max(used, default=0) + 1)
        self.marks = self._define(ordered=False)
        self.numbers = self._define(ordered=True)

    def begin(self, *, ordered: bool) -> int:
        """The number of a new list."""
        instance = self.numbering.add_num(self.numbers if ordered else self.marks)
        for level in range(MAX_DEPTH):
            instance.add_lvlOverride(ilvl=level).add_startOverride(1)
        return int(instance.numId)

    def apply(self, paragraph: Paragraph, number: int, level: int) -> None:
        paragraph_properties: Any = paragraph._element.get_or_add_pPr()
        properties = paragraph_properties.get_or_add_numPr()
        properties.get_or_add_ilvl().val = level
        properties.get_or_add_numId().val = number
        paragraph.paragraph_format.left_indent = self.margin + (level + 1) * STEP
        paragraph.paragraph_format.first_line_indent = -STEP

    def _define(self, *, ordered: bool) -> int:
        identifier = next(self.identifiers)
        definition = OxmlElement("w:abstractNum")
        definition.set(qn("w:abstractNumId"), str(identifier))
        definition.append(_value("w:multiLevelType", "multilevel"))
        for level in range(MAX_DEPTH):
            definition.append(self._level(level, ordered=ordered))
        # All definitions stand before all instances.
        first = self.numbering.find(qn("w:num"))
        if first is None:
            self.numbering.append(definition)
        else:
            first.addprevious(definition)
        return identifier

    def _level(self, level: int, *, ordered: bool) -> Any:
        element = OxmlElement("w:lvl")
        element.set(qn("w:ilvl"), str(level))
        element.append(_value("w:start", "1"))
        element.append(_value("w:numFmt", "decimal" if ordered else "bullet"))
        element.append(_value("w:lvlText", f"%{level + 1}." if ordered else self.MARKS[level % 2]))
        element.append(_value("w:lvlJc", "left"))
        return element


def insert(parent: Any, element: Any, *following: str) -> None:
    """Puts an element where the schema wants it: before the first of those that follow it."""
    parent.insert_element_before(element, *following)


def _value(tag: str, value: str) -> Any:
    element = OxmlElement(tag)
    element.set(qn("w:val"), value)
    return element


def set_face(properties: Any, face: str) -> None:
    """The typeface of a style or run, in place of the theme's; Arabic and Hebrew in a face made for them."""
    fonts = properties.get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("ascii", "hAnsi"):
        fonts.set(qn(f"w:{name}"), face)
    fonts.set(qn("w:cs"), COMPLEX)


def _edge(name: str, kind: str, size: int, colour: str, space: int = 0) -> Any:
    element = OxmlElement(f"w:{name}")
    for attribute, value in (("val", kind), ("sz", size), ("space", space), ("color", colour)):
        element.set(qn(f"w:{attribute}"), str(value))
    return element


def rule_above(paragraph: Paragraph, size: int, colour: str, space: int) -> None:
    """A line above a paragraph, ``size`` in eighths of a point."""
    borders = OxmlElement("w:pBdr")
    borders.append(_edge("top", "single", size, colour, space))
    insert(paragraph._element.get_or_add_pPr(), borders, *AFTER_BORDERS)


def shade(paragraph: Paragraph, colour: str) -> None:
    shading = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shading.set(qn(f"w:{name}"), value)
    insert(paragraph._element.get_or_add_pPr(), shading, *AFTER_SHADING)


def set_table_borders(
    table: DocxTable, *, top: tuple[str, int, str] | None = None, bottom: tuple[str, int, str] | None = None,
    inside: tuple[str, int, str] | None = None,
) -> None:  # fmt: skip
    borders = OxmlElement("w:tblBorders")
    for name, edge in (("top", top), ("bottom", bottom), ("insideH", inside)):
        if edge:
            borders.append(_edge(name, *edge))
    insert(table._element.tblPr, borders, *AFTER_TABLE_BORDERS)


def set_no_padding(table: DocxTable) -> None:
    """The text of the first column flush with the text of the page."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "0")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    insert(table._element.tblPr, margins, "w:tblLook")


def repeat_header(table: DocxTable) -> None:
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    properties.append(OxmlElement("w:tblHeader"))


def add_field(paragraph: Paragraph, instruction: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._element.append(field)
