"""The Chair’s Summary is drafted, approved, opened again and published."""

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
from meetings import composing, emails
from meetings.exceptions import (
    CommentsStillOpen,
    CorrigendumUnexplained,
    SummaryAlreadyDrafted,
    SummaryChangedMeanwhile,
)
from meetings.models import (
    Attendance,
    ChairsSummary,
    Meeting,
    NamesAccepted,
    PublishedSummary,
    Step,
    SummaryPart,
    SummaryRound,
)
from meetings.operations.shared import (
    locked_meeting,
    locked_summary,
    move_summary,
    pass_names,
    require_agenda,
    require_participants_among_readers,
    require_summary_state,
    require_text,
    step,
)
from meetings.operations.silence import begin_anew, circulated_content, end_open_round
from meetings.texts import title_pairs
from members.models import User

State = Meeting.State
SummaryState = ChairsSummary.State


@transaction.atomic
def draft_summary(meeting: Meeting, *, by: User, overwrite: bool = False) -> ChairsSummary:
    """Begin the Chair's Summary from what stands on the meeting.

    Its title lines come from the facts and the attendance (how many and in which capacity, never which delegation), and
    each item of the agenda becomes a numbered part: its record, what was noted under it without who said it, and what
    was decided; sub-items stand in it under their headings.

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
        grouped, offices = composing.materials_of(meeting), composing.offices_of(meeting)
        SummaryPart.objects.bulk_create(
            SummaryPart(
                summary=summary,
                item=materials[0].item,
                position=place,
                number=materials[0].line.number,
                title=materials[0].item.title,
                text=composing.composed(materials, composing.Choice.usual(materials), offices),
            )
            for place, materials in enumerate(grouped, start=1)
        )
    step(meeting, Step.What.SUMMARY_DRAFTED, by)
    return summary


@transaction.atomic
def approve_summary(summary: ChairsSummary, *, by: User, seen_version: int | None = None) -> ChairsSummary:
    """Draft or circulated → adopted, by the chair. `seen_version` is the version that the chair had read.

    A text under silence whose time is over was adopted by that silence; the chair only says so before the clock does.
    Raises SummaryInAnotherState, SummaryChangedMeanwhile, SummaryEmpty, CommentsStillOpen.
    """
    summary = locked_summary(summary, SummaryState.DRAFT, SummaryState.CIRCULATED)
    if seen_version is not None and seen_version != summary.version:
        raise SummaryChangedMeanwhile(_("The text was changed while you were reading. Read it again, then approve it."))
    require_text(summary)
    moment = timezone.now()
    if summary.comments_until and summary.comments_until > moment:
        raise CommentsStillOpen(
            _("Comments are taken until %(moment)s. Approve the text after that.")
            % {"moment": in_geneva(summary.comments_until)}
        )
    summary.adopted_by_silence = end_open_round(summary, SummaryRound.Outcome.ADOPTED, moment)
    summary.approved_at, summary.approved_by = moment, by
    return move_summary(summary, SummaryState.ADOPTED, Step.What.SUMMARY_APPROVED, by)


@transaction.atomic
def reopen_summary(summary: ChairsSummary, *, by: User) -> ChairsSummary:
    """Circulated, adopted or published → draft, to change the text. A silence that runs ends: the round is withdrawn
    and the delegates are told. What was circulated or published stays as it is and readable; what was published is
    followed by a corrigendum when the new text is published. Raises SummaryInAnotherState."""
    summary = locked_summary(summary, SummaryState.CIRCULATED, SummaryState.ADOPTED, SummaryState.PUBLISHED)
    withdrawn = end_open_round(summary, SummaryRound.Outcome.WITHDRAWN, timezone.now())
    begin_anew(summary)
    move_summary(summary, SummaryState.DRAFT, Step.What.SUMMARY_REOPENED, by)
    if withdrawn:
        emails.queue_summary_withdrawn(summary)
    return summary


@transaction.atomic
def publish_summary(
    summary: ChairsSummary, *, by: User, names_reason: str = "", corrects: str = ""
) -> PublishedSummary:
    """Adopted → published: sealed as No. 0, or as Corr.n beside the earlier ones; the delegates are told.

    `names_reason`: why names that stand in the text attribute nothing; it is logged with the passages. `corrects`: what
    a corrigendum corrects, a sentence for the readers. Raises SummaryInAnotherState, SummaryEmpty,
    MeetingKeptFromParticipants, CorrigendumUnexplained, and SummaryAttributes with the list while names stand in the
    text and no reason is given.
    """
    summary = locked_summary(summary, SummaryState.ADOPTED)
    require_text(summary)
    require_participants_among_readers(summary.meeting)
    number, corrects = summary.publications.count(), corrects.strip()
    if number and not corrects:
        raise CorrigendumUnexplained(_("Say in a sentence what the corrigendum corrects."))
    pass_names(summary, NamesAccepted.Step.PUBLISHED, names_reason, by)
    symbol = f"{summary.symbol}/Corr.{number}" if number else summary.symbol
    moment = timezone.now()
    content = sealing.canonical(
        sealed_content(summary, symbol=symbol, number=number, moment=moment, corrects=corrects if number else "")
    )
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


def sealed_content(
    summary: ChairsSummary, *, symbol: str, number: int, moment: datetime, corrects: str = ""
) -> dict[str, Any]:
    """What is sealed of a summary: its title lines, its parts as cleaned HTML, how it was adopted, and when.

    A text adopted by silence is the one that was circulated, letter by letter.
    """
    meeting = summary.meeting
    with translation.override(settings.LANGUAGE_CODE):
        title = str(summary)
    rounds = list(summary.rounds.order_by("number"))
    text = circulated_content(summary)
    if summary.adopted_by_silence:
        text = next(one.text for one in reversed(rounds) if one.outcome == SummaryRound.Outcome.ADOPTED)
    return {
        "kind": "Chair’s Summary",
        "symbol": symbol,
        "number": number,
        "corrects": corrects,
        "language": settings.LANGUAGE_CODE,
        "title": title,
        "working_group": meeting.working_group.name,
        "meeting": meeting.symbol,
        "date": meeting.date.isoformat() if meeting.date else "",
        "place": meeting.place,
        "title_lines": text["title_lines"],
        "parts": text["parts"],
        "adopted": "by silence" if summary.adopted_by_silence else "by the chair",
        "rounds": [
            {
                "symbol": str(one),
                "circulated_at": one.circulated_at.isoformat(),
                "until": one.until.isoformat(),
                "outcome": one.outcome,
                "sha256": one.sha256,
            }
            for one in rounds
        ],
        "approved_by": str(summary.approved_by) if summary.approved_by else "",
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
