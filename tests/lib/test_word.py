"""Papers as Word files, opened again as Word would: headings, lists, links, headers of tables, language."""

import io
import zipfile

import pytest
from docx import Document
from docx.document import Document as DocumentFile
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from icoca_portal.lib.papers import Paper, Part, RichText, Table
from icoca_portal.lib.richtext import to_blocks
from icoca_portal.lib.word import write_docx

from .papers_of_the_tests import INJECTION, arabic_paper, full_paper, rich


def opened(paper: Paper) -> DocumentFile:
    return Document(io.BytesIO(write_docx(paper)))


def all_text(document: DocumentFile) -> str:
    return "\n".join(
        "".join(node.text or "" for node in paragraph.iter(qn("w:t")))
        for paragraph in document.element.body.iter(qn("w:p"))
    )


def numbers_of(document: DocumentFile) -> list[tuple[str, int, int]]:
    """Each paragraph of a list: its text, its list and its level."""
    found = []
    for paragraph in document.paragraphs:
        properties = paragraph._element.pPr
        if properties is not None and properties.numPr is not None:
            found.append((paragraph.text, properties.numPr.numId.val, properties.numPr.ilvl.val))
    return found


def test_headings_are_real_and_skip_no_level():
    headings = [(p.style.name, p.text) for p in opened(full_paper()).paragraphs if p.style.name.startswith("Heading")]
    assert headings == [
        ("Heading 1", "Sample summary of an exchange"),
        ("Heading 2", "1\tOpening"),
        ("Heading 3", "Below"),
        ("Heading 2", "2\tFigures"),
        ("Heading 2", "Details"),
        ("Heading 2", "3\tAnswers"),
        ("Heading 2", "Receipt"),
    ]
    bare = opened(rich("<h3>Below</h3><p>text</p>", heading=""))
    assert [p.style.name for p in bare.paragraphs if p.style.name.startswith("Heading")] == ["Heading 1", "Heading 2"]


def test_everything_of_the_paper_is_in_the_file():
    text = all_text(opened(full_paper()))
    for expected in (
        "WG/0/1", "Readers", "Public", "Held in a sample place.", "Sample data", "Counts", "Sample Chair", "quoted",
        "What comes first?", "second paragraph", "Changed", "Not answered", INJECTION, "SP-XX-1", "4f1c09be 77a3d25e",
        "Sealed for Sample Delegate",
    ):  # fmt: skip
        assert expected in text


def test_bold_slanted_and_links_are_kept():
    document = opened(full_paper())
    runs = {run.text: run for paragraph in document.paragraphs for run in paragraph.runs}
    assert runs["bold"].bold
    assert runs["slanted"].italic
    links = [link for paragraph in document.paragraphs for link in paragraph.hyperlinks]
    assert [(link.text, link.address) for link in links] == [("the address", "https://example.org/a?b=1")]


def test_every_list_counts_from_one():
    document = opened(full_paper())
    one, two, inner, again = numbers_of(document)
    assert [one[0], two[0], inner[0], again[0]] == ["one", "two", "inner", "again one"]
    assert one[1] == two[1]
    assert len({one[1], inner[1], again[1]}) == 3
    assert [one[2], inner[2], again[2]] == [0, 1, 0]
    numbering = document.part.numbering_part.element
    for instance in numbering.findall(qn("w:num")):
        if int(instance.get(qn("w:numId"))) in {one[1], inner[1], again[1]}:
            starts = instance.findall(f"{qn('w:lvlOverride')}/{qn('w:startOverride')}")
            assert {start.get(qn("w:val")) for start in starts} == {"1"}
    kinds = [child.tag for child in numbering]
    assert kinds.index(qn("w:num")) > max(place for place, tag in enumerate(kinds) if tag == qn("w:abstractNum"))


def test_a_second_paragraph_of_an_item_has_no_mark_of_its_own():
    document = opened(rich("<ul><li><p>one</p><p>more</p></li><li><blockquote>said</blockquote></li></ul>"))
    assert [text for text, _, _ in numbers_of(document)] == ["one", "said"]
    assert "more" in all_text(document)


def test_lists_nested_too_deep_lose_no_text():
    document = opened(rich("".join(f"<ol><li>level{number}" for number in range(30))))
    assert [text for text, _, _ in numbers_of(document)] == [f"level{number}" for number in range(30)]
    assert max(level for _, _, level in numbers_of(document)) == 7


def test_tables_repeat_their_header():
    rows = [(number, f"Sample {number}") for number in range(200)]
    table = opened(Paper("Sample", parts=(Part("List", body=(Table(("No.", "Name"), rows),)),))).tables[0]
    assert len(table.rows) == 201
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert [cell.text for cell in table.rows[200].cells] == ["199", "Sample 199"]


def test_title_and_language_are_set():
    document = opened(Paper("Sample", language="pt-br", parts=(Part("Parte"),)))
    assert document.core_properties.title == "Sample"
    assert document.core_properties.language == "pt-br"
    assert document.styles.element.find(f".//{qn('w:lang')}").get(qn("w:val")) == "pt-br"
    assert "python" not in (document.core_properties.author + document.core_properties.comments)


def test_the_footer_counts_the_pages():
    footer = opened(full_paper()).sections[0].footer
    fields = [field.get(qn("w:instr")) for field in footer._element.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert "Sample data" in footer.paragraphs[0].text
    assert "Sample footer" in footer.paragraphs[0].text


def test_a_paper_from_right_to_left_is_turned():
    document = opened(arabic_paper())
    paragraphs = list(document.element.body.iter(qn("w:p")))
    assert all(paragraph.find(f"{qn('w:pPr')}/{qn('w:bidi')}") is not None for paragraph in paragraphs)
    assert all(table._element.tblPr.find(qn("w:bidiVisual")) is not None for table in document.tables)
    runs = {run.text: run._element for paragraph in document.paragraphs for run in paragraph.runs}
    assert runs["العامل"].find(f"{qn('w:rPr')}/{qn('w:rtl')}") is not None
    assert document.styles.element.find(f".//{qn('w:lang')}").get(qn("w:bidi")) == "ar"
    assert not list(opened(full_paper()).element.body.iter(qn("w:bidi")))


def test_elements_of_a_paragraph_stand_in_the_order_of_the_schema():
    order = ["pStyle", "keepNext", "numPr", "pBdr", "shd", "tabs", "bidi", "spacing", "ind", "jc"]
    for paper in (full_paper(), arabic_paper()):
        for properties in opened(paper).element.body.iter(qn("w:pPr")):
            names = [etree.QName(child).localname for child in properties]
            assert names == sorted(names, key=order.index)


@pytest.mark.parametrize("text", ["", "\x00\ud800", "中文 हिन्दी 😀", "x" * 5000])
def test_any_title_is_taken(text: str):
    assert opened(Paper(text, parts=(Part(text, body=(RichText(to_blocks(f"<p>{text}</p>")),)),))).paragraphs


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=60))
def test_any_text_makes_a_well_formed_file(text: str):
    content = write_docx(Paper(text, parts=(Part(text, body=(Table((text,), [(text,)]),)),)))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))
