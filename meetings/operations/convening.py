"""A meeting is convened, held, closed or cancelled."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from icoca_portal.lib.days import today
from meetings import emails
from meetings.exceptions import (
    MeetingNotYetTakenPlace,
)
from meetings.models import (
    ChairsSummary,
    Meeting,
    Step,
)
from meetings.operations.agendas import circulate_agenda
from meetings.operations.shared import (
    locked_meeting,
    move,
    require_agenda,
    require_date,
    require_participants_among_readers,
)
from members.models import User

State = Meeting.State
SummaryState = ChairsSummary.State


@transaction.atomic
def convene_meeting(meeting: Meeting, *, by: User) -> Meeting:
    """Planned → convened; the agenda is circulated, sealed as its first text, or as Rev.n after a meeting was put off.
    The delegates are told, unless the day is past and this only records it.

    Raises MeetingInAnotherState, DateMissing, AgendaEmpty, MeetingKeptFromParticipants.
    """
    meeting = locked_meeting(meeting, State.PLANNED)
    require_date(meeting)
    require_agenda(meeting)
    require_participants_among_readers(meeting)
    circulate_agenda(meeting, by=by)
    move(meeting, State.CONVENED, Step.What.CONVENED, by)
    if meeting.date and meeting.date >= today():
        emails.queue_meeting_convened(meeting)
    return meeting


@transaction.atomic
def hold_meeting(meeting: Meeting, *, by: User) -> Meeting:
    """Convened → held, on the day or after it. A planned meeting too: so the exchanges of earlier years are recorded.

    Raises MeetingInAnotherState, DateMissing, MeetingNotYetTakenPlace.
    """
    meeting = locked_meeting(meeting, State.PLANNED, State.CONVENED)
    require_date(meeting)
    if meeting.date and meeting.date > today():
        raise MeetingNotYetTakenPlace(
            _("The meeting is on %(day)s. It can be held from then on.") % {"day": meeting.when}
        )
    return move(meeting, State.HELD, Step.What.HELD, by)


@transaction.atomic
def close_meeting(meeting: Meeting, *, by: User) -> Meeting:
    """Held → closed. Raises MeetingInAnotherState."""
    return move(locked_meeting(meeting, State.HELD), State.CLOSED, Step.What.CLOSED, by)


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, by: User, reason: str) -> Meeting:
    """Planned or convened → cancelled. If it had been convened, the delegates are told, with the reason.

    Raises MeetingInAnotherState.
    """
    meeting = locked_meeting(meeting, State.PLANNED, State.CONVENED)
    told = meeting.state == State.CONVENED
    move(meeting, State.CANCELLED, Step.What.CANCELLED, by, note=reason)
    if told:
        emails.queue_meeting_cancelled(meeting, reason)
    return meeting
