"""Working groups, their meetings, and the papers of a meeting."""

from meetings.models.calendar import CalendarAddress
from meetings.models.groups import Office, WorkingGroup
from meetings.models.meetings import (
    AgendaItem,
    Attendance,
    AttendanceMode,
    FollowUp,
    Meeting,
    Step,
    Visibility,
    known_zone,
)
from meetings.models.papers import ChairsSummary, Document, PublishedSummary, SummaryPart, storage_name

__all__ = [
    "AgendaItem",
    "Attendance",
    "AttendanceMode",
    "CalendarAddress",
    "ChairsSummary",
    "Document",
    "FollowUp",
    "Meeting",
    "Office",
    "PublishedSummary",
    "Step",
    "SummaryPart",
    "Visibility",
    "WorkingGroup",
    "known_zone",
    "storage_name",
]
