"""The pages on which a delegation works together. None of them is anybody else's."""

from questionnaires.views.together.clearance import (
    decline_clearance,
    read_clearance,
    record_clearance,
    require_clearance,
    send_for_clearance,
)
from questionnaires.views.together.history import (
    read_answer_history,
    read_history,
    read_removed_history,
    restore_answer,
)
from questionnaires.views.together.notes import read_notes, write_note
from questionnaires.views.together.people import (
    assign_section,
    end_assignment,
    end_guest,
    invite_guest,
    read_people,
)
from questionnaires.views.together.prefill import confirm_answer, confirm_answers, prefill_response
from questionnaires.views.together.presence import note_presence, read_presence

__all__ = [
    "assign_section",
    "confirm_answer",
    "confirm_answers",
    "decline_clearance",
    "end_assignment",
    "end_guest",
    "invite_guest",
    "note_presence",
    "prefill_response",
    "read_answer_history",
    "read_clearance",
    "read_history",
    "read_notes",
    "read_people",
    "read_presence",
    "read_removed_history",
    "record_clearance",
    "require_clearance",
    "restore_answer",
    "send_for_clearance",
    "write_note",
]
