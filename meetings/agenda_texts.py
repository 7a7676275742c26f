"""The text of an agenda: what is sealed when it is circulated, and how that is read again.

One shape serves both: the secretariat's working copy is read from the same content that would be sealed if it were
circulated now. What a reader may not see of it (papers that are not theirs, follow-ups for visitors) is left out by
`Agenda.for_reader`, on pages, papers and in calendars alike.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Any

from django.db.models import F, QuerySet, Subquery
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icoca_portal.lib.moments import city
from icoca_portal.lib.prepared import Prepared, given, given_moment
from meetings.agendas import hours_of, outline
from meetings.languages import language_names
from meetings.models import AgendaItem, AgendaRevision, Document, ItemLink, Meeting
from meetings.readers import Reader, values_of

FORMAT = 1


# What is sealed


@dataclass(frozen=True)
class ItemRow:
    """A stored item with the papers that participants read of those that it names, and the follow-ups taken up."""

    item: AgendaItem
    papers: dict[int, dict[str, Any]] = field(default_factory=dict)
    follow_ups: dict[int, dict[str, Any]] = field(default_factory=dict)


def _items(now: Any) -> QuerySet[Any]:
    # An item names the newest version; what stands there is the newest one that participants read at the moment.
    versions = Document.objects.read_by_participants_at(now).versions_of("documents__").order_by("-version")
    return AgendaItem.objects.annotate(
        **{f"paper_{name}": Subquery(versions.values(name)[:1]) for name in ("pk", "symbol", "title")},
        paper_replaced=F("documents__replaced_at"),
        **{f"taken_{name}": F(f"follow_ups__{name}") for name in ("pk", "what", "who", "due", "due_note")},
    )


_ITEMS: Prepared[Any] = Prepared(lambda: _items(given_moment("now")).filter(meeting=given("meeting")))


def item_rows(meetings: Iterable[Meeting]) -> dict[int, list[ItemRow]]:
    """The items of the meetings with what hangs on them, by the meetings' keys: one query for all."""
    keys, now = [meeting.pk for meeting in meetings], timezone.now()
    rows = _ITEMS.all(meeting=keys[0], now=now) if len(keys) == 1 else _items(now).filter(meeting__in=keys)
    # An item comes once for each pair of a paper and a follow-up.
    items: dict[int, ItemRow] = {}
    for row in rows:
        found = items.setdefault(row.pk, ItemRow(row))
        if row.paper_pk and row.paper_replaced is None:
            found.papers[row.paper_pk] = {"id": row.paper_pk, "symbol": row.paper_symbol, "title": row.paper_title}
        if row.taken_pk:
            found.follow_ups[row.taken_pk] = {
                "id": row.taken_pk,
                "what": row.taken_what,
                "who": row.taken_who,
                "due": row.taken_due.isoformat() if row.taken_due else "",
                "due_note": row.taken_due_note,
            }
    by_meeting: dict[int, list[ItemRow]] = {}
    for found in items.values():
        by_meeting.setdefault(found.item.meeting_id, []).append(found)
    return by_meeting


def agenda_content(meeting: Meeting, *, number: int, rows: Sequence[ItemRow] | None = None) -> dict[str, Any]:
    """What is circulated as revision `number`: the facts of the meeting and its items, in figures and plain words, so
    that it can be read in every language. Never the link to join online, nor a paper that participants do not read.

    One query; none with `rows`, which are those of `item_rows`.
    """
    if rows is None:
        rows = item_rows([meeting]).get(meeting.pk, [])
    by_key = {row.item.pk: row for row in rows}
    return {
        "format": FORMAT,
        "kind": "Agenda",
        "number": number,
        "symbol": f"{meeting.symbol}/1/Rev.{number}" if number else f"{meeting.symbol}/1",
        "meeting": meeting_content(meeting),
        "items": [
            {
                "id": line.item.pk,
                "number": line.number,
                "depth": line.depth,
                "kind": line.item.kind,
                "title": line.item.title,
                "presenter": line.item.presenter,
                "note": line.item.note,
                "starts_at": _hour(line.item.starts_at),
                "minutes": line.item.minutes,
                "documents": sorted(
                    by_key[line.item.pk].papers.values(), key=lambda paper: (paper["symbol"], paper["id"])
                ),
                "follow_ups": sorted(
                    by_key[line.item.pk].follow_ups.values(), key=lambda row: (row["due"] or "9999", row["id"])
                ),
            }
            for line in outline(row.item for row in rows)
        ],
    }


def meeting_content(meeting: Meeting) -> dict[str, Any]:
    """The facts of the meeting that its agenda prints."""
    return {
        "number": meeting.number,
        "title": meeting.title,
        "date": meeting.date.isoformat() if meeting.date else "",
        "date_note": meeting.date_note,
        "starts_at": _hour(meeting.starts_at),
        "ends_at": _hour(meeting.ends_at),
        "time_zone": meeting.time_zone,
        "place": meeting.place,
        "mode": meeting.mode,
        "languages": list(meeting.languages),
        "chair": meeting.chair,
    }


def _hour(hour: time | None) -> str:
    return hour.strftime("%H:%M") if hour else ""


def same_text(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether two contents say the same, whatever their numbers are."""
    return all(old[part] == new[part] for part in ("meeting", "items"))


# How it is read


@dataclass(frozen=True)
class PaperNamed:
    """A document that an item names. `url` is where the reader finds it; empty until `for_reader` has looked."""

    pk: int
    symbol: str
    title: str
    url: str = ""

    def __str__(self) -> str:
        return f"{self.symbol} {self.title}".strip()


@dataclass(frozen=True)
class LinkNamed:
    """What an item is about beyond its papers: a guidance, a field-based review, a workshop."""

    kind: str
    title: str
    url: str


@dataclass(frozen=True)
class AgendaLine:
    """An item as readers see it. `given` is the hour that was set for it, `begins` that or the computed
    one, both in the zone of the meeting."""

    pk: int
    number: str
    depth: int
    kind: str
    title: str
    presenter: str = ""
    note: str = ""
    given: time | None = None
    minutes: int | None = None
    begins: time | None = None
    papers: Sequence[PaperNamed] = ()
    follow_ups: Sequence[str] = ()
    record: str = ""
    """HTML, from `with_records`; in no text that is sealed."""

    links: Sequence[LinkNamed] = ()
    """From `with_links`; in no text that is sealed."""

    @property
    def has_more(self) -> bool:
        """Whether papers, links, follow-ups or a record stand under it."""
        return bool(self.papers or self.links or self.follow_ups or self.record)

    @property
    def anchor(self) -> str:
        """The item's address on a page: ``item2.1``."""
        return f"item{self.number}"

    @property
    def heading(self) -> str:
        """``2.1 Discussion and feedback``."""
        return f"{self.number} {self.title}"

    @property
    def hour(self) -> str:
        """``15:20``, as the reader's language writes hours; empty without one."""
        return time_format(self.begins, "TIME_FORMAT") if self.begins else ""

    @property
    def line(self) -> str:
        """What stands under the title: who introduces it, what the note says, how many minutes."""
        return ". ".join(part.rstrip(".") for part in (self.presenter, self.note, self.length) if part)

    @property
    def length(self) -> str:
        """``20 minutes``; empty where nothing is planned."""
        if not self.minutes:
            return ""
        return ngettext("%(count)d minute", "%(count)d minutes", self.minutes) % {"count": self.minutes}


@dataclass(frozen=True)
class Agenda:
    """An agenda: as it was circulated, or as it stands with the secretariat."""

    number: int
    symbol: str
    meeting: Meeting
    """The facts that it prints, in a row that is not stored."""
    lines: Sequence[AgendaLine]
    content: Mapping[str, Any] = field(repr=False)
    is_circulated: bool = False

    @property
    def facts(self) -> list[tuple[str, str, str]]:
        """Key, label and value of each fact of the meeting that the agenda prints, with those that are empty."""
        return facts_in_words(self.meeting)

    def for_reader(self, papers: Mapping[int, Document], *, inside: bool) -> Agenda:
        """Without what the reader may not see. `papers` are those that they read, by the key under which an item may
        name them (`readable_papers`); follow-ups are for insiders."""
        return replace(
            self,
            lines=[
                replace(
                    line,
                    papers=[
                        PaperNamed(paper.pk, paper.symbol, paper.title, paper.get_absolute_url())
                        for named in line.papers
                        if (paper := papers.get(named.pk))
                    ],
                    follow_ups=line.follow_ups if inside else (),
                )
                for line in self.lines
            ],
        )

    def with_records(self, records: Mapping[int, str]) -> Agenda:
        """With what was said under each item, for those who read it: HTML by the keys of the items."""
        return replace(self, lines=[replace(line, record=records.get(line.pk, "")) for line in self.lines])

    def with_links(self, links: Mapping[int, Sequence[LinkNamed]]) -> Agenda:
        """With what the items are about, by the keys of the items: for readers only, and in no text that is sealed."""
        return replace(self, lines=[replace(line, links=links.get(line.pk, ())) for line in self.lines])


def read_content(content: Mapping[str, Any], *, is_circulated: bool = False) -> Agenda:
    """The agenda that was sealed, or would be, in the reader's language as far as it is the portal's words."""
    meeting = _meeting(content["meeting"])
    rows = [(_time(item["starts_at"]), item["minutes"], item["depth"]) for item in content["items"]]
    return Agenda(
        number=content["number"],
        symbol=content["symbol"],
        meeting=meeting,
        lines=[
            AgendaLine(
                pk=item["id"],
                number=item["number"],
                depth=item["depth"],
                kind=item["kind"],
                title=item["title"],
                presenter=item["presenter"],
                note=item["note"],
                given=_time(item["starts_at"]),
                minutes=item["minutes"],
                begins=begins,
                papers=[PaperNamed(paper["id"], paper["symbol"], paper["title"]) for paper in item["documents"]],
                follow_ups=[_follow_up_in_words(row) for row in item["follow_ups"]],
            )
            for item, begins in zip(content["items"], hours_of(rows, meeting.starts_at), strict=True)
        ],
        content=content,
        is_circulated=is_circulated,
    )


def _meeting(facts: Mapping[str, Any]) -> Meeting:
    return Meeting(
        number=facts["number"],
        title=facts["title"],
        date=date.fromisoformat(facts["date"]) if facts["date"] else None,
        date_note=facts["date_note"],
        starts_at=_time(facts["starts_at"]),
        ends_at=_time(facts["ends_at"]),
        time_zone=facts["time_zone"],
        place=facts["place"],
        mode=facts["mode"],
        languages=facts["languages"],
        chair_name=facts["chair"],
    )


def _time(written: str) -> time | None:
    return time.fromisoformat(written) if written else None


def _follow_up_in_words(row: Mapping[str, Any]) -> str:
    due = date_format(date.fromisoformat(row["due"]), "DATE_FORMAT") if row["due"] else row["due_note"]
    return ". ".join(part for part in (row["what"], row["who"], due) if part)


def facts_in_words(meeting: Meeting) -> list[tuple[str, str, str]]:
    """Key, label and value of the facts of a meeting, as its page and papers print them."""
    day = date_format(meeting.date, "l j F Y") if meeting.date else meeting.date_note or _("To be confirmed")
    return [
        ("title", _("Subject"), meeting.title),
        ("date", _("Date"), day),
        ("hours", _("Time"), hours_in_words(meeting)),
        ("place", _("Place"), meeting.place_and_mode),
        ("languages", _("Languages"), language_names(meeting.languages)),
        ("chair", _("Chair"), meeting.chair),
    ]


def hours_in_words(meeting: Meeting) -> str:
    """``15:00–17:00, Geneva``: the hours, in the zone of the meeting, with its place; empty without an hour."""
    if meeting.starts_at is None:
        return ""
    pair = [time_format(hour, "TIME_FORMAT") for hour in (meeting.starts_at, meeting.ends_at) if hour]
    return f"{'–'.join(pair)}, {city(meeting.zone)}"


# Which one is read


def last_revision(meeting: Meeting) -> AgendaRevision | None:
    """The text that was circulated last; None while none was, and where the past was only recorded."""
    return meeting.agenda_revisions.order_by("-number").first()


def working_copy(meeting: Meeting, rows: Sequence[ItemRow] | None = None) -> Agenda:
    """The agenda as it stands with the secretariat."""
    return read_content(agenda_content(meeting, number=meeting.agenda_revision, rows=rows))


def agenda_of(meeting: Meeting, rows: Sequence[ItemRow] | None = None) -> Agenda:
    """What readers see: the text that was circulated last, else the items as they stand. A meeting that was fetched
    `with_agenda` has the text with it."""
    if hasattr(meeting, "circulated_text"):
        text = meeting.circulated_text
    else:
        revision = last_revision(meeting)
        text = revision.content if revision else None
    return read_content(json.loads(text), is_circulated=True) if text else working_copy(meeting, rows)


def agendas_of(meetings: Iterable[Meeting]) -> dict[int, Agenda]:
    """`agenda_of` for many meetings, by their keys, in as many queries as for one."""
    given = list(meetings)
    texts: dict[int, str] = {}
    for revision in AgendaRevision.objects.filter(meeting__in=given).order_by("number"):
        texts[revision.meeting_id] = revision.content
    rows = item_rows(meeting for meeting in given if meeting.pk not in texts)
    return {
        meeting.pk: read_content(json.loads(texts[meeting.pk]), is_circulated=True)
        if meeting.pk in texts
        else working_copy(meeting, rows.get(meeting.pk, []))
        for meeting in given
    }


def newest(documents: Iterable[Document]) -> dict[int, Document]:
    """The documents, all of one meeting, by every key under which an item may name them: a version that was replaced
    leads to the one that took its place."""
    rows = list(documents)
    latest: dict[int, Document] = {}
    for row in sorted(rows, key=lambda row: row.version):
        latest[row.lineage] = row
    return {row.pk: latest[row.lineage] for row in rows}


_DOCUMENTS: Prepared[Document] = Prepared(
    lambda reader: (
        Document.objects.visible_to(reader).filter(meeting=given("meeting")).order_by("symbol", "title", "pk")
    )
)


def documents_of(user: Any, meeting: Meeting) -> list[Document]:
    """The documents of the meeting that the reader reads, with the versions that were replaced. One query."""
    rows = _DOCUMENTS.all(Reader.of(user), meeting=meeting.pk, **values_of(user))
    for row in rows:
        row.meeting = meeting
    return rows


def readable_papers(user: Any, meeting: Meeting) -> dict[int, Document]:
    """`newest` of `documents_of`."""
    return newest(documents_of(user, meeting))


def links_of(user: Any, meeting: Meeting) -> dict[int, list[LinkNamed]]:
    """What the items of a meeting are linked to, of what exists for the reader, by the keys of the items. One query.

    Links are no part of the agenda's text: they are never sealed, compared or circulated (`agenda_content` has none),
    so that one may come after the agenda was adopted, and no Rev.n tells of it.
    """
    found: dict[int, list[LinkNamed]] = {}
    for link in ItemLink.objects.visible_to(user).filter(item__meeting=meeting).with_targets().order_by("pk"):
        target = link.target
        named = LinkNamed(str(target._meta.verbose_name), _title_of(target), target.get_absolute_url())
        found.setdefault(link.item_id, []).append(named)
    return found


def _title_of(target: Any) -> str:
    """``Field-based review, Ghana, June 2018``: what it is called, with its days if it has some."""
    when = getattr(target, "when", "")
    return f"{target}, {when}" if when else str(target)
