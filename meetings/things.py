"""Meetings with their agendas, summaries and documents, as things that circulars and notices are about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icoca_portal.lib.moments import in_both
from meetings.agenda_texts import hours_in_words
from meetings.models import AgendaRevision, ChairsSummary, Document, Invitation, Meeting, SummaryRound, Visibility
from members.things import Kind, Thing

MEETING, AGENDA, SUMMARY, DOCUMENT = "meeting", "agenda", "summary", "document"
#: So many of each kind are offered to whoever begins a circular.
OFFERED = 20

Fields = Mapping[str, Callable[[Any], str]]


def _absolute(address: str) -> str:
    return settings.PORTAL_ADDRESS + address


def _is_known(meeting: Meeting) -> bool:
    """Whether others than the secretariat and the chair know of it as something that takes place."""
    return meeting.visibility != Visibility.SECRETARIAT and meeting.state != Meeting.State.PLANNED


def _when(meeting: Meeting) -> str:
    """``6 June 2018, 15:00–17:00, Geneva``."""
    return ", ".join(part for part in (meeting.when, hours_in_words(meeting)) if part)


def _of_meeting(meeting: Meeting) -> Fields:
    """What every thing of a meeting can say of it."""
    return {
        "exchange": lambda _organisation: meeting.name_in_sentence,
        "when": lambda _organisation: _when(meeting),
        "place": lambda _organisation: meeting.place_and_mode,
    }


MEETING_FIELDS = {
    "exchange": gettext_lazy("The meeting inside a sentence: ninth exchange"),
    "when": gettext_lazy("Date and hours of the meeting"),
    "place": gettext_lazy("Where the meeting is held"),
}


# Meetings


def meeting_thing(meeting: Meeting) -> Thing:
    """The meeting as a thing."""
    replies: dict[int, str] = {}

    def registration(_organisation: Any) -> str:
        closes = meeting.registration_closes
        return in_both(closes) if closes else ""

    def reply(organisation: Any) -> str:
        if not replies:
            rows = Invitation.objects.filter(meeting=meeting)
            replies.update(rows.values_list("delegation__organisation", "reply"))
        words = {
            Invitation.Reply.NONE: _("no reply yet"),
            Invitation.Reply.ATTENDS: _("attends"),
            Invitation.Reply.DECLINES: _("does not attend"),
        }
        said = replies.get(organisation.pk) if organisation else None
        return words[Invitation.Reply(said)] if said else ""

    return Thing(
        kind=MEETING,
        pk=meeting.pk,
        title=lambda: meeting.full_name,
        address=meeting.get_absolute_url(),
        fields={
            "title": lambda _organisation: meeting.full_name,
            **_of_meeting(meeting),
            "chair": lambda _organisation: meeting.chair,
            "registration_deadline": registration,
            "reply": reply,
            "link": lambda _organisation: _absolute(meeting.get_absolute_url()),
        },
        is_out=_is_known(meeting),
    )


def _meetings() -> Any:
    return Meeting.objects.select_related("working_group", "chair_organisation")


def _find_meeting(pk: int) -> Thing | None:
    meeting = _meetings().filter(pk=pk).first()
    return meeting_thing(meeting) if meeting else None


def _recent_meetings() -> Iterable[Thing]:
    return [meeting_thing(row) for row in _meetings().on_the_line()[:OFFERED]]


# The agenda of a meeting, whichever text of it was circulated last


def _with_agenda(meetings: Any) -> Any:
    return meetings.filter(Exists(AgendaRevision.objects.filter(meeting=OuterRef("pk"))))


def agenda_thing(meeting: Meeting) -> Thing:
    """The agenda of a meeting as a thing; its key is the meeting's."""

    def title(_organisation: Any = None) -> str:
        words = {"exchange": meeting.name_in_sentence, "revision": meeting.revision}
        if meeting.revision:
            return _("Agenda of the %(exchange)s, %(revision)s") % words
        return _("Agenda of the %(exchange)s") % words

    address = reverse("meetings:read_agenda", args=meeting.address)
    return Thing(
        kind=AGENDA,
        pk=meeting.pk,
        title=title,
        address=address,
        fields={
            "title": title,
            "symbol": lambda _organisation: meeting.agenda_symbol,
            **_of_meeting(meeting),
            "link": lambda _organisation: _absolute(address),
        },
        is_out=_is_known(meeting),
    )


def _find_agenda(pk: int) -> Thing | None:
    meeting = _with_agenda(_meetings()).filter(pk=pk).first()
    return agenda_thing(meeting) if meeting else None


def _recent_agendas() -> Iterable[Thing]:
    return [agenda_thing(row) for row in _with_agenda(_meetings()).on_the_line()[:OFFERED]]


# Chair's Summaries


def summary_thing(summary: ChairsSummary) -> Thing:
    """A Chair's Summary as a thing."""
    meeting = summary.meeting

    def until(_organisation: Any) -> str:
        """Only while it is under silence."""
        latest = summary.latest_round
        is_open = latest is not None and latest.outcome == SummaryRound.Outcome.OPEN
        return in_both(latest.until) if latest is not None and is_open else ""

    return Thing(
        kind=SUMMARY,
        pk=summary.pk,
        title=lambda: str(summary),
        address=summary.get_absolute_url(),
        fields={
            "title": lambda _organisation: str(summary),
            "symbol": lambda _organisation: str(summary.latest_round or summary.symbol),
            "until": until,
            **_of_meeting(meeting),
            "link": lambda _organisation: _absolute(summary.get_absolute_url()),
        },
        is_out=summary.state != ChairsSummary.State.DRAFT and meeting.visibility != Visibility.SECRETARIAT,
    )


def _summaries() -> Any:
    return ChairsSummary.objects.select_related("meeting__working_group")


def _find_summary(pk: int) -> Thing | None:
    summary = _summaries().filter(pk=pk).first()
    return summary_thing(summary) if summary else None


def _recent_summaries() -> Iterable[Thing]:
    return [summary_thing(row) for row in _summaries().order_by("-created_at", "-pk")[:OFFERED]]


# Documents


def document_thing(document: Document) -> Thing:
    """A document as a thing."""
    is_read = document.visibility != Visibility.SECRETARIAT and not document.is_held_back
    return Thing(
        kind=DOCUMENT,
        pk=document.pk,
        title=lambda: str(document),
        address=document.get_absolute_url(),
        fields={
            "title": lambda _organisation: document.title,
            "symbol": lambda _organisation: document.symbol,
            **_of_meeting(document.meeting),
            "link": lambda _organisation: _absolute(document.get_absolute_url()),
        },
        is_out=is_read and document.meeting.visibility != Visibility.SECRETARIAT,
    )


def _documents() -> Any:
    return Document.objects.select_related("meeting__working_group")


def _find_document(pk: int) -> Thing | None:
    document = _documents().filter(pk=pk).first()
    return document_thing(document) if document else None


def _recent_documents() -> Iterable[Thing]:
    return [document_thing(row) for row in _documents().current().order_by("-uploaded_at", "-pk")[:OFFERED]]


KINDS = (
    Kind(
        key=MEETING,
        label=gettext_lazy("Meeting"),
        find=_find_meeting,
        rows=lambda user: Meeting.objects.visible_to(user),
        recent=_recent_meetings,
        fields={
            "title": gettext_lazy("Title of the meeting"),
            **MEETING_FIELDS,
            "chair": gettext_lazy("Who chairs the meeting"),
            "registration_deadline": gettext_lazy("Until when delegations register"),
            "reply": gettext_lazy("What the reader’s delegation has replied"),
            "link": gettext_lazy("Address of the meeting"),
        },
    ),
    Kind(
        key=AGENDA,
        label=gettext_lazy("Agenda"),
        find=_find_agenda,
        rows=lambda user: _with_agenda(Meeting.objects.visible_to(user)),
        recent=_recent_agendas,
        fields={
            "title": gettext_lazy("Title of the agenda, with Rev.n"),
            "symbol": gettext_lazy("Symbol of the agenda"),
            **MEETING_FIELDS,
            "link": gettext_lazy("Address of the agenda"),
        },
    ),
    Kind(
        key=SUMMARY,
        label=gettext_lazy("Chair’s Summary"),
        find=_find_summary,
        rows=lambda user: ChairsSummary.objects.visible_to(user),
        recent=_recent_summaries,
        fields={
            "title": gettext_lazy("Title of the summary"),
            "symbol": gettext_lazy("Symbol of the text that was circulated"),
            "until": gettext_lazy("Until when it is under silence"),
            **MEETING_FIELDS,
            "link": gettext_lazy("Address of the summary"),
        },
    ),
    Kind(
        key=DOCUMENT,
        label=gettext_lazy("Document"),
        find=_find_document,
        rows=lambda user: Document.objects.visible_to(user),
        recent=_recent_documents,
        fields={
            "title": gettext_lazy("Title of the document"),
            "symbol": gettext_lazy("Symbol of the document"),
            **MEETING_FIELDS,
            "link": gettext_lazy("Address of the document"),
        },
    ),
)
