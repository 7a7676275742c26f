"""Whom the secretariat writes to at an organisation: personal data, kept as long as it is needed and no longer.

Nothing of a contact stands anywhere but in its row, and in the log of circulars that went to it: what is logged else
names the organisation alone. When it is erased, by the withdrawal of the consent or by the clock, it is taken out of
both, and nothing of it is left but its days.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icoca_portal.lib.days import day_of, today
from members.exceptions import AlreadyEnded, ChangedMeanwhile, ContactErased, DayToCome, EndsBeforeItBegins
from members.models import Contact, Organisation, User
from members.operations.circulars import forget_contact
from members.operations.registry import lock_organisation

#: How long a contact is kept after its end: a year, so that a question to the predecessor can still be put.
KEPT_AFTER_END = timedelta(days=365)

PERSONAL = ("name", "function", "email", "telephone")
#: Stands where it was said how a consent was given, which may name the person.
ERASED = "–"


@transaction.atomic
def record_contact(
    organisation: Organisation,
    *,
    name: str,
    valid_from: date,
    by: User,
    function: str = "",
    email: str = "",
    telephone: str = "",
    language: str = "en",
    consent_on: date | None = None,
    consent_source: str = "",
) -> Contact:
    """Record whom to write to, from a day on. Raises Merged, DayToCome (a consent is given today or was)."""
    organisation = lock_organisation(organisation.pk)
    _refuse_day_to_come(consent_on)
    return Contact.objects.create(
        organisation=organisation,
        name=name,
        function=function,
        email=email,
        telephone=telephone,
        language=language,
        valid_from=valid_from,
        consent_on=consent_on,
        consent_source=consent_source if consent_on else "",
        recorded_by=by,
    )


@transaction.atomic
def change_contact(contact: Contact, *, seen: int, by: User, **changes: Any) -> Contact:
    """Change the name, function, addresses, language or first day. No earlier version is kept; `seen` is the version
    that the change was made from.

    Raises ContactErased, ChangedMeanwhile, EndsBeforeItBegins.
    """
    stored = _lock(contact)
    if stored.version != seen:
        raise ChangedMeanwhile(_("A colleague changed this contact meanwhile. Open the page again."))
    for name, value in changes.items():
        setattr(stored, name, value)
    _refuse_backwards(stored.valid_from, stored.valid_to)
    return _store(stored)


@transaction.atomic
def end_contact(contact: Contact, *, on: date, by: User) -> Contact:
    """Record until when somebody is the contact. Raises ContactErased, AlreadyEnded, EndsBeforeItBegins."""
    stored = _lock(contact)
    if stored.valid_to is not None:
        raise AlreadyEnded(_("The contact ended on %(day)s.") % {"day": stored.valid_to})
    _refuse_backwards(stored.valid_from, on)
    stored.valid_to = on
    return _store(stored)


@transaction.atomic
def record_consent(contact: Contact, *, on: date, source: str, by: User) -> Contact:
    """Record that the person consented, and how. A later consent takes the place of an earlier one.

    Raises ContactErased, DayToCome.
    """
    stored = _lock(contact)
    _refuse_day_to_come(on)
    stored.consent_on, stored.consent_source = on, source
    return _store(stored)


@transaction.atomic
def withdraw_consent(contact: Contact, *, on: date, by: User) -> Contact:
    """Record that the person withdrew their consent: name, function and addresses are erased at once.

    Raises ContactErased, DayToCome.
    """
    stored = _lock(contact)
    _refuse_day_to_come(on)
    stored.consent_withdrawn_on = on
    if stored.valid_to is None:
        stored.valid_to = max(on, stored.valid_from)
    return _erase(stored, timezone.now())


def erase_contacts(now: datetime) -> int:
    """Erase the contacts that ended a year ago or more; returns how many. One transaction each."""
    day = day_of(now) - KEPT_AFTER_END
    due = Contact.objects.filter(valid_to__lte=day, erased_at=None)
    count = 0
    for pk in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            stored = due.select_for_update(of=("self",)).filter(pk=pk).first()
            if stored:
                _erase(stored, now)
                count += 1
    return count


def _lock(contact: Contact) -> Contact:
    stored: Contact = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    if stored.erased_at:
        raise ContactErased(_("The contact was erased meanwhile."))
    return stored


def _store(contact: Contact) -> Contact:
    contact.version += 1
    contact.save()
    return contact


def _erase(contact: Contact, now: datetime) -> Contact:
    forget_contact(contact)
    for name in PERSONAL:
        setattr(contact, name, "")
    contact.erased_at = now
    contact.consent_source = ERASED if contact.consent_on else ""
    return _store(contact)


def _refuse_backwards(begins: date, ends: date | None) -> None:
    """A contact that ends on its first day was one for no day, which is no contradiction."""
    if ends is not None and ends < begins:
        raise EndsBeforeItBegins(_("The end must not be before the beginning, %(day)s.") % {"day": begins})


def _refuse_day_to_come(day: date | None) -> None:
    if day is not None and day > today():
        raise DayToCome(_("%(day)s is a day to come.") % {"day": day})
