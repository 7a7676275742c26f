"""Kill -9 of the mail worker, fifty times amid 1,000 messages: ``python -m tests.drills.kill_worker``.

The worker sends to a real mail server on this machine, and is killed at random moments; another one goes on at once.
Held means: the server accepted no message twice; each message is sent, or is the one that a killed worker had in hand,
at most one a kill, marked as uncertain and left alone; and once a person has decided on those (left those that had
arrived, sent the others again), each of the 1,000 was accepted exactly once. DRILL_SEED repeats a run as far as the
machine allows; without it the kills fall at other moments each time.
"""

from __future__ import annotations

import os
import random
import secrets
import signal
import sys
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.drills._server import run_work_on_both_databases
from tests.drills._workers import Nursery
from tests.mail_server import MailServer

if TYPE_CHECKING:
    from icoca_portal.outbox.models import Message

MESSAGES = 1000
KILLS = 50
#: A kill falls up to so many seconds after its moment: a message takes a few milliseconds.
JITTER = 0.02
PATIENCE = 60


def wait_for(server: MailServer, count: int) -> None:
    """Wait until the server has accepted so many messages."""
    until = time.monotonic() + PATIENCE
    while len(server.accepted) < count:
        assert time.monotonic() < until, f"the worker stopped after {len(server.accepted)} messages"
        time.sleep(0.0005)


def kill_at(server: MailServer, workers: Nursery, dice: random.Random) -> int:
    """Send while workers are killed. Returns the most messages that one kill made uncertain."""
    from icoca_portal.outbox.models import Message

    most = before = 0
    for moment in sorted(dice.sample(range(MESSAGES * 19 // 20), KILLS)):
        worker = workers.start()
        wait_for(server, moment)
        time.sleep(dice.uniform(0, JITTER))
        assert workers.kill(worker) == signal.SIGKILL, "a worker ended before it was killed"
        uncertain = Message.objects.filter(state="sending").count()
        most, before = max(most, uncertain - before), uncertain
    assert workers.wait(workers.start()) == 0, "the last worker failed"
    return most


def decide(uncertain: list[Message], server: MailServer) -> tuple[int, int]:
    """What a person does, who can ask the recipients. Returns how many were left, and how many sent again."""
    from icoca_portal.outbox import operations
    from members.models import User

    secretary, copies = User(email="secretary@sample.example"), server.copies()
    arrived = [message for message in uncertain if copies[message.message_id]]
    lost = [message for message in uncertain if not copies[message.message_id]]
    for message in arrived:
        operations.settle_message(message, by=secretary)
    for message in lost:
        operations.retry_message(message, by=secretary)
    return len(arrived), len(lost)


def drill() -> None:
    """Queue, kill, look, decide, look again."""
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.utils import timezone

    from icoca_portal.outbox import operations
    from icoca_portal.outbox.models import Message

    began = time.monotonic()
    call_command("migrate", "outbox", interactive=False, verbosity=0)
    seed = int(os.environ.get("DRILL_SEED") or secrets.randbelow(10**6))
    dice = random.Random(seed)
    with transaction.atomic():
        operations.queue_messages(
            operations.Letter(
                key=f"drill:{number}",
                to=f"delegate.{number}@sample.example",
                name=f"Sample Delegate {number}",
                subject=f"Sample message {number}",
                text=f"Text of message {number}.",
            )
            for number in range(MESSAGES)
        )
    ids = set(Message.objects.values_list("message_id", flat=True))
    with MailServer() as server, Nursery(server.port) as workers:
        server.answer("content", wait=0.003)  # an answer takes its time, so that kills fall before it, too
        most = kill_at(server, workers, dice)
        server.behave()

        copies = server.copies()
        assert set(copies) <= ids
        assert not (twice := [each for each, count in copies.items() if count > 1]), f"accepted twice: {twice}"
        states = dict(Message.objects.values_list("message_id", "state"))
        assert set(states.values()) <= {"sent", "sending"}, f"not sent: {set(states.values())}"
        assert not (lost := [each for each, state in states.items() if state == "sent" and each not in copies]), (
            f"said to be sent and never accepted: {lost}"
        )
        uncertain = list(Message.objects.filter(state="sending"))
        assert most <= 1, f"one kill left {most} messages uncertain"
        assert uncertain, "no kill hit a message in hand: the drill showed nothing"

        # Nobody sends them by himself, and after ten minutes they wait where a person sees them.
        assert operations.send_next(timezone.now() + timedelta(days=3)) is None
        for message in uncertain:
            assert message.taken_at
            Message.objects.filter(pk=message.pk).update(taken_at=message.taken_at - timedelta(minutes=11))
        assert set(Message.objects.needs_attention(timezone.now())) == set(uncertain)
        arrived, again = decide(uncertain, server)
        assert workers.wait(workers.start()) == 0, "the last worker failed"
        copies = server.copies()
        assert copies == dict.fromkeys(ids, 1), "after the decisions, some message was not accepted exactly once"
        assert not Message.objects.needs_attention(timezone.now()).exists()
    print(
        f"{connection.vendor}: seed {seed}, {KILLS} kills, {MESSAGES} messages each accepted once, "
        f"{len(uncertain)} uncertain ({arrived} had arrived, {again} had not), {time.monotonic() - began:.0f} s"
    )


if __name__ == "__main__":
    sys.exit(run_work_on_both_databases(__name__, drill))
