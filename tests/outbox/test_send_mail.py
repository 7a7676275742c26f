"""The worker: all that is due, many at once, told to stop, without a database, killed."""

import io
import json
import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import OperationalError, connection, connections
from django.utils import timezone

from icoca_portal.outbox import operations
from icoca_portal.outbox.management.commands import send_mail
from icoca_portal.outbox.models import Message

ROOT = Path(__file__).parents[2]


@pytest.mark.django_db
def test_it_sends_what_is_due_and_ends(queue, server):
    queue(1), queue(2)
    Message.objects.filter(pk=queue(3).pk).update(next_attempt_at=timezone.now() + timedelta(hours=1))
    said = io.StringIO()
    call_command("send_mail", stdout=said)
    assert said.getvalue() == "2 sent\n"
    assert [email.subject for email in mail.outbox] == ["Sample message 1", "Sample message 2"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_finishes_the_message_in_hand(queue, server, number):
    queue(1), queue(2)
    before = signal.getsignal(number)
    server.on_send = lambda _email: os.kill(os.getpid(), number)
    call_command("send_mail", loop=True)
    assert list(Message.objects.order_by("pk").values_list("state", flat=True)) == ["sent", "queued"]
    assert signal.getsignal(number) is before


@pytest.mark.django_db(transaction=True)
def test_the_loop_looks_again_and_again(queue, server, monkeypatch):
    """Every pause of this loop brings a new message; at the third it is told to stop."""
    pauses = []

    def pause(seconds):
        pauses.append(seconds)
        if len(pauses) == 3:
            os.kill(os.getpid(), signal.SIGTERM)
        queue(len(pauses))

    # The worker's own time: the database's driver asks the machine's, as often as it likes.
    hours = SimpleNamespace(sleep=pause, monotonic=iter(range(1000)).__next__)
    monkeypatch.setattr(send_mail, "time", hours)
    call_command("send_mail", loop=True, interval=1.5)
    assert len(mail.outbox) == 2
    assert set(pauses) == {send_mail.NAP}


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_is_said_once_and_survived(queue, server, monkeypatch, caplog):
    queue(1)
    send_next, calls = operations.send_next, []

    def away_three_times(**_line):
        calls.append(1)
        if len(calls) <= 3:
            raise OperationalError("server closed the connection")
        if len(calls) == 5:
            os.kill(os.getpid(), signal.SIGTERM)
        return send_next()

    monkeypatch.setattr(operations, "send_next", away_three_times)
    call_command("send_mail", loop=True, interval=0)
    assert [email.subject for email in mail.outbox] == ["Sample message 1"]
    assert [record.levelname for record in caplog.records if "cannot be reached" in record.message] == ["WARNING"]


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_send_every_message_once(queue, server):
    for number in range(24):
        queue(number)
    begin, failures = threading.Barrier(4), []

    def work():
        try:
            begin.wait()
            while operations.send_next():
                pass
        except Exception as error:  # so that the test, not the thread, fails
            failures.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []
    assert sorted(email.subject for email in mail.outbox) == sorted(f"Sample message {number}" for number in range(24))
    assert set(Message.objects.values_list("state", "attempts")) == {("sent", 1)}


@pytest.mark.django_db(transaction=True)
def test_killed_in_mid_run_it_leaves_one_uncertain_message_and_sends_none_twice(queue, server):
    rows = [queue(number) for number in range(5)]
    database = {key: connection.settings_dict[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.outbox.killed_worker", json.dumps(database, default=str)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with worker:
        accepted = [worker.stdout.readline().split()[-1], worker.stdout.readline().split()[-1]]
        worker.kill()
    assert worker.returncode == -signal.SIGKILL
    assert accepted == [rows[0].message_id, rows[1].message_id]
    assert list(Message.objects.order_by("pk").values_list("state", flat=True)) == ["sent", "sending", *["queued"] * 3]

    call_command("send_mail", stdout=io.StringIO())
    delivered = accepted + [email.extra_headers["Message-ID"] for email in mail.outbox]
    assert sorted(delivered) == sorted(row.message_id for row in rows)

    # Days later still nobody sends it by itself, and it waits where a person sees it.
    assert operations.send_next(timezone.now() + timedelta(days=3)) is None
    assert list(Message.objects.needs_attention(timezone.now() + timedelta(minutes=11))) == [rows[1]]
