"""A circular goes out, at once or at its hour, as a whole or not at all."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import translation
from django.utils.translation import gettext as _

from icoca_portal.lib.days import day_of
from icoca_portal.outbox.models import Message, State
from icoca_portal.outbox.operations import Letter, queue_messages
from members import things
from members.circulars.audiences import Addressee, Found, found
from members.circulars.composing import Composer
from members.exceptions import CircularInAnotherState
from members.models import Circular, CircularCopy, CircularRecipient, How, Notice
from members.operations.circulars.readiness import reason_unready
from members.operations.circulars.sealing import seal
from members.operations.circulars.shared import AT_ONCE, enclose_files, lock, refuse_released, require, store

logger = logging.getLogger(__name__)

#: So often a number is taken anew that another worker took first.
ATTEMPTS = 3


class HeldBack(Exception):
    """The circular cannot go out now; the sentence says why."""


def release_circular(circular: Circular, *, now: datetime) -> Circular:
    """Send an approved circular whose hour has come: everything in one transaction, or nothing.

    The audience is asked anew. Whoever no mail can reach is left out and named in the record. Where the circular cannot
    go out (nobody is addressed, a merge field has nothing to say to somebody) it stays queued, with the reason in
    `held_why`. Raises CircularInAnotherState when it is not approved, was released already, or its hour is to come.
    """
    try:
        return release_anew(circular, now)
    except HeldBack as held:
        return _hold_back(circular, str(held))


def release_anew(circular: Circular, now: datetime) -> Circular:
    """`_release` in a transaction of its own, which is taken back as a whole where it fails. Raises HeldBack."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                return _release(lock(circular), now)
        except IntegrityError:
            # Another worker took the first number of the year at the same moment.
            if attempt == ATTEMPTS:
                raise
    raise AssertionError


def _release(circular: Circular, now: datetime) -> Circular:
    require(circular, Circular.State.QUEUED)
    refuse_released(circular)
    if circular.send_at is not None and circular.send_at > now:
        raise CircularInAnotherState(_("The hour of this circular is still to come."))
    named = found(circular, now)
    _give_number(circular, now)
    circular.released_at, circular.held_why = now, ""
    composer = Composer(circular, now=now)
    reason = reason_unready(circular, composer, named)
    if reason:
        raise HeldBack(reason)
    composer.enclosure = enclose_files(circular)
    copied = list(composer.enclosure.files.all()) if composer.enclosure else []
    try:
        _put_into_the_outbox(circular, composer, named, now)
    except BaseException:
        # The rows are taken back by the transaction; the copies of files are not.
        for file in copied:
            file.file.delete(save=False)
        raise
    return circular


def _put_into_the_outbox(circular: Circular, composer: Composer, named: Found, now: datetime) -> None:
    store(circular, "year", "number", "correction", "released_at", "held_why")
    for start in range(0, len(named.addressees), AT_ONCE):
        _queue_copies(circular, composer, named.addressees[start : start + AT_ONCE], now)
    seal(circular, composer, named, now)
    logger.info("Circular %s released to %d recipients", circular.reference, len(named.addressees))


def _queue_copies(circular: Circular, composer: Composer, addressees: Sequence[Addressee], now: datetime) -> None:
    """Freeze these recipients, and queue the first copy of each."""
    recipients = CircularRecipient.objects.bulk_create(
        CircularRecipient(
            circular=circular,
            user=each.user,
            organisation=each.organisation,
            name=each.name[:200],
            email=each.email,
            role=each.role,
            language=composer.language_for(each),
        )
        for each in addressees
    )
    keys = [f"circular:{circular.pk}:{recipient.pk}:1" for recipient in recipients]
    letters = [composer.letter(each, key=key) for each, key in zip(addressees, keys, strict=True)]
    messages = queue_messages(letters)
    CircularCopy.objects.bulk_create(
        CircularCopy(recipient=recipient, message_id=messages[key])
        for recipient, key in zip(recipients, keys, strict=True)
    )
    _note_on_desks(circular, addressees, letters, now)


def _hold_back(circular: Circular, reason: str) -> Circular:
    with transaction.atomic():
        stored = lock(circular)
        if stored.state == Circular.State.QUEUED and stored.released_at is None:
            stored.held_why = reason[:500]
            store(stored, "held_why")
            logger.warning("Circular %d is held back: %s", stored.pk, reason)
        return stored


def _give_number(circular: Circular, now: datetime) -> None:
    """The next number of the year (Geneva), or the next correction of the circular that it corrects: without gaps, for
    a number that is given is kept in the same transaction. The first circular of the year, locked, makes workers wait
    for each other; the constraint refuses the second of two first ones, which then tries again."""
    if circular.corrects_id is not None:
        original = Circular.objects.select_for_update().get(pk=circular.corrects_id)
        last = Circular.objects.filter(corrects=original).aggregate(last=Max("correction"))["last"]
        circular.year, circular.number, circular.correction = original.year, original.number, (last or 0) + 1
        return
    circular.year = day_of(now).year
    of_year = Circular.objects.filter(year=circular.year, correction=0)
    of_year.select_for_update().filter(number=1).first()
    circular.number = (of_year.aggregate(last=Max("number"))["last"] or 0) + 1


def _note_on_desks(
    circular: Circular, addressees: Sequence[Addressee], letters: Sequence[Letter], now: datetime
) -> None:
    """The circular stands on the desk of everybody addressed who has an account."""
    address = circular.get_absolute_url()
    notices = []
    for addressee, letter in zip(addressees, letters, strict=True):
        if addressee.user is not None:
            with translation.override(letter.language):
                title = f"{circular.symbol}: {letter.subject}"
            notices.append(
                Notice(
                    user=addressee.user,
                    kind="circular",
                    key=f"circular:{circular.pk}",
                    about=things.reference_of("circular", circular.pk),
                    title=title[:400],
                    address=address,
                    happened_at=now,
                    how=How.DESK,
                )
            )
    Notice.objects.bulk_create(notices, ignore_conflicts=True)


# By the clock


def release_due_circulars(now: datetime) -> None:
    """Release what is approved and whose hour (aware) has come, each on its own. What is held back waits for somebody:
    an hour later nobody expects it any more."""
    due = Circular.objects.filter(state=Circular.State.QUEUED, released_at=None, held_why="").exclude(send_at__gt=now)
    for circular in due.order_by("send_at", "pk"):
        try:
            release_circular(circular, now=now)
        except CircularInAnotherState:
            continue  # another worker, or a colleague, was faster
        except Exception:  # one that cannot be composed keeps no other from its hour
            logger.exception("Circular %d was not released", circular.pk)


def finish_circulars(now: datetime) -> None:
    """Note as sent the circulars of which no copy waits any more. A copy of which nobody knows whether it was sent
    waits for a person, not for the queue."""
    for circular in Circular.objects.filter(state=Circular.State.QUEUED).exclude(released_at=None).order_by("pk"):
        waiting = Message.objects.filter(circular_copy__recipient__circular=circular)
        queued = waiting.filter(state=State.QUEUED)
        sending = waiting.filter(state=State.SENDING).exclude(pk__in=Message.objects.uncertain(now).values("pk"))
        if queued.exists() or sending.exists():
            continue
        Circular.objects.filter(pk=circular.pk, state=Circular.State.QUEUED).update(
            state=Circular.State.SENT, sent_at=now, version=F("version") + 1
        )
