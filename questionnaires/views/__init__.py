"""The pages of questionnaires: the delegation's way of answering, and the Board's way of reading."""

from questionnaires.views.answering import (
    QuestionnaireList,
    check_response,
    edit_section,
    read_questionnaire,
    read_response,
    save_answer,
    submit_response,
)
from questionnaires.views.receipts import (
    export_receipt,
    export_response,
    read_attachment,
    read_submission,
    verify_submission,
)
from questionnaires.views.review import (
    export_submissions,
    read_delegation_review,
    read_question_review,
    read_submitted_file,
    review_questionnaire,
    write_remark,
)

__all__ = [
    "QuestionnaireList",
    "check_response",
    "edit_section",
    "export_receipt",
    "export_response",
    "export_submissions",
    "read_attachment",
    "read_delegation_review",
    "read_question_review",
    "read_questionnaire",
    "read_response",
    "read_submission",
    "read_submitted_file",
    "review_questionnaire",
    "save_answer",
    "submit_response",
    "verify_submission",
    "write_remark",
]
