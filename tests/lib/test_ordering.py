"""The numbers typed into an ordered inline become positions 1 to n."""

from typing import Any

import pytest
from django import forms
from django.forms import inlineformset_factory

from icoca_portal.lib.ordering import OrderedFormSet, PositionField
from meetings.models import AgendaItem, Meeting
from tests.factories import AgendaItemFactory, MeetingFactory

pytestmark = pytest.mark.django_db


class ItemForm(forms.ModelForm):
    position = PositionField(required=False)

    class Meta:
        model = AgendaItem
        fields = ("position", "title")


ItemFormSet = inlineformset_factory(Meeting, AgendaItem, form=ItemForm, formset=OrderedFormSet, extra=2)


@pytest.fixture
def meeting():
    meeting = MeetingFactory()
    for number, title in enumerate(["One", "Two", "Three", "Four"], start=1):
        AgendaItemFactory(meeting=meeting, position=number, title=title)
    return meeting


def send(meeting, *, new=(), delete=(), **typed):
    """Save the form with these numbers typed, by title; `new` are (title, number) pairs."""
    items = list(meeting.items.order_by("position", "pk"))
    data: dict[str, Any] = {"items-TOTAL_FORMS": len(items) + 2, "items-INITIAL_FORMS": len(items)}
    for index, item in enumerate(items):
        data |= {
            f"items-{index}-id": item.pk,
            f"items-{index}-title": item.title,
            f"items-{index}-position": typed.get(item.title, item.position),
        }
        if item.title in delete:
            data[f"items-{index}-DELETE"] = "on"
    for index, (title, number) in enumerate(new, start=len(items)):
        data |= {f"items-{index}-title": title, f"items-{index}-position": number}
    formset = ItemFormSet(data, instance=meeting, prefix="items")
    assert formset.is_valid(), formset.errors
    formset.save()
    return list(meeting.items.order_by("position").values_list("title", "position"))


def numbered(*titles):
    return [(title, number) for number, title in enumerate(titles, start=1)]


def test_a_row_moved_up_comes_before_the_one_whose_number_it_took(meeting):
    assert send(meeting, Four=2) == numbered("One", "Four", "Two", "Three")


def test_a_row_moved_down_comes_after_it(meeting):
    assert send(meeting, One=3) == numbered("Two", "Three", "One", "Four")


def test_all_numbers_at_once_as_the_script_sends_them(meeting):
    assert send(meeting, One=4, Two=3, Three=2, Four=1) == numbered("Four", "Three", "Two", "One")


def test_gaps_and_repeated_numbers_close_up(meeting):
    assert send(meeting, Two=70, Three=70, Four=900) == numbered("One", "Two", "Three", "Four")


def test_a_row_without_a_number_comes_last(meeting):
    assert send(meeting, One="") == numbered("Two", "Three", "Four", "One")


def test_a_deleted_row_leaves_no_gap(meeting):
    assert send(meeting, delete=["Two"]) == numbered("One", "Three", "Four")


def test_a_new_row_goes_where_its_number_says(meeting):
    assert send(meeting, new=[("New", 2)]) == numbered("One", "New", "Two", "Three", "Four")
    assert send(meeting, new=[("Last", "")])[-1] == ("Last", 6)


def test_an_empty_new_row_is_no_row_even_with_a_number(meeting):
    assert send(meeting, new=[("", 5)]) == numbered("One", "Two", "Three", "Four")


def test_rows_that_stay_are_not_written(meeting, django_assert_num_queries):
    items = list(meeting.items.order_by("position"))
    data = {"items-TOTAL_FORMS": 4, "items-INITIAL_FORMS": 4}
    for index, item in enumerate(items):
        data |= {f"items-{index}-id": item.pk, f"items-{index}-title": item.title, f"items-{index}-position": index + 1}
    formset = ItemFormSet(data, instance=meeting, prefix="items")
    assert formset.is_valid()
    assert formset.save() == []
