"""What comes back from a form, whatever people did to it in their word processor."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation
from lxml import etree

from questionnaires.word import open_form, origin_of
from questionnaires.word.values import canonical
from tests.questionnaires.word.forms import (
    CHOICES,
    KINDS,
    VALUES,
    WRITTEN,
    W,
    content,
    edited,
    form,
    question_number,
    read,
    replaced,
    table_of,
    values_in,
)

ARABIC = "نص عربي طويل عن الخطة 2018"
CHINESE = "战略计划 2018：政府成员资格"
SHOWN = '<w:vanish w:val="0"/>'
W_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def issue(data: bytes, kind: str) -> tuple[str, str]:
    found = read(data).answers[question_number(kind)]
    return found.issue, found.about


def run(text: str, properties: str = "") -> str:
    return f'<w:r>{f"<w:rPr>{properties}</w:rPr>" if properties else ""}<w:t xml:space="preserve">{text}</w:t></w:r>'


def with_answer(paragraphs: str, kind: str = "long_text") -> bytes:
    """A form in which somebody put these paragraphs into the box of a text."""
    data = form({kind: "Sample text to be replaced"})
    return replaced(
        data, run("Sample text to be replaced"), f"</w:p><w:p>{paragraphs.removeprefix('<w:p>')}".removesuffix("</w:p>")
    )


def read_text(paragraphs: str) -> str:
    text = values_in(read(with_answer(paragraphs)))["long_text"]
    assert isinstance(text, str)
    return text


def test_what_was_written_is_what_is_read() -> None:
    reading = read(form(VALUES))
    assert values_in(reading) == VALUES
    assert not reading.unmatched
    assert not reading.unknown
    assert not any(answer.left_over for answer in reading.answers.values())


def test_a_blank_form_holds_no_answer() -> None:
    reading = read(form())
    assert not {kind: value for kind, value in values_in(reading).items() if value is not None}
    assert not any(answer.issue or answer.left_over for answer in reading.answers.values())


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_form_in_another_language_is_read_all_the_same(language) -> None:
    # The portal knows countries, and “yes” in a table, in its own languages only.
    given = VALUES if language == "fr" else {**VALUES, "country": None, "table": None}
    with translation.override(language):
        data = form(given, language=language)
    assert values_in(read(data)) == given


def test_choices_are_known_by_their_labels_in_each_language_of_the_edition() -> None:
    labelled = [{**choice, "labels": {"fr": f"En français: {choice['key']}"}} for choice in CHOICES]
    french = content("fr", single={"choices": labelled}, ranking={"choices": labelled})
    data = form(VALUES, of=french)
    data = replaced(data, 'w:val="q104:second"', 'w:val=""')
    assert values_in(read(data, french)) == VALUES


def test_what_a_form_says_of_itself_travels_in_its_properties_and_in_its_foot() -> None:
    versions = {question: question * 7 for question in range(1, 400)}
    opened = open_form(form(versions=versions))
    whole = origin_of(opened)
    assert whole is not None
    assert (whole.questionnaire, whole.edition, whole.response) == ("SQ", 1, "ch")
    assert (whole.written_at, whole.versions) == (WRITTEN, versions)

    without = replaced(form(versions=versions), 'name="Questionnaire"', 'name="Renamed"', "docProps/custom.xml")
    stamped = origin_of(open_form(without))
    assert stamped is not None
    assert (stamped.questionnaire, stamped.response, stamped.written_at) == ("SQ", "ch", WRITTEN)
    assert stamped.versions is None


def test_nothing_in_properties_is_taken_for_more_than_text() -> None:
    broken = replaced(form(), "<vt:lpwstr>1<", "<vt:lpwstr>one<", "docProps/custom.xml")
    stamped = origin_of(open_form(broken))
    assert stamped is not None  # from the foot
    assert stamped.versions is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (ARABIC, ARABIC),
        (CHINESE, CHINESE),
        ("word " * 5000, ("word " * 5000).strip()),
        ("tab\tinside", "tab\tinside"),
        ("two  spaces", "two  spaces"),
        ("<b>no markup</b> &amp; [Q104]", "<b>no markup</b> &amp; [Q104]"),
        ("😀 \U0001f1e8\U0001f1ed", "😀 \U0001f1e8\U0001f1ed"),
        ("control \x07 sign", "control  sign"),
    ],
)
def test_texts_come_back_letter_by_letter(text, value) -> None:
    assert values_in(read(form({"long_text": text})))["long_text"] == value


def test_five_thousand_paragraphs_are_one_answer() -> None:
    text = "\n".join(f"Paragraph {number}" for number in range(5000))
    assert values_in(read(form({"long_text": text})))["long_text"] == text


def test_a_book_is_no_answer() -> None:
    assert issue(form({"long_text": "long " * 50_000}), "long_text")[0] == "too_long"


# What Word adds to a text


def test_insertions_are_taken_and_deletions_are_not() -> None:
    data = with_answer(
        f'<w:p>{run("We ")}<w:ins w:id="1">{run("strongly ")}</w:ins>'
        f'<w:del w:id="2"><w:r><w:delText>barely </w:delText></w:r></w:del>{run("agree")}'
        f'<w:moveFrom w:id="3">{run("moved away")}</w:moveFrom>'
        f'<w:moveTo w:id="4">{run(", moved here")}</w:moveTo></w:p>'
    )
    reading = read(data)
    assert values_in(reading)["long_text"] == "We strongly agree, moved here"
    assert (reading.tally.insertions, reading.tally.deletions) == (2, 2)


def test_paragraphs_whose_mark_is_deleted_are_one() -> None:
    deleted = '<w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>'
    joined = f"<w:p>{deleted}{run('One ')}</w:p><w:p>{run('line')}</w:p><w:p>{run('Next')}</w:p>"
    assert read_text(joined) == "One line\nNext"


def test_comments_hidden_text_and_notes_are_left_out_and_counted() -> None:
    data = with_answer(
        f'<w:p>{run("Seen")}<w:commentRangeStart w:id="1"/><w:r><w:commentReference w:id="1"/></w:r>'
        f"{run(' hidden', '<w:vanish/>')}{run(' shown', SHOWN)}"
        '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:drawing/></w:r></w:p>'
    )
    reading = read(data)
    assert values_in(reading)["long_text"] == "Seen shown"
    tally = reading.tally
    assert (tally.comments, tally.hidden, tally.footnotes, tally.pictures) == (1, 1, 1, 1)


def test_text_that_a_style_hides_is_left_out() -> None:
    secret = '<w:rStyle w:val="Secret"/>'
    data = with_answer(f"<w:p>{run('Seen')}{run(' secret', secret)}</w:p>")
    style = (
        f'<w:style {W_NAMESPACE} w:type="character" w:styleId="Secret">'
        '<w:name w:val="Secret"/><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    reading = read(replaced(data, "</w:styles>", f"{style}</w:styles>", "word/styles.xml"))
    assert values_in(reading)["long_text"] == "Seen"
    assert reading.tally.hidden == 1


def test_links_fields_and_breaks_keep_their_words() -> None:
    text = read_text(
        f'<w:p><w:hyperlink w:anchor="x">{run("a link")}</w:hyperlink>'
        f'<w:fldSimple w:instr="PAGE">{run(" a field")}</w:fldSimple>'
        "<w:r><w:br/><w:t>a new line</w:t><w:tab/><w:t>a tab</w:t><w:noBreakHyphen/><w:softHyphen/><w:t>end</w:t></w:r>"
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF x </w:instrText></w:r></w:p>'
    )
    assert text == "a link a field\na new line\ta tab\u2011end"


def test_lists_keep_their_marks() -> None:
    data = with_answer(
        "".join(
            f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr></w:pPr>'
            f"{run(text)}</w:p>"
            for number, level, text in (
                (91, 0, "one"), (91, 0, "two"), (91, 1, "inner"), (91, 0, "three"), (92, 0, "bullet"), (0, 0, "plain")
            )
        )
    )  # fmt: skip
    levels = '<w:lvl w:ilvl="0"><w:numFmt w:val="{}"/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/></w:lvl>'
    kinds = "".join(
        f'<w:abstractNum w:abstractNumId="{number}">{levels.format(kind)}</w:abstractNum>'
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
        for number, kind in ((91, "decimal"), (92, "bullet"))
    )
    data = replaced(data, "</w:numbering>", f"{kinds}</w:numbering>", "word/numbering.xml")
    assert values_in(read(data))["long_text"] == "1. one\n2. two\n  a. inner\n3. three\n– bullet\nplain"


def test_a_table_inside_an_answer_is_part_of_it() -> None:
    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc><w:p>{run(cell)}</w:p></w:tc>" for cell in cells) + "</w:tr>"

    nested = f"<w:tbl>{row('[Q104]', 'not a key')}{row('2017', '12')}</w:tbl>"
    data = replaced(
        form({"long_text": "Before", "single": VALUES["single"]}),
        f"{run('Before')}",
        f"{run('Before')}</w:p>{nested}<w:p>{run('After')}",
    )
    found = values_in(read(data))
    assert found["long_text"] == "Before\n[Q104] | not a key\n2017 | 12\nAfter"
    assert found["single"] == VALUES["single"]


# What people do to a form


def test_without_its_key_a_box_is_known_by_its_controls_its_bookmark_or_the_question_above() -> None:
    data = form(VALUES)
    for kind in KINDS:
        if kind != "file":
            data = replaced(data, f"[Q{question_number(kind)}]", "")
    assert values_in(read(data)) == VALUES


def test_without_key_control_and_bookmark_the_question_above_tells() -> None:
    data = replaced(form(VALUES), "[Q101]", "")
    data = replaced(data, 'w:name="a_q101"', 'w:name="renamed"')
    assert values_in(read(data)) == VALUES


def test_a_box_that_nothing_tells_is_reported() -> None:
    data = replaced(form(VALUES), "[Q101]", "")
    data = replaced(data, 'w:name="a_q101"', 'w:name="renamed"')
    reading = read(replaced(data, "Sample question, short text?", "Something else?"))
    assert question_number("short_text") not in reading.answers
    assert reading.unmatched == ["Sample short answer"]


def test_two_boxes_that_became_one_table_are_told_apart() -> None:
    def join(tree: Any) -> None:
        first, second = table_of(tree, "email"), table_of(tree, "url")
        first.extend(second.findall(f"{W}tr"))
        second.getparent().remove(second)

    found = values_in(read(edited(form({"email": "first@portal.example", "url": "portal.example"}), join)))
    assert (found["email"], found["url"]) == ("first@portal.example", "portal.example")


def test_a_box_that_was_copied_is_read_once_if_it_says_one_thing() -> None:
    data = replaced(form({"short_text": "One", "email": "two@portal.example"}), "[Q113]", "[Q101]")
    data = replaced(data, 'w:name="a_q113"', 'w:name="a_q101_1"')
    assert issue(data, "short_text") == ("twice", "One\n\ntwo@portal.example")
    data = replaced(form({"short_text": "One"}), "[Q113]", "[Q101]")
    assert read(data).answers[question_number("short_text")].value == "One"


def test_a_tick_is_what_somebody_sees() -> None:
    data = form({"single": {"choice": "second", "other": ""}})
    data = replaced(data, "☒", "☐")
    assert values_in(read(data))["single"] is None


@pytest.mark.parametrize("typed", ["x ", "X ", "[x] ", "(x) ", "☑ ", "✓ "])
def test_a_tick_may_be_typed(typed) -> None:
    data = replaced(form(), run("Second"), run(f"{typed}Second"))
    # The first place it stands in is that of the one choice.
    assert values_in(read(data))["multiple"] == {"choices": ["second"], "other": ""}


def test_where_the_boxes_are_gone_the_label_that_stands_is_the_answer() -> None:
    def retype(tree: Any) -> None:
        paragraph = list(table_of(tree, "yes_no").iter(f"{W}p"))[-1]
        for child in list(paragraph)[1:]:
            paragraph.remove(child)
        paragraph.append(etree.fromstring(f"<w:r {W_NAMESPACE}><w:t>Yes</w:t></w:r>"))

    assert values_in(read(edited(form({"yes_no": "no"}), retype)))["yes_no"] == "yes"


def test_two_ticks_where_one_is_asked_for_cannot_be_read() -> None:
    data = form({"single": {"choice": "second", "other": ""}, "scale": 5, "yes_no": "no"})
    data = replaced(data, "☐", "☒")
    assert issue(data, "single") == ("several", "First; Second; Third; Other")
    assert issue(data, "scale") == ("several", "1; 2; 3; 4; 5")
    assert issue(data, "yes_no") == ("several", "Yes; No")
    assert issue(data, "matrix") == ("several_in_row", "Row one")


def test_a_choice_that_is_none_cannot_be_read() -> None:
    data = replaced(form({"scale": 5}), "q106:5", "q106:nine")
    data = replaced(data, "5 (very important)", "9 (beyond)")
    found = values_in(read(data))
    assert found["scale"] == 5  # by its place
    added = replaced(data, run(" 9 (beyond)".replace(" ", "\u00a0", 1)), run("9 (beyond) ☒ 10"))
    assert issue(added, "scale")[0] == "strange_choice"


def test_a_rank_and_a_country_that_are_none_cannot_be_read() -> None:
    data = replaced(form(VALUES), run("Côte d&apos;Ivoire".replace("&apos;", "'")), run("Atlantis"))
    assert issue(data, "country") == ("no_country", "Atlantis")
    text = replaced(form({"ranking": {"first": 2}}), run("2"), run("second"))
    assert issue(text, "ranking") == ("no_rank", "First: second")


@pytest.mark.parametrize("name", ["Switzerland", "SWITZERLAND", "ch", "Suisse"])
def test_a_country_is_known_by_its_name_in_the_portals_languages_and_by_its_code(name) -> None:
    with translation.override("en"):
        data = form({"country": "CI"})
    assert values_in(read(replaced(data, run("Côte d'Ivoire"), run(name))))["country"] == "CH"


def test_what_is_typed_as_number_or_date_is_kept_as_typed() -> None:
    data = form({"number": "about a dozen", "date": "end of 2018"})
    found = values_in(read(data))
    assert (found["number"], found["date"]) == ("about a dozen", "end of 2018")
    found = values_in(read(form({"number": "12.5 CHF", "date": "1.2.2018"})))
    assert (found["number"], found["date"]) == ("12.5", "2018-02-01")


def test_words_beside_the_choices_are_reported() -> None:
    data = replaced(form({"yes_no": "yes"}), run("\u00a0No"), f"{run(chr(160) + 'No')}</w:p><w:p>{run('It depends')}")
    answer = read(data).answers[question_number("yes_no")]
    assert answer.value == "yes"
    assert answer.left_over == "It depends"


def test_rows_may_be_added_to_a_table_and_columns_renamed() -> None:
    def grow(tree: Any) -> None:
        table = table_of(tree, "table")
        cells = "".join(f"<w:tc><w:p>{run(cell)}</w:p></w:tc>" for cell in ("", "New", "7", "", "x", "France"))
        table.append(etree.fromstring(f"<w:tr {W_NAMESPACE}>{cells}</w:tr>"))

    grown = edited(form({"table": VALUES["table"]}), grow)
    new = {"what": "New", "how-many": "7", "public": "yes", "where": "FR"}
    assert values_in(read(grown))["table"] == [*VALUES["table"], new]
    renamed = replaced(grown, run("How many"), run("Number of them"))
    assert values_in(read(renamed))["table"] == [*VALUES["table"], new]


def test_deleted_rows_are_no_rows() -> None:
    def delete(tree: Any) -> None:
        row = table_of(tree, "table").findall(f"{W}tr")[2]
        row.find(f"{W}trPr").append(etree.fromstring(f'<w:del {W_NAMESPACE} w:id="5"/>'))

    reading = read(edited(form({"table": VALUES["table"]}), delete))
    assert values_in(reading)["table"] == VALUES["table"][:1]
    assert reading.tally.deletions == 1


def test_questions_of_no_edition_are_reported() -> None:
    reading = read(replaced(form(VALUES), "[Q101]", "[Q990]"))
    assert reading.unknown == {990: "Sample short answer"}


@pytest.mark.parametrize("kind", list(VALUES))
def test_a_stored_value_is_compared_as_a_form_would_give_it_back(kind) -> None:
    question = content().by_id[question_number(kind)]
    assert canonical(question, VALUES[kind]) == VALUES[kind]
    assert canonical(question, None) is None
