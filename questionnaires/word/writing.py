"""A questionnaire as a form in Word, which people fill in without an account and a delegate sends back.

One table a question: a grey key in the first cell, the answer in the last. Texts stand in plain paragraphs, one a line;
only ticks and dates are controls (see `icoca_portal.lib.word.controls` for why). Headings stand outside of the tables,
so that the form can be walked through by them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from icoca_portal.lib.papers import Paper, Part, RichText, single_line
from icoca_portal.lib.richtext import to_blocks
from icoca_portal.lib.word import INK_2, INK_3, SANS, SERIF, TEXT_WIDTH, PaperWriter
from icoca_portal.lib.word.controls import Controls, make, set_custom_properties
from icoca_portal.lib.word.elements import STEP
from questionnaires.editions import EditionContent, FrozenQuestion, FrozenSection
from questionnaires.kinds import OTHER, SCALE, cells_of, country_name, most_rows, parse_day
from questionnaires.word import marks
from questionnaires.word.asking import hints
from questionnaires.word.values import storable

FIELD = "6E8087"
KEY_COLUMN = Mm(19)
RANK_COLUMN = Mm(22)
#: Rows that stand ready in a table that a delegation fills, beyond those filled already.
FREE_ROWS = 4
STEP_BETWEEN = "\u2003 "


@dataclass(frozen=True)
class Form:
    """What becomes a form: the questions, what stands in the answers, and the paper around them.

    `values` and `files` (names) are by question id. The parts of `paper` come before the questions.
    """

    paper: Paper
    content: EditionContent
    origin: marks.Origin
    values: Mapping[int, Any]
    files: Mapping[int, Sequence[str]]


def write_form(form: Form) -> bytes:
    """The form as .docx, in the language of its paper."""
    with translation.override(form.paper.language):
        return FormWriter(form).write()


class FormWriter(PaperWriter):
    """A paper whose last parts are sections of questions with boxes to fill in."""

    narrowest_margin = KEY_COLUMN

    def __init__(self, form: Form) -> None:
        super().__init__(form.paper)
        self.form = form
        self.controls = Controls()
        self._style_ids: dict[str, str] = {}

    def paragraph(self, style: str) -> Paragraph:
        """A new paragraph at the end."""
        paragraph = self.document.add_paragraph()
        paragraph._p.style = self.style_id(style)
        return paragraph

    def style_id(self, name: str) -> str:
        """Looked up once: python-docx searches through all styles each time."""
        if name not in self._style_ids:
            self._style_ids[name] = self.document.styles[name].style_id
        return self._style_ids[name]

    def _set_styles(self) -> None:
        super()._set_styles()
        self._style("Form key", SANS, 7, colour=INK_3, before=2, after=2)
        answer = self._style("Form answer", SERIF, 10.5, before=2, after=2, line=1.2)
        self._style("Form choice", SANS, 10.5, before=2, after=2, line=1.15)
        label = self._style("Form label", SANS, 10, colour=INK_2, before=2, after=2, line=1.1)
        hint = self._style("Form hint", SANS, 9.5, colour=INK_3, after=3)
        hint.paragraph_format.left_indent = self.margin
        hint.paragraph_format.keep_with_next = True
        answer.paragraph_format.widow_control = label.paragraph_format.widow_control = True

    def _write_parts(self) -> None:
        super()._write_parts()
        for section in self.form.content.sections:
            self._write_section(section)

    def _write_section(self, section: FrozenSection) -> None:
        self._write_part_heading(single_line(section.title), str(section.number), first=False)
        for line in printed_lines(section.introduction):
            self._text(self.paragraph("Paper text"), line)
        for question in section.questions:
            self._write_question(question)

    def _write_question(self, question: FrozenQuestion) -> None:
        heading = self.paragraph("Heading 3")
        heading.paragraph_format.left_indent = self.margin
        heading.paragraph_format.first_line_indent = -self.margin
        heading.paragraph_format.tab_stops.add_tab_stop(self.margin)
        self._number(heading, question.number)
        self._text(heading, single_line(question.text))
        if not question.required:
            note = self._text(heading, " " + _("(optional)"))
            note.bold, note.font.color.rgb = False, INK_3
        for line in hints(question, self.form.content):
            self._text(self.paragraph("Form hint"), single_line(line))
        names = self.form.files.get(question.id, ())
        if question.kind == "file":
            attached = ", ".join(names) or _("nothing attached yet")
            text = _("Files are attached on the portal: %(names)s.") % {"names": attached}
            self._text(self.paragraph("Form hint"), single_line(text))
            return
        if names:
            text = _("Attached now: %(names)s.") % {"names": ", ".join(names)}
            self._text(self.paragraph("Form hint"), single_line(text))
        Boxes(self, question, self.form.values.get(question.id)).write()
        self._space_after_table()

    def _write_footer(self) -> None:
        super()._write_footer()
        stamp = self.document.sections[0].footer.add_paragraph(style="Footer")
        run = stamp.add_run(self.form.origin.stamp)
        run.font.size = Pt(6.5)

    def _write_properties(self) -> None:
        super()._write_properties()
        set_custom_properties(self.document, self.form.origin.properties())


class Boxes:
    """The table of one question."""

    def __init__(self, writer: FormWriter, question: FrozenQuestion, value: Any) -> None:
        self.writer, self.question, self.value = writer, question, value
        self.title = f"{question.number} {question.text}"
        self.room = int(TEXT_WIDTH - KEY_COLUMN)

    def write(self) -> None:
        match self.question.kind:
            case "ranking":
                self._ranking()
            case "matrix":
                self._matrix()
            case "table":
                self._table()
            case _:
                height = Mm(20) if self.question.kind == "long_text" else Mm(7.5)
                self._put([self.room], [[self._cell(self.room, self._answer(), boxed=True)]], height=height)

    # What stands in the boxes

    def _answer(self) -> list[Any]:
        """The paragraphs of the answer's cell, between the two ends of its bookmark."""
        paragraphs = self._paragraphs()
        start, end = self.writer.controls.bookmark(marks.bookmark(self.question.id))
        first = paragraphs[0]
        properties = first.find(qn("w:pPr"))
        properties.addnext(start)
        paragraphs[-1].append(end)
        return paragraphs

    def _paragraphs(self) -> list[Any]:
        question, value = self.question, self.value
        match question.kind:
            case "single":
                chosen = [value["choice"]] if value and value["choice"] else []
                return self._choices(chosen, value["other"] if value else "")
            case "multiple":
                return self._choices(value["choices"] if value else [], value["other"] if value else "")
            case "yes_no":
                pairs = [("yes", _("Yes")), ("no", _("No"))]
                return [self._in_a_line([(key, label, value == key) for key, label in pairs])]
            case "scale":
                ends = {SCALE[0]: question.low, SCALE[-1]: question.high}
                steps = [(str(n), f"{n} ({ends[n]})" if ends.get(n) else str(n), value == n) for n in SCALE]
                return [self._in_a_line(steps)]
            case "confirmation":
                return [self._in_a_line([("yes", _("Confirmed"), value == "yes")])]
            case "date":
                return [self._date(value)]
            case "country":
                return [self._line(country_name(value) if value else "", "Form answer")]
            case _:
                return [self._line(line, "Form answer") for line in answer_lines(value)]

    def _choices(self, chosen: Iterable[str], other: str) -> list[Any]:
        chosen = set(chosen)
        paragraphs = [self._choice(c.key, single_line(c.label), c.key in chosen) for c in self.question.choices]
        if self.question.other:
            paragraphs.append(self._choice(OTHER, f"{_('Other')}: {storable(other)}", OTHER in chosen))
        return paragraphs or [self._line("", "Form choice")]

    def _choice(self, key: str, label: str, ticked: bool) -> Any:
        paragraph = self._line("", "Form choice")
        paragraph.find(qn("w:pPr")).append(make("ind", left=STEP.twips, hanging=STEP.twips))
        paragraph.append(self._box(key, label, ticked))
        paragraph.append(make("r", make("tab")))
        paragraph.append(self._run(label))
        return paragraph

    def _in_a_line(self, choices: Iterable[tuple[str, str, bool]]) -> Any:
        paragraph = self._line("", "Form choice")
        for place, (key, label, ticked) in enumerate(choices):
            if place:
                paragraph.append(self._run(STEP_BETWEEN))
            paragraph.append(self._box(key, label, ticked))
            # A box and its label stay in one line.
            paragraph.append(self._run("\u00a0" + single_line(label)))
        return paragraph

    def _date(self, value: str | None) -> Any:
        day = parse_day(value) if value else None
        if value and day is None:
            return self._line(storable(value), "Form answer")
        paragraph = self._line("", "Form answer")
        prompt = _("Day, month, year")
        control = self.writer.controls.date(marks.tag(self.question.id), self.title, day=day, prompt=prompt)
        paragraph.append(control)
        return paragraph

    # Tables of several rows

    def _ranking(self) -> None:
        room = self.room - int(RANK_COLUMN)
        rows = []
        for choice in self.question.choices:
            rank = (self.value or {}).get(choice.key)
            label = self._cell(room, [self._line(single_line(choice.label), "Form label")])
            text = self._line("" if rank is None else str(rank), "Form answer")
            rows.append([label, self._cell(int(RANK_COLUMN), [text], boxed=True)])
        self._put([room, int(RANK_COLUMN)], rows, height=Mm(8))

    def _matrix(self) -> None:
        columns = self.question.choices
        first = max(round(self.room * 0.36), self.room - len(columns) * int(Mm(26)))
        width = (self.room - first) // max(len(columns), 1)
        widths = [first, *[width] * len(columns)]
        head = [self._cell(first, [self._line("", "Form label")])]
        head += [self._cell(width, [self._centred(single_line(c.label), "Form label")]) for c in columns]
        rows = [head]
        for row in self.question.rows:
            held = (self.value or {}).get(row.key)
            cells = [self._cell(first, [self._line(single_line(row.label), "Form label")])]
            for column in columns:
                paragraph = self._centred("", "Form choice")
                paragraph.append(self._box("", f"{row.label}: {column.label}", held == column.key))
                cells.append(self._cell(width, [paragraph], boxed=True))
            rows.append(cells)
        self._put(widths, rows, height=Mm(8), header=True)

    def _table(self) -> None:
        columns = cells_of(self.question)
        if not columns:
            return
        width = self.room // len(columns)
        held = list(self.value or ())
        count = max(len(held), min(most_rows(self.question), len(held) + FREE_ROWS))
        rows = [
            [
                self._cell(width, [self._line(single_line(c.label), "Form label")], boxed=True)
                for c, _asked, _kind in columns
            ]
        ]
        for number in range(count):
            row = held[number] if number < len(held) else {}
            rows.append(
                [
                    self._cell(width, [self._line(cell_text(asked.kind, row.get(c.key)), "Form answer")], boxed=True)
                    for c, asked, _kind in columns
                ]
            )
        self._put([width] * len(columns), rows, height=Mm(8), header=True)

    # Elements

    def _put(self, widths: Sequence[int], rows: Sequence[Sequence[Any]], *, height: int, header: bool = False) -> None:
        """The table with the key before its first row."""
        key_width = int(KEY_COLUMN)
        grid = make("tblGrid", *(make("gridCol", w=twips(width)) for width in (key_width, *widths)))
        table = make(
            "tbl",
            make(
                "tblPr",
                make("tblW", w=twips(key_width + sum(widths)), type="dxa"),
                make("tblLayout", type="fixed"),
                make("tblLook", val="0000"),
            ),
            grid,
        )
        for place, cells in enumerate(rows):
            words = marks.key(self.question.id) if place == 0 else ""
            properties = make("trPr", make("cantSplit")) if header or self.question.kind == "ranking" else make("trPr")
            properties.append(make("trHeight", val=twips(height), hRule="atLeast"))
            if header and place == 0:
                properties.append(make("tblHeader"))
            table.append(
                make("tr", properties, self._cell(key_width, [self._line(words, "Form key")], key=True), *cells)
            )
        body = self.writer.document.element.body
        body.insert_element_before(table, "w:sectPr")

    def _cell(self, width: int, paragraphs: Sequence[Any], *, boxed: bool = False, key: bool = False) -> Any:
        properties = make("tcPr", make("tcW", w=twips(width), type="dxa"))
        if boxed:
            edges = [
                make(side, val="single", sz=4, space=0, color=FIELD) for side in ("top", "left", "bottom", "right")
            ]
            properties.append(make("tcBorders", *edges))
        if key:
            properties.append(make("tcMar", make("left", w=0, type="dxa"), make("right", w=40, type="dxa")))
        return make("tc", properties, *paragraphs)

    def _line(self, text: str, style: str) -> Any:
        properties = make("pPr", make("pStyle", val=self.writer.style_id(style)))
        paragraph = make("p", properties)
        if is_from_right(text) and not self.writer.rtl:
            properties.append(make("bidi"))
        if text:
            paragraph.append(self._run(text))
        return paragraph

    def _centred(self, text: str, style: str) -> Any:
        paragraph = self._line(text, style)
        paragraph.find(qn("w:pPr")).append(make("jc", val="center"))
        return paragraph

    def _run(self, text: str) -> Any:
        """A run of text; a tab inside is an element of its own."""
        run = make("r")
        if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text):
            run.append(make("rPr", make("rtl")))
        for place, piece in enumerate(text.split("\t")):
            if place:
                run.append(make("tab"))
            if piece:
                words = make("t")
                words.text = piece
                words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                run.append(words)
        return run

    def _box(self, key: str, label: str, ticked: bool) -> Any:
        return self.writer.controls.check_box(marks.tag(self.question.id, key), single_line(label), ticked=ticked)


def twips(length: int) -> int:
    """A length of python-docx (English metric units) in twentieths of a point."""
    return round(length / 635)


def answer_lines(value: Any) -> list[str]:
    """The lines of a text, each of which becomes a paragraph; one empty line for a blank answer."""
    return storable("" if value is None else str(value)).split("\n")


def printed_lines(text: str) -> list[str]:
    return [line for line in (single_line(line) for line in text.splitlines()) if line]


def cell_text(kind: str, value: Any) -> str:
    """A cell of a table as people write it."""
    if value is None:
        return ""
    match kind:
        case "yes_no":
            return {"yes": _("Yes"), "no": _("No")}.get(value, str(value))
        case "country":
            return country_name(value)
        case "date":
            day = parse_day(value)
            return day_text(day) if day else storable(str(value))
        case _:
            return storable(str(value))


def day_text(day: date) -> str:
    return f"{day.day:02d}.{day.month:02d}.{day.year:04d}"


def is_from_right(text: str) -> bool:
    """Whether the first letter that has a direction runs from right to left."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def instructions(address: str) -> Part:
    """How to fill the form in, and what happens with it."""
    lines = [
        _("Type in the boxes. A box grows as you type; text outside of the boxes is not read."),
        _("Click a small square to tick it. Where that does not work, write an x in front of the line."),
        _("Leave the grey marks such as [Q12] where they are: they say which question a box belongs to."),
        _("Colleagues may comment and track changes. What is tracked as deleted, and comments, are left out."),
        _("Keep the file a Word document (.docx), also when you save it in LibreOffice."),
    ]
    ends = _(
        "Send the file to a delegate of your delegation who has an account. They upload it, see what was read beside "
        "what stands there, and choose what is taken. Until then nothing is stored. The address: %(address)s"
    ) % {"address": address}
    html = format_html("<ol>{}</ol><p>{}</p>", format_html_join("", "<li>{}</li>", ((line,) for line in lines)), ends)
    return Part(_("How to fill this in"), body=(RichText(to_blocks(str(html))),))
