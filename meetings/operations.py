"""What happens to meetings, agendas, documents and summaries: one function per verb.

Each is atomic, locks its row, checks the state, raises a named refusal (a sentence for whoever asked), records who
did it and when as a `Step`, queues mail in the same transaction, and returns the row as it is afterwards. Who may call
which one stands in `rules`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icoca_portal.lib import sealing
from icoca_portal.lib.days import today
from icoca_portal.lib.moments import in_geneva
from icoca_portal.lib.richtext import clean, to_blocks
from icoca_portal.lib.uploads import check_upload
from meetings import emails
from meetings.attributions import summary_attributions
from meetings.exceptions import (
    AgendaAlreadyAdopted,
    AgendaEmpty,
    CommentsStillOpen,
    DateMissing,
    MeetingInAnotherState,
    MeetingKeptFromParticipants,
    MeetingNotYetTakenPlace,
    SummaryAlreadyDrafted,
    SummaryAttributes,
    SummaryChangedMeanwhile,
    SummaryEmpty,
    SummaryInAnotherState,
    TimeAlreadyPast,
)
from meetings.models import (
    Attendance,
    CalendarAddress,
    ChairsSummary,
    Document,
    Meeting,
    PublishedSummary,
    Step,
    SummaryPart,
    Visibility,
)
from meetings.texts import title_pairs
from members.models import User

State = Meeting.State
SummaryState = ChairsSummary.State


# Meetings


@transaction.atomic
def convene_meeting(meeting: Meeting, *, by: User) -> Meeting:
    """Planned → convened. The delegates are told, unless the day is past and this only records it.

    Raises MeetingInAnotherState, DateMissing, AgendaEmpty, MeetingKeptFromParticipants.
    """
    meeting = _locked_meeting(meeting, State.PLANNED)
    _require_date(meeting)
    _require_agenda(meeting)
    _require_participants_among_readers(meeting)
    _move(meeting, State.CONVENED, Step.What.CONVENED, by)
    if meeting.date and meeting.date >= today():
        emails.queue_meeting_convened(meeting)
    return meeting


@transaction.atomic
def hold_meeting(meeting: Meeting, *, by: User) -> Meeting:
    """Convened → held, on the day or after it. A planned meeting too: so the exchanges of earlier years are recorded.

    Raises MeetingInAnotherState, DateMissing, MeetingNotYetTakenPlace.
    """
    meeting = _locked_meeting(meeting, State.PLANNED, State.CONVENED)
    _require_date(meeting)
    if meeting.date and meeting.date > today():
        raise MeetingNotYetTakenPlace(
            _("The meeting is on %(day)s. It can be held from then on.") % {"day": meeting.when}
        )
    return _move(meeting, State.HELD, Step.What.HELD, by)


@transaction.atomic
def close_meeting(meeting: Meeting, *, by: User) -> Meeting:
    """Held → closed. Raises MeetingInAnotherState."""
    return _move(_locked_meeting(meeting, State.HELD), State.CLOSED, Step.What.CLOSED, by)


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, by: User, reason: str) -> Meeting:
    """Planned or convened → cancelled. If it had been convened, the delegates are told, with the reason.

    Raises MeetingInAnotherState.
    """
    meeting = _locked_meeting(meeting, State.PLANNED, State.CONVENED)
    told = meeting.state == State.CONVENED
    _move(meeting, State.CANCELLED, Step.What.CANCELLED, by, note=reason)
    if told:
        emails.queue_meeting_cancelled(meeting, reason)
    return meeting


@transaction.atomic
def adopt_agenda(meeting: Meeting, *, by: User) -> Meeting:
    """Provisional → adopted, once the meeting was convened. Raises MeetingInAnotherState, AgendaAlreadyAdopted,
    AgendaEmpty."""
    meeting = _locked_meeting(meeting, State.CONVENED, State.HELD)
    _require_provisional(meeting)
    _require_agenda(meeting)
    meeting.agenda_state = Meeting.AgendaState.ADOPTED
    return _record(meeting, Step.What.AGENDA_ADOPTED, by, note=meeting.revision)


@transaction.atomic
def revise_agenda(meeting: Meeting, *, by: User, note: str = "") -> Meeting:
    """Give the agenda of a convened meeting its next number, Rev.n, and tell the delegates. `note`: what changed.

    Raises MeetingInAnotherState, AgendaAlreadyAdopted, AgendaEmpty.
    """
    meeting = _locked_meeting(meeting, State.CONVENED)
    _require_provisional(meeting)
    _require_agenda(meeting)
    meeting.agenda_revision += 1
    _record(meeting, Step.What.AGENDA_REVISED, by, note=f"{meeting.revision} {note}".strip())
    emails.queue_agenda_revised(meeting, note)
    return meeting


def attach_document(
    meeting: Meeting,
    *,
    upload: UploadedFile,
    title: str,
    by: User,
    symbol: str = "",
    language: str = "en",
    visibility: str = Visibility.PARTICIPANTS,
) -> Document:
    """Store a file with a meeting, under a random name, after looking into it.

    Raises UploadRefused (empty, too large, damaged, macros, a type that is not taken).
    """
    checked = check_upload(upload)
    document = Document(
        meeting=meeting,
        symbol=symbol,
        title=title,
        language=language,
        visibility=visibility,
        original_name=checked.name,
        size=checked.size,
        media_type=checked.media_type,
        sha256=checked.sha256,
        uploaded_by=by,
    )
    document.file.save(checked.name, upload, save=False)
    try:
        with transaction.atomic():
            document.save()
            Step.objects.create(meeting=meeting, what=Step.What.DOCUMENT_ATTACHED, note=str(document)[:300], by=by)
    except Exception:
        document.file.delete(save=False)
        raise
    return document


# Summaries


@transaction.atomic
def draft_summary(meeting: Meeting, *, by: User, overwrite: bool = False) -> ChairsSummary:
    """Begin the Chair's Summary from what stands on the meeting.

    Its title lines come from the facts and the attendance (how many and in which capacity, never which delegation), and
    each item of the agenda with its record becomes a numbered part.

    The text is in the language of the portal's records (`settings.LANGUAGE_CODE`). With `overwrite` an existing draft
    begins anew. Raises MeetingInAnotherState, AgendaEmpty, SummaryAlreadyDrafted, SummaryInAnotherState.
    """
    meeting = _locked_meeting(meeting, State.HELD, State.CLOSED)
    _require_agenda(meeting)
    summary = ChairsSummary.objects.select_for_update().filter(meeting=meeting).first()
    if summary is not None:
        _require_summary_state(summary, SummaryState.DRAFT)
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
    _step(meeting, Step.What.SUMMARY_DRAFTED, by)
    return summary


@transaction.atomic
def circulate_summary(
    summary: ChairsSummary, *, comments_until: datetime, by: User, names_are_no_attributions: bool = False
) -> ChairsSummary:
    """Draft → circulated: the delegates read it and send comments until `comments_until` (aware).

    Raises SummaryInAnotherState, SummaryEmpty, TimeAlreadyPast, SummaryAttributes, MeetingKeptFromParticipants.
    """
    summary = _locked_summary(summary, SummaryState.DRAFT)
    _require_text(summary)
    _require_participants_among_readers(summary.meeting)
    if comments_until <= timezone.now():
        raise TimeAlreadyPast(_("The time for comments must end later than now."))
    _require_no_attribution(summary, names_are_no_attributions)
    summary.circulated_at, summary.comments_until = timezone.now(), comments_until
    _move_summary(summary, SummaryState.CIRCULATED, Step.What.SUMMARY_CIRCULATED, by)
    emails.queue_summary_circulated(summary)
    return summary


@transaction.atomic
def approve_summary(summary: ChairsSummary, *, by: User, seen_version: int | None = None) -> ChairsSummary:
    """Draft or circulated → adopted, by the chair. `seen_version` is the version that the chair had read.

    Raises SummaryInAnotherState, SummaryChangedMeanwhile, SummaryEmpty, CommentsStillOpen.
    """
    summary = _locked_summary(summary, SummaryState.DRAFT, SummaryState.CIRCULATED)
    if seen_version is not None and seen_version != summary.version:
        raise SummaryChangedMeanwhile(_("The text was changed while you were reading. Read it again, then approve it."))
    _require_text(summary)
    if summary.comments_until and summary.comments_until > timezone.now():
        raise CommentsStillOpen(
            _("Comments are taken until %(moment)s. Approve the text after that.")
            % {"moment": in_geneva(summary.comments_until)}
        )
    summary.approved_at, summary.approved_by = timezone.now(), by
    return _move_summary(summary, SummaryState.ADOPTED, Step.What.SUMMARY_APPROVED, by)


@transaction.atomic
def reopen_summary(summary: ChairsSummary, *, by: User) -> ChairsSummary:
    """Circulated, adopted or published → draft, to change the text. What was published stays as it is and readable; it
    is followed by a corrigendum when the new text is published. Raises SummaryInAnotherState."""
    summary = _locked_summary(summary, SummaryState.CIRCULATED, SummaryState.ADOPTED, SummaryState.PUBLISHED)
    summary.approved_at = summary.approved_by = summary.circulated_at = summary.comments_until = None
    return _move_summary(summary, SummaryState.DRAFT, Step.What.SUMMARY_REOPENED, by)


@transaction.atomic
def publish_summary(summary: ChairsSummary, *, by: User, names_are_no_attributions: bool = False) -> PublishedSummary:
    """Adopted → published: sealed as No. 0, or as Corr.n beside the earlier ones; the delegates are told.

    Raises SummaryInAnotherState, SummaryEmpty, MeetingKeptFromParticipants, and SummaryAttributes with the list while
    names of participants stand in the text and `names_are_no_attributions` does not say that they attribute nothing.
    """
    summary = _locked_summary(summary, SummaryState.ADOPTED)
    _require_text(summary)
    _require_participants_among_readers(summary.meeting)
    _require_no_attribution(summary, names_are_no_attributions)
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
    _move_summary(summary, SummaryState.PUBLISHED, Step.What.SUMMARY_PUBLISHED, by, note=symbol)
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


# The private address of the calendar


@transaction.atomic
def make_calendar_address(user: User) -> CalendarAddress:
    """Give the person a private address of the calendar. One that they have already stops working."""
    address, _made = CalendarAddress.objects.update_or_create(
        user=user, defaults={"token": secrets.token_urlsafe(32), "created_at": timezone.now()}
    )
    return address


@transaction.atomic
def revoke_calendar_address(address: CalendarAddress) -> None:
    """Take the private address back: from now on nobody reads the calendar by it."""
    address.delete()


# What the operations share


def _locked_meeting(meeting: Meeting, *states: Meeting.State) -> Meeting:
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("working_group").get(pk=meeting.pk)
    if meeting.state not in states:
        raise MeetingInAnotherState(
            _("The meeting is %(state)s. This step is for a meeting that is %(wanted)s.")
            % {"state": meeting.get_state_display().lower(), "wanted": _one_of(state.label for state in states)}
        )
    return meeting


def _locked_summary(summary: ChairsSummary, *states: ChairsSummary.State) -> ChairsSummary:
    summary = (
        ChairsSummary.objects.select_for_update(of=("self",))
        .select_related("meeting__working_group")
        .get(pk=summary.pk)
    )
    _require_summary_state(summary, *states)
    return summary


def _require_summary_state(summary: ChairsSummary, *states: ChairsSummary.State) -> None:
    if summary.state not in states:
        raise SummaryInAnotherState(
            _("The summary is %(state)s. This step is for a summary that is %(wanted)s.")
            % {"state": summary.get_state_display().lower(), "wanted": _one_of(state.label for state in states)}
        )


def _one_of(labels: Iterable[Any]) -> str:
    return _(" or ").join(str(label).lower() for label in labels)


def _require_date(meeting: Meeting) -> None:
    if meeting.date is None:
        raise DateMissing(_("The meeting has no date yet. Give it one first."))


def _require_agenda(meeting: Meeting) -> None:
    if not meeting.items.exists():
        raise AgendaEmpty(_("There is no item on the agenda. Add at least one first."))


def _require_provisional(meeting: Meeting) -> None:
    if meeting.agenda_state == Meeting.AgendaState.ADOPTED:
        raise AgendaAlreadyAdopted(_("The agenda was adopted and stays as it is."))


def _require_participants_among_readers(meeting: Meeting) -> None:
    if meeting.visibility == Visibility.SECRETARIAT:
        raise MeetingKeptFromParticipants(
            _("Only the secretariat and the chair read this meeting. Give it to the participants or the public first.")
        )


def _require_text(summary: ChairsSummary) -> None:
    empty = [str(part) for part in summary.parts.all() if not to_blocks(part.text)]
    if empty or not summary.parts.exists():
        raise SummaryEmpty(
            ngettext("This part has no text: %(parts)s.", "These parts have no text: %(parts)s.", len(empty))
            % {"parts": "; ".join(empty)}
            if empty
            else _("The summary has no part.")
        )


def _require_no_attribution(summary: ChairsSummary, confirmed: bool) -> None:
    found = [] if confirmed else summary_attributions(summary)
    if found:
        raise SummaryAttributes(
            _(
                "Names of participants stand in the text: %(names)s. Take them out, or confirm that they say "
                "nothing of who said what."
            )
            % {"names": ", ".join(dict.fromkeys(attribution.name for attribution in found))},
            found,
        )


def _step(meeting: Meeting, what: Step.What, by: User, note: str = "") -> None:
    Step.objects.create(meeting=meeting, what=what, by=by, note=note[:300])


def _record(meeting: Meeting, what: Step.What, by: User, note: str = "") -> Meeting:
    """Save the changed meeting as a new version, so that a form opened before does not overwrite it."""
    meeting.version += 1
    meeting.changed_at = timezone.now()
    meeting.save()
    _step(meeting, what, by, note)
    return meeting


def _move(meeting: Meeting, state: Meeting.State, what: Step.What, by: User, note: str = "") -> Meeting:
    meeting.state = state
    return _record(meeting, what, by, note)


def _move_summary(
    summary: ChairsSummary, state: ChairsSummary.State, what: Step.What, by: User, note: str = ""
) -> ChairsSummary:
    summary.state = state
    summary.version += 1
    summary.save()
    _step(summary.meeting, what, by, note)
    return summary


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
