"""Delegations are invited to a meeting, reply and register their people; who has not replied is reminded."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icoca_portal.lib.moments import in_geneva
from meetings import registering, registration_emails
from meetings.exceptions import (
    HeadRegisteredAlready,
    NobodyToRemind,
    PersonRegisteredAlready,
    RegistrationChangedMeanwhile,
    RegistrationClosed,
    RegistrationUntilPast,
    ReplyChangedMeanwhile,
    WayOfAttendingNotOffered,
)
from meetings.models import Invitation, Meeting, Registration, RegistrationChange, Step
from meetings.models.meetings import AttendanceMode
from meetings.operations.shared import locked_meeting, require_date, require_participants_among_readers, step
from members.models import Delegate, Delegation, Organisation, User

logger = logging.getLogger(__name__)

What = RegistrationChange.What
Reply = Invitation.Reply
#: What a focal point says of a person, in the order of the form.
PERSON = ("person_name", "function", "email", "capacity", "mode", "dietary_needs", "access_needs")


# The secretariat


@transaction.atomic
def invite_delegations(meeting: Meeting, organisations: Iterable[Organisation], *, by: User) -> list[Delegation]:
    """Invite the delegations of these participants to a convened meeting, and tell the focal points of those alone that
    were not invited yet; returns them. Calling it again invites nobody twice.

    A participant without a delegation gets one, without people yet: whoever is appointed finds the invitation. Raises
    MeetingInAnotherState, MeetingKeptFromParticipants, RegistrationClosed if the deadline has passed.
    """
    locked = locked_meeting(meeting, Meeting.State.CONVENED)
    require_date(locked)
    require_participants_among_readers(locked)
    now = timezone.now()
    if not locked.takes_registrations_at(now):
        raise RegistrationClosed(_("The deadline of the registration has passed. Set another one first."))
    there = set(locked.invitations.values_list("delegation__organisation", flat=True))
    wanted = [row for row in dict.fromkeys(organisations) if row.pk not in there]
    delegations = [Delegation.objects.get_or_create(organisation=organisation)[0] for organisation in wanted]
    if not delegations:
        return []
    Invitation.objects.bulk_create(
        Invitation(meeting=locked, delegation=delegation, invited_at=now, invited_by=by) for delegation in delegations
    )
    RegistrationChange.objects.bulk_create(
        RegistrationChange(meeting=locked, delegation=delegation, what=What.INVITED, at=now, by=by)
        for delegation in delegations
    )
    number = len(delegations)
    note = ngettext("%(count)d delegation", "%(count)d delegations", number) % {"count": number}
    step(locked, Step.What.INVITED, by, note)
    registration_emails.delegations_invited(locked, delegations)
    return delegations


@transaction.atomic
def set_registration(meeting: Meeting, *, until: datetime | None, note: str = "", by: User) -> Meeting:
    """Say until when delegations register (aware; None: until the meeting begins) and what stands above their form.

    If another deadline holds afterwards, the focal points of the delegations that were invited are told. Raises
    MeetingInAnotherState, RegistrationUntilPast.
    """
    locked = locked_meeting(meeting, Meeting.State.PLANNED, Meeting.State.CONVENED)
    now, before = timezone.now(), locked.registration_closes
    if until is not None and until != locked.registration_until:
        if until <= now:
            raise RegistrationUntilPast(_("Choose a moment that is still to come."))
        begins = locked.begins
        if begins and until > begins:
            raise RegistrationUntilPast(
                _("Choose a moment before the meeting begins, which is %(moment)s.") % {"moment": in_geneva(begins)}
            )
    locked.registration_until, locked.registration_note = until, note.strip()
    locked.version += 1
    locked.save(update_fields=["registration_until", "registration_note", "version"])
    if locked.registration_closes != before and locked.takes_registrations_at(now):
        registration_emails.registration_moved(locked)
    return locked


@transaction.atomic
def remind_invited(meeting: Meeting, *, by: User, only: Collection[int] | None = None) -> int:
    """Remind the focal points of the delegations that have not replied; returns how many people.

    `only` names delegations by primary key. Who was reminded within the hour is left out, so that a second click
    reminds nobody. Raises MeetingInAnotherState, RegistrationClosed, NobodyToRemind.
    """
    locked = locked_meeting(meeting, Meeting.State.CONVENED)
    now = timezone.now()
    if not locked.takes_registrations_at(now):
        raise RegistrationClosed(_("The deadline of the registration has passed."))
    # Who replies at this moment has replied before it is looked at, or after the reminder.
    list(locked.invitations.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    rows = registering.to_remind(locked, now, only)
    if not rows:
        raise NobodyToRemind(
            _("Nobody was reminded: who has not replied was reminded within the hour, or has no focal point.")
        )
    for row in rows:
        registration_emails.registration_due(row.invitation, row.focal_points, f"by-hand:{now.isoformat()}")
    locked.invitations.filter(pk__in=[row.invitation.pk for row in rows]).update(reminded_at=now)
    return sum(len(row.focal_points) for row in rows)


# The delegation


def _locked(invitation: Invitation, by: User) -> tuple[Invitation, bool]:
    """The invitation, locked and fresh, and whether what is written comes late.

    After the deadline the secretariat alone writes, until the meeting is closed. Raises RegistrationClosed.
    """
    rows = Invitation.objects.select_for_update(of=("self",))
    row = rows.select_related("meeting__working_group", "delegation__organisation").get(pk=invitation.pk)
    meeting = row.meeting
    if meeting.takes_registrations_at(timezone.now()):
        return row, False
    if by.has_perm("meetings.register_late", row) and meeting.state in (Meeting.State.CONVENED, Meeting.State.HELD):
        return row, True
    if meeting.state == Meeting.State.CANCELLED:
        raise RegistrationClosed(_("The meeting is cancelled."))
    raise RegistrationClosed(
        _("Not stored: the registration is closed. Write to the secretariat, which can still change it.")
    )


def _log(
    invitation: Invitation,
    what: What,
    by: User,
    person: str = "",
    details: Iterable[str] = (),
    values: Iterable[tuple[str, str, str]] = (),
) -> None:
    RegistrationChange.objects.create(
        meeting=invitation.meeting,
        delegation=invitation.delegation,
        what=what,
        person_name=person,
        detail="\n".join(details)[:500],
        values=list(values),
        by=by,
    )


def _late(late: bool) -> list[str]:
    return [registering.LATE] if late else []


def _answer(invitation: Invitation, reply: str, note: str, by: User, late: bool) -> None:
    """Store the reply and note it, with the earlier one and its note."""
    values = [("reply", invitation.reply, reply)] if invitation.reply not in (Reply.NONE, reply) else []
    values += [("note", invitation.note, note)] if invitation.note != note else []
    invitation.reply, invitation.note = reply, note
    invitation.replied_at, invitation.replied_by = timezone.now(), by
    invitation.save(update_fields=["reply", "note", "replied_at", "replied_by"])
    what = What.ATTENDS if reply == Reply.ATTENDS else What.DECLINES
    _log(invitation, what, by, details=_late(late), values=values)


@transaction.atomic
def reply_invitation(
    invitation: Invitation, *, reply: str, note: str = "", seen: datetime | None, by: User
) -> Invitation:
    """The delegation attends, or declines with a word; who was registered is withdrawn when it declines.

    `seen` is the moment of the reply that the page showed (None: none yet). The same reply again changes nothing. The
    focal points get a confirmation. Raises RegistrationClosed, ReplyChangedMeanwhile.
    """
    row, late = _locked(invitation, by)
    note = " ".join(note.split())
    if (row.reply, row.note) == (reply, note):
        return row
    if row.replied_at != seen:
        raise ReplyChangedMeanwhile(_("A colleague replied while you were writing. Nothing is lost: choose."), row)
    _answer(row, reply, note, by, late)
    if reply == Reply.DECLINES:
        for person in _standing(row):
            _withdraw(row, person, by, late)
    registration_emails.registration_confirmed(row)
    return row


@transaction.atomic
def register_person(invitation: Invitation, *, person: dict[str, Any], by: User) -> Registration:
    """Add somebody to the delegation's list; the delegation attends from then on, whatever it replied before.

    `person` holds the fields of `PERSON`. Raises RegistrationClosed, PersonRegisteredAlready, HeadRegisteredAlready,
    WayOfAttendingNotOffered.
    """
    row, late = _locked(invitation, by)
    fields = _tidied(row, person)
    _require_place(row, fields)
    registration = Registration.objects.create(
        meeting=row.meeting, delegation=row.delegation, registered_by=by, **fields
    )
    if row.reply != Reply.ATTENDS:
        _answer(row, Reply.ATTENDS, "", by, late)
    _log(row, What.ADDED, by, registration.person_name, _late(late))
    registration_emails.registration_confirmed(row)
    return registration


@transaction.atomic
def change_registration(
    registration: Registration, *, seen_version: int, person: dict[str, Any], by: User
) -> Registration:
    """Change what is said of a person. `seen_version` is the version that the form was made from.

    What is the same changes nothing. Raises RegistrationClosed, RegistrationChangedMeanwhile, PersonRegisteredAlready,
    HeadRegisteredAlready, WayOfAttendingNotOffered.
    """
    row, late = _locked(_invitation_of(registration), by)
    stored = _fresh(registration, seen_version)
    fields = _tidied(row, person)
    changed = [name for name in PERSON if getattr(stored, name) != fields[name]]
    if not changed:
        return stored
    _require_place(row, fields, besides=stored)
    values = [(name, getattr(stored, name), fields[name]) for name in changed if name not in registering.NEEDS]
    for name in changed:
        setattr(stored, name, fields[name])
    stored.version += 1
    stored.save()
    details = ["needs"] if set(changed) & set(registering.NEEDS) else []
    _log(row, What.CHANGED, by, stored.person_name, details + _late(late), values)
    registration_emails.registration_confirmed(row)
    return stored


@transaction.atomic
def withdraw_registration(registration: Registration, *, seen_version: int, by: User) -> Registration:
    """Take somebody off the list. A second time changes nothing.

    Raises RegistrationClosed, RegistrationChangedMeanwhile.
    """
    row, late = _locked(_invitation_of(registration), by)
    stored = Registration.objects.select_for_update().get(pk=registration.pk)
    if stored.withdrawn_at:
        return stored
    stored = _fresh(registration, seen_version)
    _withdraw(row, stored, by, late)
    registration_emails.registration_confirmed(row)
    return stored


def _invitation_of(registration: Registration) -> Invitation:
    return Invitation.objects.get(meeting=registration.meeting_id, delegation=registration.delegation_id)


def _fresh(registration: Registration, seen_version: int) -> Registration:
    """The row under its lock, if it is as the page showed it. Raises RegistrationChangedMeanwhile."""
    stored = Registration.objects.select_for_update().get(pk=registration.pk)
    if stored.withdrawn_at:
        raise RegistrationChangedMeanwhile(
            _("A colleague withdrew %(name)s while you were writing.") % {"name": stored.person_name}, stored
        )
    if stored.version != seen_version:
        raise RegistrationChangedMeanwhile(
            _("A colleague changed this registration while you were writing. Nothing is lost: choose."), stored
        )
    return stored


def _standing(invitation: Invitation) -> Any:
    rows = Registration.objects.standing().filter(meeting=invitation.meeting, delegation=invitation.delegation)
    return rows.order_by("pk")


def _withdraw(invitation: Invitation, person: Registration, by: User, late: bool) -> None:
    person.withdrawn_at = timezone.now()
    person.dietary_needs = person.access_needs = ""
    person.version += 1
    person.save(update_fields=["withdrawn_at", "dietary_needs", "access_needs", "version"])
    _log(invitation, What.WITHDRAWN, by, person.person_name, _late(late))


def _tidied(invitation: Invitation, person: dict[str, Any]) -> dict[str, Any]:
    """The fields of a person, each in one line; no needs once those of the meeting were deleted."""
    fields = {name: " ".join(str(person.get(name) or "").split()) for name in PERSON}
    fields["capacity"] = fields["capacity"] or Registration.Capacity.MEMBER
    if invitation.meeting.needs_cleared_at:
        fields["dietary_needs"] = fields["access_needs"] = ""
    return fields


def _require_place(invitation: Invitation, fields: dict[str, Any], besides: Registration | None = None) -> None:
    """The mode is offered, and neither the name nor the head's place is taken by somebody else of the delegation."""
    ways = {Meeting.Mode.IN_PERSON: [AttendanceMode.IN_PERSON], Meeting.Mode.ONLINE: [AttendanceMode.ONLINE]}
    offered = ways.get(invitation.meeting.mode, list(AttendanceMode))  # type: ignore[call-overload]
    # Who registered before the meeting took another form keeps their place until they change it.
    if fields["mode"] not in offered and not (besides and besides.mode == fields["mode"]):
        raise WayOfAttendingNotOffered(
            _("The meeting is online.") if AttendanceMode.ONLINE in offered else _("The meeting is in person.")
        )
    others = _standing(invitation).exclude(pk=besides.pk if besides else None)
    for other in others:
        if other.person_name.casefold() == fields["person_name"].casefold():
            raise PersonRegisteredAlready(_("%(name)s is registered already.") % {"name": other.person_name})
        if Registration.Capacity.HEAD == other.capacity == fields["capacity"]:
            raise HeadRegisteredAlready(
                _("%(name)s is the head of the delegation. Give %(name)s another capacity first.")
                % {"name": other.person_name}
            )


# By the clock


def send_due_registration_reminders(now: datetime) -> int:
    """Remind whom the clock says `now` (aware); returns how many. Must not be called inside a transaction.

    One transaction a person, marked by the key of the message: stopped anywhere, the others are still due.
    """
    count = 0
    for invitation, delegate, occasion in registering.reminders_due(now):
        try:
            count += _remind(invitation, delegate, occasion, now)
        except DatabaseError:
            raise
        except Exception:  # one unusable address or name must not silence the others
            logger.exception("No reminder for delegate %s", delegate.pk)
    return count


@transaction.atomic
def _remind(invitation: Invitation, delegate: Delegate, occasion: str, now: datetime) -> bool:
    """Queue one reminder, unless the delegation replied, or the meeting was cancelled or moved meanwhile."""
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("meeting__working_group")
    row = rows.select_related("delegation__organisation").get(pk=invitation.pk)
    closes = row.meeting.registration_closes
    if row.reply != Reply.NONE or closes is None or not row.meeting.takes_registrations_at(now):
        return False
    if occasion != f"clock:{closes.isoformat()}":
        return False
    registration_emails.registration_due(row, [delegate], occasion)
    row.reminded_at = now
    row.save(update_fields=["reminded_at"])
    return True


def clear_needs(now: datetime) -> int:
    """Delete the dietary and access needs of meetings whose day was thirty days ago or more; returns of how many.

    A meeting that was cancelled before it had a date counts from its last change. One transaction a meeting.
    """
    before = now - registering.NEEDS_KEPT
    undated = Q(date=None, state=Meeting.State.CANCELLED, changed_at__lte=before)
    due = Meeting.objects.filter(Q(date__lte=before.date()) | undated, needs_cleared_at=None)
    due = due.filter(registrations__isnull=False).distinct()
    count = 0
    for pk in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            locked = Meeting.objects.select_for_update(of=("self",)).get(pk=pk)
            if locked.needs_cleared_at:
                continue
            Registration.objects.filter(meeting=locked).exclude(dietary_needs="", access_needs="").update(
                dietary_needs="", access_needs="", version=F("version") + 1
            )
            Meeting.objects.filter(pk=pk).update(needs_cleared_at=now)
            count += 1
    return count
