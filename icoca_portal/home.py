"""What the front page and the desk are made of, gathered from the apps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icoca_portal.lib.charts import seats
from icoca_portal.lib.days import day_of, today
from icoca_portal.lib.desk import Waiting, by_due
from icoca_portal.lib.moments import in_geneva
from meetings import desk as meetings
from meetings.querysets import chaired_groups
from members import desk as members
from members.models import Delegate, Organisation, Participation, User
from members.representing import organisations_of
from questionnaires import desk as questionnaires

PAPERS = 4


@dataclass(frozen=True)
class DeskItem:
    """One thing that waits, with its day in words."""

    waiting: Waiting

    @property
    def due_text(self) -> str:
        """When it is due, in full; what it is where nothing is set."""
        due = self.waiting.due
        if due is None:
            return _("No date is set")
        if isinstance(due, datetime):
            return _("Due %(moment)s") % {"moment": in_geneva(due)}
        return date_format(due, "DATE_FORMAT")

    @property
    def day_text(self) -> str:
        """The day for the margin."""
        due = self.waiting.due
        if due is None:
            return _("Open")
        day = day_of(due) if isinstance(due, datetime) else due
        return date_format(day, "MONTH_DAY_FORMAT")


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


def desk_of(user: User) -> dict[str, Any]:
    """What waits for a person, their delegation, the latest papers and what was submitted."""
    standing = user.standing
    own = questionnaires.own_responses(user)
    waiting = by_due([*questionnaires.waiting_for(user, own), *meetings.waiting_for(user), *members.waiting_for(user)])
    first = next((item for item in waiting if item.action), None)
    rest = [DeskItem(item) for item in waiting if item is not first]
    delegates = (
        Delegate.objects.as_of(today()).filter(delegation=standing.delegation_id).select_related("user")
        if standing.delegation
        else Delegate.objects.none()
    )
    return {
        "today": today(),
        "you_are": you_are(user),
        "delegation": standing.delegation,
        "organisations": organisations_of(user),
        "lead": _lead(waiting, first),
        "first": first and DeskItem(first),
        "rest": rest,
        "delegates": list(delegates),
        "papers": meetings.latest_papers(user, PAPERS),
        "submissions": questionnaires.submissions_of(own),
    }


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


def _lead(waiting: list[Waiting], first: Waiting | None) -> str:
    if not waiting:
        return _("Nothing waits for you today.")
    count = len(waiting)
    counted = ngettext("One thing waits for you.", "%(count)d things wait for you.", count) % {"count": count}
    due = first.due_moment if first else None
    days = (day_of(due) - today()).days if due else -1
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
