"""The Chair’s Summary is drafted, circulated, approved and published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icoca_portal.lib import sealing
from icoca_portal.lib.moments import in_geneva
from icoca_portal.lib.richtext import clean
from meetings import emails
from meetings.exceptions import (
    CommentsStillOpen,
    SummaryAlreadyDrafted,
    SummaryChangedMeanwhile,
    TimeAlreadyPast,
)
from meetings.models import (
    Attendance,
    ChairsSummary,
    Meeting,
    PublishedSummary,
    Step,
    SummaryPart,
)
from meetings.operations.shared import (
    locked_meeting,
    locked_summary,
    move_summary,
    require_agenda,
    require_no_attribution,
    require_participants_among_readers,
    require_summary_state,
    require_text,
    step,
)
from meetings.texts import title_pairs
from members.models import User

State = Meeting.State
SummaryState = ChairsSummary.State


@transaction.atomic
def draft_summary(meeting: Meeting, *, by: User, overwrite: bool = False) -> ChairsSummary:
    """Begin the Chair's Summary from what stands on the meeting.

    Its title lines come from the facts and the attendance (how many and in which capacity, never which delegation), and
    each item of the agenda with its record becomes a numbered part.

    The text is in the language of the portal's records (`settings.LANGUAGE_CODE`). With `overwrite` an existing draft
    begins anew. Raises MeetingInAnotherState, AgendaEmpty, SummaryAlreadyDrafted, SummaryInAnotherState.
    """
    meeting = locked_meeting(meeting, State.HELD, State.CLOSED)
    require_agenda(meeting)
    summary = ChairsSummary.objects.select_for_update().filter(meeting=meeting).first()
    if summary is not None:
        require_summary_state(summary, SummaryState.DRAFT)
        if not overwrite:
            raise SummaryAlreadyDrafted(
                _("There is a draft already. Drafting again overwrites what was written in it.")
            )
        summary.parts.all().delete()
        summary.version += 1
    else:
        summary = ChairsSummary(meeting=meeting, created_by=by)
    with translation.override(settings.LANGUAGE_CODE):
        summary.title_lines = "\n".join(f"{label}: {text}" if label else text for label, text in _heading(meeting))
    summary.save()
    SummaryPart.objects.bulk_create(
        SummaryPart(summary=summary, position=number, number=str(number), title=item.title, text=clean(item.record))
        for number, item in enumerate(meeting.items.all(), start=1)
    )
    step(meeting, Step.What.SUMMARY_DRAFTED, by)
    return summary


@transaction.atomic
def circulate_summary(
    summary: ChairsSummary, *, comments_until: datetime, by: User, names_are_no_attributions: bool = False
) -> ChairsSummary:
    """Draft → circulated: the delegates read it and send comments until `comments_until` (aware).

    Raises SummaryInAnotherState, SummaryEmpty, TimeAlreadyPast, SummaryAttributes, MeetingKeptFromParticipants.
    """
    summary = locked_summary(summary, SummaryState.DRAFT)
    require_text(summary)
    require_participants_among_readers(summary.meeting)
    if comments_until <= timezone.now():
        raise TimeAlreadyPast(_("The time for comments must end later than now."))
    require_no_attribution(summary, names_are_no_attributions)
    summary.circulated_at, summary.comments_until = timezone.now(), comments_until
    move_summary(summary, SummaryState.CIRCULATED, Step.What.SUMMARY_CIRCULATED, by)
    emails.queue_summary_circulated(summary)
    return summary


@transaction.atomic
def approve_summary(summary: ChairsSummary, *, by: User, seen_version: int | None = None) -> ChairsSummary:
    """Draft or circulated → adopted, by the chair. `seen_version` is the version that the chair had read.

    Raises SummaryInAnotherState, SummaryChangedMeanwhile, SummaryEmpty, CommentsStillOpen.
    """
    summary = locked_summary(summary, SummaryState.DRAFT, SummaryState.CIRCULATED)
    if seen_version is not None and seen_version != summary.version:
        raise SummaryChangedMeanwhile(_("The text was changed while you were reading. Read it again, then approve it."))
    require_text(summary)
    if summary.comments_until and summary.comments_until > timezone.now():
        raise CommentsStillOpen(
            _("Comments are taken until %(moment)s. Approve the text after that.")
            % {"moment": in_geneva(summary.comments_until)}
        )
    summary.approved_at, summary.approved_by = timezone.now(), by
    return move_summary(summary, SummaryState.ADOPTED, Step.What.SUMMARY_APPROVED, by)


@transaction.atomic
def reopen_summary(summary: ChairsSummary, *, by: User) -> ChairsSummary:
    """Circulated, adopted or published → draft, to change the text. What was published stays as it is and readable; it
    is followed by a corrigendum when the new text is published. Raises SummaryInAnotherState."""
    summary = locked_summary(summary, SummaryState.CIRCULATED, SummaryState.ADOPTED, SummaryState.PUBLISHED)
    summary.approved_at = summary.approved_by = summary.circulated_at = summary.comments_until = None
    return move_summary(summary, SummaryState.DRAFT, Step.What.SUMMARY_REOPENED, by)


@transaction.atomic
def publish_summary(summary: ChairsSummary, *, by: User, names_are_no_attributions: bool = False) -> PublishedSummary:
    """Adopted → published: sealed as No. 0, or as Corr.n beside the earlier ones; the delegates are told.

    Raises SummaryInAnotherState, SummaryEmpty, MeetingKeptFromParticipants, and SummaryAttributes with the list while
    names of participants stand in the text and `names_are_no_attributions` does not say that they attribute nothing.
    """
    summary = locked_summary(summary, SummaryState.ADOPTED)
    require_text(summary)
    require_participants_among_readers(summary.meeting)
    require_no_attribution(summary, names_are_no_attributions)
    number = summary.publications.count()
    symbol = f"{summary.symbol}/Corr.{number}" if number else summary.symbol
    moment = timezone.now()
    content = sealing.canonical(sealed_content(summary, symbol=symbol, number=number, moment=moment))
    published = PublishedSummary.objects.create(
        summary=summary,
        number=number,
        symbol=symbol,
        content=content,
        sha256=sealing.digest(content),
        published_at=moment,
        published_by=by,
    )
    move_summary(summary, SummaryState.PUBLISHED, Step.What.SUMMARY_PUBLISHED, by, note=symbol)
    emails.queue_summary_published(published)
    return published


def sealed_content(summary: ChairsSummary, *, symbol: str, number: int, moment: datetime) -> dict[str, Any]:
    """What is sealed of a summary: its title lines, its parts as cleaned HTML, who approved it, and when."""
    meeting = summary.meeting
    with translation.override(settings.LANGUAGE_CODE):
        title = str(summary)
    return {
        "kind": "Chair’s Summary",
        "symbol": symbol,
        "number": number,
        "language": settings.LANGUAGE_CODE,
        "title": title,
        "working_group": meeting.working_group.name,
        "meeting": meeting.symbol,
        "date": meeting.date.isoformat() if meeting.date else "",
        "place": meeting.place,
        "title_lines": [list(pair) for pair in title_pairs(summary.title_lines)],
        "parts": [
            {"number": part.number, "title": part.title, "text": clean(part.text)} for part in summary.parts.all()
        ],
        "approved_by": str(summary.approved_by),
        "approved_at": summary.approved_at.isoformat() if summary.approved_at else "",
        "published_at": moment.isoformat(),
    }


def _heading(meeting: Meeting) -> list[tuple[str, str]]:
    """Label and text of each title line: when, where, who was in the chair, who took part in which capacity."""
    lines = [
        (_("Date"), meeting.when),
        (_("Place"), meeting.place_and_mode),
        (_("Chair"), meeting.chair),
        *_attendance_lines(meeting),
        (_("Agenda"), meeting.agenda_note),
    ]
    return [(label, text) for label, text in lines if text] + title_pairs(meeting.heading_facts)


def _attendance_lines(meeting: Meeting) -> list[tuple[str, str]]:
    rows = list(meeting.attendance.select_related("delegation__organisation"))
    capacities = Attendance.Capacity
    present = meeting.participants_among(rows)
    lines = []
    if present:
        counted = ngettext(
            "%(count)d Montreux Document participant", "%(count)d Montreux Document participants", present
        )
        lines.append((_("Took part"), counted % {"count": present}))
    for capacity in (capacities.EXECUTIVE_DIRECTOR, capacities.CHAIR_OF_BOARD, capacities.SECRETARIAT):
        # A delegation is not named in any capacity: the row of a guest says who the person is.
        people = [row.who for row in rows if row.capacity == capacity and not row.delegation_id]
        if people:
            lines.append((str(capacity.label), "; ".join(people)))
    guests = sum(row.capacity == capacities.GUEST for row in rows)
    if guests:
        lines.append((_("Guests"), str(guests)))
    return lines
