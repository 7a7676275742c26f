"""The secretariat's screens for meetings: a room a subject."""

from meetings.admin.groups import WorkingGroupAdmin
from meetings.admin.meetings import MeetingAdmin
from meetings.admin.noting import DecisionAdmin
from meetings.admin.summaries import ChairsSummaryAdmin

__all__ = ["ChairsSummaryAdmin", "DecisionAdmin", "MeetingAdmin", "WorkingGroupAdmin"]
