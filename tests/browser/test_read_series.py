"""The years of the exchanges, where eight columns have no room."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
OVER = "box => box.scrollWidth - box.clientWidth"


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_is_cut_and_each_figure_has_its_word(person, delegation, other_delegation, width):
    factories.MeetingFactory(number=1, date=date(2017, 6, 6), state="closed")
    meeting = factories.MeetingFactory(number=2, date=date(2018, 6, 6), state="closed")
    for one in (delegation, other_delegation):
        factories.AttendanceFactory(meeting=meeting, delegation=one)
    page = person("reader", width=width)
    page.goto("/meetings/years/")
    table = page.get_by_role("region", name="Exchanges by year")
    assert table.evaluate(OVER) <= 0
    figure = table.locator("td.wg-count").first
    expect(figure).to_have_text("2")
    label = figure.evaluate("cell => getComputedStyle(cell, '::before').content")
    assert ("Participants" in label) is (width < 896)
    # What is not known takes no line of its own there.
    expect(table.locator("td.is-none").first).to_be_visible(visible=width >= 896)
