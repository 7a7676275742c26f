"""The secretariat's screens: plans, questionnaires with their designer, responses without their drafts."""

from questionnaires.admin.building import QuestionnaireAdmin
from questionnaires.admin.planning import StrategicPlanAdmin
from questionnaires.admin.receiving import ResponseAdmin, SubmissionAdmin

__all__ = ["QuestionnaireAdmin", "ResponseAdmin", "StrategicPlanAdmin", "SubmissionAdmin"]
