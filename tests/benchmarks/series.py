"""A long series of meetings, filled in seconds: agendas with records, documents, published summaries, follow-ups, and
what the search finds of them.

tests/meetings/test_scale.py holds the entries against those that `meetings.finding` would write.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

from django.utils import timezone

from icoca_portal.lib import sealing
from meetings.finding import texts
from meetings.models import (
    AgendaItem,
    ChairsSummary,
    Document,
    DocumentWords,
    Entry,
    FollowUp,
    Meeting,
    PublishedSummary,
    WorkingGroup,
)
from members.models import User

WORDS = [
    *("government", "client", "company", "member", "oversight", "certification", "complaint", "vetting", "training"),
    *("review", "guidance", "standard", "region", "contract", "funding", "visit", "report", "question", "answer"),
    *("sécurité", "gouvernement", "entreprise", "membre", "rapport", "participants", "exchange", "agenda", "progress"),
]
#: Stands in every record, in one record of a hundred, and in one meeting.
COMMON, RARE, ONCE = "association", "grievance", "moratorium"
FIRST_DAY = date(1990, 1, 10)


def group() -> WorkingGroup:
    """The working group of the series."""
    row, _made = WorkingGroup.objects.get_or_create(
        slug="series", defaults={"name": "Sample Working Group of a long series", "symbol": "SERIES"}
    )
    return row


def fill(many: int, items: int = 20, *, first: int = 1, words: int = 80) -> list[Meeting]:
    """Make meetings number `first` to `first + many - 1`, all closed and public, every one with `items` items, whose
    records have so many words."""
    draw = random.Random(first)
    series = group()
    officer, _made = User.objects.get_or_create(
        email="bench.officer@sample.example", defaults={"name": "Sample Officer", "is_staff": True}
    )
    meetings = Meeting.objects.bulk_create(
        Meeting(
            working_group=series,
            number=number,
            title=_sentence(draw, 6),
            place="Geneva",
            date=FIRST_DAY + timedelta(days=21 * number),
            state=Meeting.State.CLOSED,
            visibility="public",
            agenda_state="adopted",
            chair_name="Sample Chair",
        )
        for number in range(first, first + many)
    )
    rows = AgendaItem.objects.bulk_create(
        (_item(draw, meeting, position, words) for meeting in meetings for position in range(1, items + 1)),
        batch_size=1000,
    )
    of_meeting: dict[int, list[AgendaItem]] = {}
    for row in rows:
        of_meeting.setdefault(row.meeting_id, []).append(row)
    _documents(draw, meetings, officer)
    FollowUp.objects.bulk_create(
        FollowUp(meeting=meeting, what=_sentence(draw, 8), who="Sample organisation", due=meeting.date)
        for meeting in meetings
        for _number in range(2)
    )
    _summaries(meetings, of_meeting, officer)
    _entries(meetings)
    return meetings


def _sentence(draw: random.Random, words: int) -> str:
    return " ".join(draw.choices(WORDS, k=words)).capitalize()


def _item(draw: random.Random, meeting: Meeting, position: int, length: int) -> AgendaItem:
    words = [*draw.choices(WORDS, k=length), COMMON]
    if draw.random() < 0.01:
        words.append(RARE)
    if position == 1 and meeting.number % 250 == 3:
        words.append(ONCE)
    draw.shuffle(words)
    text = " ".join(words)
    return AgendaItem(
        meeting=meeting,
        position=position,
        title=_sentence(draw, 4),
        presenter=f"Sample Presenter {draw.randrange(40)}",
        record=f"<p>{text}.</p>",
    )


def _documents(draw: random.Random, meetings: list[Meeting], officer: User) -> None:
    documents = Document.objects.bulk_create(
        Document(
            meeting=meeting,
            number=number,
            symbol=f"{meeting.symbol}/{number}",
            title=_sentence(draw, 5),
            visibility=("public", "participants")[number % 2],
            file=f"documents/{meeting.number}-{number}",
            original_name="sample.txt",
            media_type="text/plain",
            size=10,
            sha256="0" * 64,
            uploaded_by=officer,
        )
        for meeting in meetings
        for number in (2, 3)
    )
    DocumentWords.objects.bulk_create(
        DocumentWords(document=document, text=_sentence(draw, 300), outcome="read") for document in documents
    )


def _summaries(meetings: list[Meeting], items: dict[int, list[AgendaItem]], officer: User) -> None:
    moment = timezone.now()
    summaries = ChairsSummary.objects.bulk_create(
        ChairsSummary(
            meeting=meeting, state="published", approved_at=moment, approved_by=officer, created_by=officer, version=3
        )
        for meeting in meetings
    )
    published = []
    for summary in summaries:
        content = {
            "title": str(summary),
            "symbol": summary.symbol,
            "language": "en",
            "title_lines": [["Place", "Geneva"]],
            "parts": [
                {"number": str(number), "title": item.title, "text": item.record}
                for number, item in enumerate(items[summary.meeting_id], start=1)
            ],
            "approved_by": str(officer),
        }
        text = sealing.canonical(content)
        published.append(
            PublishedSummary(
                summary=summary,
                number=0,
                symbol=summary.symbol,
                content=text,
                sha256=sealing.digest(text),
                published_at=moment,
                published_by=officer,
            )
        )
    PublishedSummary.objects.bulk_create(published, batch_size=100)


def _entries(meetings: list[Meeting]) -> None:
    """What `finding.index_meeting` writes, from a few queries for all meetings together."""
    found = Meeting.objects.filter(pk__in=[meeting.pk for meeting in meetings]).select_related(
        "working_group", "chair_organisation"
    )
    whole = found.prefetch_related("items", "documents__words", "follow_ups__delegation", "summary__publications")
    entries = []
    for meeting in whole:
        words = [
            texts.of_meeting(meeting),
            *texts.of_items(meeting.items.all(), None),
            *(one for document in meeting.documents.all() for one in texts.of_document(document)),
            *(one for follow_up in meeting.follow_ups.all() for one in texts.of_follow_up(follow_up)),
            *(texts.of_publication(row) for row in meeting.summary.publications.all()),
        ]
        entries += [Entry(meeting=meeting, date=meeting.date, **vars(one)) for one in words]
    Entry.objects.bulk_create(entries, batch_size=500)
