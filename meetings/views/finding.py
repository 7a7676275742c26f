"""The rows of an address, if they exist for the reader."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from icoca_portal.lib.days import today
from icoca_portal.lib.prepared import Prepared, given, given_day, given_text
from meetings.models import ChairsSummary, Meeting
from meetings.readers import Reader, values_of

#: No meeting has this number, and no database refuses it.
BEYOND = 2**31 - 1


def _meetings(reader: Reader, with_agenda: bool, with_participants: bool, with_links: bool) -> QuerySet[Meeting]:
    meetings = Meeting.objects.visible_to(reader).select_related("working_group", "chair_organisation")
    if with_agenda:
        meetings = meetings.with_agenda()
    if with_links:
        meetings = meetings.with_links()
    if with_participants:
        meetings = meetings.with_participants_then(given_day("today"))
    return meetings.filter(working_group__slug=given_text("group"), number=given("number")).order_by()


# Every page about a meeting begins with it.
_AT_ADDRESS: Prepared[Meeting] = Prepared(_meetings)


def find_meeting(
    request: HttpRequest,
    group: str,
    number: int,
    *,
    with_agenda: bool = False,
    with_participants: bool = False,
    with_links: bool = False,
) -> Meeting:
    """The meeting of an address, if it exists for the reader; else a 404. In the same query `with_agenda` brings what
    was circulated, `with_participants` how many participants there were on its day, and `with_links` whether items are
    linked to something."""
    user = request.user
    address = {"group": group, "number": min(number, BEYOND), "today": today()}
    meeting = _AT_ADDRESS.first(
        Reader.of(user), with_agenda, with_participants, with_links, **address, **values_of(user)
    )
    if meeting is None:
        raise Http404
    return meeting


def find_summary(request: HttpRequest, group: str, number: int) -> ChairsSummary:
    """The summary of a meeting's address, if both exist for the reader; else a 404."""
    summaries = ChairsSummary.objects.visible_to(request.user).select_related(
        "meeting__working_group", "meeting__chair_organisation", "approved_by"
    )
    return get_object_or_404(summaries, meeting__working_group__slug=group, meeting__number=number)
