"""The next meeting is prepared from the one before it."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from meetings.exceptions import NextMeetingExists
from meetings.models import AgendaItem, FollowUp, Meeting, Step
from meetings.operations.shared import locked_meeting, step
from members.models import User

State = Meeting.State
Kind = AgendaItem.Kind


@transaction.atomic
def prepare_next_meeting(meeting: Meeting, *, by: User) -> Meeting:
    """Make the next exchange, planned, its date to be confirmed. Returns it.

    It takes over who reads it, the way of meeting, the place's zone, the languages and the chair. Its agenda: adoption
    of the agenda; the approval of the summary of this meeting; the follow-ups of this and earlier meetings that are
    still open; the standing items, with those of their sub-items that are standing; any other business. The texts are
    in the language of the portal's records (`settings.LANGUAGE_CODE`). The steps of both meetings say who prepared it.

    Raises MeetingInAnotherState, NextMeetingExists.
    """
    meeting = locked_meeting(meeting, State.CONVENED, State.HELD, State.CLOSED)
    number = meeting.number + 1
    if Meeting.objects.filter(working_group=meeting.working_group, number=number).exists():
        raise NextMeetingExists(_("The next exchange, No. %(number)d, is there already.") % {"number": number})
    with translation.override(settings.LANGUAGE_CODE):
        upcoming = Meeting.objects.create(
            working_group=meeting.working_group,
            number=number,
            date_note=_("The date is to be confirmed"),
            time_zone=meeting.time_zone,
            mode=meeting.mode,
            languages=meeting.languages,
            visibility=meeting.visibility,
            chair_name=meeting.chair_name,
            chair_organisation=meeting.chair_organisation,
            has_speakers_list=meeting.has_speakers_list,
        )
        _take_over(meeting, upcoming)
        Step.objects.create(meeting=meeting, what=Step.What.NEXT_PREPARED, by=by, note=upcoming.name)
        came_from = _("From the %(exchange)s") % {"exchange": meeting.name_in_sentence}
        step(upcoming, Step.What.PREPARED, by, note=came_from)
    return upcoming


def _take_over(meeting: Meeting, upcoming: Meeting) -> None:
    """Make the items of the next agenda."""
    standing = list(meeting.items.filter(is_standing=True))
    tops = [item for item in standing if item.parent_id is None]
    follow_ups = list(
        FollowUp.objects.still_open().filter(
            meeting__working_group=meeting.working_group, meeting__number__lte=meeting.number
        )
    )
    summary = _("Approval of the Chair’s Summary of the %(exchange)s") % {"exchange": meeting.name_in_sentence}
    planned = [
        *_of_kind(tops, Kind.ADOPTION, _("Adoption of the agenda")),
        AgendaItem(kind=Kind.SUMMARY, title=summary, is_standing=False),
        *(_of_kind(tops, Kind.FOLLOW_UPS, _("Follow-ups of earlier meetings")) if follow_ups else []),
        *(_copy(item) for item in tops if item.kind == Kind.ITEM),
        *_of_kind(tops, Kind.AOB, _("Any other business")),
    ]
    position = 0
    for item in planned:
        position += 1
        item.meeting, item.position = upcoming, position
        item.save()
        if item.kind == Kind.FOLLOW_UPS:
            item.follow_ups.set(follow_ups)
            follow_ups = []
        copied = getattr(item, "copied_from", None)
        for sub in (row for row in standing if copied is not None and row.parent_id == copied):
            position += 1
            taken = _copy(sub)
            taken.meeting, taken.position, taken.parent = upcoming, position, item
            taken.save()


def _of_kind(items: list[AgendaItem], kind: str, title: str) -> list[AgendaItem]:
    """The standing items of a kind that every agenda has; one in the portal's words where there is none."""
    return [_copy(item) for item in items if item.kind == kind] or [
        AgendaItem(kind=kind, title=title, is_standing=True)
    ]


def _copy(item: AgendaItem) -> AgendaItem:
    """What an item says, without its hour, its papers and what was said about it."""
    taken = AgendaItem(
        kind=item.kind,
        title=item.title,
        presenter=item.presenter,
        note=item.note,
        minutes=item.minutes,
        is_standing=True,
    )
    taken.copied_from = item.pk  # type: ignore[attr-defined]
    return taken
