"""Organisations, people and the roles that give them rights; the Association's registry."""

from members.models.applications import Application, ApplicationStatus
from members.models.organisations import Organisation, OtherName, Participation, Pillar
from members.models.people import APPOINTED, PERSON, Delegate, Delegation, Directorship, Standing, User
from members.models.registry import Certificate, CompanyProfile, Membership, RevenueBand, Size, Standard

__all__ = [
    "APPOINTED",
    "PERSON",
    "Application",
    "ApplicationStatus",
    "Certificate",
    "CompanyProfile",
    "Delegate",
    "Delegation",
    "Directorship",
    "Membership",
    "Organisation",
    "OtherName",
    "Participation",
    "Pillar",
    "RevenueBand",
    "Size",
    "Standard",
    "Standing",
    "User",
]
