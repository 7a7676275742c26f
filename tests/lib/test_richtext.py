"""Rich text: what is kept, what goes, and that nothing breaks it."""

from html import escape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icoca_portal.lib.richtext import ALLOWED_TAGS, MAX_DEPTH, clean, from_text, printable, to_blocks, to_text

FRAGMENTS = st.lists(
    st.one_of(
        st.sampled_from(
            [f"<{tag}>" for tag in sorted(ALLOWED_TAGS)]
            + [f"</{tag}>" for tag in sorted(ALLOWED_TAGS)]
            + ["<div>", "</div>", "<table>", "<td>", "</td>", "<b>", "</i>", "<h1>", "<a href='https://a.example'>"]
            + ["<a href='javascript:x'>", "<script>", "</script>", "<!--", "-->", "&amp;", "&#0;", "<svg>", "<p", "<"]
        ),
        st.text(max_size=12),
    ),
    max_size=25,
).map("".join)


def words(value: Any) -> str:
    """All text in blocks, in order, without blanks."""
    if isinstance(value, dict):
        text = "".join(words(value[key]) for key in ("text", "runs", "items", "blocks") if key in value)
    elif isinstance(value, list):
        text = "".join(words(child) for child in value)
    else:
        text = value
    return "".join(text.split())


def depth(blocks: list[Any]) -> int:
    inner = [child for block in blocks for child in (*block.get("items", []), block.get("blocks", []))]
    nested = any("items" in block or "blocks" in block for block in blocks)
    return nested + max((depth(child) for child in inner), default=0)


@given(FRAGMENTS)
def test_clean_is_stable_and_leaves_only_known_tags(html: str):
    cleaned = clean(html)
    assert clean(cleaned) == cleaned
    for part in cleaned.split("<")[1:]:
        assert part.strip("/").split(">")[0].split(" ")[0] in ALLOWED_TAGS
    assert "javascript:" not in "".join(part.split(">")[0] for part in cleaned.split("<")[1:])


@given(FRAGMENTS)
def test_to_blocks_takes_anything_and_keeps_the_depth(html: str):
    blocks = to_blocks(html)
    assert depth(blocks) <= MAX_DEPTH
    assert isinstance(to_text(html), str)


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=20), max_size=8))
def test_text_is_kept_whatever_stands_around_it(texts: list[str]):
    tags = ["p", "li", "div", "blockquote", "h3", "strong", "td"]
    html = "".join(f"<{tags[place % 7]}>{escape(text)}</{tags[place % 7]}>" for place, text in enumerate(texts))
    assert words(to_blocks(html)) == "".join("".join(printable(text) for text in texts).split())


@given(st.text())
def test_plain_text_survives_the_round_trip(text: str):
    assert "".join(to_text(from_text(text)).split()) == "".join(printable(text).split())


def test_paragraphs_and_line_ends_of_plain_text():
    assert from_text("One & <two>\nthree\n\n\nfour") == "<p>One &amp; &lt;two&gt;<br>three</p><p>four</p>"
    assert to_text(from_text("One\ntwo\n\nthree")) == "One\ntwo\n\nthree"
    assert from_text(" \n ") == ""


def test_formatting_is_kept_and_the_rest_goes():
    html = '<p onclick="x" style="y">a <b>b</b> <i>c</i> <u>d</u></p><script>alert(1)</script><style>p{}</style>'
    assert clean(html) == "<p>a <strong>b</strong> <em>c</em> d</p>"


def test_words_of_dropped_blocks_do_not_run_together():
    assert to_text("<div>one</div><div>two</div><table><tr><td>three</td><td>four</td></tr></table>") == (
        "one\n\ntwo\n\nthree four"
    )


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "/relative", "//host", "file:///etc", "x"]
)
def test_only_web_and_mail_addresses_stay_links(address: str):
    assert "href" not in clean(f'<a href="{address}">words</a>')
    assert to_blocks(f'<a href="{address}">words</a>') == [{"type": "p", "runs": [{"text": "words"}]}]


def test_a_link_keeps_its_address_and_nothing_else():
    html = '<p><a href="https://example.org/a?b=1&amp;c=2" target="_blank" onclick="x">words</a></p>'
    assert clean(html) == '<p><a href="https://example.org/a?b=1&amp;c=2">words</a></p>'
    assert to_blocks(html)[0]["runs"] == [{"text": "words", "href": "https://example.org/a?b=1&c=2"}]
    assert to_text(html) == "words (https://example.org/a?b=1&c=2)"
    assert to_text('<a href="mailto:a@example.org">a@example.org</a>') == "a@example.org"


def test_an_address_too_long_for_a_paper_loses_its_link():
    assert to_blocks(f'<a href="https://example.org/{"x" * 3000}">words</a>')[0]["runs"] == [{"text": "words"}]


def test_lists_keep_their_order_and_nesting():
    html = "<ol><li>one</li><li>two<ul><li>inner</li></ul></li></ol>"
    assert to_blocks(html) == [
        {
            "type": "ol",
            "items": [
                [{"type": "p", "runs": [{"text": "one"}]}],
                [
                    {"type": "p", "runs": [{"text": "two"}]},
                    {"type": "ul", "items": [[{"type": "p", "runs": [{"text": "inner"}]}]]},
                ],
            ],
        }
    ]
    assert to_text(html) == "1. one\n2. two\n   - inner"


def test_what_is_nested_too_deep_stays_in_the_innermost_list():
    html = "".join(f"<ul><li>level{number} " for number in range(40))
    blocks = to_blocks(html)
    assert depth(blocks) == MAX_DEPTH
    assert words(blocks) == "".join(f"level{number}" for number in range(40))


def test_thousands_of_open_tags_are_no_trouble():
    assert words(to_blocks("<blockquote>" * 3000 + "text")) == "text"


def test_a_heading_in_a_list_becomes_bold():
    assert to_blocks("<ul><li><h3>Heading</h3></li></ul>")[0]["items"] == [
        [{"type": "p", "runs": [{"text": "Heading", "strong": True}]}]
    ]


def test_control_characters_and_lone_surrogates_go():
    assert to_text("<p>a\x00b\x1b\ud800c\ufffe\x0bd</p>") == "abc d"
    assert printable("one\r\ntwo\x85three") == "one\ntwo\nthree"


def test_blocks_without_text_are_left_out():
    assert to_blocks("<p> </p><ul><li></li></ul><blockquote><br></blockquote><h3></h3>") == []
