"""Copies are sent again, to a mended address too; and what becomes of the log of a contact that is erased."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from icoca_portal.outbox.models import Message, State
from icoca_portal.outbox.operations import Letter, queue_messages
from members.circulars.audiences import CONTACT, NOWHERE, is_usable
from members.exceptions import CircularAddressUnusable, CircularInAnotherState, ContactErased, CopyOnItsWay
from members.models import Circular, CircularCopy, CircularRecipient, Contact, User
from members.operations.circulars.shared import AT_ONCE, lock_released
from members.operations.people import change_address


@transaction.atomic
def resend_copy(
    recipient: CircularRecipient, *, by: User, email: str | None = None, also_account: bool = False
) -> CircularCopy:
    """Send a recipient the same version again, as a message of its own; to another address where one is given.

    The address of the recipient's account stays unless that is asked for (`also_account`). A copy before that waited
    for a decision is settled. Raises CircularInAnotherState, CircularAddressUnusable, AddressTaken, ContactErased, and
    CopyOnItsWay while the copy before is queued or being sent.
    """
    circular = lock_released(recipient.circular)
    stored = CircularRecipient.objects.select_for_update(of=("self",)).select_related("user").get(pk=recipient.pk)
    address = (email or "").strip()
    if address and not is_usable(address):
        raise CircularAddressUnusable(_("“%(address)s” is not an e-mail address.") % {"address": address})
    if stored.email.endswith(f"@{NOWHERE}"):
        raise ContactErased(_("The contact was erased meanwhile."))
    last = stored.copies.select_related("message").order_by("-number").first()
    if last is None:
        raise CircularInAnotherState(_("This recipient has no copy yet."))
    if address and also_account and stored.user is not None:
        change_address(stored.user, email=address, by=by)
    now = timezone.now()
    if _is_on_its_way(last.message, now):
        raise CopyOnItsWay(_("The copy before is on its way. Wait until it is sent or has failed."))
    return _copy_again(circular, [last], {last.pk: address or last.message.recipient}, by, now)[0]


@transaction.atomic
def resend_failed(circular: Circular, *, by: User) -> int:
    """Send the circular again to everybody whose last copy failed or was returned, and was not settled; returns to how
    many. Uncertain ones are left: of those somebody decides, one by one. Raises CircularInAnotherState."""
    stored = lock_released(circular)
    failed = list(
        latest_copies(stored)
        .filter(message__state__in=[State.FAILED, State.RETURNED], message__settled_at=None)
        .select_related("message")
        .order_by("pk")
    )
    _copy_again(stored, failed, {copy.pk: copy.message.recipient for copy in failed}, by, timezone.now())
    return len(failed)


def latest_copies(circular: Circular) -> Any:
    """Of each recipient the copy that was queued last."""
    later = CircularCopy.objects.filter(recipient=OuterRef("recipient"), number__gt=OuterRef("number"))
    return CircularCopy.objects.filter(recipient__circular=circular).exclude(Exists(later))


def _copy_again(
    circular: Circular, copies: Sequence[CircularCopy], addresses: Mapping[int, str], by: User, now: datetime
) -> list[CircularCopy]:
    """The same message for each of these copies, with a Message-ID of its own; what it replaces is settled."""
    letters = []
    for copy in copies:
        before = copy.message
        letters.append(
            Letter(
                key=f"circular:{circular.pk}:{copy.recipient_id}:{copy.number + 1}",
                to=addresses[copy.pk],
                name=before.recipient_name,
                subject=before.subject,
                text=before.text,
                language=before.language,
                html=before.html,
                reply_to=before.reply_to,
                thread=before.thread,
                enclosure=before.enclosure,
            )
        )
    messages = queue_messages(letters)
    made = CircularCopy.objects.bulk_create(
        CircularCopy(
            recipient_id=copy.recipient_id, number=copy.number + 1, message_id=messages[letter.key], queued_by=by
        )
        for copy, letter in zip(copies, letters, strict=True)
    )
    _settle([copy.message for copy in copies], by, now)
    return made


def _settle(messages: Iterable[Message], by: User, now: datetime) -> None:
    """Another copy has taken the place of these: they wait for nobody's decision any more."""
    stuck = [message.pk for message in messages if message.settled_at is None and not _is_done(message)]
    for start in range(0, len(stuck), AT_ONCE):
        Message.objects.filter(
            pk__in=stuck[start : start + AT_ONCE],
            settled_at=None,
            state__in=[State.FAILED, State.RETURNED, State.SENDING],
        ).update(settled_at=now, settled_by=by.get_username())


def _is_done(message: Message) -> bool:
    return message.state in (State.SENT, State.QUEUED)


def _is_on_its_way(message: Message, now: datetime) -> bool:
    return message.state == State.QUEUED or (message.state == State.SENDING and not message.is_uncertain_at(now))


# Reading


def note_circular_opened(circular: Circular, *, by: User) -> None:
    """Note that a person opened the circular on the portal: the first time counts, and only of those addressed."""
    CircularRecipient.objects.filter(circular=circular, user=by, opened_at=None).update(opened_at=timezone.now())


# Forgetting


def forget_contact(contact: Contact) -> None:
    """Take a contact that is being erased out of what was sent to it: name, address and words. That its organisation
    was written to, when, and what became of it stays. A copy that waits is not sent any more. Inside a transaction.
    """
    if not contact.email:
        return
    rows = CircularRecipient.objects.filter(
        user=None, organisation=contact.organisation_id, role=CONTACT, email__iexact=contact.email
    )
    recipients = list(rows.select_for_update(of=("self",)))
    if not recipients:
        return
    now = timezone.now()
    messages = Message.objects.filter(circular_copy__recipient__in=recipients)
    messages.filter(state=State.QUEUED).update(state=State.FAILED, settled_at=now)
    messages.update(recipient=f"erased@{NOWHERE}", recipient_name="", text="", html="", last_error="", returned_why="")
    for recipient in recipients:
        recipient.name, recipient.email = "", f"erased.{recipient.pk}@{NOWHERE}"
    CircularRecipient.objects.bulk_update(recipients, ["name", "email"])
