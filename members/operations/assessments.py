"""Self-assessments: asked of all members of a pillar at once, sent by a member's representative, or received otherwise.

A newer file of a member takes the place of one that it sent until the due day, and for a week after the receipt; the
earlier ones stay. After that the secretariat adds what comes.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from icoca_portal.lib.days import geneva, today
from icoca_portal.lib.mornings import MORNING
from icoca_portal.lib.uploads import check_upload
from members import emails
from members.exceptions import (
    AssessmentOutstanding,
    AssessmentSettled,
    DayToCome,
    DueInThePast,
    NobodyToAsk,
    NoRuleForDeadline,
    TooLateToReplace,
)
from members.models import DeadlineRule, Membership, Notice, SelfAssessment, SelfAssessmentFile, User
from members.representing import people_of

logger = logging.getLogger(__name__)

#: So many days before it is due a representative is reminded, and once after.
DAYS = (14, 3, -7)


@dataclass(frozen=True)
class Requested:
    """What came of a request: the assessments that are new, how many had been asked for before, and of how many of
    the new ones nobody speaks for the member here, so that no mail goes out."""

    new: list[SelfAssessment]
    before: int
    untold: int
    due_on: date


# Asking


@transaction.atomic
def request_self_assessments(
    *, year: int, pillar: str, by: User, on: date | None = None, due_on: date | None = None
) -> Requested:
    """Ask all who are members of the pillar on a day (default: today) for their self-assessment of a year, once each:
    asking again asks those who joined since. Due on the day given, or by the rule that holds on that day.

    Raises NobodyToAsk, NoRuleForDeadline, DueInThePast.
    """
    day = on or today()
    last = due_on or _due_by_rule(pillar, day)
    if last < today():
        raise DueInThePast(_("%(day)s has passed. Give a later day.") % {"day": date_format(last)})
    members = list(
        Membership.objects.as_of(day).members().filter(pillar=pillar).values_list("organisation", flat=True).distinct()
    )
    if not members:
        raise NobodyToAsk(_("Nobody is a member of this pillar on %(day)s.") % {"day": date_format(day)})
    asked = set(
        SelfAssessment.objects.filter(year=year, organisation__in=members).values_list("organisation", flat=True)
    )
    now = timezone.now()
    SelfAssessment.objects.bulk_create(
        [
            SelfAssessment(organisation_id=member, year=year, due_on=last, requested_at=now, requested_by=by)
            for member in members
            if member not in asked
        ],
        # Two officers at once: who comes second asks those whom the first has not asked.
        ignore_conflicts=True,
        batch_size=500,
    )
    new = list(
        SelfAssessment.objects.filter(
            year=year, organisation__in=set(members) - asked, requested_at=now, requested_by=by
        ).select_related("organisation")
    )
    people = people_of(row.organisation_id for row in new)
    emails.queue_assessments_requested(new, people)
    untold = sum(row.organisation_id not in people for row in new)
    return Requested(new, len(members) - len(new), untold, last)


def _due_by_rule(pillar: str, day: date) -> date:
    """Raises NoRuleForDeadline."""
    rule = DeadlineRule.objects.of(DeadlineRule.Step.ASSESS, pillar=pillar, day=day).first()
    if rule is None:
        raise NoRuleForDeadline(_("No rule says how long a member has for its self-assessment. Give a day."))
    last: date = rule.last_day(day)
    return last


# Receiving


@transaction.atomic
def send_self_assessment(assessment: SelfAssessment, *, upload: UploadedFile, by: User) -> SelfAssessment:
    """A representative sends the self-assessment of their member. The first file is its receipt; the same file sent
    twice is one. Raises AssessmentSettled (not needed), TooLateToReplace, UploadRefused.
    """
    stored = _lock(assessment)
    if stored.waived_because:
        raise AssessmentSettled(_("This self-assessment is not needed any more."))
    if not stored.takes_files_on(today()):
        raise TooLateToReplace(
            _("A newer file was taken until %(day)s. Write to the secretariat.")
            % {"day": date_format(stored.takes_files_until or stored.due_on)}
        )
    _keep(stored, upload, by)
    if stored.received_on is None:
        stored.received_on = today()
        _store(stored, "received_on")
    return stored


@transaction.atomic
def receive_self_assessment(
    assessment: SelfAssessment, *, received_on: date, by: User, upload: UploadedFile | None = None
) -> SelfAssessment:
    """The secretariat records the day on which a self-assessment came, with the file if there is one; of one that was
    received, another day or a further file. Raises AssessmentSettled (not needed), DayToCome, UploadRefused.
    """
    stored = _lock(assessment)
    if stored.waived_because:
        raise AssessmentSettled(_("This self-assessment is not needed. Ask for it again first."))
    if received_on > today():
        raise DayToCome(_("%(day)s is still to come.") % {"day": date_format(received_on)})
    if upload is not None:
        _keep(stored, upload, by)
    stored.received_on = received_on
    return _store(stored, "received_on")


@transaction.atomic
def waive_self_assessment(assessment: SelfAssessment, *, because: str, by: User) -> SelfAssessment:
    """Record that a self-assessment is not needed, and why. Raises AssessmentSettled."""
    stored = _lock(assessment)
    if not stored.is_outstanding:
        raise AssessmentSettled(_("This self-assessment was received, or is not needed already. Open the page again."))
    stored.waived_because = because
    return _store(stored, "waived_because")


@transaction.atomic
def ask_again(assessment: SelfAssessment, *, due_on: date, by: User) -> SelfAssessment:
    """Take back that a self-assessment was received or is not needed: it is waited for until the day given. Files that
    were sent stay. Raises AssessmentOutstanding, DueInThePast.
    """
    stored = _lock(assessment)
    if stored.is_outstanding:
        raise AssessmentOutstanding(_("This self-assessment is waited for already. Open the page again."))
    if due_on < today():
        raise DueInThePast(_("%(day)s has passed. Give a later day.") % {"day": date_format(due_on)})
    stored.received_on, stored.waived_because, stored.due_on = None, "", due_on
    return _store(stored, "received_on", "waived_because", "due_on")


def _lock(assessment: SelfAssessment) -> SelfAssessment:
    return SelfAssessment.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=assessment.pk)


def _keep(assessment: SelfAssessment, upload: UploadedFile, by: User) -> None:
    """Store the file, unless it is the newest one again: a second click is no second file. Raises UploadRefused."""
    sent = check_upload(upload).sha256
    newest = assessment.files.first()
    if newest is None or newest.sha256 != sent:
        SelfAssessmentFile.keep(upload, assessment=assessment, uploaded_by=by)


def _store(assessment: SelfAssessment, *fields: str) -> SelfAssessment:
    assessment.version += 1
    assessment.save(update_fields=[*fields, "version"])
    return assessment


# Reminding


def send_due_assessment_reminders(now: datetime) -> int:
    """Remind representatives whom the clock says `now` (aware) of self-assessments that are waited for, once for each
    of `DAYS`; returns how many mails were queued. Must not be called inside a transaction.

    Due from 08:00 Geneva on the day until it ends: a day on which nothing ran is not made up for.
    """
    there = now.astimezone(geneva())
    if there.time() < MORNING:
        return 0
    count = 0
    for days in DAYS:
        due_on = there.date() + timedelta(days=days)
        rows = list(SelfAssessment.objects.outstanding().filter(due_on=due_on).select_related("organisation"))
        if not rows:
            continue
        people = people_of(row.organisation_id for row in rows)
        told = set(
            Notice.objects.filter(
                kind="assessment_due", key__in=[emails.reminder_key(row, days) for row in rows]
            ).values_list("key", "user")
        )
        for row in rows:
            for person in people.get(row.organisation_id, ()):
                if (emails.reminder_key(row, days), person.pk) not in told:
                    count += _remind(row, person, due_on, days)
    return count


def _remind(assessment: SelfAssessment, person: User, due_on: date, days: int) -> int:
    """Queue one reminder, unless what it is about came, or its day was moved, meanwhile."""
    try:
        with transaction.atomic():
            row = SelfAssessment.objects.select_for_update().get(pk=assessment.pk)
            if not row.is_outstanding or row.due_on != due_on:
                return 0
            emails.queue_assessment_due(assessment, person, days)
    except DatabaseError:
        raise
    except Exception:  # what hinders one must not silence the others
        logger.exception("No reminder of self-assessment %s", assessment.pk)
        return 0
    return 1
