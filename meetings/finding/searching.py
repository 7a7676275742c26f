"""Who finds what: one query over the entries, narrowed by what each thing's own `visible_to` says at this moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Count, Q, QuerySet, Window
from django.urls import reverse
from django.utils.safestring import SafeString

from icoca_portal.lib import fulltext
from icoca_portal.lib.paging import Pages, page_within
from icoca_portal.lib.prepared import Prepared, given_keys, placed_text
from meetings.finding.texts import Kind
from meetings.models import (
    AgendaItem,
    ChairsSummary,
    Decision,
    Document,
    Entry,
    FollowUp,
    Meeting,
    Note,
    PublishedSummary,
    SummaryRound,
)
from meetings.querysets import chaired_groups, is_insider, is_secretariat
from meetings.readers import Reader, values_of

PAGE = 20
OPEN_TO_ALL = (Kind.MEETING, Kind.ITEM, Kind.SUMMARY, Kind.DOCUMENT)
FOR_INSIDERS = (Kind.CIRCULATED, Kind.FOLLOW_UP)
FOR_THOSE_WHO_WORK_ON_IT = (Kind.WORKING_COPY, Kind.RECORD, Kind.NOTE, Kind.DECISION, Kind.DRAFT)


def kinds_for(user: Any) -> list[Kind]:
    """The kinds of things of which the person may find any, in the order in which they are declared."""
    kinds = {*OPEN_TO_ALL}
    if is_insider(user):
        kinds |= {*FOR_INSIDERS}
        if is_secretariat(user) or chaired_groups(user):
            kinds |= {*FOR_THOSE_WHO_WORK_ON_IT}
    return [kind for kind in Kind if kind in kinds]


def visible_to(user: Any, kinds: list[Kind] | None = None) -> QuerySet[Entry]:
    """The entries of what exists for the person, of these kinds or of all."""
    rows: dict[str, Any] = {
        Kind.WORKING_COPY: AgendaItem.objects.worked_on_by(user),
        Kind.RECORD: AgendaItem.objects.worked_on_by(user),
        Kind.NOTE: Note.objects.visible_to(user).standing(),
        Kind.DECISION: Decision.objects.visible_to(user).standing(),
        Kind.SUMMARY: PublishedSummary.objects.visible_to(user),
        Kind.CIRCULATED: SummaryRound.objects.visible_to(user),
        Kind.DRAFT: ChairsSummary.objects.worked_on_by(user),
        Kind.DOCUMENT: Document.objects.standing_for(user),
        Kind.FOLLOW_UP: FollowUp.objects.visible_to(user),
    }
    allowed = [kind for kind in kinds_for(user) if kinds is None or kind in kinds]
    conditions = [Q(kind=kind, object_id__in=rows[kind].order_by().values("pk")) for kind in allowed if kind in rows]
    # A meeting, and the agenda that its readers have, whose items may have gone from the working copy since.
    if of_meetings := [kind for kind in allowed if kind not in rows]:
        meetings = Meeting.objects.visible_to(user).order_by().values("pk")
        conditions.append(Q(kind__in=of_meetings, meeting__in=meetings))
    return Entry.objects.filter(reduce(or_, conditions, Q(pk__in=[])))


@dataclass(frozen=True)
class Filters:
    """What narrows a search, as its address says it; what is no option counts as not chosen."""

    kind: str = ""
    group: str = ""
    year: int | None = None
    language: str = ""
    presenter: str = ""
    newest: bool = False

    @classmethod
    def read(cls, data: Mapping[str, str]) -> Filters:
        year = data.get("year", "")
        return cls(
            kind=kind if (kind := data.get("kind", "")) in Kind.values else "",
            group=printable(data.get("group", ""))[:40],
            year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 and year > "0000" else None,
            language=language if (language := data.get("language", "")) in dict(settings.LANGUAGES) else "",
            presenter=printable(data.get("presenter", "")).strip()[:100],
            newest=data.get("order", "") == "newest",
        )

    @property
    def narrows(self) -> bool:
        """Whether any is chosen; how the result is ordered narrows nothing."""
        return bool(self.kind or self.group or self.year or self.language or self.presenter)

    def narrow(self, entries: QuerySet[Entry]) -> QuerySet[Entry]:
        conditions: dict[str, Any] = {}
        if self.group:
            conditions["meeting__working_group__slug"] = self.group
        if self.year:
            conditions["date__year"] = self.year
        if self.language:
            conditions["language"] = self.language
        if self.presenter:
            conditions["presenter__icontains"] = self.presenter
        return entries.filter(**conditions)


def printable(text: str) -> str:
    """Without what no database takes: null characters and halves of letters."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


@dataclass(frozen=True)
class Hit:
    """One thing that was found, with its title and a part of its text, the words marked."""

    entry: Entry
    title: SafeString
    snippet: SafeString

    @property
    def url(self) -> str:
        """The page or file where it stands."""
        entry, address = self.entry, self.entry.meeting.address
        if entry.kind == Kind.DOCUMENT:
            return reverse("meetings:read_document", args=[*address, entry.object_id])
        if entry.kind in (Kind.SUMMARY, Kind.CIRCULATED, Kind.DRAFT):
            page = reverse("meetings:read_summary", args=address)
            return f"{page}?text=published" if entry.kind == Kind.SUMMARY else page
        if entry.kind == Kind.FOLLOW_UP:
            return reverse("meetings:read_follow_up", args=[entry.object_id])
        return f"{self.meeting_url}#{entry.anchor}" if entry.anchor else self.meeting_url

    @cached_property
    def meeting_url(self) -> str:
        """The page of its meeting."""
        return self.entry.meeting.get_absolute_url()

    @property
    def kind_name(self) -> str:
        """What kind of thing it is. (Django's own `get_kind_display` looks at all kinds for each.)"""
        return str(Kind(self.entry.kind).label)

    @property
    def is_inside(self) -> bool:
        """Whether those who work on the meeting alone read it."""
        return self.entry.kind in FOR_THOSE_WHO_WORK_ON_IT


@dataclass(frozen=True)
class Found:
    """One page of what a search found. `asked`: whether there was anything to look for."""

    hits: list[Hit]
    pages: Pages
    asked: bool
    has_words: bool


# Asked by everybody who searches in everything: the most frequent search, and the longest query of all.
_BEST: Prepared[tuple[int, int]] = Prepared(
    lambda reader, start, words: _part(
        fulltext.holding(visible_to(reader), "text", [placed_text("words", place) for place in range(words)]), start
    )
)
_ENTRIES: Prepared[Entry] = Prepared(
    lambda count: (
        Entry.objects.filter(pk__in=given_keys("keys", count)).select_related("meeting__working_group").order_by()
    )
)


def search(user: Any, typed: str, filters: Filters | None = None, page: int = 1) -> Found:
    """What holds all words of `typed` and exists for the person, the best first; without a word but with a filter all
    that it leaves, the newest first. Three queries besides those about the person, two more for a page after the last
    one. Nothing typed raises."""
    filters = filters or Filters()
    typed = printable(typed)
    words = fulltext.words_for(DEFAULT_DB_ALIAS, typed)
    if not words and not filters.narrows:
        return Found([], Pages(1, 0, PAGE), asked=False, has_words=False)
    if words and filters == Filters():
        reader, values = Reader.of(user), values_of(user)
        pages, keys = _page(page, lambda start: _BEST.all(reader, start, len(words), words=words, **values))
    else:
        entries = filters.narrow(visible_to(user, [Kind(filters.kind)] if filters.kind else None))
        if words:
            entries = fulltext.holding(entries, "text", words)
        if filters.newest or not words:
            entries = entries.order_by("-date", "-meeting__number", "pk")
        pages, keys = _page(page, lambda start: list(_part(entries, start)))
    by_key = {entry.pk: entry for entry in _ENTRIES.all(len(keys), keys=keys)}
    shown = [by_key[key] for key in keys if key in by_key]
    spans = fulltext.marks(shown, "text", typed) if words else {}
    return Found([_hit(entry, spans.get(entry.pk, [])) for entry in shown], pages, True, bool(words))


def _part(entries: QuerySet[Entry], start: int) -> QuerySet[Entry, tuple[int, int]]:
    """The keys of a page of entries, each with the number of all: one look into the index finds both."""
    return entries.values_list("pk", Window(Count("*")))[start : start + PAGE]


def _page(number: int, ask: Callable[[int], list[tuple[int, int]]]) -> tuple[Pages, list[int]]:
    """The page with this number, or the last one where there are fewer, and the keys that stand on it."""
    rows = ask((number - 1) * PAGE)
    if not rows and number > 1:
        first = ask(0)
        number = page_within(number, first[0][1] if first else 0, PAGE).number
        rows = ask((number - 1) * PAGE) if number > 1 else first
    return Pages(number, rows[0][1] if rows else 0, PAGE), [key for key, _total in rows]


def _hit(entry: Entry, spans: list[fulltext.Span]) -> Hit:
    """The title stands first in the text: what is marked in it is shown there, and the part of the text after it."""
    after = len(entry.title) + 1
    in_title = [span for span in spans if span[1] < after]
    in_text = [(first - after, last - after) for first, last in spans if first >= after]
    title, text = entry.title, entry.text[after:]
    return Hit(
        entry,
        fulltext.snippet(title, [(0, 0), *in_title], letters=len(title)).html,
        fulltext.snippet(text, in_text).html,
    )
