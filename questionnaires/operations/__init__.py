"""What happens to questionnaires, responses and remarks: one function per verb, by subject."""

from questionnaires.changes import Change, Saved
from questionnaires.operations.announcing import tell_the_board
from questionnaires.operations.answering import save_answer, save_answers
from questionnaires.operations.assigning import (
    assign_section,
    end_assignment,
    end_guest,
    invite_guest,
    may_look_after,
)
from questionnaires.operations.attaching import attach_file, choose_quotation, remove_file
from questionnaires.operations.circulating import (
    extend_deadline,
    invite_delegations,
    note_opening,
    remind_missing,
    send_due_reminders,
    set_reminders,
)
from questionnaires.operations.clearing import (
    decline_clearance,
    record_clearance,
    require_clearance,
    send_for_clearance,
)
from questionnaires.operations.concluding import publish_conclusion, withdraw_conclusion, write_conclusion
from questionnaires.operations.copying import Imported, duplicate_question, duplicate_section, import_questions
from questionnaires.operations.designing import (
    add_question,
    add_section,
    asked_ids,
    change_question,
    change_section,
    delete_question,
    delete_section,
    remove_question,
    remove_section,
    reorder_questions,
    restore_question,
    restore_section,
)
from questionnaires.operations.planning import publish_plan_document
from questionnaires.operations.prefilling import Prefilled, confirm_answer, confirm_answers, prefill_response
from questionnaires.operations.publishing import publish_results
from questionnaires.operations.reviewing import (
    is_noted,
    make_theme,
    merge_themes,
    note_visit,
    record_discussion,
    rename_theme,
    strike_discussion,
    tag_passage,
    untag_passage,
    write_remark,
)
from questionnaires.operations.revising import publish_edition, read_changes
from questionnaires.operations.running import (
    close_questionnaire,
    move_deadline,
    open_questionnaire,
    what_is_missing,
)
from questionnaires.operations.submitting import return_response, submit_response
from questionnaires.operations.together import note_presence, restore_answer, write_note
from questionnaires.operations.uploading import apply_upload, upload_form
from questionnaires.operations.writing import begin_response

__all__ = [
    "Change",
    "Imported",
    "Prefilled",
    "Saved",
    "add_question",
    "add_section",
    "apply_upload",
    "asked_ids",
    "assign_section",
    "attach_file",
    "begin_response",
    "change_question",
    "change_section",
    "choose_quotation",
    "close_questionnaire",
    "confirm_answer",
    "confirm_answers",
    "decline_clearance",
    "delete_question",
    "delete_section",
    "duplicate_question",
    "duplicate_section",
    "end_assignment",
    "end_guest",
    "extend_deadline",
    "import_questions",
    "invite_delegations",
    "invite_guest",
    "is_noted",
    "make_theme",
    "may_look_after",
    "merge_themes",
    "move_deadline",
    "note_opening",
    "note_presence",
    "note_visit",
    "open_questionnaire",
    "prefill_response",
    "publish_conclusion",
    "publish_edition",
    "publish_plan_document",
    "publish_results",
    "read_changes",
    "record_clearance",
    "record_discussion",
    "remind_missing",
    "remove_file",
    "remove_question",
    "remove_section",
    "rename_theme",
    "reorder_questions",
    "require_clearance",
    "restore_answer",
    "restore_question",
    "restore_section",
    "return_response",
    "save_answer",
    "save_answers",
    "send_due_reminders",
    "send_for_clearance",
    "set_reminders",
    "strike_discussion",
    "submit_response",
    "tag_passage",
    "tell_the_board",
    "untag_passage",
    "upload_form",
    "what_is_missing",
    "withdraw_conclusion",
    "write_conclusion",
    "write_note",
    "write_remark",
]
