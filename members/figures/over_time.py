"""Counts over the years: on each 1 January since the first row, and on the day itself.

One query a table, whatever the number of years: its rows are read once, and counted for every day of the chart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, Count, Min, Q, Value
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from icoca_portal.lib.charts import Lines
from icoca_portal.lib.dated import holding
from members.figures.asking import AsOf
from members.models import Application, ApplicationStatus, Certificate, Membership, Organisation, Participation, Pillar

MOST_YEARS = 40
"""Beyond these, every second year is counted, or every third …"""
MEMBER = Q(category=Membership.Category.MEMBER)
PILLARS = (Pillar.INDUSTRY, Pillar.CIVIL_SOCIETY, Pillar.GOVERNMENT)


@dataclass(frozen=True)
class OverTime:
    """A chart over time, its name on the page, and what it shows in words. `keys` stand for its lines."""

    name: str
    lines: Lines
    description: str
    keys: tuple[str, ...]


def points(first: date, day: date) -> list[date]:
    """Each 1 January from the year of `first` to `day`, and `day` itself."""
    years = range(first.year, day.year + 1)
    step = -(-len(years) // MOST_YEARS) or 1
    # From the end, so that the last year is always there.
    januaries = [date(year, 1, 1) for year in reversed(years[::-1][::step])]
    return [*(january for january in januaries if january < day), day]


def charts_over_time(asked: AsOf, address_of: Callable[[date], str]) -> list[OverTime]:
    """Members, certified companies, applications under review, participants: charts of what there are rows of."""
    first = _first_days(asked)
    charts = (
        ("members", _("Members by pillar"), _members, PILLARS),
        ("certified", _("Certified companies"), _certified, ("certified",)),
        ("reviews", _("Applications under review"), _reviews, tuple(Application.Kind)),
        ("participants", _("Participants of the Montreux Document"), _participants, ("states", "organisations")),
    )
    made = []
    for name, caption, count, keys in charts:
        if name not in first:
            continue
        days = [_at(asked, day) for day in points(first[name], asked.day)]
        series = count(days)
        lines = Lines(caption, [each.day for each in days], series, [address_of(each.day) for each in days])
        made.append(OverTime(name, lines, _described(lines), tuple(str(key) for key in keys)))
    return made


def _at(asked: AsOf, day: date) -> AsOf:
    """Another day, asked in the same way: as known today, or as known when that day ended."""
    return AsOf.known_then(day) if asked.then else AsOf(day)


def _described(lines: Lines) -> str:
    first, last = (date_format(day, "DATE_FORMAT") for day in (lines.days[0], lines.days[-1]))
    words = _("%(label)s: %(from)d on %(first)s, %(to)d on %(last)s.")
    return " ".join(
        words % {"label": line.label, "from": line.values[0], "to": line.values[-1], "first": first, "last": last}
        for line in lines.lines
    )


def _first_days(asked: AsOf) -> dict[str, date]:
    """On which day the first row of each chart begins, of those that begin by the day asked for."""
    rows = {
        "members": Membership.objects.filter(MEMBER),
        "certified": Certificate.objects.all(),
        "reviews": ApplicationStatus.objects.filter(state=ApplicationStatus.State.UNDER_REVIEW),
        "participants": Participation.objects.all(),
    }
    first, *others = (
        (found if asked.then else found.filter(superseded_at=None))
        .order_by()
        .values(name=Value(name, output_field=CharField()))
        .annotate(first=Min("valid_from"))
        .values_list("name", "first")
        for name, found in rows.items()
    )
    return {name: day for name, day in first.union(*others, all=True) if day is not None and day <= asked.day}


def _counted(rows: Any, days: Sequence[AsOf], by: str, condition: Callable[[AsOf], Q], what: str = "pk") -> Any:
    """For each value of the field `by`, how many different `what` hold on each of the days, in one query."""
    if not days[-1].then:
        # What each condition asks, said once for the whole table: the index of rows in force serves it.
        rows = rows.filter(superseded_at=None)
    each = {f"n{place}": Count(what, distinct=what != "pk", filter=condition(day)) for place, day in enumerate(days)}
    found = rows.filter(valid_from__lte=days[-1].day).order_by().values_list(by).annotate(**each)
    return {mark: list(numbers) for mark, *numbers in found}


def _holding(asked: AsOf, prefix: str = "") -> Q:
    return holding(asked.day, known=asked.known, prefix=prefix)


def _members(days: Sequence[AsOf]) -> list[tuple[str, Sequence[int]]]:
    found = _counted(Membership.objects.filter(MEMBER), days, "pillar", _holding)
    return [(str(pillar.label), found.get(pillar.value, [0] * len(days))) for pillar in PILLARS]


def _certified(days: Sequence[AsOf]) -> list[tuple[str, Sequence[int]]]:
    """Companies with a valid certificate that are members on the same day."""
    path = "organisation__memberships__"

    def condition(asked: AsOf) -> Q:
        member = Q((f"{path}category", Membership.Category.MEMBER), (f"{path}pillar", Pillar.INDUSTRY))
        return _holding(asked) & member & _holding(asked, path)

    valid = Certificate.objects.filter(state=Certificate.State.VALID)
    found = _counted(valid, days, "state", condition, what="organisation")
    return [(_("Certified companies"), found.get(Certificate.State.VALID.value, [0] * len(days)))]


def _reviews(days: Sequence[AsOf]) -> list[tuple[str, Sequence[int]]]:
    under_review = ApplicationStatus.objects.filter(state=ApplicationStatus.State.UNDER_REVIEW)
    found = _counted(under_review, days, "application__kind", _holding)
    return [(str(kind.label), found.get(kind.value, [0] * len(days))) for kind in Application.Kind]


def _participants(days: Sequence[AsOf]) -> list[tuple[str, Sequence[int]]]:
    found = _counted(Participation.objects.all(), days, "organisation__kind", _holding, what="organisation")
    nobody = [0] * len(days)
    states = found.pop(Organisation.Kind.STATE.value, nobody)
    others = [sum(numbers) for numbers in zip(*found.values(), strict=True)] or nobody
    return [(_("States"), states), (_("International organisations"), others)]
