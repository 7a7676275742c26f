"""The secretariat's screens: plans, questionnaires with sections and questions, responses without their drafts."""

from questionnaires.admin.building import QuestionnaireAdmin, SectionAdmin
from questionnaires.admin.planning import StrategicPlanAdmin
from questionnaires.admin.receiving import ResponseAdmin, SubmissionAdmin

__all__ = ["QuestionnaireAdmin", "ResponseAdmin", "SectionAdmin", "StrategicPlanAdmin", "SubmissionAdmin"]
