"""Pages about members, participants, delegations and one's own profile: a file a subject."""

from members.views.api import read_api
from members.views.map import export_map, read_map
from members.views.participants import ListParticipants, export_participants
from members.views.people import ReadDelegation, edit_profile
from members.views.register import export_members, list_members, read_member
from members.views.statistics import export_statistics, read_figure, read_statistics, read_statistics_over_time

__all__ = [
    "ListParticipants",
    "ReadDelegation",
    "edit_profile",
    "export_map",
    "export_members",
    "export_participants",
    "export_statistics",
    "list_members",
    "read_api",
    "read_figure",
    "read_map",
    "read_member",
    "read_statistics",
    "read_statistics_over_time",
]
