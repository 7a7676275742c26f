"""Numbers that forms and addresses name: nothing typed raises."""

import pytest
from django.http import QueryDict

from icoca_portal.lib.numbers import number_in, whole_number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("7", 7), ("007", 7), ("999999999", 999_999_999)])
def test_plain_figures_are_a_number(text: str, number: int) -> None:
    assert whole_number(text) == number
    assert number_in(QueryDict(f"version={text}"), "version") == number


@pytest.mark.parametrize("text", ["", " 7", "-1", "+1", "1.0", "1e3", "²", "٣", "seven", "1234567890", "9" * 5000])
def test_everything_else_is_none(text: str) -> None:
    assert whole_number(text) is None
    data = QueryDict(mutable=True)
    data["version"] = text
    assert number_in(data, "version") == 0


def test_what_is_not_there_is_none() -> None:
    assert whole_number(None) is None
    assert number_in(QueryDict(), "version") == 0


def test_the_figures_can_be_fewer_or_more() -> None:
    assert whole_number("1234", figures=3) is None
    assert whole_number("1234567890", figures=18) == 1_234_567_890
