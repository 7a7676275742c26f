"""What the operations share: rows locked in the right state, refusals, and the steps that are recorded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icoca_portal.lib.richtext import to_blocks
from meetings import finding
from meetings.attributions import summary_attributions
from meetings.exceptions import (
    AgendaAlreadyAdopted,
    AgendaEmpty,
    DateMissing,
    MeetingInAnotherState,
    MeetingKeptFromParticipants,
    SummaryAttributes,
    SummaryEmpty,
    SummaryInAnotherState,
)
from meetings.models import (
    ChairsSummary,
    Meeting,
    NamesAccepted,
    Step,
    Visibility,
)
from meetings.operations.calendars import calendar_facts, note_calendar_change
from members.models import User

State = Meeting.State
SummaryState = ChairsSummary.State


def locked_meeting(meeting: Meeting, *states: Meeting.State) -> Meeting:
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("working_group").get(pk=meeting.pk)
    if meeting.state not in states:
        raise MeetingInAnotherState(
            _("The meeting is %(state)s. This step is for a meeting that is %(wanted)s.")
            % {"state": meeting.get_state_display().lower(), "wanted": one_of(state.label for state in states)}
        )
    meeting.calendar_before = calendar_facts(meeting)
    return meeting


def locked_summary(summary: ChairsSummary, *states: ChairsSummary.State) -> ChairsSummary:
    summary = (
        ChairsSummary.objects.select_for_update(of=("self",))
        .select_related("meeting__working_group")
        .get(pk=summary.pk)
    )
    require_summary_state(summary, *states)
    return summary


def require_summary_state(summary: ChairsSummary, *states: ChairsSummary.State) -> None:
    if summary.state not in states:
        raise SummaryInAnotherState(
            _("The summary is %(state)s. This step is for a summary that is %(wanted)s.")
            % {"state": summary.get_state_display().lower(), "wanted": one_of(state.label for state in states)}
        )


def one_of(labels: Iterable[Any]) -> str:
    return _(" or ").join(str(label).lower() for label in labels)


def require_date(meeting: Meeting) -> None:
    if meeting.date is None:
        raise DateMissing(_("The meeting has no date yet. Give it one first."))


def require_agenda(meeting: Meeting) -> None:
    if not meeting.items.exists():
        raise AgendaEmpty(_("There is no item on the agenda. Add at least one first."))


def require_provisional(meeting: Meeting) -> None:
    if meeting.agenda_state == Meeting.AgendaState.ADOPTED:
        raise AgendaAlreadyAdopted(_("The agenda was adopted and stays as it is."))


def require_participants_among_readers(meeting: Meeting) -> None:
    if meeting.visibility == Visibility.SECRETARIAT:
        raise MeetingKeptFromParticipants(
            _("Only the secretariat and the chair read this meeting. Give it to the participants or the public first.")
        )


def require_text(summary: ChairsSummary) -> None:
    empty = [str(part) for part in summary.parts.all() if not to_blocks(part.text)]
    if empty or not summary.parts.exists():
        raise SummaryEmpty(
            ngettext("This part has no text: %(parts)s.", "These parts have no text: %(parts)s.", len(empty))
            % {"parts": "; ".join(empty)}
            if empty
            else _("The summary has no part.")
        )


def pass_names(summary: ChairsSummary, at: NamesAccepted.Step, reason: str, by: User) -> None:
    """Let the text go on: no name stands in it, or there is a reason, which is logged with the passages. Raises
    SummaryAttributes."""
    found = summary_attributions(summary)
    if not found:
        return
    if not reason.strip():
        raise SummaryAttributes(
            _(
                "Names stand in the text: %(names)s. Take them out, or give the reason for which they say nothing of "
                "who said what."
            )
            % {"names": ", ".join(dict.fromkeys(attribution.name for attribution in found))},
            found,
        )
    NamesAccepted.objects.create(
        summary=summary, step=at, reason=reason.strip(), passages=[one.logged for one in found], by=by
    )


def step(meeting: Meeting, what: Step.What, by: User | None, note: str = "") -> None:
    """What an operation ends with: that it happened is recorded, and the search finds what is there now."""
    Step.objects.create(meeting=meeting, what=what, by=by, note=note[:300])
    finding.index_meeting(meeting)


def record(meeting: Meeting, what: Step.What, by: User, note: str = "") -> Meeting:
    """Save the changed meeting as a new version, so that a form opened before does not overwrite it; calendars are
    told of what they show."""
    note_calendar_change(meeting, meeting.calendar_before)
    meeting.version += 1
    meeting.changed_at = timezone.now()
    meeting.save()
    step(meeting, what, by, note)
    return meeting


def move(meeting: Meeting, state: Meeting.State, what: Step.What, by: User, note: str = "") -> Meeting:
    meeting.state = state
    return record(meeting, what, by, note)


def move_summary(
    summary: ChairsSummary, state: ChairsSummary.State, what: Step.What, by: User | None, note: str = ""
) -> ChairsSummary:
    summary.state = state
    summary.version += 1
    summary.save()
    step(summary.meeting, what, by, note)
    return summary
