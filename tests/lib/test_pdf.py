"""Papers as PDF: PDF/UA-1 whatever they hold, nothing lost, nothing read as markup."""

import logging
from concurrent.futures import ThreadPoolExecutor

import page
import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from icoca_portal.lib.papers import Answers, Paper, Part, RichText, Table
from icoca_portal.lib.pdf import write_pdf
from icoca_portal.lib.pdf.glyphs import replace_missing
from icoca_portal.lib.richtext import to_blocks

from .papers_of_the_tests import arabic_paper, full_paper, rich
from .pdf_reading import page_texts, pages, text_of

#: In points.
A4_WIDTH, MARGIN = 595.3, 23 / 25.4 * 72


def assert_accessible(document: bytes) -> None:
    report = page.validate_pdf_bytes(document, profile="ua1")
    assert report.is_compliant, [(failure.rule_id, failure.message) for failure in report.failures]


@pytest.fixture(autouse=True)
def _no_fallback(caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest):
    """No paper of these tests may need the way out without the standard, but for the test of that way."""
    yield
    if "test_a_refused_standard" not in request.node.name:
        assert "could not be made" not in "".join(record.message for record in caplog.get_records("call"))


def test_every_body_is_accessible_and_readable():
    document = write_pdf(full_paper())
    assert_accessible(document)
    text = text_of(document).replace(" / ", "/")
    for expected in (
        "Sample summary of an exchange", "WG/0/1", "Readers", "Public", "Held in a sample place.", "Sample footer",
        "Sample data", "First with bold and slanted words.", "the address", "Below", "inner", "again one", "quoted",
        "Counts", "Sample B", "14", "Sample Chair", "What comes first?", "second paragraph", "Changed", "Not answered",
        "SP-XX-1", "4f1c09be", "035e9cf2", "Sealed for Sample Delegate", "1/2", "2/2",
    ):  # fmt: skip
        assert expected in text


def test_text_is_never_read_as_markup():
    text = text_of(write_pdf(full_paper()))
    assert '#read("/etc/passwd") $x$ *b* _e_ @ref <label>' in text
    assert "root:" not in text


def test_arabic_is_accessible_and_can_be_copied():
    document = write_pdf(arabic_paper())
    assert_accessible(document)
    assert "العامل" in text_of(document)


def test_labels_are_in_the_language_of_the_paper():
    with translation.override("fr"):
        assert "Not answered" in text_of(write_pdf(full_paper()))


@pytest.mark.parametrize(
    "text",
    ["中文標題", "日本語のテスト", "한국어", "עברית", "ქართული", "Հայերեն", "Ελληνικά", "Кириллица", "Tiếng Việt"],
)
def test_scripts_of_the_participants_are_printed(text: str):
    document = write_pdf(rich(f"<p>{text} <strong>{text}</strong> <em>{text}</em></p>", title=text, heading=text))
    assert_accessible(document)
    assert "□" not in text_of(document)


def test_a_character_without_a_form_becomes_a_box_with_a_note():
    document = write_pdf(rich("<p>before हिन्दी after</p>", title="Sample हि"))
    assert_accessible(document)
    assert "□" in text_of(document)
    assert "stands for a character that could not be printed" in text_of(document)
    assert "stands for" not in text_of(write_pdf(rich("<p>a □ typed by hand</p>")))


def test_invisible_characters_need_no_form():
    text = "می\u200cخواهم soft\u00adhyphen \u2066isolated\u2069 \ufeffmark\ufe0f"
    assert replace_missing(text) == text.replace("\ufe0f", "")
    assert_accessible(write_pdf(rich(f"<p>{text}</p>")))


def test_lists_nested_too_deep_are_printed():
    document = write_pdf(rich("".join(f"<ul><li>level{number}" for number in range(30))))
    assert_accessible(document)
    assert "level29" in text_of(document)


def test_headings_without_a_part_skip_no_level():
    assert_accessible(write_pdf(rich("<h3>Below</h3><p>text</p>", heading="")))
    assert_accessible(write_pdf(Paper("Sample", parts=(Part("", body=full_paper().parts[0].body), Part("Last")))))


def test_an_empty_paper_is_still_a_paper():
    assert_accessible(write_pdf(Paper("")))
    assert_accessible(
        write_pdf(Paper("\x00 \ud800", language="", parts=(Part("\x01"), Part("A", body=(Answers(()),)))))
    )


@pytest.mark.parametrize("language", ["pt-br", "zh-Hans", "zh_Hant_TW", "fr", "de_CH", "x", "1234"])
def test_any_language_code_is_taken(language: str):
    assert_accessible(write_pdf(Paper("Sample", language=language, parts=(Part("Part"),))))


def test_a_long_table_repeats_its_header():
    rows = [(number, f"Sample {number}", "long " * (number % 20)) for number in range(200)]
    document = write_pdf(Paper("Sample", parts=(Part("List", body=(Table(("No.", "Name of row", "Text"), rows),)),)))
    assert_accessible(document)
    texts = page_texts(document)
    assert len(texts) > 3
    assert all("Name of row" in text for text in texts)
    assert "Sample 199" in texts[-1]


def test_long_words_and_addresses_stay_on_the_page():
    long = "x" * 400
    address = "https://example.org/" + "y" * 300 + "/" + "part/" * 50
    body = f'<p>{long} {address} <a href="{address}">{address}</a></p>'
    table = Table(("A", "B", "C"), [(long, address, "short")])
    document = write_pdf(Paper("Sample", parts=(Part("Long", body=(*rich(body).parts[0].body, table)),)))
    assert_accessible(document)
    ends = [piece.end for page_of_it in pages(document) for piece in page_of_it if piece.text.strip("\u200b ")]
    assert max(ends) > 400
    assert max(ends) <= A4_WIDTH - MARGIN + 1


def test_the_same_paper_gives_the_same_bytes():
    assert write_pdf(full_paper()) == write_pdf(full_paper())


def test_threads_write_at_once():
    with ThreadPoolExecutor(4) as pool:
        assert len({*pool.map(write_pdf, [full_paper()] * 12)}) == 1


def test_a_refused_standard_still_gives_a_paper(monkeypatch, caplog):
    monkeypatch.setattr("icoca_portal.lib.pdf.replace_missing", lambda text: text)
    with caplog.at_level(logging.WARNING, logger="icoca_portal.lib.pdf"):
        document = write_pdf(rich("<p>हिन्दी</p>"))
    assert document.startswith(b"%PDF")
    assert "could not be made as PDF/UA-1" in caplog.text


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_makes_an_accessible_paper(title: str, text: str):
    html = f"<p>{text}</p><ul><li>{text}</li></ul>"
    assert_accessible(
        write_pdf(
            Paper(
                title,
                meta=((title, text),),
                parts=(Part(text, number=title[:5], body=(RichText(to_blocks(html)), Table((title,), [(text,)]))),),
            )
        )
    )
