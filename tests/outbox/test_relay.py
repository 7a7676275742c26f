"""A real mail server that errs at every moment of the conversation: what becomes of the message."""

import io
import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from icoca_portal.outbox import lines, operations
from icoca_portal.outbox.models import Message
from tests.mail_server import CUT

pytestmark = pytest.mark.django_db


def attempt(queue, **changes):
    """Queue one message, try it once, and return its row as it stands."""
    row = queue(1, **changes)
    assert operations.send_next() is not None
    row.refresh_from_db()
    return row


def test_a_server_that_accepts_has_the_message_once(queue, relay):
    row = attempt(queue)
    assert row.state == "sent"
    assert [each.message_id for each in relay.accepted] == [row.message_id]
    assert relay.accepted[0].to == "delegate.1@sample.example"
    assert relay.accepted[0].mail["Subject"] == "Sample message 1"


@pytest.mark.parametrize(
    ("moment", "reply"),
    [
        ("connect", "421 4.3.2 Going down"),
        ("connect", "554 5.7.1 You are not welcome"),
        ("connect", "HTTP/1.1 400 This is no mail server"),
        ("connect", CUT),
        ("EHLO", "421 4.3.2 Going down"),
        ("MAIL", "451 4.7.1 Greylisted"),
        ("MAIL", "550 5.7.1 Sender unknown"),
        ("MAIL", CUT),
        ("RCPT", "450 4.2.1 Mailbox busy"),
        ("RCPT", "421 4.7.0 Too many"),
        ("RCPT", CUT),
        ("DATA", "451 4.3.0 Try later"),
        ("DATA", CUT),
        ("content", "452 4.3.1 Disk full"),
    ],
)
def test_what_was_surely_not_accepted_goes_out_later(queue, relay, moment, reply):
    """A temporary answer, a fault of the set-up, or a line that is cut before the text was passed on."""
    relay.answer(moment, reply)
    row = attempt(queue)
    assert (row.state, row.attempts, relay.accepted) == ("queued", 1, [])
    assert row.next_attempt_at > timezone.now()
    assert row.last_error
    if reply != CUT and reply[:3].isdigit():
        assert reply[4:] in row.last_error
    relay.behave()
    operations.send_next(timezone.now() + timedelta(minutes=2))
    row.refresh_from_db()
    assert (row.state, row.attempts, row.last_error) == ("sent", 2, "")
    assert relay.copies() == {row.message_id: 1}


@pytest.mark.parametrize(
    ("moment", "reply"),
    [
        ("RCPT", "550 5.1.1 No such mailbox here"),
        ("RCPT", "553 5.1.3 Bad address"),
        ("DATA", "554 5.6.0 No"),
        ("content", "552 5.3.4 Too big"),
    ],
)
def test_a_final_no_fails_at_once_with_the_servers_words(queue, relay, moment, reply):
    relay.answer(moment, reply)
    row = attempt(queue)
    assert (row.state, row.sent_at, relay.accepted) == ("failed", None, [])
    assert reply[4:] in row.last_error
    assert operations.send_next(timezone.now() + timedelta(days=3)) is None


@pytest.mark.parametrize("fault", [{"reply": CUT}, {"wait": 1.2}], ids=["cut", "slow"])
def test_accepted_without_an_answer_is_uncertain_and_never_sent_again_by_itself(queue, relay, settings, fault):
    settings.EMAIL_TIMEOUT = 0.4
    relay.answer("content", **fault)
    row = attempt(queue)
    assert (row.state, row.is_uncertain) == ("sending", True)
    assert list(Message.objects.needs_attention(timezone.now())) == [row]
    relay.behave()
    assert operations.send_next(timezone.now() + timedelta(days=3)) is None
    assert relay.copies() == {row.message_id: 1}


@pytest.mark.parametrize("moment", ["connect", "EHLO", "MAIL", "RCPT", "DATA"])
def test_a_server_that_thinks_too_long_before_is_tried_again(queue, relay, settings, moment):
    settings.EMAIL_TIMEOUT = 0.4
    relay.answer(moment, wait=5)
    began = time.monotonic()
    row = attempt(queue)
    assert time.monotonic() - began < 4  # the time-out ended it, not the server
    assert (row.state, relay.accepted) == ("queued", [])


def test_a_server_without_tls_gets_no_mail_in_clear(queue, relay, settings):
    settings.EMAIL_USE_TLS = True
    row = attempt(queue)
    assert (row.state, relay.accepted) == ("queued", [])
    assert "STARTTLS" in row.last_error


def test_a_server_that_refuses_tls_gets_no_mail_in_clear(queue, relay, settings):
    settings.EMAIL_USE_TLS = True
    relay.answer("STARTTLS", "454 4.7.0 No certificate today")
    row = attempt(queue)
    assert (row.state, relay.accepted, relay.seen["MAIL"]) == ("queued", [], 0)


def test_nobody_listens(queue, relay):
    relay.stop()
    row = attempt(queue)
    assert (row.state, row.attempts) == ("queued", 1)
    assert "ConnectionRefusedError" in row.last_error
    relay.start()
    operations.send_next(timezone.now() + timedelta(minutes=2))
    assert relay.copies() == {row.message_id: 1}


def test_one_refused_address_holds_up_no_other(queue, relay):
    relay.answer("RCPT", "550 5.1.1 No such mailbox", to="delegate.2@sample.example")
    relay.answer("content", "451 4.3.0 Later", to="delegate.3@sample.example", times=1)
    for number in range(1, 5):
        queue(number)
    while operations.send_next():
        pass
    assert list(Message.objects.order_by("pk").values_list("state", flat=True)) == ["sent", "failed", "queued", "sent"]
    assert [each.to for each in relay.accepted] == ["delegate.1@sample.example", "delegate.4@sample.example"]


def test_the_worker_keeps_its_line_over_several_messages(queue, relay):
    for number in range(1, 6):
        queue(number)
    call_command("send_mail", stdout=io.StringIO())
    assert len(relay.accepted) == 5
    assert relay.seen["connect"] == 1
    assert relay.lines == set()


def test_a_line_has_an_end(queue, relay, monkeypatch):
    monkeypatch.setattr(lines, "MOST_MESSAGES", 2)
    for number in range(1, 6):
        queue(number)
    call_command("send_mail", stdout=io.StringIO())
    assert (len(relay.accepted), relay.seen["connect"]) == (5, 3)


@pytest.mark.parametrize("closing", [CUT, "421 4.4.2 You have been here long enough"])
@pytest.mark.parametrize("moment", ["MAIL", "RCPT"])
def test_a_server_that_ends_a_kept_line_loses_no_time_and_no_message(queue, relay, moment, closing):
    """The second message meets the closed line, and goes over a new one at once."""
    rows = [queue(number) for number in (1, 2, 3)]
    relay.answer(moment, closing, times=1, after=1)
    call_command("send_mail", stdout=io.StringIO())
    assert relay.copies() == {row.message_id: 1 for row in rows}
    assert set(Message.objects.values_list("state", "attempts")) == {("sent", 1)}
    assert relay.seen["connect"] == 2


def test_a_kept_line_that_breaks_after_the_text_is_no_reason_to_send_twice(queue, relay):
    rows = [queue(number) for number in (1, 2, 3)]
    relay.answer("content", CUT, times=1, after=1)
    call_command("send_mail", stdout=io.StringIO())
    assert list(Message.objects.order_by("pk").values_list("state", flat=True)) == ["sent", "sending", "sent"]
    assert relay.copies() == {row.message_id: 1 for row in rows}


def test_a_server_that_went_away_between_two_messages_is_tried_again_later(queue, relay):
    queue(1), queue(2)
    with lines.Line() as line:
        operations.send_next(line=line)
        relay.stop()
        operations.send_next(line=line)
    assert list(Message.objects.order_by("pk").values_list("state", flat=True)) == ["sent", "queued"]
    relay.start()
    operations.send_next(timezone.now() + timedelta(minutes=2))
    assert len(relay.accepted) == 2
