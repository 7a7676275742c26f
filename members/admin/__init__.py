"""The secretariat's screens for organisations, people and roles. Whatever changes a state calls an operation."""

from members.admin.applications import ApplicationAdmin
from members.admin.assessments import SelfAssessmentAdmin
from members.admin.board import DirectorshipAdmin
from members.admin.delegations import DelegationAdmin
from members.admin.organisations import OrganisationAdmin
from members.admin.outreach import FieldReviewAdmin, GuidanceAdmin, WorkshopAdmin
from members.admin.people import UserAdmin
from members.admin.reference import RevenueBandAdmin, StandardAdmin

__all__ = [
    "ApplicationAdmin",
    "DelegationAdmin",
    "DirectorshipAdmin",
    "FieldReviewAdmin",
    "GuidanceAdmin",
    "OrganisationAdmin",
    "RevenueBandAdmin",
    "SelfAssessmentAdmin",
    "StandardAdmin",
    "UserAdmin",
    "WorkshopAdmin",
]
