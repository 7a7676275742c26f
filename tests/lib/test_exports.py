"""Exports: figures stay figures, texts stay texts, and no cell is a formula."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from icoca_portal.lib.exports import PDF, download, write_csv, write_xlsx
from icoca_portal.lib.richtext import printable

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FORMULAS = [
    "=1+1",
    "+1",
    "-1+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "  =1",
    "\u00a0=1",
    "\u200b=1",
    "＝1",
    " \n@x",
]


class Workbook:
    """What a spreadsheet program would read from a file."""

    def __init__(self, content: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(content))
        self.names = [sheet.get("name") for sheet in self.xml("xl/workbook.xml").iter(f"{MAIN}sheet")]

    def xml(self, name: str) -> etree._Element:
        return etree.fromstring(self.archive.read(name))

    def sheet(self, number: int = 1) -> etree._Element:
        return self.xml(f"xl/worksheets/sheet{number}.xml")

    def rows(self, number: int = 1) -> list[list[str]]:
        return [
            ["".join(map(str, cell.itertext())) for cell in row.iter(f"{MAIN}c")]
            for row in self.sheet(number).iter(f"{MAIN}row")
        ]

    def kinds(self, number: int = 1) -> list[str | None]:
        return [cell.get("t") for cell in self.sheet(number).iter(f"{MAIN}c")]


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_workbook_keeps_texts_as_texts():
    book = Workbook(write_xlsx([("Sample", ["Text"], [[text] for text in FORMULAS])]))
    assert not list(book.sheet().iter(f"{MAIN}f"))
    assert book.kinds() == ["inlineStr"] * (len(FORMULAS) + 1)
    assert book.rows()[1] == ["=1+1"]
    assert not [name for name in book.archive.namelist() if "externalLink" in name]


def test_addresses_are_no_links_and_digits_no_numbers():
    book = Workbook(write_xlsx([("Sample", ["Text"], [["https://example.org"], ["0041"], ["mailto:a@example.org"]])]))
    assert not list(book.sheet().iter(f"{MAIN}hyperlink"))
    assert book.rows()[1:] == [["https://example.org"], ["0041"], ["mailto:a@example.org"]]
    assert set(book.kinds()) == {"inlineStr"}


def test_figures_dates_and_truth_values_keep_their_kind():
    moment = datetime(2018, 6, 6, 12, 0, tzinfo=UTC)
    row = [3, 2.5, Decimal("1.25"), True, date(2018, 6, 6), moment, time(9, 30), None, 10**20, float("nan")]
    book = Workbook(write_xlsx([("Sample", [f"c{number}" for number in range(len(row))], [row])]))
    values = book.rows()[1]
    assert values == ["3", "2.5", "1.25", "1", "43257", "43257.5", "09:30", "100000000000000000000", "nan"]
    assert book.kinds()[-9:] == [None, None, None, "b", None, None, "inlineStr", "inlineStr", "inlineStr"]


def test_the_header_stays_in_sight_and_rows_may_be_an_iterator():
    book = Workbook(write_xlsx([("Sample", ["No."], ([number] for number in range(300)))]))
    assert len(book.rows()) == 301
    pane = book.sheet().find(f".//{MAIN}pane")
    assert pane is not None
    assert (pane.get("ySplit"), pane.get("state")) == ("1", "frozen")
    assert book.sheet().find(f".//{MAIN}col") is not None


def test_names_of_sheets_are_made_acceptable():
    names = ["A/B:C", "a b c", "x" * 40, "x" * 40, "", "'quoted'", "History", "😀" * 20]
    made = Workbook(write_xlsx([(name, ["h"], []) for name in names])).names
    assert made == ["A B C", "a b c 2", "x" * 31, "x" * 29 + " 2", "Sheet", "quoted", "History 1", "😀" * 15]
    assert Workbook(write_xlsx([])).names == ["Sheet"]


def test_control_characters_and_endless_texts_break_no_workbook():
    book = Workbook(write_xlsx([("Sample\x00", ["h\x01"], [["a\x00\ud800b"], ["x" * 40_000]])]))
    assert book.rows() == [["h"], ["ab"], ["x" * 32_767]]


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.text(), st.one_of(st.text(), st.integers(), st.floats(), st.none())), max_size=4), st.text()
)
def test_no_workbook_carries_a_formula(rows, name: str):
    book = Workbook(write_xlsx([(name, [name, "x"], rows)]))
    assert not list(book.sheet().iter(f"{MAIN}f"))
    cells = {cell.get("r"): "".join(map(str, cell.itertext())) for cell in book.sheet().iter(f"{MAIN}c")}
    for number, (text, _) in enumerate(rows, start=2):
        assert cells.get(f"A{number}", "") == printable(text)


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_cells_that_look_like_formulas_are_marked(text: str):
    assert read_csv(write_csv([text], [[text]])) == [[f"'{text}"], [f"'{text}"]]


def test_csv_leaves_figures_and_texts_alone():
    content = write_csv(["Name", "Figure"], [["Zürich – 中文", -5], ["a=b", Decimal("-1.5")], [None, True]])
    assert content.startswith(b"\xef\xbb\xbf")
    assert read_csv(content) == [
        ["Name", "Figure"],
        ["Zürich – 中文", "-5"],
        ["a=b", "-1.5"],
        ["", "True"],
    ]


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_no_csv_cell_begins_a_formula(rows: list[list[str]]):
    for row in read_csv(write_csv(["a", "b"], rows)):
        for cell in row:
            assert not cell.lstrip().startswith(("=", "+", "-", "@"))
            assert not cell.startswith(("\t", "\r"))


def test_a_download_is_saved_and_not_guessed():
    response = download(b"%PDF", 'Résumé "9"/Rev.1\r\nX: y.pdf', PDF)
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Length"] == "4"
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''R%C3%A9sum%C3%A9%20%229%22-Rev.1%20X%3A%20y.pdf"
    )
    assert download(b"", "agenda.pdf", PDF)["Content-Disposition"] == 'attachment; filename="agenda.pdf"'
