"""The agenda’s numbers and hours: one function for every page and paper."""

from datetime import time

import pytest

from meetings.agendas import numbers, outline
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def agenda(planned):
    """1 (in the factory’s words), 2 with two sub-items, any other business typed before the third, and 3."""
    first = planned.items.get()
    rows = {"first": first}
    for position, (name, parent, kind) in enumerate(
        [
            ("second", None, "item"),
            ("a", "second", "item"),
            ("b", "second", "item"),
            ("aob", None, "aob"),
            ("third", None, "item"),
        ],
        start=2,
    ):
        rows[name] = factories.AgendaItemFactory(
            meeting=planned, position=position, title=name, kind=kind, parent=rows.get(parent or ""), minutes=None
        )
    return rows


def test_sub_items_are_numbered_under_theirs_and_any_other_business_comes_last(planned, agenda):
    assert [(line.item.title, line.number, line.depth) for line in outline(planned.items.all())][1:] == [
        ("second", "2", 0),
        ("a", "2.1", 1),
        ("b", "2.2", 1),
        ("third", "3", 0),
        ("aob", "4", 0),
    ]
    assert numbers(planned.items.all())[agenda["b"].pk] == "2.2"


def test_numbers_ask_the_database_for_the_items_alone(planned, agenda, django_assert_num_queries):
    with django_assert_num_queries(1):
        outline(planned.items.all())


def test_hours_follow_from_the_minutes(planned, agenda):
    minutes = {"first": 15, "second": 60, "a": 20, "b": 20, "third": 30}
    for name, row in agenda.items():
        row.minutes = minutes.get(name)
        row.save()
    lines = {line.number: line.begins for line in outline(planned.items.all(), time(15, 0))}
    assert lines == {
        "1": time(15, 0),
        "2": time(15, 15),
        "2.1": time(15, 15),
        "2.2": time(15, 35),
        "3": time(16, 15),
        "4": time(16, 45),
    }


def test_the_minutes_of_sub_items_count_where_their_item_has_none(planned, agenda):
    planned.items.filter(title__in=("a", "b")).update(minutes=10)
    planned.items.filter(pk=agenda["first"].pk).update(minutes=5)
    lines = {line.number: line.begins for line in outline(planned.items.all(), time(9, 0))}
    assert (lines["2"], lines["2.1"], lines["2.2"], lines["3"]) == (time(9, 5), time(9, 5), time(9, 15), time(9, 25))
    assert lines["4"] is None, "the third item has no minutes"


def test_an_hour_that_was_given_sets_the_clock(planned, agenda):
    planned.items.update(minutes=10)
    planned.items.filter(title="third").update(starts_at=time(14, 0))
    lines = {line.number: line.begins for line in outline(planned.items.all())}
    assert (lines["2"], lines["3"], lines["4"]) == (None, time(14, 0), time(14, 10))


def test_without_minutes_there_are_no_hours_but_those_given(planned, agenda):
    planned.items.update(minutes=None)
    planned.items.filter(title="third").update(starts_at=time(14, 0))
    assert [line.begins for line in outline(planned.items.all(), time(9, 0)) if line.begins] == [time(14, 0)]


def test_what_would_be_after_midnight_has_no_hour(planned, agenda):
    planned.items.update(minutes=120)
    lines = outline(planned.items.filter(parent=None), time(21, 0))
    assert [line.begins for line in lines] == [time(21, 0), time(23, 0), None, None]
