"""The strategic plan, questionnaires on it, what delegations answer, and what the Board makes of it."""

from questionnaires.models.board import (
    Conclusion,
    Discussion,
    Passage,
    Remark,
    Results,
    ReviewVisit,
    Theme,
)
from questionnaires.models.circulation import Extension, Invitation, Reminder
from questionnaires.models.design import Edition, Question, Questionnaire, Section
from questionnaires.models.plans import Milestone, Objective, PlanDocument, StrategicPlan, plan_document_path
from questionnaires.models.responses import (
    Answer,
    AnswerOrigin,
    AnswerRevision,
    Attachment,
    Response,
    ReturnRecord,
    Submission,
    SubmittedAnswer,
    WordUpload,
    attachment_path,
)
from questionnaires.models.together import Assignment, Clearance, Guest, Note, Presence

__all__ = [
    "Answer",
    "AnswerOrigin",
    "AnswerRevision",
    "Assignment",
    "Attachment",
    "Clearance",
    "Conclusion",
    "Discussion",
    "Edition",
    "Extension",
    "Guest",
    "Invitation",
    "Milestone",
    "Note",
    "Objective",
    "Passage",
    "PlanDocument",
    "Presence",
    "Question",
    "Questionnaire",
    "Remark",
    "Reminder",
    "Response",
    "Results",
    "ReturnRecord",
    "ReviewVisit",
    "Section",
    "StrategicPlan",
    "Submission",
    "SubmittedAnswer",
    "Theme",
    "WordUpload",
    "attachment_path",
    "plan_document_path",
]
