"""Attendance, ticked off while a meeting sits."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from meetings.exceptions import AttendanceIncomplete
from meetings.models import Attendance, AttendanceMode, Meeting
from meetings.operations.noting import NOTED_IN
from meetings.operations.shared import locked_meeting
from members.models import Delegation, User


@transaction.atomic
def tick_attendance(
    meeting: Meeting,
    delegation: Delegation,
    *,
    by: User,
    mode: str = AttendanceMode.IN_PERSON,
    person_name: str | None = None,
) -> Attendance:
    """Note that a delegation takes part as a participant, in person or online. Again with another mode changes it.

    `person_name`: who represents it; None leaves what stands there. Raises MeetingInAnotherState.
    """
    locked_meeting(meeting, *NOTED_IN)
    changes: dict[str, str] = {"mode": mode}
    if person_name is not None:
        changes["person_name"] = person_name.strip()[:300]
    row, _made = Attendance.objects.update_or_create(
        meeting=meeting, delegation=delegation, capacity=Attendance.Capacity.PARTICIPANT, defaults=changes
    )
    return row


@transaction.atomic
def untick_attendance(meeting: Meeting, delegation: Delegation, *, by: User) -> None:
    """Note that a delegation takes no part after all. Raises MeetingInAnotherState."""
    locked_meeting(meeting, *NOTED_IN)
    meeting.attendance.filter(delegation=delegation, capacity=Attendance.Capacity.PARTICIPANT).delete()


@transaction.atomic
def add_attendance(
    meeting: Meeting,
    *,
    capacity: str,
    by: User,
    delegation: Delegation | None = None,
    name: str = "",
    organisation: str = "",
    mode: str = AttendanceMode.IN_PERSON,
) -> Attendance:
    """Note somebody in another capacity: the chair, a guest, the secretariat. Of a delegation, or by name and
    organisation. The same twice is once. Raises MeetingInAnotherState, AttendanceIncomplete."""
    locked_meeting(meeting, *NOTED_IN)
    name, organisation = name.strip()[:150], organisation.strip()[:200]
    if capacity == Attendance.Capacity.PARTICIPANT and delegation is None:
        raise AttendanceIncomplete(_("A participant is a delegation. Choose it, or another capacity."))
    if delegation is None and not name and not organisation:
        raise AttendanceIncomplete(_("Choose a delegation, or name a guest or the guest’s organisation."))
    if delegation is not None:
        row, _made = Attendance.objects.update_or_create(
            meeting=meeting,
            delegation=delegation,
            capacity=capacity,
            defaults={"mode": mode, **({"person_name": name} if name else {})},
        )
    else:
        row, _made = Attendance.objects.update_or_create(
            meeting=meeting,
            delegation=None,
            capacity=capacity,
            guest_name=name,
            guest_organisation=organisation,
            defaults={"mode": mode},
        )
    return row


@transaction.atomic
def remove_attendance(row: Attendance, *, by: User) -> None:
    """Take a row off the list of those who took part. Raises MeetingInAnotherState."""
    locked_meeting(row.meeting, *NOTED_IN)
    Attendance.objects.filter(pk=row.pk).delete()
