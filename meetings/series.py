"""The exchanges across the years: who chaired, how many took part, and where one delegation was. Pure reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from icoca_portal.lib.charts import Bars
from meetings.models import Attendance, Meeting
from meetings.models.meetings import AttendanceMode
from meetings.querysets import is_insider
from meetings.timeline import Key, keys
from members.models import Delegation, Organisation, Participation

PARTICIPANT = Attendance.Capacity.PARTICIPANT
#: The years that the chart of one delegation shows: the last ones.
YEARS_SHOWN = 8


@dataclass(frozen=True)
class Exchange:
    """A meeting that took place. Numbers are None where the record does not give them, or the reader may not know.

    `states`, `organisations`, `in_person` and `online` count delegations, and only where the attendance names every
    participant that was counted.
    """

    meeting: Meeting
    participants: int | None = None
    states: int | None = None
    organisations: int | None = None
    in_person: int | None = None
    online: int | None = None

    @property
    def year(self) -> int:
        assert self.meeting.date is not None  # noqa: S101  a meeting that was held keeps its date
        return self.meeting.date.year


def exchanges(user: Any, chosen: Sequence[Key]) -> list[Exchange]:
    """The meetings of these keys with their numbers, which insiders alone are told: one query."""
    found = Meeting.objects.select_related("working_group", "chair_organisation")
    if not is_insider(user):
        meetings = found.in_bulk([key.pk for key in chosen])
        return [Exchange(meetings[key.pk]) for key in chosen]
    here = Q(attendance__capacity=PARTICIPANT)
    organisation = Organisation.Kind.INTERNATIONAL_ORGANISATION
    counted = found.annotate(
        named=Count("attendance", filter=here),
        organisations=Count("attendance", filter=here & Q(attendance__delegation__organisation__kind=organisation)),
        online=Count("attendance", filter=here & Q(attendance__mode=AttendanceMode.ONLINE)),
    )
    rows: dict[int, Any] = counted.in_bulk([key.pk for key in chosen])
    return [_exchange(rows[key.pk]) for key in chosen]


def _exchange(row: Any) -> Exchange:
    participants = row.named if row.participants_counted is None else row.participants_counted
    if not row.named or row.named != participants:
        return Exchange(row, participants or None)
    return Exchange(
        row,
        participants,
        states=row.named - row.organisations,
        organisations=row.organisations,
        in_person=row.named - row.online,
        online=row.online,
    )


def participants_chart(rows: Sequence[Exchange]) -> Bars | None:
    """How many participants took part in each exchange of which it is known; None where it is of none."""
    known = [row for row in rows if row.participants is not None]
    if not known:
        return None
    return Bars(
        _("Participants who took part"),
        [
            (
                _("%(exchange)s, %(year)s") % {"exchange": row.meeting.name, "year": row.year},
                row.participants or 0,
                str(row.participants),
            )
            for row in known
        ],
    )


# One delegation


@dataclass(frozen=True)
class Presence:
    """What the record says of one delegation at one exchange. `rows` is empty where it does not stand in the list.

    `is_named` is False where the record gives a number and no names; `was_participant` whether the organisation
    supported the Montreux Document on that day.
    """

    meeting: Meeting
    rows: list[Attendance]
    is_named: bool
    was_participant: bool


@dataclass(frozen=True)
class Record:
    """The attendance of one delegation: at how many of the exchanges whose list names delegations, and by year."""

    attended: int
    named: int
    chart: Bars | None
    keys: list[Key]


def record_of(user: Any, delegation: Delegation) -> Record:
    """In how many of the exchanges that exist for the reader the delegation took part. Three queries."""
    held = [key for key in keys(user) if key.took_place]
    there = set(Attendance.objects.filter(delegation=delegation).values_list("meeting", flat=True))
    named = _named()
    counted: dict[int, list[bool]] = {}
    for key in held:
        if key.pk in named and key.year:
            counted.setdefault(key.year, []).append(key.pk in there)
    years = sorted(counted)[-YEARS_SHOWN:]
    shown = [
        (
            str(year),
            100 * sum(counted[year]) / len(counted[year]),
            _("%(count)d of %(total)d") % {"count": sum(counted[year]), "total": len(counted[year])},
        )
        for year in years
    ]
    return Record(
        attended=sum(sum(values) for values in counted.values()),
        named=sum(len(values) for values in counted.values()),
        chart=Bars(_("Exchanges attended, of those whose list names delegations"), shown, 100) if shown else None,
        keys=held,
    )


def _named() -> set[int]:
    """The meetings whose attendance names participants."""
    return set(Attendance.objects.filter(capacity=PARTICIPANT).values_list("meeting", flat=True).distinct())


def presences(delegation: Delegation, chosen: Sequence[Key]) -> list[Presence]:
    """What the record says of the delegation at the meetings of these keys. Four queries."""
    pks = [key.pk for key in chosen]
    meetings = Meeting.objects.select_related("working_group").in_bulk(pks)
    rows: dict[int, list[Attendance]] = {}
    for row in Attendance.objects.filter(delegation=delegation, meeting__in=pks).order_by("pk"):
        rows.setdefault(row.meeting_id, []).append(row)
    named = set(Attendance.objects.filter(capacity=PARTICIPANT, meeting__in=pks).values_list("meeting", flat=True))
    support = list(
        Participation.objects.filter(organisation=delegation.organisation_id, superseded_at=None).values_list(
            "valid_from", "valid_to"
        )
    )
    return [
        Presence(
            meetings[key.pk],
            rows.get(key.pk, []),
            key.pk in named,
            any(key.date and start <= key.date and (end is None or key.date < end) for start, end in support),
        )
        for key in chosen
    ]


def delegations_counted() -> tuple[list[Any], int]:
    """Every delegation by name with the number of exchanges it attended (`attended`), and of how many: two queries."""
    rows = Delegation.objects.select_related("organisation").annotate(
        attended=Count("attendance__meeting", distinct=True, filter=Q(attendance__capacity=PARTICIPANT))
    )
    return list(rows.order_by("organisation__name")), len(_named())
