"""A convened meeting is moved: another date, other hours, another place or way of meeting; or put off."""

from __future__ import annotations

from datetime import date, time

from django.db import transaction
from django.utils.translation import gettext as _

from icoca_portal.lib.days import today
from meetings import emails
from meetings.agenda_changes import compare_facts
from meetings.agenda_texts import agenda_content, last_revision, meeting_content, read_content
from meetings.exceptions import DateNoteMissing, HoursWrong, MeetingDateNotToCome, NothingMoved
from meetings.models import Meeting, Step
from meetings.operations.agendas import seal_agenda
from meetings.operations.shared import locked_meeting, record
from members.models import User

State = Meeting.State


@transaction.atomic
def move_meeting(
    meeting: Meeting,
    *,
    by: User,
    reason: str,
    date: date | None,
    date_note: str = "",
    starts_at: time | None = None,
    ends_at: time | None = None,
    time_zone: str = "",
    place: str = "",
    mode: str = "",
) -> Meeting:
    """Change when and where a convened meeting takes place, and tell the delegates what it was and what it is, and why.

    Without a `date` it is put off: it goes back to planned with `date_note`, and calendars show it as cancelled until
    it is convened again. Its agenda is circulated anew as Rev.n with the new facts and the items as they were
    circulated; what the secretariat has changed in them since stays uncirculated. An empty `time_zone` or `mode` stays
    as it is.

    Raises MeetingInAnotherState, NothingMoved, DateNoteMissing, MeetingDateNotToCome, HoursWrong.
    """
    meeting = locked_meeting(meeting, State.CONVENED)
    before = agenda_content(meeting, number=meeting.agenda_revision)
    circulated = last_revision(meeting)
    base = circulated.text if circulated else before
    if circulated is None:
        seal_agenda(meeting, before, by=by)
    meeting.date, meeting.date_note = date, date_note.strip()
    meeting.starts_at, meeting.ends_at = (starts_at, ends_at) if date else (None, None)
    meeting.time_zone = time_zone or meeting.time_zone
    meeting.place, meeting.mode = place, mode or meeting.mode
    _require_right_facts(meeting)
    content = {**base, "number": meeting.agenda_revision + 1, "meeting": meeting_content(meeting)}
    content["symbol"] = f"{meeting.symbol}/1/Rev.{content['number']}"
    changes = compare_facts(read_content(before), read_content(content))
    if before["meeting"] == content["meeting"]:
        raise NothingMoved(_("Date, hours, place and way of meeting are as they were."))
    seal_agenda(meeting, content, by=by, note=reason)
    if date is None:
        meeting.state = State.PLANNED
    record(meeting, Step.What.MOVED, by, note="; ".join([*(change.sentence for change in changes), reason]))
    emails.queue_meeting_moved(meeting, reason, old=before, new=content)
    return meeting


def _require_right_facts(meeting: Meeting) -> None:
    if meeting.date is None:
        if not meeting.date_note:
            raise DateNoteMissing(_("Give the date, or say in the note on the date when it may be."))
        return
    if meeting.date < today():
        raise MeetingDateNotToCome(_("The new date is past. A meeting is moved to a day to come."))
    if meeting.ends_at and not (meeting.starts_at and meeting.ends_at > meeting.starts_at):
        raise HoursWrong(_("The meeting ends before it begins."))
