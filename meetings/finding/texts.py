"""The words under which each thing of a meeting is found.

Never among them: the link to join online and its note, registrations and needs, the speakers' list, comments on a
summary. Attributed words (notes, interventions, records) are entries of their own, which their own readers find alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.utils import translation

from icoca_portal.lib.richtext import to_text
from icoca_portal.lib.words_of_files import tidy
from meetings.agendas import outline
from meetings.models import (
    AgendaItem,
    AgendaRevision,
    ChairsSummary,
    Decision,
    Document,
    Entry,
    FollowUp,
    Meeting,
    Note,
    PublishedSummary,
)

Kind = Entry.Kind


@dataclass(frozen=True)
class Words:
    """What is kept of one thing: the fields of its `Entry`."""

    kind: str
    object_id: int
    title: str
    text: str
    language: str
    presenter: str = ""
    anchor: str = ""


def words(kind: str, pk: int, title: str, *body: str, **more: str) -> Words:
    """The title stands first in the text, so that it is found too, and on one line."""
    title = " ".join(tidy(title).split())[:400]
    text = tidy("\n".join(part for part in body if part))
    return Words(
        kind=kind,
        object_id=pk,
        title=title,
        text=f"{title}\n{text}".rstrip("\n"),
        language=more.pop("language", settings.LANGUAGE_CODE),
        **more,
    )


def of_everything(meeting: Meeting) -> Iterator[Words]:
    """The words of a meeting and of all that hangs on it: about ten queries, whatever hangs on it."""
    yield of_meeting(meeting)
    yield from of_agenda(meeting)
    notes = Note.objects.filter(item__meeting=meeting).select_related("item", "delegation__organisation")
    for note in notes:
        yield from of_note(note)
    for decision in Decision.objects.filter(meeting=meeting).select_related("item"):
        yield from of_decision(decision)
    summary = ChairsSummary.objects.filter(meeting=meeting).first()
    if summary is not None:
        summary.meeting = meeting
        yield from of_summary(summary)
    for document in meeting.documents.select_related("words"):
        yield from of_document(document)
    for follow_up in meeting.follow_ups.select_related("delegation__organisation"):
        yield from of_follow_up(follow_up)


def of_meeting(meeting: Meeting) -> Words:
    """Its name in every language of the portal, and the facts that stand on its page for all of its readers."""
    names = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names += [meeting.full_name, meeting.when, meeting.place_and_mode]
    return words(
        Kind.MEETING,
        meeting.pk,
        f"{meeting.full_name}: {meeting.title}" if meeting.title else meeting.full_name,
        *dict.fromkeys(names),
        meeting.symbol,
        meeting.date_note,
        meeting.chair,
        meeting.working_group.name,
    )


def of_agenda(meeting: Meeting) -> Iterator[Words]:
    """The items and their records, with the agenda that was circulated last."""
    return of_items(meeting.items.all(), meeting.agenda_revisions.order_by("number").last())


def of_items(items: Iterable[AgendaItem], revision: AgendaRevision | None) -> Iterator[Words]:
    """The items as readers have them, the working copy where it differs, and the records."""
    lines = outline(items)
    rows = [_item(line.item.pk, line.number, vars(line.item), Kind.ITEM) for line in lines]
    if revision is None:
        yield from rows
    else:
        circulated = [_item(item["id"], item["number"], item, Kind.ITEM) for item in revision.text["items"]]
        yield from circulated
        known = {one.text for one in circulated}
        yield from (replace(row, kind=Kind.WORKING_COPY) for row in rows if row.text not in known)
    for line in lines:
        if record := to_text(line.item.record):
            yield words(
                Kind.RECORD,
                line.item.pk,
                line.heading,
                record,
                presenter=line.item.presenter,
                anchor=anchor_of(line.number),
            )


def anchor_of(number: str) -> str:
    """Where the item stands on the meeting's page."""
    return f"item{number.replace('.', '-')}"


def _item(row: int, number: str, facts: Mapping[str, Any], kind: Kind) -> Words:
    title = f"{number} {facts['title']}"
    presenter = facts["presenter"]
    return words(kind, row, title, presenter, facts["note"], presenter=presenter, anchor=anchor_of(number))


def of_note(note: Note) -> Iterator[Words]:
    if note.removed_at is None and (note.text or note.is_intervention):
        said = f"{note.who}: {note.text}" if note.who else note.text
        yield words(Kind.NOTE, note.pk, note.item.title, said, presenter=note.item.presenter)


def of_decision(decision: Decision) -> Iterator[Words]:
    if decision.removed_at is None:
        item = decision.item
        yield words(
            Kind.DECISION,
            decision.pk,
            item.title if item else str(Kind.DECISION.label),
            decision.text,
            presenter=item.presenter if item else "",
        )


def of_summary(summary: ChairsSummary) -> Iterator[Words]:
    """The text last published, what is circulated while it is, and the draft while the text is not published."""
    published = summary.publication
    if published is not None:
        yield of_publication(published)
    if summary.state == ChairsSummary.State.PUBLISHED:
        return
    title = f"{summary.symbol} {summary}"
    if summary.circulated_at is not None:
        latest = summary.rounds.order_by("number").last()
        if latest is not None:
            yield words(Kind.CIRCULATED, latest.pk, title, *_parts(latest.text))
    parts = [{"number": part.number, "title": part.title, "text": part.text} for part in summary.parts.all()]
    yield words(Kind.DRAFT, summary.pk, title, summary.title_lines, *_parts({"title_lines": [], "parts": parts}))


def of_publication(published: PublishedSummary) -> Words:
    text = published.text
    title = f"{published.symbol} {text['title']}"
    return words(Kind.SUMMARY, published.pk, title, *_parts(text), language=text["language"])


def _parts(text: Mapping[str, Any]) -> Iterator[str]:
    for label, line in text["title_lines"]:
        yield f"{label}: {line}" if label else line
    for part in text["parts"]:
        yield f"{part['number']} {part['title']}".strip()
        yield to_text(part["text"])


def of_document(document: Document) -> Iterator[Words]:
    """Its symbol and title at once; the words of its file as soon as they are read. Of a version that was replaced too:
    it is what readers find until they may read the newer one."""
    read = getattr(document, "words", None)
    yield words(Kind.DOCUMENT, document.pk, str(document), read.text if read else "", language=document.language)


def of_follow_up(follow_up: FollowUp) -> Iterator[Words]:
    who = dict.fromkeys(part for part in (follow_up.who, str(follow_up.delegation or "")) if part)
    yield words(
        Kind.FOLLOW_UP,
        follow_up.pk,
        follow_up.what,
        *who,
        follow_up.by,
        follow_up.closing_note,
    )
