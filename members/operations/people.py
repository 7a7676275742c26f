"""What happens to roles in a delegation, and to accounts."""

from __future__ import annotations

from datetime import date

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icoca_portal.lib.days import today
from members.emails import queue_factor_removed, queue_invitation
from members.exceptions import (
    AccountClosed,
    AddressTaken,
    AlreadyEnded,
    DatesOverlap,
    EndsBeforeItBegins,
    NoRole,
    OwnAccount,
)
from members.models import Delegate, Delegation, User
from members.operations.dated import refuse_backwards
from members.standing import has_standing

# Roles in a delegation


@transaction.atomic
def appoint_delegate(
    delegation: Delegation,
    *,
    user: User,
    role: str,
    by: User,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Delegate:
    """Give a person a role in a delegation, from a day (default: today) on.

    Raises DatesOverlap (a person is of one delegation, in one role, at a time), AccountClosed, EndsBeforeItBegins.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise AccountClosed(_("The account of %(name)s is closed. Open it first.") % {"name": user})
    begins = valid_from or today()
    refuse_backwards(begins, valid_to)
    other = user.appointments.overlapping(begins, valid_to).select_related("delegation__organisation").first()
    if other:
        raise DatesOverlap(
            _("%(name)s is in the delegation of %(delegation)s (%(role)s) on some of these days. End that first.")
            % {"name": user, "role": other.get_role_display(), "delegation": other.delegation}
        )
    return Delegate.objects.create(
        user=user, delegation=delegation, role=role, valid_from=begins, valid_to=valid_to, recorded_by=by
    )


@transaction.atomic
def end_appointment(delegate: Delegate, *, by: User, on: date | None = None) -> Delegate:
    """End a person's role on a day (default: today), the first without it; sessions and rights end with it.

    An end on the day of the beginning takes the appointment back. Raises AlreadyEnded, EndsBeforeItBegins.
    """
    delegate = _lock_appointment(delegate)
    ends = on or max(today(), delegate.valid_from)
    if ends < delegate.valid_from:
        raise EndsBeforeItBegins(_("The end must not be before the beginning, %(day)s.") % {"day": delegate.valid_from})
    return _end_appointment(delegate, ends, by)


@transaction.atomic
def change_role(delegate: Delegate, *, role: str, by: User) -> Delegate:
    """Give a delegate another role from today on (or from the first day, if that is to come), until the same end.

    Returns the new row; the same row if the role is the same. Raises AlreadyEnded.
    """
    delegate = _lock_appointment(delegate)
    if delegate.role == role:
        return delegate
    until, begins = delegate.valid_to, max(today(), delegate.valid_from)
    _end_appointment(delegate, begins, by)
    return Delegate.objects.create(
        user_id=delegate.user_id,
        delegation_id=delegate.delegation_id,
        role=role,
        valid_from=begins,
        valid_to=until,
        recorded_by=by,
    )


def _lock_appointment(delegate: Delegate) -> Delegate:
    """The stored row, with its person's roles locked."""
    User.objects.select_for_update().get(pk=delegate.user_id)
    stored = Delegate.objects.select_related("delegation__organisation", "user").get(pk=delegate.pk)
    if stored.valid_to is not None and stored.valid_to <= max(today(), stored.valid_from):
        raise AlreadyEnded(_("This appointment ended on %(day)s.") % {"day": stored.valid_to})
    return stored


def _end_appointment(delegate: Delegate, ends: date, by: User) -> Delegate:
    delegate.valid_to, delegate.ended_at, delegate.ended_by = ends, timezone.now(), by
    delegate.save(update_fields=["valid_to", "ended_at", "ended_by"])
    return delegate


# Accounts


@transaction.atomic
def edit_profile(user: User, *, name: str, language: str, time_zone: str, by: User) -> User:
    """Write what a person says about themselves: name, language, time zone (IANA name)."""
    user = User.objects.select_for_update().get(pk=user.pk)
    user.name, user.language, user.time_zone = name, language, time_zone
    user.version += 1
    user.save(update_fields=["name", "language", "time_zone", "version"])
    return user


@transaction.atomic
def register_person(*, email: str, name: str, language: str, by: User) -> tuple[User, bool]:
    """The account of this address, and whether it was opened for that: it then has no password and no role yet.

    An account that there was keeps its name and language.
    """
    return User.objects.get_or_create(
        email=email.strip().lower(),
        defaults={"name": name, "language": language, "password": make_password(None), "invited_by": by},
    )


@transaction.atomic
def invite_person(user: User, *, by: User, introduction: str = "") -> User:
    """Send a person a link to set a password, good for `settings.PASSWORD_RESET_TIMEOUT`; may be repeated.

    `introduction`, in the person's language, says who asks them in and for what; without it the secretariat does.
    Raises AccountClosed; NoRole for somebody who could not sign in for want of a role, now or to come.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise AccountClosed(_("The account of %(name)s is closed. Open it first.") % {"name": user})
    to_come = {"valid_from__gt": today()}
    if not (
        has_standing(user)
        or user.appointments.filter(**to_come).exists()
        or user.represents.filter(superseded_at=None, **to_come).exists()
    ):
        raise NoRole(_("%(name)s has no role, and could not sign in. Appoint them first.") % {"name": user})
    user.invited_at, user.invited_by = timezone.now(), by
    user.save(update_fields=["invited_at", "invited_by"])
    queue_invitation(user, by=by, introduction=introduction)
    return user


@transaction.atomic
def close_account(user: User, *, by: User) -> User:
    """Close an account: its sessions end at once, its name stays in the records. A second time changes nothing.

    Raises OwnAccount.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.pk == by.pk:
        raise OwnAccount(_("You are signed in with this account. Another administrator closes it."))
    if user.is_active:
        user.is_active, user.closed_at, user.closed_by = False, timezone.now(), by
        user.version += 1
        user.save(update_fields=["is_active", "closed_at", "closed_by", "version"])
    return user


@transaction.atomic
def open_account(user: User, *, by: User) -> User:
    """Open a closed account again; its roles are what their dates say. A second time changes nothing."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        user.is_active, user.closed_at, user.closed_by = True, None, None
        user.version += 1
        user.save(update_fields=["is_active", "closed_at", "closed_by", "version"])
    return user


@transaction.atomic
def change_address(user: User, *, email: str, by: User) -> User:
    """Give an account another e-mail address. The old one opens nothing any more, nor does a link sent to it.

    Raises AddressTaken.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    address = email.strip().lower()
    if User.objects.exclude(pk=user.pk).filter(email=address).exists():
        raise AddressTaken(_("Somebody has this address."))
    EmailAddress.objects.filter(user=user).delete()
    user.email = address
    user.save(update_fields=["email"])
    return user


@transaction.atomic
def remove_second_factor(user: User, *, by: User) -> User:
    """Remove all of a person's applications, passkeys and recovery codes, and tell them. For somebody who lost them."""
    user = User.objects.select_for_update().get(pk=user.pk)
    Authenticator.objects.filter(user=user).delete()
    queue_factor_removed(user)
    return user


@transaction.atomic
def lift_pause(user: User, *, by: User) -> User:
    """Let somebody sign in again whose attempts failed too often, from wherever."""
    AccessAttempt.objects.filter(username=user.email).delete()
    return user
