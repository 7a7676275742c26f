"""What happens to meetings, agendas, documents and summaries: one function per verb, a room a subject.

Each is atomic, locks its row, checks the state, raises a named refusal (a sentence for whoever asked), records who
did it and when as a `Step`, queues mail in the same transaction, and returns the row as it is afterwards. Who may call
which one stands in `rules`.
"""

from meetings.operations.agendas import adopt_agenda, changes_since_circulated, revise_agenda
from meetings.operations.announcing import tell_of_documents
from meetings.operations.attending import (
    add_attendance,
    remove_attendance,
    tick_attendance,
    untick_attendance,
)
from meetings.operations.calendars import (
    calendar_facts,
    make_calendar_address,
    note_calendar_change,
    revoke_calendar_address,
)
from meetings.operations.composing import compose_part, insert_figure, part_of
from meetings.operations.convening import cancel_meeting, close_meeting, convene_meeting, hold_meeting
from meetings.operations.documents import attach_document, change_document
from meetings.operations.following import (
    change_follow_up,
    close_follow_up,
    open_follow_up,
    progress_follow_up,
    reopen_follow_up,
    send_follow_up_reminders,
)
from meetings.operations.importing import (
    correct_past_summary,
    discard_past_summary,
    save_past_summary,
    upload_past_summary,
)
from meetings.operations.linking import link_item, unlink_item
from meetings.operations.moving import move_meeting
from meetings.operations.noting import (
    NOTED_IN,
    ask_for_floor,
    change_decision,
    end_turn,
    give_floor,
    move_note,
    move_note_to_item,
    move_turn,
    record_decision,
    remove_decision,
    remove_note,
    restore_decision,
    restore_decision_version,
    restore_note,
    restore_note_version,
    withdraw_turn,
    write_note,
)
from meetings.operations.preparing import prepare_next_meeting
from meetings.operations.registering import (
    change_registration,
    clear_needs,
    invite_delegations,
    register_person,
    remind_invited,
    reply_invitation,
    send_due_registration_reminders,
    set_registration,
    withdraw_registration,
)
from meetings.operations.silence import (
    adopt_due_summaries,
    answer_comment,
    circulate_summary,
    comment_summary,
    object_to_summary,
    remind_commenters,
    withdraw_comment,
)
from meetings.operations.summaries import (
    approve_summary,
    draft_summary,
    publish_summary,
    reopen_summary,
    sealed_content,
)

__all__ = [
    "NOTED_IN",
    "add_attendance",
    "adopt_agenda",
    "adopt_due_summaries",
    "answer_comment",
    "approve_summary",
    "ask_for_floor",
    "attach_document",
    "calendar_facts",
    "cancel_meeting",
    "change_decision",
    "change_document",
    "change_follow_up",
    "change_registration",
    "changes_since_circulated",
    "circulate_summary",
    "clear_needs",
    "close_follow_up",
    "close_meeting",
    "comment_summary",
    "compose_part",
    "convene_meeting",
    "correct_past_summary",
    "discard_past_summary",
    "draft_summary",
    "end_turn",
    "give_floor",
    "hold_meeting",
    "insert_figure",
    "invite_delegations",
    "link_item",
    "make_calendar_address",
    "move_meeting",
    "move_note",
    "move_note_to_item",
    "move_turn",
    "note_calendar_change",
    "object_to_summary",
    "open_follow_up",
    "part_of",
    "prepare_next_meeting",
    "progress_follow_up",
    "publish_summary",
    "record_decision",
    "register_person",
    "remind_commenters",
    "remind_invited",
    "remove_attendance",
    "remove_decision",
    "remove_note",
    "reopen_follow_up",
    "reopen_summary",
    "reply_invitation",
    "restore_decision",
    "restore_decision_version",
    "restore_note",
    "restore_note_version",
    "revise_agenda",
    "revoke_calendar_address",
    "save_past_summary",
    "sealed_content",
    "send_due_registration_reminders",
    "send_follow_up_reminders",
    "set_registration",
    "tell_of_documents",
    "tick_attendance",
    "unlink_item",
    "untick_attendance",
    "upload_past_summary",
    "withdraw_comment",
    "withdraw_registration",
    "withdraw_turn",
    "write_note",
]
