"""The secretariat's screens for organisations, people and roles. Whatever changes a state calls an operation."""

from members.admin.board import DirectorshipAdmin
from members.admin.delegations import DelegationAdmin
from members.admin.organisations import OrganisationAdmin
from members.admin.people import UserAdmin

__all__ = ["DelegationAdmin", "DirectorshipAdmin", "OrganisationAdmin", "UserAdmin"]
