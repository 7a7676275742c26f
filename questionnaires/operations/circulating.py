"""The secretariat and the clock: to whom a questionnaire is put, who gets more time, who is reminded."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icoca_portal.lib.moments import in_geneva
from members.models import Delegation, Organisation, User
from questionnaires import circulation, emails
from questionnaires.circulation import DueReminder
from questionnaires.exceptions import (
    DelegationNotAsked,
    NobodyToAsk,
    NobodyToRemind,
    NotAnExtension,
    QuestionnaireClosed,
)
from questionnaires.models import Extension, Invitation, Questionnaire, Reminder, Response

logger = logging.getLogger(__name__)


def lock_open(questionnaire: Questionnaire) -> Questionnaire:
    """The row, locked and fresh. Answers can be saved meanwhile. Raises QuestionnaireClosed if it is not open."""
    locked = Questionnaire.objects.select_for_update(no_key=True).get(pk=questionnaire.pk)
    if locked.state != Questionnaire.State.OPEN:
        raise QuestionnaireClosed(_("The questionnaire is not open."))
    return locked


# To whom


def invite(
    questionnaire: Questionnaire, organisations: Iterable[Organisation], now: datetime, *, by: User
) -> list[Delegation]:
    """Note that a locked questionnaire is put to these organisations; returns the delegations that are new.

    A participant without a delegation gets one, without people yet: whoever is appointed finds the questionnaire.
    """
    there = set(questionnaire.invitations.values_list("delegation__organisation", flat=True))
    wanted = [row for row in dict.fromkeys(organisations) if row.pk not in there]
    delegations = [Delegation.objects.get_or_create(organisation=organisation)[0] for organisation in wanted]
    Invitation.objects.bulk_create(
        Invitation(questionnaire=questionnaire, delegation=delegation, invited_at=now, invited_by=by)
        for delegation in delegations
    )
    return delegations


@transaction.atomic
def invite_delegations(
    questionnaire: Questionnaire, organisations: Iterable[Organisation], *, by: User
) -> list[Delegation]:
    """Put an open questionnaire to more organisations, and tell the focal points and contributors of those alone.

    Raises QuestionnaireClosed if it is not open, NobodyToAsk if all of them are asked already.
    """
    locked = lock_open(questionnaire)
    delegations = invite(locked, organisations, timezone.now(), by=by)
    if not delegations:
        raise NobodyToAsk(_("Choose at least one delegation that was not asked yet."))
    emails.questionnaire_opened(locked, delegations)
    return delegations


def note_opening(questionnaire: Questionnaire, delegation: Delegation, *, by: User) -> None:
    """Note that somebody of an asked delegation has opened an open questionnaire, the first time it happens.

    One query every other time. A participant that joined after the opening has no invitation until now.
    """
    if questionnaire.state != Questionnaire.State.OPEN:
        return
    rows = Invitation.objects.filter(questionnaire=questionnaire, delegation=delegation)
    opened = rows.values_list("opened_at", flat=True).first()
    if opened is not None:
        return
    now = timezone.now()
    with transaction.atomic():
        Invitation.objects.get_or_create(
            questionnaire=questionnaire, delegation=delegation, defaults={"invited_at": now}
        )
        rows.filter(opened_at=None).update(opened_at=now, opened_by=by)


# How long


@transaction.atomic
def extend_deadline(
    questionnaire: Questionnaire, delegation: Delegation, *, until: datetime, reason: str, by: User
) -> Extension:
    """Give one delegation time until another moment (`until`, aware), with a reason that it reads, and tell its people.

    A later row lengthens or shortens an earlier one. Raises QuestionnaireClosed if the questionnaire is not open,
    DelegationNotAsked, NotAnExtension for a moment that has passed, is not after the deadline of all, or is the one
    that the delegation has already.
    """
    reason = reason.strip()
    if not reason:
        raise ValueError("an extension needs a reason")
    locked = lock_open(questionnaire)
    if not circulation.is_asked(locked, delegation):
        raise DelegationNotAsked(_("The questionnaire was not put to this delegation."))
    now = timezone.now()
    if until <= now:
        raise NotAnExtension(_("Choose a moment that is still to come."))
    if until <= locked.deadline:
        raise NotAnExtension(
            _("Choose a moment after the deadline of all, which is %(deadline)s.")
            % {"deadline": in_geneva(locked.deadline)}
        )
    latest = Extension.objects.latest_of(locked.pk, delegation.pk)
    if latest and latest.until == until:
        raise NotAnExtension(
            _("The delegation has until %(deadline)s already.") % {"deadline": in_geneva(latest.until)}
        )
    extension = Extension.objects.create(
        questionnaire=locked, delegation=delegation, until=until, reason=reason, granted_at=now, granted_by=by
    )
    emails.deadline_extended(extension)
    return extension


# Reminders


@transaction.atomic
def set_reminders(questionnaire: Questionnaire, days: Iterable[int], *, by: User) -> None:
    """Say how many days before the deadline the missing are reminded; none: never by the clock.

    Raises QuestionnaireClosed once it is closed.
    """
    locked = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if locked.state not in (Questionnaire.State.DRAFT, Questionnaire.State.OPEN):
        raise QuestionnaireClosed(_("The questionnaire is not open."))
    locked.reminder_days = sorted(set(days), reverse=True)
    locked.version += 1
    locked.save(update_fields=["reminder_days", "version"])
    questionnaire.refresh_from_db()


@transaction.atomic
def remind_missing(questionnaire: Questionnaire, *, by: User, only: Collection[int] | None = None) -> int:
    """Remind the focal points and contributors of the delegations that have not submitted; returns how many people.

    `only` names delegations by primary key. Who was reminded within the hour is left out, so that a second click
    reminds nobody. Raises QuestionnaireClosed if it is not open, NobodyToRemind.
    """
    locked = lock_open(questionnaire)
    # A delegation that is submitting at this moment has submitted before it is looked at, or after it was reminded.
    list(locked.responses.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    now = timezone.now()
    rows = circulation.to_remind(locked, now, only)
    if not rows:
        raise NobodyToRemind(_("Nobody was reminded: who is missing was reminded within the hour, or has nobody yet."))
    reminders = [
        Reminder(
            questionnaire=locked,
            delegation=row.delegation,
            user=delegate.user,
            deadline=row.deadline,
            queued_at=now,
            queued_by=by,
        )
        for row in rows
        for delegate in row.writers
    ]
    Reminder.objects.bulk_create(reminders)
    emails.response_due(locked, rows, key=f"by-hand:{now.isoformat()}")
    return len(reminders)


def send_due_reminders(now: datetime) -> int:
    """Remind whom the clock says `now` (aware); returns how many. Must not be called inside a transaction.

    One transaction a person: stopped anywhere, it has reminded some, and the others are still due. What cannot be
    queued for one person is logged and keeps nobody else from being reminded.
    """
    count = 0
    for due in circulation.reminders_due(now):
        try:
            count += _remind(due, now)
        except DatabaseError:
            raise
        except Exception:  # one unusable address or name must not silence the others
            logger.exception("No reminder for delegate %s", due.delegate.pk)
    return count


@transaction.atomic
def _remind(due: DueReminder, now: datetime) -> bool:
    """Queue one reminder, unless the response was submitted, the deadline moved or the reminder queued meanwhile."""
    row = due.missing
    locked = Questionnaire.objects.select_for_update(no_key=True).get(pk=row.questionnaire.pk)
    rows = Response.objects.select_for_update(of=("self",), no_key=True).filter(
        questionnaire=locked, delegation=row.delegation
    )
    response = rows.first() or Response(questionnaire=locked, delegation=row.delegation)
    response.questionnaire = locked
    submitted = response.state == Response.State.SUBMITTED
    if submitted or not response.takes_answers_at(now) or response.deadline != row.deadline:
        return False
    _reminder, made = Reminder.objects.get_or_create(
        questionnaire=locked,
        user=due.delegate.user,
        deadline=row.deadline,
        days=due.days,
        defaults={"delegation": row.delegation, "queued_at": now},
    )
    if made:
        to_one = circulation.Missing(locked, row.delegation, row.response, [due.delegate], row.told_at)
        emails.response_due(locked, [to_one], key=f"{row.deadline.isoformat()}:{due.days}")
    return made
