"""Pages about members, participants, delegations, applications and one's own profile: a file a subject."""

from members.views.api import read_api
from members.views.applications import list_applications, read_application, read_evidence, supply_evidence
from members.views.assessments import (
    list_assessments,
    read_assessment,
    read_assessment_file,
    send_self_assessment,
)
from members.views.circulars import export_circular_pdf, list_circulars, read_circular, read_circular_file
from members.views.map import export_map, read_map
from members.views.notices import choose_notices, end_notices
from members.views.outreach import (
    list_outreach,
    list_outreach_of,
    read_field_review,
    read_guidance,
    read_guidance_file,
    read_workshop,
)
from members.views.participants import ListParticipants, export_participants
from members.views.people import ReadDelegation, edit_profile
from members.views.register import export_members, list_members, read_member
from members.views.statistics import export_statistics, read_figure, read_statistics, read_statistics_over_time

__all__ = [
    "ListParticipants",
    "ReadDelegation",
    "choose_notices",
    "edit_profile",
    "end_notices",
    "export_circular_pdf",
    "export_map",
    "export_members",
    "export_participants",
    "export_statistics",
    "list_applications",
    "list_assessments",
    "list_circulars",
    "list_members",
    "list_outreach",
    "list_outreach_of",
    "read_api",
    "read_application",
    "read_assessment",
    "read_assessment_file",
    "read_circular",
    "read_circular_file",
    "read_evidence",
    "read_field_review",
    "read_figure",
    "read_guidance",
    "read_guidance_file",
    "read_map",
    "read_member",
    "read_statistics",
    "read_statistics_over_time",
    "read_workshop",
    "send_self_assessment",
    "supply_evidence",
]
