"""The secretariat's screens for meetings: a room a subject."""

from meetings.admin.groups import WorkingGroupAdmin
from meetings.admin.meetings import MeetingAdmin
from meetings.admin.summaries import ChairsSummaryAdmin

__all__ = ["ChairsSummaryAdmin", "MeetingAdmin", "WorkingGroupAdmin"]
