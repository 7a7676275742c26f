"""A delegate's reading of a long series of meetings, by hand: the search, the list, one meeting."""

from __future__ import annotations

import re
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.html import escape
from django.utils.safestring import mark_safe

from tests.benchmarks.bare import facts

PAGE = 20
# What a delegate finds: public and participants' meetings with their agendas, published summaries, documents of theirs
# that are current and readable by now, follow-ups.
THEIRS = """
((e.kind IN ('meeting', 'item') AND m.visibility IN ('public', 'participants'))
 OR (e.kind = 'summary' AND m.visibility IN ('public', 'participants'))
 OR (e.kind = 'document' AND m.visibility IN ('public', 'participants') AND EXISTS (
     SELECT 1 FROM meetings_document d WHERE d.id = e.object_id AND d.visibility IN ('public', 'participants')
     AND d.replaced_at IS NULL AND (d.readable_from IS NULL OR d.readable_from <= %s)))
 OR (e.kind = 'follow-up' AND m.visibility IN ('public', 'participants')))
"""
FTS5 = f"""
FROM meetings_entry_text_fulltext f JOIN meetings_entry e ON e.id = f.rowid
JOIN meetings_meeting m ON m.id = e.meeting_id JOIN meetings_workinggroup g ON g.id = m.working_group_id
WHERE meetings_entry_text_fulltext MATCH %s AND {THEIRS}
"""
SQLITE = (
    f"SELECT count(*) {FTS5}",
    "SELECT e.kind, e.title, m.number, g.slug, m.date, "
    f"snippet(meetings_entry_text_fulltext, 0, char(2), char(3), '…', 40) {FTS5} ORDER BY f.rank LIMIT %s OFFSET 0",
)
QUERY = "(plainto_tsquery('english', %s) || plainto_tsquery('french', %s))"
TSVECTOR = f"""
FROM meetings_entry e JOIN meetings_meeting m ON m.id = e.meeting_id
JOIN meetings_workinggroup g ON g.id = m.working_group_id
WHERE e.text_fulltext @@ {QUERY} AND {THEIRS}
"""
POSTGRESQL = (
    f"SELECT count(*) {TSVECTOR}",
    f"""SELECT kind, title, number, slug, date, ts_headline('english', text, {QUERY},
        'StartSel=\x02, StopSel=\x03, MaxFragments=1, MaxWords=40, MinWords=20') FROM (
        SELECT e.kind, e.title, m.number, g.slug, m.date, e.text {TSVECTOR}
        ORDER BY ts_rank(e.text_fulltext, {QUERY}) DESC LIMIT %s) AS best""",
)
LIST = """
SELECT m.number, m.date, m.date_note, m.state, m.chair_name, g.slug,
       (SELECT count(*) FROM meetings_attendance a WHERE a.meeting_id = m.id AND a.capacity = 'participant')
FROM meetings_meeting m JOIN meetings_workinggroup g ON g.id = m.working_group_id
WHERE m.visibility IN ('public', 'participants') ORDER BY m.date DESC, m.number DESC
"""
MEETING = """
SELECT m.id, m.title, m.date, m.place, m.chair_name, m.state, m.agenda_state, g.symbol
FROM meetings_meeting m JOIN meetings_workinggroup g ON g.id = m.working_group_id
WHERE g.slug = %s AND m.number = %s AND m.visibility IN ('public', 'participants')
"""
ITEMS = "SELECT position, title, presenter, note, minutes FROM meetings_agendaitem WHERE meeting_id = %s ORDER BY 1"
DOCUMENTS = """
SELECT id, symbol, title, size, language, media_type FROM meetings_document
WHERE meeting_id = %s AND visibility IN ('public', 'participants') AND replaced_at IS NULL
AND (readable_from IS NULL OR readable_from <= %s) ORDER BY symbol
"""
SUMMARY = """
SELECT p.symbol FROM meetings_publishedsummary p JOIN meetings_chairssummary s ON s.id = p.summary_id
WHERE s.meeting_id = %s ORDER BY p.number DESC LIMIT 1
"""
ATTENDANCE = "SELECT capacity, guest_name, guest_organisation, mode FROM meetings_attendance WHERE meeting_id = %s"
FOLLOW_UPS = "SELECT what, who, due, due_note, state FROM meetings_followup WHERE meeting_id = %s ORDER BY due"


def search(request: HttpRequest) -> HttpResponse:
    """The number of hits, and the first twenty with the words marked."""
    you, typed = facts.person(request), request.GET["q"]
    words = re.findall(r"\w+", typed)
    now = facts.stored(facts.now())
    if connection.vendor == "sqlite":
        matched: list[Any] = [" ".join(f'"{word}"' for word in words), now]
        count, best = SQLITE[0], (SQLITE[1], [*matched, PAGE])
    else:
        matched = [typed, typed, now]
        count, best = POSTGRESQL[0], (POSTGRESQL[1], [typed, typed, *matched, typed, typed, PAGE])
    (total,) = facts.found(facts.one(count, matched))
    hits = [
        {
            "kind": kind,
            "title": title,
            "address": f"/meetings/{slug}/{number}/",
            "number": number,
            "date": facts.day_of(date),
            "snippet": mark_safe(escape(text).replace("\x02", "<mark>").replace("\x03", "</mark>")),  # noqa: S308
        }
        for kind, title, number, slug, date, text in facts.rows(*best)
    ]
    return facts.page("meeting_search.html", {"you": you, "q": typed, "total": total, "hits": hits})


def read_list(request: HttpRequest) -> HttpResponse:
    """All meetings, the newest first."""
    you = facts.person(request)
    meetings = [
        {
            "number": number,
            "date": facts.day_of(date),
            "note": note,
            "state": state,
            "chair": chair,
            "slug": slug,
            "participants": participants,
        }
        for number, date, note, state, chair, slug, participants in facts.rows(LIST, [])
    ]
    return facts.page("meeting_list.html", {"you": you, "meetings": meetings})


def read_meeting(request: HttpRequest, group: str, number: int) -> HttpResponse:
    """Agenda, documents, summary, attendance and follow-ups of one meeting."""
    you = facts.person(request)
    pk, title, date, place, chair, state, agenda, symbol = facts.found(facts.one(MEETING, [group, number]))
    return facts.page(
        "meeting.html",
        {
            "you": you,
            "group": group,
            "number": number,
            "title": title,
            "date": facts.day_of(date),
            "place": place,
            "chair": chair,
            "state": state,
            "agenda": agenda,
            "symbol": f"{symbol}/{number}",
            "items": facts.rows(ITEMS, [pk]),
            "documents": facts.rows(DOCUMENTS, [pk, facts.stored(facts.now())]),
            "summary": facts.one(SUMMARY, [pk]),
            "attendance": facts.rows(ATTENDANCE, [pk]),
            "follow_ups": facts.rows(FOLLOW_UPS, [pk]),
        },
    )
