"""The secretariat's screens for organisations, people and roles. Whatever changes a state calls an operation."""

from members.admin.applications import ApplicationAdmin
from members.admin.assessments import SelfAssessmentAdmin
from members.admin.board import DirectorshipAdmin
from members.admin.checklist_reference import DeadlineRuleAdmin, RequirementAdmin
from members.admin.circular_templates import CircularTemplateAdmin
from members.admin.circulars import CircularAdmin
from members.admin.contacts import ContactAdmin
from members.admin.delegations import DelegationAdmin
from members.admin.imports import RegistryImportAdmin
from members.admin.organisations import OrganisationAdmin
from members.admin.outreach import FieldReviewAdmin, GuidanceAdmin, WorkshopAdmin
from members.admin.people import UserAdmin
from members.admin.reference import RevenueBandAdmin, StandardAdmin

__all__ = [
    "ApplicationAdmin",
    "CircularAdmin",
    "CircularTemplateAdmin",
    "ContactAdmin",
    "DeadlineRuleAdmin",
    "DelegationAdmin",
    "DirectorshipAdmin",
    "FieldReviewAdmin",
    "GuidanceAdmin",
    "OrganisationAdmin",
    "RegistryImportAdmin",
    "RequirementAdmin",
    "RevenueBandAdmin",
    "SelfAssessmentAdmin",
    "StandardAdmin",
    "UserAdmin",
    "WorkshopAdmin",
]
