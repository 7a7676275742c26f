"""A series of 500 meetings with 20 items each asks the database as often as one of 5."""

from __future__ import annotations

import pytest
from django.urls import reverse

from meetings import finding
from meetings.models import Entry, Meeting
from tests.benchmarks import series
from tests.counting import queries

pytestmark = pytest.mark.django_db
MEETING = ("series", 3)
SEARCH = reverse("meetings:search_meetings")

PAGES = {
    "list": reverse("meetings:list_meetings"),
    "meeting": reverse("meetings:read_meeting", args=MEETING),
    "agenda": reverse("meetings:read_agenda", args=MEETING),
    "summary": reverse("meetings:read_summary", args=MEETING),
    "word in every record": f"{SEARCH}?q={series.COMMON}",
    "word in few": f"{SEARCH}?q={series.RARE}&year=1990&order=newest",
    "choice without a word": f"{SEARCH}?kind=document&presenter=",
    "follow-ups": reverse("meetings:list_follow_ups"),
    "feed": reverse("meetings:export_calendar"),
    "front page": reverse("home"),
}
SCREENS = {
    "list of the administration": reverse("admin:meetings_meeting_changelist"),
    "summaries of the administration": reverse("admin:meetings_chairssummary_changelist"),
}
#: More than the twenty documents, records and follow-ups of the first pages, so that each list is at its full length.
FEW, MANY = 5, 500


def test_what_is_asked_stays_the_same_from_5_to_500_meetings(client_of) -> None:
    series.fill(FEW, words=8)
    people = {"focal_point": PAGES, "secretariat": PAGES | SCREENS}
    few = counted(client_of, people)

    series.fill(MANY - FEW, first=FEW + 1, words=8)

    assert Meeting.objects.count() == MANY
    assert Entry.objects.count() > MANY * 40
    assert counted(client_of, people) == few
    # The front page gathers what all apps have for a person; no other page may ask as much.
    assert max(used for (_who, name), used in few.items() if name not in {*SCREENS, "front page"}) <= 12
    assert max(used for (_who, name), used in few.items() if name == "front page") <= 15
    # What was filled is what the search itself would write.
    assert finding.index_meeting(Meeting.objects.get(number=MANY)) == 0
    found = client_of("focal_point").get(SEARCH, {"q": series.COMMON}).context["found"]
    assert (len(found.hits), found.pages.total) == (20, MANY)


def counted(client_of, people) -> dict[tuple[str, str], int]:
    return {
        (who, name): queries(client_of(who), address)
        for who, pages in people.items()
        for name, address in pages.items()
    }
