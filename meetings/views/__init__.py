"""The pages of the meetings, and what a delegate takes along: a room a subject."""

from meetings.views.agendas import adopt_agenda, export_agenda, read_agenda
from meetings.views.attending import export_participants
from meetings.views.calendars import (
    export_calendar,
    export_meeting,
    export_private_calendar,
    make_calendar_address,
    read_calendar,
    revoke_calendar_address,
)
from meetings.views.composing import compose_summary, insert_figure
from meetings.views.documents import (
    attach_document,
    change_document,
    export_archive,
    export_documents,
    read_document,
    read_documents,
)
from meetings.views.following import (
    change_follow_up,
    close_follow_up,
    list_follow_ups,
    progress_follow_up,
    read_follow_up,
    reopen_follow_up,
)
from meetings.views.importing import (
    correct_past_summary,
    discard_past_summary,
    read_past_summary,
    upload_past_summary,
)
from meetings.views.meetings import ReadMeeting
from meetings.views.registering import (
    change_registration,
    read_registration,
    register_person,
    reply_invitation,
    withdraw_registration,
)
from meetings.views.searching import search_meetings
from meetings.views.series import ListMeetings, ReadSeries, list_attendance
from meetings.views.silence import (
    answer_comment,
    comment_summary,
    export_comments,
    object_to_summary,
    read_changed_text,
    read_comments,
    withdraw_comment,
)
from meetings.views.summaries import approve_summary, export_summary, read_corrigendum, read_summary, verify_summary

__all__ = [
    "ListMeetings",
    "ReadMeeting",
    "ReadSeries",
    "adopt_agenda",
    "answer_comment",
    "approve_summary",
    "attach_document",
    "change_document",
    "change_follow_up",
    "change_registration",
    "close_follow_up",
    "comment_summary",
    "compose_summary",
    "correct_past_summary",
    "discard_past_summary",
    "export_agenda",
    "export_archive",
    "export_calendar",
    "export_comments",
    "export_documents",
    "export_meeting",
    "export_participants",
    "export_private_calendar",
    "export_summary",
    "insert_figure",
    "list_attendance",
    "list_follow_ups",
    "make_calendar_address",
    "object_to_summary",
    "progress_follow_up",
    "read_agenda",
    "read_calendar",
    "read_changed_text",
    "read_comments",
    "read_corrigendum",
    "read_document",
    "read_documents",
    "read_follow_up",
    "read_past_summary",
    "read_registration",
    "read_summary",
    "register_person",
    "reopen_follow_up",
    "reply_invitation",
    "revoke_calendar_address",
    "search_meetings",
    "upload_past_summary",
    "verify_summary",
    "withdraw_comment",
    "withdraw_registration",
]
