"""What each kind of question reads, says and shows, whatever is posted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import translation
from hypothesis import example, given, settings
from hypothesis import strategies as st

from icoca_portal.lib import sealing
from icoca_portal.lib.numbers import number_in
from questionnaires.checks import problems_of
from questionnaires.editions import Choice, FrozenQuestion, choices_of
from questionnaires.forms import read_change
from questionnaires.kinds import (
    COLUMN_TYPES,
    KINDS,
    country_names,
    kind_of,
    parse_day,
    parse_number,
    show,
    shown_rows,
    stored_pairs,
    words,
)
from questionnaires.models import Question
from tests.factories import COLUMNS, VALUES
from tests.questionnaires.answering import query

LABELS = "First\nSecond\nOther\n中文\n— — —\nFirst!"


def ask(kind: str, **more: Any) -> FrozenQuestion:
    """A question with choices in several scripts, and the rows of a matrix."""
    choices = tuple(Choice(**choice) for choice in choices_of(LABELS))
    rows = (Choice("row-one", "Row one"), Choice("row-two", "Row two"))
    columns = tuple(Choice(f"c-{name}", f"Column {name}", name) for name in COLUMN_TYPES)
    plain = FrozenQuestion(
        id=7,
        number="1.1",
        kind=kind,
        text="Sample question?",
        help="",
        required=False,
        objective=None,
        choices=choices,
        rows=rows,
        other=False,
        low="",
        high="",
        words=None,
        minimum=None,
        maximum=None,
        unit="",
        columns=columns,
    )
    return replace(plain, **more)


def read(kind: str, *pairs: tuple[str, str], **more: Any) -> Any:
    question = ask(kind, **more)
    return kind_of(question).read(question, query(list(pairs)), "q7")


def said(kind: str, value: Any, **more: Any) -> list[str]:
    return problems_of(ask(kind, **more), value)


def test_every_kind_of_the_model_is_known() -> None:
    assert set(KINDS) == set(Question.Kind.values)


WRONG_ADDRESS = "Write a web address, for example https://www.example.org."
NASTY = st.sampled_from(
    [
        "",
        " ",
        "\x00",
        "\ud800",
        "x" * 200_000,
        "\u202e",
        "😀",
        "العربية",
        "a\r\nb\rc\nd",
        "<b>",
        "other",
        "0",
        "٣",
        "1e9",
    ]
)
TEXTS = st.text(st.characters(), max_size=40) | NASTY
CHOSEN = TEXTS | st.sampled_from(
    [*(choice["key"] for choice in choices_of(LABELS)), "yes", "no", "1", "2", "3", "6", "CH", "ch", "XX", "2018-11-30"]
)


@st.composite
def posts(draw: st.DrawFn) -> tuple[FrozenQuestion, QueryDict]:
    """A question of any kind, and a post that may fit it or not, with names twice and values of all sorts."""
    question = ask(draw(st.sampled_from([kind for kind in KINDS if kind != "file"])), other=draw(st.booleans()))
    names = kind_of(question).names(question, "q7")
    return question, query(draw(st.lists(st.tuples(st.sampled_from([*names, "q7-other", "q8"]), CHOSEN), max_size=9)))


@settings(deadline=None, max_examples=400)
@given(posts())
@example((ask("long_text"), query([("q7", "a\ud800\x00\r\nb")])))
def test_what_is_read_is_what_its_fields_would_post_again(post: tuple[FrozenQuestion, QueryDict]) -> None:
    question, data = post
    kind = kind_of(question)

    value = kind.read(question, data, "q7")

    again = query(kind.pairs(question, value, "q7"))
    assert kind.read(question, again, "q7") == value
    # Browsers send line ends as two signs, and whatever a page does not hold stays away.
    crlf = query([(name, text.replace("\n", "\r\n")) for name, text in kind.pairs(question, value, "q7")])
    assert kind.read(question, crlf, "q7") == value
    # It can be stored on both databases, sealed, shown and judged.
    assert "\\u0000" not in sealing.canonical(value)
    sealing.canonical(value).encode("utf-8")
    stored_pairs(question, value)
    assert isinstance(show(question, value), str)
    assert all(sentence.endswith(".") for sentence in problems_of(question, value))
    if value is None:
        assert problems_of(replace(question, required=True), value)
        assert show(question, value) == ""


@given(st.text())
@example("٣")
@example("1" * 400)
@example("-0")
def test_no_number_and_no_day_crashes(text: str) -> None:
    assert parse_number(text) is None or isinstance(parse_number(text), Decimal)
    assert parse_day(text) is None or isinstance(parse_day(text), date)
    assert number_in(query([("v", text)]), "v") >= 0


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "file"])
def test_the_good_value_of_every_kind_goes_round(kind: str) -> None:
    keys = tuple(Choice(key, key.title()) for key in ("first", "second", "third"))
    question = ask(kind, choices=keys, columns=tuple(Choice(**column) for column in COLUMNS))
    assert (
        kind_of(question).read(question, query(kind_of(question).pairs(question, VALUES[kind], "q7")), "q7")
        == VALUES[kind]
    )
    assert problems_of(question, VALUES[kind]) == []


# Reading
def test_texts_lose_space_around_them_and_nothing_else() -> None:
    assert read("long_text", ("q7", " \r\n one\r\n\r\n  two\tthree \r\n")) == "one\n\n  two\tthree"
    assert read("long_text", ("q7", " \r\n\t")) is None
    assert read("short_text", ("q7", "one\r\ntwo")) == "one two"


def test_a_name_twice_counts_once() -> None:
    assert read("long_text", ("q7", "first"), ("q7", "last")) == "last"
    assert read("multiple", ("q7", "second"), ("q7", "first"), ("q7", "first")) == {
        "choices": ["first", "second"],
        "other": "",
    }


def test_choices_that_are_not_offered_are_dropped() -> None:
    assert read("single", ("q7", "fourth")) is None
    assert read("single", ("q7", "other")) is None
    assert read("single", ("q7", "other"), ("q7-other", "text"), other=True) == {"choice": "other", "other": "text"}
    assert read("single", ("q7", "first"), ("q7-other", "text")) == {"choice": "first", "other": ""}
    assert read("multiple", ("q7", "fourth"), ("q7", "other")) is None
    assert read("yes_no", ("q7", "maybe")) is None
    assert read("scale", ("q7", "6")) is None
    assert read("scale", ("q7", "٣")) is None
    assert read("ranking", ("q7-rank-first", "9"), ("q7-rank-none", "1")) is None
    assert read("matrix", ("q7-row-row-one", "fourth"), ("q7-row-row-three", "first")) is None


def test_a_choice_called_other_is_not_the_other_with_a_text() -> None:
    keys = [choice["key"] for choice in choices_of(LABELS)]
    assert "other" not in keys
    assert len(set(keys)) == len(keys) == 6


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", "12"),
        ("12.5", "12.5"),
        ("12,5", "12.5"),
        ("1 234,50", "1234.50"),
        ("1’234’567", "1234567"),
        ("1'234.5", "1234.5"),
        ("\u22125", "-5"),
        ("+7", "7"),
        ("0.125", "0.125"),
        ("0,125", "0.125"),
        ("-0", "0"),
        ("1,000", None),  # a thousand to some, one to others
        ("1.000", None),
        ("12.500", None),
        ("-12,500", None),
        ("1,000,000", None),
        ("1,234.5", None),
        ("1e9", None),
        ("NaN", None),
        ("Infinity", None),
        ("٣", None),
        ("twelve", None),
        ("1" * 15, None),
    ],
)
def test_numbers_as_people_type_them(typed: str, number: str | None) -> None:
    assert parse_number(typed) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2018-11-30", date(2018, 11, 30)),
        ("30.11.2018", date(2018, 11, 30)),
        ("30/11/2018", date(2018, 11, 30)),
        ("1.2.2018", date(2018, 2, 1)),
        ("2018-02-30", None),
        ("11/30/2018", None),
        ("0000-01-01", None),
        ("soon", None),
    ],
)
def test_days_as_people_type_them(typed: str, day: date | None) -> None:
    assert parse_day(typed) == day


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("one two\nthree", 3), ("  spaced   out ", 2), ("中文字", 3), ("한국어 text", 4), ("—", 1)],
)
def test_words_are_counted_as_word_processors_do(text: str, count: int) -> None:
    assert words(text) == count


# What is wrong
@pytest.mark.parametrize(
    ("kind", "value", "more", "sentences"),
    [
        ("long_text", "one two three", {"words": 3}, []),
        ("long_text", "one two three", {"words": 2}, ["Shorten the answer by 1 word."]),
        ("short_text", "one two three four", {"words": 2}, ["Shorten the answer by 2 words."]),
        ("single", {"choice": "other", "other": ""}, {"other": True}, ["Write what “other” is."]),
        (
            "single",
            {"choice": "first", "other": "text"},
            {"other": True},
            ["Choose “other” for the text that stands there, or remove the text."],
        ),
        (
            "single",
            {"choice": "", "other": "text"},
            {"other": True},
            ["Choose “other” for the text that stands there, or remove the text."],
        ),
        ("multiple", {"choices": ["first", "other"], "other": ""}, {"other": True}, ["Write what “other” is."]),
        (
            "multiple",
            {"choices": ["first"], "other": "text"},
            {"other": True},
            ["Choose “other” for the text that stands there, or remove the text."],
        ),
        ("multiple", {"choices": ["first", "other"], "other": "text"}, {"other": True}, []),
        ("number", "5", {"minimum": "5", "maximum": "5"}, []),
        ("number", "4.9", {"minimum": "5"}, ["Write a number not below 5."]),
        ("number", "5.1", {"maximum": "5"}, ["Write a number not above 5."]),
        (
            "number",
            "about five",
            {"minimum": "5"},
            ["Write a number in figures, for example 1000 or 12.5, without a point or comma for thousands."],
        ),
        ("date", "soon", {}, ["Write a date as day, month and year, for example 30.11.2018."]),
        ("ranking", {"first": 1, "second": 1}, {}, ["Give each rank once."]),
        ("ranking", {"first": 1, "second": 2}, {}, ["Rank all 6, or none."]),
        ("matrix", {"row-one": "first"}, {}, []),
        ("multiple", {"choices": ["first"], "other": ""}, {"min_choices": 2}, ["Choose at least 2; you chose 1."]),
        (
            "multiple",
            {"choices": ["first", "second", "other"], "other": "text"},
            {"other": True, "max_choices": 2},
            ["Choose at most 2; you chose 3."],
        ),
        ("multiple", {"choices": ["first", "second"], "other": ""}, {"min_choices": 2, "max_choices": 2}, []),
        ("email", "sample@sample.example", {}, []),
        ("email", "sample at sample", {}, ["Write an e-mail address, for example name@example.org."]),
        ("url", "https://www.sample.example/a?b=c", {}, []),
        ("url", "www.sample.example", {}, []),
        ("url", "javascript://sample.example/%0aalert(1)", {}, [WRONG_ADDRESS]),
        ("url", "the ministry’s site", {}, [WRONG_ADDRESS]),
        ("table", [{"c-text": "one"}, {"c-number": "1 000", "c-date": "1.2.2018", "c-country": "CH"}], {}, []),
        ("table", [{"c-text": "one"}] * 3, {"max_rows": 2}, ["Remove 1 row."]),
        (
            "table",
            [{"c-number": "1"}, {"c-number": "few", "c-date": "soon"}],
            {},
            [
                "Row 2, Column number: Write a number in figures, for example 1000 or 12.5, "
                "without a point or comma for thousands.",
                "Row 2, Column date: Write a date as day, month and year, for example 30.11.2018.",
            ],
        ),
        (
            "matrix",
            {"row-one": "first"},
            {"required": True},
            ["Choose one answer in each row; missing: Row two."],
        ),
    ],
)
def test_what_stops_a_submission_is_said_with_what_to_do(kind, value, more, sentences) -> None:
    assert said(kind, value, **more) == sentences


# Showing
@pytest.mark.parametrize(
    ("kind", "value", "more", "shown"),
    [
        ("long_text", "one\ntwo", {}, "one\ntwo"),
        ("yes_no", "yes", {}, "Yes"),
        ("yes_no", "no", {}, "No"),
        ("single", {"choice": "second", "other": ""}, {}, "Second"),
        ("single", {"choice": "other", "other": "mine"}, {}, "Other: mine"),
        ("single", {"choice": "other", "other": ""}, {}, "Other"),
        ("multiple", {"choices": ["first", "other"], "other": "mine"}, {}, "First; Other: mine"),
        ("scale", 5, {"high": "very important"}, "5 (very important)"),
        ("scale", 4, {"high": "very important"}, "4"),
        ("number", "12,50", {"unit": "CHF"}, "12.50 CHF"),
        ("number", "about five", {"unit": "CHF"}, "about five CHF"),
        ("date", "2018-11-30", {}, "30 November 2018"),
        ("date", "soon", {}, "soon"),
        ("ranking", {"first": 2, "second": 1}, {}, "1. Second; 2. First"),
        ("matrix", {"row-two": "first"}, {}, "Row two: First"),
        ("file", [{"attachment": 1, "name": "a.pdf", "size": 3, "sha256": "0"}], {}, "a.pdf"),
        ("country", "CH", {}, "Switzerland"),
        ("country", "YU", {}, "YU"),
        ("confirmation", "yes", {}, "Confirmed"),
        ("email", "a@b.example", {}, "a@b.example"),
        (
            "table",
            [{"c-text": "one; two", "c-yes_no": "no"}, {"c-number": "1000", "c-date": "2018-11-30", "c-country": "CH"}],
            {},
            "1. Column text: one; two; Column yes_no: No\n"
            "2. Column number: 1\u202f000; Column date: 30 November 2018; Column country: Switzerland",
        ),
    ],
)
def test_what_a_reader_sees(kind, value, more, shown) -> None:
    with translation.override("en"):
        assert show(ask(kind, **more), value) == shown
        assert show(ask(kind, **more), None) == ""


def test_a_country_is_named_in_the_language_of_the_reader() -> None:
    with translation.override("fr"):
        assert show(ask("country"), "CH") == "Suisse"
        assert ("CH", "Suisse") in country_names()
    with translation.override("en"):
        assert ("CH", "Switzerland") in country_names()


@pytest.mark.parametrize(
    ("kind", "more", "sentence"),
    [
        ("long_text", {"words": 150}, "Up to 150 words."),
        ("multiple", {"min_choices": 2}, "Choose at least 2."),
        ("multiple", {"max_choices": 3}, "Choose at most 3."),
        ("multiple", {"min_choices": 2, "max_choices": 3}, "Choose 2 to 3."),
        ("multiple", {"min_choices": 2, "max_choices": 2}, "Choose 2."),
        ("number", {"minimum": "0", "maximum": "100"}, "From 0 to 100."),
        ("number", {"minimum": "0"}, "Not below 0."),
        ("number", {"maximum": "100"}, "Not above 100."),
        ("table", {"max_rows": 4}, "Up to 4 rows."),
        ("table", {}, ""),
        ("single", {"max_choices": 3}, ""),
    ],
)
def test_limits_are_said_before_somebody_writes(kind, more, sentence) -> None:
    assert kind_of(ask(kind, **more)).limits(ask(kind, **more)) == sentence


# Tables
def test_rows_without_text_are_no_rows_and_the_others_keep_their_order() -> None:
    assert read(
        "table",
        ("q7-cell-10-c-text", "ten"),
        ("q7-cell-2-c-text", " two\r\nlines "),
        ("q7-cell-2-c-number", ""),
        ("q7-cell-1-c-text", "  "),
        ("q7-cell-0-c-none", "no such column"),
        ("q7-cell-__row__-c-text", "the row that a page adds"),
        ("q7-cell-3-c-country", "XX"),
        ("q7-cell-3-c-yes_no", "maybe"),
    ) == [{"c-text": "two lines"}, {"c-text": "ten"}]
    assert read("table", ("q7-cell-0-c-text", " ")) is None


def test_a_table_keeps_more_rows_than_it_takes() -> None:
    rows = [(f"q7-cell-{number}-c-text", f"row {number}") for number in range(40)]
    assert len(read("table", *rows, max_rows=2)) == 40


def test_a_row_that_somebody_removes_is_left_out_of_what_is_read() -> None:
    rows = [(f"q7-cell-{number}-c-text", f"row {number}") for number in range(3)]
    assert read("table", *rows, ("go", "drop-7-1")) == [{"c-text": "row 0"}, {"c-text": "row 2"}]
    assert len(read("table", *rows, ("go", "drop-8-1"))) == 3


def test_a_table_is_read_cell_by_cell() -> None:
    value = [{"c-text": "one"}, {"c-number": "1000", "c-yes_no": "yes"}]
    assert shown_rows(ask("table"), value) == [["one", "", "", "", ""], ["", "1\u202f000", "", "Yes", ""]]


# What is posted beside the field
def test_what_a_form_does_not_hold_is_no_change() -> None:
    question = ask("long_text")
    assert read_change(question, query([("q7", "text without a version")])) is None
    assert read_change(question, query([("q7-version", "1"), ("q7", "x"), ("q7-pick", "theirs")])) is None
    assert read_change(ask("file"), query([("q7-version", "1"), ("q7", "x")])) is None
