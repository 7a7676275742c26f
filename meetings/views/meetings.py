"""The list of meetings, one meeting, and its agenda."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import DetailView, TemplateView

from icoca_portal.lib.access import authorise
from icoca_portal.lib.downloads import download_paper
from icoca_portal.lib.refusals import Refusal
from meetings import operations, papers
from meetings.models import Attendance, ChairsSummary, Document, Meeting
from meetings.querysets import is_insider
from meetings.timeline import timeline
from meetings.views.finding import find_meeting
from meetings.views.registering import own_registration
from members.models import Organisation
from members.signing_in import person_of


class ListMeetings(TemplateView):
    """All meetings that exist for the reader, on one line."""

    template_name = "meetings/list_meetings.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            stops=timeline(self.request.user), inside=is_insider(self.request.user), **kwargs
        )


class ReadMeeting(DetailView):
    """One meeting: agenda, documents and summary; for insiders attendance and follow-ups too."""

    template_name = "meetings/read_meeting.html"
    context_object_name = "meeting"

    def get_object(self, queryset: Any = None) -> Meeting:
        return find_meeting(self.request, self.kwargs["group"], self.kwargs["number"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What each section of the page shows: a function and a fragment of the template a section."""
        user, meeting = self.request.user, self.object
        inside = is_insider(user)
        context = super().get_context_data(inside=inside, **kwargs)
        context |= _agenda(user, meeting) | _papers(user, meeting)
        if inside:
            context |= _attendance(user, meeting) | _follow_ups(user, meeting) | own_registration(user, meeting)
        return context


def _agenda(user: Any, meeting: Meeting) -> dict[str, Any]:
    return {
        "items": [(item, papers.item_line(item)) for item in meeting.items.all()],
        "hours": papers.hours(meeting),
        "reads_record": user.has_perm("meetings.read_record", meeting),
        "may_adopt": meeting.agenda_state == Meeting.AgendaState.PROVISIONAL
        and meeting.state in (Meeting.State.CONVENED, Meeting.State.HELD)
        and user.has_perm("meetings.adopt_agenda", meeting),
    }


def _papers(user: Any, meeting: Meeting) -> dict[str, Any]:
    documents = Document.objects.visible_to(user).filter(meeting=meeting).order_by("symbol", "title", "pk")
    summaries = ChairsSummary.objects.visible_to(user).filter(meeting=meeting).select_related("meeting__working_group")
    return {
        "papers": [list(same) for _key, same in groupby(documents, key=lambda paper: (paper.symbol, paper.title))],
        "summary": summaries.first(),
    }


def _attendance(user: Any, meeting: Meeting) -> dict[str, Any]:
    rows = list(Attendance.objects.visible_to(user).filter(meeting=meeting).select_related("delegation__organisation"))
    return {
        "attendance": rows,
        "present": meeting.participants_among(rows),
        "participants": Organisation.objects.participants(meeting.date).count(),
        "others": [row for row in rows if row.capacity != Attendance.Capacity.PARTICIPANT],
    }


def _follow_ups(user: Any, meeting: Meeting) -> dict[str, Any]:
    return {"follow_ups": meeting.follow_ups.select_related("delegation__organisation")}


@login_required
@require_POST
def adopt_agenda(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """The chair, or the secretariat, adopts the agenda."""
    meeting = find_meeting(request, group, number)
    authorise(request.user, "meetings.adopt_agenda", meeting)
    try:
        operations.adopt_agenda(meeting, by=person_of(request))
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The agenda is adopted."))
    return redirect(meeting)


@require_GET
def export_agenda(request: HttpRequest, group: str, number: int, form: str) -> HttpResponse:
    """The agenda as PDF or Word."""
    meeting = find_meeting(request, group, number)
    return download_paper(papers.agenda_paper(meeting), f"{meeting.agenda_symbol} agenda", form)
