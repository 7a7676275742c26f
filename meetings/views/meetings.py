"""One meeting."""

from __future__ import annotations

from typing import Any

from django.views.generic import DetailView

from icoca_portal.lib.prepared import Prepared, given
from meetings.agenda_changes import pending_changes
from meetings.agenda_texts import agenda_of, documents_of, hours_in_words, item_rows, links_of, newest
from meetings.languages import language_names
from meetings.models import Attendance, ChairsSummary, Document, FollowUp, Meeting
from meetings.querysets import is_insider
from meetings.readers import Reader, values_of
from meetings.shelf import shelved
from meetings.views.finding import find_meeting
from meetings.views.registering import own_registration

State = Meeting.State

# What the page of a meeting asks besides the meeting, its items and its documents.
_SUMMARY: Prepared[ChairsSummary] = Prepared(
    lambda reader: ChairsSummary.objects.visible_to(reader).filter(meeting=given("meeting"))
)
_ATTENDANCE: Prepared[Attendance] = Prepared(
    lambda reader: (
        Attendance.objects.visible_to(reader)
        .filter(meeting=given("meeting"))
        .select_related("delegation__organisation")
    )
)
_FOLLOW_UPS: Prepared[FollowUp] = Prepared(
    lambda reader: (
        FollowUp.objects.visible_to(reader).filter(meeting=given("meeting")).select_related("delegation__organisation")
    )
)


class ReadMeeting(DetailView):
    """One meeting: agenda, documents and summary; for insiders attendance and follow-ups too."""

    template_name = "meetings/read_meeting.html"
    context_object_name = "meeting"

    def get_object(self, queryset: Any = None) -> Meeting:
        return find_meeting(
            self.request,
            self.kwargs["group"],
            self.kwargs["number"],
            with_agenda=True,
            with_participants=True,
            with_links=True,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What each section of the page shows: a function and a fragment of the template a section."""
        user, meeting = self.request.user, self.object
        inside = is_insider(user)
        context = super().get_context_data(inside=inside, **kwargs)
        context["may_take_notes"] = user.has_perm("meetings.take_notes", meeting)
        documents = documents_of(user, meeting)
        context |= _agenda(user, meeting, documents) | _papers(user, meeting, documents)
        if inside:
            context |= _attendance(user, meeting) | _follow_ups(user, meeting) | own_registration(user, meeting)
        return context


def _agenda(user: Any, meeting: Meeting, documents: list[Document]) -> dict[str, Any]:
    reads_record = user.has_perm("meetings.read_record", meeting)
    rows = item_rows([meeting]).get(meeting.pk, []) if reads_record else None
    agenda = agenda_of(meeting, rows).for_reader(newest(documents), inside=is_insider(user))
    if rows:
        agenda = agenda.with_records({row.item.pk: row.item.record_html for row in rows if row.item.record})
    if meeting.has_links:  # type: ignore[attr-defined]
        agenda = agenda.with_links(links_of(user, meeting))
    return {
        "agenda": agenda,
        "items": agenda.lines,
        "hours": hours_in_words(meeting),
        "languages": language_names(meeting.languages),
        "joins": is_insider(user) and meeting.online_link and meeting.state in (State.PLANNED, State.CONVENED),
        "pending": pending_changes(agenda, meeting, rows) if reads_record and agenda.is_circulated else [],
        "may_adopt": meeting.agenda_state == Meeting.AgendaState.PROVISIONAL
        and meeting.state in (State.CONVENED, State.HELD)
        and user.has_perm("meetings.adopt_agenda", meeting),
    }


def _papers(user: Any, meeting: Meeting, documents: list[Document]) -> dict[str, Any]:
    summary = _SUMMARY.first(Reader.of(user), meeting=meeting.pk, **values_of(user))
    if summary:
        summary.meeting = meeting
    return {"papers": shelved(meeting, documents), "summary": summary}


def _attendance(user: Any, meeting: Meeting) -> dict[str, Any]:
    rows = _ATTENDANCE.all(Reader.of(user), meeting=meeting.pk, **values_of(user))
    return {
        "attendance": rows,
        "present": meeting.participants_among(rows),
        "participants": meeting.participants_then,
        "others": [row for row in rows if row.capacity != Attendance.Capacity.PARTICIPANT],
    }


def _follow_ups(user: Any, meeting: Meeting) -> dict[str, Any]:
    return {"follow_ups": _FOLLOW_UPS.all(Reader.of(user), meeting=meeting.pk, **values_of(user))}
