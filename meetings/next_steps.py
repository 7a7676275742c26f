"""What comes next with a meeting or a summary: a sentence for the secretariat, with a link where there is one."""

from __future__ import annotations

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icoca_portal.lib.days import today
from icoca_portal.lib.moments import in_geneva
from meetings.models import ChairsSummary, Meeting, SummaryRound

State = Meeting.State
SummaryState = ChairsSummary.State


def after_meeting_as_it_is(meeting: Meeting) -> str:
    """What the secretariat does next with a stored meeting. At most three queries."""
    if meeting.state == State.PLANNED:
        return _planned(meeting)
    if meeting.state == State.CONVENED:
        return _convened(meeting)
    if meeting.state == State.CANCELLED:
        return _("Nothing: the meeting was cancelled.")
    summary = ChairsSummary.objects.filter(meeting=meeting).first()
    if summary is None:
        return _("Draft the Chair’s Summary with the step at the foot of this page. It begins from records and notes.")
    if summary.state != SummaryState.PUBLISHED:
        return _linked(
            _("Go on with the Chair’s Summary: %(state)s.") % {"state": summary.get_state_display().lower()},
            reverse("admin:meetings_chairssummary_change", args=[summary.pk]),
            _("Open the Chair’s Summary"),
        )
    if meeting.state == State.HELD:
        return _("The summary is published. Close the meeting with the step at the foot of this page.")
    later = Meeting.objects.filter(working_group=meeting.working_group_id, number__gt=meeting.number)
    if later.exists():
        return _("Nothing is left to do.")
    return _("Prepare the next meeting with the step at the foot of this page.")


def _planned(meeting: Meeting) -> str:
    if meeting.date is None:
        return _("Give it a date and write its agenda. Then convene it with the step at the foot of this page.")
    if meeting.date < today():
        return _("The day is past. Record the meeting as held with the step at the foot of this page.")
    if not meeting.items.exists():
        return _("Write its agenda. Then convene it with the step at the foot of this page.")
    return _("Convene it with the step at the foot of this page: the agenda is circulated, and the delegates are told.")


def _convened(meeting: Meeting) -> str:
    if meeting.date and meeting.date < today():
        return _("The day is past. Record the meeting as held with the step at the foot of this page.")
    if meeting.date == today():
        return _linked(
            _("It is today. Take notes and adopt the agenda; afterwards record the meeting as held."),
            reverse("meetings:take_notes", args=meeting.address),
            _("Live notes"),
        )
    board = reverse("admin:meetings_meeting_registrations", args=[meeting.pk])
    waiting = list(meeting.invitations.values_list("reply", flat=True))
    if not waiting:
        return _linked(
            _("Invite the delegations, so that their focal points register who comes."),
            board,
            _("Invitations and registrations"),
        )
    replied = ngettext(
        "%(replied)d of %(invited)d delegation has replied. A changed agenda is issued as a revised one.",
        "%(replied)d of %(invited)d delegations have replied. A changed agenda is issued as a revised one.",
        len(waiting),
    ) % {"replied": sum(reply != "none" for reply in waiting), "invited": len(waiting)}
    return _linked(replied, board, _("Invitations and registrations"))


def after_summary_as_it_is(summary: ChairsSummary) -> str:
    """What the secretariat does next with a stored summary. One query."""
    comments = reverse("meetings:read_comments", args=summary.meeting.address)
    if summary.state == SummaryState.ADOPTED:
        return _("Publish it with the step at the foot of this page.")
    if summary.state == SummaryState.PUBLISHED:
        return _("Nothing is left to do. To correct the text, open it again: it is published beside this one.")
    if summary.state == SummaryState.CIRCULATED and summary.comments_until:
        return _linked(
            _("Until %(moment)s, answer the comments. The text is adopted then by itself, unless a delegation objects.")
            % {"moment": in_geneva(summary.comments_until)},
            comments,
            _("Comments"),
        )
    last = summary.rounds.order_by("-number").first()
    if last is not None and last.outcome == SummaryRound.Outcome.OBJECTED:
        return _linked(_("A delegation objected. Change the text, then circulate it again."), comments, _("Read why"))
    return _linked(
        _("Check the text. Then circulate it for comments, or ask the chair, who approves it on its page."),
        reverse("meetings:compose_summary", args=summary.meeting.address),
        _("Compose it from the notes"),
    )


def _linked(sentence: str, url: str, text: str) -> SafeString:
    return format_html('{} <a href="{}">{}</a>', sentence, url, text)
