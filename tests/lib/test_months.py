"""The months of a calendar."""

from __future__ import annotations

from datetime import date

import pytest

from icoca_portal.lib.months import Months, weekdays, weeks


def test_three_months_from_the_one_that_is_asked_for():
    months = Months.asked("2026-12", date(2020, 1, 1))
    assert list(months) == [date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)]
    assert (months.earlier, months.later) == ("2026-09", "2027-03")
    assert months.holds(date(2027, 2, 28))
    assert not months.holds(date(2027, 3, 1))


@pytest.mark.parametrize("text", ["", "2026-13", "2026-00", "26-12", "2026-12-01", "9999-01", "٢٠٢٦-١٢", "x" * 5000])
def test_what_names_no_month_stands_for_the_month_of_today(text):
    assert Months.asked(text, date(2026, 11, 26)).first == date(2026, 11, 1)


def test_at_the_ends_there_is_no_way_on():
    assert Months.asked("2000-01", date(2026, 1, 1)).earlier == ""
    assert Months.asked("2100-11", date(2026, 1, 1)).later == ""


def test_weeks_begin_on_monday():
    first, *_others, last = weeks(date(2026, 12, 1))
    assert first == [None, *(date(2026, 12, day) for day in range(1, 7))]
    assert last == [*(date(2026, 12, day) for day in range(28, 32)), None, None, None]
    assert weekdays()[0] == ("Mon", "Monday")
    assert weekdays()[6] == ("Sun", "Sunday")
