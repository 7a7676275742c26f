"""Pages about members, participants, delegations and one's own profile: a file a subject."""

from members.views.participants import ListParticipants, export_participants
from members.views.people import ReadDelegation, edit_profile
from members.views.statistics import export_statistics, read_figure, read_statistics, read_statistics_over_time

__all__ = [
    "ListParticipants",
    "ReadDelegation",
    "edit_profile",
    "export_participants",
    "export_statistics",
    "read_figure",
    "read_statistics",
    "read_statistics_over_time",
]
