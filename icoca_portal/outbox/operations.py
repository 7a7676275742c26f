"""Queue a message, send the next one, and decide on those that got stuck.

Why a row is marked "sending" and committed *before* the mail server is spoken to
--------------------------------------------------------------------------------
A worker can be killed at any point. If it dies after the server has accepted a message and before the row says so, a
queue that takes up unfinished rows by itself sends that message twice: of the ready-made queues that were tried, one
sent 10 of 12 messages twice. So no worker ever takes a row that another one has taken. A row left in "sending" is
*uncertain*: it shows in the admin, on its front page too, and a person who can ask the recipient decides whether to
send it again (``retry_message``) or to leave it (``settle_message``). At most one message is uncertain for each worker
killed; all others go out exactly once, and none is lost without a word.

The same holds when the line is cut while a message is being passed on: whether the server accepted it is not known.
Everything that fails before (no connection, a line cut before the text: `backends.RelayBackend`) or that the server
refuses in so many words has not been sent, and is tried again by itself.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connections, router, transaction
from django.utils import timezone

from icoca_portal.lib.prepared import PreparedInsert
from icoca_portal.lib.richtext import one_line
from icoca_portal.outbox import providers
from icoca_portal.outbox.emails import compose_message, is_web_address, new_message_id
from icoca_portal.outbox.enclosing import enclose as enclose
from icoca_portal.outbox.exceptions import AddressUnusable, MessageErased, MessageNotStuck
from icoca_portal.outbox.lines import Line
from icoca_portal.outbox.models import Enclosure, Message, State, Tick

logger = logging.getLogger(__name__)

#: How long a message waits after its first, second, … failed attempt. After the last of these it has failed.
BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=12),
)


@transaction.atomic
def queue_message(
    *,
    key: str,
    to: str,
    name: str = "",
    subject: str,
    text: str,
    language: str = "",
    confidential: bool = False,
    **more: Any,
) -> Message:
    """Queue one message to one recipient, and return its row. A key that is known already returns the row it made.

    Call it inside the transaction of the change that causes the message: both are stored, or neither. `key` names the
    event and the recipient (``response.submitted:17:2:focal.ch@sample.example``, at most 255 characters). Line breaks
    in `subject` and `name` become spaces, so that neither can add a header. `confidential` is for texts that open an
    account (a sign-in code, an invitation) or stay in a delegation: the log does not show them, and they are erased
    once sent. `more` are the other fields of a `Letter`.

    Raises AddressUnusable.
    """
    letter = Letter(key, to, name, subject, text, language, confidential, **more)
    message, _created = Message.objects.get_or_create(key=key, defaults=letter.fields(timezone.now()))
    return message


@dataclass(frozen=True)
class Letter:
    """What `queue_message` is told of one message, for `queue_messages`.

    `html` is the text with its form, already cleaned (`lib.richtext`); without it the mail is made from `text`.
    `thread` names the thing that it is about, so that mail programs keep the messages about it together. `unsubscribe`
    is the address that ends such messages, for those that are optional. `not_before` (aware) is when it may be sent;
    default: now.

    Raises ValueError for an `unsubscribe` that is no address of a page: nobody types one.
    """

    key: str
    to: str
    name: str
    subject: str
    text: str
    language: str = ""
    confidential: bool = False
    html: str = ""
    reply_to: str = ""
    thread: str = ""
    unsubscribe: str = ""
    enclosure: Enclosure | None = None
    not_before: datetime | None = None

    def fields(self, now: datetime) -> dict[str, Any]:
        """The columns of its row besides the key. Raises AddressUnusable."""
        if self.unsubscribe and not is_web_address(self.unsubscribe):
            raise ValueError(f"not an address of a page: {self.unsubscribe!r}")
        return {
            "recipient": _usable(self.to),
            "recipient_name": one_line(self.name)[:200],
            "subject": one_line(self.subject)[:400],
            "text": self.text,
            "language": self.language,
            "confidential": self.confidential,
            "html": self.html,
            "reply_to": _usable(self.reply_to) if self.reply_to else "",
            "thread": one_line(self.thread)[:80],
            "unsubscribe": self.unsubscribe,
            "enclosure": self.enclosure,
            "message_id": new_message_id(),
            "queued_at": now,
            "next_attempt_at": self.not_before or now,
        }


def queue_messages(letters: Iterable[Letter]) -> dict[str, int]:
    """Queue many messages as `queue_message` does one, in one statement; keys that are known already stay as they are.

    Returns the primary keys of the new ones by their keys. Call it inside the transaction of the change that causes
    them. Raises AddressUnusable, and then queues none.
    """
    now = timezone.now()
    rows = [Message(key=letter.key, **letter.fields(now)) for letter in letters]
    return dict(_NEW_MESSAGES.store(rows, giving=("key", "id")))


_NEW_MESSAGES = PreparedInsert(Message, known_stay=True)


@transaction.atomic
def withdraw_messages(messages: Iterable[int]) -> set[int]:
    """Take messages (primary keys) back that wait and that no worker ever took; returns which. They leave no trace."""
    waiting = Message.objects.filter(pk__in=set(messages), state=State.QUEUED, attempts=0)
    found = set(waiting.select_for_update().values_list("pk", flat=True))
    waiting.filter(pk__in=found).delete()
    return found


@transaction.atomic
def retry_message(message: Message, *, by: Any, to: str | None = None) -> Message:
    """Put a failed, returned or uncertain message back into the queue, to be sent at once, with its own Message-ID.

    For an uncertain message this is the decision to risk a second copy. `to` is the address that it goes to from now
    on; default: where it went before. What was noted of its return is cleared: that was the former copy's.

    Raises MessageNotStuck; MessageErased if its text was for the recipient alone and went with the first copy;
    AddressUnusable.
    """
    now = timezone.now()
    message = _lock_stuck(message, now)
    if message.confidential and not message.text:
        raise MessageErased
    if to is not None:
        message.recipient = _usable(to)
    message.state = State.QUEUED
    message.attempts = 0
    message.next_attempt_at = now
    message.taken_at = message.settled_at = message.sent_at = message.returned_at = None
    message.last_error = message.settled_by = message.provider_id = message.returned_code = message.returned_why = ""
    message.retried_at, message.retried_by = now, by.get_username()
    message.save()
    return message


@transaction.atomic
def settle_message(message: Message, *, by: Any) -> Message:
    """Leave a failed, returned or uncertain message as it is: it stays in the log and no longer waits for a decision.

    Raises MessageNotStuck, also when somebody has settled it before.
    """
    now = timezone.now()
    message = _lock_stuck(message, now)
    if message.settled_at:
        raise MessageNotStuck
    message.settled_at, message.settled_by = now, by.get_username()
    message.save(update_fields=["settled_at", "settled_by"])
    return message


@transaction.atomic
def record_return(message: Message, *, code: str, why: str, returned_at: datetime) -> Message:
    """Note that a message which a server had accepted came back for good, and return the row as it is then.

    `code` is that of RFC 3463 ("5.1.1") or empty; `why` the server's words; `returned_at` (aware) when the report
    reached us. A report shows that the message had been accepted, so an uncertain one is known by it. Nothing changes
    when the return is noted already, when the message never went out or waits to go out anew, or when the report is
    older than the decision to send it again: then it speaks of the former copy. Safe to be told twice.
    """
    message = Message.objects.select_for_update().get(pk=message.pk)
    if not _is_out(message, returned_at):
        return message
    message.sent_at = message.sent_at or message.taken_at
    message.state, message.returned_at = State.RETURNED, returned_at
    message.returned_code, message.returned_why = code[:20], why[:2000]
    message.settled_at, message.settled_by, message.last_error = None, "", ""
    _erase_confidential(message)
    message.save()
    logger.warning("Mail %s was returned: %s", message.pk, code or "without a code")
    return message


@transaction.atomic
def note_delay(message: Message, *, code: str, why: str, noted_at: datetime) -> Message:
    """Note that a server has accepted a message and could not pass it on yet; it goes on trying, and so it stays sent.

    The arguments are those of `record_return`; an uncertain message is known to be sent by it.
    """
    message = Message.objects.select_for_update().get(pk=message.pk)
    if not _is_out(message, noted_at) or (message.state == State.SENDING and not message.is_uncertain_at(noted_at)):
        return message
    message.sent_at, message.state = message.sent_at or message.taken_at, State.SENT
    message.last_error = f"Delayed {code}: {why}".strip(": ")[:2000]
    message.settled_at, message.settled_by = None, ""
    _erase_confidential(message)
    message.save()
    return message


@transaction.atomic
def record_refusal(message: Message, *, why: str, refused_at: datetime) -> Message:
    """Note that the provider took a message and then did not send it (a blocked address): it has failed.

    `why` is the provider's words, `refused_at` (aware) when it said so. Nothing changes where `record_return` would
    change nothing.
    """
    message = Message.objects.select_for_update().get(pk=message.pk)
    if not _is_out(message, refused_at):
        return message
    message.state, message.sent_at, message.last_error = State.FAILED, None, f"Refused: {why}"[:2000]
    message.settled_at, message.settled_by = None, ""
    message.save()
    logger.error("Mail %s was refused by the provider: %s", message.pk, message.last_error)
    return message


def note_tick(now: datetime | None = None) -> None:
    """Note that the clock has run at `now` (aware; default: the present moment)."""
    Tick.objects.update_or_create(only=True, defaults={"ticked_at": now or timezone.now()})


def send_next(now: datetime | None = None, *, line: Line | None = None) -> Message | None:
    """Take one due message, send it, and return its row with the outcome; None when nothing is due.

    Must not be called inside a transaction: the row is committed as "sending" before the mail server is spoken to (see
    the top of this file). `now` (aware) stands for the present moment. `line` is kept open for the messages after it;
    without one the message has a line of its own. Several workers may run at once. A mail that cannot be sent raises
    nothing: the row, the log and the back-off tell. Errors of the database are the caller's.
    """
    message = _take_due(now or timezone.now())
    if message is None:
        return None
    if line is not None:
        _hand_over(message, line, now)
    else:
        with Line() as own:
            _hand_over(message, own, now)
    return message


def _hand_over(message: Message, line: Line, now: datetime | None) -> None:
    """Hand a message that is ours to the mail server, and write down how that ended."""
    try:
        email = compose_message(message)
    except ValueError as error:  # it cannot be written as a mail, today or tomorrow
        _fail(message, error)
        return
    except Exception as error:  # a file that the storage does not give
        _postpone(message, error, now)
        return
    try:
        line.open()
    except Exception as error:  # whatever the backend raises: nothing has been handed over
        _postpone(message, error, now)
        return
    try:
        line.send(email)
    except Exception as error:  # whatever the backend raises: the worker goes on with the next message
        line.close()
        if _is_final(error):
            _fail(message, error)
        elif _is_refusal(error):
            _postpone(message, error, now)
        else:
            _leave_uncertain(message, error)
    else:
        _record_sent(message, email, now)


def _take_due(now: datetime) -> Message | None:
    """Mark the message that has waited longest as being sent by us, and commit that."""
    using = router.db_for_write(Message)
    due = Message.objects.using(using).due_at(now)
    if connections[using].features.has_select_for_update_skip_locked:
        with transaction.atomic(using=using, durable=True):
            message = due.select_for_update(skip_locked=True).first()
            if message is not None:
                _mark_taken(message, now)
            return message
    # Reading outside of the transaction keeps an idle worker from taking SQLite's only write lock every second; the
    # state in the condition of the update decides which of two workers has the message.
    while (message := due.first()) is not None:
        with transaction.atomic(using=using, durable=True):
            if _mark_taken(message, now):
                return message
    return None


def _mark_taken(message: Message, now: datetime) -> bool:
    """Whether the row was still queued, and is ours now."""
    message.state, message.taken_at, message.attempts = State.SENDING, now, message.attempts + 1
    message.last_error = ""
    return bool(
        Message.objects.filter(pk=message.pk, state=State.QUEUED, next_attempt_at=message.next_attempt_at).update(
            state=message.state, taken_at=message.taken_at, attempts=message.attempts, last_error=""
        )
    )


def _is_final(error: Exception) -> bool:
    """Whether the next attempt would meet the same answer.

    That is a 5xx to the recipient or to the message itself (RFC 5321, 4.2.1), or a message that cannot be written as a
    mail. A 5xx to the sender or to the sign-in is a fault of the set-up, which somebody will mend: those wait.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _reply in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= 500
    if providers.is_final(error):
        return True
    return isinstance(error, ValueError | smtplib.SMTPNotSupportedError)


def _is_refusal(error: Exception) -> bool:
    """Whether it is certain that the server has not accepted the message: it said so, or the backend did."""
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return False
    return isinstance(error, smtplib.SMTPException) or providers.is_refusal(error)


def _record_sent(message: Message, email: EmailMessage, now: datetime | None) -> None:
    """Even if somebody put the row back into the queue meanwhile: it *was* sent, and must not be sent again.

    One that has come back before we could note that it went keeps what is known of its return.
    """
    message.state, message.sent_at = State.SENT, now or timezone.now()
    message.provider_id = providers.number_of(email)
    changes: dict[str, Any] = {"state": message.state, "sent_at": message.sent_at, "last_error": ""}
    changes |= {"settled_at": None, "settled_by": "", "provider_id": message.provider_id}
    _erase_confidential(message)
    if message.confidential:
        changes |= {"text": message.text, "html": message.html}
    Message.objects.filter(pk=message.pk).exclude(state=State.RETURNED).update(**changes)
    logger.info("Mail %s sent", message.pk)


def _erase_confidential(message: Message) -> None:
    """A text for the recipient alone is not kept once it is out; the sample site shows it, as nothing leaves there."""
    if message.confidential and not settings.SAMPLE_SITE:
        message.text = message.html = ""


def _postpone(message: Message, error: Exception, now: datetime | None) -> None:
    """Back into the queue for later, or failed after the last attempt."""
    if message.attempts > len(BACK_OFF):
        _fail(message, error)
        return
    message.next_attempt_at = (now or timezone.now()) + BACK_OFF[message.attempts - 1]
    _record(message, State.QUEUED, error)
    logger.warning("Mail %s not sent, next attempt at %s: %s", message.pk, message.next_attempt_at, message.last_error)


def _fail(message: Message, error: Exception) -> None:
    _record(message, State.FAILED, error)
    logger.error("Mail %s failed: %s", message.pk, message.last_error)


def _leave_uncertain(message: Message, error: Exception) -> None:
    _record(message, State.SENDING, error)
    logger.error("Mail %s is uncertain, somebody has to decide: %s", message.pk, message.last_error)


def _record(message: Message, state: State, error: Exception) -> None:
    """Write how the attempt ended, unless somebody decided on the row meanwhile."""
    message.state, message.last_error = state, f"{type(error).__name__}: {error}"[:2000]
    Message.objects.filter(pk=message.pk, state=State.SENDING, taken_at=message.taken_at, settled_at=None).update(
        state=state, last_error=message.last_error, next_attempt_at=message.next_attempt_at
    )


def _lock_stuck(message: Message, now: datetime) -> Message:
    """The row, locked and fresh, if it waits for a person. Raises MessageNotStuck."""
    message = Message.objects.select_for_update().get(pk=message.pk)
    if message.state not in {State.FAILED, State.RETURNED} and not message.is_uncertain_at(now):
        raise MessageNotStuck
    return message


def _is_out(message: Message, told_at: datetime) -> bool:
    """Whether a report that came at `told_at` can be about the copy of this message that is out."""
    if message.state not in {State.SENT, State.SENDING}:
        return False
    return message.retried_at is None or told_at >= message.retried_at


def _usable(address: str) -> str:
    """The address, if it can stand in a mail header. Raises AddressUnusable."""
    if (
        address.count("@") != 1
        or address.startswith("@")
        or address.endswith("@")
        or not address.isprintable()
        or " " in address
    ):
        raise AddressUnusable
    return address
