"""The agenda is circulated, revised and adopted."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from icoca_portal.lib import sealing
from icoca_portal.lib.days import today
from meetings import emails
from meetings.agenda_changes import pending_changes
from meetings.agenda_texts import agenda_content, last_revision, read_content, same_text
from meetings.exceptions import AgendaNotCirculated, AgendaUnchanged
from meetings.models import (
    AgendaRevision,
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
    """Provisional → adopted, once the meeting was convened. What is adopted is what was circulated last; where nothing
    was, because the past is recorded, the items are sealed as they stand.

    Raises MeetingInAnotherState, AgendaAlreadyAdopted, AgendaEmpty, AgendaNotCirculated.
    """
    meeting = locked_meeting(meeting, State.CONVENED, State.HELD)
    require_provisional(meeting)
    require_agenda(meeting)
    circulated = last_revision(meeting)
    if circulated is None:
        seal_agenda(meeting, agenda_content(meeting, number=meeting.agenda_revision), by=by)
    elif not same_text(circulated.text, agenda_content(meeting, number=circulated.number)):
        raise AgendaNotCirculated(
            _("The agenda was changed since it was circulated. The secretariat issues it as a revised one first.")
        )
    meeting.agenda_state = Meeting.AgendaState.ADOPTED
    return record(meeting, Step.What.AGENDA_ADOPTED, by, note=meeting.revision)


@transaction.atomic
def revise_agenda(meeting: Meeting, *, by: User, note: str = "") -> Meeting:
    """Circulate the agenda as it stands as Rev.n, sealed, and tell the delegates what changed, unless the day is past
    and this only records it. `note`: the secretariat's own words on the change.

    Raises MeetingInAnotherState, AgendaAlreadyAdopted, AgendaEmpty, AgendaUnchanged.
    """
    meeting = locked_meeting(meeting, State.CONVENED, State.HELD)
    require_provisional(meeting)
    require_agenda(meeting)
    circulated = last_revision(meeting)
    content = agenda_content(meeting, number=meeting.agenda_revision + 1)
    if circulated is not None and same_text(circulated.text, content):
        raise AgendaUnchanged(_("Nothing was changed since the agenda was circulated."))
    seal_agenda(meeting, content, by=by, note=note)
    record(meeting, Step.What.AGENDA_REVISED, by, note=f"{meeting.revision} {note}".strip())
    if meeting.date and meeting.date >= today():
        emails.queue_agenda_revised(meeting, note, old=circulated.text if circulated else None, new=content)
    return meeting


def circulate_agenda(meeting: Meeting, *, by: User) -> AgendaRevision | None:
    """Seal the agenda of a meeting that is convened now, as the first text or as Rev.n of one that was circulated
    before. None if that one says the same. The caller has locked the meeting, and saves it."""
    circulated = last_revision(meeting)
    number = 0 if circulated is None else circulated.number + 1
    content = agenda_content(meeting, number=number)
    if circulated is not None and same_text(circulated.text, content):
        return None
    return seal_agenda(meeting, content, by=by)


def seal_agenda(meeting: Meeting, content: dict[str, Any], *, by: User, note: str = "") -> AgendaRevision:
    """Store the text as the one that is circulated; the meeting, not saved here, takes its number."""
    text = sealing.canonical(content)
    meeting.agenda_revision = content["number"]
    return AgendaRevision.objects.create(
        meeting=meeting,
        number=content["number"],
        content=text,
        sha256=sealing.digest(text),
        note=note[:300],
        issued_by=by,
    )


def changes_since_circulated(meeting: Meeting) -> list[str]:
    """What the working copy says otherwise than the agenda that was circulated last, in sentences; empty where nothing
    differs, and where nothing was circulated."""
    circulated = last_revision(meeting)
    return pending_changes(read_content(circulated.text), meeting) if circulated else []
