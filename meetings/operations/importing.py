"""Summaries of the past are brought in: read, corrected, saved as the record of a meeting, or given up."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icoca_portal.lib import sealing
from icoca_portal.lib.richtext import printable, to_blocks
from meetings import finding
from meetings.exceptions import (
    DateMissing,
    ImportChangedMeanwhile,
    ImportEnded,
    ImportIncomplete,
    MeetingHasSummary,
    MeetingIsAnother,
)
from meetings.importing import NotRead, heading_lines, part_html, understand
from meetings.models import (
    AgendaItem,
    ChairsSummary,
    Meeting,
    PastSummary,
    PublishedSummary,
    Step,
    SummaryPart,
    WorkingGroup,
)
from meetings.operations.convening import close_meeting, hold_meeting
from meetings.operations.shared import require_participants_among_readers, step
from meetings.operations.summaries import sealed_content
from members.models import User

State = Meeting.State


def upload_past_summary(group: WorkingGroup, upload: UploadedFile, *, by: User) -> PastSummary:
    """Read a summary and keep the file with what was understood of it. No meeting changes.

    The same file sent again while the first is not settled gives the first. Raises NotRead with what to do.
    """
    limit = settings.MAX_UPLOAD_BYTES
    if (upload.size or 0) > limit:
        raise NotRead(_("The file is larger than %(limit)d MB.") % {"limit": limit // 1024**2})
    content = upload.read()
    name = _name_of(upload)
    media_type, understood = understand(content, name)
    sha256 = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        open_rows = PastSummary.objects.select_for_update(of=("self",)).filter(saved_at=None, discarded_at=None)
        again = open_rows.filter(working_group=group, sha256=sha256).first()
        if again is not None:
            return again
        row = PastSummary(
            working_group=group,
            original_name=name,
            media_type=media_type,
            size=len(content),
            sha256=sha256,
            understood=understood,
            uploaded_by=by,
        )
        row.file.save(name, ContentFile(content), save=False)
        try:
            row.save()
        except Exception:
            row.file.delete(save=False)
            raise
    return row


def _name_of(upload: UploadedFile) -> str:
    name = (upload.name or "").replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in printable(name) if letter.isprintable())[:200] or "summary"


@transaction.atomic
def correct_past_summary(row: PastSummary, understood: dict[str, Any], *, seen_version: int, by: User) -> PastSummary:
    """Store what was corrected on the screen. Raises ImportEnded, ImportChangedMeanwhile."""
    row = _locked(row, seen_version)
    if row.understood != understood:
        row.understood = understood
        row.version += 1
        row.save(update_fields=["understood", "version"])
    return row


@transaction.atomic
def discard_past_summary(row: PastSummary, *, by: User) -> PastSummary:
    """Give it up: nothing comes of it. The file stays on record. Raises ImportEnded."""
    row = _locked(row, None)
    row.discarded_at = timezone.now()
    row.save(update_fields=["discarded_at"])
    return row


def _locked(row: PastSummary, seen_version: int | None) -> PastSummary:
    row = PastSummary.objects.select_for_update(of=("self",)).select_related("working_group").get(pk=row.pk)
    if row.saved_at or row.discarded_at:
        raise ImportEnded(_("This text was saved or given up already."))
    if seen_version is not None and seen_version != row.version:
        raise ImportChangedMeanwhile(_("Somebody corrected this text while the page was open."))
    return row


@transaction.atomic
def save_past_summary(
    row: PastSummary, *, seen_version: int, was_published: bool, visibility: str, by: User
) -> Meeting:
    """Make a meeting of the past of it, or fill the one with its number: its facts, its agenda, and a Chair's Summary.

    A meeting that is there keeps what it has: empty facts are filled, an agenda is made where there is none. The
    summary is a draft, which goes the usual way; or, if it `was_published` at its time, it is sealed and published as
    it stands, with the note that it was brought in, from which file and by whom. Names in it are then not looked for:
    the readers had it. Nobody gets mail: it is no news. See docs/decisions/bring-in-the-past.md.

    Raises ImportEnded, ImportChangedMeanwhile, ImportIncomplete, DateMissing, MeetingIsAnother, MeetingHasSummary,
    MeetingNotYetTakenPlace, MeetingInAnotherState, MeetingKeptFromParticipants.
    """
    row = _locked(row, seen_version)
    text = row.understood
    parts = _parts(text)
    meeting = _meeting(row, text, visibility, by)
    if was_published:
        require_participants_among_readers(meeting)
    items = _agenda(meeting, parts)
    summary = ChairsSummary(meeting=meeting, title_lines="\n".join(_title_lines(meeting, text)), created_by=by)
    if was_published:
        summary.state = ChairsSummary.State.PUBLISHED
        summary.approved_at, summary.approved_by = timezone.now(), by
    summary.save()
    SummaryPart.objects.bulk_create(
        SummaryPart(
            summary=summary,
            item=items.get(place),
            position=place,
            number=part["number"][:12],
            title=part["title"][:250],
            text=part["text"],
        )
        for place, part in enumerate(parts, start=1)
    )
    step(meeting, Step.What.SUMMARY_IMPORTED, by, note=row.original_name)
    if was_published:
        _publish(row, summary, text, by)
    row.saved_at, row.meeting = timezone.now(), meeting
    row.save(update_fields=["saved_at", "meeting"])
    finding.index_meeting(meeting)
    return meeting


def _parts(text: dict[str, Any]) -> list[dict[str, Any]]:
    parts = [
        {"number": item["number"], "title": item["title"].strip(), "agenda": item["agenda"],
         "text": part_html(item["blocks"])}
        for item in text["items"]
    ]  # fmt: skip
    if not text["number"]:
        raise ImportIncomplete(_("Give the number of the meeting."))
    if not text["date"]:
        raise DateMissing(_("Give the date of the meeting."))
    if not parts:
        raise ImportIncomplete(_("There is no item yet. Mark a line as a title."))
    if any(not part["title"] for part in parts):
        raise ImportIncomplete(_("Give each item a title."))
    empty = [part["title"] for part in parts if not to_blocks(part["text"])]
    if empty:
        said = ngettext("This item has no text: %(titles)s.", "These items have no text: %(titles)s.", len(empty))
        raise ImportIncomplete(said % {"titles": "; ".join(empty)})
    return parts


def _meeting(row: PastSummary, text: dict[str, Any], visibility: str, by: User) -> Meeting:
    """The meeting with this number, held and with its empty facts filled; made if it is missing."""
    day = date.fromisoformat(text["date"])
    meetings = Meeting.objects.select_for_update(of=("self",)).select_related("working_group")
    meeting = meetings.filter(working_group=row.working_group, number=text["number"]).first()
    if meeting is None:
        meeting = Meeting(working_group=row.working_group, number=text["number"], date=day, visibility=visibility)
        is_new = True
    else:
        is_new = False
        if ChairsSummary.objects.filter(meeting=meeting).exists():
            raise MeetingHasSummary(
                _("The %(exchange)s has a summary already.") % {"exchange": meeting.name_in_sentence}
            )
        if meeting.date and meeting.date != day:
            raise MeetingIsAnother(
                _("The %(exchange)s is on record for %(day)s. Correct the number or the date here, or the date there.")
                % {"exchange": meeting.name_in_sentence, "day": date_format(meeting.date, "DATE_FORMAT")}
            )
        meeting.date = day
    meeting.place = meeting.place or text["place"]
    meeting.title = meeting.title or text["title"]
    if not meeting.chair_organisation_id:
        meeting.chair_name = meeting.chair_name or text["chair"]
    if meeting.participants_counted is None and not (meeting.pk and meeting.attendance.exists()):
        meeting.participants_counted = text["participants"]
    if not is_new:
        meeting.version += 1
    meeting.changed_at = timezone.now()
    meeting.save()
    if meeting.state in (State.HELD, State.CLOSED):
        return meeting
    # Raises for a day to come, and for a meeting that was cancelled.
    return close_meeting(hold_meeting(meeting, by=by), by=by)


def _agenda(meeting: Meeting, parts: list[dict[str, Any]]) -> dict[int, AgendaItem]:
    """The item of the agenda of each part, by the part's place from 1. Items that are there stay as they are."""
    wanted = [(place, part) for place, part in enumerate(parts, start=1) if part["agenda"]]
    there = list(meeting.items.filter(parent=None))
    if there:
        named = {item.title.casefold(): item for item in there}
        return {place: named[part["title"].casefold()] for place, part in wanted if part["title"].casefold() in named}
    items = {}
    for position, (place, part) in enumerate(wanted, start=1):
        items[place] = AgendaItem.objects.create(meeting=meeting, position=position, title=part["title"][:250])
    return items


def _title_lines(meeting: Meeting, text: dict[str, Any]) -> list[str]:
    """The facts as they stand on the meeting now, and the lines of the head that were kept."""
    with translation.override(text["language"]):
        facts = [
            (_("Date"), meeting.when),
            (_("Place"), meeting.place_and_mode),
            (_("Chair"), meeting.chair),
        ]
    return [f"{label}: {value}" for label, value in facts if value] + heading_lines(text)


def _publish(row: PastSummary, summary: ChairsSummary, text: dict[str, Any], by: User) -> None:
    moment = timezone.now()
    content = sealed_content(summary, symbol=summary.symbol, number=0, moment=moment)
    with translation.override(text["language"]):
        content |= {"language": text["language"], "title": str(summary)}
    content["brought_in"] = {
        "at": moment.isoformat(),
        "by": str(by),
        "file": row.original_name,
        "sha256": row.sha256,
    }
    sealed = sealing.canonical(content)
    PublishedSummary.objects.create(
        summary=summary,
        number=0,
        symbol=summary.symbol,
        content=sealed,
        sha256=sealing.digest(sealed),
        published_at=moment,
        published_by=by,
    )
    step(summary.meeting, Step.What.SUMMARY_PUBLISHED, by, note=summary.symbol)
