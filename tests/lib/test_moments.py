"""How a moment is written: with its place, the reader's own hour, and the offset where hours come twice."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from icoca_portal.lib import moments


@pytest.mark.parametrize(
    ("moment", "zone", "text"),
    [
        (datetime(2018, 4, 30, 16, tzinfo=UTC), "America/New_York", "That is 12:00 in New York (UTC−4)."),
        (datetime(2018, 12, 30, 17, tzinfo=UTC), "America/New_York", "That is 12:00 in New York (UTC−5)."),
        # Between the changes of the clocks in the United States and in Europe
        (datetime(2018, 3, 20, 17, tzinfo=UTC), "America/New_York", "That is 13:00 in New York (UTC−4)."),
        (datetime(2018, 10, 30, 17, tzinfo=UTC), "America/New_York", "That is 13:00 in New York (UTC−4)."),
        (datetime(2018, 4, 30, 16, tzinfo=UTC), "Asia/Kolkata", "That is 21:30 in Kolkata (UTC+5:30)."),
        (datetime(2018, 4, 30, 16, tzinfo=UTC), "America/St_Johns", "That is 13:30 in St Johns (UTC−2:30)."),
        (datetime(2018, 1, 30, 17, tzinfo=UTC), "Africa/Abidjan", "That is 17:00 in Abidjan (UTC)."),
        (
            datetime(2018, 4, 30, 16, tzinfo=UTC),
            "Pacific/Kiritimati",
            "That is Tuesday 1 May 2018, 06:00 in Kiritimati (UTC+14).",
        ),
        (datetime(2018, 4, 30, 16, tzinfo=UTC), "Pacific/Honolulu", "That is 06:00 in Honolulu (UTC−10)."),
        (datetime(2018, 4, 30, 16, tzinfo=UTC), "Europe/Stockholm", "18:00 is the same hour in Stockholm."),
        (datetime(2018, 4, 30, 16, tzinfo=UTC), "Europe/Zurich", ""),
    ],
)
def test_the_readers_own_hour_with_its_offset(moment, zone, text) -> None:
    assert moments.in_zone(moment, ZoneInfo(zone)) == text
    with timezone.override(ZoneInfo(zone)):
        assert moments.in_zone(moment) == text


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2018, 10, 28, 0, 30, tzinfo=UTC), "Sunday 28 October 2018, 02:30 Geneva (UTC+2)"),
        (datetime(2018, 10, 28, 1, 30, tzinfo=UTC), "Sunday 28 October 2018, 02:30 Geneva (UTC+1)"),
        (datetime(2018, 10, 27, 23, 59, tzinfo=UTC), "Sunday 28 October 2018, 01:59 Geneva"),
        (datetime(2018, 10, 28, 2, 0, tzinfo=UTC), "Sunday 28 October 2018, 03:00 Geneva"),
        (datetime(2018, 3, 25, 1, 0, tzinfo=UTC), "Sunday 25 March 2018, 03:00 Geneva"),
        (datetime(2018, 3, 25, 0, 59, tzinfo=UTC), "Sunday 25 March 2018, 01:59 Geneva"),
    ],
)
def test_an_hour_that_comes_twice_says_which(moment, text) -> None:
    assert moments.in_geneva(moment) == text


@pytest.mark.parametrize("name", ["Nowhere/Unknown", "", "../etc/passwd", "Europe"])
def test_a_zone_that_is_not_known_is_genevas(name) -> None:
    assert moments.zone_named(name) == ZoneInfo("Europe/Zurich")
