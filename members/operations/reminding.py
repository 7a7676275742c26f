"""The clock: applicants are reminded of what their application lacks, some days before it is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from icoca_portal.lib.days import day_of
from icoca_portal.lib.moments import zone_named
from icoca_portal.lib.mornings import MORNING
from members import application_emails as emails
from members.models import Application, DeadlineRule, Notice, User
from members.next_steps import Actor, NextStep, applications_waiting_for, read_next_steps
from members.representing import people_of

#: How long before its last day an applicant is reminded.
REMINDED_BEFORE = timedelta(days=7)


def send_supply_reminders(now: datetime) -> None:
    """Remind the representatives of applicants, once for each last day, in their morning of the week before it.

    What was supplied, decided or withdrawn is not reminded of, nor what was put to the applicant on the same day.
    """
    if not DeadlineRule.objects.filter(step=DeadlineRule.Step.SUPPLY, superseded_at=None).exists():
        return
    applications = {row.pk: row for row in applications_waiting_for(Actor.APPLICANT)}
    due = {key: step for key, steps in read_next_steps(applications.values()).items() if (step := _due(steps, now))}
    for application, user in _to_remind([(applications[key], step) for key, step in due.items()], now):
        _remind(application, user, now)


def _due(steps: tuple[NextStep, ...], now: datetime) -> NextStep | None:
    """The applicant's step, if its last day is near and has not passed."""
    day = day_of(now)
    step = next((each for each in steps if each.actor == Actor.APPLICANT), None)
    if step is None or step.due is None or step.began >= day:
        return None
    return step if step.due - REMINDED_BEFORE <= day <= step.due else None


def _to_remind(found: list[tuple[Any, NextStep]], now: datetime) -> list[tuple[Application, User]]:
    """Who is not reminded yet and has their morning behind them."""
    people = people_of((application.organisation_id for application, _step in found), day=day_of(now))
    keyed = {
        (emails.supply_due_event(application, step.due), user.pk): (application, user)
        for application, step in found
        if step.due
        for user in people.get(application.organisation_id, ())
        if now.astimezone(zone_named(user.time_zone)).time() >= MORNING
    }
    events = {event for event, _user in keyed}
    told = set(Notice.objects.filter(kind="supply_due", key__in=events).values_list("key", "user"))
    return [pair for key, pair in keyed.items() if key not in told]


@transaction.atomic
def _remind(application: Application, user: User, now: datetime) -> None:
    """Queue the reminder, unless somebody supplied or decided while the clock was reading."""
    locked = (
        Application.objects.select_for_update(of=("self",))
        .select_related("organisation", "standard")
        .get(pk=application.pk)
    )
    step = _due(read_next_steps([locked])[locked.pk], now)
    if step is not None and step.due is not None:
        emails.queue_supply_due(locked, user, step.due)
