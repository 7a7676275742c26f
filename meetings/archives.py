"""A whole meeting as one archive: its papers, and `meeting.json`, described in docs/decisions/archives.md.

What is in it is what its reader may read, asked of each thing itself (`visible_to`, `has_perm`), so three readers get
three archives: the public, insiders, and those who work on the meeting, who alone get records and notes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from icoca_portal.lib import exports
from icoca_portal.lib.archives import Archive
from icoca_portal.lib.moments import in_geneva
from icoca_portal.lib.pdf import write_pdf
from icoca_portal.lib.word import write_docx
from meetings import papers
from meetings.agenda_texts import Agenda, agenda_of, readable_papers, working_copy
from meetings.models import (
    AgendaRevision,
    Attendance,
    Decision,
    Document,
    FollowUp,
    Meeting,
    Note,
    PublishedSummary,
    Registration,
)
from meetings.querysets import is_insider
from meetings.shelf import fill_archive, papers_of
from meetings.texts import text_of_publication

FORMAT, FORMAT_VERSION = "icoca-portal/meeting", 1
AGENDA, DOCUMENTS, SUMMARY = "1 agenda/", "2 documents/", "3 summary/"


def meeting_archive(meeting: Meeting, user: Any) -> Archive:
    """Everything of a meeting that exists for the reader. Files are read while the archive is sent."""
    archive = Archive()
    if agenda_of(meeting).lines:
        name = f"{_plain(meeting.agenda_symbol)} agenda"
        agenda = papers.agenda_paper(meeting, _agenda_for(meeting, user))
        archive.add(write_pdf(agenda), f"{name}.pdf", AGENDA)
        archive.add(write_docx(agenda), f"{name}.docx", AGENDA)
    stored = fill_archive(archive, papers_of(meeting, user), DOCUMENTS)
    published = list(
        PublishedSummary.objects.visible_to(user)
        .filter(summary__meeting=meeting)
        .select_related("summary__meeting__working_group")
        .order_by("number")
    )
    for row in published:
        name, text = _plain(row.symbol), text_of_publication(row)
        paper = papers.summary_paper(meeting, row.summary, text)
        archive.add(write_pdf(paper), f"{name}.pdf", SUMMARY)
        archive.add(write_docx(paper), f"{name}.docx", SUMMARY)
        archive.add(row.content.encode(), f"{name}.json", SUMMARY)
    if user.has_perm("meetings.read_attendance", meeting) and _anybody_came(meeting):
        name = f"{_plain(meeting.symbol)} participants"
        archive.add(write_pdf(papers.participants_paper(meeting)), f"{name}.pdf")
        rows = exports.write_csv(papers.participants_headers(), papers.participants_rows(meeting))
        archive.add(rows, f"{name}.csv")
    content = json.dumps(meeting_content(meeting, user, stored, published), ensure_ascii=False, indent=1)
    archive.add(content.encode("utf-8", "surrogatepass"), "meeting.json")
    archive.add(_readme(meeting, user, archive.names, stored, published).encode("utf-8", "ignore"), "README.txt")
    return archive


def archive_name(meeting: Meeting) -> str:
    """``ICoCA-WG-9.zip``."""
    return f"{_plain(meeting.symbol)}.zip"


def _plain(symbol: str) -> str:
    return symbol.replace("/", "-")


def _anybody_came(meeting: Meeting) -> bool:
    return meeting.participants_counted is not None or meeting.attendance.exists()


def reader_kind(meeting: Meeting, user: Any) -> str:
    """For whom an archive is made: ``public``, ``insiders`` or ``secretariat and chair``."""
    if user.has_perm("meetings.read_record", meeting):
        return "secretariat and chair"
    return "insiders" if user.has_perm("meetings.read_attendance", meeting) else "public"


def meeting_content(
    meeting: Meeting, user: Any, stored: Iterable[tuple[str, Document]], published: Iterable[PublishedSummary]
) -> dict[str, Any]:
    """What `meeting.json` holds. Labels and names stand as they are stored, whatever the reader's language."""
    reader = reader_kind(meeting, user)
    inside, works_on_it = reader != "public", reader == "secretariat and chair"
    content: dict[str, Any] = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "made_at": timezone.now().isoformat(),
        "made_for": reader,
        "sample": bool(settings.SAMPLE_SITE),
        "meeting": _facts(meeting, inside),
        "agenda": _agenda(meeting, user, works_on_it),
        "documents": [_document(row, path) for path, row in stored],
        "summaries": [
            {
                "symbol": row.symbol,
                "number": row.number,
                "sha256": row.sha256,
                "published_at": row.published_at.isoformat(),
                "content": row.text,
            }
            for row in published
        ],
    }
    if inside:
        content["participants_who_took_part"] = meeting.participants_among(meeting.attendance.all())
        content["attendance"] = _attendance(meeting, user)
        content["follow_ups"] = _follow_ups(meeting, user)
        content["registrations"] = [
            {"delegation": str(row.delegation), "person": row.person_name, "capacity": row.capacity, "mode": row.mode}
            for row in Registration.objects.visible_to(user)
            .standing()
            .filter(meeting=meeting)
            .select_related("delegation__organisation")
        ]
    if works_on_it:
        content["notes"] = _notes(meeting, user)
        content["decisions"] = [
            {"text": row.text, "item": row.item.title if row.item else ""}
            for row in Decision.objects.visible_to(user).standing().filter(meeting=meeting).select_related("item")
        ]
    return content


def _facts(meeting: Meeting, inside: bool) -> dict[str, Any]:
    facts = {
        "symbol": meeting.symbol,
        "working_group": meeting.working_group.name,
        "number": meeting.number,
        "about": meeting.title,
        "state": meeting.state,
        "readers": meeting.visibility,
        "date": meeting.date.isoformat() if meeting.date else None,
        "date_note": meeting.date_note,
        "begins": meeting.starts_at.isoformat() if meeting.starts_at else None,
        "ends": meeting.ends_at.isoformat() if meeting.ends_at else None,
        "time_zone": meeting.time_zone,
        "place": meeting.place,
        "mode": meeting.mode,
        "languages": meeting.languages,
        "chair": meeting.chair,
    }
    if inside:
        facts |= {"online_link": meeting.online_link, "online_note": meeting.online_note}
    return facts


def _agenda_for(meeting: Meeting, user: Any) -> Agenda:
    return agenda_of(meeting).for_reader(readable_papers(user, meeting), inside=is_insider(user))


def _agenda(meeting: Meeting, user: Any, works_on_it: bool) -> dict[str, Any]:
    """The text that was circulated last, as far as the reader reads what it names; the items as they stand where none
    was. The sealed texts themselves name papers that may have been taken back since, so only their seals are here."""
    agenda = _agenda_for(meeting, user)
    records = {item.pk: item.record for item in meeting.items.all()} if works_on_it else {}
    content: dict[str, Any] = {
        "symbol": agenda.symbol,
        "state": meeting.agenda_state,
        "items": [
            {
                "number": line.number,
                "kind": line.kind,
                "title": line.title,
                "presenter": line.presenter,
                "note": line.note,
                "begins": line.begins.isoformat() if line.begins else None,
                "minutes": line.minutes,
                "documents": [str(paper) for paper in line.papers],
            }
            | ({"record": records.get(line.pk, "")} if works_on_it else {})
            for line in agenda.lines
        ],
        "circulated": [
            {"number": row.number, "sha256": row.sha256, "issued_at": row.issued_at.isoformat(), "note": row.note}
            for row in AgendaRevision.objects.visible_to(user).filter(meeting=meeting).order_by("number")
        ],
    }
    if works_on_it:
        content["working_copy"] = [
            {"number": line.number, "title": line.title, "record": records.get(line.pk, "")}
            for line in working_copy(meeting).lines
        ]
    return content


def _document(row: Document, path: str) -> dict[str, Any]:
    return {
        "symbol": row.symbol,
        "title": row.title,
        "language": row.language,
        "readers": row.visibility,
        "version": row.version,
        "media_type": row.media_type,
        "size": row.size,
        "sha256": row.sha256,
        "uploaded_at": row.uploaded_at.isoformat(),
        "file": path,
    }


def _attendance(meeting: Meeting, user: Any) -> list[dict[str, Any]]:
    rows = Attendance.objects.visible_to(user).filter(meeting=meeting).select_related("delegation__organisation")
    return [
        {
            "capacity": row.capacity,
            "organisation": str(row.delegation or row.guest_organisation),
            "person": row.person_name or row.guest_name,
            "mode": row.mode,
        }
        for row in rows
    ]


def _follow_ups(meeting: Meeting, user: Any) -> list[dict[str, Any]]:
    return [
        {
            "what": row.what,
            "who": row.who,
            "due": row.due.isoformat() if row.due else None,
            "due_note": row.due_note,
            "state": row.state,
            "closing_note": row.closing_note,
        }
        for row in FollowUp.objects.visible_to(user).filter(meeting=meeting)
    ]


def _notes(meeting: Meeting, user: Any) -> list[dict[str, Any]]:
    rows = Note.objects.visible_to(user).standing().filter(item__meeting=meeting)
    numbers = {line.pk: line.number for line in working_copy(meeting).lines}
    return [
        {
            "item": numbers.get(row.item_id, ""),
            "kind": row.kind,
            "who": row.who,
            "text": row.text,
            "noted_at": row.noted_at.isoformat(),
        }
        for row in rows.select_related("item", "delegation__organisation").order_by("item__position", "position", "pk")
    ]


def _readme(
    meeting: Meeting,
    user: Any,
    names: Iterable[str],
    stored: Iterable[tuple[str, Document]],
    published: Iterable[PublishedSummary],
) -> str:
    readers = {
        "public": _("the public"),
        "insiders": _("participants"),
        "secretariat and chair": _("the secretariat and the chair; it holds records and notes that nobody else reads"),
    }
    lines = [
        meeting.full_name,
        " · ".join(part for part in (meeting.symbol, meeting.when, meeting.place_and_mode) if part),
        "",
        _("Put together on %(moment)s, for %(readers)s.")
        % {"moment": in_geneva(timezone.now()), "readers": readers[reader_kind(meeting, user)]},
    ]
    if settings.SAMPLE_SITE:
        lines.append(_("Sample data."))
    lines += ["", _("Files"), *(f"  {name}" for name in names), "  README.txt", ""]
    lines.append(_("meeting.json holds the same in a form for programs."))
    lost = [row for path, row in stored if not path]
    if lost:
        lines += ["", _("These documents could not be read when the archive was put together:")]
        lines += [f"  {row}" for row in lost]
    seals = [(row.symbol, row.sha256) for row in published]
    if seals:
        lines += ["", _("Seals: the SHA-256 of the .json file of each published text")]
        lines += [f"  {symbol}  {sha256}" for symbol, sha256 in seals]
    files = [(path, row.sha256) for path, row in stored if path]
    if files:
        lines += ["", _("SHA-256 of the documents")]
        lines += [f"  {sha256}  {path}" for path, sha256 in files]
    return "\r\n".join(lines) + "\r\n"
