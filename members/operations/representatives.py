"""Who speaks for an organisation, from when to when: supplies what its applications lack, sends its assessments."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from icoca_portal.lib.days import today
from members import application_emails as emails
from members.exceptions import AccountClosed
from members.models import Organisation, Representative, User
from members.operations import dated
from members.operations.people import invite_person, register_person


@transaction.atomic
def record_representative(
    organisation: Organisation,
    *,
    user: User,
    valid_from: date,
    source: str,
    by: User,
    valid_to: date | None = None,
) -> Representative:
    """Record that a person speaks for an organisation from a day on: they may sign in from then until it ends.

    They are told, unless it has ended; whoever has never signed in is invited. Raises AccountClosed, DatesOverlap,
    EndsBeforeItBegins.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise AccountClosed(_("The account of %(name)s is closed. Open it first.") % {"name": user})
    row = Representative(
        organisation=organisation,
        user=user,
        valid_from=valid_from,
        valid_to=valid_to,
        source=source,
        recorded_by=by,
    )
    dated.record(row, beside=_same_person(row))
    if valid_to is not None and valid_to <= today():
        return row
    if user.last_login is None and not user.has_usable_password():
        with translation.override(user.language):
            invite_person(user, by=by, introduction=emails.representative_introduction(organisation))
    else:
        emails.queue_representative_recorded(row)
    return row


@transaction.atomic
def invite_representative(
    organisation: Organisation,
    *,
    name: str,
    email: str,
    language: str,
    valid_from: date,
    source: str,
    by: User,
    valid_to: date | None = None,
) -> Representative:
    """The same of somebody who may have no account yet: it is opened, and they are sent a link to set a password.

    An account that there was keeps its name and language. Raises what `record_representative` raises.
    """
    user, _opened = register_person(email=email, name=name, language=language, by=by)
    return record_representative(
        organisation, user=user, valid_from=valid_from, valid_to=valid_to, source=source, by=by
    )


@transaction.atomic
def end_representative(row: Representative, *, on: date, source: str, by: User) -> Representative:
    """Record until when a person speaks for an organisation; sessions and rights end with it.

    Raises AlreadyEnded, EndsBeforeItBegins.
    """
    return dated.end(row, on=on, source=source, by=by, beside=_same_person(row))


@transaction.atomic
def correct_representative(row: Representative, *, by: User, **changes: Any) -> Representative:
    """Put right the days; `source` is among `changes`. Raises AlreadyEnded (superseded before), DatesOverlap,
    EndsBeforeItBegins."""
    return dated.supersede(row, changes, by=by, beside=_same_person(row))


def _same_person(row: Representative) -> Any:
    """The rows of the person for the organisation; the account is locked."""
    User.objects.select_for_update().get(pk=row.user_id)
    return Representative.objects.filter(user=row.user_id, organisation=row.organisation_id)
