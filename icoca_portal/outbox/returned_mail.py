"""Mail that came back to the portal's mailbox: read, matched with what was sent, and noted.

A report is believed in two cases only: it came to the return address of a message, whose signature nobody can make up
(`returning`), or it holds the Message-ID of one, which only who got it knows, and names that message's recipient.
Everything else, a person's answer above all, changes nothing and stays in the mailbox for a person.

A mail is put away after what it says has been committed. A reader that dies in between finds it again, and what is
noted already is not noted twice (`operations.record_return`).
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections

from icoca_portal.outbox import operations
from icoca_portal.outbox.mailboxes import HANDLED, UNREADABLE, Address, open_mailbox
from icoca_portal.outbox.models import Message
from icoca_portal.outbox.reports import Failure, MailUnreadable, Report, read_report
from icoca_portal.outbox.returning import message_of_return_address

logger = logging.getLogger(__name__)

#: How often the mailbox is read, and how long it is left alone after its first, second, … failure in a row.
EVERY = timedelta(minutes=5)
BACK_OFF = (timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=20), timedelta(minutes=60))
#: One reading ends after so many mails or seconds; what is left is for the next one.
MOST_MAILS, MOST_SECONDS = 200, 60.0
#: So long the worker waits for a reading, in seconds; one that takes longer goes on beside it.
PATIENCE = 3.0


class Outcome(StrEnum):
    """What became of a mail of the mailbox."""

    HANDLED = "handled"
    LEFT = "left for a person"
    UNREADABLE = "unreadable"


def read_mailbox(url: str) -> Counter[Outcome]:
    """Read what waits in the mailbox, and say how many mails came to which end.

    Must not be called inside a transaction. Raises what the mailbox or the database raises; what was read until then
    is noted. One mail that nobody can read keeps no other from being read.
    """
    counts: Counter[Outcome] = Counter()
    end = time.monotonic() + MOST_SECONDS
    with open_mailbox(Address.of(url)) as mailbox:
        for mail in mailbox.waiting(MOST_MAILS):
            outcome = _read_one(mail.key, mail.raw, mail.arrived_at)
            if outcome is Outcome.LEFT:
                mailbox.flag(mail.key)
            else:
                mailbox.put_away(mail.key, HANDLED if outcome is Outcome.HANDLED else UNREADABLE)
            counts[outcome] += 1
            if time.monotonic() > end:
                break
    return counts


def handle_mail(raw: bytes, arrived_at: datetime) -> Outcome:
    """Note what a mail says of a message of ours, if it is a report that can be believed. `arrived_at` is aware.

    May be told the same mail twice. Raises MailUnreadable.
    """
    report = read_report(raw)
    matched = _match(report) if report else None
    if matched is None:
        return Outcome.LEFT
    message, failure = matched
    if failure.is_permanent:
        operations.record_return(message, code=failure.code, why=failure.why, returned_at=arrived_at)
    else:
        operations.note_delay(message, code=failure.code, why=failure.why, noted_at=arrived_at)
    return Outcome.HANDLED


def _read_one(key: str, raw: bytes, arrived_at: datetime) -> Outcome:
    try:
        return handle_mail(raw, arrived_at)
    except (OperationalError, InterfaceError):
        raise  # the database, not the mail
    except MailUnreadable as error:
        logger.warning("Mail %s of the mailbox of returned mail cannot be read: %s", key, error)
    except Exception:  # whatever a mail made to break us brings about: the others wait behind it
        logger.exception("Mail %s of the mailbox of returned mail cannot be handled", key)
    return Outcome.UNREADABLE


def _match(report: Report) -> tuple[Message, Failure] | None:
    """The message that the report is about, and what it says of it."""
    for address in report.came_to:
        message = message_of_return_address(address)
        if message is not None:
            # Sent to another address meanwhile, it is not the copy that came back.
            if report.returned_to and message.recipient.casefold() not in report.returned_to:
                return None
            return message, _failure_of(message, report) or _gravest(report)
    for message in Message.objects.filter(message_id__in=sorted(report.message_ids)):
        if failure := _failure_of(message, report):
            return message, failure
    return None


def _failure_of(message: Message, report: Report) -> Failure | None:
    recipient = message.recipient.casefold()
    return next((failure for failure in report.failures if recipient in failure.recipients), None)


def _gravest(report: Report) -> Failure:
    """Of a mailbox that passes its mail on the report names the address behind it, which we do not know."""
    return next((failure for failure in report.failures if failure.is_permanent), report.failures[0])


class Reader:
    """Reads the mailbox by the clock, beside the worker: one that fails or is slow holds up no mail."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._next_at: datetime | None = None
        self._failures = 0

    def read_when_due(self, now: datetime) -> None:
        """The job of the clock: start a reading if one is due and none is going on."""
        if not settings.RETURN_MAILBOX_URL or (self._next_at and now < self._next_at):
            return
        if self._thread and self._thread.is_alive():
            return
        self._thread = threading.Thread(target=self._read, args=(now,), name="returned mail", daemon=True)
        self._thread.start()
        self._thread.join(PATIENCE)

    def wait(self) -> None:
        """Wait for the reading that is going on, if any, to its end."""
        if self._thread:
            self._thread.join()

    def _read(self, now: datetime) -> None:
        try:
            counts = read_mailbox(settings.RETURN_MAILBOX_URL)
        except Exception as error:  # whatever the mailbox raises: the next reading may go better
            pause = BACK_OFF[min(self._failures, len(BACK_OFF) - 1)]
            self._failures += 1
            self._next_at = now + pause
            logger.warning(
                "The mailbox of returned mail cannot be read, next attempt in %d minutes: %s: %s",
                pause.total_seconds() // 60,
                type(error).__name__,
                error,
            )
        else:
            self._failures, self._next_at = 0, now + EVERY
            if counts:
                logger.info("Returned mail: %s", describe(counts))
        finally:
            connections.close_all()


def describe(counts: Counter[Outcome]) -> str:
    """The counts as the command and the log say them."""
    return ", ".join(f"{counts[outcome]} {outcome}" for outcome in Outcome)
