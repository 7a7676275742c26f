"""The agenda is revised and adopted."""

from __future__ import annotations

from django.db import transaction

from meetings import emails
from meetings.models import (
    ChairsSummary,
    Meeting,
    Step,
)
from meetings.operations.shared import (
    locked_meeting,
    record,
    require_agenda,
    require_provisional,
)
from members.models import User

State = Meeting.State
SummaryState = ChairsSummary.State


@transaction.atomic
def adopt_agenda(meeting: Meeting, *, by: User) -> Meeting:
    """Provisional → adopted, once the meeting was convened. Raises MeetingInAnotherState, AgendaAlreadyAdopted,
    AgendaEmpty."""
    meeting = locked_meeting(meeting, State.CONVENED, State.HELD)
    require_provisional(meeting)
    require_agenda(meeting)
    meeting.agenda_state = Meeting.AgendaState.ADOPTED
    return record(meeting, Step.What.AGENDA_ADOPTED, by, note=meeting.revision)


@transaction.atomic
def revise_agenda(meeting: Meeting, *, by: User, note: str = "") -> Meeting:
    """Give the agenda of a convened meeting its next number, Rev.n, and tell the delegates. `note`: what changed.

    Raises MeetingInAnotherState, AgendaAlreadyAdopted, AgendaEmpty.
    """
    meeting = locked_meeting(meeting, State.CONVENED)
    require_provisional(meeting)
    require_agenda(meeting)
    meeting.agenda_revision += 1
    record(meeting, Step.What.AGENDA_REVISED, by, note=f"{meeting.revision} {note}".strip())
    emails.queue_agenda_revised(meeting, note)
    return meeting
