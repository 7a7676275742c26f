"""Sending: once, in order, with back-off, and without a second copy when the outcome is not known."""

import smtplib
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import transaction

from icoca_portal.outbox import operations
from icoca_portal.outbox.models import Message

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def raising(error):
    """Something that raises whatever it is called with."""

    def act(*_arguments):
        raise error

    return act


def later(**by):
    """A moment after the rows of this test were queued."""
    return datetime.now(UTC) + timedelta(**by)


def test_a_message_goes_out_as_it_was_queued(queue, server, settings):
    settings.DEFAULT_FROM_EMAIL = "Working Group <group@portal.example>"
    row = queue(1, language="fr")
    sent = operations.send_next()
    assert (sent.pk, sent.state, sent.attempts) == (row.pk, "sent", 1)
    written = mail.outbox[0].message()
    assert written["Message-ID"] == row.message_id
    assert written["Auto-Submitted"] == "auto-generated"
    assert written["Content-Language"] == "fr"
    assert written["To"] == "Sample Delegate 1 <delegate.1@sample.example>"
    assert written["From"] == "Working Group <group@portal.example>"
    assert written.get_payload(0).get_payload().startswith("Text of message 1.\n")
    row.refresh_from_db()
    assert row.state == "sent"
    assert row.sent_at is not None


def test_the_longest_waiting_goes_first_and_an_empty_queue_sends_nothing(queue, server):
    queue(1), queue(2)
    assert [operations.send_next().key, operations.send_next().key] == ["sample:1", "sample:2"]
    assert operations.send_next() is None


def test_the_row_is_marked_before_the_server_is_spoken_to(queue, server):
    seen = []
    server.on_send = lambda _email: seen.append(Message.objects.get().state)
    queue(1)
    operations.send_next()
    assert seen == ["sending"]


def test_a_server_that_cannot_be_reached_is_tried_again_with_growing_pauses(queue, server):
    server.on_open = raising(ConnectionRefusedError("no server"))
    row = queue(1)
    now = later()
    pauses = []
    while True:
        assert operations.send_next(now) is not None
        row.refresh_from_db()
        if row.state == "failed":
            break
        assert operations.send_next(row.next_attempt_at - timedelta(seconds=1)) is None
        pauses.append(row.next_attempt_at - now)
        now = row.next_attempt_at
    assert [pause // MINUTE for pause in pauses] == [1, 5, 15, 60, 180, 720]
    assert row.attempts == 7
    assert "no server" in row.last_error
    assert operations.send_next(now + timedelta(days=30)) is None


def test_a_server_that_comes_back_gets_the_message(queue, server):
    server.on_open = raising(ConnectionRefusedError("no server"))
    row = queue(1)
    operations.send_next()
    server.on_open = None
    assert operations.send_next(later(minutes=2)).pk == row.pk
    row.refresh_from_db()
    assert (row.state, row.attempts, row.last_error) == ("sent", 2, "")


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"a@b.example": (550, b"no such user")}), "failed"),
        (smtplib.SMTPRecipientsRefused({"a@b.example": (450, b"mailbox busy")}), "queued"),
        (smtplib.SMTPDataError(554, b"not wanted"), "failed"),
        (smtplib.SMTPDataError(451, b"try later"), "queued"),
        (smtplib.SMTPSenderRefused(550, b"who are you", "x@y.example"), "queued"),
        (smtplib.SMTPNotSupportedError("no SMTPUTF8"), "failed"),
        (ValueError("cannot be written"), "failed"),
        (TimeoutError("silence after the last line"), "sending"),
        (smtplib.SMTPServerDisconnected("cut"), "sending"),
        (RuntimeError("a backend's own fault"), "sending"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{type(value).__name__} {value}",
)
def test_what_an_answer_of_the_server_means(queue, server, error, state):
    server.on_send = raising(error)
    row = queue(1)
    operations.send_next()
    row.refresh_from_db()
    assert row.state == state
    assert type(error).__name__ in row.last_error


def test_a_cut_line_leaves_the_message_to_a_person_at_once(queue, server):
    server.on_send = raising(smtplib.SMTPServerDisconnected("cut"))
    row = queue(1)
    operations.send_next()
    assert Message.objects.uncertain(later()).get() == row
    server.on_send = None
    assert operations.send_next(later(days=1)) is None
    assert mail.outbox == []


def test_a_bad_good_bye_does_not_undo_what_was_accepted(queue, server):
    server.on_close = raising(smtplib.SMTPResponseException(421, b"going down"))
    row = queue(1)
    operations.send_next()
    row.refresh_from_db()
    assert row.state == "sent"
    assert len(mail.outbox) == 1


def test_one_refused_recipient_does_not_hold_up_the_next(queue, server):
    def refuse_first(email):
        if "delegate.1" in email.to[0]:
            raise smtplib.SMTPRecipientsRefused({"x": (550, b"no such user")})

    server.on_send = refuse_first
    queue(1), queue(2)
    while operations.send_next():
        pass
    assert [email.subject for email in mail.outbox] == ["Sample message 2"]


def test_a_backend_that_accepts_nothing_has_not_sent(queue, settings):
    settings.EMAIL_BACKEND = "tests.outbox.test_send_next.NothingBackend"
    row = queue(1)
    operations.send_next()
    row.refresh_from_db()
    assert row.state == "queued"


class NothingBackend:
    """Says that it sent none."""

    def __init__(self, **_options):
        pass

    def open(self):
        return None

    def close(self):
        return None

    def send_messages(self, _messages):
        return 0


def test_a_confidential_text_is_erased_once_sent(queue, server):
    row = queue(1, confidential=True, text="Code 123456")
    operations.send_next()
    row.refresh_from_db()
    assert "Code 123456" in mail.outbox[0].body
    assert row.text == ""


def test_the_sample_site_keeps_the_confidential_text_and_sends_nothing(queue, settings):
    settings.SAMPLE_SITE = True
    settings.EMAIL_BACKEND = "icoca_portal.outbox.backends.KeepBackend"
    row = queue(1, confidential=True, text="Code 123456")
    operations.send_next()
    row.refresh_from_db()
    assert (row.state, row.text) == ("sent", "Code 123456")
    assert mail.outbox == []


def test_a_message_sent_after_somebody_queued_it_again_is_not_sent_twice(queue, server):
    """The worker was so slow that a person thought it dead; what it knows in the end counts."""
    row = queue(1)
    server.on_send = lambda _email: Message.objects.update(state="queued", taken_at=None)
    operations.send_next()
    row.refresh_from_db()
    assert row.state == "sent"
    assert operations.send_next() is None


def test_a_decision_made_meanwhile_stands_when_the_slow_attempt_fails(queue, server):
    row = queue(1)

    def settle_then_refuse(_email):
        Message.objects.update(settled_at=datetime.now(UTC), settled_by="secretary@sample.example")
        raise smtplib.SMTPDataError(451, b"try later")

    server.on_send = settle_then_refuse
    operations.send_next()
    row.refresh_from_db()
    assert (row.state, row.settled_by) == ("sending", "secretary@sample.example")


@pytest.mark.django_db(transaction=True)
def test_sending_inside_a_transaction_is_refused(queue, server):
    """A rollback around it would take back the mark, and the message would go out a second time."""
    queue(1)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        operations.send_next()
    assert mail.outbox == []


def test_which_rows_are_overdue_uncertain_and_wait_for_a_person(queue):
    now = datetime.now(UTC)
    waiting, fresh, lost, at_work, failed, settled = (queue(number) for number in range(6))
    rows = Message.objects
    rows.filter(pk=waiting.pk).update(next_attempt_at=now - 6 * MINUTE)
    rows.filter(pk=fresh.pk).update(next_attempt_at=now - 4 * MINUTE)
    rows.filter(pk=lost.pk).update(state="sending", taken_at=now - 11 * MINUTE)
    rows.filter(pk=at_work.pk).update(state="sending", taken_at=now - 9 * MINUTE)
    rows.filter(pk=failed.pk).update(state="failed")
    rows.filter(pk=settled.pk).update(state="failed", settled_at=now)
    assert list(rows.overdue(now)) == [waiting]
    assert list(rows.uncertain(now)) == [lost]
    assert set(rows.needs_attention(now)) == {lost, failed}
    for row in rows.all():
        assert row.is_uncertain_at(now) is (row.pk == lost.pk)
