"""To whom a questionnaire is put, until when each delegation may answer, and who of it gets mail: pure reading."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from icoca_portal.lib.days import today
from icoca_portal.lib.mornings import days_due
from members.audience import by_delegation, delegates_of, participants_to_ask
from members.models import Delegate, Delegation, Participation
from questionnaires.models import Extension, Invitation, Questionnaire, Reminder, Response

__all__ = [
    "PAUSE",
    "WRITERS",
    "DueReminder",
    "Missing",
    "by_delegation",
    "days_due",
    "delegations_asked",
    "is_asked",
    "last_reminder",
    "latest_extensions",
    "missing",
    "participants_to_ask",
    "reminders_due",
    "responses_of",
    "to_remind",
    "writers_of",
]

#: Who of a delegation is told of a questionnaire: those who write. Readers see it on their desk.
WRITERS = (Delegate.Role.FOCAL_POINT, Delegate.Role.CONTRIBUTOR)

#: Nobody is reminded twice within this time by hand.
PAUSE = timedelta(hours=1)


@dataclass(frozen=True)
class Missing:
    """A delegation that has not submitted and still may, with those of its people who write.

    `told_at` is when its people last got mail that named this deadline: at the opening, or when the deadline was moved,
    the time extended, the response returned.
    """

    questionnaire: Questionnaire
    delegation: Delegation
    response: Response
    writers: list[Delegate]
    told_at: datetime

    @property
    def deadline(self) -> datetime:
        return self.response.deadline


@dataclass(frozen=True)
class DueReminder:
    """That a delegate is to be reminded now, `days` before the deadline of their delegation."""

    missing: Missing
    delegate: Delegate
    days: int


def is_asked(questionnaire: Questionnaire, delegation: Delegation) -> bool:
    """Whether the questionnaire was put to the delegation: one query."""
    return Questionnaire.objects.put_to(delegation.pk).filter(pk=questionnaire.pk).exists()


def delegations_asked(questionnaire: Questionnaire) -> Any:
    """The delegations that it was put to; with audience “all” also those of participants that joined since."""
    invited = Q(pk__in=Invitation.objects.filter(questionnaire=questionnaire).values("delegation"))
    if questionnaire.audience == Questionnaire.Audience.ALL:
        participants = Participation.objects.as_of(today()).values("organisation")
        invited |= Q(organisation__in=participants)
    return Delegation.objects.filter(invited)


def writers_of(delegations: Any) -> Any:
    """The focal points and contributors of today with an open account, with user and organisation."""
    return delegates_of(delegations, WRITERS)


def responses_of(delegation: Delegation, questionnaires: Collection[Questionnaire]) -> dict[int, Response]:
    """The delegation's response to each questionnaire, by its primary key; one that has not begun is a row in memory.

    Each knows its deadline without asking again. Three queries, however many there are.
    """
    rows = Response.objects.filter(delegation=delegation, questionnaire__in=questionnaires).select_related("edition")
    begun = {row.questionnaire_id: row for row in rows}
    extensions = latest_extensions(Extension.objects.filter(delegation=delegation, questionnaire__in=questionnaires))
    found = {}
    for questionnaire in questionnaires:
        response = begun.get(questionnaire.pk) or Response(questionnaire=questionnaire, delegation=delegation)
        response.questionnaire = questionnaire
        response.latest_extension = extensions.get((questionnaire.pk, delegation.pk))
        found[questionnaire.pk] = response
    return found


def latest_extensions(rows: Any) -> dict[tuple[int, int], Extension]:
    """The row that counts of each questionnaire and delegation, by both primary keys: one query."""
    found: dict[tuple[int, int], Extension] = {}
    for row in rows.newest_first():
        found.setdefault((row.questionnaire_id, row.delegation_id), row)
    return found


def missing(questionnaire: Questionnaire, now: datetime) -> list[Missing]:
    """The delegations that were asked, have not submitted and may still answer `now`, by name.

    A returned response is missing too. Four queries, however many there are; none of them reads an answer.
    """
    if questionnaire.state != Questionnaire.State.OPEN:
        return []
    asked = delegations_asked(questionnaire)
    rows = questionnaire.responses.select_related("record__return_record").defer("record__content")
    responses = {row.delegation_id: row for row in rows}
    extensions = latest_extensions(questionnaire.extensions.all())
    invited = dict(questionnaire.invitations.values_list("delegation", "invited_at"))
    delegations: dict[int, Delegation] = {}
    writers = by_delegation(writers_of(asked))
    for delegation in asked.select_related("organisation").order_by("organisation__name"):
        delegations[delegation.pk] = delegation
    found = []
    for pk, delegation in delegations.items():
        response = responses.get(pk) or Response(questionnaire=questionnaire, delegation=delegation)
        response.questionnaire = questionnaire
        response.latest_extension = extensions.get((questionnaire.pk, pk))
        if response.state == Response.State.SUBMITTED or not response.takes_answers_at(now):
            continue
        told = [questionnaire.opened_at, questionnaire.deadline_moved_at, invited.get(pk), _returned_at(response)]
        told.append(response.extension.granted_at if response.extension else None)
        found.append(
            Missing(questionnaire, delegation, response, writers.get(pk, []), max(moment for moment in told if moment))
        )
    return found


def _returned_at(response: Response) -> datetime | None:
    record = getattr(response.record, "return_record", None) if response.record_id else None
    return record.returned_at if record else None


def reminders_due(now: datetime) -> Iterator[DueReminder]:
    """Who is to be reminded `now` of which open questionnaire and has not been.

    A delegate is due from 08:00 in their own zone, on the day that is so many days before the deadline of their
    delegation, counted in that zone, until that day ends: a day on which nothing ran is not made up for. Who was told
    of the deadline after that hour is not reminded of it the same day.
    """
    for questionnaire in Questionnaire.objects.filter(state=Questionnaire.State.OPEN):
        if not _may_be_due(questionnaire, now):
            continue
        sent = set(questionnaire.reminders.exclude(days=None).values_list("user", "deadline", "days"))
        for row in missing(questionnaire, now):
            for delegate in row.writers:
                days = days_due(row.deadline, row.told_at, delegate.user.time_zone, now)
                if days is None or days not in questionnaire.reminder_days:
                    continue
                if (delegate.user_id, row.deadline, days) not in sent:
                    yield DueReminder(row, delegate, days)


def _may_be_due(questionnaire: Questionnaire, now: datetime) -> bool:
    """Whether any deadline is about so many days away: wherever one sits, the days counted differ by one at most."""
    if not questionnaire.reminder_days:
        return False
    deadlines = {questionnaire.deadline, *questionnaire.extensions.values_list("until", flat=True)}
    left = [(deadline - now) / timedelta(days=1) for deadline in deadlines if deadline > now]
    return any(days - 1.1 < away < days + 1.1 for away in left for days in questionnaire.reminder_days)


def to_remind(questionnaire: Questionnaire, now: datetime, only: Collection[int] | None = None) -> list[Missing]:
    """The missing whom a reminder by hand would reach: those of `only` (delegations, by primary key; default: all),
    each with the people who were not reminded within the hour, and none without people."""
    recently = set(questionnaire.reminders.filter(queued_at__gt=now - PAUSE).values_list("user", flat=True))
    found = []
    for row in missing(questionnaire, now):
        people = [delegate for delegate in row.writers if delegate.user_id not in recently]
        if people and (only is None or row.delegation.pk in only):
            found.append(Missing(row.questionnaire, row.delegation, row.response, people, row.told_at))
    return found


def last_reminder(questionnaire: Questionnaire) -> Reminder | None:
    """The reminder that was queued last."""
    return questionnaire.reminders.select_related("queued_by").first()
