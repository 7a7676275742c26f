"""Working groups, their meetings, and the papers of a meeting."""

from meetings.models.agendas import AgendaItem, AgendaRevision
from meetings.models.attending import Attendance, Invitation, Registration, RegistrationChange
from meetings.models.calendar import CalendarAddress
from meetings.models.documents import Document, storage_name
from meetings.models.finding import DocumentWords, Entry
from meetings.models.following import FollowUp, FollowUpChange, FollowUpReminder
from meetings.models.groups import Office, WorkingGroup
from meetings.models.importing import PastSummary, import_name
from meetings.models.linking import ItemLink
from meetings.models.meetings import AttendanceMode, Meeting, Step, Visibility, known_zone
from meetings.models.noting import Decision, DecisionRevision, Note, NoteRevision, SpeakerTurn
from meetings.models.summaries import (
    ChairsSummary,
    NamesAccepted,
    PublishedSummary,
    SummaryComment,
    SummaryFigure,
    SummaryPart,
    SummaryRound,
)

__all__ = [
    "AgendaItem",
    "AgendaRevision",
    "Attendance",
    "AttendanceMode",
    "CalendarAddress",
    "ChairsSummary",
    "Decision",
    "DecisionRevision",
    "Document",
    "DocumentWords",
    "Entry",
    "FollowUp",
    "FollowUpChange",
    "FollowUpReminder",
    "Invitation",
    "ItemLink",
    "Meeting",
    "NamesAccepted",
    "Note",
    "NoteRevision",
    "Office",
    "PastSummary",
    "PublishedSummary",
    "Registration",
    "RegistrationChange",
    "SpeakerTurn",
    "Step",
    "SummaryComment",
    "SummaryFigure",
    "SummaryPart",
    "SummaryRound",
    "Visibility",
    "WorkingGroup",
    "import_name",
    "known_zone",
    "storage_name",
]
