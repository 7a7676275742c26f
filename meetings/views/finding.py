"""The rows of an address, if they exist for the reader."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from meetings.models import ChairsSummary, Meeting


def find_meeting(
    request: HttpRequest, group: str, number: int, *, with_agenda: bool = False, with_participants: bool = False
) -> Meeting:
    """The meeting of an address, if it exists for the reader; else a 404. In the same query `with_agenda` brings what
    was circulated, and `with_participants` how many participants there were on its day."""
    meetings = Meeting.objects.visible_to(request.user).select_related("working_group", "chair_organisation")
    if with_agenda:
        meetings = meetings.with_agenda()
    if with_participants:
        meetings = meetings.with_participants_then()
    return get_object_or_404(meetings, working_group__slug=group, number=number)


def find_summary(request: HttpRequest, group: str, number: int) -> ChairsSummary:
    """The summary of a meeting's address, if both exist for the reader; else a 404."""
    summaries = ChairsSummary.objects.visible_to(request.user).select_related(
        "meeting__working_group", "meeting__chair_organisation", "approved_by"
    )
    return get_object_or_404(summaries, meeting__working_group__slug=group, meeting__number=number)
