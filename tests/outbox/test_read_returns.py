"""The mailbox of returned mail: what is believed, what stays for a person, and that nothing is lost or noted twice."""

import logging
import os
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from icoca_portal.lib import clock
from icoca_portal.outbox import mailboxes, operations, returned_mail
from icoca_portal.outbox.mailboxes import Address
from icoca_portal.outbox.models import Message
from icoca_portal.outbox.returned_mail import Outcome, Reader, handle_mail, read_mailbox
from icoca_portal.outbox.returning import return_address_of
from tests.outbox.test_reports import ANSWER, nested, sample

pytestmark = pytest.mark.django_db

NOWHERE = "group@portal.example"


@pytest.fixture(autouse=True)
def return_address(settings):
    settings.MAIL_RETURN_ADDRESS = "bounces@portal.example"


@pytest.fixture
def maildir(tmp_path, settings):
    """An empty maildir, which the portal reads."""
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    settings.RETURN_MAILBOX_URL = f"maildir://{tmp_path}"
    return tmp_path


def about(message, name="postfix", **changes):
    values = {"verp": return_address_of(message), "message_id": message.message_id, "to": message.recipient}
    return sample(name, **{**values, **changes})


def state_of(message):
    message.refresh_from_db()
    return message.state


def put(maildir, *mails, age=0):
    for number, raw in enumerate(mails):
        path = maildir / "new" / f"{1000 + len(list((maildir / 'new').iterdir()))}.{number}.mail"
        path.write_bytes(raw)
        moment = timezone.now().timestamp() - age
        os.utime(path, (moment, moment))


def lying(folder):
    return sorted(path.name for place in ("new", "cur") for path in (folder / place).iterdir())


# What is believed


@pytest.mark.parametrize("name", ["postfix", "exim", "exchange", "gmail", "qmail", "given-up"])
def test_a_report_to_the_return_address_marks_its_message(sent, name):
    assert handle_mail(about(sent, name, message_id="<of@nobody.example>"), timezone.now()) is Outcome.HANDLED
    assert state_of(sent) == "returned"
    assert sent.returned_code.startswith(("5.", "4."))


def test_a_report_with_our_message_id_and_recipient_marks_its_message(sent):
    assert handle_mail(about(sent, verp=NOWHERE), timezone.now()) is Outcome.HANDLED
    assert state_of(sent) == "returned"
    assert sent.returned_why == "550 5.1.1 Nobody of this name here"


def test_a_mailbox_that_passes_its_mail_on_is_known_by_the_return_address(sent):
    raw = about(sent).replace(f"rfc822; {sent.recipient}".encode(), b"rfc822; other@elsewhere.example")
    raw = raw.replace(f"rfc822;{sent.recipient}".encode(), b"rfc822;other@elsewhere.example")
    assert handle_mail(raw, timezone.now()) is Outcome.HANDLED
    assert state_of(sent) == "returned"


def test_a_delay_is_noted_and_nothing_waits(sent):
    assert handle_mail(about(sent, "delayed"), timezone.now()) is Outcome.HANDLED
    assert state_of(sent) == "sent"
    assert "Delayed 4.4.1" in sent.last_error


@pytest.mark.parametrize(
    "forged",
    [
        {"verp": NOWHERE, "message_id": "<made-up@portal.example>"},
        {"verp": NOWHERE, "to": "stranger@sample.example"},
        {"verp": "bounces+{pk}.aaaaaaaaaaaa@portal.example", "message_id": "<made-up@portal.example>"},
    ],
    ids=["an id never sent", "another recipient", "a signature made up"],
)
@pytest.mark.parametrize("name", ["postfix", "exim", "qmail"])
def test_a_forged_report_marks_nothing_and_stays_for_a_person(sent, forged, name):
    forged = {key: value.replace("{pk}", str(sent.pk)) for key, value in forged.items()}
    assert handle_mail(about(sent, name, **forged), timezone.now()) is Outcome.LEFT
    assert state_of(sent) == "sent"


@pytest.mark.parametrize("text", ["We shall come with two delegates.", "It says 550 5.1.1 user unknown"])
def test_an_answer_to_the_return_address_changes_nothing(sent, text):
    raw = ANSWER.format(more=f"In-Reply-To: {sent.message_id}", text=text).replace(
        "bounces+17.abcdefghijkl@portal.example", return_address_of(sent)
    )
    assert handle_mail(raw.encode(), timezone.now()) is Outcome.LEFT
    assert state_of(sent) == "sent"


def test_a_late_report_of_the_former_address_does_not_mark_the_new_one(sent, secretary):
    late = about(sent)
    handle_mail(late, timezone.now())
    operations.retry_message(sent, by=secretary, to="delegate.new@sample.example")
    operations.send_next()
    assert handle_mail(late, timezone.now() + timedelta(hours=1)) is Outcome.LEFT
    assert state_of(sent) == "sent"


# The mailbox


def test_what_is_read_is_put_away_and_what_is_not_ours_stays(sent, maildir):
    put(maildir, about(sent), ANSWER.format(more="", text="We shall come.").encode(), nested(60))
    counts = read_mailbox(f"maildir://{maildir}")
    assert dict(counts) == {Outcome.HANDLED: 1, Outcome.LEFT: 1, Outcome.UNREADABLE: 1}
    assert len(lying(maildir / ".Handled")) == len(lying(maildir / ".Unreadable")) == 1
    (answer,) = (maildir / "cur").iterdir()
    assert answer.name.endswith(":2,F")
    assert b"We shall come." in answer.read_bytes()
    assert sum(read_mailbox(f"maildir://{maildir}").values()) == 0
    answer.rename(answer.with_name(answer.name.removesuffix("F")))  # the flag taken away: to be read again
    assert dict(read_mailbox(f"maildir://{maildir}")) == {Outcome.LEFT: 1}


def test_killed_between_the_note_and_the_move_it_is_found_again_and_noted_once(sent, maildir, monkeypatch):
    put(maildir, about(sent), age=60)

    def die(*_arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(mailboxes.Maildir, "put_away", die)
        with pytest.raises(KeyboardInterrupt):
            read_mailbox(f"maildir://{maildir}")
    first = Message.objects.get()
    assert first.state == "returned"
    assert dict(read_mailbox(f"maildir://{maildir}")) == {Outcome.HANDLED: 1}
    again = Message.objects.get()
    assert (again.state, again.returned_at, again.returned_why) == ("returned", first.returned_at, first.returned_why)
    assert lying(maildir) == []


def test_a_report_that_lay_in_the_mailbox_before_a_message_was_sent_again_is_the_former_copys(sent, maildir, secretary):
    put(maildir, about(sent), age=60)
    operations.record_return(sent, code="5.1.1", why="told by the provider", returned_at=timezone.now())
    operations.retry_message(sent, by=secretary)
    operations.send_next()
    assert dict(read_mailbox(f"maildir://{maildir}")) == {Outcome.HANDLED: 1}
    assert state_of(sent) == "sent"


def test_when_the_database_fails_the_mail_stays_where_it_is(sent, maildir, monkeypatch):
    put(maildir, about(sent))

    def fail(*_arguments, **_named):
        raise OperationalError("gone")

    with monkeypatch.context() as patched:
        patched.setattr(operations, "record_return", fail)
        with pytest.raises(OperationalError):
            read_mailbox(f"maildir://{maildir}")
    assert len(lying(maildir)) == 1
    assert dict(read_mailbox(f"maildir://{maildir}")) == {Outcome.HANDLED: 1}


def test_a_fault_of_ours_in_one_mail_holds_up_no_other(sent, maildir, monkeypatch):
    put(maildir, about(sent), about(sent))
    noted = operations.record_return
    faults = iter([RuntimeError("a fault")])

    def sometimes(*arguments, **named):
        for fault in faults:
            raise fault
        return noted(*arguments, **named)

    monkeypatch.setattr(operations, "record_return", sometimes)
    assert dict(read_mailbox(f"maildir://{maildir}")) == {Outcome.UNREADABLE: 1, Outcome.HANDLED: 1}


def test_the_command_says_what_became_of_the_mails(sent, maildir, capsys):
    put(maildir, about(sent))
    call_command("read_returns")
    assert capsys.readouterr().out == "1 handled, 0 left for a person, 0 unreadable\n"


@pytest.mark.parametrize("url", ["", "maildir:///nowhere/at/all", "imap://user:the-password@127.0.0.1:9/"])
def test_the_command_says_what_is_wrong_and_keeps_the_password(settings, url):
    settings.RETURN_MAILBOX_URL = url
    with pytest.raises(CommandError) as refusal:
        call_command("read_returns")
    assert "the-password" not in str(refusal.value)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("pop3://user:word@host", "it begins with imaps://"),
        ("imaps://host/INBOX", "it names a host, a user and a password"),
        ("imaps://user:word@host:port/", "not readable"),
        ("maildir://relative/path", "three slashes"),
    ],
)
def test_an_address_that_is_not_one_is_refused_in_words(url, said):
    with pytest.raises(ValueError, match=said) as refusal:
        Address.of(url)
    assert ":word" not in str(refusal.value)


def test_the_parts_of_an_address():
    address = Address.of("imaps://re%40turns:p%2Fw%3A@mail.portal.example/INBOX/Returns")
    assert (address.host, address.port, address.user) == ("mail.portal.example", 993, "re@turns")
    assert (address.password, address.folder) == ("p/w:", "INBOX/Returns")
    assert "p/w:" not in repr(address)


# By the clock


@pytest.mark.django_db(transaction=True)
def test_the_clock_reads_every_five_minutes_and_rests_longer_after_each_failure(queue, server, maildir, caplog):
    queue(1)
    sent = operations.send_next()
    reader, now = Reader(), datetime(2026, 11, 26, 9, tzinfo=UTC)

    def read_at(minutes):
        reader.read_when_due(now + timedelta(minutes=minutes))
        reader.wait()
        return len(lying(maildir))

    put(maildir, about(sent))
    assert read_at(0) == 0
    assert state_of(sent) == "returned"
    put(maildir, about(sent))
    assert [read_at(4), read_at(5)] == [1, 0]

    (maildir / "new").rename(maildir / "gone")
    with caplog.at_level(logging.WARNING, logger=returned_mail.logger.name):
        for minutes in range(10, 40):
            reader.read_when_due(now + timedelta(minutes=minutes))
            reader.wait()
    pauses = [record.args[0] for record in caplog.records if record.name == returned_mail.logger.name]
    assert pauses == [5, 10, 20]
    (maildir / "gone").rename(maildir / "new")
    put(maildir, about(sent))
    assert [read_at(44), read_at(45)] == [1, 0]


def test_a_mailbox_that_hangs_holds_up_neither_the_clock_nor_the_next_reading(settings, monkeypatch, maildir):
    readings, begun, let_go = [], threading.Event(), threading.Event()

    def hang(url):
        readings.append(url)
        begun.set()
        let_go.wait()
        return Counter()

    monkeypatch.setattr(returned_mail, "PATIENCE", 0)
    monkeypatch.setattr(returned_mail, "read_mailbox", hang)
    reader = Reader()
    reader.read_when_due(timezone.now())
    begun.wait()
    reader.read_when_due(timezone.now() + timedelta(hours=1))
    assert readings == [settings.RETURN_MAILBOX_URL]
    let_go.set()
    reader.wait()


def test_without_a_mailbox_nothing_is_read(monkeypatch):
    monkeypatch.setattr(returned_mail, "read_mailbox", lambda url: pytest.fail("there is no mailbox"))
    assert clock.run_due()["returned mail"]
