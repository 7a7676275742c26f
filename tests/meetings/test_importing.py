"""Reading a summary that nobody here wrote: what is understood of it, and that no word of it is lost."""

import re
import zipfile

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from icoca_portal.lib.richtext import clean, to_text
from meetings.importing import NotRead, from_marks, part_html, to_marks, understand, words_of
from meetings.importing.facts import date_in, number_in
from tests.meetings import past

WORD = re.compile(r"[^\W_]+")


def found(content, name="summary.docx"):
    return understand(content, name)[1]


def titles(understood):
    return [(item["number"], item["title"]) for item in understood["items"]]


def words(understood):
    return {word for text in words_of(understood) for word in WORD.findall(text.casefold())}


# What is understood


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (past.word("styled"), "a.docx"),
        (past.word("typed"), "a.docx"),
        (past.word("counted"), "a.docx"),
        (past.word("bold"), "a.docx"),
        (past.word("capitals"), "a.docx"),
        (past.MARKDOWN.encode(), "a.md"),
        (past.TEXT.encode(), "a.txt"),
        (past.TEXT.encode("utf-16"), "a.txt"),
        (past.TEXT.replace("'", "’").encode("cp1252"), "a.txt"),
        (b"\xef\xbb\xbf" + past.TEXT.replace("\n", "\r\n").encode(), "a.txt"),
    ],
    ids=["styled", "typed", "counted", "bold", "capitals", "markdown", "text", "utf-16", "cp1252", "bom, crlf"],
)
def test_number_date_place_chair_and_items_are_understood(content, name):
    understood = found(content, name)
    assert [item["title"].casefold() for item in understood["items"]] == [title.casefold() for title in past.TITLES]
    assert (understood["number"], understood["date"], understood["place"]) == (9, "2018-06-06", "Geneva")
    assert understood["chair"].startswith("Sample Chair")
    assert understood["participants"] == 15
    assert understood["language"] == "en"
    first = understood["items"][0]["blocks"]
    assert [block["kind"] for block in first].count("number") == 3
    assert any("attended by 15" in line["text"] and line["keep"] for line in understood["head"])


def test_lists_links_quotations_and_tables_keep_their_form():
    html = "".join(part_html(item["blocks"]) for item in found(past.MARKDOWN.encode(), "a.md")["items"])
    assert '<a href="https://www.sample.example/plan">on the site</a>' in html
    assert "<ol><li><p>government membership;</p></li>" in html
    assert "<li><p>client engagement;</p><ul><li><p>in writing;</p></li>" in html
    assert "<blockquote><p>Quoted sample words.</p></blockquote>" in html
    assert "<strong>sample</strong>" in html
    assert "<p>Companies | 93</p>" in html
    assert clean(html) == html


def test_what_stands_beside_the_text_is_shown_in_a_box():
    understood = found(past.word("styled"))
    head = [line for line in understood["head"] if line["note"]]
    assert [(line["text"], line["keep"]) for line in head] == [("Sample head of the pages", False)]


def test_a_french_summary_is_understood():
    text = (
        "Résumé de la présidence\n\nNeuvième échange du Groupe de travail\n\nGenève, le 6 juin 2018\n\n"
        "Présidence : Personne Exemple\n\nQuinze participants ont pris part à la réunion.\n\n"
        "Point 1 : Le plan stratégique\n\nLe Directeur exécutif a présenté le plan dans ses grandes lignes.\n\n"
        "Point 2 : Questions diverses\n\nLa date de la prochaine réunion est à confirmer."
    )
    understood = found(text.encode(), "a.txt")
    assert (understood["number"], understood["date"]) == (9, "2018-06-06")
    assert (understood["language"], understood["participants"]) == ("fr", 15)
    assert understood["chair"] == "Personne Exemple"
    assert titles(understood) == [("1", "Le plan stratégique"), ("2", "Questions diverses")]
    assert understood["items"][0]["written"] == "Point 1 : Le plan stratégique"


def test_a_text_without_titles_is_one_part():
    understood = found(
        b"Ninth exchange\n\n" + b"A sample sentence that goes on. " * 20 + b"\n\nAnd another one.", "a.txt"
    )
    assert len(understood["items"]) == 1
    assert len(understood["items"][0]["blocks"]) == 2


def test_a_long_opening_is_a_part_of_its_own():
    text = (
        "# Ninth exchange\n\n"
        + "The exchange was opened by the chair. " * 10
        + "\n\n## 1. Plan\n\nText.\n\n## 2. AOB\n\nText."
    )
    items = found(text.encode(), "a.md")["items"]
    assert [(item["title"], item["agenda"]) for item in items] == [
        ("Introduction", False), ("Plan", True), ("AOB", True)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on 6 June 2018 in Geneva", "2018-06-06"),
        ("le 6 juin 2018", "2018-06-06"),
        ("le 1er février 2016", "2016-02-01"),
        ("2018-06-06", "2018-06-06"),
        ("June 6th, 2018", "2018-06-06"),
        ("the 6th of June 2018", "2018-06-06"),
        ("Wednesday, June 6 2018", "2018-06-06"),
        ("06.06.2018", "2018-06-06"),
        ("31 June 2018", ""),
        ("in 2018", ""),
    ],
)
def test_dates_in_several_forms(text, day):
    assert date_in(text) == day


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Ninth exchange", 9),
        ("the 9th exchange of the Group", 9),
        ("neuvième échange", 9),
        ("9e réunion", 9),
        ("9ème échange", 9),
        ("Twenty-first informal exchange", 21),
        ("Exchange No. 12", 12),
        ("ICoCA-WG/9/Summary", 9),
        ("nine people", None),
    ],
)
def test_numbers_in_several_forms(text, number):
    assert number_in(text) == number


# What is refused


def macro():
    stream = past.io.BytesIO(past.word("styled"))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (macro(), "macros"),
        (past.word("styled")[:2000], "damaged"),
        (b"%PDF-1.7 sample", "PDF"),
        (b"{\\rtf1 sample}", "rich text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 sample", "old Word"),
        (b"<!DOCTYPE html><p>sample", "no text"),
        (b"MZ\x00\x01\x02", "no text"),
        (b"\xff\xfea", "damaged"),
        (b" \n ", "empty"),
    ],
    ids=["macro", "truncated", "pdf", "rtf", "doc", "page", "program", "half a letter", "empty"],
)
def test_a_damaged_or_foreign_file_gets_a_clear_message(content, words):
    with pytest.raises(NotRead, match=words):
        understand(content, "summary.docx")


# Nothing is dropped

plain = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzéà0123456789"), min_size=1, max_size=8)
sentence = st.lists(plain, min_size=1, max_size=12).map(" ".join)
STYLES = (
    "Normal",
    "Heading 1",
    "Heading 2",
    "Title",
    "List Bullet",
    "List Number",
    "List Bullet 2",
    "Quote",
    "Caption",
)
slow = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def documents(draw):
    """A Word file of any paragraphs in any styles, tables, heads and feet of pages, and its words."""
    document, said = Document(), []
    for _ in range(draw(st.integers(1, 10))):
        text = draw(sentence)
        said.append(text)
        match draw(st.sampled_from(("paragraph", "runs", "table", "head", "link", "numbered"))):
            case "paragraph":
                document.add_paragraph(text, style=draw(st.sampled_from(STYLES)))
            case "runs":
                paragraph = document.add_paragraph()
                for word in text.split():
                    run = paragraph.add_run(f"{word} ")
                    run.bold, run.italic = draw(st.booleans()), draw(st.booleans())
            case "table":
                table = document.add_table(rows=1, cols=2)
                table.rows[0].cells[1].text = text
            case "head":
                document.sections[0].header.add_paragraph(text)
                document.sections[0].footer.add_paragraph(text)
            case "link":
                past.add_link(document.add_paragraph(), text, "https://www.sample.example/")
            case "numbered":
                document.add_paragraph(f"{draw(st.integers(1, 12))}. {text}")
    return past.saved(document), " ".join(said)


@slow
@given(documents())
def test_every_word_of_a_word_file_is_in_the_preview(given_file):
    content, said = given_file
    assert set(WORD.findall(said.casefold())) <= words(found(content))


MARKS = ("#", "##", "###", "-", "*", "1.", "2)", ">", "  -", "    -", "    ")
markdown_line = st.one_of(
    sentence,
    st.builds("{} {}".format, st.sampled_from(MARKS), sentence),
    st.builds("**{}**".format, sentence),
    st.builds("{} [{}](https://x.example/{})".format, sentence, sentence, plain),
    st.builds("![{}](pic{}.png \"{}\")".format, sentence, plain, sentence),
    st.builds("[{}]: /{} '{}'".format, plain, plain, sentence),
    st.builds("| {} | {} |\n|---|---|\n| {} | {} |".format, plain, plain, plain, plain),
    st.builds("```{}\n{}\n```".format, plain, sentence),
    st.builds("<div>{}</div>".format, sentence),
    st.just(""),
)  # fmt: skip


@slow
@given(st.lists(markdown_line, min_size=1, max_size=14))
def test_every_word_of_markdown_is_in_the_preview(lines):
    text = "\n".join(lines)
    wanted = set(WORD.findall(text.casefold()))
    if not wanted:
        return
    # A number before an item of a list may be counted instead.
    wanted -= {word for line in lines for word in re.findall(r"^\s*(\d+)[.)]", line)}
    assert wanted <= words(found(text.encode(), "a.md"))


@slow
@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"], include_characters="\n\t"), max_size=300))
def test_every_word_of_a_text_is_in_the_preview(text):
    from icoca_portal.lib.richtext import printable

    try:
        understood = found(text.encode(), "a.txt")
    except NotRead:
        return
    assert set(WORD.findall(printable(text).casefold())) <= words(understood)


@settings(deadline=None)
@given(st.lists(st.tuples(sentence, st.sampled_from(["", "strong", "em"])), max_size=6), st.text(max_size=60))
def test_a_paragraph_survives_its_marks(runs, wild):
    html = " ".join(f"<{tag}>{text}</{tag}>" if tag else text for text, tag in runs)
    assert to_text(from_marks(to_marks(html))) == to_text(html)
    once = from_marks(wild)
    assert WORD.findall(to_text(once).casefold()) == WORD.findall(to_text(from_marks(to_marks(once))).casefold())
