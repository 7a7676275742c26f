"""What happens to questionnaires, responses and remarks: one function per verb, by subject."""

from questionnaires.changes import Change, Saved
from questionnaires.operations.answering import save_answer, save_answers
from questionnaires.operations.circulating import (
    extend_deadline,
    invite_delegations,
    note_opening,
    remind_missing,
    send_due_reminders,
    set_reminders,
)
from questionnaires.operations.reviewing import write_remark
from questionnaires.operations.running import (
    close_questionnaire,
    move_deadline,
    open_questionnaire,
    what_is_missing,
)
from questionnaires.operations.submitting import return_response, submit_response

__all__ = [
    "Change",
    "Saved",
    "close_questionnaire",
    "extend_deadline",
    "invite_delegations",
    "move_deadline",
    "note_opening",
    "open_questionnaire",
    "remind_missing",
    "return_response",
    "save_answer",
    "save_answers",
    "send_due_reminders",
    "set_reminders",
    "submit_response",
    "what_is_missing",
    "write_remark",
]
