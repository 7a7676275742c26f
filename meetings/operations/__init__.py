"""What happens to meetings, agendas, documents and summaries: one function per verb, a room a subject.

Each is atomic, locks its row, checks the state, raises a named refusal (a sentence for whoever asked), records who
did it and when as a `Step`, queues mail in the same transaction, and returns the row as it is afterwards. Who may call
which one stands in `rules`.
"""

from meetings.operations.agendas import adopt_agenda, revise_agenda
from meetings.operations.calendars import make_calendar_address, revoke_calendar_address
from meetings.operations.convening import cancel_meeting, close_meeting, convene_meeting, hold_meeting
from meetings.operations.documents import attach_document
from meetings.operations.summaries import (
    approve_summary,
    circulate_summary,
    draft_summary,
    publish_summary,
    reopen_summary,
    sealed_content,
)

__all__ = [
    "adopt_agenda",
    "approve_summary",
    "attach_document",
    "cancel_meeting",
    "circulate_summary",
    "close_meeting",
    "convene_meeting",
    "draft_summary",
    "hold_meeting",
    "make_calendar_address",
    "publish_summary",
    "reopen_summary",
    "revise_agenda",
    "revoke_calendar_address",
    "sealed_content",
]
