"""read_statistics_over_time: counts on each 1 January and on the day asked for."""

from datetime import date

import pytest

from members import operations
from members.figures import figures
from members.figures.asking import AsOf
from members.figures.over_time import charts_over_time, points
from tests import factories
from tests.counting import queries
from tests.members.test_read_statistics import association, body, company  # noqa: F401

pytestmark = pytest.mark.django_db

PAGE = "/members/statistics/over-time/"


def table(asked, name):
    """A chart as (day, figures)."""
    charts = {chart.name: chart for chart in charts_over_time(asked, lambda day: "")}
    return [(day, values) for day, values, _address in charts[name].lines.table]


@pytest.mark.django_db(databases=[])
@pytest.mark.parametrize(
    ("first", "day", "expected"),
    [
        (date(2016, 5, 1), date(2018, 6, 6), [date(2016, 1, 1), date(2017, 1, 1), date(2018, 1, 1), date(2018, 6, 6)]),
        (date(2017, 1, 1), date(2018, 1, 1), [date(2017, 1, 1), date(2018, 1, 1)]),
        (date(2018, 1, 1), date(2018, 1, 1), [date(2018, 1, 1)]),
    ],
)
def test_each_1_january_and_the_day(first, day, expected):
    assert points(first, day) == expected


@pytest.mark.django_db(databases=[])
def test_centuries_take_no_more_points_than_decades():
    found = points(date(1648, 10, 24), date(2018, 6, 6))
    assert len(found) <= 41
    assert found[-2:] == [date(2018, 1, 1), date(2018, 6, 6)]


def test_every_point_is_the_figure_of_its_day(association):  # noqa: F811
    gone = factories.CompanyFactory()
    factories.MembershipFactory(organisation=gone, valid_from=date(2015, 2, 1), valid_to=date(2017, 1, 1))
    # A certificate alone certifies nobody who is no member.
    factories.CertificateFactory(organisation=gone)
    factories.CertificateFactory(organisation=association[0], standard=factories.StandardFactory(code="ISO 18788"))
    asked = AsOf(date(2018, 6, 6))
    keys = {
        "members": ["members.industry", "members.civil-society", "members.government"],
        "certified": ["certified"],
        "reviews": ["applications.membership", "applications.certification"],
        "participants": ["participants.states", "participants.organisations"],
    }
    for name, of_lines in keys.items():
        rows = table(asked, name)
        assert len(rows) > 1
        for day, values in rows:
            found = {figure.key: figure.value for figure in figures(day)}
            assert values == [found[key] for key in of_lines], (name, day)
    assert table(asked, "certified")[-3:] == [
        (date(2017, 1, 1), [1]), (date(2018, 1, 1), [1]), (date(2018, 6, 6), [1])
    ]  # fmt: skip


def test_each_point_as_it_was_known_then(secretariat, time_machine):
    time_machine.move_to("2016-07-01T12:00:00+02:00", tick=False)
    made = factories.CompanyFactory()
    row = operations.record_membership(
        made, pillar="industry", valid_from=date(2016, 6, 1), source="Sample", by=secretariat
    )
    time_machine.move_to("2018-03-01T12:00:00+01:00", tick=False)
    operations.correct_membership(row, valid_from=date(2017, 6, 1), source="Sample letter", by=secretariat)
    day = date(2018, 6, 6)
    assert [values[0] for _day, values in table(AsOf.known_then(day), "members")] == [0, 1, 1, 1]
    assert [values[0] for _day, values in table(AsOf(day), "members")] == [0, 1, 1]


def test_the_page_has_a_picture_with_words_and_a_table(client, association):  # noqa: F811
    page = body(client.get(PAGE, {"as_of": "2018-06-06"}))
    assert 'role="img"' in page
    assert "<desc" in page
    assert "Industry: 0 on 1 January 2014" in page or "Industry: 4 on 1 January 2014" in page
    assert 'href="/members/statistics/?as_of=2017-01-01"' in page
    assert "<td>4</td>" in page
    then = body(client.get(PAGE, {"as_of": "2018-06-06", "known": "then"}))
    assert "each with what was known when it ended" in then


def test_a_day_before_everything_has_no_chart(client, association):  # noqa: F811
    assert "Nothing is recorded of this day or of any before it" in body(client.get(PAGE, {"as_of": "1999-01-01"}))


@pytest.mark.parametrize("query", ["", "?as_of=2018-06-06&known=then"])
@pytest.mark.parametrize("who", ["visitor", "director", "secretariat"])
def test_the_page_takes_the_same_queries_for_1_and_30_and_for_any_years(client_of, association, who, query):  # noqa: F811
    client = client_of(who)
    one = queries(client, PAGE + query)
    for _ in range(29):
        made = company()
        factories.CertificateFactory(organisation=made)
    factories.MembershipFactory(valid_from=date(1990, 1, 1))
    assert queries(client, PAGE + query) == one
    assert one <= 12
