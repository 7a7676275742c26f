"""Charts: bars in a table and the table of seats, drawn without script or style."""

import re
from datetime import date
from itertools import pairwise
from math import atan2, degrees, hypot, pi

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from icoca_portal.lib.charts import RADII, Bars, Lines, seats

PIECE = re.compile(r"M([\d.]+) ([\d.]+)A([\d.]+) [\d.]+ 0 ([01]) 1 ([\d.]+) ([\d.]+)")


def angle_of(x: str, y: str) -> float:
    return degrees(atan2(float(y) - 250, float(x) - 250)) % 360


def pieces(d: str) -> list[tuple[float, float, float]]:
    """Each seat of a path as (radius, first angle, last angle), degrees clockwise from the right."""
    found = []
    for x1, y1, radius, _large, x2, y2 in PIECE.findall(d):
        assert hypot(float(x1) - 250, float(y1) - 250) == pytest.approx(float(radius), abs=0.1)
        found.append((float(radius), angle_of(x1, y1), angle_of(x2, y2)))
    assert "".join(match[0] for match in PIECE.finditer(d)) == d
    return found


def test_bars_run_to_the_largest_value_or_the_maximum():
    bars = Bars("Companies", [("Land", 51, "51"), ("Sea", 16, "16"), ("None", 0, "0")])
    assert [bar.width for bar in bars.rows] == ["100", "31.3725", "0"]
    assert [bar.width for bar in Bars("Size", [("Small", 77, "77 %"), ("Odd", 120, "x")], maximum=100).rows] == [
        "77",
        "100",
    ]
    assert [bar.width for bar in Bars("Nothing", [("a", 0, "0"), ("b", -4, "-4")]).rows] == ["0", "0"]
    assert Bars("Empty", []).rows == []


def test_bars_are_a_table_that_needs_no_picture():
    bars = Bars("Companies <b>", [("Land & sea", 1, "1"), ("Sea", 3, "3")])
    with translation.override("fr"):
        page = html.fromstring(render_to_string("includes/_bars.html", {"bars": bars}))
    assert page.findtext("caption") == "Companies <b>"
    assert [row.text for row in page.iter("th") if row.get("scope") == "row"] == ["Land & sea", "Sea"]
    assert [rect.get("width") for rect in page.iter("rect")] == ["33.3333", "100"]
    assert [svg.get("aria-hidden") for svg in page.iter("svg")] == ["true", "true"]
    assert not page.xpath("//@style | //script")


def test_the_seats_of_june_2018():
    table = seats([("2008", 17, ()), ("2009", 17, ()), ("to 2018", 23, {8, 16, 19})])
    assert table.total == 57
    assert [(path.name, len(pieces(path.d))) for path in table.paths] == [("s1", 17), ("s2", 17), ("s3", 20), ("s4", 3)]
    assert table.paths[0].d.startswith("M352.4 330.0A130 130 0 0 1 328.9 353.3M324.9 356.3A130")
    assert table.paths[0].d.endswith("352.4 170.0")
    assert table.paths[1].d.startswith("M390.3 359.6A178 178 0 0 1 356.6 392.5")
    assert table.paths[2].d.startswith("M428.1 389.1A226 226 0 0 1 397.9 420.9")


@given(st.lists(st.integers(0, 200), max_size=3))
def test_every_participant_has_a_seat_and_none_overlap(numbers: list[int]):
    table = seats([(str(place), number, ()) for place, number in enumerate(numbers)])
    assert table.total == sum(numbers)
    drawn = {path.name: pieces(path.d) for path in table.paths}
    for place, number in enumerate(numbers):
        row = drawn.get(f"s{place + 1}", [])
        assert len(row) == number
        assert all(radius == RADII[place] for radius, _, _ in row)
        edges = [angle for _, first, last in row for angle in (first, last)]
        slack = degrees(0.15 / RADII[place])
        assert all(later >= earlier - slack for earlier, later in pairwise(edges))
        assert all(38 - slack <= angle <= 322 + slack for angle in edges)
        assert all((last - first) / 180 * pi * RADII[place] < 73 for _, first, last in row)


def test_gold_seats_of_all_arcs_share_one_path():
    table = seats([("a", 5, {0}), ("b", 5, {4}), ("c", 0, ())])
    assert [(path.name, len(pieces(path.d))) for path in table.paths] == [("s1", 4), ("s2", 4), ("s4", 2)]
    assert [radius for radius, _, _ in pieces(table.paths[-1].d)] == [130, 178]
    assert [label.text for label in table.labels] == ["a", "b"]


def test_a_fourth_arc_is_refused():
    with pytest.raises(ValueError, match="At most 3 arcs, not 4"):
        seats([("a", 1, ())] * 4)


def test_the_table_of_seats_says_in_words_what_it_shows():
    context = {
        "seats": seats([("2008 & before", 1200, ())]),
        "description": '1200 participants "since 2008"',
        "unit": "participants",
    }
    with translation.override("fr"):
        page = html.fromstring(render_to_string("includes/_seats.html", context))
    assert (page.get("role"), page.get("aria-label")) == ("img", '1200 participants "since 2008"')
    assert [text.text for text in page.iter("text")] == ["1200", "participants", "2008 & before"]
    assert not page.xpath("//@style | //script")


# Lines

DAYS = [date(2016, 1, 1), date(2017, 1, 1), date(2018, 1, 1)]


def test_lines_stand_by_their_days_and_numbers():
    lines = Lines("Members", DAYS, [("Industry", [0, 50, 93]), ("Government", [7, 7, 7])], ["a", "", "c"])
    assert [(step.value, step.y) for step in lines.grid] == [(100, "0"), (50, "50"), (0, "100")]
    assert [(line.name, line.d) for line in lines.lines] == [
        ("s1", "M0 100L500.7 50L1000 7"),
        ("s2", "M0 93L500.7 93L1000 93"),
    ]
    assert lines.table == [(DAYS[0], [0, 7], "a"), (DAYS[1], [50, 7], ""), (DAYS[2], [93, 7], "c")]


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=50))
def test_the_axis_reaches_the_largest_number_in_few_equal_steps(values):
    days = [date(1990 + place, 1, 1) for place in range(len(values))]
    lines = Lines("Numbers", days, [("Line", values)])
    steps = [step.value for step in lines.grid]
    assert 2 <= len(steps) <= 5
    assert steps[-1] == 0
    assert steps[0] >= max(values)
    assert len({above - below for above, below in pairwise(steps)}) == 1
    heights = [float(number) for number in re.findall(r" ([\d.]+)", lines.lines[0].d)]
    assert all(0 <= height <= 100 for height in heights)


def test_one_day_and_no_day_and_too_many_lines():
    assert Lines("One", DAYS[:1], [("Line", [3])]).lines[0].d == "M0 0h12"
    assert Lines("None", [], [("Line", [])]).lines[0].d == ""
    with pytest.raises(ValueError, match="At most 4"):
        Lines("Many", DAYS, [("Line", [1, 2, 3])] * 5)


def test_lines_are_a_picture_with_words_and_a_table():
    lines = Lines("Members <b>", DAYS, [("Industry", [1000, 2000, 3000])], ["", "/there/", ""])
    context = {"lines": lines, "name": "sample", "description": "From 1000 & up"}
    with translation.override("fr"):
        page = html.fromstring(render_to_string("includes/_lines.html", context))
    (picture,) = (svg for svg in page.iter("svg") if svg.get("role") == "img")
    assert picture.get("aria-labelledby") == "sample-t"
    assert [title.text for title in page.iter("title") if title.get("id") == "sample-t"] == ["Members <b>"]
    assert [desc.text for desc in page.iter("desc") if desc.get("id") == "sample-d"] == ["From 1000 & up"]
    assert ["".join(str(text) for text in row.itertext()) for row in page.iter("th") if row.get("scope") == "row"] == [
        "1 janvier 2016", "1 janvier 2017", "1 janvier 2018"
    ]  # fmt: skip
    assert [link.get("href") for link in page.iter("a")] == ["/there/"]
    assert not page.xpath("//@style | //script")


def test_a_bar_may_lead_somewhere():
    bars = Bars("Companies", [("Land", 1, "1"), ("Sea", 3, "3")], addresses=["/land/?a=1&b=2", ""])
    page = html.fromstring(render_to_string("includes/_bars.html", {"bars": bars}))
    assert [(link.text, link.get("href")) for link in page.iter("a")] == [("Land", "/land/?a=1&b=2")]
