"""Papers as Word files: real headings, lists that count for themselves, tables that repeat their header."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime

from django.utils import translation
from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as DocumentFile
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table as DocxTable
from docx.text.paragraph import Paragraph
from docx.text.run import Run as DocxRun

from .. import richtext, sealing
from ..papers import Answers, Body, Facts, Paper, Paragraphs, RichText, Seal, Silence, Table, Text, single_line
from ..richtext import MAX_DEPTH, Block, Run
from .elements import (
    AFTER_BIDI,
    AFTER_BIDI_VISUAL,
    AFTER_INDENT,
    AFTER_RTL,
    STEP,
    Lists,
    add_field,
    insert,
    repeat_header,
    rule_above,
    set_face,
    set_no_padding,
    set_table_borders,
    shade,
)

# Faces that Word and LibreOffice have or replace by their like on every system, by script.
SERIF = "Georgia"
SANS = "Calibri"
MONO = "Consolas"

INK = RGBColor(0x12, 0x22, 0x2A)
INK_2 = RGBColor(0x3F, 0x52, 0x5B)
INK_3 = RGBColor(0x56, 0x67, 0x70)
LAKE = RGBColor(0x0B, 0x55, 0x66)
BRASS = RGBColor(0x80, 0x53, 0x00)
RULE, WASH, BRASS_WASH = "CDD8DA", "F0F4F4", "FAF0DA"

SIDE = Mm(23)
TEXT_WIDTH = Mm(210) - 2 * SIDE


def write_docx(paper: Paper) -> bytes:
    """The paper as .docx, with its title and language set, the same matter in the same order as the PDF."""
    with translation.override(paper.language):
        return PaperWriter(paper).write()


class PaperWriter:
    """Writes one paper, in the active language. A form, which is more than read, extends it (`questionnaires.word`)."""

    narrowest_margin = Mm(0)

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.rtl = paper.direction == "rtl"
        self.margin = max(Mm(paper.margin_column), self.narrowest_margin)
        self.document: DocumentFile = Document()
        self.heading_level = 2
        self._set_page()
        self._set_styles()
        self.lists = Lists(self.document, self.margin)

    def write(self) -> bytes:
        self._write_properties()
        self._write_head()
        self._write_parts()
        self._write_footer()
        if self.rtl:
            self._turn()
        stream = io.BytesIO()
        self.document.save(stream)
        return stream.getvalue()

    def _write_parts(self) -> None:
        for position, part in enumerate(self.paper.parts):
            heading = single_line(part.heading)
            if heading:
                self._write_part_heading(heading, single_line(part.number), first=position == 0)
                self.heading_level = 3
            for body in part.body:
                self._write_body(body)

    # The frame of the paper

    def _set_page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = SIDE
        section.top_margin, section.bottom_margin = Mm(22), Mm(24)

        # Without this Word opens the file in compatibility mode, and measures the indent of tables from their text.
        settings = self.document.settings.element
        compatibility = settings.find(qn("w:compat"))
        mode = OxmlElement("w:compatSetting")
        uri = "http://schemas.microsoft.com/office/word"
        for name, value in (("name", "compatibilityMode"), ("uri", uri), ("val", "15")):
            mode.set(qn(f"w:{name}"), value)
        compatibility.append(mode)

    def _set_styles(self) -> None:
        styles = self.document.styles
        language = self.paper.language.replace("_", "-")
        for lang in styles.element.iter(qn("w:lang")):
            lang.set(qn("w:bidi" if self.rtl else "w:val"), language)
        self._style("Normal", SERIF, 10.5, before=0, after=6, line=1.25)
        self._style("Heading 1", SERIF, 24, before=14, after=6, line=1.05)
        part = self._style("Heading 2", SERIF, 15, before=20, after=8, line=1.1)
        part.paragraph_format.tab_stops.add_tab_stop(self.margin)
        self._style("Heading 3", SANS, 11.5, bold=True, before=12, after=4).paragraph_format.left_indent = self.margin
        self._style("Quote", SERIF, 10.5, colour=INK_2, after=6).paragraph_format.left_indent = self.margin + STEP
        styles["Quote"].font.italic = False
        self._style("Paper lead", SERIF, 13, colour=INK_2, after=14)
        self._style("Paper text", SERIF, 10.5).paragraph_format.left_indent = self.margin
        hanging = self._style("Paper number", SERIF, 10.5, after=8)
        question = self._style("Paper question", SERIF, 11, bold=True, before=8, after=3)
        for style in (hanging, question):
            style.paragraph_format.left_indent = self.margin
            style.paragraph_format.first_line_indent = -self.margin
            style.paragraph_format.tab_stops.add_tab_stop(self.margin)
        question.paragraph_format.keep_with_next = True
        self._style("Paper note", SANS, 9.5, colour=INK_3).paragraph_format.left_indent = self.margin
        caption = self._style("Caption", SANS, 9.5, bold=True, before=8, after=4)
        caption.paragraph_format.left_indent = self.margin
        caption.paragraph_format.keep_with_next = True
        self._style("Paper cell", SANS, 10, before=2, after=2, line=1.1)
        self._style("Paper label", SANS, 9, colour=INK_3, before=2, after=2, line=1.1)
        self._style("Footer", SANS, 8.5, colour=INK_3)
        link = styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
        link.font.color.rgb = LAKE
        link.font.underline = True

    def _style(
        self, name: str, face: str, size: float, *, bold: bool = False, colour: RGBColor = INK, before: float = 0,
        after: float = 4, line: float = 1.2,
    ) -> ParagraphStyle:  # fmt: skip
        styles = self.document.styles
        style = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        if not isinstance(style, ParagraphStyle):
            raise TypeError(f"{name} is no paragraph style")
        style.hidden, style.quick_style = False, True
        style.font.size, style.font.bold, style.font.color.rgb = Pt(size), bold, colour
        properties = style.element.get_or_add_rPr()
        set_face(properties, face)
        for tag in ("w:szCs", "w:bCs"):
            for old in properties.findall(qn(tag)):
                properties.remove(old)
        size_element = OxmlElement("w:szCs")
        size_element.set(qn("w:val"), str(round(size * 2)))
        insert(properties, size_element, "w:highlight", "w:u", "w:effect", "w:bdr", "w:shd", *AFTER_RTL)
        spacing = style.paragraph_format
        spacing.space_before, spacing.space_after, spacing.line_spacing = Pt(before), Pt(after), line
        spacing.widow_control = True
        return style

    def _write_properties(self) -> None:
        properties = self.document.core_properties
        properties.title = single_line(self.paper.title)[:255]
        properties.language = self.paper.language
        properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
        properties.created = properties.modified = datetime.now(UTC)

    def _write_head(self) -> None:
        if self.paper.sample:
            sample = self.document.add_paragraph(style="Paper cell")
            self._text(sample, _("Sample data") + ". ").bold = True
            self._text(sample, _("Not everything in this paper is real."))
            shade(sample, BRASS_WASH)
        pairs = [*self.paper.plain_meta, *([self.paper.readers] if self.paper.readers else [])]
        if pairs:
            table = self._table(2, [1] * len(pairs), indent=0)
            set_no_padding(table)
            set_table_borders(table, top=("single", 24, "12222A"), bottom=("single", 4, RULE))
            for column, (label, value) in enumerate(pairs):
                self._fill(table.cell(0, column).paragraphs[0], single_line(label), "Paper label")
                self._fill(table.cell(1, column).paragraphs[0], single_line(value), "Paper cell").bold = True
            repeat_header(table)
        title = self.document.add_paragraph(style="Heading 1")
        self._text(title, single_line(self.paper.title) or _("Paper"))
        if not pairs:
            rule_above(title, 24, "12222A", 12)
        lead = single_line(self.paper.lead)
        if lead:
            self._text(self.document.add_paragraph(style="Paper lead"), lead)

    def _write_part_heading(self, heading: str, number: str, *, first: bool) -> None:
        paragraph = self.document.add_paragraph(style="Heading 2")
        if number:
            paragraph.paragraph_format.left_indent = self.margin
            paragraph.paragraph_format.first_line_indent = -self.margin
            self._text(paragraph, f"{number}\t{heading}")
        else:
            self._text(paragraph, heading)
        rule_above(paragraph, 6 if first else 4, "12222A" if first else RULE, 10)

    def _write_footer(self) -> None:
        paragraph = self.document.sections[0].footer.paragraphs[0]
        paragraph.style = "Footer"
        stops = paragraph.paragraph_format.tab_stops
        for stop in list(self.document.styles["Footer"].paragraph_format.tab_stops):
            stops.add_tab_stop(stop.position, WD_TAB_ALIGNMENT.CLEAR)
        stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
        if self.paper.sample:
            sample = self._text(paragraph, _("Sample data"))
            sample.bold, sample.font.color.rgb = True, BRASS
            self._text(paragraph, "   ")
        self._text(paragraph, single_line(self.paper.footer) + "\t")
        add_field(paragraph, "PAGE")
        self._text(paragraph, " / ")
        add_field(paragraph, "NUMPAGES")
        rule_above(paragraph, 4, RULE, 6)

    # The bodies

    def _write_body(self, body: Body) -> None:
        match body:
            case RichText():
                self._write_blocks(body.blocks)
            case Paragraphs():
                for number, blocks in body.items:
                    self._write_numbered(single_line(number), blocks)
            case Answers():
                for number, question, answer, note in body.items:
                    self._write_answer(single_line(number), single_line(question), answer, single_line(note))
            case Table():
                self._write_table(body)
            case Facts():
                self._write_facts(body)
            case Seal():
                self._write_seal(body)

    def _write_numbered(self, number: str, blocks: Sequence[Block]) -> None:
        paragraph = self.document.add_paragraph(style="Paper number")
        self._number(paragraph, number)
        first = blocks[0] if blocks else None
        if first is not None and first["type"] == "p":
            self._runs(paragraph, first["runs"])
            blocks = blocks[1:]
        self._write_blocks(blocks)

    def _write_answer(self, number: str, question: str, answer: Text | Table | Silence, note: str) -> None:
        paragraph = self.document.add_paragraph(style="Paper question")
        self._number(paragraph, number)
        self._text(paragraph, question)
        if isinstance(answer, Table):
            self._write_table(answer)
        elif isinstance(answer, Silence):
            self._text(self.document.add_paragraph(style="Paper note"), single_line(answer.why))
        elif blocks := richtext.to_blocks(richtext.from_text(str(answer))):
            self._write_blocks(blocks)
        else:
            self._text(self.document.add_paragraph(style="Paper note"), _("Not answered"))
        if note:
            self._text(self.document.add_paragraph(style="Paper note"), note)

    def _number(self, paragraph: Paragraph, number: str) -> None:
        run = self._text(paragraph, f"{number}\t")
        run.bold, run.font.color.rgb, run.font.size = False, INK_3, Pt(9.5)
        set_face(run._element.get_or_add_rPr(), SANS)

    def _write_blocks(self, blocks: Sequence[Block], *, quoted: int = 0) -> None:
        for block in blocks:
            match block["type"]:
                case "h3":
                    paragraph = self.document.add_paragraph(style=f"Heading {self.heading_level}")
                    self._runs(paragraph, block["runs"])
                case "p":
                    paragraph = self.document.add_paragraph(style="Quote" if quoted else "Paper text")
                    if quoted > 1:
                        paragraph.paragraph_format.left_indent = self.margin + quoted * STEP
                    self._runs(paragraph, block["runs"])
                case "quote":
                    self._write_blocks(block["blocks"], quoted=quoted + 1)
                case "ul" | "ol":
                    self._write_list(block, level=0)

    def _write_list(self, block: Block, *, level: int) -> None:
        number = self.lists.begin(ordered=block["type"] == "ol")
        for item in block["items"]:
            marked = False
            for child in item:
                if child["type"] in ("ul", "ol"):
                    # A mark of its own for an item that begins with a list, as on a page.
                    if not marked:
                        self.lists.apply(self.document.add_paragraph(style="Paper text"), number, level)
                    self._write_list(child, level=level + 1)
                elif child["type"] == "quote":
                    for inner in child["blocks"]:
                        self._write_in_item(inner, number if not marked else None, level)
                        marked = True
                else:
                    self._write_in_item(child, number if not marked else None, level)
                marked = True

    def _write_in_item(self, block: Block, number: int | None, level: int) -> None:
        """A paragraph of a list item: with the item's mark, or beneath it."""
        if block["type"] in ("ul", "ol"):
            self._write_list(block, level=min(level + 1, MAX_DEPTH - 1))
            return
        if block["type"] == "quote":
            for inner in block["blocks"]:
                self._write_in_item(inner, number, level)
                number = None
            return
        paragraph = self.document.add_paragraph(style="Paper text")
        if number is None:
            paragraph.paragraph_format.left_indent = self.margin + (level + 1) * STEP
        else:
            self.lists.apply(paragraph, number, level)
        self._runs(paragraph, block["runs"])

    def _write_table(self, body: Table) -> None:
        if body.caption:
            self._text(self.document.add_paragraph(style="Caption"), single_line(body.caption))
        table = self._table(1, body.weights, indent=self.margin)
        set_table_borders(table, bottom=("single", 4, RULE), inside=("single", 4, RULE))
        for column, header in enumerate(body.headers):
            self._fill(table.cell(0, column).paragraphs[0], single_line(header), "Paper cell").bold = True
        repeat_header(table)
        numeric = body.numeric
        widths = [cell.width for cell in table.rows[0].cells]
        for values in body.rows:
            cells = table.add_row().cells
            for cell, value, width, is_number in zip(cells, values, widths, numeric, strict=True):
                cell.width = width
                paragraph = cell.paragraphs[0]
                self._fill(paragraph, single_line(value), "Paper cell")
                if is_number:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        for column, is_number in enumerate(numeric):
            if is_number:
                table.cell(0, column).paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self._space_after_table()

    def _write_facts(self, body: Facts) -> None:
        if not body.items:
            return
        table = self._table(len(body.items), [1, 2], indent=self.margin)
        for row, (label, value) in enumerate(body.items):
            self._fill(table.cell(row, 0).paragraphs[0], single_line(label), "Paper label")
            self._fill(table.cell(row, 1).paragraphs[0], single_line(value), "Paper cell")
        self._space_after_table()

    def _write_seal(self, body: Seal) -> None:
        table = self._table(1, [1], indent=self.margin)
        edge = ("double", 6, "12222A")
        set_table_borders(table, top=edge, bottom=edge)
        cell = table.cell(0, 0)
        shading = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", WASH)):
            shading.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(shading)
        self._fill(cell.paragraphs[0], _("Reference number"), "Paper label")
        reference = self._fill(cell.add_paragraph(), single_line(body.reference), "Paper cell")
        reference.font.size = Pt(20)
        set_face(reference._element.get_or_add_rPr(), SERIF)
        self._fill(cell.add_paragraph(), _("Seal (SHA-256)"), "Paper label")
        digest = self._fill(cell.add_paragraph(), sealing.grouped(single_line(body.digest)), "Paper cell")
        digest.font.size = Pt(9)
        set_face(digest._element.get_or_add_rPr(), MONO)
        if body.sealed_text:
            self._fill(cell.add_paragraph(), single_line(body.sealed_text), "Paper label")
        self._space_after_table()

    # Paragraphs, runs and tables

    def _fill(self, paragraph: Paragraph, text: str, style: str) -> DocxRun:
        paragraph.style = style
        return self._text(paragraph, text)

    def _text(self, paragraph: Paragraph, text: str) -> DocxRun:
        run = paragraph.add_run(text)
        self._mark_direction(run, text)
        return run

    def _mark_direction(self, run: DocxRun, text: str) -> None:
        if any(unicodedata.bidirectional(character) in ("R", "AL") for character in text):
            insert(run._element.get_or_add_rPr(), OxmlElement("w:rtl"), *AFTER_RTL)

    def _runs(self, paragraph: Paragraph, runs: Sequence[Run]) -> None:
        for run in runs:
            if run.get("br"):
                paragraph.add_run().add_break()
                continue
            made = self._text(paragraph, run["text"])
            if run.get("strong"):
                made.bold = made.font.cs_bold = True
            if run.get("em"):
                made.italic = made.font.cs_italic = True
            if "href" in run:
                made.style = "Hyperlink"
                link = OxmlElement("w:hyperlink")
                target = paragraph.part.relate_to(run["href"], RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
                link.set(qn("r:id"), target)
                made._element.addprevious(link)
                link.append(made._element)

    def _table(self, rows: int, weights: Sequence[int], *, indent: int) -> DocxTable:
        table = self.document.add_table(rows, len(weights))
        table.autofit = False
        width = TEXT_WIDTH - indent
        for column, weight in enumerate(weights):
            share = round(width * weight / sum(weights))
            table.columns[column].width = share
            for cell in table.columns[column].cells:
                cell.width = share
        if indent:
            element = OxmlElement("w:tblInd")
            element.set(qn("w:w"), str(Mm(indent / Mm(1)).twips))
            element.set(qn("w:type"), "dxa")
            properties = table._element.tblPr
            insert(properties, element, *AFTER_INDENT)
        return table

    def _space_after_table(self) -> None:
        """Word joins two tables that touch, and ends a file only with a paragraph."""
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)

    def _turn(self) -> None:
        """The whole paper from right to left: paragraphs, tables and the section."""
        roots = [self.document.element.body, self.document.sections[0].footer._element]
        for root in roots:
            for paragraph in root.iter(qn("w:p")):
                insert(paragraph.get_or_add_pPr(), OxmlElement("w:bidi"), *AFTER_BIDI)
            for properties in root.iter(qn("w:tblPr")):
                insert(properties, OxmlElement("w:bidiVisual"), *AFTER_BIDI_VISUAL)
