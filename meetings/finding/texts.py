"""The words under which each thing of a meeting is found.

Never among them: the link to join online and its note, registrations and needs, the speakers' list, comments on a
summary. Attributed words (notes, interventions, records) are entries of their own, which their own readers find alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation

from icoca_portal.lib.richtext import to_text
from icoca_portal.lib.words_of_files import tidy
from meetings.agendas import outline
from meetings.models import (
    AgendaItem,
    ChairsSummary,
    Decision,
    Document,
    Entry,
    FollowUp,
    Meeting,
    Note,
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


def words(kind: str, row: Any, title: str, *body: str, **more: str) -> Words:
    """The title stands first in the text, so that it is found too, and on one line."""
    title = " ".join(tidy(title).split())[:400]
    text = tidy("\n".join(part for part in body if part))
    return Words(
        kind=kind,
        object_id=row if isinstance(row, int) else row.pk,
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
    for document in meeting.documents.current().select_related("words"):
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
        meeting,
        f"{meeting.full_name}: {meeting.title}" if meeting.title else meeting.full_name,
        *dict.fromkeys(names),
        meeting.symbol,
        meeting.date_note,
        meeting.chair,
        meeting.working_group.name,
    )


def of_agenda(meeting: Meeting) -> Iterator[Words]:
    """The items as readers have them, the working copy where it differs, and the records."""
    items = outline(meeting.items.all())
    revision = meeting.agenda_revisions.last()
    rows = [_item(Kind.ITEM, line.item, line.number, line.item) for line in items]
    if revision is None:
        yield from rows
    else:
        circulated = list(_circulated(revision.text.get("items", []), revision.pk))
        yield from circulated
        known = {one.text for one in circulated}
        for row in rows:
            if row.text not in known:
                yield Words(**{**row.__dict__, "kind": Kind.WORKING_COPY})
    for line in items:
        item, number = line.item, line.number
        if record := to_text(item.record):
            yield words(
                Kind.RECORD,
                item,
                f"{number} {item.title}",
                record,
                presenter=item.presenter,
                anchor=f"item{number}",
            )


def _item(kind: str, row: Any, number: str, item: AgendaItem) -> Words:
    return words(
        kind,
        row,
        f"{number} {item.title}",
        item.presenter,
        item.note,
        presenter=item.presenter,
        anchor=f"item{number}",
    )


def _circulated(items: Iterable[Mapping[str, Any]], revision: int) -> Iterator[Words]:
    for place, item in enumerate(items, start=1):
        number = str(item.get("number") or place)
        presenter = str(item.get("presenter") or "")
        yield words(
            Kind.ITEM,
            int(item.get("id") or 0) or revision * 1000 + place,
            f"{number} {item.get('title', '')}",
            presenter,
            str(item.get("note") or ""),
            presenter=presenter,
            anchor=f"item{number}",
        )


def of_note(note: Note) -> Iterator[Words]:
    if note.removed_at is None and (note.text or note.is_intervention):
        said = f"{note.who}: {note.text}" if note.who else note.text
        yield words(Kind.NOTE, note, note.item.title, said, presenter=note.item.presenter)


def of_decision(decision: Decision) -> Iterator[Words]:
    if decision.removed_at is None:
        item = decision.item
        yield words(
            Kind.DECISION,
            decision,
            item.title if item else str(Kind.DECISION.label),
            decision.text,
            presenter=item.presenter if item else "",
        )


def of_summary(summary: ChairsSummary) -> Iterator[Words]:
    """The text last published, what is circulated while it is, and the draft while the text is not published."""
    published = summary.publication
    if published is not None:
        text = published.text
        title = f"{published.symbol} {text['title']}"
        yield words(Kind.SUMMARY, published, title, *_parts(text), language=text["language"])
    if summary.state == ChairsSummary.State.PUBLISHED:
        return
    title = f"{summary.symbol} {summary}"
    if summary.circulated_at is not None:
        latest = summary.rounds.order_by("number").last()
        if latest is not None:
            yield words(Kind.CIRCULATED, latest, title, *_parts(latest.text))
    parts = [{"number": part.number, "title": part.title, "text": part.text} for part in summary.parts.all()]
    yield words(Kind.DRAFT, summary, title, summary.title_lines, *_parts({"title_lines": [], "parts": parts}))


def _parts(text: Mapping[str, Any]) -> Iterator[str]:
    for label, line in text["title_lines"]:
        yield f"{label}: {line}" if label else line
    for part in text["parts"]:
        yield f"{part['number']} {part['title']}".strip()
        yield to_text(part["text"])


def of_document(document: Document) -> Iterator[Words]:
    """Its symbol and title at once; the words of its file as soon as they are read."""
    if document.replaced_at is None:
        read = getattr(document, "words", None)
        yield words(Kind.DOCUMENT, document, str(document), read.text if read else "", language=document.language)


def of_follow_up(follow_up: FollowUp) -> Iterator[Words]:
    who = dict.fromkeys(part for part in (follow_up.who, str(follow_up.delegation or "")) if part)
    yield words(
        Kind.FOLLOW_UP,
        follow_up,
        follow_up.what,
        *who,
        follow_up.by,
        follow_up.closing_note,
    )
