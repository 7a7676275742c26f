"""What the front page and the desk are made of, gathered from the apps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from icoca_portal.lib.charts import seats
from icoca_portal.lib.days import day_of, geneva, today
from icoca_portal.lib.desk import Desk, Entry, New, Stage, Waiting, by_due, days_until
from icoca_portal.lib.moments import in_geneva
from icoca_portal.lib.months import Months, weekdays, weeks
from icoca_portal.lib.paging import page_number, page_within
from meetings import desk as meetings
from meetings.querysets import chaired_groups
from members import desk as members
from members.models import Delegate, Delegation, Organisation, Participation, User
from members.operations.visiting import begins_anew
from members.representing import organisations_of
from questionnaires import desk as questionnaires

PAPERS = 4
#: So many things wait on a page, besides the first; so much of what is new stands there at most, of a day in the
#: calendar before the rest is folded, of a delegation's people and of its submissions, of what is in circulation.
WAITING, NEWS, OF_A_DAY, DELEGATES, SUBMISSIONS, CIRCULATIONS = 20, 12, 4, 12, 6, 30


@dataclass(frozen=True)
class DeskItem:
    """One thing that waits, with its day in words, and how near it was when the desk was read."""

    waiting: Waiting
    stage: Stage

    @property
    def is_overdue(self) -> bool:
        return self.stage == Stage.OVERDUE

    @property
    def due_text(self) -> str:
        """When it is due, in full; what it is where nothing is set."""
        due = self.waiting.due
        if due is None:
            return _("No date is set")
        moment = in_geneva(due) if isinstance(due, datetime) else date_format(due, "DATE_FORMAT")
        if self.is_overdue:
            return _("Overdue since %(moment)s") % {"moment": moment}
        return moment if self.waiting.happens else _("Due %(moment)s") % {"moment": moment}

    @property
    def day_text(self) -> str:
        """The day for the margin, with its year where that is another one."""
        day = self.waiting.due_day
        return _day_in_margin(day) if day else _("Open")


def _day_in_margin(day: date) -> str:
    return date_format(day, "MONTH_DAY_FORMAT" if day.year == today().year else "DATE_FORMAT")


def front_page(user: AnonymousUser) -> dict[str, Any]:
    """What visitors see: the table of seats, published papers, meetings."""
    rows = list(
        Participation.objects.as_of(today())
        .order_by("valid_from")
        .values_list("valid_from__year", "organisation__kind")
    )
    organisations = sum(kind == Organisation.Kind.INTERNATIONAL_ORGANISATION for _year, kind in rows)
    return {
        "papers": meetings.latest_papers(user, PAPERS),
        "latest_summary": meetings.latest_summary(user),
        "stops": meetings.timeline(user, 6),
        "states": len(rows) - organisations,
        "organisations": organisations,
        **(_table_of_seats(rows) if rows else {}),
    }


def _table_of_seats(rows: list[tuple[int, str]]) -> dict[str, Any]:
    """One seat for each participant, by the year of its support: the first two years inside, the others outside."""
    years = sorted({year for year, _kind in rows})
    bounds = [(years[0], years[0])]
    if len(years) > 1:
        bounds.append((years[1], years[1]))
    if len(years) > 2:
        bounds.append((years[2], years[-1]))
    groups = []
    for first, last in bounds:
        kinds = [kind for year, kind in rows if first <= year <= last]
        gold = {n for n, kind in enumerate(kinds) if kind == Organisation.Kind.INTERNATIONAL_ORGANISATION}
        label = str(first) if first == last else _("to %(year)s") % {"year": last}
        groups.append((label, len(kinds), gold))
    described = ", ".join(
        ngettext("%(count)d since %(when)s", "%(count)d since %(when)s", count)
        % {"count": count, "when": first if first == last else f"{first}–{last}"}
        for (first, last), (_label, count, _gold) in zip(bounds, groups, strict=True)
    )
    return {
        "seats": seats(groups),
        "seats_first": years[0],
        "seats_last": years[-1],
        "description": _("%(total)d participants: %(groups)s.") % {"total": len(rows), "groups": described},
        "unit": ngettext("participant", "participants", len(rows)),
    }


def desk_of(user: User, asked: Mapping[str, str]) -> dict[str, Any]:
    """What stands on a person's desk: what waits for them, ordered by when; what went out and comes back, for the
    secretariat; what is new; the months from that which the address names on; their delegation, their submissions.

    With `seen_at`, when they were here last. At most twelve queries, however much there is.
    """
    now, months = timezone.now(), Months.asked(asked.get("from", ""), today())
    standing = user.standing
    own = questionnaires.own_responses(user)
    of_members = members.on_desk(user, months)
    desks: list[Desk] = [questionnaires.on_desk(user, own, months), meetings.on_desk(user, months), of_members]
    before = of_members.seen_at if begins_anew(of_members.seen_at, now) else of_members.before
    things = by_due(thing for desk in desks for thing in desk.waiting)
    first = next((thing for thing in things if thing.action), None)
    rest = [thing for thing in things if thing is not first]
    pages = page_within(page_number(asked), len(rest), WAITING)
    shown = rest[(pages.number - 1) * WAITING : pages.number * WAITING]
    if first and pages.number == 1:
        first, *shown = questionnaires.in_detail(user, [first, *shown])
    else:
        shown = questionnaires.in_detail(user, shown)
    delegates = _delegates(standing.delegation) if standing.delegation else []
    submissions = questionnaires.submissions_of(own)
    circulations = [row for desk in desks for row in desk.circulations]
    latest = [new for desk in desks for new in desk.news]
    return {
        "today": today(),
        "you_are": you_are(user),
        "delegation": standing.delegation,
        "organisations": organisations_of(user),
        "lead": _lead(things, first, now),
        "first": DeskItem(first, first.stage_at(now)) if first and pages.number == 1 else None,
        "stages": _stages(shown, now),
        "pages": pages,
        "circulations": circulations[:CIRCULATIONS],
        "has_more_circulations": len(circulations) > CIRCULATIONS,
        "delegates": delegates[:DELEGATES],
        "has_more_delegates": len(delegates) > DELEGATES,
        "news": latest_first(latest, before),
        "news_heading": news_heading(latest, before),
        "calendar": calendar_of([entry for desk in desks for entry in desk.entries], months),
        "submissions": submissions[:SUBMISSIONS],
        "has_more_submissions": len(submissions) > SUBMISSIONS,
        "seen_at": of_members.seen_at,
    }


def _delegates(delegation: Delegation) -> list[Delegate]:
    """The people of a delegation today, focal points first: one more than the desk shows, if there are so many."""
    rows = Delegate.objects.as_of(today()).filter(delegation=delegation).select_related("user").by_role()
    return list(rows[: DELEGATES + 1])


def _stages(things: Iterable[Waiting], now: datetime) -> list[tuple[Stage, list[DeskItem]]]:
    """The things that wait, by how near they are."""
    items = [DeskItem(thing, thing.stage_at(now)) for thing in things]
    return [(stage, list(group)) for stage, group in groupby(items, key=lambda item: item.stage)]


def latest_first(items: Iterable[New], before: datetime | None) -> list[New]:
    """What came last, newest first, with what came since the visit `before` marked: all of that, as far as the desk has
    room, and a few older ones. What leads to one address stands once, a paper rather than the notice of it."""
    by_address: dict[str, New] = {}
    for item in sorted(items, key=lambda item: (bool(item.symbol), item.at), reverse=True):
        by_address.setdefault(item.url or item.title, item)
    found = [
        replace(item, is_new=before is not None and item.at > before)
        for item in sorted(by_address.values(), key=lambda item: item.at, reverse=True)
    ]
    new = sum(item.is_new for item in found)
    return found[: max(PAPERS, min(new, NEWS))]


def news_heading(items: Iterable[New], before: datetime | None) -> tuple[str, str]:
    """The heading above what is new, and a note where nothing is."""
    if before is None:
        return _("The latest"), ""
    since = {"since": _since(before)}
    if any(item.at > before for item in items):
        return _("New since %(since)s") % since, ""
    return _("The latest"), _("Nothing is new since %(since)s.") % since


def _since(moment: datetime) -> str:
    """``Friday``; the hour of today, yesterday, or the day before this week."""
    day = day_of(moment)
    match (today() - day).days:
        case 0:
            return date_format(timezone.localtime(moment, geneva()), "TIME_FORMAT")
        case 1:
            return _("yesterday")
        case days if days < 7:
            return date_format(day, "l")
    return pgettext("since", "%(day)s") % {"day": _day_in_margin(day)}


def you_are(user: User) -> str:
    """The person's standing in words."""
    standing = user.standing
    words = []
    if standing.delegate:
        words.append(standing.delegate.get_role_display())
    if standing.is_director:
        words.append(_("Director of the Board"))
    if chaired_groups(user):
        words.append(_("Chair of the Working Group"))
    if standing.is_secretariat:
        words.append(_("Secretariat"))
    words += members.you_are(user)
    if not words and (guest_of := questionnaires.guest_of(user)):
        words.append(guest_of)
    return ", ".join(words) or _("Account without a role")


def _lead(waiting: list[Waiting], first: Waiting | None, now: datetime) -> str:
    if not waiting:
        return _("Nothing waits for you today.")
    count = len(waiting)
    counted = ngettext("One thing waits for you.", "%(count)d things wait for you.", count) % {"count": count}
    overdue = sum(thing.stage_at(now) == Stage.OVERDUE for thing in waiting)
    if overdue:
        told = ngettext("One is overdue.", "%(count)d are overdue.", overdue) % {"count": overdue}
        return f"{counted} {_('It is overdue.') if count == 1 else told}"
    due = first.due_moment if first else None
    days = days_until(due) if due else -1
    if days < 0:
        return counted
    if days == 0:
        told = _("It is due today.") if count == 1 else _("The first is due today.")
        return f"{counted} {told}"
    if count == 1:
        told = ngettext("It is due in %(days)d day.", "It is due in %(days)d days.", days)
    else:
        told = ngettext("The first is due in %(days)d day.", "The first is due in %(days)d days.", days)
    return f"{counted} {told % {'days': days}}"


# The calendar


@dataclass(frozen=True)
class Day:
    """A day of the calendar with what it holds: the first few, and the others."""

    day: date
    entries: list[Entry]

    @property
    def text(self) -> str:
        return date_format(self.day, "MONTH_DAY_FORMAT")

    @property
    def anchor(self) -> str:
        return f"day-{self.day.isoformat()}"

    @property
    def count_text(self) -> str:
        """What a reader hears after the number of the day."""
        count = len(self.entries)
        return ngettext(", %(count)d thing on %(day)s", ", %(count)d things on %(day)s", count) % {
            "count": count,
            "day": self.text,
        }

    @property
    def first(self) -> list[Entry]:
        return self.entries[:OF_A_DAY]

    @property
    def others(self) -> list[Entry]:
        return self.entries[OF_A_DAY:]


@dataclass(frozen=True)
class Month:
    """A month of the calendar: its weeks (None for a day of its neighbours), and the days that hold something."""

    first: date
    weeks: list[list[Day | None]]
    days: list[Day]


@dataclass(frozen=True)
class DeskCalendar:
    months: list[Month]
    weekdays: list[tuple[str, str]]
    earlier: str
    later: str
    is_present: bool
    """Whether it begins with this month."""

    @property
    def is_empty(self) -> bool:
        return not any(month.days for month in self.months)


def calendar_of(entries: Iterable[Entry], months: Months) -> DeskCalendar:
    """The months with what is on their days, by the hour; what has none first."""
    start = datetime.min.replace(tzinfo=UTC)
    by_day: dict[date, list[Entry]] = {}
    for entry in sorted(set(entries), key=lambda entry: (entry.day, entry.moment or start, entry.title, entry.url)):
        by_day.setdefault(entry.day, []).append(entry)
    shown = []
    for month in months:
        grid = [[Day(day, by_day.get(day, [])) if day else None for day in week] for week in weeks(month)]
        shown.append(Month(month, grid, [day for week in grid for day in week if day and day.entries]))
    return DeskCalendar(
        shown, weekdays(), months.earlier, months.later, is_present=months.first == today().replace(day=1)
    )
